//! Looks up in the index what a search found: size and time of each hit, and whether it still
//! exists. Names in memory may be older than the index; entries removed since are not shown.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant, SystemTime};

use aether_core::path;
use rusqlite::{Connection, OptionalExtension, Statement, params};

use super::load::{Access, failed};
use super::{HitCursor, Loaded, Match, Position, Query, Refused, Session, search};
use crate::error::Error;
use crate::text::Text;

/// How long to go on looking up matches when few pass.
const PATIENCE: Duration = Duration::from_secs(1);
/// Maximum number of matches in one transaction.
const PIECE: usize = 1_000;
/// Minimum size of pages after the first.
const PAGE: usize = 10_000;

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
    /// Its size; for a folder, the sum of everything beneath.
    pub size: Option<i64>,
    /// Its mtime in ns.
    pub mtime: Option<i64>,
    /// For a folder, the number of files beneath.
    pub file_count: Option<i64>,
    /// Higher is better; comparable only within one answer.
    pub score: i32,
    /// To continue after this one.
    pub cursor: HitCursor,
}

impl Hit {
    /// Its path, with its name.
    pub fn full_path(&self) -> Vec<u8> {
        path::join(&self.path, &self.name)
    }
}

/// What a search found in an index.
#[derive(Clone, Debug)]
pub struct Hits {
    /// The best first.
    pub hits: Vec<Hit>,
    /// How many entries match, on all pages, including those removed since the names were read and
    /// those whose size or time does not pass.
    pub matched: u64,
    /// Where to continue, if there may be more.
    pub next: Option<HitCursor>,
    /// Whether the lookup stopped early, because few matches pass the filters or many are gone.
    pub more: bool,
    /// Where in the file, if the query says so.
    pub position: Option<Position>,
    /// When the names were read.
    pub loaded_at: SystemTime,
    /// Whether the index may have changed since then.
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

/// Searches the names and looks up what is found, down the ranking until there are as many hits as
/// wanted: entries that are gone make room for later ones.
pub fn find(
    access: Access<'_>,
    loaded: &Loaded,
    query: &Query<'_>,
    mut session: Option<&mut Session>,
    cancel: &AtomicBool,
) -> Result<Hits, Failed> {
    let until = Instant::now() + PATIENCE;
    let mut wanted = WantedHits {
        query,
        seen: HashSet::new(),
        hits: Vec::new(),
    };
    // The first page is looked up in any case.
    let is_late = |is_first: bool| !is_first && Instant::now() >= until;
    let mut is_first = true;
    let mut page = query.clone();
    loop {
        let session = session.as_deref_mut();
        let found = search(&loaded.names, &page, session, cancel).map_err(Failed::Refused)?;
        let mut last = page.after;
        let mut is_full = false;
        for matches in found.matches.chunks(PIECE) {
            if cancel.load(Ordering::Relaxed) {
                return Err(Failed::Refused(Refused::Cancelled));
            }
            is_full = wanted.look(access, matches).map_err(Failed::Index)?;
            last = match is_full {
                true => wanted.hits.last().map(|hit| hit.cursor),
                false => matches.last().map(|found| found.cursor),
            };
            if is_full || is_late(is_first) {
                break;
            }
        }
        let is_end =
            found.matches.len() < page.limit && last == found.matches.last().map(|m| m.cursor);
        let is_late = is_late(is_first);
        if is_full || is_end || is_late || found.matches.is_empty() {
            let is_end = is_end || found.matches.is_empty();
            let outdated = loaded.is_outdated(access).map_err(Failed::Index)?;
            return Ok(Hits {
                hits: wanted.hits,
                matched: found.matched,
                next: last.filter(|_| !is_end),
                more: is_late && !is_full && !is_end,
                position: found.position,
                loaded_at: loaded.at,
                outdated,
                truncated: loaded.names.truncated(),
            });
        }
        is_first = false;
        page.after = last;
        page.limit = query.limit.max(PAGE);
    }
}

/// The hits so far, and what is wanted of them.
struct WantedHits<'a> {
    query: &'a Query<'a>,
    /// A folder whose row was replaced while names were read can be found twice.
    seen: HashSet<(i64, Vec<u8>)>,
    hits: Vec<Hit>,
}

impl WantedHits<'_> {
    /// Looks up matches in one transaction and adds those that still exist. Returns whether there
    /// are as many as wanted.
    fn look(&mut self, access: Access<'_>, matches: &[Match]) -> Result<bool, Error> {
        let mut read = || {
            let _page = access.gate.enter();
            let _transaction = access.connection.unchecked_transaction()?;
            let mut look = HitLookup::new(access.connection)?;
            for found in matches {
                if self.hits.len() >= self.query.limit {
                    return Ok(true);
                }
                if self.seen.insert((found.folder, found.name.clone())) {
                    let hit = look.hit(found)?;
                    let passes = |hit: &Hit| self.query.filters.pass(hit.size, hit.mtime);
                    self.hits.extend(hit.filter(passes));
                }
            }
            Ok(self.hits.len() >= self.query.limit)
        };
        read().map_err(|error| failed(access, &error))
    }
}

struct HitLookup<'a> {
    /// The root and uuid of each source that was looked up.
    sources: HashMap<i64, Option<(i64, String)>>,
    source: Statement<'a>,
    up: Statement<'a>,
    file: Statement<'a>,
    directory: Statement<'a>,
    /// Folders that were looked up, and whether they hang on a root.
    alive: HashMap<i64, bool>,
}

impl<'a> HitLookup<'a> {
    fn new(connection: &'a Connection) -> rusqlite::Result<Self> {
        Ok(HitLookup {
            sources: HashMap::new(),
            source: connection.prepare("SELECT root_dir, uuid FROM sources WHERE id = ?1")?,
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
        let Some((_, uuid)) = self.source(found.source)?.cloned() else {
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
            uuid,
            folder: found.folder,
            path: found.path.clone(),
            name: found.name.clone(),
            kind,
            size,
            mtime,
            file_count,
            score: found.score,
            cursor: found.cursor,
        }))
    }

    fn source(&mut self, id: i64) -> rusqlite::Result<Option<&(i64, String)>> {
        if !self.sources.contains_key(&id) {
            let read = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
            let found = self.source.query_row([id], read).optional()?;
            self.sources.insert(id, found);
        }
        Ok(self.sources.get(&id).and_then(Option::as_ref))
    }

    /// Whether a folder hangs on a root. A removed folder has lost a parent somewhere above.
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
                    break self.source(source)?.is_some_and(|(root, _)| *root == at);
                }
                _ => break false,
            }
        };
        self.alive.extend(chain.into_iter().map(|at| (at, alive)));
        Ok(alive)
    }
}
