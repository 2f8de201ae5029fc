//! How much a walk may read for one page of changes, before it is cheaper to read all rows between
//! the generations.

use std::cell::Cell;

use crate::error::Error;

/// Why a walk ends early.
#[derive(Debug)]
pub(super) enum Stop {
    /// It has read too much, or found something it cannot handle: read all rows instead.
    Spent,
    /// An error.
    Failed(Error),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Stop {
        Stop::Failed(error)
    }
}

/// Lookups by key left for a page. Each takes about a microsecond.
#[derive(Debug)]
pub(super) struct Budget(Cell<usize>);

impl Budget {
    pub fn new(searches: usize) -> Budget {
        Budget(Cell::new(searches))
    }

    pub fn spend(&self, searches: usize) -> Result<(), Stop> {
        let left = self.0.get().checked_sub(searches).ok_or(Stop::Spent)?;
        self.0.set(left);
        Ok(())
    }
}
