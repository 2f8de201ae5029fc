//! How much a walk for one page of changes may read before it is cheaper to read the whole history between the generations.

use std::cell::Cell;

use crate::error::Error;

/// Why a walk ends early.
#[derive(Debug)]
pub(super) enum Stop {
    /// It has read too much, or has met what it cannot tell: the other way is to be taken.
    Spent,
    /// An error.
    Failed(Error),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Stop {
        Stop::Failed(error)
    }
}

/// Searches by key that are left to a page: each takes about a microsecond.
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
