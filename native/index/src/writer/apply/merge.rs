//! A listing against what is stored of its directory: new rows, changed ones, and, where the listing is known to be whole, rows of
//! what is no more. What is the same is not written.

use aether_core::path::join;
use rusqlite::params;

use crate::text::Text;
use crate::writer::SMALL;
use crate::writer::apply::compare::{Difference, ReadAhead, compare, set};
use crate::writer::apply::delete_missing::DeleteMissing;
use crate::writer::intake::listing::{ListedEntry, Listing};
use crate::writer::proof::mounts::{self, Mounts};
use crate::writer::proof::stamps;
use crate::writer::store::Store;
use crate::writer::store::file_rows::NewFile;
use crate::writer::tree::Tree;

/// New subdirectories that are kept in hand until the flush, so that their first listing, if it comes soon, costs no second
/// write. Beyond, they are written at once: a directory may have a million of them.
pub(in crate::writer) const IN_HAND: usize = if SMALL { 2 } else { 2048 };

/// How to take a listing.
#[derive(Clone, Copy, Debug)]
pub(in crate::writer) struct MergeOptions<'a> {
    /// When it was taken.
    pub stamp: u64,
    /// Whether what it does not have is gone.
    pub whole: bool,
    /// Whether another look may have been later.
    pub overlaps: bool,
    /// What the scan found of mount points.
    pub mounts: &'a Mounts,
}

/// Brings a directory up to its listing, which has been sorted. What it gives is still to be swept, in transactions to come.
pub(in crate::writer) fn merge(
    store: &mut Store,
    tree: &mut Tree,
    at: u32,
    listing: &Listing,
    look: MergeOptions<'_>,
    looked: Option<ReadAhead>,
) -> rusqlite::Result<Option<DeleteMissing>> {
    if tree.node(at).is_some_and(|node| node.has_new_children) {
        tree.flush(store)?;
    }
    let Some(node) = tree.node(at) else {
        return Ok(None);
    };
    if node.fresh {
        insert(store, tree, at, listing, listing.sorted())?;
        return Ok(None);
    }
    let mut changes = match looked {
        Some(looked) if looked.at == at && node.read => looked.changes,
        _ => compare(store, node.id, listing, look.whole)?,
    };
    apply(store, tree, at, listing, look, &mut changes)?;
    let sweep = changes.more.then(DeleteMissing::default);
    if changes.known.iter().all(|known| *known) {
        return Ok(sweep);
    }
    let new = listing
        .sorted()
        .zip(&changes.known)
        .filter(|(_, known)| !**known)
        .map(|(item, _)| item);
    insert(store, tree, at, listing, new)?;
    Ok(sweep)
}

fn apply(
    store: &mut Store,
    tree: &mut Tree,
    at: u32,
    listing: &Listing,
    look: MergeOptions<'_>,
    changes: &mut Difference,
) -> rusqlite::Result<()> {
    for (name, kind, size) in &changes.gone_files {
        delete_file(store, tree, at, name, (*kind, *size))?;
    }
    for (place, kind, size) in &changes.files {
        if let Some(item) = listing.at(*place) {
            update_file(store, tree, at, listing.name(item), item, (*kind, *size))?;
        }
    }
    for (id, place) in &changes.dirs {
        if let Some(item) = listing.at(*place) {
            update_dir(store, tree, at, listing.name(item), item, *id)?;
        }
    }
    for (id, name, place) in &changes.gone_dirs {
        let removed = remove_dir(store, tree, at, *id, name, look)?;
        // A directory that stays keeps its name: what the listing has under it is left out.
        if let (false, Some(place)) = (removed, place) {
            set(&mut changes.known, *place);
        }
    }
    Ok(())
}

pub(in crate::writer) fn delete_file(
    store: &mut Store,
    tree: &mut Tree,
    at: u32,
    name: &[u8],
    (kind, size): (i64, Option<i64>),
) -> rusqlite::Result<()> {
    let is_told = tree.history.is_kept();
    let Some(node) = tree.node_mut(at) else {
        return Ok(());
    };
    let sql = "DELETE FROM files WHERE dir_id = ?1 AND name = ?2";
    store
        .db
        .prepare_cached(sql)?
        .execute(params![node.id, Text(name)])?;
    store.clear_notes(node.id, name)?;
    let bytes = -counted(kind, size);
    node.add_own(-1, bytes);
    node.gathered.removed += 1;
    if is_told {
        node.tell_file(name, true, None, bytes);
    }
    tree.touch(at);
    Ok(())
}

pub(in crate::writer) fn update_file(
    store: &mut Store,
    tree: &mut Tree,
    at: u32,
    name: &[u8],
    item: &ListedEntry,
    (kind, size): (i64, Option<i64>),
) -> rusqlite::Result<()> {
    let is_told = tree.history.is_kept();
    let Some(node) = tree.node_mut(at) else {
        return Ok(());
    };
    let sql = "UPDATE files SET kind = ?3, size = ?4, mtime = ?5 WHERE dir_id = ?1 AND name = ?2";
    let values = params![node.id, Text(name), item.kind, item.size(), item.mtime()];
    store.db.prepare_cached(sql)?.execute(values)?;
    store.clear_notes(node.id, name)?;
    let bytes = item.bytes().saturating_sub(counted(kind, size));
    node.add_own(0, bytes);
    node.gathered.altered += 1;
    if is_told {
        node.tell_file(name, true, Some(item.kind.into()), bytes);
    }
    tree.touch(at);
    Ok(())
}

pub(in crate::writer) fn update_dir(
    store: &mut Store,
    tree: &mut Tree,
    at: u32,
    name: &[u8],
    item: &ListedEntry,
    id: i64,
) -> rusqlite::Result<()> {
    let Some(node) = tree.node_mut(at) else {
        return Ok(());
    };
    node.read = false;
    store.clear_notes(node.id, name)?;
    // In hand it would be written back with what it had.
    match tree.child(at, name) {
        Some(child) => {
            if let Some(child) = tree.node_mut(child) {
                child.mtime = item.mtime();
                child.changed = true;
            }
            tree.touch(child);
        }
        None => {
            let sql = "UPDATE dirs SET mtime = ?2 WHERE id = ?1";
            store
                .db
                .prepare_cached(sql)?
                .execute(params![id, item.mtime()])?;
        }
    }
    Ok(())
}

/// Removes a directory that is gone, or something else now; unless a later look saw it, or another disk belongs there. Says
/// whether it did.
pub(in crate::writer) fn remove_dir(
    store: &mut Store,
    tree: &mut Tree,
    at: u32,
    id: i64,
    name: &[u8],
    look: MergeOptions<'_>,
) -> rusqlite::Result<bool> {
    let path = join(&tree.path(at), name);
    if look.overlaps && stamps::seen_since(store, tree.source, &path, look.stamp)? {
        return Ok(false);
    }
    let keeps_mounts = !look.mounts.accept && tree.has_mount_within(store, &path)?;
    if keeps_mounts && !look.mounts.are_gone_within(&path) {
        mounts::set_unmounted(store, tree, &path, look.mounts.scan)?;
        return Ok(false);
    }
    tree.remove(store, at, id, name)?;
    if look.overlaps {
        let source = tree.source;
        tree.gone.remember(store, source, &path, look.stamp)?;
    }
    Ok(true)
}

/// Adds entries of which nothing is stored.
pub(in crate::writer) fn insert<'a>(
    store: &mut Store,
    tree: &mut Tree,
    at: u32,
    listing: &Listing,
    items: impl Iterator<Item = &'a ListedEntry> + Clone,
) -> rusqlite::Result<()> {
    let Some(node) = tree.node(at) else {
        return Ok(());
    };
    let dir = node.id;
    let is_told = tree.history.is_kept();
    let (mut files, mut added, mut bytes) = (0, 0, 0_i64);
    let dirs = items.clone().filter(|item| item.is_dir()).count();
    for item in items {
        added += 1;
        let name = listing.name(item);
        if item.is_dir() {
            if dirs > IN_HAND {
                tree.add_unread(store, name, at, item.mtime())?;
            } else {
                tree.add(name, at, item.mtime());
            }
            continue;
        }
        files += 1;
        bytes = bytes.saturating_add(item.bytes());
        let (kind, size, mtime) = (item.kind, item.size(), item.mtime());
        if let (true, Some(node)) = (is_told, tree.node_mut(at)) {
            node.tell_file(name, false, Some(kind.into()), item.bytes());
        }
        store.push_file(&NewFile {
            dir,
            name,
            kind,
            size,
            mtime,
        })?;
    }
    if added == 0 {
        return Ok(());
    }
    if let Some(node) = tree.node_mut(at) {
        node.add_own(files, bytes);
        node.gathered.added += added;
        node.fresh = false;
    }
    tree.touch(at);
    Ok(())
}

/// What a stored file adds to the bytes of its directory.
fn counted(kind: i64, size: Option<i64>) -> i64 {
    if kind == 1 { size.unwrap_or(0) } else { 0 }
}
