//! Recording the end of a scan, and dropping older rows that it makes superfluous.

use aether_core::path::{bounds_beneath, is_within, levels, names};
use rusqlite::{Connection, OptionalExtension, Params, Row, params};

use crate::text::{Bytes, Text};
use crate::values::scan_status;
use crate::writer::options::ScanCounts;
use crate::writer::proof::missed;
use crate::writer::store::sources::now;

/// How a scan ended.
pub(in crate::writer) struct ScanEnd<'a> {
    pub source: i64,
    pub scan: i64,
    pub folder: &'a [u8],
    pub depth: Option<u32>,
    pub is_whole: bool,
    pub status: i64,
    pub counts: ScanCounts,
    /// Number of generations whose rows of whole scans are kept.
    pub keep: i64,
    /// Number of generations whose changes are kept.
    pub history: i64,
    /// Every file is known to have its size on disk.
    pub has_disk: bool,
}

/// Records that a scan ended, and drops rows of scans that it makes superfluous.
pub(in crate::writer) fn end(db: &Connection, end: &ScanEnd<'_>) -> rusqlite::Result<()> {
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
    let is_all = end.is_whole && ran_to_end;
    let has_disk = is_all && (end.has_disk || has_all_disk(db, end.source)?);
    let sql = "UPDATE sources SET last_scan_at = ?2, last_scan_status = ?3, last_scan_files = iif(?4, ?5, last_scan_files),
                      last_complete_at = iif(?6, ?2, last_complete_at),
                      history_from = iif(?7, max(history_from, generation - ?8), history_from),
                      disk_gen = coalesce(disk_gen, iif(?9, generation, NULL)) WHERE id = ?1";
    db.prepare_cached(sql)?.execute(params![
        end.source,
        now,
        end.status,
        // The counts of a cancelled scan do not measure the tree.
        end.is_whole && ran_to_end,
        number(files),
        end.is_whole && ran_to_end,
        end.is_whole,
        end.history,
        has_disk,
    ])?;
    prune(db, end, ran_to_end)?;
    match end.is_whole && end.status == scan_status::COMPLETE {
        true => missed::forget(db, end.source),
        false => Ok(()),
    }
}

/// Whether no file lacks its size on disk that has a size: those that an older version stored, where
/// no scan has read the directory since. Once sizes on disk are told, that is not asked again. It
/// reads every row: a tenth of the time of a first scan.
fn has_all_disk(db: &Connection, source: i64) -> rusqlite::Result<bool> {
    let sql = "WITH RECURSIVE reached (id) AS (
                 SELECT root_dir FROM sources WHERE id = ?1 AND disk_gen IS NULL
                 UNION ALL SELECT d.id FROM reached r JOIN dirs d ON d.parent_id = r.id)
               SELECT 1 FROM reached r CROSS JOIN files f ON f.dir_id = r.id WHERE f.disk IS NULL AND f.size NOTNULL LIMIT 1";
    Ok(!db.prepare_cached(sql)?.exists([source])?)
}

/// Drops a row when this scan covers its folder and depth and says as much. A row that says nothing
/// is dropped when another scan of its folder has ended. Whole scans stay as long as the history
/// has their generation.
fn prune(db: &Connection, end: &ScanEnd<'_>, ran_to_end: bool) -> rusqlite::Result<()> {
    let mut covered = Vec::new();
    let mut check = |row: &Row<'_>| {
        let (folder, depth): (Bytes, Option<u32>) = (row.get(1)?, row.get(2)?);
        let status: i64 = row.get(3)?;
        let says_nothing = !matches!(status, scan_status::COMPLETE | scan_status::PARTIAL);
        let says_more = || {
            Ok::<_, rusqlite::Error>(
                status == scan_status::COMPLETE
                    && end.status == scan_status::PARTIAL
                    && !is_all_known(db, end.source, &folder.0)?,
            )
        };
        let is_superseded = says_nothing && folder.0 == end.folder;
        if is_superseded || (ran_to_end && covers(end, &folder.0, depth) && !says_more()?) {
            covered.push(row.get::<_, i64>(0)?);
        }
        Ok(())
    };
    let (keep, running) = (end.keep, scan_status::RUNNING);
    let values = params![end.source, end.scan, running, keep, Text(end.folder)];
    each(
        db,
        &SUPERFLUOUS.replace("{}", "folder = ?5"),
        values,
        &mut check,
    )?;
    // A scan of one level covers nothing beneath its folder.
    if ran_to_end && end.depth != Some(1) {
        let sql = SUPERFLUOUS.replace("{}", "folder > ?5 AND folder < ?6") + " LIMIT ?7";
        let (from, to) = bounds_beneath(end.folder);
        let max = if end.is_whole { i64::MAX } else { MAX_BENEATH };
        let (from, to) = (Text(&from), Text(&to));
        let values = params![end.source, end.scan, running, keep, from, to, max];
        each(db, &sql, values, &mut check)?;
    }
    for id in covered {
        db.prepare_cached("DELETE FROM scans WHERE id = ?1")?
            .execute([id])?;
    }
    Ok(())
}

/// Maximum number of rows of folders beneath its own that the end of a scan checks, unless it was a
/// whole one. Rows beyond are superfluous and do no harm.
const MAX_BENEATH: i64 = 1000;

const SUPERFLUOUS: &str = "SELECT id, folder, depth, status FROM scans WHERE source_id = ?1 AND {} AND id < ?2 AND status <> ?3
      AND (whole = 0 OR gen <= (SELECT generation FROM sources WHERE id = ?1) - ?4)";

fn each(
    db: &Connection,
    sql: &str,
    values: impl Params,
    check: &mut impl FnMut(&Row<'_>) -> rusqlite::Result<()>,
) -> rusqlite::Result<()> {
    let mut statement = db.prepare_cached(sql)?;
    let mut rows = statement.query(values)?;
    while let Some(row) = rows.next()? {
        check(row)?;
    }
    Ok(())
}

/// Whether the last scans read everything at and beneath a folder. What they did not reach is as
/// old as the last scan that did.
fn is_all_known(db: &Connection, source: i64, folder: &[u8]) -> rusqlite::Result<bool> {
    let read = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
    let sql = "SELECT id, status, unknown_below FROM dirs WHERE id = (SELECT root_dir FROM sources WHERE id = ?1)";
    let mut statement = db.prepare_cached(sql)?;
    let (mut dir, mut status, mut unknown): (i64, i64, i64) =
        statement.query_row([source], read)?;
    let sql = "SELECT id, status, unknown_below FROM dirs WHERE parent_id = ?1 AND name = ?2";
    let mut statement = db.prepare_cached(sql)?;
    for name in names(folder) {
        if status != i64::from(aether_core::slab::status::COMPLETE) {
            return Ok(false);
        }
        let found = statement.query_row(params![dir, Text(name)], read);
        match found.optional()? {
            Some(found) => (dir, status, unknown) = found,
            // It does not exist any more: nothing is left to say about it.
            None => return Ok(true),
        }
    }
    Ok(unknown == 0)
}

fn covers(end: &ScanEnd<'_>, folder: &[u8], depth: Option<u32>) -> bool {
    if !is_within(folder, end.folder) {
        return false;
    }
    let below = levels(folder).saturating_sub(levels(end.folder)) as u32;
    match (end.depth, depth) {
        (None, _) => true,
        (Some(_), None) => false,
        (Some(covered), Some(depth)) => below.saturating_add(depth) <= covered,
    }
}

/// Marks sources and scans that say "running" when the writer starts: the last writer died.
pub(in crate::writer) fn mark_crashed(db: &Connection) -> rusqlite::Result<()> {
    let running = db
        .prepare("SELECT 1 FROM scans WHERE status = ?1")?
        .exists([scan_status::RUNNING])?;
    if running {
        let transaction = db.unchecked_transaction()?;
        let statuses = [scan_status::RUNNING, scan_status::CRASHED];
        let sql = "UPDATE scans SET status = ?2 WHERE status = ?1";
        transaction.execute(sql, statuses)?;
        let sql = "UPDATE sources SET last_scan_status = ?2 WHERE last_scan_status = ?1";
        transaction.execute(sql, statuses)?;
        transaction.commit()?;
    }
    Ok(())
}

/// Marks scans, given with their sources, whose end could not be recorded when they ended.
pub(in crate::writer) fn mark_failed(
    db: &Connection,
    scans: &[(i64, i64)],
) -> rusqlite::Result<()> {
    for (source, scan) in scans {
        let (running, failed) = (scan_status::RUNNING, scan_status::FAILED);
        let sql = "UPDATE scans SET status = ?2, ended_at = ?3 WHERE id = ?1 AND status = ?4";
        db.prepare_cached(sql)?
            .execute(params![scan, failed, now(), running])?;
        // Unless another scan runs by now.
        let sql = "UPDATE sources SET last_scan_status = ?2, last_scan_at = ?3 WHERE id = ?1 AND last_scan_status = ?4
                   AND NOT EXISTS (SELECT 1 FROM scans WHERE source_id = ?1 AND status = ?4)";
        db.prepare_cached(sql)?
            .execute(params![source, failed, now(), running])?;
    }
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::*;
    use crate::schema;

    /// An index in which this many folders were opened since the last whole scan.
    fn opened(folders: usize) -> Connection {
        let mut db = Connection::open_in_memory().unwrap();
        schema::create(&mut db).unwrap();
        let sql = format!(
            "INSERT INTO sources (uuid, root, root_dir, rules, generation, created_at) VALUES ('s', '/r', 1, '', 1, 0);
             INSERT INTO scans (source_id, gen, folder, depth, whole, rules, status, started_at)
             VALUES (1, 1, '', NULL, 1, '', 1, 0), (1, 1, 'a', 1, 0, '', 1, 0), (1, 1, 'a', 1, 0, '', 3, 0);
             WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < {folders})
             INSERT INTO scans (source_id, gen, folder, depth, whole, rules, status, started_at)
             SELECT 1, 1, 'a-' || n, 1, 0, '', 1, 0 FROM n;
             INSERT INTO scans (source_id, gen, folder, depth, whole, rules, status, started_at)
             VALUES (1, 1, 'a', 1, 0, '', 0, 0);"
        );
        db.execute_batch(&sql).unwrap();
        db
    }

    fn end_last(db: &Connection, whole: bool, status: i64) {
        let scan = db.query_row("SELECT max(id) FROM scans", (), |row| row.get(0));
        let end = ScanEnd {
            source: 1,
            scan: scan.unwrap(),
            folder: if whole { b"" } else { b"a" },
            depth: (!whole).then_some(1),
            is_whole: whole,
            status,
            counts: ScanCounts::default(),
            keep: 10,
            history: 10,
            has_disk: false,
        };
        super::end(db, &end).unwrap();
    }

    fn rows(db: &Connection) -> String {
        let sql = "SELECT group_concat(folder || status, ' ' ORDER BY id) FROM scans";
        db.query_row(sql, (), |row| row.get(0)).unwrap()
    }

    #[test]
    fn superfluous_rows_are_dropped() {
        let db = opened(2);
        end_last(&db, false, scan_status::CANCELLED);
        assert_eq!(rows(&db), "1 a1 a-11 a-21 a3");
        let db = opened(2);
        end_last(&db, false, scan_status::COMPLETE);
        assert_eq!(rows(&db), "1 a-11 a-21 a1");
        end_last(&db, true, scan_status::COMPLETE);
        assert_eq!(rows(&db), "1 a1");
    }

    #[test]
    fn ending_a_scan_reads_no_scans_of_other_folders() {
        let steps = |folders| {
            let mut db = opened(folders);
            let count = Arc::new(AtomicU64::new(0));
            let counter = Arc::clone(&count);
            let step = move || {
                counter.fetch_add(1, Ordering::Relaxed);
                false
            };
            db.progress_handler(1, Some(step)).unwrap();
            end_last(&db, false, scan_status::COMPLETE);
            count.load(Ordering::Relaxed)
        };
        assert_eq!(steps(10), steps(10_000));
    }
}
