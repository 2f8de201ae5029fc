//! How many threads should work. Pure: the timer samples, this decides.
//!
//! A thread that sleeps in a system call uses no processor, so others may work beside it. Whether a thread sleeps is
//! read from what the system reports of it, not from its CPU clock: that stands still too while a thread waits for a
//! processor, and more threads would only make it wait longer.

/// Number of samples without need for more threads after which their number falls back.
const PATIENCE: u32 = 25;

/// What the timer saw of the threads at one tick.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sample {
    /// Threads at work.
    pub working: usize,
    /// Of these, those asleep in a system call.
    pub asleep: usize,
    /// Of these, those in the same system call since the last tick.
    pub silent: usize,
    /// Threads alive that do not count as stuck.
    pub alive: usize,
    /// A scan without any thread waits, and no thread is idle.
    pub waiting: bool,
}

/// What is kept between samples.
#[derive(Debug, Default)]
pub(crate) struct Growth {
    target: usize,
    idle_looks: u32,
}

impl Growth {
    /// How many threads may work: `cores` while they compute, up to `most` while they sleep. While a scan waits and no
    /// thread moves, one more at each sample, up to `spare` beyond `most`; returns whether that is the case.
    pub(crate) fn target(
        &mut self,
        look: Sample,
        cores: usize,
        most: usize,
        spare: usize,
    ) -> (usize, bool) {
        // Add twice those asleep, so that a slow file system gets all threads after a few samples.
        let wanted = match look.asleep {
            0 => cores,
            asleep => (cores + 2 * asleep).min(most),
        };
        // No thread will soon be free for the scan that waits.
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
    fn computing_threads_are_as_many_as_processors() {
        let mut growth = Growth::default();
        for working in 0..5 {
            assert_eq!(growth.target(look(working, 0), 2, 32, 64).0, 2);
        }
    }

    #[test]
    fn threads_grow_quickly_with_sleepers_and_fall_back_slowly() {
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
    fn one_more_thread_at_a_time_while_all_hang_and_a_scan_waits() {
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
        // One thread moves: the scan that waits waits for it.
        let moves = Sample {
            silent: 31,
            ..hang(32, true)
        };
        assert_eq!(Growth::default().target(moves, 2, 32, 64), (32, false));
    }
}
