//! The sign of life of a thread: which scan it is at work on, and how many system calls it has begun. What is done
//! about a thread that hangs is the business of the timer and the pool.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use parking_lot::Mutex;

use crate::scan::Scan;

/// Sign of life of one thread: the timer sees by it who hangs in a system call.
#[derive(Default)]
pub(crate) struct Beat {
    count: AtomicU64,
    scan: Mutex<Option<Arc<Scan>>>,
    seen: Mutex<Option<(u64, Instant)>>,
    replaced: AtomicBool,
}

impl Beat {
    /// Another system call is about to begin. Only the thread itself counts, so that no locked add is needed.
    #[inline]
    pub(crate) fn beat(&self) {
        self.count.store(
            self.count.load(Ordering::Relaxed).wrapping_add(1),
            Ordering::Relaxed,
        );
    }

    /// Puts the thread to work on a scan, if that may have one more.
    pub(super) fn attach(&self, scan: &Arc<Scan>) -> bool {
        self.beat();
        let attached = scan.attach();
        if attached {
            *self.scan.lock() = Some(scan.clone());
        }
        attached
    }

    /// Takes the thread from the scan that it was at work on.
    pub(super) fn detach(&self, scan: &Scan) {
        let at = self.scan.lock().take();
        // A replaced thread was detached when it was replaced, and counted as stuck since.
        let count = if at.is_some() {
            &scan.attached
        } else {
            &scan.stuck
        };
        count.fetch_sub(1, Ordering::AcqRel);
    }

    /// How long the thread has been silent, if it is at work.
    pub(crate) fn silent_for(&self, now: Instant) -> Option<Duration> {
        self.scan.lock().as_ref()?;
        let count = self.count.load(Ordering::Relaxed);
        let mut seen = self.seen.lock();
        match &*seen {
            Some((before, since)) if *before == count => Some(now.duration_since(*since)),
            _ => {
                *seen = Some((count, now));
                Some(Duration::ZERO)
            }
        }
    }

    /// Marks the thread as replaced and takes it from its scan; none if it is not at work any more.
    pub(crate) fn begin_replacement(&self) -> Option<Arc<Scan>> {
        let mut at = self.scan.lock();
        let scan = at.take()?;
        self.replaced.store(true, Ordering::Release);
        // Under the lock: the thread may be coming back, and count itself out right afterwards.
        scan.stuck.fetch_add(1, Ordering::AcqRel);
        scan.attached.fetch_sub(1, Ordering::AcqRel);
        Some(scan)
    }

    pub(crate) fn is_replaced(&self) -> bool {
        self.replaced.load(Ordering::Acquire)
    }
}
