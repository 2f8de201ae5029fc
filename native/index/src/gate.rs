//! The gate between the writer and this process's readers. A reader enters it for each page. The
//! writer shuts it while the log starts over, which is impossible while anybody reads from it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use parking_lot::{RwLock, RwLockReadGuard, RwLockWriteGuard};

/// Shared by readers; the writer shuts it.
#[derive(Debug, Default)]
pub struct Gate {
    lock: RwLock<()>,
    wanted: AtomicBool,
}

impl Gate {
    /// Enters for a page; waits while the gate is shut. A thread must not enter twice.
    pub fn enter(&self) -> RwLockReadGuard<'_, ()> {
        self.lock.read()
    }

    /// Whether the writer waits for readers to leave. A reader that needs longer should leave and
    /// come back.
    pub fn is_wanted(&self) -> bool {
        self.wanted.load(Ordering::Relaxed)
    }

    /// Shuts the gate, and waits up to `patience` for readers to leave.
    pub(crate) fn shut(&self, patience: Duration) -> Option<RwLockWriteGuard<'_, ()>> {
        self.wanted.store(true, Ordering::Relaxed);
        let shut = self.lock.try_write_for(patience);
        self.wanted.store(false, Ordering::Relaxed);
        shut
    }
}
