//! Directories that are not entered for a while, because of an error or of another disk. When they
//! are entered again, it is still to be known which scans have seen nothing of what lies in them.

use rusqlite::{Connection, params};

use crate::schema::listing;
use crate::writer::store::Store;
use crate::writer::tree::node::Node;

/// The status of a directory, which was another before, was told by a scan.
pub(in crate::writer) fn note(
    store: &mut Store,
    node: &Node,
    before: i64,
    scan: i64,
) -> rusqlite::Result<()> {
    // Without an id it is new: no scan has entered it.
    let dir = node.id;
    let sql = match (
        listing::is_entered(before),
        listing::is_entered(node.status),
    ) {
        (true, true) => return Ok(()),
        (true, false) if dir == 0 => return Ok(()),
        (true, false) => "INSERT OR IGNORE INTO missed VALUES (?1, ?2, NULL)",
        // By one that began before the one that came here first.
        (false, false) if store.has_missed => {
            "UPDATE OR IGNORE missed SET since = ?2 WHERE dir_id = ?1 AND since > ?2 AND regained IS NULL"
        }
        (false, false) => return Ok(()),
        // A scan that began later may have missed it before this one, which is older, came here.
        (false, true) => {
            "UPDATE missed SET regained = (SELECT iif(max(id) > ?2, max(id) + 1, ?2) FROM scans)
             WHERE dir_id = ?1 AND regained IS NULL"
        }
    };
    let is_known = store.db.prepare_cached(sql)?.execute(params![dir, scan])? > 0;
    store.has_missed |= is_known;
    if !is_known && listing::is_entered(node.status) {
        store.has_missed = true;
        let sql = "INSERT OR REPLACE INTO missed VALUES (?1, 0, ?2)";
        store.db.prepare_cached(sql)?.execute(params![dir, scan])?;
    }
    Ok(())
}

/// After the end of a whole scan that has read everything: of scans of which no row is left nothing
/// is to be known.
pub(in crate::writer) fn forget(db: &Connection, source: i64) -> rusqlite::Result<()> {
    let sql = "DELETE FROM missed WHERE regained <= (SELECT min(id) FROM scans WHERE source_id = ?1 AND folder = '')
               AND (SELECT source_id FROM dirs WHERE id = dir_id) = ?1";
    db.prepare_cached(sql)?.execute([source])?;
    Ok(())
}
