//! The gate between the writer and this process's own readers. A reader passes it for each page; the writer shuts it for the
//! moment in which the log must start over, which it cannot while anybody reads from it.

use std::time::Duration;

use parking_lot::{RwLock, RwLockReadGuard, RwLockWriteGuard};

/// Held by readers in common, by the writer alone.
#[derive(Debug, Default)]
pub struct Gate(RwLock<()>);

impl Gate {
    /// For a page: waits while the writer has it shut. Must not be asked for twice by one thread.
    pub fn enter(&self) -> RwLockReadGuard<'_, ()> {
        self.0.read()
    }

    /// For the writer: nobody enters any more, and those within are waited for, for so long at most.
    pub(crate) fn shut(&self, patience: Duration) -> Option<RwLockWriteGuard<'_, ()>> {
        self.0.try_write_for(patience)
    }
}
