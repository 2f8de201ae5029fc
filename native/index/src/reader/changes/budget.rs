//! How much may be read for one page of changes. When that is spent, the page is read in another
//! way, or it ends early.

use std::cell::Cell;
use std::time::{Duration, Instant};

use crate::error::Error;

/// Why reading ends early.
#[derive(Debug)]
pub(super) enum Stop {
    /// It has read too much.
    Spent,
    /// An error.
    Failed(Error),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Stop {
        Stop::Failed(error)
    }
}

/// Lookups by key left for a page. Each takes about a microsecond, and much longer where a disk
/// has to be read: so there is a time at which they count as spent.
#[derive(Debug)]
pub(super) struct Budget {
    left: Cell<usize>,
    whole: usize,
    until: Option<Instant>,
}

impl Budget {
    pub fn new(lookups: usize, time: Option<Duration>) -> Budget {
        Budget {
            left: Cell::new(lookups),
            whole: lookups,
            until: time.map(|time| Instant::now() + time),
        }
    }

    pub fn spend(&self, lookups: usize) -> Result<(), Stop> {
        let left = self.left.get().checked_sub(lookups).ok_or(Stop::Spent)?;
        if self.until.is_some_and(|until| Instant::now() >= until) {
            return Err(Stop::Spent);
        }
        self.left.set(left);
        Ok(())
    }

    /// Allows as much again.
    pub fn renew(&self) {
        self.left.set(self.left.get().saturating_add(self.whole));
    }
}

/// The value, or None if the budget was spent.
pub(super) fn unless_spent<T>(result: Result<T, Stop>) -> Result<Option<T>, Error> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(Stop::Spent) => Ok(None),
        Err(Stop::Failed(error)) => Err(error),
    }
}
