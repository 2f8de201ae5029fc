//! The sink of a scan with an index: what goes to the receiver goes to the index's writer too, and the scan has ended when
//! the last of it is written.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Weak};

use aether_core::slab::Builder;
use aether_core::{
    Admission, Error, Identity, Operation, Packed, Progress, Reason, Scan, Sink, Status, Summary,
};
use aether_index::{
    Batch, Index, MountIdentity, Persisted, PushError, ScanCounts, ScanSpec, ScanWriter,
};
use parking_lot::Mutex;

use crate::deadline;
use crate::index::{Cell, Held};
use crate::send::MailboxSink;

/// Slabs of one scan that may be on their way to the writer.
pub const CREDIT: u64 = 32;

/// What the receiver and the index get.
pub struct IndexedSink {
    mailbox: Arc<MailboxSink>,
    /// Whether the receiver gets slabs.
    slabs: bool,
    /// For as long as the scan has something to write: the term of one that has ended may be around for long, and must not keep
    /// the index open.
    cell: Mutex<Held>,
    /// Taken when the scan begins.
    spec: Mutex<Option<ScanSpec>>,
    shared: Arc<Shared>,
}

impl Held {
    fn with(&self, act: impl FnOnce(&Index)) -> Result<(), aether_index::Error> {
        match &self.0 {
            Some(cell) => cell.with(act),
            None => Err(closed()),
        }
    }
}

struct Shared {
    scan: Weak<Scan>,
    /// From the beginning to the end.
    writer: Mutex<Option<ScanWriter>>,
    /// The writer takes no more.
    refused: AtomicBool,
    /// The writer has let go of the scan.
    let_go: AtomicBool,
    /// The walk has ended. Read and written under the lock of `writer`.
    is_over: AtomicBool,
}

impl Shared {
    /// The writer has taken it up, or not.
    fn admit(&self, begun: Result<ScanWriter, aether_index::Error>) {
        let answer = match begun {
            Ok(writer) => self.keep(writer),
            Err(error) => Err(translate(&error)),
        };
        if let Some(scan) = self.scan.upgrade() {
            scan.admitted(answer);
        }
    }

    fn keep(&self, writer: ScanWriter) -> Result<(), Error> {
        let mut held = self.writer.lock();
        if self.is_over.load(Ordering::Acquire) {
            // It was given up while the writer had no time for it.
            writer.cancel();
            writer.end_with(Status::Cancelled, ScanCounts::default(), drop);
            return Err(translate(&closed()));
        }
        *held = Some(writer);
        drop(held);
        if self.let_go.load(Ordering::Acquire) {
            self.refuse();
        }
        Ok(())
    }

    /// Ends the walk. The reason comes with the answer to the scan's end.
    fn refuse(&self) {
        if !self.refused.swap(true, Ordering::AcqRel)
            && let Some(scan) = self.scan.upgrade()
        {
            scan.give_up();
        }
    }
}

impl IndexedSink {
    /// A sink for a scan that is written as `spec` says.
    pub fn new(
        mailbox: MailboxSink,
        slabs: bool,
        cell: Arc<Cell>,
        spec: ScanSpec,
        scan: &Weak<Scan>,
    ) -> IndexedSink {
        IndexedSink {
            mailbox: Arc::new(mailbox),
            slabs,
            cell: Mutex::new(Held(Some(cell))),
            spec: Mutex::new(Some(spec)),
            shared: Arc::new(Shared {
                scan: Weak::clone(scan),
                writer: Mutex::default(),
                refused: AtomicBool::new(false),
                let_go: AtomicBool::new(false),
                is_over: AtomicBool::new(false),
            }),
        }
    }

    fn begin(&self, spec: ScanSpec) -> Result<(), aether_index::Error> {
        let crediting = Crediting(Arc::downgrade(&self.shared));
        let on_persisted = Box::new(move |persisted| crediting.credit(persisted));
        // A second hold: the scan may end while the writer is asked.
        let cell = self.cell.lock().clone();
        cell.with(|index| {
            let admitting = Admitting(Some(Arc::clone(&self.shared)));
            index.begin_with(spec, on_persisted, move |begun| admitting.answer(begun));
        })
    }
}

/// What the writer is to answer when it takes up a scan; that it is closed, if it never does.
struct Admitting(Option<Arc<Shared>>);

impl Admitting {
    fn answer(mut self, begun: Result<ScanWriter, aether_index::Error>) {
        if let Some(shared) = self.0.take() {
            shared.admit(begun);
        }
    }
}

impl Drop for Admitting {
    fn drop(&mut self) {
        if let Some(shared) = self.0.take() {
            shared.admit(Err(closed()));
        }
    }
}

/// What the writer holds of a scan, until it has ended it.
struct Crediting(Weak<Shared>);

impl Crediting {
    fn credit(&self, persisted: Persisted) {
        if let Some(scan) = self.0.upgrade().and_then(|shared| shared.scan.upgrade()) {
            scan.credit(persisted.batches.into());
        }
    }
}

impl Drop for Crediting {
    fn drop(&mut self) {
        // The index was closed meanwhile: batches on their way are lost, and with them what they would have let pass.
        if let Some(shared) = self.0.upgrade() {
            shared.let_go.store(true, Ordering::Release);
            if shared.writer.lock().is_some() {
                shared.refuse();
            }
        }
    }
}

fn closed() -> aether_index::Error {
    aether_index::Error::new(
        aether_index::Reason::Closed,
        aether_index::Operation::Scan,
        &[],
    )
}

/// An error of the index as one of the scan.
fn translate(error: &aether_index::Error) -> Error {
    let reason = match error.reason {
        aether_index::Reason::RootChanged => Reason::RootChanged,
        aether_index::Reason::Errno(number) => Reason::Errno(number),
        other => Reason::Index(other.name()),
    };
    Error {
        detail: error.detail.clone(),
        ..Error::new(reason, Operation::Index, &error.path)
    }
}

fn identity(found: aether_core::MountIdentity) -> MountIdentity {
    MountIdentity {
        inode: found.inode,
        birth: found.birth,
        fsid: found.file_system,
    }
}

impl Sink for IndexedSink {
    fn admit(&self, scan: &Arc<Scan>, found: &Admission) {
        let Some(mut spec) = self.spec.lock().take() else {
            return;
        };
        spec.root_identity = Some(identity(found.root));
        let way = found.way.iter();
        spec.way = way
            .map(|(path, mount)| (path.clone(), identity(*mount)))
            .collect();
        if let Err(error) = self.begin(spec) {
            scan.admitted(Err(translate(&error)));
        }
    }

    fn opened(&self, result: Result<Identity, &Error>) {
        self.mailbox.opened(result);
        if result.is_err() {
            // The last word.
            drop(std::mem::take(&mut *self.cell.lock()));
        }
    }

    fn pack(&self, slab: &Builder, again: bool) -> Box<dyn Packed> {
        let mut bytes = vec![0; slab.encoded_len()];
        slab.encode_proven_into(&mut bytes);
        let evidence = slab.evidence().cloned().unwrap_or_default();
        let mounts = evidence.mounts.into_iter();
        let batch = Batch {
            slab: bytes,
            stamps: evidence.stamps,
            mounts: mounts
                .map(|(record, mount)| (record, identity(mount)))
                .collect(),
        };
        let to_receiver = self.slabs && !again;
        Box::new(Both {
            letter: to_receiver.then(|| self.mailbox.pack(slab, again)),
            batch,
            shared: Arc::clone(&self.shared),
        })
    }

    fn passive(&self) {
        self.mailbox.passive();
    }

    fn progress(&self, progress: &Progress) {
        let writer = self.shared.writer.lock();
        match &*writer {
            Some(writer) => {
                let expected = writer.started().expected;
                self.mailbox
                    .report(progress, Some(writer.persisted()), expected);
            }
            None => self.mailbox.progress(progress),
        }
    }

    fn completed(&self, summary: &Summary) {
        let writer = {
            let mut held = self.shared.writer.lock();
            self.shared.is_over.store(true, Ordering::Release);
            held.take()
        };
        let cell = std::mem::take(&mut *self.cell.lock());
        let Some(writer) = writer else {
            self.mailbox.completed(summary);
            return;
        };
        let counts = ScanCounts::new(&summary.counts, summary.errors.count);
        let refused = self.shared.refused.load(Ordering::Acquire);
        let is_cancelled = summary.status == Status::Cancelled && !refused;
        if is_cancelled {
            writer.cancel();
        }
        let ending = Ending(Arc::new(Mutex::new(Some(End {
            mailbox: Arc::clone(&self.mailbox),
            summary: summary.clone(),
            refused,
            result: Err(closed()),
            _cell: cell,
        }))));
        if is_cancelled {
            // The writer may be at work for somebody else, or wait for a disk: who cancels does not wait for that.
            deadline::drop_later(ending.clone());
        }
        writer.end_with(summary.status, counts, move |ended| ending.answer(ended));
    }
}

/// The summary, sent when the writer has answered, when it is gone and never will, or when it took too long: by the first of
/// those that hold this who lets go of it.
#[derive(Clone)]
struct Ending(Arc<Mutex<Option<End>>>);

impl Ending {
    fn answer(self, ended: Result<(), aether_index::Error>) {
        if let Some(end) = &mut *self.0.lock() {
            end.result = ended;
        }
    }
}

impl Drop for Ending {
    fn drop(&mut self) {
        let end = self.0.lock().take();
        // Not under the lock: sending takes others.
        drop(end);
    }
}

struct End {
    mailbox: Arc<MailboxSink>,
    summary: Summary,
    /// Why the walk was given up, not because somebody cancelled it.
    refused: bool,
    result: Result<(), aether_index::Error>,
    /// Let go when that has been sent.
    _cell: Held,
}

impl Drop for End {
    fn drop(&mut self) {
        if let Err(error) = &self.result
            && (self.refused || self.summary.status != Status::Cancelled)
        {
            self.summary.status = Status::Failed;
            self.summary.error.get_or_insert(translate(error));
        }
        self.mailbox.completed(&self.summary);
    }
}

/// A slab for the receiver, and the same for the writer.
struct Both {
    letter: Option<Box<dyn Packed>>,
    batch: Batch,
    shared: Arc<Shared>,
}

impl Packed for Both {
    fn size(&self) -> usize {
        self.batch.slab.len() + self.letter.as_ref().map_or(0, |letter| letter.size())
    }

    fn send(self: Box<Self>, sequence: u32) {
        let Both {
            letter,
            batch,
            shared,
        } = *self;
        if let Some(letter) = letter {
            letter.send(sequence);
        }
        let pushed = match &*shared.writer.lock() {
            Some(writer) => writer.push(batch),
            None => Ok(()),
        };
        if let Err(PushError::Ended(_) | PushError::Full(_)) = pushed {
            shared.refuse();
        }
    }
}
