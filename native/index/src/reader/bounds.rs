//! What ends a page early: its deadline, and a waiting writer. SQLite's progress handler checks
//! both during a statement.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use crate::gate::Gate;

/// How long a page runs before it gives way to a writer that wants to restart the log. It is read
/// again afterwards.
pub(super) const SHORT: Duration = Duration::from_millis(3);
/// How many times a page gives way. Then the writer waits for it, or skips the checkpoint.
pub(super) const GIVES_WAY: u32 = 3;

/// Times in ns since the pool's epoch.
#[derive(Debug, Default)]
pub(super) struct Bounds {
    deadline: AtomicU64,
    gives_way_from: AtomicU64,
    gave_way: AtomicBool,
}

impl Bounds {
    /// For the next page.
    pub fn set(&self, deadline: u64, gives_way_from: u64) {
        self.deadline.store(deadline, Ordering::Relaxed);
        self.gives_way_from.store(gives_way_from, Ordering::Relaxed);
        self.gave_way.store(false, Ordering::Relaxed);
    }

    pub fn is_over(&self, now: u64, gate: &Gate) -> bool {
        if now > self.gives_way_from.load(Ordering::Relaxed) && gate.is_wanted() {
            self.gave_way.store(true, Ordering::Relaxed);
            return true;
        }
        now > self.deadline.load(Ordering::Relaxed)
    }

    pub fn has_given_way(&self) -> bool {
        self.gave_way.load(Ordering::Relaxed)
    }
}
