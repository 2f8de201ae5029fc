//! When names are loaded, and when they are loaded again: before a search, or in the background.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use parking_lot::Mutex;

use super::{BUSY, ServiceOptions};
use crate::background;
use crate::error::Error;
use crate::readers::Readers;
use crate::search::{Access, Failed, Loaded, NameCache, Refused};

/// Loading names in the background may take one part in this many of the time.
const PART: u32 = 5;

/// The names of one index, and how they are kept up to date.
pub struct Reloader {
    readers: Arc<Readers>,
    cache: NameCache,
    quick: Duration,
    /// How long loading the names took, and when it ended.
    reading: Mutex<(Duration, Option<Instant>)>,
    is_reloading: AtomicBool,
    is_closed: Arc<AtomicBool>,
}

impl Reloader {
    pub fn new(
        readers: Arc<Readers>,
        options: ServiceOptions,
        is_closed: Arc<AtomicBool>,
    ) -> Reloader {
        Reloader {
            readers,
            cache: NameCache::new(options.memory),
            quick: options.quick,
            reading: Mutex::default(),
            is_reloading: AtomicBool::new(false),
            is_closed,
        }
    }

    /// How many bytes the names take in memory now.
    pub fn bytes(&self) -> usize {
        self.cache.bytes()
    }

    /// Frees the names.
    pub fn free(&self) {
        self.cache.clear();
    }

    /// The names, and whether they were loaded for this query.
    pub fn names(
        this: &Arc<Self>,
        access: Access<'_>,
        cancel: &AtomicBool,
    ) -> Result<(Arc<Loaded>, bool), Failed> {
        let cancelled = || Failed::Refused(Refused::Cancelled);
        let Some(loaded) = this.cache.get() else {
            // Not cancelled with the query: the next keystroke needs the names as well.
            let loaded = this.timed(|| this.cache.get_or_load(access, &this.is_closed))?;
            if cancel.load(Ordering::Acquire) {
                return Err(cancelled());
            }
            return Ok((loaded.ok_or_else(cancelled)?, true));
        };
        if !loaded.is_outdated(access)? {
            return Ok((loaded, false));
        }
        let (took, at) = *this.reading.lock();
        if took <= this.quick && !this.is_reloading.load(Ordering::Acquire) {
            this.timed(|| this.cache.reload(access, &this.is_closed))?;
            return Ok((this.cache.get().ok_or_else(cancelled)?, true));
        }
        if at.is_none_or(|at| at.elapsed() >= took * PART) {
            Reloader::reload_in_background(this);
        }
        Ok((loaded, false))
    }

    fn timed<T>(&self, read: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
        let start = Instant::now();
        let result = read();
        *self.reading.lock() = (start.elapsed(), Some(Instant::now()));
        result
    }

    /// One thread at a time.
    fn reload_in_background(this: &Arc<Self>) {
        if this.is_reloading.swap(true, Ordering::AcqRel) {
            return;
        }
        let theirs = Arc::clone(this);
        let reload = move || {
            // If it fails, the next query tries again.
            let _ = catch_unwind(AssertUnwindSafe(|| theirs.reload()));
            theirs.is_reloading.store(false, Ordering::Release);
        };
        if background::spawn(reload).is_err() {
            this.is_reloading.store(false, Ordering::Release);
        }
    }

    fn reload(&self) -> Result<bool, Error> {
        let pool = self.readers.pool()?;
        let connection = pool.open_reader(BUSY)?;
        let access = Access::new(&connection, pool.gate());
        self.timed(|| self.cache.reload(access, &self.is_closed))
    }
}
