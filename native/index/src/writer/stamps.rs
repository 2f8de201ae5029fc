//! Which of two scans looked at a directory last. Only while scans of one source overlap are looks remembered, in a TEMP table;
//! by path, since a directory may not be stored yet.

use rusqlite::{OptionalExtension, params};

use super::store::Store;
use crate::text::Text;

/// Remembers a look, unless a later one is remembered: then it says no.
pub(super) fn is_latest(
    store: &Store,
    source: i64,
    path: &[u8],
    stamp: u64,
) -> rusqlite::Result<bool> {
    let stamp = number(stamp);
    let sql = "INSERT INTO temp.stamps VALUES (?1, ?2, ?3, ?3)
               ON CONFLICT DO UPDATE SET listed = ?3, alive = max(alive, ?3) WHERE listed <= ?3";
    Ok(store
        .db
        .prepare_cached(sql)?
        .execute(params![source, Text(path), stamp])?
        > 0)
}

/// Remembers that a directory was there, though nobody listed it.
pub(super) fn saw_alive(
    store: &Store,
    source: i64,
    path: &[u8],
    stamp: u64,
) -> rusqlite::Result<()> {
    let sql = "INSERT INTO temp.stamps VALUES (?1, ?2, -1, ?3) ON CONFLICT DO UPDATE SET alive = max(alive, ?3)";
    store
        .db
        .prepare_cached(sql)?
        .execute(params![source, Text(path), number(stamp)])?;
    Ok(())
}

/// Whether a look later than `stamp` saw it.
pub(super) fn seen_alive_after(
    store: &Store,
    source: i64,
    path: &[u8],
    stamp: u64,
) -> rusqlite::Result<bool> {
    let sql = "SELECT alive > ?3 FROM temp.stamps WHERE source_id = ?1 AND path = ?2";
    let mut statement = store.db.prepare_cached(sql)?;
    let later = statement
        .query_row(params![source, Text(path), number(stamp)], |row| row.get(0))
        .optional()?;
    Ok(later.unwrap_or(false))
}

/// No scans of the source overlap any more.
pub(super) fn forget(store: &Store, source: i64) -> rusqlite::Result<()> {
    store
        .db
        .execute("DELETE FROM temp.stamps WHERE source_id = ?1", [source])?;
    Ok(())
}

fn number(stamp: u64) -> i64 {
    i64::try_from(stamp).unwrap_or(i64::MAX)
}
