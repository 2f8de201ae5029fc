//! Open directories that outlast their listing, counted, and the bounds on how many of them there are.

use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use rustix::fd::{AsFd, BorrowedFd, OwnedFd};
use rustix::io::Errno;
use rustix::process::{Resource, getrlimit};

/// Descriptors kept for directories whose children are pending, if the process may have that many.
const MAX_KEPT: usize = 256;

/// A process with very few descriptors may use so many of them for scans.
const MIN_OPEN: usize = 8;

/// How many a thread counts at once: with a single counter, threads would wait for its cache line at each directory.
const BATCH: usize = 8;

thread_local! {
    /// Counted in the budget and not used, by a thread of the pool.
    static COUNTED: Cell<Option<usize>> = const { Cell::new(None) };
}

/// What threads write is in cache lines of its own.
#[repr(align(128))]
#[derive(Debug, Default)]
struct Apart<T>(T);

/// Counts the descriptors of a pool, and bounds them. It lasts as long as the process, so that a descriptor need not
/// count its references: a hung thread may close one long after the pool is gone.
#[derive(Debug)]
pub(crate) struct Budget {
    open: Apart<AtomicUsize>,
    /// Of these, roots: they come on top of `limit`.
    roots: Apart<AtomicUsize>,
    limit: AtomicUsize,
    /// Whether the process ran out since a scan ended.
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

    /// How many more roots of parked scans may be opened again: never more descriptors than half of what the process may
    /// have.
    pub(crate) fn room_to_reopen(&self) -> usize {
        self.room(4)
    }

    /// Up to so many eighths of what the process may have.
    fn room(&self, eighths: u64) -> usize {
        let most = getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX) / 8 * eighths;
        let most = usize::try_from(most).unwrap_or(usize::MAX).max(MIN_OPEN);
        // What threads have counted and may not use; roots are counted one by one.
        let spare = self.joined.load(Ordering::Relaxed) * (2 * self.batch + 1);
        let roots = self.roots.0.load(Ordering::Relaxed);
        most.saturating_sub(roots + self.pending().saturating_sub(spare))
    }

    /// Whether one more scan may open its root. What parked scans hold may be all that there is for scans: some is kept
    /// back, so that those can go on.
    pub(crate) fn admits_root(&self) -> Result<(), Errno> {
        match self.room(3) {
            0 => Err(Errno::MFILE),
            _ => Ok(()),
        }
    }

    /// The process ran out: keep fewer from now on.
    pub(crate) fn shrink(&self) {
        self.short.store(true, Ordering::Relaxed);
        self.limit.fetch_min(self.pending() / 2, Ordering::Relaxed);
    }

    /// Whether the process ran out not long ago: threads then hold what they need at the moment, and no more.
    #[inline(always)]
    pub(crate) fn is_short(&self) -> bool {
        self.short.load(Ordering::Relaxed)
    }

    /// A scan has ended: back to the whole budget when no scan is left that ran out, and to twice as much if none ran
    /// out since another ended.
    pub(crate) fn restore(&self, all: bool) {
        let short = self.short.swap(false, Ordering::Relaxed);
        let limit = match self.limit.load(Ordering::Relaxed) {
            _ if all => self.most,
            limit if short => limit,
            limit => limit.saturating_mul(2).max(1).min(self.most),
        };
        self.limit.store(limit, Ordering::Relaxed);
    }

    /// Those that are open and no roots.
    fn pending(&self) -> usize {
        let roots = self.roots.0.load(Ordering::Relaxed);
        self.open().saturating_sub(roots)
    }

    /// This thread counts several at once from now on.
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

    /// This thread is done for now: what it counted and does not use is given back.
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
            // Where there are few, those that are not used are for others at once.
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

    /// Of the start of a scan, or of a root.
    pub(crate) fn root(fd: OwnedFd, budget: &'static Budget) -> Arc<Descriptor> {
        budget.count(usize::MAX);
        budget.roots.0.fetch_add(1, Ordering::Relaxed);
        let root = true;
        Arc::new(Descriptor { fd, budget, root })
    }

    /// For children that are to be opened, if there is room in the budget.
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

    /// Whether it may stay open for children, as far as the budget goes.
    pub(crate) fn has_budget(&self) -> bool {
        self.root || self.budget.pending() <= self.budget.limit.load(Ordering::Relaxed)
    }

    /// Whether it may stay open though its scan is parked, a root's too: half of the budget is for scans that go on.
    pub(crate) fn has_budget_parked(&self) -> bool {
        self.budget.open() <= self.budget.limit.load(Ordering::Relaxed) / 2
    }

    /// Whether it is a root's, or a start's.
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
