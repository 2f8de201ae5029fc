//! Counts names of inodes that have several again: one pass over `links` in the order of its key, in
//! one transaction. It breaks off and begins again when the writer waits, a few times.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rusqlite::{Connection, OptionalExtension, params};

use super::Task;
use super::ancestry::{AncestryCache, Reach};
use super::report::{Finding, Problem, Report};
use crate::gate::Gate;
use crate::writer::chain::{common_depth, ids};

/// Rows between two looks at the gate.
const ROWS: usize = 1000;
/// How often it breaks off at most; then the writer waits, or goes on without.
const GIVES_WAY: u32 = 3;

/// What was counted.
#[derive(Default)]
struct Counted {
    /// `linked` and `whole` of folders, by id.
    sums: HashMap<i64, (i64, i64)>,
    /// Names in `links`, by directory.
    names: HashMap<i64, i64>,
    findings: Vec<Finding>,
}

/// A row of `links`.
struct CheckedLink {
    chain: Vec<u8>,
    disk: i64,
    names: i64,
}

pub(super) fn check(
    db: &Connection,
    gate: &Arc<Gate>,
    task: &Task,
    report: &mut Report,
) -> rusqlite::Result<()> {
    for tries in 0.. {
        let _entered = gate.enter();
        let transaction = db.unchecked_transaction()?;
        let mut look = GateCheck {
            db,
            gate,
            cancel: &task.cancel,
            may_break: tries < GIVES_WAY,
            rows: 0,
        };
        let mut counted = Counted::default();
        let is_done = look.count(&mut counted)? && look.compare(&mut counted)?;
        transaction.commit()?;
        if is_done {
            counted
                .findings
                .into_iter()
                .for_each(|found| report.add(found));
            break;
        }
    }
    Ok(())
}

struct GateCheck<'a> {
    db: &'a Connection,
    gate: &'a Gate,
    cancel: &'a AtomicBool,
    may_break: bool,
    rows: usize,
}

impl GateCheck<'_> {
    /// Whether to go on after another row.
    fn goes_on(&mut self) -> rusqlite::Result<bool> {
        self.rows += 1;
        if !self.rows.is_multiple_of(ROWS) {
            return Ok(true);
        }
        if self.cancel.load(Ordering::Relaxed) {
            let code = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_INTERRUPT);
            return Err(rusqlite::Error::SqliteFailure(code, None));
        }
        Ok(!self.may_break || !self.gate.is_wanted())
    }

    /// Returns false if it broke off.
    fn count(&mut self, counted: &mut Counted) -> rusqlite::Result<bool> {
        let roots = roots(self.db)?;
        let forgotten = forgotten(self.db)?;
        let sql =
            "SELECT device, inode, chain, disk, names FROM links ORDER BY device, inode, chain";
        let mut statement = self.db.prepare(sql)?;
        let mut rows = statement.query(())?;
        let mut of: Option<(i64, i64)> = None;
        let mut same: Vec<CheckedLink> = Vec::new();
        while let Some(row) = rows.next()? {
            let inode = (row.get(0)?, row.get(1)?);
            if forgotten.contains(&inode.0) {
                continue;
            }
            if of != Some(inode) {
                self.count_inode(of, &roots, &same, counted)?;
                same.clear();
                of = Some(inode);
            }
            same.push(CheckedLink {
                chain: row.get(2)?,
                disk: row.get(3)?,
                names: row.get(4)?,
            });
            if !self.goes_on()? {
                return Ok(false);
            }
        }
        self.count_inode(of, &roots, &same, counted)?;
        let sql = "SELECT count(*) FROM inodes i WHERE NOT EXISTS
                   (SELECT 1 FROM links l WHERE l.device = i.device AND l.inode = i.inode)
                   AND i.device NOT IN (SELECT device FROM devices WHERE source_id NOT IN (SELECT id FROM sources))";
        let without: i64 = self.db.query_row(sql, (), |row| row.get(0))?;
        if without != 0 {
            counted.find(Problem::Inodes, 0, (without, 0));
        }
        Ok(true)
    }

    fn count_inode(
        &self,
        of: Option<(i64, i64)>,
        roots: &HashMap<i64, i64>,
        rows: &[CheckedLink],
        counted: &mut Counted,
    ) -> rusqlite::Result<()> {
        let (Some((device, inode)), Some(first), Some(last)) = (of, rows.first(), rows.last())
        else {
            return Ok(());
        };
        let root = roots.get(&device).copied().unwrap_or(0);
        counted.sums.entry(root).or_default().0 += first.disk;
        let mut previous: &[u8] = &[];
        for (row, at) in rows.iter().zip(0..) {
            let known = match at {
                0 => 0,
                _ => common_depth(previous, &row.chain),
            };
            for id in ids(&row.chain).skip(known) {
                counted.sums.entry(id).or_default().0 += row.disk;
            }
            let dir = ids(&row.chain).last().unwrap_or(root);
            *counted.names.entry(dir).or_default() += row.names;
            previous = &row.chain;
        }
        let sql = "SELECT nlink, names FROM inodes WHERE device = ?1 AND inode = ?2";
        let mut statement = self.db.prepare_cached(sql)?;
        let values = params![device, inode];
        let stored: Option<(i64, i64)> = statement
            .query_row(values, |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        let names: i64 = rows.iter().map(|row| row.names).sum();
        let (nlink, stored) = stored.unwrap_or_default();
        if stored != names {
            let dir = ids(&first.chain).last().unwrap_or(root);
            counted.find(Problem::Inodes, dir, (stored, names));
        }
        if names >= nlink {
            counted.sums.entry(root).or_default().1 += first.disk;
            let top = common_depth(&first.chain, &last.chain);
            for id in ids(&first.chain).take(top) {
                counted.sums.entry(id).or_default().1 += first.disk;
            }
        }
        Ok(())
    }

    /// Compares with what is stored. Returns false if it broke off.
    fn compare(&mut self, counted: &mut Counted) -> rusqlite::Result<bool> {
        let mut ancestry = AncestryCache::new(self.db);
        let mut sums = std::mem::take(&mut counted.sums);
        let sql = "SELECT id, linked, whole FROM dirs WHERE linked <> 0 OR whole <> 0";
        let mut statement = self.db.prepare(sql)?;
        let mut rows = statement.query(())?;
        while let Some(row) = rows.next()? {
            let (id, linked, whole) = (row.get(0)?, row.get(1)?, row.get(2)?);
            let right = sums.remove(&id).unwrap_or_default();
            counted.compare(&mut ancestry, id, (linked, whole), right)?;
            if !self.goes_on()? {
                return Ok(false);
            }
        }
        for (id, right) in sums {
            counted.compare(&mut ancestry, id, (0, 0), right)?;
        }
        let sql = "SELECT (SELECT count(*) FROM files WHERE dir_id = ?1 AND inode IS NOT NULL) FROM dirs WHERE id = ?1";
        let mut statement = self.db.prepare(sql)?;
        for (dir, stored) in std::mem::take(&mut counted.names) {
            let names: Option<i64> = statement.query_row([dir], |row| row.get(0)).optional()?;
            match names {
                None => counted.find(Problem::LostLinks, dir, (stored, 0)),
                Some(names) if names != stored => {
                    counted.find(Problem::Links, dir, (stored, names));
                }
                Some(_) => {}
            }
            if !self.goes_on()? {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

impl Counted {
    fn find(&mut self, problem: Problem, dir: i64, (stored, counted): (i64, i64)) {
        self.findings.push(Finding {
            problem,
            dir,
            path: None,
            stored,
            counted,
        });
    }

    fn compare(
        &mut self,
        ancestry: &mut AncestryCache<'_>,
        dir: i64,
        stored: (i64, i64),
        counted: (i64, i64),
    ) -> rusqlite::Result<()> {
        // What was removed keeps what it had.
        if stored == counted || ancestry.reach(dir)? != Reach::Root {
            return Ok(());
        }
        for (problem, stored, counted) in [
            (Problem::Linked, stored.0, counted.0),
            (Problem::Whole, stored.1, counted.1),
        ] {
            if stored != counted {
                self.findings.push(Finding {
                    problem,
                    dir,
                    path: Some(ancestry.path(dir)),
                    stored,
                    counted,
                });
            }
        }
        Ok(())
    }
}

/// Numbers of devices of forgotten sources: their rows wait to be deleted, in no order.
fn forgotten(db: &Connection) -> rusqlite::Result<HashSet<i64>> {
    let sql = "SELECT device FROM devices WHERE source_id NOT IN (SELECT id FROM sources)";
    let mut statement = db.prepare(sql)?;
    let rows = statement.query_map((), |row| row.get(0))?;
    rows.collect()
}

/// Roots by the numbers of their devices.
fn roots(db: &Connection) -> rusqlite::Result<HashMap<i64, i64>> {
    let sql = "SELECT d.device, s.root_dir FROM devices d JOIN sources s ON s.id = d.source_id";
    let mut statement = db.prepare(sql)?;
    let rows = statement.query_map((), |row| Ok((row.get(0)?, row.get(1)?)))?;
    rows.collect()
}
