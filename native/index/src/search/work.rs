//! How much work a thread has done since it last checked whether the search is cancelled.
//! Everything that may take long is counted here, so that a search ends soon after a cancel,
//! whatever the query and the names.

use std::sync::atomic::{AtomicBool, Ordering};

/// Number of steps between two checks. A step compares a byte of a name with a letter of the query,
/// and takes some ns at most.
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

    /// Counts steps. Returns whether the search is to continue.
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
