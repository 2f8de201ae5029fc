//! The sign of life of a thread: what it is at work on, and how many system calls it has begun. What is done about a
//! thread that is slow or hangs is the business of the timer and the pool.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI32, AtomicU64, Ordering};

use parking_lot::Mutex;

use crate::dir::Dir;
use crate::pool::MountPoint;
use crate::scan::Scan;

/// Sign of life of one thread. What the thread writes all the time is in cache lines of its own.
#[derive(Default)]
#[repr(align(128))]
pub(crate) struct Heartbeat {
    count: AtomicU64,
    /// The timer wants the thread to look around.
    called: AtomicBool,
    replaced: AtomicBool,
    /// It ends, and the pool counts it no more.
    counted_out: AtomicBool,
    /// Its number for the system; 0 before it runs.
    id: AtomicI32,
    at: Mutex<Option<At>>,
    seen: Mutex<Seen>,
    /// Whether it lists a directory that nobody else knows of.
    reading: AtomicBool,
    /// The mount that it is in, if that is another than the root's, and whether there is one.
    mount: Mutex<Option<MountPoint>>,
    in_mount: AtomicBool,
    /// The mount that it hangs in.
    hangs_in: Mutex<Option<MountPoint>>,
}

/// What a thread is at work on.
#[derive(Clone)]
struct At {
    scan: Arc<Scan>,
    /// Closing what a scan that has ended still holds: the thread is none of those attached to it.
    closing: bool,
}

/// What the timer knows of a thread.
#[derive(Default)]
struct Seen {
    count: u64,
    /// Looks in a row that found it at the same system call.
    silent: u32,
}

/// What the timer finds of a thread at work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sign {
    /// System calls since the last look.
    pub calls: u64,
    /// Looks in a row without one.
    pub silent: u32,
}

impl Heartbeat {
    /// The thread begins.
    pub(super) fn begin(&self) {
        self.id.store(crate::sys::thread_id(), Ordering::Relaxed);
    }

    pub(crate) fn id(&self) -> i32 {
        self.id.load(Ordering::Relaxed)
    }

    /// Another system call is about to begin. Only the thread itself counts, so that no locked add is needed.
    #[inline(always)]
    pub(crate) fn beat(&self) {
        self.count.store(
            self.count.load(Ordering::Relaxed).wrapping_add(1),
            Ordering::Relaxed,
        );
    }

    /// Whether the timer wants the thread to look around. Asked before each entry.
    #[inline(always)]
    pub(crate) fn is_called(&self) -> bool {
        self.called.load(Ordering::Relaxed)
    }

    /// Calls the thread.
    pub(crate) fn call(&self) {
        self.called.store(true, Ordering::Relaxed);
    }

    /// The thread looks around.
    pub(super) fn answer(&self) {
        self.called.store(false, Ordering::Relaxed);
    }

    /// Puts the thread to work on a scan, if that may have one more.
    pub(super) fn attach(&self, scan: &Arc<Scan>) -> bool {
        self.beat();
        let attached = scan.attach();
        if attached {
            self.set(scan, false);
        }
        attached
    }

    /// The thread closes what a scan left behind.
    pub(super) fn attach_closing(&self, scan: &Arc<Scan>) {
        self.beat();
        self.set(scan, true);
    }

    fn set(&self, scan: &Arc<Scan>, closing: bool) {
        let scan = Arc::clone(scan);
        *self.at.lock() = Some(At { scan, closing });
    }

    /// Takes the thread from what it was at work on.
    pub(super) fn detach(&self, scan: &Scan) {
        let at = self.at.lock().take();
        match at {
            Some(At { closing: true, .. }) => {}
            Some(_) => {
                scan.attached.fetch_sub(1, Ordering::AcqRel);
            }
            // A replaced thread was detached when it was replaced, and counted as stuck since.
            None => {
                scan.stuck.fetch_sub(1, Ordering::AcqRel);
            }
        }
    }

    /// What there is to see of a thread at work.
    pub(crate) fn look(&self) -> Option<Sign> {
        self.at.lock().as_ref()?;
        let count = self.count.load(Ordering::Relaxed);
        let mut seen = self.seen.lock();
        let calls = count.wrapping_sub(seen.count);
        seen.silent = if calls == 0 { seen.silent + 1 } else { 0 };
        seen.count = count;
        let silent = seen.silent;
        Some(Sign { calls, silent })
    }

    /// Nothing follows from its silence so far: there was no processor for it, or for the timer.
    pub(crate) fn excuse(&self) {
        self.seen.lock().silent = 0;
    }

    /// The scan that it is at work on.
    pub(crate) fn scan(&self) -> Option<Arc<Scan>> {
        self.at.lock().as_ref().map(|at| Arc::clone(&at.scan))
    }

    /// Marks the thread as replaced and takes it from its scan; none if it is not at work any more.
    pub(crate) fn begin_replacement(&self) -> Option<Arc<Scan>> {
        let mut at = self.at.lock();
        if self.is_replaced() {
            // It hangs once more, before the pool has taken it back.
            return None;
        }
        let At { scan, closing } = at.take()?;
        self.replaced.store(true, Ordering::Release);
        // Under the lock: the thread may be coming back, and count itself out right afterwards.
        scan.stuck.fetch_add(1, Ordering::AcqRel);
        if !closing {
            scan.attached.fetch_sub(1, Ordering::AcqRel);
        }
        Some(scan)
    }

    pub(crate) fn is_replaced(&self) -> bool {
        self.replaced.load(Ordering::Acquire)
    }

    /// The thread goes on in a directory.
    #[inline(always)]
    pub(super) fn go_to_mount_of(&self, dir: &Dir) {
        if dir.mount.is_some() || self.in_mount.load(Ordering::Relaxed) {
            self.go_to_mount(dir.mount.clone());
        }
    }

    /// The thread comes to a mount; none is the root's.
    #[cold]
    pub(super) fn go_to_mount(&self, mount: Option<MountPoint>) {
        self.in_mount.store(mount.is_some(), Ordering::Relaxed);
        *self.mount.lock() = mount;
    }

    /// The mount that it is in, if that is another than the root's.
    pub(crate) fn mount(&self) -> Option<MountPoint> {
        self.mount.lock().clone()
    }

    /// It is counted among those that hang in a mount.
    pub(crate) fn hang_on(&self, point: MountPoint) {
        *self.hangs_in.lock() = Some(point);
    }

    /// Where it is not to be counted any more.
    pub(crate) fn returned_from(&self) -> Option<MountPoint> {
        self.hangs_in.lock().take()
    }

    /// It has a directory open that nobody else knows of, or none any more.
    #[inline(always)]
    pub(super) fn read(&self, reading: bool) {
        self.reading.store(reading, Ordering::Relaxed);
    }

    pub(crate) fn is_reading(&self) -> bool {
        self.reading.load(Ordering::Relaxed)
    }

    /// It had nothing to do for a while, and ends.
    pub(crate) fn count_out(&self) {
        self.counted_out.store(true, Ordering::Relaxed);
    }

    pub(crate) fn is_counted_out(&self) -> bool {
        self.counted_out.load(Ordering::Relaxed)
    }

    /// It has come back and is one of the pool's again.
    pub(crate) fn rejoin(&self) {
        self.replaced.store(false, Ordering::Release);
    }
}
