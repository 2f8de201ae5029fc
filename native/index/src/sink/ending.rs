//! The end of a scan with an index: the summary waits for the writer's answer.

use std::sync::Arc;

use aether_core::{Status, Summary};
use parking_lot::Mutex;

use super::writing::closed;
use super::{IndexRef, Receiver, scan_error};
use crate::error::Error;

/// Sends the summary as soon as one of its clones is dropped: by the writer, which has answered or
/// is gone; or at the deadline, if the writer takes too long.
pub struct Ending<R: Receiver>(Arc<Mutex<Option<End<R>>>>);

struct End<R: Receiver> {
    receiver: Arc<R>,
    summary: Summary,
    /// Whether the walk ended because the writer refused slabs, and not because it was cancelled.
    is_refused: bool,
    result: Result<(), Error>,
    /// Dropped when the summary is sent.
    _index: Option<IndexRef>,
}

impl<R: Receiver> Ending<R> {
    pub fn new(
        receiver: Arc<R>,
        summary: Summary,
        is_refused: bool,
        index: Option<IndexRef>,
    ) -> Ending<R> {
        let end = End {
            receiver,
            summary,
            is_refused,
            result: Err(closed()),
            _index: index,
        };
        Ending(Arc::new(Mutex::new(Some(end))))
    }

    /// Takes the writer's answer.
    pub fn answer(self, ended: Result<(), Error>) {
        if let Some(end) = &mut *self.0.lock() {
            end.result = ended;
        }
    }
}

impl<R: Receiver> Clone for Ending<R> {
    fn clone(&self) -> Ending<R> {
        Ending(Arc::clone(&self.0))
    }
}

impl<R: Receiver> Drop for Ending<R> {
    fn drop(&mut self) {
        let end = self.0.lock().take();
        // Not under the lock: sending takes other locks.
        drop(end);
    }
}

impl<R: Receiver> Drop for End<R> {
    fn drop(&mut self) {
        if let Err(error) = &self.result
            && (self.is_refused || self.summary.status != Status::Cancelled)
        {
            self.summary.status = Status::Failed;
            self.summary.error.get_or_insert(scan_error(error));
        }
        self.receiver.completed(&self.summary);
    }
}
