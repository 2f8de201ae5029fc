//! Directories that cannot be entered for a while, because of an error or of another disk. Once
//! they are entered again, it must still be known which scans did not see their entries.

use rusqlite::{Connection, params};

use crate::values::listing;
use crate::writer::store::Store;

/// Notes that a scan found a directory with the status `now`, after `before`. Its id is 0 if it is
/// new.
pub(in crate::writer) fn note(
    store: &mut Store,
    dir: i64,
    (before, now): (i64, i64),
    scan: i64,
) -> rusqlite::Result<()> {
    let sql = match (listing::is_entered(before), listing::is_entered(now)) {
        (true, true) => return Ok(()),
        // No scan has entered a new directory.
        (true, false) if dir == 0 => return Ok(()),
        (true, false) => "INSERT OR IGNORE INTO missed VALUES (?1, ?2, NULL)",
        // A scan that began earlier may come here later.
        (false, false) if store.has_missed => {
            "UPDATE OR IGNORE missed SET since = ?2 WHERE dir_id = ?1 AND since > ?2 AND regained IS NULL"
        }
        (false, false) => return Ok(()),
        // A scan that began later may have missed it before this one came here.
        (false, true) => {
            "UPDATE missed SET regained = (SELECT iif(max(id) > ?2, max(id) + 1, ?2) FROM scans)
             WHERE dir_id = ?1 AND regained IS NULL"
        }
    };
    let is_known = store.db.prepare_cached(sql)?.execute(params![dir, scan])? > 0;
    store.has_missed |= is_known;
    if !is_known && listing::is_entered(now) {
        store.has_missed = true;
        let sql = "INSERT OR REPLACE INTO missed VALUES (?1, 0, ?2)";
        store.db.prepare_cached(sql)?.execute(params![dir, scan])?;
    }
    Ok(())
}

/// Drops rows that concern only scans without a row of their own, after a whole scan that read
/// everything.
pub(in crate::writer) fn forget(db: &Connection, source: i64) -> rusqlite::Result<()> {
    let sql = "DELETE FROM missed WHERE regained <= (SELECT min(id) FROM scans WHERE source_id = ?1 AND folder = '')
               AND (SELECT source_id FROM dirs WHERE id = dir_id) = ?1";
    db.prepare_cached(sql)?.execute([source])?;
    Ok(())
}
