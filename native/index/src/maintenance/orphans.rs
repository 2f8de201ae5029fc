//! Rows of directories that do not exist, searched for table by table, some keys at a time.

use aether_core::path::split;
use rusqlite::{Connection, OptionalExtension, params};

use super::report::{Finding, Problem, Report};
use crate::text::{Bytes, bytes};

/// Maximum number of keys read in one transaction.
const KEYS: u64 = 5000;

/// The progress of the search.
#[derive(Default)]
pub(super) struct Orphans {
    table: usize,
    /// The last directory.
    dir: i64,
    /// In paths, the last row: source, path, directory.
    path: (i64, Bytes, i64),
}

/// Tables by `dir_id`: the next of them, and what a missing directory means there.
const BY_DIR: [(&str, Problem); 4] = [
    (
        "SELECT dir_id FROM files WHERE dir_id > ?1 ORDER BY dir_id LIMIT 1",
        Problem::LostFiles,
    ),
    (
        "SELECT dir_id FROM notes WHERE dir_id > ?1 ORDER BY dir_id LIMIT 1",
        Problem::LostNotes,
    ),
    (
        "SELECT dir_id FROM graveyard WHERE dir_id > ?1 ORDER BY dir_id LIMIT 1",
        Problem::LostGrave,
    ),
    (
        "SELECT dir_id FROM inexact WHERE dir_id > ?1 ORDER BY dir_id LIMIT 1",
        Problem::LostInexact,
    ),
];

impl Orphans {
    pub fn is_done(&self) -> bool {
        self.table > BY_DIR.len() + 2
    }

    /// Returns the number of keys read.
    pub fn piece(&mut self, db: &Connection, report: &mut Report) -> rusqlite::Result<u64> {
        let transaction = db.unchecked_transaction()?;
        let seen = match BY_DIR.get(self.table) {
            Some((next, problem)) => self.by_dir(db, next, *problem, report)?,
            None if self.table == BY_DIR.len() => self.paths(db, report)?,
            None if self.table == BY_DIR.len() + 1 => roots(db, report)?,
            None => inexact_sources(db, report)?,
        };
        if seen < KEYS {
            self.table += 1;
            self.dir = 0;
        }
        transaction.commit()?;
        Ok(seen)
    }

    fn by_dir(
        &mut self,
        db: &Connection,
        next: &str,
        problem: Problem,
        report: &mut Report,
    ) -> rusqlite::Result<u64> {
        let mut next = db.prepare_cached(next)?;
        let mut parent = db.prepare_cached("SELECT parent_id FROM dirs WHERE id = ?1")?;
        for seen in 0..KEYS {
            let dir: Option<i64> = next.query_row([self.dir], |row| row.get(0)).optional()?;
            let Some(dir) = dir else {
                return Ok(seen);
            };
            self.dir = dir;
            let found: Option<Option<i64>> =
                parent.query_row([dir], |row| row.get(0)).optional()?;
            let is_buried = found == Some(None);
            if found.is_none() || problem == Problem::LostGrave && !is_buried {
                report.add(orphan(problem, dir, None));
            }
        }
        Ok(KEYS)
    }

    fn paths(&mut self, db: &Connection, report: &mut Report) -> rusqlite::Result<u64> {
        let sql = "SELECT p.source_id, p.path, p.dir_id, d.name, d.source_id FROM paths p LEFT JOIN dirs d ON d.id = p.dir_id
                    WHERE (p.source_id, p.path, p.dir_id) > (?1, ?2, ?3)
                    ORDER BY p.source_id, p.path, p.dir_id LIMIT ?4";
        let mut statement = db.prepare_cached(sql)?;
        let (source, path, dir) = &self.path;
        let mut rows = statement.query(params![source, path, dir, KEYS as i64])?;
        let (mut seen, mut last) = (0, None);
        while let Some(row) = rows.next()? {
            seen += 1;
            let (source, dir): (i64, i64) = (row.get(0)?, row.get(2)?);
            let Ok(path) = bytes(row.get_ref(1)?) else {
                report.add(orphan(Problem::NotText, dir, None));
                // BLOBs sort after all TEXT: no row of this source follows.
                last = Some((source + 1, Bytes::default(), i64::MIN));
                break;
            };
            let of: Option<i64> = row.get(4)?;
            let name = bytes(row.get_ref(3)?).unwrap_or_default();
            let problem = match of {
                None => Some(Problem::LostPath),
                Some(of) if of == source && is_named(path, name) => None,
                Some(_) => Some(Problem::Path),
            };
            if let Some(problem) = problem {
                report.add(orphan(problem, dir, Some(path.to_vec())));
            }
            last = Some((source, Bytes(path.to_vec()), dir));
        }
        drop(rows);
        match last {
            Some(last) => self.path = last,
            None => return Ok(0),
        }
        // A piece that was cut short is not the last.
        Ok(if self.path.2 == i64::MIN { KEYS } else { seen })
    }
}

/// Whether the last name of a prefix is this one.
fn is_named(prefix: &[u8], name: &[u8]) -> bool {
    match prefix.strip_suffix(b"/") {
        Some(path) => split(path).1 == name,
        None => prefix.is_empty() && name.is_empty(),
    }
}

fn roots(db: &Connection, report: &mut Report) -> rusqlite::Result<u64> {
    let sql = "SELECT s.root_dir, s.root FROM sources s
                WHERE NOT EXISTS (SELECT 1 FROM dirs d WHERE d.id = s.root_dir AND d.source_id = s.id AND d.parent_id IS NULL)";
    let mut statement = db.prepare(sql)?;
    let mut rows = statement.query(())?;
    while let Some(row) = rows.next()? {
        let root = bytes(row.get_ref(1)?).unwrap_or_default().to_vec();
        report.add(orphan(Problem::LostRoot, row.get(0)?, Some(root)));
    }
    Ok(0)
}

/// Rows of `inexact` that are to stand for a whole source, and whose source is not there.
fn inexact_sources(db: &Connection, report: &mut Report) -> rusqlite::Result<u64> {
    let sql = "SELECT i.dir_id FROM inexact i WHERE i.dir_id <= 0
                  AND (i.source_id != -i.dir_id OR i.chain != x'' OR NOT EXISTS (SELECT 1 FROM sources s WHERE s.id = -i.dir_id))";
    let mut statement = db.prepare(sql)?;
    let mut rows = statement.query(())?;
    while let Some(row) = rows.next()? {
        report.add(orphan(Problem::LostInexact, row.get(0)?, None));
    }
    Ok(0)
}

fn orphan(problem: Problem, dir: i64, path: Option<Vec<u8>>) -> Finding {
    Finding {
        problem,
        dir,
        path,
        stored: 0,
        counted: 0,
    }
}
