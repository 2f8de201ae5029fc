//! What appeared, vanished and grew between two generations, by folder; and how far that can be believed.

use std::collections::HashMap;

use rusqlite::params;

use super::freshness::answer;
use super::heap::Best;
use super::locate::{is_within, locate};
use super::page::Page;
use super::pool::Pool;
use super::query;
use crate::answer::Answer;
use crate::error::{Error, Reason};
use crate::schema::scan_status;
use crate::text::Bytes;

mod cursor;
mod paths;

pub use cursor::ChangesCursor;
use cursor::Rank;
use paths::Paths;

/// More are not given at once.
const MAX_LIMIT: usize = 10_000;

/// Which changes.
#[derive(Clone, Debug)]
pub struct ChangesOptions {
    /// Only beneath this folder, itself included.
    pub folder: Vec<u8>,
    /// At most so many: 1 to 10,000.
    pub limit: usize,
    /// Go on after an earlier page of the same generations.
    pub after: Option<ChangesCursor>,
}

impl Default for ChangesOptions {
    fn default() -> ChangesOptions {
        ChangesOptions {
            folder: Vec::new(),
            limit: 200,
            after: None,
        }
    }
}

/// What happened after one generation and up to another: from the end of its whole-source scan to the end of the other's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changes {
    /// By folder. Of the newest pair of generations those come first whose bytes changed most, of others it goes by path.
    ///
    /// Files and bytes of what lies at or beneath a folder add up to the difference of its totals. A removed folder is one row
    /// with all that was in it; one that was made again under its name has a row of its own beside it.
    pub folders: Vec<Change>,
    /// There are more folders than these, after this one.
    pub next: Option<ChangesCursor>,
    /// The scans that these changes come from, one a generation, as far as they are remembered. Only `COMPLETE` ones tell all.
    pub generations: Vec<Generation>,
    /// Not all is told: some of the generations asked for are not remembered any more, or have not begun, or something was
    /// forgotten since, or written without a history.
    pub pruned: bool,
    /// The source's first generation is among them, of which everything is new and nothing is written down. What it did not come
    /// to, because it was cut off, the next one tells as added.
    pub first_load: bool,
}

/// One folder's own entries, or all of a removed one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
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
            let after = options.after.as_ref();
            if after.is_some_and(|cursor| !cursor.is_of(from, to)) {
                let error = page.error(Reason::Errno(22));
                return Err(error.with("a cursor of other generations"));
            }
            let at = locate(page, source, &options.folder)?;
            let newest = at.source.generation;
            // One more than asked for tells whether there are more.
            let limit = options.limit.clamp(1, MAX_LIMIT);
            let mut rows = Rows {
                best: Best::new(limit + 1),
                tops: HashMap::new(),
                paths: Paths::new(page, &at, to.min(newest)),
                by_size: from + 1 == to && to == newest,
                folder: &options.folder,
                after: after.map(|cursor| &cursor.rank),
            };
            rows.read(page, from)?;
            let mut ranked = rows.best.into_sorted();
            let more = ranked.len() > limit;
            ranked.truncate(limit);
            let last = ranked.last().filter(|_| more);
            let next = last.map(|(rank, _)| ChangesCursor {
                from,
                to,
                rank: rank.clone(),
            });
            let known_from = page.first(query::HISTORY_FROM, [at.source.id], |row| row.get(0))?;
            let changes = Changes {
                folders: ranked.into_iter().map(|(_, change)| change).collect(),
                next,
                pruned: known_from.is_none_or(|known: i64| from.max(1) < known) || to > newest,
                generations: generations(page, at.source.id, from, to)?,
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

/// Rows of the history, one a directory, on their way to a page.
struct Rows<'a> {
    best: Best<Rank, Change>,
    /// Removed trees of which more than the top has rows; none where each row is given for itself.
    tops: HashMap<i64, Option<Change>>,
    paths: Paths<'a>,
    by_size: bool,
    folder: &'a [u8],
    after: Option<&'a Rank>,
}

impl Rows<'_> {
    fn read(&mut self, page: &Page<'_>, from: i64) -> Result<(), Error> {
        // Errors of another kind than SQLite's cannot pass through the rows.
        let mut failed = None;
        let (source, to) = (self.paths.source(), self.paths.to);
        page.each(query::CHANGES, params![source, from, to], |row| {
            let id = row.get(0)?;
            let change = Change {
                path: Vec::new(),
                gone: false,
                file_count: row.get(1)?,
                bytes: row.get(2)?,
                added: row.get(3)?,
                removed: row.get(4)?,
                changed: row.get(5)?,
                generation: row.get(7)?,
            };
            let path = row.get::<_, Option<Bytes>>(6)?.map(|path| path.0);
            failed = self.take(id, change, path, row.get(8)?).err();
            Ok(failed.is_none())
        })?;
        if let Some(error) = failed {
            return Err(error);
        }
        for (id, top) in std::mem::take(&mut self.tops) {
            if let Some(change) = top {
                self.give(id, change);
            }
        }
        Ok(())
    }

    /// `path` is there if the directory was removed.
    fn take(
        &mut self,
        id: i64,
        mut change: Change,
        path: Option<Vec<u8>>,
        top: Option<i64>,
    ) -> Result<(), Error> {
        if let Some(top) = top
            && let Some(sum) = self.top(top, change.generation)?
        {
            sum.add(&change);
            return Ok(());
        }
        change.gone = path.is_some();
        // A removed folder is told of even if it was empty; one that went with it is not.
        let is_told = !change.is_nothing() || (change.gone && top.is_none_or(|top| top == id));
        if !is_told || (self.by_size && !self.has_place(&change.rank(id))) {
            return Ok(());
        }
        let path = match path {
            Some(path) => Some(path),
            None => self.paths.of(id)?,
        };
        if let Some(path) = path.filter(|path| is_within(path, self.folder)) {
            change.path = path;
            self.give(id, change);
        }
        Ok(())
    }

    /// The sum of a removed tree's rows. None if its folders may be there at the end, as others of the same names, or if only
    /// some of them are asked for.
    fn top(&mut self, id: i64, generation: i64) -> Result<Option<&mut Change>, Error> {
        if !self.tops.contains_key(&id) {
            let path = self.paths.removed_in(generation, id)?;
            let sum = match path.filter(|path| is_within(path, self.folder)) {
                Some(path) if !self.paths.may_exist(&path)? => Some(Change {
                    path,
                    gone: true,
                    ..Change::default()
                }),
                _ => None,
            };
            self.tops.insert(id, sum);
        }
        Ok(self.tops.get_mut(&id).and_then(Option::as_mut))
    }

    fn has_place(&self, rank: &Rank) -> bool {
        self.after.is_none_or(|after| rank > after) && self.best.bar().is_none_or(|bar| rank < bar)
    }

    fn give(&mut self, id: i64, change: Change) {
        let rank = match self.by_size {
            true => change.rank(id),
            false => Rank::by_path(&change.path, id),
        };
        if self.has_place(&rank) {
            self.best.push(rank, change);
        }
    }
}

impl Change {
    fn add(&mut self, other: &Change) {
        self.file_count += other.file_count;
        self.bytes = self.bytes.saturating_add(other.bytes);
        self.added += other.added;
        self.removed += other.removed;
        self.changed += other.changed;
        self.generation = self.generation.max(other.generation);
    }

    fn entries(&self) -> u64 {
        let entries = self.added.saturating_add(self.removed);
        entries.saturating_add(self.changed).unsigned_abs()
    }

    /// What was taken back within these generations.
    fn is_nothing(&self) -> bool {
        self.file_count == 0 && self.bytes == 0 && self.entries() == 0
    }

    fn rank(&self, id: i64) -> Rank {
        let sizes = (self.bytes.unsigned_abs(), self.file_count.unsigned_abs());
        Rank::by_size((sizes.0, sizes.1, self.entries()), id)
    }
}
