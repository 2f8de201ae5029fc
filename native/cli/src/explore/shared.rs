//! The index as all threads have it: one that another process writes is only read until that process has ended.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use aether_index::{OpenOptions, Reason};

use super::open::{BUSY, Opened, WRITTEN};
use crate::commands::LocalIndex as Index;
use crate::messages;

/// The index that is asked now.
pub struct Shared {
    index: Mutex<Arc<Index>>,
    file: PathBuf,
    is_attached: AtomicBool,
}

impl Shared {
    pub fn new(opened: &Opened, is_attached: bool) -> Shared {
        Shared {
            index: Mutex::new(Arc::clone(&opened.index)),
            file: opened.file.clone(),
            is_attached: AtomicBool::new(is_attached),
        }
    }

    pub fn index(&self) -> Arc<Index> {
        let index = self.index.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&index)
    }

    /// Whether another process may write it.
    pub fn is_attached(&self) -> bool {
        self.is_attached.load(Ordering::Acquire)
    }

    /// Writes it from here on, if nobody else does any more; says why not.
    pub fn own(&self) -> Result<(), String> {
        // Opening would make another.
        if !self.file.exists() {
            return Err("the index is gone".to_owned());
        }
        let index = Index::new(false, usize::MAX);
        let options = OpenOptions {
            busy_timeout: BUSY,
            ..OpenOptions::default()
        };
        index
            .open(&self.file, options)
            .map_err(|error| match error.reason {
                Reason::Busy => WRITTEN.to_owned(),
                _ => messages::index(&error),
            })?;
        *self.index.lock().unwrap_or_else(PoisonError::into_inner) = Arc::new(index);
        self.is_attached.store(false, Ordering::Release);
        Ok(())
    }
}
