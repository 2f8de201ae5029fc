//! How many threads should be at work. Pure: the timer looks, and this decides.
//!
//! A thread that sleeps in a system call uses no processor, so others may work beside it. That threads sleep is seen by
//! what the system says of each, and not by how far its clock lags behind the wall's: a thread that waits for a
//! processor lags as well, and more threads would only make it wait longer.

/// After this many looks without need for them, the number of threads falls back.
const PATIENCE: u32 = 25;

/// What a look at the threads has found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sample {
    /// Threads at work.
    pub working: usize,
    /// Of these, those asleep in a system call.
    pub asleep: usize,
    /// Of these, those that have been in the same one since the last look.
    pub silent: usize,
    /// Threads that there are and do not count as stuck.
    pub alive: usize,
    /// A scan waits that no thread has come to, and none is idle.
    pub waiting: bool,
}

/// What is kept from look to look.
#[derive(Debug, Default)]
pub(crate) struct Growth {
    target: usize,
    idle_looks: u32,
}

impl Growth {
    /// How many threads may be at work: `cores` while they compute, up to `most` while they sleep, and one more at each
    /// look, up to `spare` beyond, while somebody waits and none of them moves. Says whether that is so.
    pub(crate) fn target(
        &mut self,
        look: Sample,
        cores: usize,
        most: usize,
        spare: usize,
    ) -> (usize, bool) {
        // Twice those asleep, so that a slow file system has them all after a few looks.
        let wanted = match look.asleep {
            0 => cores,
            asleep => (cores + 2 * asleep).min(most),
        };
        // Nobody will come back soon to whoever waits.
        let all_hang = look.waiting && look.alive > 0 && look.silent >= look.alive;
        let wanted = match all_hang {
            true => wanted.max((look.alive + 1).min(most + spare)),
            false => wanted,
        };
        let current = self.target.max(cores);
        if wanted >= current {
            self.idle_looks = 0;
            self.target = wanted;
        } else {
            self.idle_looks += 1;
            if self.idle_looks >= PATIENCE {
                self.idle_looks = 0;
                self.target = wanted;
            } else {
                self.target = current;
            }
        }
        (self.target, all_hang)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn look(working: usize, asleep: usize) -> Sample {
        Sample {
            working,
            asleep,
            alive: working,
            ..Sample::default()
        }
    }

    #[test]
    fn threads_that_compute_are_as_many_as_processors() {
        let mut growth = Growth::default();
        for working in 0..5 {
            assert_eq!(growth.target(look(working, 0), 2, 32, 64).0, 2);
        }
    }

    #[test]
    fn a_few_looks_at_sleepers_allow_all_and_it_takes_longer_to_forget_them() {
        let mut growth = Growth::default();
        let mut alive = 2;
        let targets: Vec<usize> = (0..5)
            .map(|_| {
                alive = growth.target(look(alive, alive), 2, 32, 64).0;
                alive
            })
            .collect();
        assert_eq!(targets, [6, 14, 30, 32, 32]);
        for _ in 1..PATIENCE {
            assert_eq!(growth.target(look(32, 0), 2, 32, 64).0, 32);
        }
        assert_eq!(growth.target(look(32, 0), 2, 32, 64).0, 2);
    }

    #[test]
    fn one_more_at_a_time_where_all_hang_and_somebody_waits() {
        let hang = |alive, waiting| Sample {
            working: alive,
            asleep: alive,
            silent: alive,
            alive,
            waiting,
        };
        let mut growth = Growth::default();
        assert_eq!(growth.target(hang(32, false), 2, 32, 64), (32, false));
        assert_eq!(growth.target(hang(32, true), 2, 32, 64), (33, true));
        assert_eq!(growth.target(hang(33, true), 2, 32, 64), (34, true));
        assert_eq!(growth.target(hang(96, true), 2, 32, 64), (96, true));
        // One moves: whoever waits waits for that.
        let moves = Sample {
            silent: 31,
            ..hang(32, true)
        };
        assert_eq!(Growth::default().target(moves, 2, 32, 64), (32, false));
    }
}
