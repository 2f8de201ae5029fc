//! Which mounts hang: how many threads are stuck in each, and whether one more scan may start there.
//!
//! Nothing is looked up before a thread is stuck. A scan of a hung mount gets no further than opening its root, so
//! starts are what is held back: each takes a thread with it.

mod mount;

use std::collections::HashMap;
use std::ffi::CStr;
use std::os::fd::{AsRawFd, BorrowedFd};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Instant;

use parking_lot::Mutex;
use rustix::io::Errno;

use super::POOL_MAX_STUCK;
use crate::scan::Scan;
use crate::{Error, Operation, Reason, mounts};
use mount::HungMount;

/// Maximum number of threads that hang in one mount before scans that start there are refused.
const MAX_STUCK_IN_MOUNT: usize = 4;

/// With this many threads stuck in all mounts together, scans of a mount that refuses starts get no thread either.
const MANY_STUCK: usize = POOL_MAX_STUCK / 4;

/// With this many, one stuck thread is enough for a mount to refuse starts.
const TOO_MANY_STUCK: usize = POOL_MAX_STUCK / 2;

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
        if points.is_empty() && !self.is_any() {
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

    /// Whether any mount hangs or is slow to open.
    #[inline(always)]
    pub(crate) fn is_any(&self) -> bool {
        self.any.load(Ordering::Acquire)
    }

    fn tidy(&self, mounts: &mut HashMap<MountPoint, HungMount>) {
        mounts.retain(|_, mount| mount.stuck + mount.opening > 0);
        self.any.store(!mounts.is_empty(), Ordering::Release);
    }

    /// Whether a walk that enters this mount would only hang there.
    pub(crate) fn is_refused(&self, point: &MountPoint) -> bool {
        if !self.is_any() {
            return false;
        }
        let mut mounts = self.mounts.lock();
        let most = most_at_start(&mounts);
        mounts
            .get_mut(point)
            .is_some_and(|mount| !mount.lets_through(most, Instant::now()))
    }

    /// Whether looking at an entry of a directory would only hang, as it is the root of a mount where threads hang.
    #[cold]
    pub(crate) fn refuses_look(&self, dir: BorrowedFd<'_>, name: &CStr) -> bool {
        self.mount_at(dir, name)
            .is_some_and(|point| self.is_refused(&point))
    }

    /// An entry was looked at: if it is the root of a mount where threads hang, let others try as well.
    #[cold]
    pub(crate) fn has_answered_look(&self, dir: BorrowedFd<'_>, name: &CStr) {
        if let Some(point) = self.mount_at(dir, name) {
            self.answered(&point);
        }
    }

    /// The mount at an entry of a directory, if threads hang there.
    fn mount_at(&self, dir: BorrowedFd<'_>, name: &CStr) -> Option<MountPoint> {
        let name = name.to_bytes();
        let is_named = |point: &MountPoint| point.rsplit(|byte| *byte == b'/').next() == Some(name);
        // Nearly always there is none of this name.
        if !self.mounts.lock().keys().any(is_named) {
            return None;
        }
        mounts::mount_point_at(dir.as_raw_fd(), name).map(Into::into)
    }

    /// Whether a scan may open its root now.
    pub(crate) fn may_start(&self, scan: &Scan) -> MayStart {
        if !self.is_any() {
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
        if !self.is_any() {
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
        if self.is_any() {
            self.answered(&scan.mount_point());
        }
    }

    fn answered(&self, point: &MountPoint) {
        if let Some(mount) = self.mounts.lock().get_mut(point) {
            mount.root_answered();
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
