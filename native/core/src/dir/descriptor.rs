//! Open directories, counted, and the bound on how many of a pool are kept for later.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use rustix::fd::{AsFd, BorrowedFd, OwnedFd};

/// Counts the descriptors of a pool, and bounds those kept for later.
#[derive(Debug)]
pub(crate) struct Budget {
    open: AtomicUsize,
    kept: AtomicUsize,
    limit: AtomicUsize,
    /// Whether the process ran out since a scan ended.
    short: AtomicBool,
    most: usize,
}

impl Budget {
    pub(crate) fn new(limit: usize) -> Arc<Budget> {
        Arc::new(Budget {
            open: AtomicUsize::new(0),
            kept: AtomicUsize::new(0),
            limit: AtomicUsize::new(limit),
            short: AtomicBool::new(false),
            most: limit,
        })
    }

    /// Descriptors open.
    pub(crate) fn open(&self) -> usize {
        self.open.load(Ordering::Relaxed)
    }

    /// The process ran out: keep fewer from now on.
    pub(crate) fn shrink(&self) {
        self.short.store(true, Ordering::Relaxed);
        let kept = self.kept.load(Ordering::Relaxed);
        self.limit.fetch_min(kept / 2, Ordering::Relaxed);
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

    pub(super) fn keep(
        self: &Arc<Self>,
        descriptor: Arc<Descriptor>,
    ) -> Result<Kept, Arc<Descriptor>> {
        let limit = self.limit.load(Ordering::Relaxed);
        let more = |kept: usize| (kept < limit).then_some(kept + 1);
        match self
            .kept
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, more)
        {
            Ok(_) => Ok(Kept {
                descriptor,
                budget: Some(self.clone()),
            }),
            Err(_) => Err(descriptor),
        }
    }
}

/// An open directory, counted.
#[derive(Debug)]
pub(crate) struct Descriptor {
    fd: OwnedFd,
    pub(super) budget: Arc<Budget>,
}

impl Descriptor {
    pub(crate) fn new(fd: OwnedFd, budget: &Arc<Budget>) -> Arc<Descriptor> {
        budget.open.fetch_add(1, Ordering::Relaxed);
        Arc::new(Descriptor {
            fd,
            budget: budget.clone(),
        })
    }

    pub(crate) fn fd(&self) -> BorrowedFd<'_> {
        self.fd.as_fd()
    }
}

impl Drop for Descriptor {
    fn drop(&mut self) {
        self.budget.open.fetch_sub(1, Ordering::Relaxed);
    }
}

/// A descriptor kept for a directory whose children are pending. Roots are kept outside of the budget.
#[derive(Debug)]
pub(crate) struct Kept {
    pub(super) descriptor: Arc<Descriptor>,
    pub(super) budget: Option<Arc<Budget>>,
}

impl Drop for Kept {
    fn drop(&mut self) {
        if let Some(budget) = &self.budget {
            budget.kept.fetch_sub(1, Ordering::Relaxed);
        }
    }
}
