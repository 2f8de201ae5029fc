//! Which of several listings of a directory is the latest. Stamps are remembered only while
//! listings overlap: while two scans of one source run, or once a scan has read a directory twice.
//! They are in a TEMP table, by path, since a directory may not be stored yet.

use std::collections::BTreeSet;

use aether_core::path::{bounds_beneath, split};
use rusqlite::params;

use crate::text::{Text, bytes};
use crate::writer::store::Store;

/// Remembers a listing, unless a later one is remembered: then it returns false. A `complete` one
/// shows what is not in the directory.
pub(in crate::writer) fn is_latest(
    store: &Store,
    source: i64,
    path: &[u8],
    stamp: u64,
    complete: bool,
) -> rusqlite::Result<bool> {
    let stamp = number(stamp);
    let sql = "INSERT INTO temp.stamps VALUES (?1, ?2, ?3, ?4)
               ON CONFLICT DO UPDATE SET listed = ?3, complete = max(complete, ?4) WHERE listed <= ?3";
    let complete = if complete { stamp } else { -1 };
    let values = params![source, Text(path), stamp, complete];
    Ok(store.db.prepare_cached(sql)?.execute(values)? > 0)
}

/// Whether the directory, or anything beneath it, was listed later than `stamp`: listing a folder
/// takes all directories above it.
pub(in crate::writer) fn seen_since(
    store: &Store,
    source: i64,
    path: &[u8],
    stamp: u64,
) -> rusqlite::Result<bool> {
    if listed_since(store, source, path, stamp)? {
        return Ok(true);
    }
    let (from, to) = bounds_beneath(path);
    let sql = "SELECT 1 FROM temp.stamps WHERE source_id = ?1 AND path > ?2 AND path < ?3 AND listed > ?4";
    let values = params![source, Text(&from), Text(&to), number(stamp)];
    store.db.prepare_cached(sql)?.exists(values)
}

/// The directory, and those beneath it that hold what was listed later than `stamp`, without those
/// that were listed later themselves.
pub(in crate::writer) fn not_listed_since(
    store: &Store,
    source: i64,
    path: &[u8],
    stamp: u64,
) -> rusqlite::Result<Vec<Vec<u8>>> {
    let (from, to) = bounds_beneath(path);
    let sql = "SELECT path FROM temp.stamps WHERE source_id = ?1 AND path > ?2 AND path < ?3 AND listed > ?4";
    let mut statement = store.db.prepare_cached(sql)?;
    let mut seen = statement.query(params![source, Text(&from), Text(&to), number(stamp)])?;
    let mut paths = BTreeSet::from([path.to_vec()]);
    while let Some(row) = seen.next()? {
        let mut at = bytes(row.get_ref(0)?)?;
        loop {
            at = split(at).0;
            if at.len() <= path.len() || !paths.insert(at.to_vec()) {
                break;
            }
        }
    }
    let mut not_listed = Vec::new();
    for path in paths {
        if !listed_since(store, source, &path, stamp)? {
            not_listed.push(path);
        }
    }
    Ok(not_listed)
}

/// Whether the directory itself was listed later than `stamp`.
pub(in crate::writer) fn listed_since(
    store: &Store,
    source: i64,
    path: &[u8],
    stamp: u64,
) -> rusqlite::Result<bool> {
    let sql = "SELECT 1 FROM temp.stamps WHERE source_id = ?1 AND path = ?2 AND listed > ?3";
    let values = params![source, Text(path), number(stamp)];
    store.db.prepare_cached(sql)?.exists(values)
}

/// Whether it was listed whole later than `stamp`: what it lacks did not exist then.
pub(in crate::writer) fn completed_since(
    store: &Store,
    source: i64,
    path: &[u8],
    stamp: u64,
) -> rusqlite::Result<bool> {
    let sql = "SELECT 1 FROM temp.stamps WHERE source_id = ?1 AND path = ?2 AND complete > ?3";
    let values = params![source, Text(path), number(stamp)];
    store.db.prepare_cached(sql)?.exists(values)
}

/// Forgets the stamps of a source, when no listings of it overlap any more.
pub(in crate::writer) fn forget(store: &Store, source: i64) -> rusqlite::Result<()> {
    store
        .db
        .execute("DELETE FROM temp.stamps WHERE source_id = ?1", [source])?;
    Ok(())
}

/// A stamp as SQLite holds it.
pub(in crate::writer) fn number(stamp: u64) -> i64 {
    i64::try_from(stamp).unwrap_or(i64::MAX)
}
