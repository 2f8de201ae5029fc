//! What one listing, or a piece of a long one, does to the database. A job may run twice: when a
//! transaction fails, its work is undone, and done again later.

use aether_core::MountIdentity;
use aether_core::path::levels;
use aether_core::slab::status;

use super::compare::ReadAhead;
use super::delete_missing::{DeleteMissing, KeptNames};
use super::long_listing;
use super::merge::{self, MergeOptions};
use crate::values::listing as stored_status;
use crate::writer::intake::listing::Listing;
use crate::writer::links;
use crate::writer::proof::devices::Devices;
use crate::writer::proof::scope::Scope;
use crate::writer::proof::{missed, mounts};
use crate::writer::store::Store;
use crate::writer::tree::DirTree;
use crate::writer::tree::node::{FORGOTTEN, RowState};

pub(in crate::writer) struct ListingJob {
    pub scan: u64,
    pub path: Vec<u8>,
    pub stamp: u64,
    pub mount: Option<MountIdentity>,
    /// The device that the directory lies on, by st_dev; 0 where it is not known.
    pub device: u32,
    /// Its identity, if another device begins there and it is no mount point.
    pub subvolume: Option<MountIdentity>,
    /// The closing record's status; 0 where there was none, or there is none yet.
    pub status: u32,
    pub listing: Listing,
    /// Which piece of a long listing it is.
    pub piece: Option<ListingPiece>,
    /// How far missing rows were deleted in earlier transactions.
    pub deleted: Option<DeleteMissing>,
    /// The same including this transaction, once it is committed.
    pub deleting: Option<DeleteMissing>,
    /// What was read ahead in this transaction.
    pub read_ahead: Option<ReadAhead>,
    /// It has waited for its parent's listing.
    pub has_waited: bool,
}

/// How far a job has come within one transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::writer) enum JobOutcome {
    Done,
    /// There is more to delete than one transaction should: commit, and run it again.
    More,
}

#[derive(Clone, Copy, Debug)]
pub(in crate::writer) struct ListingPiece {
    /// Number of the listing.
    pub number: i64,
    pub is_last: bool,
}

impl ListingJob {
    /// Whether what its listing lacks does not exist.
    pub fn is_whole(&self) -> bool {
        self.status == status::COMPLETE
    }

    pub fn is_vanished(&self) -> bool {
        self.status == status::VANISHED
    }

    /// Whether the scan entered the directory.
    fn is_entered(&self) -> bool {
        !matches!(
            self.status,
            status::OTHER_FILE_SYSTEM | status::LOOP | status::VANISHED
        )
    }

    /// Whether it is a whole listing that will be compared with what is stored. Drops what an
    /// undone transaction read.
    pub fn may_be_read_ahead(&mut self) -> bool {
        self.read_ahead = None;
        self.is_entered() && self.piece.is_none() && self.deleted.is_none()
    }

    /// Sorts the entries, and leaves out those that must not be inserted.
    pub fn prepare(
        &mut self,
        store: &mut Store,
        tree: &DirTree,
        scope: &Scope,
    ) -> rusqlite::Result<()> {
        self.listing.find_owners(store)?;
        let vanished = &tree.vanished;
        let mut leave_out = vanished.names(store, tree.source, &self.path, self.stamp)?;
        leave_out.extend_from_slice(scope.own_names(&self.path));
        self.listing.sort(&leave_out);
        if self.listing.has_links() && levels(&self.path) > links::MAX_DEPTH {
            self.listing.unlink();
        }
        if let Some(name) = scope.holder(&self.path) {
            self.listing.forget_mtime(name);
        }
        Ok(())
    }

    /// Brings the index up to date with the listing.
    pub fn run(
        &mut self,
        store: &mut Store,
        tree: &mut DirTree,
        scope: &mut Scope,
        overlaps: bool,
    ) -> rusqlite::Result<JobOutcome> {
        self.deleting = self.deleted.clone();
        let is_entered = self.is_entered();
        let is_opened =
            is_entered && (status::to_errno(self.status).is_none() || self.listing.len() > 0);
        let is_admitted = if is_opened {
            scope.mounts.admit(store, tree, &self.path, self.mount)?
        } else {
            !scope.mounts.is_foreign(&self.path)
        };
        if !is_admitted || self.is_contradicted(store, tree, overlaps)? {
            return self.forget(store);
        }
        let options = MergeOptions {
            stamp: self.stamp,
            is_whole: self.is_whole(),
            overlaps,
            mounts: &scope.mounts,
        };
        if self.is_vanished() {
            self.vanish(store, tree, options)?;
            return Ok(JobOutcome::Done);
        }
        if self.deleted.is_none() && self.read_ahead.is_none() {
            self.prepare(store, tree, scope)?;
        }
        let Some(at) = tree.ensure(store, &self.path, &scope.mounts.way)? else {
            return self.forget(store);
        };
        let node = tree.node(at);
        let before = node.map_or(stored_status::UNREAD, |node| node.row.status);
        if is_entered {
            tree.give_id(store, at)?;
            self.set_device(store, tree, at, &mut scope.devices)?;
            if self.merge(store, tree, at, options)? == JobOutcome::More {
                return Ok(JobOutcome::More);
            }
            // A long listing does not tell of its former pieces.
            if self.listing.has_unlinked() || (self.listing.has_unseen() && store.has_inexact) {
                // What was stored of a file that is not seen stays, and may count by itself.
                tree.note_inexact(store, at)?;
            } else if self.is_whole() && self.piece.is_none() {
                tree.note_exact(store, at)?;
            }
        }
        if !is_entered && tree.holds_any(store, at)? {
            // The directory is not entered any more, which proves nothing about what is stored of
            // it: that stays, and counts as unknown.
            mounts::set_unmounted(store, tree, &self.path, scope.mounts.scan)?;
            return Ok(JobOutcome::Done);
        }
        self.close(tree, at);
        if let Some(node) = tree.node(at) {
            let statuses = (before, node.row.status);
            missed::note(store, node.id, statuses, scope.mounts.scan)?;
        }
        if self.status == status::CHANGING {
            self.vouch(store, tree, at)?;
        }
        Ok(JobOutcome::Done)
    }

    /// Finds out under which number the directory's linked names stand. If that is not known, each
    /// counts by itself.
    fn set_device(
        &mut self,
        store: &mut Store,
        tree: &mut DirTree,
        at: u32,
        devices: &mut Devices,
    ) -> rusqlite::Result<()> {
        let begins = self.mount.as_ref().or(self.subvolume.as_ref());
        let here = (self.path.as_slice(), self.device);
        if let Some(number) = devices.number(store, tree.source, here, begins)? {
            tree.set_device(store, at, number)?;
            if self.listing.has_links() {
                tree.own_device(at);
            }
        } else if self.listing.has_links() {
            // What was read ahead was compared with them.
            self.read_ahead = None;
            self.listing.unlink();
        }
        Ok(())
    }

    fn merge(
        &mut self,
        store: &mut Store,
        tree: &mut DirTree,
        at: u32,
        options: MergeOptions<'_>,
    ) -> rusqlite::Result<JobOutcome> {
        if let Some(node) = tree.node(at)
            && self.mount != node.row.mount.0
            && (self.mount.is_some() || self.is_whole())
        {
            tree.set_mount(at, &self.path, self.mount);
        }
        if self.deleted.is_none() {
            let listing = &self.listing;
            let has_more = match self.piece {
                None => merge::merge(store, tree, at, listing, options, self.read_ahead.take())?,
                Some(ListingPiece { number, is_last }) => {
                    long_listing::apply_piece(store, tree, at, listing, options, number)?;
                    let is_all = is_last && options.is_whole;
                    is_all && long_listing::lacks_rows(store, tree, at, number)?
                }
            };
            self.deleting = has_more.then(DeleteMissing::default);
            if self.piece.is_none() && has_more {
                return Ok(JobOutcome::More);
            }
        }
        let kept = match self.piece {
            None => KeptNames::InMemory(&self.listing),
            Some(ListingPiece { number, .. }) => KeptNames::InTempTable(number),
        };
        if let Some(deleting) = &mut self.deleting
            && !deleting.step(store, tree, at, options, kept)?
        {
            return Ok(JobOutcome::More);
        }
        self.forget(store)
    }

    /// Records how the listing ended, unless it was cut short.
    fn close(&self, tree: &mut DirTree, at: u32) {
        let generation = tree.generation;
        let is_closed = self.status != status::MORE;
        let Some(node) = tree.node_mut(at) else {
            return;
        };
        if is_closed {
            node.set_status(i64::from(self.status));
        }
        let has_history = node.gathered.has_history();
        if node.state == RowState::Clean && !has_history {
            return;
        }
        node.mark_changed();
        node.row.changed_gen = generation;
        let was_read = matches!(self.status, status::COMPLETE | status::CHANGING);
        if node.row.listed_gen != FORGOTTEN {
            if is_closed {
                node.row.listed_gen = generation;
            }
        } else if was_read {
            node.clear_history();
            node.row.listed_gen = generation;
            if has_history {
                tree.history.mark_incomplete();
            }
        }
        tree.touch(at);
    }

    /// Marks directories named by a listing that proves nothing about what exists, to tell them apart from
    /// stored directories that it lacks.
    fn vouch(&self, store: &mut Store, tree: &mut DirTree, at: u32) -> rusqlite::Result<()> {
        let generation = tree.generation;
        for entry in self.listing.sorted().filter(|entry| entry.is_dir()) {
            if let Some(child) = tree.find_child(store, at, self.listing.name(entry))?
                && let Some(node) = tree.node_mut(child)
                && node.row.status != stored_status::UNREAD
                && (0..generation).contains(&node.row.listed_gen)
            {
                node.row.listed_gen = generation;
                node.mark_changed();
                tree.touch(child);
            }
        }
        Ok(())
    }

    /// Forgets the names of a long listing, when its last piece is done.
    fn forget(&self, store: &Store) -> rusqlite::Result<JobOutcome> {
        if let Some(ListingPiece {
            number,
            is_last: true,
        }) = self.piece
        {
            long_listing::forget(store, number)?;
        }
        Ok(JobOutcome::Done)
    }
}

// A listing without a closing record leaves its directory unread.
const _: () = assert!(stored_status::UNREAD == status::MORE as i64);
