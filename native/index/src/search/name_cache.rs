//! The names of one index while they are in memory: read when first needed, shared by all who search, given back when
//! nobody has for a while. When to read them again, and to look for idleness, is for the owner to say.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use parking_lot::Mutex;

use super::load::{Access, Loaded, load};
use crate::error::Error;

/// Holds names, or none.
#[derive(Debug)]
pub struct NameCache {
    limit: usize,
    held: Mutex<Option<(Arc<Loaded>, Instant)>>,
    /// One reads at a time.
    reading: Mutex<()>,
}

impl NameCache {
    /// For names that take at most about so many bytes.
    pub fn new(limit: usize) -> Self {
        NameCache {
            limit,
            held: Mutex::new(None),
            reading: Mutex::new(()),
        }
    }

    /// The names, if they are there; they count as used now.
    pub fn get(&self) -> Option<Arc<Loaded>> {
        let mut held = self.held.lock();
        let (loaded, used) = held.as_mut()?;
        *used = Instant::now();
        Some(loaded.clone())
    }

    /// The names; they are read first if they are not there. None if cancelled.
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

    /// Reads the names again, while searches go on in the old ones; not if somebody else is reading them. Says whether
    /// there are new ones.
    pub fn reload(&self, access: Access<'_>, cancel: &AtomicBool) -> Result<bool, Error> {
        match self.reading.try_lock() {
            Some(_reading) => Ok(self.read(access, cancel)?.is_some()),
            None => Ok(false),
        }
    }

    fn read(&self, access: Access<'_>, cancel: &AtomicBool) -> Result<Option<Arc<Loaded>>, Error> {
        let loaded = load(access, None, self.limit, cancel)?.map(Arc::new);
        if let Some(loaded) = &loaded {
            // Millions of names are freed with the old ones: outside the lock.
            let old = self.held.lock().replace((loaded.clone(), Instant::now()));
            drop(old);
        }
        Ok(loaded)
    }

    /// Gives the names back if nobody has used them for so long. Says how many bytes that were.
    pub fn drop_idle(&self, idle: Duration) -> usize {
        let gone = self.held.lock().take_if(|(_, used)| used.elapsed() >= idle);
        // Millions of names are freed here, outside the lock.
        gone.map_or(0, |(loaded, _)| loaded.names.bytes())
    }

    /// What the names take in memory now.
    pub fn bytes(&self) -> usize {
        let loaded = self.held.lock().as_ref().map(|(loaded, _)| loaded.clone());
        loaded.map_or(0, |loaded| loaded.names.bytes())
    }
}
