//! Paths of directories in the history, or where they were when they were removed.

use std::collections::HashMap;

use rusqlite::{CachedStatement, params};

use super::cursor::path_key;
use crate::error::Error;
use crate::reader::locate::{Located, join, split};
use crate::reader::query;
use crate::reader::read_txn::ReadTxn;
use crate::text::{Bytes, Text};

/// Maximum number of cached paths. Neighbouring directories have neighbouring ids.
const MAX: usize = 4096;

/// A directory's parent and name.
type Row = (Option<i64>, Vec<u8>);

pub(super) struct Paths<'a> {
    txn: &'a ReadTxn<'a>,
    at: &'a Located<'a>,
    /// The last generation of the page.
    pub to: i64,
    /// Of directories that contain others.
    known: HashMap<i64, Option<Vec<u8>>>,
    parent: CachedStatement<'a>,
}

impl<'a> Paths<'a> {
    pub fn new(txn: &'a ReadTxn<'a>, at: &'a Located<'a>, to: i64) -> Result<Paths<'a>, Error> {
        Ok(Paths {
            txn,
            at,
            to,
            known: HashMap::new(),
            parent: txn.statement(query::PARENT)?,
        })
    }

    /// The path of a directory not removed up to that generation; None if it can no longer be
    /// found.
    pub fn of(&mut self, id: i64) -> Result<Option<Vec<u8>>, Error> {
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
            match self.parent(next)? {
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

    /// The directory's row, if it still has one.
    fn parent(&mut self, id: i64) -> Result<Option<Row>, Error> {
        let mut run = || {
            let mut rows = self.parent.query([id])?;
            let Some(row) = rows.next()? else {
                return Ok(None);
            };
            Ok(Some((row.get(0)?, row.get::<_, Bytes>(1)?.0)))
        };
        self.txn.found(run())
    }

    /// The path of a removed tree whose rows are not all deleted yet.
    fn grave(&self, id: i64) -> Result<Option<Vec<u8>>, Error> {
        let read = |row: &rusqlite::Row<'_>| Ok(row.get::<_, Bytes>(0)?.0);
        self.txn.first(query::GRAVE, [id], read)
    }

    fn removed_later(&self, id: i64) -> Result<Option<Vec<u8>>, Error> {
        // What an expansion sees is recorded under the next whole scan.
        for generation in self.to + 1..=self.at.source.generation + 1 {
            let path = self.removed_in(generation, id)?;
            if path.is_some() {
                return Ok(path);
            }
        }
        Ok(None)
    }

    /// The path that it had when it was removed in that generation.
    pub fn removed_in(&self, generation: i64, id: i64) -> Result<Option<Vec<u8>>, Error> {
        let read = |row: &rusqlite::Row<'_>| Ok(row.get::<_, Bytes>(0)?.0);
        let values = params![self.at.source.id, generation, id];
        self.txn.first(query::REMOVED, values, read)
    }

    /// Whether there may have been a directory at that path at the end of the last generation:
    /// there is one now, or one was removed later, perhaps along with a directory above it.
    pub fn may_exist(&self, path: &[u8]) -> Result<bool, Error> {
        let mut above = path;
        while !above.is_empty() {
            let values = params![self.at.source.id, Text(&path_key(above)), self.to];
            let removed = self.txn.first(query::REMOVED_SINCE, values, |_| Ok(()))?;
            if removed.is_some() {
                return Ok(true);
            }
            above = split(above).0;
        }
        let mut dir = self.at.source.root_dir;
        for name in path.split(|byte| *byte == b'/') {
            let child = self
                .txn
                .first(query::CHILD_DIR, params![dir, Text(name)], |row| row.get(0))?;
            let Some(child) = child else {
                return Ok(false);
            };
            dir = child;
        }
        Ok(true)
    }
}
