//! A sink that writes a scan into an index, around the sink of the scan's receiver. The receiver
//! gets what it would get without an index; the scan has ended when the last of it is written.

mod deadline;
mod ending;
mod other_roots;
mod writing;

use std::sync::{Arc, Weak};

use aether_core::slab::Builder;
use aether_core::{
    Admission, Demand, Identity, Options, Packed, Progress, Scan, Sink, Status, Summary,
};
use parking_lot::Mutex;

use self::ending::Ending;
use self::writing::Writing;
use crate::batch::Batch;
use crate::error::Error;
use crate::owner::Owner;
use crate::writer::{Index, ScanCounts, ScanSpec};

/// How many slabs of one scan may be on their way to the writer:
/// [`aether_core::Options::evidence`].
const CREDIT: u64 = 32;

/// Gets the index of a scan, if it is open. Kept until the scan is written, so that the index stays
/// open; then dropped, on any thread.
pub type IndexRef = Box<dyn Fn() -> Result<Arc<Index>, Error> + Send>;

/// The sink of the receiver.
///
/// With an index, [`Sink::completed`] is called when the last commit is in, on the writer's thread
/// or another, and not under the scan's ordering lock; still after everything else.
pub trait Receiver: Sink {
    /// [`Sink::progress`] of a scan that the writer has taken up.
    fn written_progress(&self, progress: &Progress, written: Written);
}

/// How much of a scan is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Written {
    /// Entries written.
    pub entries: u64,
    /// Entries expected in all, where that is known.
    pub expected: Option<u64>,
}

/// What a receiver gets besides the end of the scan.
#[derive(Clone, Copy, Debug)]
pub struct Receives {
    /// Slabs.
    pub slabs: bool,
    /// Progress.
    pub progress: bool,
}

impl Receives {
    /// Makes these the options of a scan into an index. Returns what its receiver gets: what the
    /// options say, with or without slabs.
    pub fn prepare(options: &mut Options, slabs: bool) -> Receives {
        options.evidence = Some(CREDIT);
        if !slabs {
            options.demand = Demand::Unlimited;
        }
        // Other processes see the progress of every scan into an index.
        let progress = std::mem::replace(&mut options.progress, true);
        Receives { slabs, progress }
    }
}

/// Passes a scan to its receiver and to an index.
pub struct IndexSink<R> {
    receiver: Arc<R>,
    receives: Receives,
    /// Dropped when nothing is left to write: the handle of an ended scan may live much longer, and
    /// must not keep the index open.
    index: Mutex<Option<IndexRef>>,
    /// Taken when the scan begins.
    spec: Mutex<Option<ScanSpec>>,
    writing: Arc<Writing>,
}

impl<R: Receiver> IndexSink<R> {
    /// A sink for a scan that is written as `spec` says; what is at its root is found out later.
    pub fn new(
        receiver: R,
        receives: Receives,
        index: IndexRef,
        spec: ScanSpec,
        scan: &Weak<Scan>,
    ) -> IndexSink<R> {
        IndexSink {
            receiver: Arc::new(receiver),
            receives,
            index: Mutex::new(Some(index)),
            spec: Mutex::new(Some(spec)),
            writing: Arc::new(Writing::new(scan)),
        }
    }

    fn begin(&self, mut spec: ScanSpec, found: &Admission) -> Result<(), Error> {
        let index = match &*self.index.lock() {
            Some(index) => index()?,
            None => return Err(writing::closed()),
        };
        let root = found.root;
        let called = std::mem::replace(&mut spec.root, found.path.path.clone());
        spec.others = other_roots::look_at(index.roots_like(&spec.root, &root), found.identity);
        spec.called = Some(called);
        spec.root_identity = Some(root);
        spec.real_root = Some(found.path.real.clone());
        let ancestors = found.way.iter();
        spec.way = ancestors
            .map(|(path, mount)| (path.clone(), *mount))
            .collect();
        spec.root_disk = Some(found.root_metadata.disk);
        spec.root_owner = Some(Owner::from(&found.root_metadata));
        spec.root_device = found.device;
        spec.devices = found.devices.clone();
        Writing::begin(&self.writing, &index, spec);
        Ok(())
    }
}

impl<R: Receiver> Sink for IndexSink<R> {
    fn admit(&self, scan: &Arc<Scan>, found: &Admission) {
        let Some(spec) = self.spec.lock().take() else {
            return;
        };
        if let Err(error) = self.begin(spec, found) {
            scan.admitted(Err(scan_error(&error)));
        }
    }

    fn opened(&self, result: Result<Identity, &aether_core::Error>) {
        self.receiver.opened(result);
        if result.is_err() {
            // Nothing follows.
            drop(self.index.lock().take());
        }
    }

    fn pack(&self, slab: &Builder, again: bool) -> Box<dyn Packed> {
        let to_receiver = self.receives.slabs && !again;
        Box::new(TeeSlab {
            packed: to_receiver.then(|| self.receiver.pack(slab, again)),
            batch: batch(slab),
            writing: Arc::clone(&self.writing),
        })
    }

    fn passive(&self) {
        self.receiver.passive();
    }

    fn progress(&self, progress: &Progress) {
        self.writing.report(progress);
        if !self.receives.progress {
            return;
        }
        match self.writing.written() {
            Some(written) => self.receiver.written_progress(progress, written),
            None => self.receiver.progress(progress),
        }
    }

    fn completed(&self, summary: &Summary) {
        let writer = self.writing.end();
        let index = self.index.lock().take();
        let Some(writer) = writer else {
            self.receiver.completed(summary);
            return;
        };
        let is_refused = self.writing.is_refused();
        let is_cancelled = summary.status == Status::Cancelled && !is_refused;
        let receiver = Arc::clone(&self.receiver);
        let ending = Ending::new(receiver, summary.clone(), is_refused, index);
        if is_cancelled {
            writer.cancel();
            // The writer may be busy with another scan, or waiting for a disk. A cancelled scan
            // does not wait for that.
            deadline::drop_later(ending.clone());
        }
        let counts = ScanCounts::new(&summary.counts, summary.errors.count);
        writer.end_with(summary.status, counts, move |ended| ending.answer(ended));
    }
}

/// A slab for the receiver, and the same for the writer.
struct TeeSlab {
    packed: Option<Box<dyn Packed>>,
    batch: Batch,
    writing: Arc<Writing>,
}

impl Packed for TeeSlab {
    fn size(&self) -> usize {
        self.batch.slab.len() + self.packed.as_ref().map_or(0, |packed| packed.size())
    }

    fn send(self: Box<Self>, sequence: u32) {
        if let Some(packed) = self.packed {
            packed.send(sequence);
        }
        self.writing.push(self.batch);
    }
}

fn batch(slab: &Builder) -> Batch {
    let mut bytes = vec![0; slab.proven_len()];
    slab.encode_proven_into(&mut bytes);
    let evidence = slab.evidence().cloned().unwrap_or_default();
    Batch {
        slab: bytes,
        stamps: evidence.stamps,
        mounts: evidence.mounts,
        devices: evidence.devices,
        subvolumes: evidence.subvolumes,
    }
}

/// An error of the index as one of the scan.
pub fn scan_error(error: &Error) -> aether_core::Error {
    use crate::error::Reason;
    use aether_core::{Operation, Reason as ScanReason};
    let reason = match error.reason {
        Reason::RootChanged => ScanReason::RootChanged,
        Reason::Errno(number) => ScanReason::Errno(number),
        other => ScanReason::Index(other.name()),
    };
    aether_core::Error {
        detail: error.detail.clone(),
        ..aether_core::Error::new(reason, Operation::Index, &error.path)
    }
}
