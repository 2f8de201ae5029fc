//! The gate between the writer and this process's own readers. A reader passes it for each page; the writer shuts it for the
//! moment in which the log must start over, which it cannot while anybody reads from it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use parking_lot::{RwLock, RwLockReadGuard, RwLockWriteGuard};

/// Held by readers in common, by the writer alone.
#[derive(Debug, Default)]
pub struct Gate {
    lock: RwLock<()>,
    wanted: AtomicBool,
}

impl Gate {
    /// For a page: waits while the writer has it shut. Must not be asked for twice by one thread.
    pub fn enter(&self) -> RwLockReadGuard<'_, ()> {
        self.lock.read()
    }

    /// Whether the writer waits for those within. Who would stay for long should leave, and come again.
    pub fn is_wanted(&self) -> bool {
        self.wanted.load(Ordering::Relaxed)
    }

    /// For the writer: nobody enters any more, and those within are waited for, for so long at most.
    pub(crate) fn shut(&self, patience: Duration) -> Option<RwLockWriteGuard<'_, ()>> {
        self.wanted.store(true, Ordering::Relaxed);
        let shut = self.lock.try_write_for(patience);
        self.wanted.store(false, Ordering::Relaxed);
        shut
    }
}
