//! The names of one index while they are in memory: loaded when first needed, shared by all
//! searches, and freed when idle. The owner decides when that is, and when to load them again.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use parking_lot::Mutex;

use super::load::{Access, Loaded, load};
use crate::error::Error;

/// A cache for the names of one index.
#[derive(Debug)]
pub struct NameCache {
    limit: usize,
    held: Mutex<Option<Arc<Loaded>>>,
    /// Only one thread loads at a time.
    reading: Mutex<()>,
}

impl NameCache {
    /// For names of at most about `limit` bytes, also while they are loaded. `reload` holds the old
    /// ones besides until it has the new ones.
    pub fn new(limit: usize) -> Self {
        NameCache {
            limit,
            held: Mutex::new(None),
            reading: Mutex::new(()),
        }
    }

    /// The names, if they are loaded.
    pub fn get(&self) -> Option<Arc<Loaded>> {
        self.held.lock().clone()
    }

    /// The names, which are loaded first if necessary. None if cancelled.
    pub fn get_or_load(
        &self,
        access: Access<'_>,
        cancel: &AtomicBool,
    ) -> Result<Option<Arc<Loaded>>, Error> {
        if let Some(loaded) = self.get() {
            return Ok(Some(loaded));
        }
        let _reading = self.reading.lock();
        match self.get() {
            Some(loaded) => Ok(Some(loaded)),
            None => self.read(access, cancel),
        }
    }

    /// Loads the names again while searches continue in the old ones, unless another thread is
    /// already doing so. Returns whether there are new ones.
    pub fn reload(&self, access: Access<'_>, cancel: &AtomicBool) -> Result<bool, Error> {
        match self.reading.try_lock() {
            Some(_reading) => Ok(self.read(access, cancel)?.is_some()),
            None => Ok(false),
        }
    }

    fn read(&self, access: Access<'_>, cancel: &AtomicBool) -> Result<Option<Arc<Loaded>>, Error> {
        let loaded = load(access, self.limit, cancel)?.map(Arc::new);
        if let Some(loaded) = &loaded {
            // Freeing millions of names takes time: do it outside the lock.
            let old = self.held.lock().replace(loaded.clone());
            drop(old);
        }
        Ok(loaded)
    }

    /// Frees the names.
    pub fn clear(&self) {
        let gone = self.held.lock().take();
        // Freeing millions of names takes time: do it outside the lock.
        drop(gone);
    }

    /// What the names take in memory now.
    pub fn bytes(&self) -> usize {
        self.get().map_or(0, |loaded| loaded.names.bytes())
    }
}
