//! Long calls of an index. Each runs on a thread of its own and ends early if it is cancelled, if
//! its caller is gone, or if the index is closed.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Weak};

use parking_lot::Mutex;

use crate::background;
use crate::error::{Error, Operation, Reason};

/// A long call.
#[derive(Debug, Default)]
pub struct Call {
    cancel: Arc<AtomicBool>,
    is_settled: AtomicBool,
}

impl Call {
    /// Set once the call is cancelled. The call checks it regularly.
    pub fn cancel_flag(&self) -> &Arc<AtomicBool> {
        &self.cancel
    }

    /// Whether its caller no longer waits.
    pub fn is_cancelled(&self) -> bool {
        self.cancel.load(Ordering::Acquire)
    }

    /// Makes the call end soon. It is still answered.
    pub fn cancel(&self) {
        self.cancel.store(true, Ordering::Release);
    }

    /// Called before the answer is sent, and by a caller that stops waiting. True for the first of
    /// the two: either the answer is sent or the caller knows that none will be.
    pub fn settle(&self) -> bool {
        !self.is_settled.swap(true, Ordering::AcqRel)
    }
}

/// The long calls of one index.
#[derive(Debug, Default)]
pub struct Calls(Mutex<Vec<Weak<Call>>>);

impl Calls {
    /// Adds a call. It belongs to the index for as long as the returned reference lives.
    pub fn begin(&self) -> Arc<Call> {
        let call = Arc::<Call>::default();
        let mut calls = self.0.lock();
        calls.retain(|call| call.strong_count() > 0);
        calls.push(Arc::downgrade(&call));
        call
    }

    /// Cancels all of them.
    pub fn cancel(&self) {
        let calls = std::mem::take(&mut *self.0.lock());
        calls
            .iter()
            .filter_map(Weak::upgrade)
            .for_each(|call| call.cancel());
    }
}

/// Runs a call on a thread and passes the result to `reply` there: an error if the call panics.
/// Fails if no thread can be started; then neither runs.
pub fn run<T, E: From<Error>>(
    call: impl FnOnce() -> Result<T, E> + Send + 'static,
    reply: impl FnOnce(Result<T, E>) + Send + 'static,
) -> io::Result<()> {
    background::spawn(move || {
        reply(caught(Operation::Maintain, call));
    })
}

/// What a call returns, or an error if it panics.
pub(crate) fn caught<T, E: From<Error>>(
    operation: Operation,
    call: impl FnOnce() -> Result<T, E>,
) -> Result<T, E> {
    // Nothing that panicked is used again.
    let result = catch_unwind(AssertUnwindSafe(call));
    result.unwrap_or_else(|_| Err(Error::new(Reason::Panic, operation, &[]).into()))
}

/// A reply that the writer owes. If it is dropped, the reply is that the index is closed.
pub(crate) struct Promise<F: FnOnce(Result<(), Error>) + Send + 'static>(Option<F>);

impl<F: FnOnce(Result<(), Error>) + Send + 'static> Promise<F> {
    pub fn new(reply: F) -> Promise<F> {
        Promise(Some(reply))
    }

    pub fn keep(mut self, result: Result<(), Error>) {
        if let Some(reply) = self.0.take() {
            reply(result);
        }
    }
}

impl<F: FnOnce(Result<(), Error>) + Send + 'static> Drop for Promise<F> {
    fn drop(&mut self) {
        let Some(reply) = self.0.take() else {
            return;
        };
        // The command that carries it may be dropped on any thread, even a scheduler of the BEAM.
        background::must_run(move || {
            reply(Err(Error::new(Reason::Closed, Operation::Write, &[])));
        });
    }
}
