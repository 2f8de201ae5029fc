//! Listings too long to be held whole. The entries of each piece are looked up by name and written
//! where they differ. The names go to a TEMP table, outside of the database. At the end they show
//! which rows are missing, unless their number shows that none is.

use rusqlite::params;

use super::merge::{self, MergeOptions};
use crate::text::Text;
use crate::writer::intake::listing::{ListedEntry, Listing};
use crate::writer::store::Store;
use crate::writer::tree::DirTree;

/// Applies a piece of a listing, which has been sorted.
pub(super) fn apply_piece(
    store: &mut Store,
    tree: &mut DirTree,
    at: u32,
    listing: &Listing,
    options: MergeOptions<'_>,
    number: i64,
) -> rusqlite::Result<()> {
    if tree.node(at).is_some_and(|node| node.has_new_children) {
        tree.flush(store)?;
    }
    store.flush_files()?;
    let Some(node) = tree.node(at) else {
        return Ok(());
    };
    let (dir, is_empty) = (node.id, node.is_empty);
    remember(store, number, listing)?;
    if is_empty {
        return merge::insert(store, tree, at, listing, listing.sorted());
    }
    let mut new = Vec::new();
    for entry in listing.sorted() {
        let name = listing.name(entry);
        let file = store.load_file(dir, name)?;
        if entry.is_dir() {
            if let Some(file) = file {
                merge::delete_file(store, tree, at, name, &file)?;
            }
            match store.child(dir, name)? {
                Some(stored) if entry.is_known() && stored.row.entry() != entry.dir_entry() => {
                    merge::update_dir(store, tree, at, name, entry, &stored)?;
                }
                Some(_) => {}
                None => new.push(*entry),
            }
        } else if let Some(file) = file {
            if entry.is_known() && file != entry.row() {
                merge::update_file(store, tree, at, name, &file, entry)?;
            } else if let Some(inode) = entry.inode() {
                tree.see_links(store, at, &[(inode, entry.nlink.into())])?;
            }
        } else if is_new_file(store, tree, at, name, entry, options)? {
            new.push(*entry);
        }
    }
    merge::insert(store, tree, at, listing, new.iter())
}

/// Whether there may be rows that no piece had, once the last piece of a whole listing is in.
pub(super) fn lacks_rows(
    store: &mut Store,
    tree: &mut DirTree,
    at: u32,
    number: i64,
) -> rusqlite::Result<bool> {
    tree.flush(store)?;
    let Some(node) = tree.node(at) else {
        return Ok(false);
    };
    let (dir, files) = (node.id, node.row.own_files);
    let count = |sql, value| store.db.query_row(sql, [value], |row| row.get::<_, i64>(0));
    let dirs = count("SELECT count(*) FROM dirs WHERE parent_id = ?1", dir)?;
    let seen = count("SELECT count(*) FROM temp.seen WHERE listing = ?1", number)?;
    Ok(seen != files + dirs)
}

/// Forgets the names of a listing.
pub(super) fn forget(store: &Store, number: i64) -> rusqlite::Result<()> {
    store
        .db
        .execute("DELETE FROM temp.seen WHERE listing = ?1", [number])?;
    Ok(())
}

/// Forgets the names of all listings.
pub(in crate::writer) fn forget_all(store: &Store) -> rusqlite::Result<()> {
    store.db.execute_batch("DELETE FROM temp.seen")
}

fn remember(store: &Store, number: i64, listing: &Listing) -> rusqlite::Result<()> {
    let mut statement = store
        .db
        .prepare_cached("INSERT OR IGNORE INTO temp.seen VALUES (?1, ?2)")?;
    for entry in listing.sorted() {
        statement.execute(params![number, Text(listing.name(entry))])?;
    }
    Ok(())
}

/// Whether a name that no stored file has is a new file's. A directory that had it is removed, if
/// it may be.
fn is_new_file(
    store: &mut Store,
    tree: &mut DirTree,
    at: u32,
    name: &[u8],
    entry: &ListedEntry,
    options: MergeOptions<'_>,
) -> rusqlite::Result<bool> {
    let dir = tree.node(at).map_or(0, |node| node.id);
    match store.child(dir, name)? {
        None => Ok(true),
        Some(_) if !entry.has_kind() => Ok(false),
        Some(stored) => merge::remove_dir(store, tree, at, stored.id, name, options),
    }
}
