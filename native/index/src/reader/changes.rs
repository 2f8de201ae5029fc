//! What appeared, vanished and grew between two generations, by folder, the largest first; and how far that can be believed.

use rusqlite::params;

use super::freshness::answer;
use super::heap::Best;
use super::locate::{Located, is_within, locate};
use super::page::Page;
use super::pool::Pool;
use super::query;
use crate::answer::Answer;
use crate::error::{Error, Reason};
use crate::schema::scan_status;
use crate::text::Bytes;

/// More are not given at once.
const MAX_LIMIT: usize = 10_000;

/// Which changes.
#[derive(Clone, Debug)]
pub struct ChangesOptions {
    /// Only beneath this folder, itself included.
    pub folder: Vec<u8>,
    /// At most so many: 1 to 10,000.
    pub limit: usize,
}

impl Default for ChangesOptions {
    fn default() -> ChangesOptions {
        ChangesOptions {
            folder: Vec::new(),
            limit: 200,
        }
    }
}

/// What happened after one generation and up to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changes {
    /// By folder, those first whose bytes changed most.
    pub folders: Vec<Change>,
    /// There are more folders than these.
    pub more: bool,
    /// The scans that these changes come from, one a generation, as far as they are remembered. Only `COMPLETE` ones tell all.
    pub generations: Vec<Generation>,
    /// Some of the generations asked for are not remembered any more, or have not begun.
    pub pruned: bool,
    /// The source's first generation is among them, of which everything is new and nothing is written down. What it did not come
    /// to, because it was cut off, the next one tells as added.
    pub first_load: bool,
}

/// One folder's own entries, or all of a removed one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Relative to the source's root; of a removed folder, where it was.
    pub path: Vec<u8>,
    /// The folder itself is gone, with all that was in it.
    pub gone: bool,
    /// More or fewer entries that are no directories.
    pub file_count: i64,
    /// More or fewer bytes.
    pub bytes: i64,
    /// Entries that appeared.
    pub added: i64,
    /// Entries that vanished.
    pub removed: i64,
    /// Files of another kind, size or mtime.
    pub changed: i64,
    /// When it last changed.
    pub generation: i64,
}

/// A whole-source scan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Generation {
    /// Its number.
    pub generation: i64,
    /// How it ended (`scan_status`).
    pub status: i64,
    /// When; ms since the epoch.
    pub ended_at: Option<i64>,
}

/// The largest is the smallest: most bytes, most files, most entries, and then whichever was listed first.
type Rank = (std::cmp::Reverse<(u64, u64, i64)>, i64);

impl Pool {
    /// What the generations after `from`, up to and with `to`, changed.
    pub fn changes(
        &self,
        source: &str,
        from: i64,
        to: i64,
        options: &ChangesOptions,
    ) -> Result<Answer<Changes>, Error> {
        self.page(|page| {
            if from < 0 || to < from {
                let error = page.error(Reason::Errno(22));
                return Err(error.with(format!("from generation {from} to {to}")));
            }
            let at = locate(page, source, &options.folder)?;
            let generations = generations(page, at.source.id, from, to)?;
            // One more than asked for tells whether there are more.
            let limit = options.limit.clamp(1, MAX_LIMIT);
            let mut folders = folders(page, &at, from, to, limit + 1, options)?;
            let more = folders.len() > limit;
            folders.truncate(limit);
            let changes = Changes {
                more,
                folders,
                pruned: (generations.len() as i64) < to - from,
                generations,
                first_load: from == 0 && to > 0,
            };
            answer(page, &at, changes)
        })
    }
}

fn generations(page: &Page<'_>, source: i64, from: i64, to: i64) -> Result<Vec<Generation>, Error> {
    let mut found = page.all(query::GENERATIONS, params![source, from, to], |row| {
        let mut status: i64 = row.get(1)?;
        if status == scan_status::RUNNING && !page.pulse.runs(row.get(3)?) {
            status = scan_status::CRASHED;
        }
        Ok(Generation {
            generation: row.get(0)?,
            status,
            ended_at: row.get(2)?,
        })
    })?;
    found.dedup_by_key(|generation| generation.generation);
    Ok(found)
}

fn folders(
    page: &Page<'_>,
    at: &Located<'_>,
    from: i64,
    to: i64,
    limit: usize,
    options: &ChangesOptions,
) -> Result<Vec<Change>, Error> {
    let mut best: Best<Rank, Change> = Best::new(limit);
    let later = generations(page, at.source.id, to, i64::MAX)?;
    // Errors of another kind than SQLite's cannot pass through the rows.
    let mut failed = None;
    page.each(query::CHANGES, params![at.source.id, from, to], |row| {
        let mut change = Change {
            path: Vec::new(),
            gone: false,
            file_count: row.get(1)?,
            bytes: row.get(2)?,
            added: row.get(3)?,
            removed: row.get(4)?,
            changed: row.get(5)?,
            generation: row.get(7)?,
        };
        let entries = change
            .added
            .saturating_add(change.removed)
            .saturating_add(change.changed);
        let id: i64 = row.get(0)?;
        let sizes = (
            change.bytes.unsigned_abs(),
            change.file_count.unsigned_abs(),
            entries,
        );
        let rank = (std::cmp::Reverse(sizes), id);
        if best.bar().is_some_and(|bar| rank >= *bar) {
            return Ok(true);
        }
        let path = match row.get::<_, Option<Bytes>>(6)? {
            Some(path) => {
                change.gone = true;
                Some(path.0)
            }
            None => match path_of(page, at, &later, id) {
                Ok(path) => path,
                Err(error) => {
                    failed = Some(error);
                    return Ok(false);
                }
            },
        };
        if let Some(path) = path.filter(|path| is_within(path, &options.folder)) {
            change.path = path;
            best.push(rank, change);
        }
        Ok(true)
    })?;
    match failed {
        Some(error) => Err(error),
        None => Ok(best
            .into_sorted()
            .into_iter()
            .map(|(_, change)| change)
            .collect()),
    }
}

/// The path of a directory, or where it was when a later generation removed it; None if it went with a folder above it.
fn path_of(
    page: &Page<'_>,
    at: &Located<'_>,
    later: &[Generation],
    id: i64,
) -> Result<Option<Vec<u8>>, Error> {
    let mut names: Vec<Vec<u8>> = Vec::new();
    let mut next = id;
    while next != at.source.root_dir {
        let row = page.first(query::PARENT, [next], |row| {
            Ok((row.get::<_, Option<i64>>(0)?, row.get::<_, Bytes>(1)?.0))
        })?;
        let Some((Some(parent), name)) = row else {
            return removed_later(page, at.source.id, later, id);
        };
        names.push(name);
        next = parent;
    }
    names.reverse();
    Ok(Some(names.join(&b'/')))
}

fn removed_later(
    page: &Page<'_>,
    source: i64,
    later: &[Generation],
    id: i64,
) -> Result<Option<Vec<u8>>, Error> {
    for Generation { generation, .. } in later {
        let read = |row: &rusqlite::Row<'_>| Ok(row.get::<_, Bytes>(0)?.0);
        let path = page.first(query::REMOVED, params![source, generation, id], read)?;
        if path.is_some() {
            return Ok(path);
        }
    }
    Ok(None)
}
