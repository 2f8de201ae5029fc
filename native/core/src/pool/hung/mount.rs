//! A mount where threads hang: how many, and when to try again.

use std::time::{Duration, Instant};

use super::MAX_STUCK_IN_MOUNT;

/// How long until a scan is let through as a probe, to see whether the mount answers again. Each probe that hangs doubles
/// the pause, so that a mount that never answers costs a handful of threads.
const FIRST_PROBE: Duration = Duration::from_secs(30);

/// Maximum pause between two probes.
const LAST_PROBE: Duration = Duration::from_secs(24 * 3600);

pub(super) struct HungMount {
    pub stuck: usize,
    /// Threads that have long been opening a root there and are not stuck yet.
    pub opening: usize,
    /// When to let the next probe through, and how long after that another one.
    probe: Instant,
    pause: Duration,
    /// A root was opened there since the last thread hung.
    pub answers: bool,
}

impl HungMount {
    pub fn new(now: Instant) -> HungMount {
        HungMount {
            stuck: 0,
            opening: 0,
            probe: now + FIRST_PROBE,
            pause: FIRST_PROBE,
            answers: false,
        }
    }

    /// Whether fewer than `most` threads hang here, or the mount answers, or a probe is due, which is then taken.
    pub fn lets_through(&mut self, most: usize, now: Instant) -> bool {
        let may_pass = self.may_pass(most, now);
        if may_pass && self.stuck >= most && !self.answers {
            self.probe = now + self.pause;
        }
        may_pass
    }

    pub fn may_pass(&self, most: usize, now: Instant) -> bool {
        self.stuck < most || self.answers || now >= self.probe
    }

    /// One more thread hangs. If it was a probe, the next one waits longer.
    pub fn hangs(&mut self, now: Instant) {
        self.answers = false;
        self.stuck += 1;
        if self.stuck > MAX_STUCK_IN_MOUNT {
            self.pause = self.pause.saturating_mul(2).min(LAST_PROBE);
            self.probe = now + self.pause;
        }
    }

    /// Its root was opened or looked at: let others try as well, until the next thread hangs.
    pub fn root_answered(&mut self) {
        self.answers = true;
        self.pause = FIRST_PROBE;
    }

    /// A thread has come back: at least part of the file system answers again.
    pub fn answered(&mut self, now: Instant) {
        self.stuck = self.stuck.saturating_sub(1);
        self.pause = FIRST_PROBE;
        self.probe = self.probe.min(now + FIRST_PROBE);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A scan starts every second, and every one that is let through hangs.
    #[test]
    fn a_mount_that_never_answers_costs_a_handful_of_threads() {
        let begun = Instant::now();
        let at = |second| begun + Duration::from_secs(second);
        let mut mount = HungMount::new(begun);
        let mut let_through = Vec::new();
        for second in 0..7 * 86_400 {
            if mount.lets_through(MAX_STUCK_IN_MOUNT, at(second)) {
                mount.hangs(at(second));
                let_through.push(second);
            }
        }
        assert_eq!(let_through[..7], [0, 1, 2, 3, 30, 90, 210]);
        assert!(let_through.len() < 30, "{let_through:?}");
        // One of them comes back, and the next probe is near again.
        let second = 7 * 86_400;
        mount.answered(at(second));
        assert!(!mount.lets_through(MAX_STUCK_IN_MOUNT, at(second)));
        assert!(mount.lets_through(MAX_STUCK_IN_MOUNT, at(second + 30)));
    }

    /// A mount that hangs is replaced by another, and its threads never come back.
    #[test]
    fn a_mount_that_was_repaired_is_open_after_one_probe() {
        let begun = Instant::now();
        let at = |second| begun + Duration::from_secs(second);
        let mut mount = HungMount::new(begun);
        (0..4).for_each(|_| mount.hangs(begun));
        let mut let_through = Vec::new();
        for second in 0..100 {
            if mount.lets_through(MAX_STUCK_IN_MOUNT, at(second)) {
                mount.answers = true;
                let_through.push(second);
            }
        }
        assert_eq!(let_through, (30..100).collect::<Vec<_>>());
        mount.hangs(at(100));
        assert!(!mount.lets_through(MAX_STUCK_IN_MOUNT, at(101)));
    }
}
