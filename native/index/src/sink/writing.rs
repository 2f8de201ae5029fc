//! A scan and its writer, from the command that begins the scan to the end of the walk. Each of the
//! two may go away at any time.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Weak};

use aether_core::slab::Groups;
use aether_core::{Progress, Scan, Status};
use parking_lot::Mutex;

use super::{Written, scan_error};
use crate::batch::Batch;
use crate::error::{Error, Operation, Reason};
use crate::scan_progress::ScanProgress;
use crate::writer::{Index, Persisted, ScanCounts, ScanSpec, ScanWriter};

/// What the scan, its slabs and the writer share.
pub struct Writing {
    scan: Weak<Scan>,
    /// Set from when the writer accepts the scan to the end of the walk.
    writer: Mutex<Option<ScanWriter>>,
    /// Whether the writer refuses slabs.
    is_refused: AtomicBool,
    /// Whether the writer has dropped its part of the scan.
    is_dropped: AtomicBool,
    /// Whether the walk has ended. Read and written under the lock of `writer`.
    is_over: AtomicBool,
}

impl Writing {
    pub fn new(scan: &Weak<Scan>) -> Writing {
        Writing {
            scan: Weak::clone(scan),
            writer: Mutex::default(),
            is_refused: AtomicBool::new(false),
            is_dropped: AtomicBool::new(false),
            is_over: AtomicBool::new(false),
        }
    }

    /// Asks the writer to accept the scan, which is admitted when the writer answers.
    pub fn begin(this: &Arc<Self>, index: &Index, spec: ScanSpec) {
        let crediting = Crediting(Arc::downgrade(this));
        let on_persisted = Box::new(move |persisted| crediting.credit(persisted));
        let admitting = Admitting(Some(Arc::clone(this)));
        index.begin_with(spec, on_persisted, move |begun| admitting.answer(begun));
    }

    /// How much is written, if the writer has accepted the scan.
    pub fn written(&self) -> Option<Written> {
        self.writer.lock().as_ref().map(|writer| Written {
            entries: writer.persisted(),
            expected: writer.started().expected,
        })
    }

    /// Lets other processes know how far the walk is.
    pub fn report(&self, progress: &Progress) {
        if let Some(writer) = &*self.writer.lock() {
            writer.report(ScanProgress {
                found: progress.counts.entries(),
                kept: 0,
                expected: writer.started().expected,
                errors: progress.errors,
                elapsed: progress.elapsed,
                current: progress.current.clone(),
            });
        }
    }

    /// Whether the walk was ended because the writer refused slabs.
    pub fn is_refused(&self) -> bool {
        self.is_refused.load(Ordering::Acquire)
    }

    pub fn push(&self, batch: Batch) {
        let pushed = match &*self.writer.lock() {
            Some(writer) => writer.push(batch),
            None => Ok(()),
        };
        if pushed.is_err() {
            self.refuse();
        }
    }

    /// Notes the end of the walk. Returns the writer, which does not know of it yet; `None` if it
    /// has not accepted the scan, and then never will.
    pub fn end(&self) -> Option<ScanWriter> {
        let mut writer = self.writer.lock();
        self.is_over.store(true, Ordering::Release);
        writer.take()
    }

    fn admit(&self, begun: Result<ScanWriter, Error>) {
        let answer = match begun {
            Ok(writer) => self.keep(writer),
            Err(error) => Err(scan_error(&error)),
        };
        if let Some(scan) = self.scan.upgrade() {
            scan.admitted(answer);
        }
    }

    /// Keeps the writer, and answers what it needs of each entry besides what every index keeps.
    fn keep(&self, writer: ScanWriter) -> Result<Groups, aether_core::Error> {
        let mut kept = self.writer.lock();
        if self.is_over.load(Ordering::Acquire) {
            // The scan was cancelled before the writer came to it.
            writer.cancel();
            writer.end_with(Status::Cancelled, ScanCounts::default(), drop);
            return Err(scan_error(&closed()));
        }
        let groups = match writer.started().owners {
            true => Groups::OWNED,
            false => Groups::empty(),
        };
        *kept = Some(writer);
        drop(kept);
        if self.is_dropped.load(Ordering::Acquire) {
            self.refuse();
        }
        Ok(groups)
    }

    /// Ends the walk. The writer gives the reason when it answers the end of the scan.
    fn refuse(&self) {
        if !self.is_refused.swap(true, Ordering::AcqRel)
            && let Some(scan) = self.scan.upgrade()
        {
            scan.request_stop();
        }
    }
}

/// Passes on the writer's answer to the command that begins a scan. Dropped without one, it answers
/// that the index is closed.
struct Admitting(Option<Arc<Writing>>);

impl Admitting {
    fn answer(mut self, begun: Result<ScanWriter, Error>) {
        if let Some(writing) = self.0.take() {
            writing.admit(begun);
        }
    }
}

impl Drop for Admitting {
    fn drop(&mut self) {
        if let Some(writing) = self.0.take() {
            writing.admit(Err(closed()));
        }
    }
}

/// The writer's part of a scan, until the writer has ended it.
struct Crediting(Weak<Writing>);

impl Crediting {
    fn credit(&self, persisted: Persisted) {
        let scan = self.0.upgrade().and_then(|writing| writing.scan.upgrade());
        if let Some(scan) = scan {
            scan.credit(persisted.batches.into());
        }
    }
}

impl Drop for Crediting {
    fn drop(&mut self) {
        // If the index was closed before the scan ended, queued batches are lost, and with them the
        // credit that they would have returned: without this the walk would wait for it for ever.
        if let Some(writing) = self.0.upgrade() {
            writing.is_dropped.store(true, Ordering::Release);
            if writing.writer.lock().is_some() {
                writing.refuse();
            }
        }
    }
}

pub fn closed() -> Error {
    Error::new(Reason::Closed, Operation::Scan, &[])
}
