//! A mutex for what is held shortly and often. Who waits spins for a moment and then sleeps; parking_lot's gives its
//! turn away in between, and where two threads have just been started on one processor that costs a whole time slice.

use std::sync::{Mutex, MutexGuard, PoisonError};

pub(crate) struct Lock<T>(Mutex<T>);

impl<T> Lock<T> {
    pub(crate) fn new(value: T) -> Lock<T> {
        Lock(Mutex::new(value))
    }

    /// A panic beneath it ends its scan anyway.
    #[inline]
    pub(crate) fn lock(&self) -> MutexGuard<'_, T> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
