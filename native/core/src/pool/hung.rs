//! Which mounts hang: how many threads are stuck in each, and whether one more scan may start there.
//!
//! Nothing is looked up before a thread is stuck. A scan of a hung mount gets no further than opening its root, so
//! starts are what is held back: each takes a thread with it.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use parking_lot::Mutex;
use rustix::io::Errno;

use super::POOL_MAX_STUCK;
use crate::scan::Scan;
use crate::{Error, Operation, Reason, mounts};

/// Maximum number of threads that hang in one mount before scans that start there are refused.
const MAX_STUCK_IN_MOUNT: usize = 4;

/// With this many threads stuck in all mounts together, scans of a mount that refuses starts get no thread either.
const MANY_STUCK: usize = POOL_MAX_STUCK / 4;

/// With this many, one stuck thread is enough for a mount to refuse starts.
const TOO_MANY_STUCK: usize = POOL_MAX_STUCK / 2;

/// How long until a scan is let through as a probe, to see whether the mount answers again. Each probe that hangs doubles
/// the pause, so that a mount that never answers costs a handful of threads.
const FIRST_PROBE: Duration = Duration::from_secs(30);

/// Maximum pause between two probes.
const LAST_PROBE: Duration = Duration::from_secs(24 * 3600);

/// Where a path lies, as text.
pub(crate) type MountPoint = Arc<[u8]>;

/// The mounts with stuck threads, and those whose roots are slow to open.
#[derive(Default)]
pub(crate) struct Hung {
    mounts: Mutex<HashMap<MountPoint, HungMount>>,
    /// Whether there are any: checked at each start.
    any: AtomicBool,
    /// Incremented at every change.
    changes: AtomicUsize,
}

struct HungMount {
    stuck: usize,
    /// Threads that have long been opening a root there and are not stuck yet.
    opening: usize,
    /// When to let the next probe through, and how long after that another one.
    probe: Instant,
    pause: Duration,
    /// A root was opened there since the last thread hung.
    answers: bool,
}

impl HungMount {
    fn new(now: Instant) -> HungMount {
        HungMount {
            stuck: 0,
            opening: 0,
            probe: now + FIRST_PROBE,
            pause: FIRST_PROBE,
            answers: false,
        }
    }

    /// Whether fewer than `most` threads hang here, or the mount answers, or a probe is due, which is then taken.
    fn lets_through(&mut self, most: usize, now: Instant) -> bool {
        let may_pass = self.may_pass(most, now);
        if may_pass && self.stuck >= most && !self.answers {
            self.probe = now + self.pause;
        }
        may_pass
    }

    fn may_pass(&self, most: usize, now: Instant) -> bool {
        self.stuck < most || self.answers || now >= self.probe
    }

    /// One more thread hangs. If it was a probe, the next one waits longer.
    fn hangs(&mut self, now: Instant) {
        self.answers = false;
        self.stuck += 1;
        if self.stuck > MAX_STUCK_IN_MOUNT {
            self.pause = self.pause.saturating_mul(2).min(LAST_PROBE);
            self.probe = now + self.pause;
        }
    }

    /// A thread has come back: at least part of the file system answers again.
    fn answered(&mut self, now: Instant) {
        self.stuck = self.stuck.saturating_sub(1);
        self.pause = FIRST_PROBE;
        self.probe = self.probe.min(now + FIRST_PROBE);
    }
}

/// Whether a scan may open its root.
pub(crate) enum MayStart {
    Now,
    /// Other starts on the same mount wait for an answer.
    Later,
    /// So many threads hang there that one more would hang too.
    Refused(Error),
}

impl Hung {
    /// Counts another thread that hangs in a mount.
    pub(super) fn count(&self, point: MountPoint) -> MountPoint {
        let mut mounts = self.mounts.lock();
        let now = Instant::now();
        let mount = mounts.entry(Arc::clone(&point));
        mount.or_insert_with(|| HungMount::new(now)).hangs(now);
        self.any.store(true, Ordering::Release);
        self.changes.fetch_add(1, Ordering::Release);
        point
    }

    /// A thread came back from a mount.
    pub(super) fn uncount(&self, point: &MountPoint) {
        let mut mounts = self.mounts.lock();
        if let Some(mount) = mounts.get_mut(point) {
            mount.answered(Instant::now());
        }
        self.changes.fetch_add(1, Ordering::Release);
        self.tidy(&mut mounts);
    }

    /// Replaces the list of mounts where roots are slow to open.
    pub(crate) fn note_opening(&self, points: Vec<MountPoint>) {
        if points.is_empty() && !self.any.load(Ordering::Acquire) {
            return;
        }
        let mut mounts = self.mounts.lock();
        let count = |mounts: &HashMap<MountPoint, HungMount>| -> usize {
            mounts.values().map(|mount| mount.opening).sum()
        };
        let before = count(&mounts);
        mounts.values_mut().for_each(|mount| mount.opening = 0);
        for point in points {
            let mount = mounts.entry(point);
            mount
                .or_insert_with(|| HungMount::new(Instant::now()))
                .opening += 1;
        }
        self.tidy(&mut mounts);
        if count(&mounts) != before {
            self.changes.fetch_add(1, Ordering::Release);
        }
    }

    /// A number that differs after every change.
    pub(crate) fn changes(&self) -> usize {
        self.changes.load(Ordering::Acquire)
    }

    fn tidy(&self, mounts: &mut HashMap<MountPoint, HungMount>) {
        mounts.retain(|_, mount| mount.stuck + mount.opening > 0);
        self.any.store(!mounts.is_empty(), Ordering::Release);
    }

    /// Whether a walk that enters this mount would only hang there.
    pub(crate) fn is_refused(&self, point: &MountPoint) -> bool {
        if !self.any.load(Ordering::Acquire) {
            return false;
        }
        let point = by_table(Arc::clone(point));
        let mut mounts = self.mounts.lock();
        let most = most_at_start(&mounts);
        mounts
            .get_mut(&point)
            .is_some_and(|mount| !mount.lets_through(most, Instant::now()))
    }

    /// Whether a scan may open its root now.
    pub(crate) fn may_start(&self, scan: &Scan) -> MayStart {
        if !self.any.load(Ordering::Acquire) {
            return MayStart::Now;
        }
        let point = scan.mount_point();
        let mut mounts = self.mounts.lock();
        let most = most_at_start(&mounts);
        let Some(mount) = mounts.get_mut(&point) else {
            return MayStart::Now;
        };
        if mount.stuck >= most {
            return match mount.lets_through(most, Instant::now()) {
                true => MayStart::Now,
                false => MayStart::Refused(refusal(scan, &point, mount.stuck)),
            };
        }
        match mount.answers || mount.stuck + mount.opening < most {
            true => MayStart::Now,
            false => MayStart::Later,
        }
    }

    /// Whether a scan that is under way gets no thread for now, because many threads hang, and some of them in its mount.
    /// `probe`: take the probe if one is due.
    pub(crate) fn holds_back(&self, scan: &Scan, probe: bool) -> bool {
        if !self.any.load(Ordering::Acquire) {
            return false;
        }
        let point = scan.mount_point();
        let mut mounts = self.mounts.lock();
        if stuck_in(&mounts) < MANY_STUCK {
            return false;
        }
        let most = most_at_start(&mounts);
        mounts.get_mut(&point).is_some_and(|mount| match probe {
            true => !mount.lets_through(most, Instant::now()),
            false => !mount.may_pass(most, Instant::now()),
        })
    }

    /// A scan has opened its root: let others try as well, until the next thread hangs.
    pub(crate) fn has_answered(&self, scan: &Scan) {
        if self.any.load(Ordering::Acquire)
            && let Some(mount) = self.mounts.lock().get_mut(&scan.mount_point())
        {
            mount.answers = true;
            mount.pause = FIRST_PROBE;
            self.changes.fetch_add(1, Ordering::Release);
        }
    }
}

fn stuck_in(mounts: &HashMap<MountPoint, HungMount>) -> usize {
    mounts.values().map(|mount| mount.stuck).sum()
}

/// How many threads may hang in a mount before it refuses starts.
fn most_at_start(mounts: &HashMap<MountPoint, HungMount>) -> usize {
    if stuck_in(mounts) < TOO_MANY_STUCK {
        MAX_STUCK_IN_MOUNT
    } else {
        1
    }
}

/// The mount point as the system's table names it, by whatever path a walk reached it.
pub(crate) fn by_table(point: MountPoint) -> MountPoint {
    match mounts::mount_of(&point) {
        // The path's text leads to another mount, through a link: keep it.
        Some(found) if *found != *point => point,
        Some(found) => found.into(),
        None => point,
    }
}

fn refusal(scan: &Scan, point: &[u8], stuck: usize) -> Error {
    let reason = Reason::from_errno(Errno::TIMEDOUT);
    let detail = format!(
        "the file system mounted at {} does not answer, and {stuck} threads already wait for it: try again when it answers",
        point.escape_ascii()
    );
    Error {
        detail: Some(detail),
        ..Error::new(reason, Operation::Open, &scan.root.path)
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
