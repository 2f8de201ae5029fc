//! The end of a scan, as it is written down: however it came, and which older rows it makes superfluous.

use rusqlite::{Connection, OptionalExtension, params};

use super::options::ScanCounts;
use super::sources::now;
use crate::schema::scan_status;
use crate::text::{Bytes, Text};

/// How a scan ended.
pub(super) struct End<'a> {
    pub source: i64,
    pub scan: i64,
    pub folder: &'a [u8],
    pub depth: Option<u32>,
    pub whole: bool,
    pub status: i64,
    pub counts: ScanCounts,
    /// Generations of which the rows of whole scans stay.
    pub keep: i64,
    /// Generations of which the changes stay.
    pub history: i64,
}

/// Writes down that a scan ended, and drops rows of scans that it makes superfluous.
pub(super) fn end(db: &Connection, end: &End<'_>) -> rusqlite::Result<()> {
    let now = now();
    let number = |value: u64| i64::try_from(value).unwrap_or(i64::MAX);
    let ScanCounts {
        files,
        directories,
        bytes,
        unreadable,
    } = end.counts;
    let sql = "UPDATE scans SET status = ?2, ended_at = ?3, files = ?4, directories = ?5, bytes = ?6, unreadable = ?7 WHERE id = ?1";
    db.prepare_cached(sql)?.execute(params![
        end.scan,
        end.status,
        now,
        number(files),
        number(directories),
        number(bytes),
        number(unreadable),
    ])?;
    let ran_to_end = matches!(end.status, scan_status::COMPLETE | scan_status::PARTIAL);
    let sql = "UPDATE sources SET last_scan_at = ?2, last_scan_status = ?3, last_scan_files = iif(?4, ?5, last_scan_files),
                      last_complete_at = iif(?6, ?2, last_complete_at),
                      history_from = iif(?7, max(history_from, generation - ?8), history_from) WHERE id = ?1";
    db.prepare_cached(sql)?.execute(params![
        end.source,
        now,
        end.status,
        // What a cancelled one counted is no measure of the tree.
        end.whole && ran_to_end,
        number(files),
        end.whole && ran_to_end,
        end.whole,
        end.history,
    ])?;
    if ran_to_end { prune(db, end) } else { Ok(()) }
}

/// A row goes when this end covers its folder and depth, and tells as much; whole scans stay as long as the history knows their
/// generation.
fn prune(db: &Connection, end: &End<'_>) -> rusqlite::Result<()> {
    let sql =
        "SELECT id, folder, depth, status FROM scans WHERE source_id = ?1 AND id < ?2 AND status <> ?3
                  AND (whole = 0 OR gen <= (SELECT generation FROM sources WHERE id = ?1) - ?4)";
    let mut statement = db.prepare_cached(sql)?;
    let mut rows = statement.query(params![
        end.source,
        end.scan,
        scan_status::RUNNING,
        end.keep
    ])?;
    let mut covered = Vec::new();
    while let Some(row) = rows.next()? {
        let (folder, depth): (Bytes, Option<u32>) = (row.get(1)?, row.get(2)?);
        let was_complete = row.get::<_, i64>(3)? == scan_status::COMPLETE;
        let tells_more = was_complete
            && end.status == scan_status::PARTIAL
            && !is_all_known(db, end.source, &folder.0)?;
        if covers(end, &folder.0, depth) && !tells_more {
            covered.push(row.get::<_, i64>(0)?);
        }
    }
    for id in covered {
        db.prepare_cached("DELETE FROM scans WHERE id = ?1")?
            .execute([id])?;
    }
    Ok(())
}

/// Whether nothing has kept the last scans from a folder, or from anything beneath it. What they did not come to is as old as the
/// last scan that did.
fn is_all_known(db: &Connection, source: i64, folder: &[u8]) -> rusqlite::Result<bool> {
    let read = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
    let sql = "SELECT id, status, unknown_below FROM dirs WHERE id = (SELECT root_dir FROM sources WHERE id = ?1)";
    let mut statement = db.prepare_cached(sql)?;
    let (mut dir, mut status, mut unknown): (i64, i64, i64) =
        statement.query_row([source], read)?;
    let sql = "SELECT id, status, unknown_below FROM dirs WHERE parent_id = ?1 AND name = ?2";
    let mut statement = db.prepare_cached(sql)?;
    let names = folder.split(|byte| *byte == b'/');
    for name in names.filter(|name| !name.is_empty()) {
        if status != i64::from(aether_core::slab::status::COMPLETE) {
            return Ok(false);
        }
        let found = statement.query_row(params![dir, Text(name)], read);
        match found.optional()? {
            Some(found) => (dir, status, unknown) = found,
            // It is gone: there is nothing to tell of it.
            None => return Ok(true),
        }
    }
    Ok(unknown == 0)
}

fn covers(end: &End<'_>, folder: &[u8], depth: Option<u32>) -> bool {
    if !super::node::is_within(folder, end.folder) {
        return false;
    }
    let levels = |path: &[u8]| {
        if path.is_empty() {
            0
        } else {
            1 + path.iter().filter(|byte| **byte == b'/').count() as u32
        }
    };
    let below = levels(folder) - levels(end.folder).min(levels(folder));
    match (end.depth, depth) {
        (None, _) => true,
        (Some(_), None) => false,
        (Some(covered), Some(depth)) => below.saturating_add(depth) <= covered,
    }
}

/// Sources and scans that say "running" while nobody ran: their writer died.
pub(super) fn mark_crashed(db: &Connection) -> rusqlite::Result<()> {
    let running = db
        .prepare("SELECT 1 FROM scans WHERE status = 0")?
        .exists(())?;
    if running {
        let transaction = db.unchecked_transaction()?;
        transaction.execute(
            "UPDATE scans SET status = ?1 WHERE status = 0",
            [scan_status::CRASHED],
        )?;
        transaction.execute(
            "UPDATE sources SET last_scan_status = ?1 WHERE last_scan_status = 0",
            [scan_status::CRASHED],
        )?;
        transaction.commit()?;
    }
    Ok(())
}

/// Scans, given with their sources, whose end could not be written down when they ended.
pub(super) fn mark_failed(db: &Connection, scans: &[(i64, i64)]) -> rusqlite::Result<()> {
    for (source, scan) in scans {
        let sql = "UPDATE scans SET status = ?2, ended_at = ?3 WHERE id = ?1 AND status = 0";
        db.prepare_cached(sql)?
            .execute(params![scan, scan_status::FAILED, now()])?;
        // Unless another scan runs by now.
        let sql = "UPDATE sources SET last_scan_status = ?2, last_scan_at = ?3 WHERE id = ?1 AND last_scan_status = 0
                   AND NOT EXISTS (SELECT 1 FROM scans WHERE source_id = ?1 AND status = 0)";
        db.prepare_cached(sql)?
            .execute(params![source, scan_status::FAILED, now()])?;
    }
    Ok(())
}
