//! A mutex for short, frequent critical sections. A waiting thread spins briefly and then sleeps; parking_lot's yields
//! in between, which costs a whole time slice where two threads have just been started on one processor.

use std::sync::{Mutex, MutexGuard, PoisonError};

pub(crate) struct Lock<T>(Mutex<T>);

impl<T> Lock<T> {
    pub(crate) fn new(value: T) -> Lock<T> {
        Lock(Mutex::new(value))
    }

    /// Ignores poisoning: a panic under the lock ends its scan anyway.
    #[inline]
    pub(crate) fn lock(&self) -> MutexGuard<'_, T> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
