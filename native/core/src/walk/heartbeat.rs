//! A thread's sign of life: what it is working on, and how many system calls it has begun. The timer and the pool
//! decide what to do about a thread that is slow or hangs.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI32, AtomicU64, Ordering};

use parking_lot::Mutex;

use crate::dir::Dir;
use crate::pool::MountPoint;
use crate::scan::Scan;

/// Sign of life of one thread, in cache lines of its own, as the thread writes it all the time.
#[derive(Default)]
#[repr(align(128))]
pub(crate) struct Heartbeat {
    count: AtomicU64,
    /// The timer asks the thread to pause and check what others need.
    called: AtomicBool,
    replaced: AtomicBool,
    /// It is ending, and the pool no longer counts it.
    counted_out: AtomicBool,
    /// Its thread id; 0 before it runs.
    id: AtomicI32,
    at: Mutex<Option<At>>,
    seen: Mutex<Seen>,
    /// Whether it lists a directory that no other thread knows of.
    reading: AtomicBool,
    /// The mount that it is in, if not the root's; and whether there is one.
    mount: Mutex<Option<MountPoint>>,
    in_mount: AtomicBool,
    /// The mount that it is counted as hanging in.
    hangs_in: Mutex<Option<MountPoint>>,
}

/// What a thread is working on.
#[derive(Clone)]
struct At {
    scan: Arc<Scan>,
    /// Closing what an ended scan still holds: the thread is not attached to it.
    closing: bool,
}

/// What the timer remembers of a thread.
#[derive(Default)]
struct Seen {
    count: u64,
    /// Ticks in a row at which it was in the same system call.
    silent: u32,
}

/// What the timer sees of a working thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sign {
    /// System calls since the last tick.
    pub calls: u64,
    /// Ticks in a row without one.
    pub silent: u32,
}

impl Heartbeat {
    /// The thread starts.
    pub(super) fn begin(&self) {
        self.id.store(crate::sys::thread_id(), Ordering::Relaxed);
    }

    pub(crate) fn id(&self) -> i32 {
        self.id.load(Ordering::Relaxed)
    }

    /// Another system call is about to begin. Only the thread itself counts, so no atomic add is needed.
    #[inline(always)]
    pub(crate) fn beat(&self) {
        self.count.store(
            self.count.load(Ordering::Relaxed).wrapping_add(1),
            Ordering::Relaxed,
        );
    }

    /// Whether the timer has called the thread. Checked before each entry.
    #[inline(always)]
    pub(crate) fn is_called(&self) -> bool {
        self.called.load(Ordering::Relaxed)
    }

    /// Calls the thread.
    pub(crate) fn call(&self) {
        self.called.store(true, Ordering::Relaxed);
    }

    /// The thread responds to the call.
    pub(super) fn answer(&self) {
        self.called.store(false, Ordering::Relaxed);
    }

    /// Attaches the thread to a scan, if that has room.
    pub(super) fn attach(&self, scan: &Arc<Scan>) -> bool {
        self.beat();
        let attached = scan.attach();
        if attached {
            self.set(scan, false);
        }
        attached
    }

    /// Notes that the thread closes what a scan left behind.
    pub(super) fn attach_closing(&self, scan: &Arc<Scan>) {
        self.beat();
        self.set(scan, true);
    }

    fn set(&self, scan: &Arc<Scan>, closing: bool) {
        let scan = Arc::clone(scan);
        *self.at.lock() = Some(At { scan, closing });
    }

    /// Detaches the thread from its scan.
    pub(super) fn detach(&self, scan: &Scan) {
        let at = self.at.lock().take();
        match at {
            Some(At { closing: true, .. }) => {}
            Some(_) => {
                scan.attached.fetch_sub(1, Ordering::AcqRel);
            }
            // A replaced thread was detached when it was replaced, and has counted as stuck since.
            None => {
                scan.stuck.fetch_sub(1, Ordering::AcqRel);
            }
        }
    }

    /// Samples a working thread.
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

    /// Resets its silence, which proves nothing: there was no processor for the thread.
    pub(crate) fn excuse(&self) {
        self.seen.lock().silent = 0;
    }

    /// The scan that it works on.
    pub(crate) fn scan(&self) -> Option<Arc<Scan>> {
        self.at.lock().as_ref().map(|at| Arc::clone(&at.scan))
    }

    /// Marks the thread as replaced and detaches it from its scan; `None` if it no longer works.
    pub(crate) fn begin_replacement(&self) -> Option<Arc<Scan>> {
        let mut at = self.at.lock();
        if self.is_replaced() {
            // It hangs once more, before the pool has taken it back.
            return None;
        }
        let At { scan, closing } = at.take()?;
        self.replaced.store(true, Ordering::Release);
        // Under the lock: the thread may be coming back, and detach itself right afterwards.
        scan.stuck.fetch_add(1, Ordering::AcqRel);
        if !closing {
            scan.attached.fetch_sub(1, Ordering::AcqRel);
        }
        Some(scan)
    }

    pub(crate) fn is_replaced(&self) -> bool {
        self.replaced.load(Ordering::Acquire)
    }

    /// Notes the mount of the directory in which the thread goes on.
    #[inline(always)]
    pub(super) fn go_to_mount_of(&self, dir: &Dir) {
        if dir.mount.is_some() || self.in_mount.load(Ordering::Relaxed) {
            self.go_to_mount(dir.mount.clone());
        }
    }

    /// Notes the mount that the thread comes to; `None` is the root's.
    #[cold]
    pub(super) fn go_to_mount(&self, mount: Option<MountPoint>) {
        self.in_mount.store(mount.is_some(), Ordering::Relaxed);
        *self.mount.lock() = mount;
    }

    /// The mount that it is in, if not the root's.
    pub(crate) fn mount(&self) -> Option<MountPoint> {
        self.mount.lock().clone()
    }

    /// Notes that it is counted as hanging in a mount.
    pub(crate) fn hang_on(&self, point: MountPoint) {
        *self.hangs_in.lock() = Some(point);
    }

    /// The mount to stop counting it in.
    pub(crate) fn returned_from(&self) -> Option<MountPoint> {
        self.hangs_in.lock().take()
    }

    /// Notes whether it has a directory open that no other thread knows of.
    #[inline(always)]
    pub(super) fn read(&self, reading: bool) {
        self.reading.store(reading, Ordering::Relaxed);
    }

    pub(crate) fn is_reading(&self) -> bool {
        self.reading.load(Ordering::Relaxed)
    }

    /// Notes that it ends, after having nothing to do for a while.
    pub(crate) fn count_out(&self) {
        self.counted_out.store(true, Ordering::Relaxed);
    }

    pub(crate) fn is_counted_out(&self) -> bool {
        self.counted_out.load(Ordering::Relaxed)
    }

    /// Takes a thread that came back into the pool again.
    pub(crate) fn rejoin(&self) {
        self.replaced.store(false, Ordering::Release);
    }
}
