//! Where a scan's output goes. The NIF, the index, tests and benches implement it.

use std::sync::Arc;

use crate::slab::{Builder, Groups, Metadata};
use crate::{Error, Identity, MountIdentity, Progress, RootPath, Scan, Summary};

/// Receives what a scan finds.
///
/// All calls but [`Sink::pack`] and [`Sink::admit`] are made under the scan's ordering lock, one at a time, and must
/// return within microseconds. `opened` comes first, once. After `opened(Err)` nothing follows; otherwise `completed`
/// comes last, once. A scan cancelled before its root was opened goes straight to `completed`.
pub trait Sink: Send + Sync + 'static {
    /// Asks whether the root may be scanned, and what an index keeps of each entry besides [`Groups::INDEXED`]; before
    /// `opened`, and only for scans with evidence. Called without any lock.
    /// The scan goes on, on any thread of the pool, when [`Scan::admitted`] is called, from here or later; until then
    /// no thread waits for it.
    fn admit(&self, scan: &Arc<Scan>, _found: &Admission) {
        scan.admitted(Ok(Groups::empty()));
    }
    /// The start was opened, or could not be.
    fn opened(&self, result: Result<Identity, &Error>);
    /// Packs a full slab into a message: `slab.encode_into` fills the bytes. Runs outside the ordering lock. With
    /// `again` the slab holds directories that were read once more, for the index only: the receiver does not get it,
    /// and it has no sequence number.
    fn pack(&self, slab: &Builder, again: bool) -> Box<dyn Packed>;
    /// Demand is used up.
    fn passive(&self);
    /// Reports progress, at most ten times a second, if the options ask for it.
    fn progress(&self, progress: &Progress);
    /// The scan has ended.
    fn completed(&self, summary: &Summary);
}

/// What an index is asked to admit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Admission {
    /// The root's identity across reboots.
    pub root: MountIdentity,
    /// The root's identity in this boot: device and inode.
    pub identity: Identity,
    /// The root's path.
    pub path: RootPath,
    /// Mount points from below the root down to and including the start: path and identity.
    pub way: Vec<(Vec<u8>, MountIdentity)>,
    /// The root's device, as entries of a slab have it.
    pub device: u32,
    /// Where another device begins on that way: path, device and identity.
    pub devices: Vec<(Vec<u8>, u32, MountIdentity)>,
    /// Attributes of the root's own directory, as far as the scan may read them of entries.
    pub root_metadata: Metadata,
}

/// A packed slab that waits to be sent.
pub trait Packed: Send {
    /// Its length in bytes.
    fn size(&self) -> usize;
    /// Writes the sequence number into the header (`slab::set_sequence`) and sends it.
    fn send(self: Box<Self>, sequence: u32);
}
