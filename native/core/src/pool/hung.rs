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

use crate::scan::Scan;
use crate::{Error, Operation, Reason, mounts};

/// Maximum number of threads that hang in one mount before scans that start there are refused.
const MAX_STUCK_IN_MOUNT: usize = 4;

/// After this long one more is let through, to see whether the mount answers again; if that hangs as well, the next one
/// after twice as long, and so on: the threads that are lost to a mount that never answers are a handful.
const FIRST_PROBE: Duration = Duration::from_secs(30);

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
}

impl Mount {
    fn new(now: Instant) -> Mount {
        Mount {
            stuck: 0,
            opening: 0,
            probe: now + FIRST_PROBE,
            pause: FIRST_PROBE,
        }
    }

    /// Whether few enough hang here, or it is time to see whether it answers again.
    fn lets_through(&mut self, now: Instant) -> bool {
        if self.stuck < MAX_STUCK_IN_MOUNT {
            return true;
        }
        let due = now >= self.probe;
        if due {
            self.pause = self.pause.saturating_mul(2);
            self.probe = now.checked_add(self.pause).unwrap_or(self.probe);
        }
        due
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
        mounts
            .entry(Arc::clone(&point))
            .or_insert_with(|| Mount::new(Instant::now()))
            .stuck += 1;
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
        mounts
            .get_mut(&point)
            .is_some_and(|mount| !mount.lets_through(Instant::now()))
    }

    /// Whether a scan may open its root now.
    pub(crate) fn may_start(&self, scan: &Scan) -> MayStart {
        if !self.any.load(Ordering::Acquire) {
            return MayStart::Now;
        }
        let point = scan.mount_point();
        let mut mounts = self.mounts.lock();
        let Some(mount) = mounts.get_mut(&point) else {
            return MayStart::Now;
        };
        if mount.stuck >= MAX_STUCK_IN_MOUNT {
            return match mount.lets_through(Instant::now()) {
                true => MayStart::Now,
                false => MayStart::Refused(refusal(scan, &point, mount.stuck)),
            };
        }
        match mount.stuck + mount.opening < MAX_STUCK_IN_MOUNT {
            true => MayStart::Now,
            false => MayStart::Later,
        }
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
        let mut mount = Mount::new(begun);
        let mut let_through = Vec::new();
        for second in 0..7 * 86_400 {
            if mount.lets_through(begun + Duration::from_secs(second)) {
                mount.stuck += 1;
                let_through.push(second);
            }
        }
        assert_eq!(let_through[..7], [0, 1, 2, 3, 30, 90, 210]);
        assert!(let_through.len() < 20, "{let_through:?}");
        // One of them comes back, and the next probe is near again.
        let now = begun + Duration::from_secs(7 * 86_400);
        mount.answered(now);
        assert!(!mount.lets_through(now));
        assert!(mount.lets_through(now + FIRST_PROBE));
    }
}
