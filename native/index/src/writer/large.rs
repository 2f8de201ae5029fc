//! Listings too long to be held whole. Each piece is looked up name by name and written where it differs; the names go to a TEMP
//! table, apart from the database, and show at the end what is gone, unless their number says that nothing is.

use rusqlite::{OptionalExtension, params};

use super::listing::{Item, Listing};
use super::merge::{self, Look};
use super::store::Store;
use super::tree::Tree;
use crate::text::{Bytes, Text};

/// Names compared, and rows deleted, at a time.
const PIECE: i64 = 5000;

/// A piece of a listing, sorted.
pub(super) fn piece(
    store: &mut Store,
    tree: &mut Tree,
    at: u32,
    listing: &Listing,
    look: Look,
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

/// The last piece is in: deletes what no piece had, if the listing was whole, and forgets the names.
pub(super) fn close(
    store: &mut Store,
    tree: &mut Tree,
    at: u32,
    look: Look,
    number: i64,
) -> rusqlite::Result<()> {
    if look.whole {
        tree.flush(store)?;
        let Some(node) = tree.node(at) else {
            return Ok(());
        };
        let (dir, files) = (node.id, node.own.files);
        let count = |sql, value| store.db.query_row(sql, [value], |row| row.get::<_, i64>(0));
        let dirs = count("SELECT count(*) FROM dirs WHERE parent_id = ?1", dir)?;
        let seen = count("SELECT count(*) FROM temp.seen WHERE listing = ?1", number)?;
        if seen != files + dirs {
            delete_files(store, tree, at, dir, number)?;
            remove_dirs(store, tree, at, dir, look, number)?;
        }
    }
    forget(store, number)
}

/// Forgets the names of a listing.
pub(super) fn forget(store: &Store, number: i64) -> rusqlite::Result<()> {
    store
        .db
        .execute("DELETE FROM temp.seen WHERE listing = ?1", [number])?;
    Ok(())
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
    item: &Item,
    look: Look,
) -> rusqlite::Result<bool> {
    match stored_dir(store, dir, name)? {
        None => Ok(true),
        Some(_) if item.kind == 0 => Ok(false),
        Some((id, _)) => merge::remove_dir(store, tree, at, id, name, look),
    }
}

fn delete_files(
    store: &mut Store,
    tree: &mut Tree,
    at: u32,
    dir: i64,
    number: i64,
) -> rusqlite::Result<()> {
    let sql = "SELECT name, kind, size FROM files f WHERE dir_id = ?1 AND name > ?2
                  AND NOT EXISTS (SELECT 1 FROM temp.seen s WHERE s.listing = ?3 AND s.name = f.name) ORDER BY name LIMIT ?4";
    let mut after = Bytes::default();
    loop {
        let gone: Vec<(Bytes, i64, Option<i64>)> = {
            let mut statement = store.db.prepare_cached(sql)?;
            let rows = statement.query_map(params![dir, after, number, PIECE], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?))
            })?;
            rows.collect::<rusqlite::Result<_>>()?
        };
        for (name, kind, size) in &gone {
            merge::delete_file(store, tree, at, &name.0, (*kind, *size))?;
        }
        match gone.into_iter().next_back() {
            Some((last, ..)) => after = last,
            None => return Ok(()),
        }
    }
}

fn remove_dirs(
    store: &mut Store,
    tree: &mut Tree,
    at: u32,
    dir: i64,
    look: Look,
    number: i64,
) -> rusqlite::Result<()> {
    let sql = "SELECT name, id FROM dirs d WHERE parent_id = ?1 AND name > ?2
                  AND NOT EXISTS (SELECT 1 FROM temp.seen s WHERE s.listing = ?3 AND s.name = d.name) ORDER BY name LIMIT ?4";
    let mut after = Bytes::default();
    loop {
        let gone: Vec<(Bytes, i64)> = {
            let mut statement = store.db.prepare_cached(sql)?;
            let rows = statement.query_map(params![dir, after, number, PIECE], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })?;
            rows.collect::<rusqlite::Result<_>>()?
        };
        for (name, id) in &gone {
            merge::remove_dir(store, tree, at, *id, &name.0, look)?;
        }
        match gone.into_iter().next_back() {
            Some((last, _)) => after = last,
            None => return Ok(()),
        }
    }
}
