//! What one listing, or a piece of a long one, does to the database. A job may be done twice: when a transaction fails, what it did
//! is undone, and it is done again later.

use aether_core::path::split;
use aether_core::slab::status;

use crate::schema::listing as stored_status;
use crate::writer::apply::compare::ReadAhead;
use crate::writer::apply::delete_missing::{DeleteMissing, KeptNames};
use crate::writer::apply::long_listing;
use crate::writer::apply::merge::{self, MergeOptions};
use crate::writer::intake::listing::Listing;
use crate::writer::intake::scan::Scan;
use crate::writer::proof::missed;
use crate::writer::proof::mounts;
use crate::writer::proof::stamps;
use crate::writer::store::Store;
use crate::writer::tree::Tree;
use crate::writer::tree::node::FORGOTTEN;
use aether_core::MountIdentity;

pub(in crate::writer) struct ListingJob {
    pub scan: u64,
    pub path: Vec<u8>,
    pub stamp: u64,
    pub mount: Option<MountIdentity>,
    /// Of the closing record; 0 where there was none, or there is none yet.
    pub status: u32,
    pub listing: Listing,
    /// Of a long listing.
    pub piece: Option<ListingPiece>,
    /// How far the rows that the listing does not have were deleted in transactions before this one.
    pub swept: Option<DeleteMissing>,
    /// The same with this one, once it is committed.
    pub sweeping: Option<DeleteMissing>,
    /// What was read ahead, in this transaction.
    pub looked: Option<ReadAhead>,
    /// It waited for its parent's listing.
    pub has_waited: bool,
}

/// What a job came to within one transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::writer) enum JobOutcome {
    Done,
    /// There is more to delete than one transaction should: commit, and run it again.
    More,
}

#[derive(Clone, Copy, Debug)]
pub(in crate::writer) struct ListingPiece {
    pub number: i64,
    pub last: bool,
}

impl ListingJob {
    /// Whether what its listing does not have is gone.
    pub fn is_whole(&self) -> bool {
        self.status == status::COMPLETE
    }

    pub fn is_vanished(&self) -> bool {
        self.status == status::VANISHED
    }

    /// Whether it is a whole listing that will be compared with what is stored. Drops what an undone transaction has read.
    pub fn may_be_read_ahead(&mut self) -> bool {
        self.looked = None;
        let compares = !matches!(
            self.status,
            status::OTHER_FILE_SYSTEM | status::LOOP | status::VANISHED
        );
        compares && self.piece.is_none() && self.swept.is_none()
    }

    /// Puts its entries in order, and leaves out what must not come in.
    pub fn prepare(&mut self, store: &Store, tree: &Tree, scan: &Scan) -> rusqlite::Result<()> {
        let mut leave_out = tree
            .gone
            .names(store, tree.source, &self.path, self.stamp)?;
        leave_out.extend_from_slice(scan.own_names(&self.path));
        self.listing.sort(&leave_out);
        if let Some(name) = scan.holder(&self.path) {
            self.listing.forget_mtime(name);
        }
        Ok(())
    }

    /// Brings the index up to what the job tells.
    pub fn run(
        &mut self,
        store: &mut Store,
        tree: &mut Tree,
        scan: &mut Scan,
        overlaps: bool,
    ) -> rusqlite::Result<JobOutcome> {
        self.sweeping = self.swept.clone();
        let entered = !matches!(
            self.status,
            status::OTHER_FILE_SYSTEM | status::LOOP | status::VANISHED
        );
        let opened = entered && (status::to_errno(self.status).is_none() || self.listing.len() > 0);
        let admitted = if opened {
            scan.mounts.admit(store, tree, &self.path, self.mount)?
        } else {
            !scan.mounts.is_foreign(&self.path)
        };
        if !admitted || self.is_contradicted(store, tree, overlaps)? {
            return self.forget(store);
        }
        let look = MergeOptions {
            stamp: self.stamp,
            whole: self.is_whole(),
            overlaps,
            mounts: &scan.mounts,
        };
        if self.status == status::VANISHED {
            self.vanish(store, tree, look)?;
            return Ok(JobOutcome::Done);
        }
        if self.swept.is_none() && self.looked.is_none() {
            self.prepare(store, tree, scan)?;
        }
        let Some(at) = tree.ensure(store, &self.path)? else {
            return self.forget(store);
        };
        let before = tree
            .node(at)
            .map_or(stored_status::UNREAD, |node| node.status);
        if entered && self.merge(store, tree, at, look)? == JobOutcome::More {
            return Ok(JobOutcome::More);
        }
        if !entered && tree.holds_any(store, at)? {
            // What was stored of it before is no longer looked at, which proves nothing of it gone: it stays, and is not known.
            mounts::set_unmounted(store, tree, &self.path, scan.row)?;
            return Ok(JobOutcome::Done);
        }
        self.close(tree, at);
        if let Some(node) = tree.node(at) {
            missed::note(store, node, before, scan.row)?;
        }
        if self.status == status::CHANGING {
            self.vouch(store, tree, at)?;
        }
        Ok(JobOutcome::Done)
    }

    fn merge(
        &mut self,
        store: &mut Store,
        tree: &mut Tree,
        at: u32,
        look: MergeOptions<'_>,
    ) -> rusqlite::Result<JobOutcome> {
        tree.give_id(store, at)?;
        if let Some(node) = tree.node(at)
            && self.mount != node.mount
            && (self.mount.is_some() || self.status == status::COMPLETE)
        {
            tree.set_mount(at, &self.path, self.mount);
        }
        if self.swept.is_none() {
            self.sweeping = match self.piece {
                None => merge::merge(store, tree, at, &self.listing, look, self.looked.take())?,
                Some(ListingPiece { number, last }) => {
                    long_listing::piece(store, tree, at, &self.listing, look, number)?;
                    if last && look.whole {
                        long_listing::count(store, tree, at, number)?
                    } else {
                        None
                    }
                }
            };
            if self.piece.is_none() && self.sweeping.is_some() {
                return Ok(JobOutcome::More);
            }
        }
        let missing = match self.piece {
            None => KeptNames::InMemory(&self.listing),
            Some(ListingPiece { number, .. }) => KeptNames::InTempTable(number),
        };
        if let Some(sweep) = &mut self.sweeping
            && !sweep.step(store, tree, at, look, missing)?
        {
            return Ok(JobOutcome::More);
        }
        self.forget(store)
    }

    /// Writes down how the listing ended. One that was cut short says nothing.
    fn close(&self, tree: &mut Tree, at: u32) {
        let generation = tree.generation;
        let closed = self.status != status::MORE;
        let Some(node) = tree.node_mut(at) else {
            return;
        };
        if closed {
            node.set_status(i64::from(self.status));
        }
        if node.changed || node.gathered.has_history() {
            node.changed = true;
            node.changed_gen = generation;
            let was_read = matches!(self.status, status::COMPLETE | status::CHANGING);
            if node.listed_gen != FORGOTTEN {
                if closed {
                    node.listed_gen = generation;
                }
            } else if was_read {
                let lacks = node.gathered.has_history();
                node.clear_history();
                node.listed_gen = generation;
                if lacks {
                    tree.history.lacks();
                }
            }
            tree.touch(at);
        }
    }

    /// A listing that is no proof may lack directories that are there, and are stored. Those that it has are entered: so that the two
    /// can be told apart, this is written down of them.
    fn vouch(&self, store: &mut Store, tree: &mut Tree, at: u32) -> rusqlite::Result<()> {
        let generation = tree.generation;
        for item in self.listing.sorted().filter(|item| item.is_dir()) {
            if let Some(child) = tree.find_child(store, at, self.listing.name(item))?
                && let Some(node) = tree.node_mut(child)
                && node.status != stored_status::UNREAD
                && (0..generation).contains(&node.listed_gen)
            {
                node.listed_gen = generation;
                node.changed = true;
                tree.touch(child);
            }
        }
        Ok(())
    }

    /// Whether a look that was taken later tells otherwise, of the directory or of one above it. If none does, and looks overlap,
    /// this one is remembered.
    fn is_contradicted(
        &self,
        store: &mut Store,
        tree: &mut Tree,
        overlaps: bool,
    ) -> rusqlite::Result<bool> {
        let (source, path, stamp) = (tree.source, self.path.as_slice(), self.stamp);
        if tree.gone.covers(store, source, path, stamp)? {
            return Ok(true);
        }
        if !overlaps || self.is_vanished() {
            return Ok(false);
        }
        if let Some(last) = tree.end_of_way(store, path)?
            && stamps::completed_since(store, source, last, stamp)?
        {
            return Ok(true);
        }
        Ok(!stamps::is_latest(
            store,
            source,
            path,
            stamp,
            self.is_whole(),
        )?)
    }

    /// The directory was gone when it was to be opened.
    fn vanish(
        &self,
        store: &mut Store,
        tree: &mut Tree,
        look: MergeOptions<'_>,
    ) -> rusqlite::Result<()> {
        let source = tree.source;
        tree.gone.remember(store, source, &self.path, self.stamp)?;
        if look.overlaps
            && (stamps::listed_since(store, source, split(&self.path).0, self.stamp)?
                || stamps::seen_since(store, source, &self.path, self.stamp)?)
        {
            return Ok(());
        }
        let Some(at) = tree.find(store, &self.path)? else {
            return Ok(());
        };
        if tree.node(at).is_some_and(|node| node.stored_id == 0) {
            tree.flush(store)?;
        }
        let Some(node) = tree.node_mut(at) else {
            return Ok(());
        };
        let (id, parent) = (node.id, node.parent);
        if self.path.is_empty() {
            let before = node.status;
            node.set_status(i64::from(status::VANISHED));
            missed::note(store, node, before, look.mounts.scan)?;
            tree.touch(at);
            return Ok(());
        }
        if !look.mounts.accept && tree.has_mount_within(store, &self.path)? {
            return mounts::set_unmounted(store, tree, &self.path, look.mounts.scan);
        }
        tree.remove(store, parent, id, split(&self.path).1)
    }

    /// It is done with: the names of a long listing are not needed any more.
    fn forget(&self, store: &Store) -> rusqlite::Result<JobOutcome> {
        if let Some(ListingPiece { number, last: true }) = self.piece {
            long_listing::forget(store, number)?;
        }
        Ok(JobOutcome::Done)
    }
}

/// Whether a status is one of those that a listing may have in the database.
const _: () = assert!(stored_status::UNREAD == status::MORE as i64);
