//! What appeared, vanished and grew between two generations, by folder; and how complete
//! that is.

use rusqlite::params;

use super::cursor::folder_key;
use super::freshness::answer;
use super::locate::{Located, locate};
use super::pool::Pool;
use super::query;
use super::read_txn::ReadTxn;
use crate::answer::Answer;
use crate::error::{Error, Reason};
use crate::values::scan_status;

mod budget;
mod cursor;
mod early;
mod files;
mod largest;
mod live;
mod paths;
mod removed;
mod rows;
mod walk;

use budget::{Stop, unless_spent};
pub use cursor::ChangesCursor;
use cursor::{ChangeRank, FirstSeen, Part};
pub use files::{ChangedFile, ChangedFiles};
use paths::Paths;
pub(super) use paths::{changed_generations, parent};

/// Maximum size of a page.
const MAX_LIMIT: usize = 10_000;

const SMALL: bool = cfg!(feature = "small");

/// Maximum number of rows that are sorted without trying a walk; some 30 ms.
const MAX_READ: usize = if SMALL { 3 } else { 8_000 };

/// Maximum number of rows that are sorted at all; some 300 ms.
const MAX_IN_MEMORY: usize = if SMALL { 6 } else { 100_000 };

/// Which changes.
#[derive(Clone, Debug)]
pub struct ChangesOptions {
    /// Only beneath this folder, itself included.
    pub folder: Vec<u8>,
    /// Maximum size of a page: 1 to 10,000. A page for which much has to be read ends early, and may
    /// even be empty: `next` tells whether there is more.
    pub limit: usize,
    /// Go on after an earlier page of the same generations.
    pub after: Option<ChangesCursor>,
    /// Whether each folder lists the files that changed in it. A page with very many files ends
    /// early.
    pub files: bool,
}

impl Default for ChangesOptions {
    fn default() -> ChangesOptions {
        ChangesOptions {
            folder: Vec::new(),
            limit: 200,
            after: None,
            files: false,
        }
    }
}

/// The changes after one generation and up to another: from the end of one whole-source scan to the
/// end of the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changes {
    /// By folder. Between the newest two generations the folders whose bytes changed most come
    /// first; between others they are sorted by path, and so they are where more than 100,000
    /// folders changed and more than 5,000 were removed, or a removed one of more than 20,000
    /// folders is there again.
    ///
    /// Files and bytes of the rows at or beneath a folder add up to the difference of its totals. A
    /// removed folder is one row with everything that was in it; a folder made again under its name
    /// has a row of its own. As long as removed folders are still being deleted, what they lost is
    /// in their own rows alone, even where a folder within them exists again.
    pub folders: Vec<Change>,
    /// Where the next page begins; None if this is the last.
    pub next: Option<ChangesCursor>,
    /// The scans that these changes come from, one per generation, as far as they are kept. Only
    /// `COMPLETE` ones saw everything.
    pub generations: Vec<Generation>,
    /// Changes are missing: a generation is no longer kept or has not begun, or something was
    /// forgotten since or written without a history.
    pub pruned: bool,
    /// The source's first generation is included, in which everything is new and nothing is
    /// recorded. What it did not reach because it was cut off counts as added in the next.
    pub first_load: bool,
}

/// One folder's own entries, or all of a removed one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// Relative to the source's root. For a removed folder, its former path.
    pub path: Vec<u8>,
    /// The folder itself is gone, with all that was in it.
    pub gone: bool,
    /// Change in the number of entries other than directories.
    pub file_count: i64,
    /// Change in bytes.
    pub bytes: i64,
    /// Entries that appeared.
    pub added: i64,
    /// Entries that vanished.
    pub removed: i64,
    /// Files of another kind, size or mtime.
    pub changed: i64,
    /// When it last changed.
    pub generation: i64,
    /// The files that changed, if asked for.
    pub files: Option<ChangedFiles>,
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
    /// The changes of the generations after `from`, up to and including `to`.
    pub fn changes(
        &self,
        source: &str,
        from: i64,
        to: i64,
        options: &ChangesOptions,
    ) -> Result<Answer<Changes>, Error> {
        self.page(|txn| {
            if from < 0 || to < from {
                let error = txn.error(Reason::Errno(aether_core::errno::INVAL));
                return Err(error.with(format!("from generation {from} to {to}")));
            }
            let after = options.after.as_ref();
            if after.is_some_and(|cursor| !cursor.is_of(from, to)) {
                return Err(txn.error(Reason::BadCursor).with("of other generations"));
            }
            let at = locate(txn, source, &options.folder)?;
            let key = folder_key(at.source.id, &options.folder);
            if after.is_some_and(|cursor| cursor.folder != key) {
                return Err(txn.error(Reason::BadCursor).with("of another folder"));
            }
            let newest = at.source.generation;
            let is_settled = !has_graves(txn, at.source.id)?;
            let seen = match after {
                Some(cursor) => cursor.seen,
                None => FirstSeen {
                    dir: txn
                        .first(query::NEWEST_DIR, [], |row| row.get(0))?
                        .unwrap_or(0),
                    settled: is_settled,
                },
            };
            let mut wanted = Wanted {
                source: at.source.id,
                from,
                to,
                folder: &options.folder,
                after: after.map(|cursor| &cursor.rank),
                part: after.and_then(|cursor| cursor.part.as_ref()),
                // One extra, to see whether there is another page.
                limit: options.limit.clamp(1, MAX_LIMIT) + 1,
                // The order of the page before, even if another scan has begun since.
                by_size: after.map_or(from + 1 == to && to == newest, |cursor| cursor.by_size),
                seen,
                has_graves: !is_settled,
            };
            let mut paths = Paths::new(txn, &at, to.min(newest), seen.dir)?;
            let Page {
                mut ranked,
                mut early,
            } = read(txn, &mut wanted, &at, &mut paths)?;
            let mut more = ranked.len() == wanted.limit;
            ranked.truncate(wanted.limit - 1);
            if options.files {
                more |= files::add(txn, &wanted, &mut ranked)?;
            }
            if more {
                early = ranked.last().map(|(rank, _)| (rank.clone(), None));
            }
            let next = early.map(|(rank, part)| ChangesCursor {
                from,
                to,
                folder: key,
                by_size: wanted.by_size,
                seen,
                rank,
                part,
            });
            let known_from = txn.first(query::HISTORY_FROM, [at.source.id], |row| row.get(0))?;
            let changes = Changes {
                folders: ranked.into_iter().map(|(_, change)| change).collect(),
                next,
                pruned: known_from.is_none_or(|known: i64| from.max(1) < known) || to > newest,
                generations: generations(txn, at.source.id, from, to)?,
                first_load: from == 0 && to > 0,
            };
            answer(txn, &at, changes)
        })
    }
}

/// What a page is asked for.
struct Wanted<'a> {
    source: i64,
    from: i64,
    to: i64,
    folder: &'a [u8],
    after: Option<&'a ChangeRank>,
    part: Option<&'a Part>,
    limit: usize,
    /// The largest first, which only one generation can be; otherwise by path.
    by_size: bool,
    seen: FirstSeen,
    /// Removed trees wait to be deleted.
    has_graves: bool,
}

/// Changes in their order.
type RankedChanges = Vec<(ChangeRank, Change)>;

/// Some of the changes.
#[derive(Debug)]
struct Page {
    ranked: RankedChanges,
    /// If it ends early, all changes up to there are in it.
    early: Option<(ChangeRank, Option<Part>)>,
}

/// Reads a page in the cheapest way. All ways give the same changes in the same order, but no way
/// reads more than is possible in the time of a page: then it ends early.
fn read(
    txn: &ReadTxn<'_>,
    wanted: &mut Wanted<'_>,
    at: &Located<'_>,
    paths: &mut Paths<'_>,
) -> Result<Page, Error> {
    if wanted.by_size
        && let Some(page) = unless_spent(largest::read(txn, wanted, paths))?.flatten()
    {
        return Ok(page);
    }
    let is_short = has_up_to(txn, wanted, MAX_READ.max(wanted.limit))?;
    if !is_short && !wanted.by_size && !wanted.has_graves {
        let page = walk::read(txn, wanted, at, paths, walk::SHORT)?;
        if page.early.is_none() {
            return Ok(page);
        }
    }
    if (is_short || has_up_to(txn, wanted, MAX_IN_MEMORY)?)
        && let Some(ranked) = unless_spent(rows::read(txn, wanted, paths))?
    {
        return Ok(Page {
            ranked,
            early: None,
        });
    }
    if wanted.by_size && wanted.after.is_some() {
        let error = txn.error(Reason::Errno(aether_core::errno::INVAL));
        return Err(error.with("too much has changed since that cursor; read the first page again"));
    }
    // Folders that are not deleted yet are nowhere in the order of paths.
    if wanted.has_graves {
        return Err(txn.error(Reason::Busy).with(
            "removed folders are still being deleted, which goes on while the index is open for \
             writing; ask again when that is done",
        ));
    }
    wanted.by_size = false;
    walk::read(txn, wanted, at, paths, walk::LONG)
}

/// Whether removed trees of the source are still being deleted.
fn has_graves(txn: &ReadTxn<'_>, source: i64) -> Result<bool, Error> {
    let found = txn.first(query::GRAVES, [source], |_| Ok(()))?;
    Ok(found.is_some())
}

/// Whether the history has at most that many rows between the generations.
fn has_up_to(txn: &ReadTxn<'_>, wanted: &Wanted<'_>, most: usize) -> Result<bool, Error> {
    let most = most as i64;
    let values = params![wanted.source, wanted.from, wanted.to, most + 1];
    let rows: Option<i64> = txn.first(query::CHANGE_COUNT, values, |row| row.get(0))?;
    Ok(rows.is_none_or(|rows| rows <= most))
}

fn generations(
    txn: &ReadTxn<'_>,
    source: i64,
    from: i64,
    to: i64,
) -> Result<Vec<Generation>, Error> {
    let mut found = txn.all(query::GENERATIONS, params![source, from, to], |row| {
        let mut status: i64 = row.get(1)?;
        if status == scan_status::RUNNING && !txn.liveness.runs(row.get(3)?) {
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

impl Change {
    fn add(&mut self, other: &Change) {
        self.file_count += other.file_count;
        self.bytes = self.bytes.saturating_add(other.bytes);
        self.added += other.added;
        self.removed += other.removed;
        self.changed += other.changed;
        self.generation = self.generation.max(other.generation);
    }

    /// Takes out what another row has as well.
    fn subtract(&mut self, other: &Change) {
        self.file_count -= other.file_count;
        self.bytes = self.bytes.saturating_sub(other.bytes);
        self.added -= other.added;
        self.removed -= other.removed;
        self.changed -= other.changed;
    }

    fn entries(&self) -> u64 {
        let entries = self.added.saturating_add(self.removed);
        entries.saturating_add(self.changed).unsigned_abs()
    }

    /// Whether the changes cancelled each other out.
    fn is_nothing(&self) -> bool {
        self.file_count == 0 && self.bytes == 0 && self.entries() == 0
    }

    fn rank(&self, id: i64) -> ChangeRank {
        let sizes = (self.bytes.unsigned_abs(), self.file_count.unsigned_abs());
        ChangeRank::by_size((sizes.0, sizes.1, self.entries()), id)
    }
}
