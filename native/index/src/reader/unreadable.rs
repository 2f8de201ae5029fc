//! Pages of what could not be read beneath a folder, in the order of the tree: a folder before what
//! it has, and siblings by the bytes of their names.

use aether_core::path::names;
use rusqlite::params;

use super::freshness::{answer, is_unreadable};
use super::locate::{Located, folder, is_within, join};
use super::pool::Pool;
use super::query;
use super::read_txn::ReadTxn;
use super::rows::Dir;
use crate::answer::Answer;
use crate::error::{Error, Reason};
use crate::text::{Bytes, Text};
use crate::values::listing;

/// Maximum size of a page.
const MAX_LIMIT: usize = 10_000;
/// Directories that one page looks at: some 50 ms.
const LOOK_AT: u32 = 50_000;

/// Which page.
#[derive(Clone, Debug)]
pub struct UnreadableOptions {
    /// Maximum size of a page: 1 to 10,000.
    pub limit: usize,
    /// `next` of the page before; None for the first page.
    pub after: Option<Vec<u8>>,
}

impl Default for UnreadableOptions {
    fn default() -> UnreadableOptions {
        UnreadableOptions {
            limit: 200,
            after: None,
        }
    }
}

/// A page of directories that could not be listed, or not to their ends.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UnreadableFolders {
    /// In the order of the tree.
    pub folders: Vec<UnreadableFolder>,
    /// Where the next page begins, as a path; None if this is the last. A page may be short, or
    /// empty, and not be the last: where little is unreadable among very much.
    pub next: Option<Vec<u8>>,
}

/// A directory that could not be listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnreadableFolder {
    /// Relative to the source's root.
    pub path: Vec<u8>,
    /// Why (`dirs.status`).
    pub status: i64,
}

/// Goes through a tree in order, past what is known.
struct Walk<'a> {
    txn: &'a ReadTxn<'a>,
    /// The folders on the way to where it is.
    levels: Vec<Level>,
    found: UnreadableFolders,
}

/// A directory whose children are being gone through.
struct Level {
    id: i64,
    path: Vec<u8>,
    /// The last child that was looked at; empty before the first.
    last: Vec<u8>,
}

impl Pool {
    /// One page of what could not be read beneath a folder, the folder included.
    pub fn unreadable(
        &self,
        source: &str,
        path: &[u8],
        options: &UnreadableOptions,
    ) -> Result<Answer<UnreadableFolders>, Error> {
        self.page(|txn| {
            let at = folder(txn, source, path)?;
            let mut walk = Walk {
                txn,
                levels: Vec::new(),
                found: UnreadableFolders::default(),
            };
            match &options.after {
                None => {
                    let dir = &at.dir;
                    walk.meet(dir.id, at.path.to_vec(), dir.status, dir.unknown_below);
                }
                Some(after) if is_within(after, at.path) => walk.resume(&at, after)?,
                Some(_) => return Err(txn.error(Reason::BadCursor).with("of another folder")),
            }
            walk.go_on(options.limit.clamp(1, MAX_LIMIT))?;
            answer(txn, &at, walk.found)
        })
    }
}

impl Walk<'_> {
    fn meet(&mut self, id: i64, path: Vec<u8>, status: i64, unknown_below: i64) {
        if is_unreadable(status) {
            let path = path.clone();
            self.found.folders.push(UnreadableFolder { path, status });
        }
        if unknown_below > i64::from(listing::is_unknown(status)) {
            let last = Vec::new();
            self.levels.push(Level { id, path, last });
        }
    }

    /// Takes up the walk after a path, as far as it still exists.
    fn resume(&mut self, at: &Located<'_>, after: &[u8]) -> Result<(), Error> {
        let (mut id, mut path) = (at.dir.id, at.path.to_vec());
        let rest = after.get(path.len()..).unwrap_or_default();
        for name in names(rest.strip_prefix(b"/").unwrap_or(rest)) {
            let (beneath, last) = (join(&path, name), name.to_vec());
            self.levels.push(Level { id, path, last });
            let child = self
                .txn
                .first(query::CHILD_DIR, params![id, Text(name)], Dir::read)?;
            match child {
                Some(child) => (id, path) = (child.id, beneath),
                None => return Ok(()),
            }
        }
        let last = Vec::new();
        self.levels.push(Level { id, path, last });
        Ok(())
    }

    fn go_on(&mut self, limit: usize) -> Result<(), Error> {
        let mut left = LOOK_AT;
        while let Some(level) = self.levels.last_mut() {
            if left == 0 || self.found.folders.len() >= limit {
                self.found.next = Some(match level.last.as_slice() {
                    [] => level.path.clone(),
                    last => join(&level.path, last),
                });
                return Ok(());
            }
            let mut next = None;
            let (id, from) = (level.id, level.last.clone());
            self.txn
                .each(query::UNKNOWN_AFTER, params![id, Text(&from)], |row| {
                    left -= 1;
                    level.last = row.get::<_, Bytes>(1)?.0;
                    let below: i64 = row.get(3)?;
                    if below > 0 {
                        next = Some((row.get(0)?, row.get(2)?, below));
                    }
                    Ok(below == 0 && left > 0)
                })?;
            let path = join(&level.path, &level.last);
            match next {
                Some((id, status, below)) => self.meet(id, path, status, below),
                None if left == 0 => {}
                None => self.levels.truncate(self.levels.len() - 1),
            }
        }
        Ok(())
    }
}
