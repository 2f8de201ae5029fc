//! Paths of directories in the history, or where they were when they were removed.

use std::collections::HashMap;

use rusqlite::{CachedStatement, params};

use super::budget::{Budget, Stop};
use super::cursor::path_key;
use crate::error::Error;
use crate::reader::locate::{Located, join, names, split};
use crate::reader::query;
use crate::reader::read_txn::ReadTxn;
use crate::text::{Bytes, Text};

/// Maximum number of cached paths. Neighbouring directories have neighbouring ids.
const MAX: usize = 4096;

/// Lookups for a page: some 300 ms.
const LOOKUPS: usize = if cfg!(feature = "small") { 60 } else { 200_000 };

/// A directory's parent and name.
type PathRow = (Option<i64>, Vec<u8>);

/// The row of a directory by `query::PARENT`, if it still has one.
pub(in crate::reader) fn parent(
    txn: &ReadTxn<'_>,
    statement: &mut CachedStatement<'_>,
    id: i64,
) -> Result<Option<PathRow>, Error> {
    let mut run = || {
        let mut rows = statement.query([id])?;
        let Some(row) = rows.next()? else {
            return Ok(None);
        };
        Ok(Some((row.get(0)?, row.get::<_, Bytes>(1)?.0)))
    };
    txn.found(run())
}

pub(super) struct Paths<'a> {
    txn: &'a ReadTxn<'a>,
    at: &'a Located<'a>,
    /// The last generation of the page.
    pub to: i64,
    /// The newest directory that counts.
    newest: i64,
    /// For lookups that may be many for each folder.
    pub budget: Budget,
    /// The later generations that have changes, read when first needed.
    later: Option<Vec<i64>>,
    /// Paths of directories that contain others.
    known: HashMap<i64, Option<Vec<u8>>>,
    parent: CachedStatement<'a>,
}

impl<'a> Paths<'a> {
    pub fn new(
        txn: &'a ReadTxn<'a>,
        at: &'a Located<'a>,
        to: i64,
        newest: i64,
    ) -> Result<Paths<'a>, Error> {
        Ok(Paths {
            txn,
            at,
            to,
            newest,
            budget: Budget::new(LOOKUPS, None),
            later: None,
            known: HashMap::new(),
            parent: txn.statement(query::PARENT)?,
        })
    }

    /// The path of a directory not removed up to that generation; None if it can no longer be
    /// found.
    pub fn of(&mut self, id: i64) -> Result<Option<Vec<u8>>, Stop> {
        // Up to a known path, then down again.
        let mut way: Vec<(i64, Vec<u8>)> = Vec::new();
        let mut next = id;
        let mut path = loop {
            if next == self.at.source.root_dir {
                break Some(Vec::new());
            }
            if let Some(known) = self.known.get(&next) {
                break known.clone();
            }
            match parent(self.txn, &mut self.parent, next)? {
                Some((Some(parent), name)) => {
                    way.push((next, name));
                    next = parent;
                }
                Some((None, _)) => break self.grave(next)?,
                None => break self.removed_later(next)?,
            }
        };
        if self.known.len() > MAX {
            self.known.clear();
        }
        if way.is_empty() {
            self.known.insert(next, path.clone());
        }
        for (above, name) in way.into_iter().rev() {
            path = path.map(|path| join(&path, &name));
            if above != id {
                self.known.insert(above, path.clone());
            }
        }
        Ok(path)
    }

    /// The path of a removed tree whose rows are not all deleted yet.
    fn grave(&self, id: i64) -> Result<Option<Vec<u8>>, Error> {
        let read = |row: &rusqlite::Row<'_>| Ok(row.get::<_, Bytes>(0)?.0);
        self.txn.first(query::GRAVE, [id], read)
    }

    fn removed_later(&mut self, id: i64) -> Result<Option<Vec<u8>>, Stop> {
        let later = match self.later.take() {
            Some(later) => later,
            // What an expansion sees is recorded under the next whole scan.
            None => {
                let newest = self.at.source.generation + 1;
                changed_generations(self.txn, self.at.source.id, self.to, newest)?
            }
        };
        let mut found = None;
        for &generation in &later {
            self.budget.spend(1)?;
            found = self.removed_in(generation, id)?;
            if found.is_some() {
                break;
            }
        }
        self.later = Some(later);
        Ok(found)
    }

    /// The path that it had when it was removed in that generation.
    pub fn removed_in(&self, generation: i64, id: i64) -> Result<Option<Vec<u8>>, Error> {
        let read = |row: &rusqlite::Row<'_>| Ok(row.get::<_, Bytes>(0)?.0);
        let values = params![self.at.source.id, generation, id];
        self.txn.first(query::REMOVED, values, read)
    }

    /// Whether there may have been a directory at that path at the end of the last generation:
    /// there is one now, or one was removed later, perhaps along with a directory above it. What
    /// came after the first page was read does not count, so that all pages find the same.
    pub fn may_exist(&self, path: &[u8]) -> Result<bool, Stop> {
        let mut above = path;
        while !above.is_empty() {
            self.budget.spend(1)?;
            let (source, key) = (self.at.source.id, path_key(above));
            let values = params![source, Text(&key), self.to, self.newest];
            let removed = self.txn.first(query::REMOVED_SINCE, values, |_| Ok(()))?;
            if removed.is_some() {
                return Ok(true);
            }
            above = split(above).0;
        }
        let mut dir = self.at.source.root_dir;
        for name in names(path) {
            self.budget.spend(1)?;
            let child = self
                .txn
                .first(query::CHILD_DIR, params![dir, Text(name)], |row| row.get(0))?;
            let Some(child) = child else {
                return Ok(false);
            };
            dir = child;
        }
        Ok(dir <= self.newest)
    }
}

/// The generations after one, up to another, that have changes.
pub(in crate::reader) fn changed_generations(
    txn: &ReadTxn<'_>,
    source: i64,
    from: i64,
    to: i64,
) -> Result<Vec<i64>, Error> {
    let (mut generations, mut last) = (Vec::new(), from);
    loop {
        let values = params![source, last, to];
        let next = txn.first(query::CHANGED_GENERATION, values, |row| row.get(0))?;
        let Some(next) = next.flatten() else {
            return Ok(generations);
        };
        generations.push(next);
        last = next;
    }
}
