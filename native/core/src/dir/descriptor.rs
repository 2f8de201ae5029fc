//! Open directories that outlast their listing: counted, and bounded.

use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use rustix::fd::{AsFd, BorrowedFd, OwnedFd};
use rustix::io::Errno;
use rustix::process::{Resource, getrlimit};

/// Maximum number of descriptors kept for directories with pending children, if the process may have that many.
const MAX_KEPT: usize = 256;

/// Number of descriptors that scans may use in any case, in a process with very few.
const MIN_OPEN: usize = 8;

/// How many a thread counts at once: with a single counter, threads would wait for its cache line at each directory.
const BATCH: usize = 8;

thread_local! {
    /// Counted in the budget and unused, if this is a thread of the pool.
    static COUNTED: Cell<Option<usize>> = const { Cell::new(None) };
}

/// Keeps what threads write in cache lines of its own.
#[repr(align(128))]
#[derive(Debug, Default)]
struct Apart<T>(T);

/// Counts and bounds a pool's descriptors. It is never freed, so that a descriptor need not count references to it: a
/// hung thread may close one long after the pool is gone.
#[derive(Debug)]
pub(crate) struct Budget {
    open: Apart<AtomicUsize>,
    /// Of these, roots, which come on top of `limit`.
    roots: Apart<AtomicUsize>,
    limit: AtomicUsize,
    /// Whether the process has run out since a scan last ended.
    short: AtomicBool,
    most: usize,
    batch: usize,
    /// Threads that count several at once.
    joined: AtomicUsize,
}

impl Budget {
    pub(crate) fn new() -> &'static Budget {
        let limit = kept_limit();
        Box::leak(Box::new(Budget {
            open: Apart::default(),
            roots: Apart::default(),
            limit: AtomicUsize::new(limit),
            short: AtomicBool::new(false),
            most: limit,
            batch: if limit < 64 { 1 } else { BATCH },
            joined: AtomicUsize::new(0),
        }))
    }

    /// Descriptors counted: at most a few more than are open.
    pub(crate) fn open(&self) -> usize {
        self.open.0.load(Ordering::Relaxed)
    }

    /// How many more roots of parked scans may be reopened. Scans use at most half of what the process may open.
    pub(crate) fn room_to_reopen(&self) -> usize {
        self.room(4)
    }

    /// How many more descriptors scans may open, up to this many eighths of what the process may open.
    fn room(&self, eighths: u64) -> usize {
        let most = getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX) / 8 * eighths;
        let most = usize::try_from(most).unwrap_or(usize::MAX).max(MIN_OPEN);
        // What threads have counted and may not use; roots are counted one by one.
        let spare = self.joined.load(Ordering::Relaxed) * (2 * self.batch + 1);
        let roots = self.roots.0.load(Ordering::Relaxed);
        most.saturating_sub(roots + self.pending().saturating_sub(spare))
    }

    /// Whether one more scan may open its root. An eighth is reserved for parked scans that go on: the rest may be held by
    /// parked scans.
    pub(crate) fn admits_root(&self) -> Result<(), Errno> {
        match self.room(3) {
            0 => Err(Errno::MFILE),
            _ => Ok(()),
        }
    }

    /// The process ran out of descriptors: keep fewer from now on.
    pub(crate) fn shrink(&self) {
        self.short.store(true, Ordering::Relaxed);
        self.limit.fetch_min(self.pending() / 2, Ordering::Relaxed);
    }

    /// Whether the process ran out recently: threads then hold only what they need at the moment.
    #[inline(always)]
    pub(crate) fn is_short(&self) -> bool {
        self.short.load(Ordering::Relaxed)
    }

    /// A scan has ended: restore the whole budget if it was the last one, or double it if descriptors have not run out
    /// since another ended.
    pub(crate) fn restore(&self, all: bool) {
        let short = self.short.swap(false, Ordering::Relaxed);
        let limit = match self.limit.load(Ordering::Relaxed) {
            _ if all => self.most,
            limit if short => limit,
            limit => limit.saturating_mul(2).max(1).min(self.most),
        };
        self.limit.store(limit, Ordering::Relaxed);
    }

    /// Open descriptors that are not roots.
    fn pending(&self) -> usize {
        let roots = self.roots.0.load(Ordering::Relaxed);
        self.open().saturating_sub(roots)
    }

    /// Lets this thread count several at once from now on.
    pub(crate) fn join(&self) {
        self.joined.fetch_add(1, Ordering::Relaxed);
        COUNTED.set(Some(0));
    }

    /// This thread ends.
    pub(crate) fn part(&self) {
        self.settle();
        COUNTED.set(None);
        self.joined.fetch_sub(1, Ordering::Relaxed);
    }

    /// This thread is done for now: returns what it counted and does not use.
    pub(crate) fn settle(&self) {
        if let Some(left) = COUNTED.get()
            && left > 0
        {
            self.open.0.fetch_sub(left, Ordering::Relaxed);
            COUNTED.set(Some(0));
        }
    }

    fn count(&self, most: usize) -> bool {
        if let Some(left @ 1..) = COUNTED.get() {
            COUNTED.set(Some(left - 1));
            return true;
        }
        let batch = match COUNTED.get() {
            Some(_) if !self.is_short() => self.batch,
            _ => 1,
        };
        for step in [batch, 1] {
            let more = |open: usize| (open.saturating_add(step) <= most).then_some(open + step);
            let counted = self
                .open
                .0
                .fetch_update(Ordering::Relaxed, Ordering::Relaxed, more);
            if counted.is_ok() {
                if step > 1 {
                    COUNTED.set(Some(step - 1));
                }
                return true;
            }
        }
        false
    }

    fn uncount(&self) {
        match COUNTED.get() {
            // When descriptors are short, return unused ones to the others at once.
            Some(left) if left < 2 * self.batch && !self.is_short() => {
                COUNTED.set(Some(left + 1));
            }
            Some(left) => {
                self.open.0.fetch_sub(left + 1, Ordering::Relaxed);
                COUNTED.set(Some(0));
            }
            None => {
                self.open.0.fetch_sub(1, Ordering::Relaxed);
            }
        }
    }
}

/// An open directory, counted.
#[derive(Debug)]
pub(crate) struct Descriptor {
    fd: OwnedFd,
    budget: &'static Budget,
    root: bool,
}

impl Descriptor {
    /// For as long as a thread reads it, or opens something beneath it.
    pub(crate) fn new(fd: OwnedFd, budget: &'static Budget) -> Arc<Descriptor> {
        budget.count(usize::MAX);
        let root = false;
        Arc::new(Descriptor { fd, budget, root })
    }

    /// For the start of a scan, or a root.
    pub(crate) fn root(fd: OwnedFd, budget: &'static Budget) -> Arc<Descriptor> {
        budget.count(usize::MAX);
        budget.roots.0.fetch_add(1, Ordering::Relaxed);
        let root = true;
        Arc::new(Descriptor { fd, budget, root })
    }

    /// For children that are to be opened, if the budget has room.
    pub(crate) fn kept(fd: OwnedFd, budget: &'static Budget) -> Result<Arc<Descriptor>, OwnedFd> {
        if budget.is_short() {
            budget.settle();
        }
        let roots = budget.roots.0.load(Ordering::Relaxed);
        let limit = budget.limit.load(Ordering::Relaxed);
        if !budget.count(limit.saturating_add(roots)) {
            return Err(fd);
        }
        let root = false;
        Ok(Arc::new(Descriptor { fd, budget, root }))
    }

    /// Whether the budget lets it stay open for children.
    pub(crate) fn has_budget(&self) -> bool {
        self.root || self.budget.pending() <= self.budget.limit.load(Ordering::Relaxed)
    }

    /// Whether it may stay open while its scan is parked, even a root: half of the budget is for scans that go on.
    pub(crate) fn has_budget_parked(&self) -> bool {
        self.budget.open() <= self.budget.limit.load(Ordering::Relaxed) / 2
    }

    /// Whether it is a root or a start.
    pub(crate) fn is_root(&self) -> bool {
        self.root
    }

    pub(crate) fn fd(&self) -> BorrowedFd<'_> {
        self.fd.as_fd()
    }
}

impl Drop for Descriptor {
    fn drop(&mut self) {
        if self.root {
            self.budget.roots.0.fetch_sub(1, Ordering::Relaxed);
        }
        self.budget.uncount();
    }
}

/// A quarter of the descriptors that the process may still open.
fn kept_limit() -> usize {
    let most = getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX);
    // The lowest free number is about how many are open, and costs one call instead of a listing of /proc.
    let open = rustix::io::fcntl_dupfd_cloexec(rustix::stdio::stdin(), 0)
        .map_or(0, |fd| rustix::fd::AsRawFd::as_raw_fd(&fd).unsigned_abs());
    let left = most.saturating_sub(u64::from(open)) / 4;
    usize::try_from(left).unwrap_or(MAX_KEPT).min(MAX_KEPT)
}
