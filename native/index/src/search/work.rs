//! What a thread of a search has done since it looked whether the search is cancelled. Whatever may take long is spent
//! here before it is done, so that a search ends soon after a cancel, whatever is held against whatever names.

use std::sync::atomic::{AtomicBool, Ordering};

/// A step is a byte of a name held against a letter of the query, some ns at most. So many lie between two looks.
const STEPS: usize = 1 << 22;

#[derive(Debug)]
pub(super) struct Work<'a> {
    cancel: &'a AtomicBool,
    left: usize,
    goes_on: bool,
}

impl<'a> Work<'a> {
    pub(super) fn new(cancel: &'a AtomicBool) -> Work<'a> {
        Work {
            cancel,
            left: 0,
            goes_on: true,
        }
    }

    /// Whether so many steps are to be taken.
    pub(super) fn spend(&mut self, steps: usize) -> bool {
        match self.left.checked_sub(steps) {
            Some(left) => self.left = left,
            None => {
                self.left = STEPS;
                self.goes_on &= !self.cancel.load(Ordering::Relaxed);
            }
        }
        self.goes_on
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cancel_is_seen_after_a_bound_of_steps() {
        let cancel = AtomicBool::new(false);
        let mut work = Work::new(&cancel);
        assert!(work.spend(1));
        cancel.store(true, Ordering::Relaxed);
        let taken = (0..).take_while(|_| work.spend(1_000)).count();
        assert!(taken * 1_000 <= STEPS, "{taken}");
        assert!(!work.spend(1));
    }
}
