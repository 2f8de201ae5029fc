//! Bringing a directory up to date with its listing: new rows, changed rows, and, where the listing
//! is known to be whole, rows to delete. What is the same is not written.

use aether_core::path::join;

use super::compare::{Difference, ReadAhead, compare};
use crate::columns::FileRow;
use crate::writer::intake::listing::{ListedEntry, Listing};
use crate::writer::limits::SMALL;
use crate::writer::proof::mounts::{self, Mounts};
use crate::writer::proof::stamps;
use crate::writer::store::file_rows::NewFile;
use crate::writer::store::{LoadedDir, Store};
use crate::writer::tree::DirTree;

/// Maximum number of new subdirectories of one listing that are cached until the flush, so that
/// their first listing, if it comes soon, costs no second write. Beyond, they are written at once:
/// a directory may have a million of them.
pub(super) const MAX_CACHED: usize = if SMALL { 2 } else { 2048 };

/// How to apply a listing.
#[derive(Clone, Copy, Debug)]
pub(super) struct MergeOptions<'a> {
    /// When it was taken.
    pub stamp: u64,
    /// Whether what it lacks does not exist.
    pub is_whole: bool,
    /// Whether another listing may have been later.
    pub overlaps: bool,
    /// What the scan found of mount points.
    pub mounts: &'a Mounts,
}

/// Brings a directory up to date with its listing, which has been sorted. Returns whether more rows
/// are missing than were deleted.
pub(super) fn merge(
    store: &mut Store,
    tree: &mut DirTree,
    at: u32,
    listing: &Listing,
    options: MergeOptions<'_>,
    read_ahead: Option<ReadAhead>,
) -> rusqlite::Result<bool> {
    if tree.node(at).is_some_and(|node| node.has_new_children) {
        tree.flush(store)?;
    }
    let Some(node) = tree.node(at) else {
        return Ok(false);
    };
    if node.is_empty {
        insert(store, tree, at, listing, listing.sorted())?;
        return Ok(false);
    }
    let mut difference = match read_ahead {
        Some(ahead) if ahead.at == at && node.is_read_ahead => ahead.difference,
        _ => compare(store, node.id, listing, options.is_whole)?,
    };
    apply(store, tree, at, listing, options, &mut difference)?;
    if !difference.known.iter().all(|known| *known) {
        let new = listing
            .sorted()
            .zip(&difference.known)
            .filter(|(_, known)| !**known)
            .map(|(entry, _)| entry);
        insert(store, tree, at, listing, new)?;
    }
    Ok(difference.has_more)
}

fn apply(
    store: &mut Store,
    tree: &mut DirTree,
    at: u32,
    listing: &Listing,
    options: MergeOptions<'_>,
    difference: &mut Difference,
) -> rusqlite::Result<()> {
    for file in &difference.missing_files {
        delete_file(store, tree, at, &file.name, &file.row)?;
    }
    for file in &difference.changed_files {
        if let Some(entry) = listing.at(file.place) {
            let name = listing.name(entry);
            update_file(store, tree, at, name, &file.stored, entry)?;
        }
    }
    tree.see_links(store, at, &difference.seen_links)?;
    for dir in &difference.changed_dirs {
        if let Some(entry) = listing.at(dir.place) {
            update_dir(store, tree, at, listing.name(entry), entry, &dir.stored)?;
        }
    }
    for dir in std::mem::take(&mut difference.missing_dirs) {
        let is_removed = remove_dir(store, tree, at, dir.id, &dir.name, options)?;
        // A directory that stays keeps its name: what the listing has under it is left out.
        if let (false, Some(place)) = (is_removed, dir.replaced_by) {
            difference.mark_known(place);
        }
    }
    Ok(())
}

pub(super) fn delete_file(
    store: &mut Store,
    tree: &mut DirTree,
    at: u32,
    name: &[u8],
    stored: &FileRow,
) -> rusqlite::Result<()> {
    let keeps_history = tree.history.is_kept();
    let Some(node) = tree.node_mut(at) else {
        return Ok(());
    };
    store.delete_file(node.id, name)?;
    store.clear_notes(node.id, name)?;
    let bytes = -stored.bytes();
    node.add_own(-1, bytes);
    node.add_own_disk(-stored.own_disk());
    node.gathered.removed += 1;
    if keeps_history {
        node.record_file(name, true, None, bytes);
    }
    tree.relink(at, Some(stored), None);
    tree.touch(at);
    Ok(())
}

pub(super) fn update_file(
    store: &mut Store,
    tree: &mut DirTree,
    at: u32,
    name: &[u8],
    stored: &FileRow,
    entry: &ListedEntry,
) -> rusqlite::Result<()> {
    let found = &entry.row();
    let keeps_history = tree.history.is_kept();
    let Some(node) = tree.node_mut(at) else {
        return Ok(());
    };
    // Even if no sum changes: another inode may have the name.
    node.is_read_ahead = false;
    store.update_file(node.id, name, found)?;
    node.add_own_disk(i128::from(found.own_disk()) - i128::from(stored.own_disk()));
    if !found.is_unaltered(stored) {
        store.clear_notes(node.id, name)?;
        let bytes = found.bytes().saturating_sub(stored.bytes());
        node.add_own(0, bytes);
        node.gathered.altered += 1;
        if keeps_history {
            node.record_file(name, true, Some(found.kind), bytes);
        }
    }
    tree.relink(at, Some(stored), Some((found, entry.nlink.into())));
    tree.touch(at);
    Ok(())
}

pub(super) fn update_dir(
    store: &mut Store,
    tree: &mut DirTree,
    at: u32,
    name: &[u8],
    entry: &ListedEntry,
    stored: &LoadedDir,
) -> rusqlite::Result<()> {
    let Some(node) = tree.node_mut(at) else {
        return Ok(());
    };
    node.is_read_ahead = false;
    let found = entry.dir_entry();
    if found.mtime != stored.row.mtime {
        store.clear_notes(node.id, name)?;
    }
    // A cached node would overwrite the row, and its blocks are in the totals of those above.
    let child = match found.self_disk == stored.row.self_disk {
        true => tree.child(at, name),
        false => tree.find_child(store, at, name)?,
    };
    match child {
        Some(child) => {
            if let Some(child) = tree.node_mut(child) {
                child.set_entry(found);
            }
            tree.touch(child);
        }
        None => store.set_dir_entry(stored.id, found)?,
    }
    Ok(())
}

/// Removes a directory that is missing, or whose name something else has; unless a later listing
/// saw it, or another disk belongs there. Returns whether it did.
pub(super) fn remove_dir(
    store: &mut Store,
    tree: &mut DirTree,
    at: u32,
    id: i64,
    name: &[u8],
    options: MergeOptions<'_>,
) -> rusqlite::Result<bool> {
    let path = join(&tree.path(at), name);
    if options.overlaps && stamps::seen_since(store, tree.source, &path, options.stamp)? {
        return Ok(false);
    }
    let mounts = options.mounts;
    let keeps_mounts = !mounts.accept && tree.has_mount_within(store, &path)?;
    if keeps_mounts && !mounts.are_gone_within(&path) {
        mounts::set_unmounted(store, tree, &path, mounts.scan)?;
        return Ok(false);
    }
    tree.remove(store, at, id, name)?;
    if options.overlaps {
        let source = tree.source;
        tree.vanished
            .remember(store, source, &path, options.stamp)?;
    }
    Ok(true)
}

/// Adds entries that are not stored yet.
pub(super) fn insert<'a>(
    store: &mut Store,
    tree: &mut DirTree,
    at: u32,
    listing: &Listing,
    entries: impl Iterator<Item = &'a ListedEntry> + Clone,
) -> rusqlite::Result<()> {
    let Some(node) = tree.node(at) else {
        return Ok(());
    };
    let dir = node.id;
    let keeps_history = tree.history.is_kept();
    // More than one file may be as large as the largest number.
    let (mut files, mut added, mut bytes, mut disk) = (0, 0, 0_i128, 0_i128);
    let dirs = entries.clone().filter(|entry| entry.is_dir()).count();
    for entry in entries {
        added += 1;
        let name = listing.name(entry);
        if entry.is_dir() {
            if dirs > MAX_CACHED {
                tree.add_uncached(store, name, at, entry.dir_entry())?;
            } else {
                tree.add(name, at, entry.dir_entry());
            }
            continue;
        }
        let row = entry.row();
        files += 1;
        bytes += i128::from(row.bytes());
        disk += i128::from(row.own_disk());
        if let (true, Some(node)) = (keeps_history, tree.node_mut(at)) {
            node.record_file(name, false, Some(row.kind), row.bytes());
        }
        if row.inode.is_some() {
            tree.relink(at, None, Some((&row, entry.nlink.into())));
        }
        store.push_file(&NewFile { dir, name, row })?;
    }
    if added == 0 {
        return Ok(());
    }
    if let Some(node) = tree.node_mut(at) {
        node.add_own(files, bytes);
        node.add_own_disk(disk);
        node.gathered.added += added;
        node.is_empty = false;
    }
    tree.touch(at);
    Ok(())
}
