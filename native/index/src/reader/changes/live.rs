//! Changed folders that exist now, by path: a walk of the tree from where the page before ended.

use std::collections::VecDeque;

use rusqlite::{CachedStatement, params};

use super::budget::Stop;
use super::cursor::path_key;
use super::early::{HistoryReader, beneath};
use super::{Change, ChangeRank, Wanted};
use crate::error::Error;
use crate::reader::locate::{Located, join};
use crate::reader::query;
use crate::reader::read_txn::ReadTxn;
use crate::text::{Bytes, Text};

/// Maximum number of subfolders read by one statement.
const BATCH: usize = if cfg!(feature = "small") { 2 } else { 128 };

pub(super) struct Live<'a> {
    txn: &'a ReadTxn<'a>,
    children: CachedStatement<'a>,
    /// The folder to look at next, before its subfolders.
    first: Option<i64>,
    /// From the requested folder down to the one whose subfolders come next.
    stack: Vec<OpenFolder>,
    /// The last folder that was looked at.
    pub last: Option<ChangeRank>,
}

struct OpenFolder {
    dir: i64,
    path: Vec<u8>,
    /// The last name that was read.
    after: Vec<u8>,
    read: VecDeque<(Vec<u8>, i64)>,
    is_last: bool,
}

impl OpenFolder {
    fn new(dir: i64, path: Vec<u8>) -> OpenFolder {
        OpenFolder {
            dir,
            path,
            // No folder has an empty name.
            after: Vec::new(),
            read: VecDeque::new(),
            is_last: false,
        }
    }
}

impl<'a> Live<'a> {
    pub fn new(
        txn: &'a ReadTxn<'a>,
        wanted: &Wanted<'_>,
        at: &Located<'_>,
    ) -> Result<Live<'a>, Error> {
        let mut live = Live {
            txn,
            children: txn.statement(query::CHILD_DIRS)?,
            first: Some(at.dir.id),
            stack: vec![OpenFolder::new(at.dir.id, at.path.to_vec())],
            last: None,
        };
        // The requested folder is gone.
        if !at.unresolved.is_empty() {
            live.stack.clear();
        }
        if let Some(after) = wanted.after {
            live.skip_to(after, &path_key(wanted.folder))?;
        }
        Ok(live)
    }

    /// Descends to where the page before ended.
    fn skip_to(&mut self, after: &ChangeRank, folder: &[u8]) -> Result<(), Error> {
        let Some(way) = after.path.strip_prefix(beneath(folder).as_slice()) else {
            if after.path == folder {
                self.first = self.first.filter(|dir| *dir > after.id);
            } else if after.path.as_slice() > folder {
                self.stack.clear();
            }
            return Ok(());
        };
        if way.is_empty() {
            // The root.
            self.first = self.first.filter(|dir| *dir > after.id);
            return Ok(());
        }
        self.first = None;
        let mut names = way.split(|byte| *byte == 0).peekable();
        while let (Some(name), Some(level)) = (names.next(), self.stack.last_mut()) {
            level.after = name.to_vec();
            let values = params![level.dir, Text(name)];
            let child = self
                .txn
                .first(query::CHILD_DIR, values, |row| row.get::<_, i64>(0))?;
            let Some(child) = child else { break };
            let path = join(&level.path, name);
            self.stack.push(OpenFolder::new(child, path));
            if names.peek().is_none() && child > after.id {
                self.first = Some(child);
            }
        }
        Ok(())
    }

    /// Whether there is nothing more to look at.
    pub fn is_done(&self) -> bool {
        self.stack.is_empty()
    }

    /// The next changed folder.
    pub fn next(
        &mut self,
        history: &mut HistoryReader<'_>,
    ) -> Result<Option<(ChangeRank, Change)>, Stop> {
        loop {
            let Some(level) = self.stack.last_mut() else {
                return Ok(None);
            };
            if let Some(id) = self.first {
                let change = history.of(id)?;
                self.first = None;
                let rank = ChangeRank::by_path(&level.path, id);
                self.last = Some(rank.clone());
                if let Some(change) = change.filter(|change| !change.is_nothing()) {
                    let path = level.path.clone();
                    return Ok(Some((rank, Change { path, ..change })));
                }
            } else if let Some((name, id)) = level.read.pop_front() {
                let path = join(&level.path, &name);
                self.stack.push(OpenFolder::new(id, path));
                self.first = Some(id);
            } else if level.is_last {
                self.stack.pop();
            } else {
                history.budget.spend(1)?;
                self.read()?;
            }
        }
    }

    fn read(&mut self) -> Result<(), Error> {
        let Some(level) = self.stack.last_mut() else {
            return Ok(());
        };
        let mut run = || {
            let values = params![level.dir, Text(&level.after), BATCH as i64];
            let mut rows = self.children.query(values)?;
            while let Some(row) = rows.next()? {
                let name = row.get::<_, Bytes>(0)?.0;
                level.read.push_back((name, row.get(1)?));
            }
            Ok(())
        };
        self.txn.found(run())?;
        level.is_last = level.read.len() < BATCH;
        if let Some((name, _)) = level.read.back() {
            level.after.clone_from(name);
        }
        Ok(())
    }
}
