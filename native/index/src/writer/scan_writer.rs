//! A scan's side of the channel: pushing a batch never waits.

use std::sync::Arc;
#[cfg(feature = "test-support")]
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering;

use aether_core::Status;
use crossbeam_channel::Sender;

use super::command::{Command, ScanShared, closed};
use super::options::{PushError, ScanCounts, Started};
use crate::batch::Batch;
use crate::error::{Error, Operation, Reason};
use crate::scan_progress::ScanProgress;
use crate::values::scan_status;

/// A scan that is being written.
pub struct ScanWriter {
    pub(super) commands: Sender<Command>,
    pub(super) shared: Arc<ScanShared>,
    #[cfg(feature = "test-support")]
    pub(super) queued: Arc<AtomicU32>,
    #[cfg(feature = "test-support")]
    pub(super) queue: u32,
    pub(super) started: Started,
    pub(super) is_ended: bool,
}

impl ScanWriter {
    /// What the writer found when the scan began.
    pub fn started(&self) -> &Started {
        &self.started
    }

    /// Hands a batch to the writer. Never waits.
    pub fn push(&self, batch: Batch) -> Result<(), PushError> {
        if let Some(error) = self.shared.error.lock().clone() {
            return Err(PushError::Ended(error));
        }
        if self.shared.is_cancelled.load(Ordering::Acquire) {
            return Err(PushError::Ended(Error::new(
                Reason::Ended,
                Operation::Write,
                &[],
            )));
        }
        #[cfg(feature = "test-support")]
        {
            let room = |queued| (queued < self.queue).then_some(queued + 1);
            let (set, fetch) = (Ordering::AcqRel, Ordering::Acquire);
            if self.queued.fetch_update(set, fetch, room).is_err() {
                return Err(PushError::Full(batch));
            }
        }
        match self.commands.send(Command::Batch(self.shared.key, batch)) {
            Ok(()) => Ok(()),
            Err(_) => Err(PushError::Ended(closed())),
        }
    }

    /// Notes how far the walk is, for other processes. What is written the writer knows itself.
    pub fn report(&self, progress: ScanProgress) {
        *self.shared.progress.lock() = Some(progress);
    }

    /// Entries written so far.
    pub fn persisted(&self) -> u64 {
        self.shared.persisted.load(Ordering::Acquire)
    }

    /// Drops waiting batches and refuses further ones. The scan still has to be ended.
    pub fn cancel(&self) {
        self.shared.is_cancelled.store(true, Ordering::Release);
    }

    /// Ends the scan. `reply` is called on the writer's thread after the last commit.
    pub fn end_with(
        mut self,
        status: Status,
        counts: ScanCounts,
        reply: impl FnOnce(Result<(), Error>) + Send + 'static,
    ) {
        self.is_ended = true;
        drop(self.commands.send(Command::End(
            self.shared.key,
            status_number(status),
            counts,
            Box::new(reply),
        )));
    }
}

impl Drop for ScanWriter {
    fn drop(&mut self) {
        if !self.is_ended {
            let reply = Box::new(drop);
            drop(self.commands.send(Command::End(
                self.shared.key,
                scan_status::FAILED,
                ScanCounts::default(),
                reply,
            )));
        }
    }
}

fn status_number(status: Status) -> i64 {
    match status {
        Status::Complete => scan_status::COMPLETE,
        Status::Partial => scan_status::PARTIAL,
        Status::Cancelled => scan_status::CANCELLED,
        Status::Failed => scan_status::FAILED,
    }
}
