//! Where a scan's output goes. The NIF, an index, tests and benches are sinks.

use std::sync::Arc;

use crate::slab::Builder;
use crate::{Error, Identity, MountIdentity, Progress, RootPath, Scan, Summary};

/// Receives what a scan finds.
///
/// All calls but [`Sink::pack`] are made under the scan's ordering lock, one at a time, and must return in
/// microseconds. `opened` comes first and once; after `opened(Err)` nothing follows; else `completed` comes last and once.
/// A scan that is cancelled before its root was opened goes straight to `completed`.
pub trait Sink: Send + Sync + 'static {
    /// What the root is, before `opened`; for scans with evidence alone. Without any lock. The scan goes on, on whatever
    /// thread of the pool, when [`Scan::admitted`] is called, from here or later; until then none waits for it.
    fn admit(&self, scan: &Arc<Scan>, _found: &Admission) {
        scan.admitted(Ok(()));
    }
    /// The start was opened, or could not be.
    fn opened(&self, result: Result<Identity, &Error>);
    /// Makes a message of a full slab: `slab.encode_into` fills the bytes. Runs outside the ordering lock. A slab `again`
    /// is of directories that were read once more, for an index alone: the receiver does not get it, and it has no
    /// place in the sequence.
    fn pack(&self, slab: &Builder, again: bool) -> Box<dyn Packed>;
    /// Demand is used up.
    fn passive(&self);
    /// At most ten times a second, if asked for.
    fn progress(&self, progress: &Progress);
    /// The end.
    fn completed(&self, summary: &Summary);
}

/// What an index is asked to take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Admission {
    /// What lies at the root.
    pub root: MountIdentity,
    /// The root as the process knows it.
    pub identity: Identity,
    /// Where the root lies.
    pub path: RootPath,
    /// Mount points between the root and the directory where the scan starts, that one included: path and identity.
    pub way: Vec<(Vec<u8>, MountIdentity)>,
}

/// A packed slab that waits for its turn.
pub trait Packed: Send {
    /// Its length in bytes.
    fn size(&self) -> usize;
    /// Writes the sequence number into the header (`slab::set_sequence`) and sends it.
    fn send(self: Box<Self>, sequence: u32);
}
