//! Listings too long to be held whole. Each piece is looked up name by name and written where it differs; the names go to a TEMP
//! table, apart from the database, and show at the end what is to be swept, unless their number says that nothing is.

use rusqlite::{OptionalExtension, params};

use crate::text::Text;
use crate::writer::apply::delete_missing::DeleteMissing;
use crate::writer::apply::merge::{self, MergeOptions};
use crate::writer::intake::listing::{ListedEntry, Listing};
use crate::writer::store::Store;
use crate::writer::tree::Tree;

/// A piece of a listing, sorted.
pub(in crate::writer) fn piece(
    store: &mut Store,
    tree: &mut Tree,
    at: u32,
    listing: &Listing,
    look: MergeOptions<'_>,
    number: i64,
) -> rusqlite::Result<()> {
    if tree.node(at).is_some_and(|node| node.has_new_children) {
        tree.flush(store)?;
    }
    store.flush_rows()?;
    let Some(node) = tree.node(at) else {
        return Ok(());
    };
    let (dir, fresh) = (node.id, node.fresh);
    remember(store, number, listing)?;
    if fresh {
        return merge::insert(store, tree, at, listing, listing.sorted());
    }
    let mut new = Vec::new();
    for item in listing.sorted() {
        let name = listing.name(item);
        let file = stored_file(store, dir, name)?;
        if item.is_dir() {
            if let Some((kind, size, _)) = file {
                merge::delete_file(store, tree, at, name, (kind, size))?;
            }
            match stored_dir(store, dir, name)? {
                Some((id, mtime)) if item.known && mtime != item.mtime() => {
                    merge::update_dir(store, tree, at, name, item, id)?;
                }
                Some(_) => {}
                None => new.push(*item),
            }
        } else if let Some((kind, size, mtime)) = file {
            let same = (kind, size, mtime) == (i64::from(item.kind), item.size(), item.mtime());
            if item.known && !same {
                merge::update_file(store, tree, at, name, item, (kind, size))?;
            }
        } else if is_new_file(store, tree, at, dir, name, item, look)? {
            new.push(*item);
        }
    }
    merge::insert(store, tree, at, listing, new.iter())
}

/// The last piece is in and the listing was whole: whether there may be rows that no piece had.
pub(in crate::writer) fn count(
    store: &mut Store,
    tree: &mut Tree,
    at: u32,
    number: i64,
) -> rusqlite::Result<Option<DeleteMissing>> {
    tree.flush(store)?;
    let Some(node) = tree.node(at) else {
        return Ok(None);
    };
    let (dir, files) = (node.id, node.own.files);
    let count = |sql, value| store.db.query_row(sql, [value], |row| row.get::<_, i64>(0));
    let dirs = count("SELECT count(*) FROM dirs WHERE parent_id = ?1", dir)?;
    let seen = count("SELECT count(*) FROM temp.seen WHERE listing = ?1", number)?;
    Ok((seen != files + dirs).then(DeleteMissing::default))
}

/// Forgets the names of a listing.
pub(in crate::writer) fn forget(store: &Store, number: i64) -> rusqlite::Result<()> {
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
    for item in listing.sorted() {
        statement.execute(params![number, Text(listing.name(item))])?;
    }
    Ok(())
}

type File = (i64, Option<i64>, Option<i64>);

fn stored_file(store: &Store, dir: i64, name: &[u8]) -> rusqlite::Result<Option<File>> {
    let sql = "SELECT kind, size, mtime FROM files WHERE dir_id = ?1 AND name = ?2";
    let mut statement = store.db.prepare_cached(sql)?;
    let row = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
    statement
        .query_row(params![dir, Text(name)], row)
        .optional()
}

fn stored_dir(
    store: &Store,
    parent: i64,
    name: &[u8],
) -> rusqlite::Result<Option<(i64, Option<i64>)>> {
    let sql = "SELECT id, mtime FROM dirs WHERE parent_id = ?1 AND name = ?2";
    let mut statement = store.db.prepare_cached(sql)?;
    let row = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
    statement
        .query_row(params![parent, Text(name)], row)
        .optional()
}

/// Whether a name that is no stored file's is a new file's; a directory that had it goes, if it may.
fn is_new_file(
    store: &mut Store,
    tree: &mut Tree,
    at: u32,
    dir: i64,
    name: &[u8],
    item: &ListedEntry,
    look: MergeOptions<'_>,
) -> rusqlite::Result<bool> {
    match stored_dir(store, dir, name)? {
        None => Ok(true),
        Some(_) if item.kind == 0 => Ok(false),
        Some((id, _)) => merge::remove_dir(store, tree, at, id, name, look),
    }
}
