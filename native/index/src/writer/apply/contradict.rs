//! Listings that contradict each other: which one counts, and removing directories that vanished.

use aether_core::path::split;
use aether_core::slab::status;

use super::delete_missing::{DeleteMissing, KeptNames};
use super::job::ListingJob;
use super::merge::MergeOptions;
use crate::values::listing as stored_status;
use crate::writer::intake::listing::Listing;
use crate::writer::proof::{missed, mounts, stamps};
use crate::writer::store::Store;
use crate::writer::tree::DirTree;

impl ListingJob {
    /// Whether a later listing, of the directory or of one above it, shows otherwise. If none does,
    /// and listings overlap, this one is remembered.
    pub(super) fn is_contradicted(
        &self,
        store: &mut Store,
        tree: &mut DirTree,
        overlaps: bool,
    ) -> rusqlite::Result<bool> {
        let (source, path, stamp) = (tree.source, self.path.as_slice(), self.stamp);
        if tree.vanished.covers(store, source, path, stamp)? {
            return Ok(true);
        }
        if !overlaps || self.is_vanished() {
            return Ok(false);
        }
        if let Some(last) = tree.nearest_ancestor(store, path)?
            && stamps::completed_since(store, source, last, stamp)?
        {
            return Ok(true);
        }
        let is_latest = stamps::is_latest(store, source, path, stamp, self.is_whole())?;
        Ok(!is_latest)
    }

    /// Removes a directory that did not exist when it was to be opened.
    pub(super) fn vanish(
        &self,
        store: &mut Store,
        tree: &mut DirTree,
        options: MergeOptions<'_>,
    ) -> rusqlite::Result<()> {
        let (source, path) = (tree.source, self.path.as_slice());
        let (parent_path, name) = split(path);
        tree.vanished.remember(store, source, path, self.stamp)?;
        if options.overlaps
            && (stamps::listed_since(store, source, parent_path, self.stamp)?
                || stamps::seen_since(store, source, path, self.stamp)?)
        {
            return remove_older(store, tree, path, options);
        }
        let Some(at) = tree.find(store, path)? else {
            return Ok(());
        };
        if tree.node(at).is_some_and(|node| node.stored_id == 0) {
            tree.flush(store)?;
        }
        let Some(node) = tree.node_mut(at) else {
            return Ok(());
        };
        let (id, parent) = (node.id, node.parent);
        let mounts = options.mounts;
        if path.is_empty() {
            let before = node.row.status;
            node.set_status(i64::from(status::VANISHED));
            missed::note(store, id, (before, node.row.status), mounts.scan)?;
            tree.touch(at);
            return Ok(());
        }
        if !mounts.accept && tree.has_mount_within(store, path)? {
            return mounts::set_unmounted(store, tree, path, mounts.scan);
        }
        tree.remove(store, parent, id, name)
    }
}

/// Removes what was last seen of a directory before it was missing. It is there again, and unread
/// where nothing was seen since.
fn remove_older(
    store: &mut Store,
    tree: &mut DirTree,
    path: &[u8],
    options: MergeOptions<'_>,
) -> rusqlite::Result<()> {
    let nothing = Listing::default();
    for path in stamps::not_listed_since(store, tree.source, path, options.stamp)? {
        let Some(at) = tree.find(store, &path)? else {
            continue;
        };
        if !options.mounts.accept && tree.has_mount_within(store, &path)? {
            continue;
        }
        let mut deleting = DeleteMissing::default();
        let kept = KeptNames::InMemory(&nothing);
        while !deleting.step(store, tree, at, options, kept)? {}
        if let Some(node) = tree.node_mut(at) {
            let before = node.row.status;
            node.set_status(stored_status::UNREAD);
            missed::note(
                store,
                node.id,
                (before, node.row.status),
                options.mounts.scan,
            )?;
            tree.touch(at);
        }
    }
    Ok(())
}
