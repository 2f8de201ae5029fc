//! What threads take from the frontier, and the batches from which they take subdirectories.

use std::ffi::CStr;
use std::sync::Arc;

use super::{PART_NAMES, Unit};
use crate::dir::{Descriptor, Dir, Names, Unseen};

/// What a thread holds of its unit. Reused, so that handing out a unit takes no allocation.
pub(crate) struct Hand {
    /// The directory whose subdirectory is to be opened.
    pub parent: Option<Arc<Dir>>,
    /// Its descriptor, taken along because the thread that opens the last subdirectory closes it for the directory.
    pub parent_fd: Option<Arc<Descriptor>>,
    /// Name of the subdirectory, with its NUL.
    pub name: Vec<u8>,
    /// Entries to look at.
    pub names: Unseen,
    /// Maximum number of entries to hand out at once.
    pub most: usize,
    /// Number of this thread.
    pub thread: usize,
}

impl Hand {
    pub(crate) fn new(thread: usize) -> Hand {
        Hand {
            parent: None,
            parent_fd: None,
            name: Vec::new(),
            names: Unseen::default(),
            most: PART_NAMES,
            thread,
        }
    }

    /// Name of the subdirectory to open.
    pub(crate) fn name(&self) -> &CStr {
        CStr::from_bytes_with_nul(&self.name).unwrap_or_default()
    }
}

/// Subdirectories of one directory that wait to be opened.
pub(crate) struct Batch {
    pub dir: Arc<Dir>,
    pub names: Names,
    /// Number of the thread that listed the directory.
    pub thread: usize,
}

impl Batch {
    pub(super) fn take(&mut self, hand: &mut Hand) -> Option<Unit> {
        if !self.names.pop(&mut hand.name) {
            return None;
        }
        let is_other = |parent: &Arc<Dir>| !Arc::ptr_eq(parent, &self.dir);
        if hand.parent.as_ref().is_none_or(is_other) {
            hand.parent = Some(Arc::clone(&self.dir));
            hand.parent_fd = self.dir.held();
        }
        let last = self.names.is_empty();
        Some(Unit::Child { last })
    }
}

pub(super) fn take_from(batch: &mut Option<Batch>, hand: &mut Hand) -> Option<Unit> {
    let unit = batch.as_mut()?.take(hand);
    if batch.as_ref().is_some_and(|b| b.names.is_empty()) {
        *batch = None;
    }
    unit
}
