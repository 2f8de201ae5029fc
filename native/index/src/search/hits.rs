//! Asks the index for what a search found: size and time of each hit, and whether it is still there. Names in memory may be
//! older than the index; what was removed since then is not shown.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::AtomicBool;
use std::time::SystemTime;

use rusqlite::{Connection, OptionalExtension, Statement, params};

use super::load::{Access, failed};
use super::{Loaded, Match, Query, Refused, Session, search};
use crate::error::Error;
use crate::text::Text;

/// The kind of a directory.
const DIRECTORY: u8 = 2;

/// Something that was found, as the index knows it now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// Its source's row.
    pub source: i64,
    /// Its source's id, as callers know it.
    pub uuid: String,
    /// Its folder's row in `dirs`.
    pub folder: i64,
    /// Its folder's path; empty for the root.
    pub path: Vec<u8>,
    /// Its name.
    pub name: Vec<u8>,
    /// The low bits of a slab's kind.
    pub kind: u8,
    /// Its size; of a folder, the sum beneath.
    pub size: Option<i64>,
    /// Its mtime in ns.
    pub mtime: Option<i64>,
    /// Of a folder, how many files are beneath.
    pub file_count: Option<i64>,
    /// Higher is better; compares within one answer.
    pub score: i32,
}

/// What a search found in an index.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The best first.
    pub hits: Vec<Hit>,
    /// How many names match, those removed since they were read among them.
    pub matched: u64,
    /// When the names were read.
    pub loaded_at: SystemTime,
    /// Whether they may have changed since then.
    pub outdated: bool,
    /// Whether the limit of memory left names out.
    pub truncated: bool,
}

/// Why a search gave no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failed {
    /// The query was refused, or cancelled.
    Refused(Refused),
    /// The index could not be read.
    Index(Error),
}

/// Searches the names, and asks the index for what is found.
pub fn find(
    access: Access<'_>,
    loaded: &Loaded,
    query: &Query<'_>,
    session: Option<&mut Session>,
    cancel: &AtomicBool,
) -> Result<Answer, Failed> {
    let found = search(&loaded.names, query, session, cancel).map_err(Failed::Refused)?;
    let look = || {
        Ok(Answer {
            hits: hits(access, &found.matches)?,
            matched: found.matched,
            loaded_at: loaded.at,
            outdated: loaded.is_outdated(access)?,
            truncated: loaded.names.truncated(),
        })
    };
    look().map_err(Failed::Index)
}

/// What the index knows about matches; those that are gone are left out.
pub fn hits(access: Access<'_>, matches: &[Match]) -> Result<Vec<Hit>, Error> {
    let read = || {
        let _page = access.gate.enter();
        // All of one answer are read at one time.
        let _transaction = access.connection.unchecked_transaction()?;
        let mut look = Look::new(access.connection)?;
        // A folder whose row was replaced while names were read can be found twice.
        let mut seen = HashSet::new();
        let mut hits = Vec::with_capacity(matches.len());
        for found in matches {
            if seen.insert((found.folder, &found.name)) {
                hits.extend(look.hit(found)?);
            }
        }
        Ok(hits)
    };
    read().map_err(|error| failed(access, &error))
}

struct Look<'a> {
    sources: HashMap<i64, (i64, String)>,
    up: Statement<'a>,
    file: Statement<'a>,
    directory: Statement<'a>,
    /// Folders asked about, and whether a root is above them.
    alive: HashMap<i64, bool>,
}

impl<'a> Look<'a> {
    fn new(connection: &'a Connection) -> rusqlite::Result<Self> {
        let mut sources = connection.prepare("SELECT id, root_dir, uuid FROM sources")?;
        let source =
            |row: &rusqlite::Row<'_>| Ok((row.get(0)?, (row.get(1)?, row.get::<_, String>(2)?)));
        Ok(Look {
            sources: sources.query_map((), source)?.collect::<Result<_, _>>()?,
            up: connection.prepare("SELECT parent_id, source_id FROM dirs WHERE id = ?1")?,
            file: connection
                .prepare("SELECT kind, size, mtime FROM files WHERE dir_id = ?1 AND name = ?2")?,
            directory: connection.prepare(
                "SELECT bytes, mtime, file_count FROM dirs WHERE parent_id = ?1 AND name = ?2",
            )?,
            alive: HashMap::new(),
        })
    }

    fn hit(&mut self, found: &Match) -> rusqlite::Result<Option<Hit>> {
        if !self.is_alive(found.folder)? {
            return Ok(None);
        }
        let Some((_, uuid)) = self.sources.get(&found.source) else {
            return Ok(None);
        };
        let key = params![found.folder, Text(&found.name)];
        type Columns = (u8, Option<i64>, Option<i64>, Option<i64>);
        let columns: Option<Columns> = match found.kind {
            DIRECTORY => self.directory.query_row(key, |row| {
                Ok((DIRECTORY, row.get(0)?, row.get(1)?, Some(row.get(2)?)))
            }),
            _ => self
                .file
                .query_row(key, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, None))),
        }
        .optional()?;
        Ok(columns.map(|(kind, size, mtime, file_count)| Hit {
            source: found.source,
            uuid: uuid.clone(),
            folder: found.folder,
            path: found.path.clone(),
            name: found.name.clone(),
            kind,
            size,
            mtime,
            file_count,
            score: found.score,
        }))
    }

    /// Whether a folder hangs on a root; removed ones have lost a parent somewhere above.
    fn is_alive(&mut self, folder: i64) -> rusqlite::Result<bool> {
        let mut chain = vec![folder];
        let alive = loop {
            let Some(&at) = chain.last() else {
                break false;
            };
            if let Some(&alive) = self.alive.get(&at) {
                break alive;
            }
            let row: Option<(Option<i64>, i64)> = self
                .up
                .query_row([at], |row| Ok((row.get(0)?, row.get(1)?)))
                .optional()?;
            match row {
                // A damaged file may have a cycle.
                Some((Some(parent), _)) if !chain.contains(&parent) => chain.push(parent),
                Some((None, source)) => {
                    break self
                        .sources
                        .get(&source)
                        .is_some_and(|(root, _)| *root == at);
                }
                _ => break false,
            }
        };
        self.alive.extend(chain.into_iter().map(|at| (at, alive)));
        Ok(alive)
    }
}
