//! Counts directories again, some at a time, each against its stored files and children.

use std::collections::HashSet;

use rusqlite::{Connection, Row};

use super::ancestry::{AncestryCache, Reach};
use super::report::{Finding, Problem, Report};
use crate::text::bytes;
use crate::values::listing;

/// Maximum number of rows read in one transaction. A longer listing is still read as a whole.
const ROWS: u64 = 20_000;

/// What one transaction counted.
pub(super) struct RecountPiece {
    /// Directories looked at.
    pub directories: u64,
    /// Where the next piece goes on; None after the last.
    pub last: Option<i64>,
}

struct CountedDir {
    id: i64,
    source: i64,
    status: i64,
    self_disk: i64,
    owner: Option<i64>,
    stored: CountedTotals,
}

/// Numbers of a row of dirs, as stored or as counted.
#[derive(Clone, Copy, Default)]
struct CountedTotals {
    own_files: i64,
    own_bytes: i64,
    file_count: i64,
    bytes: i64,
    unknown_below: i64,
    own_disk: i64,
    /// Without what comes from links.
    disk: i64,
}

pub(super) fn piece(
    db: &Connection,
    after: i64,
    report: &mut Report,
) -> rusqlite::Result<RecountPiece> {
    let transaction = db.unchecked_transaction()?;
    let mut ancestry = AncestryCache::new(db);
    let owners = owners(db)?;
    let mut piece = RecountPiece {
        directories: 0,
        last: None,
    };
    let mut left = ROWS;
    let sql = "SELECT id, source_id, status, own_files, own_bytes, file_count, bytes, unknown_below, own_disk,
                      disk - linked, self_disk, owner FROM dirs WHERE id > ?1 ORDER BY id";
    let mut statement = db.prepare_cached(sql)?;
    let mut rows = statement.query([after])?;
    while let Some(row) = rows.next()? {
        let dir = CountedDir::read(row)?;
        piece.directories += 1;
        let read = dir.check(db, &mut ancestry, &owners, report)?;
        if read >= left {
            piece.last = Some(dir.id);
            break;
        }
        left -= read;
    }
    drop(rows);
    drop(statement);
    transaction.commit()?;
    Ok(piece)
}

impl CountedDir {
    fn read(row: &Row<'_>) -> rusqlite::Result<CountedDir> {
        Ok(CountedDir {
            id: row.get(0)?,
            source: row.get(1)?,
            status: row.get(2)?,
            self_disk: row.get::<_, Option<i64>>(10)?.unwrap_or(0),
            owner: row.get(11)?,
            stored: CountedTotals {
                own_files: row.get(3)?,
                own_bytes: row.get(4)?,
                file_count: row.get(5)?,
                bytes: row.get(6)?,
                unknown_below: row.get(7)?,
                own_disk: row.get(8)?,
                disk: row.get(9)?,
            },
        })
    }

    /// Returns how many rows were read.
    fn check(
        &self,
        db: &Connection,
        ancestry: &mut AncestryCache<'_>,
        owners: &HashSet<i64>,
        report: &mut Report,
    ) -> rusqlite::Result<u64> {
        match ancestry.reach(self.id)? {
            Reach::Root => {}
            Reach::Broken(problem) => {
                report.add(self.finding(problem, None));
                return Ok(1);
            }
            Reach::Buried | Reach::BelowBroken => return Ok(1),
        }
        let (counted, rows) = self.count(db, ancestry, owners, report)?;
        // One known only from its parent's listing, with nothing beneath it, needs no path.
        let is_bare = self.status == listing::UNREAD && rows == 1;
        if !is_bare && !ancestry.has_path(self.source, self.id)? {
            let finding = self.finding(Problem::Path, Some(ancestry));
            report.add(Finding {
                counted: 1,
                ..finding
            });
        }
        report.directories += 1;
        report.files += counted.own_files.unsigned_abs();
        let stored = self.stored;
        for (problem, stored, counted) in [
            (Problem::OwnFiles, stored.own_files, counted.own_files),
            (Problem::OwnBytes, stored.own_bytes, counted.own_bytes),
            (Problem::FileCount, stored.file_count, counted.file_count),
            (Problem::Bytes, stored.bytes, counted.bytes),
            (Problem::OwnDisk, stored.own_disk, counted.own_disk),
            (Problem::Disk, stored.disk, counted.disk),
            (
                Problem::UnknownBelow,
                stored.unknown_below,
                counted.unknown_below,
            ),
        ] {
            if stored != counted {
                report.add(Finding {
                    stored,
                    counted,
                    ..self.finding(problem, Some(ancestry))
                });
            }
        }
        Ok(rows)
    }

    /// A fault of this directory, with its path if it is known.
    fn finding(&self, problem: Problem, ancestry: Option<&AncestryCache<'_>>) -> Finding {
        Finding {
            problem,
            dir: self.id,
            path: ancestry.map(|ancestry| ancestry.path(self.id)),
            stored: 0,
            counted: 0,
        }
    }

    fn count(
        &self,
        db: &Connection,
        ancestry: &AncestryCache<'_>,
        owners: &HashSet<i64>,
        report: &mut Report,
    ) -> rusqlite::Result<(CountedTotals, u64)> {
        let mut own = CountedTotals {
            unknown_below: i64::from(listing::is_unknown(self.status)),
            ..CountedTotals::default()
        };
        let is_lost = |owner: Option<i64>| owner.is_some_and(|owner| !owners.contains(&owner));
        let mut has_lost = is_lost(self.owner);
        let sql = "SELECT kind, size, name, disk, inode, owner FROM files WHERE dir_id = ?1";
        let mut files = db.prepare_cached(sql)?;
        let mut rows = files.query([self.id])?;
        while let Some(row) = rows.next()? {
            own.own_files += 1;
            if row.get::<_, i64>(0)? == 1 {
                let size: Option<i64> = row.get(1)?;
                own.own_bytes = own.own_bytes.saturating_add(size.unwrap_or(0));
            }
            if row.get::<_, Option<i64>>(4)?.is_none() {
                let disk: Option<i64> = row.get(3)?;
                own.own_disk = own.own_disk.saturating_add(disk.unwrap_or(0));
            }
            if bytes(row.get_ref(2)?).is_err() {
                report.add(self.finding(Problem::NotText, Some(ancestry)));
            }
            has_lost |= is_lost(row.get(5)?);
        }
        if has_lost {
            report.add(self.finding(Problem::LostOwner, Some(ancestry)));
        }
        (own.file_count, own.bytes) = (own.own_files, own.own_bytes);
        own.disk = own.own_disk.saturating_add(self.self_disk);
        let sql =
            "SELECT file_count, bytes, unknown_below, disk - linked FROM dirs WHERE parent_id = ?1";
        let mut children = db.prepare_cached(sql)?;
        let mut rows = children.query([self.id])?;
        let mut read = own.own_files.unsigned_abs() + 1;
        while let Some(row) = rows.next()? {
            read += 1;
            own.file_count = own.file_count.saturating_add(row.get(0)?);
            own.bytes = own.bytes.saturating_add(row.get(1)?);
            own.unknown_below = own.unknown_below.saturating_add(row.get(2)?);
            own.disk = own.disk.saturating_add(row.get(3)?);
        }
        Ok((own, read))
    }
}

/// Ids of owners: there are few.
fn owners(db: &Connection) -> rusqlite::Result<HashSet<i64>> {
    let mut statement = db.prepare_cached("SELECT id FROM owners")?;
    let rows = statement.query_map((), |row| row.get(0))?;
    rows.collect()
}
