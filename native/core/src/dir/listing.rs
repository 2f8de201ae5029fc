//! A listing that several threads may take part in: names read but not yet looked at, and which thread reads on.

use std::sync::{Arc, OnceLock};

use parking_lot::{Mutex, MutexGuard};

use super::{Descriptor, Names, Unseen};
use crate::MountIdentity;
use crate::evidence::Pass;
use crate::sys;

/// State of a listing. Private to its thread until it is shared.
#[derive(Default)]
pub(crate) struct Listing {
    /// What names are read from and looked up in, while it is open.
    pub source: Option<Arc<Source>>,
    /// Whether anything was read: only the descriptor, or `position`, then knows where to go on.
    pub begun: bool,
    /// Where to go on once it is reopened, and the directory's identity: with the birth time, since its inode number
    /// may be reused.
    pub position: Option<(u64, MountIdentity)>,
    /// A thread is about to read the next names.
    pub reading: bool,
    /// All names were read, or no more can be.
    pub ended: bool,
    /// Names read and not looked at yet.
    pub unseen: Vec<Unseen>,
    /// Threads that take part.
    pub working: usize,
    /// Whether the frontier offers it.
    pub offered: bool,
    /// The slab status to close with, if not complete.
    pub failed: Option<u32>,
    /// Subdirectories to enter.
    pub subdirs: Names,
    /// What an index needs proven, in scans with evidence.
    pub proof: Option<Pass>,
}

/// The listing of a directory, created when it is shared: most never are.
#[derive(Default)]
pub(crate) struct SharedListing(OnceLock<Box<Mutex<Listing>>>);

impl SharedListing {
    pub(crate) fn lock(&self) -> MutexGuard<'_, Listing> {
        self.0.get_or_init(Box::default).lock()
    }

    /// Ends the listing. Returns what was open, for the caller to drop without a lock.
    pub(crate) fn end(&self) -> Option<Listing> {
        let over = Listing {
            ended: true,
            ..Listing::default()
        };
        let listing = self.0.get()?;
        Some(std::mem::replace(&mut *listing.lock(), over))
    }
}

/// What a listing is read from.
pub(crate) struct Source {
    pub descriptor: Arc<Descriptor>,
    pub reader: sys::Reader,
}

/// A thread's next part in a listing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// Read on.
    Read,
    /// Look at the names handed out.
    Look,
}

impl Listing {
    /// Whether there is a part for one more thread.
    pub(crate) fn has_part(&self) -> bool {
        !self.unseen.is_empty() || !(self.ended || self.reading)
    }

    /// Whether everything was read and handed out; the last thread to leave then closes the listing.
    pub(crate) fn is_finished(&self) -> bool {
        self.ended && self.unseen.is_empty()
    }

    /// Hands out up to `most` names that were read already, else the reading of more.
    pub(crate) fn take(&mut self, most: usize, names: &mut Unseen) -> Option<Part> {
        while let Some(last) = self.unseen.last_mut() {
            last.take(most, names);
            if last.is_empty() {
                self.unseen.pop();
            }
            if !names.is_empty() {
                return Some(Part::Look);
            }
        }
        if self.ended || self.reading {
            return None;
        }
        self.reading = true;
        Some(Part::Read)
    }

    /// Puts names back for other threads.
    pub(crate) fn put(&mut self, names: Unseen) {
        if !names.is_empty() {
            self.unseen.push(names);
        }
    }

    /// Closes what can be reopened and frees spare memory: the scan is parked. Returns what was closed, for the caller
    /// to drop without a lock.
    pub(crate) fn park(&mut self) -> Option<Arc<Source>> {
        self.unseen.iter_mut().for_each(Unseen::shrink);
        self.subdirs.shrink();
        if self.working > 0 {
            return None;
        }
        if self.begun && !self.ended {
            // Many scans may be parked: only a few may keep a directory open that is read in part, if it can be found
            // again.
            let source = self.source.as_ref()?;
            let descriptor = &source.descriptor;
            if descriptor.has_budget_parked() {
                return None;
            }
            let was = sys::mount_identity(descriptor.fd()).ok();
            let was = was.filter(|was| was.birth.is_some())?;
            self.position = Some((source.reader.position(descriptor.fd())?, was));
        }
        self.source.take()
    }
}
