//! Which mounts hang: how many threads are stuck in each, and whether one more scan may start there.
//!
//! Nothing is looked up before a thread is stuck. Opening a root is where a scan of a hung mount gets to, so it is what is
//! held back: a start takes a thread with it.

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

/// With so many threads stuck in all mounts, scans of a mount where as many hang as a start may use are given no thread.
const MANY_STUCK: usize = POOL_MAX_STUCK / 4;

/// With so many, scans of a mount where any thread hangs.
const TOO_MANY_STUCK: usize = POOL_MAX_STUCK / 2;

/// After this long one more is let through, to see whether the mount answers again; if that hangs as well, the next one
/// after twice as long, and so on: the threads that are lost to a mount that never answers are a handful.
const FIRST_PROBE: Duration = Duration::from_secs(30);

/// The longest pause between two of these.
const LAST_PROBE: Duration = Duration::from_secs(24 * 3600);

/// Where a path lies, as text.
pub(crate) type MountPoint = Arc<[u8]>;

/// The mounts with stuck threads, and those whose roots are slow to open.
#[derive(Default)]
pub(crate) struct Hung {
    mounts: Mutex<HashMap<MountPoint, Mount>>,
    /// Whether there are any: asked at each start.
    any: AtomicBool,
    /// Goes up whenever something of this changes.
    changes: AtomicUsize,
}

struct Mount {
    stuck: usize,
    /// Threads that have been opening a root there for long, and are not stuck yet.
    opening: usize,
    /// When the next one may be let through to see whether it answers, and how long after that another one.
    probe: Instant,
    pause: Duration,
    /// Since threads hang there, a root was opened.
    answers: bool,
}

impl Mount {
    fn new(now: Instant) -> Mount {
        Mount {
            stuck: 0,
            opening: 0,
            probe: now + FIRST_PROBE,
            pause: FIRST_PROBE,
            answers: false,
        }
    }

    /// Whether fewer than `most` hang here, or it is time to see whether it answers again.
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

    /// One more hangs: if that was to see whether it answers, the next one waits for longer.
    fn hangs(&mut self, now: Instant) {
        self.answers = false;
        self.stuck += 1;
        if self.stuck > MAX_STUCK_IN_MOUNT {
            self.pause = self.pause.saturating_mul(2).min(LAST_PROBE);
            self.probe = now + self.pause;
        }
    }

    /// A thread has come back: it answers again, or some of it does.
    fn answered(&mut self, now: Instant) {
        self.stuck = self.stuck.saturating_sub(1);
        self.pause = FIRST_PROBE;
        self.probe = self.probe.min(now + FIRST_PROBE);
    }
}

/// Whether a scan may open its root.
pub(crate) enum MayStart {
    Now,
    /// Others are at it on the same mount, and have no answer yet.
    Later,
    /// So many threads hang there that one more would too.
    Refused(Error),
}

impl Hung {
    /// Another thread hangs in a mount.
    pub(super) fn count(&self, point: MountPoint) -> MountPoint {
        let mut mounts = self.mounts.lock();
        let now = Instant::now();
        let mount = mounts.entry(Arc::clone(&point));
        mount.or_insert_with(|| Mount::new(now)).hangs(now);
        self.any.store(true, Ordering::Release);
        self.changes.fetch_add(1, Ordering::Release);
        point
    }

    /// It has come back.
    pub(super) fn uncount(&self, point: &MountPoint) {
        let mut mounts = self.mounts.lock();
        if let Some(mount) = mounts.get_mut(point) {
            mount.answered(Instant::now());
        }
        self.changes.fetch_add(1, Ordering::Release);
        self.tidy(&mut mounts);
    }

    /// Takes note of where roots are slow to open, in place of what was noted before.
    pub(crate) fn note_opening(&self, points: Vec<MountPoint>) {
        if points.is_empty() && !self.any.load(Ordering::Acquire) {
            return;
        }
        let mut mounts = self.mounts.lock();
        let count = |mounts: &HashMap<MountPoint, Mount>| -> usize {
            mounts.values().map(|mount| mount.opening).sum()
        };
        let before = count(&mounts);
        mounts.values_mut().for_each(|mount| mount.opening = 0);
        for point in points {
            let mount = mounts.entry(point);
            mount.or_insert_with(|| Mount::new(Instant::now())).opening += 1;
        }
        self.tidy(&mut mounts);
        if count(&mounts) != before {
            self.changes.fetch_add(1, Ordering::Release);
        }
    }

    /// A number that changes with what is known.
    pub(crate) fn changes(&self) -> usize {
        self.changes.load(Ordering::Acquire)
    }

    fn tidy(&self, mounts: &mut HashMap<MountPoint, Mount>) {
        mounts.retain(|_, mount| mount.stuck + mount.opening > 0);
        self.any.store(!mounts.is_empty(), Ordering::Release);
    }

    /// Whether a walk that comes to this mount would only hang there.
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

    /// Whether a scan that is under way gets no thread for now: so many hang that those of its mount would be the rest.
    /// `is_sure`: who asks takes it up otherwise, and may be the one that sees whether the mount answers again.
    pub(crate) fn holds_back(&self, scan: &Scan, is_sure: bool) -> bool {
        if !self.any.load(Ordering::Acquire) {
            return false;
        }
        let point = scan.mount_point();
        let mut mounts = self.mounts.lock();
        if stuck_in(&mounts) < MANY_STUCK {
            return false;
        }
        let most = most_at_start(&mounts);
        mounts.get_mut(&point).is_some_and(|mount| match is_sure {
            true => !mount.lets_through(most, Instant::now()),
            false => !mount.may_pass(most, Instant::now()),
        })
    }

    /// A scan has opened its root: others may try as well, until the next thread hangs.
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

fn stuck_in(mounts: &HashMap<MountPoint, Mount>) -> usize {
    mounts.values().map(|mount| mount.stuck).sum()
}

/// How many threads may hang in a mount before nobody starts there.
fn most_at_start(mounts: &HashMap<MountPoint, Mount>) -> usize {
    if stuck_in(mounts) < TOO_MANY_STUCK {
        MAX_STUCK_IN_MOUNT
    } else {
        1
    }
}

/// The same mount point as the system's table has it, whatever way a walk came to it.
pub(crate) fn by_table(point: MountPoint) -> MountPoint {
    match mounts::mount_of(&point) {
        // By its text the way leads to another: through a link.
        Some(found) if *found != *point => point,
        Some(found) => found.into(),
        None => point,
    }
}

fn refusal(scan: &Scan, point: &[u8], stuck: usize) -> Error {
    let reason = Reason::from_errno(Errno::TIMEDOUT);
    let detail = format!(
        "the file system mounted at {} does not answer, and {stuck} threads wait for it already",
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

    /// Somebody comes each second, and each that is let through hangs.
    #[test]
    fn a_mount_that_never_answers_costs_a_handful_of_threads() {
        let begun = Instant::now();
        let at = |second| begun + Duration::from_secs(second);
        let mut mount = Mount::new(begun);
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

    /// Another mount is put in the place of one that hangs, whose threads never come back.
    #[test]
    fn a_mount_that_was_repaired_is_open_after_one_probe() {
        let begun = Instant::now();
        let at = |second| begun + Duration::from_secs(second);
        let mut mount = Mount::new(begun);
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
