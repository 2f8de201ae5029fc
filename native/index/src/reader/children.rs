//! Pages of one folder's children: by name from where the last page ended, or in another order by a
//! pass over all of them. Counts from the predecessor's cache stand in for folders that no scan has
//! listed.

use rusqlite::params;

use super::by_value::by_value;
use super::children_source::{ALL, Bound, ChildrenSource};
use super::cursor::{Cursor, Rank, Sort, SortKey, folder_key};
use super::exact::tell_exact;
use super::freshness::{answer, unseen};
use super::locate::{Located, join, locate, no_folder, prefix};
use super::name_filter::NameFilter;
use super::pool::Pool;
use super::query;
use super::read_txn::ReadTxn;
use super::stat::{Child, imported, imported_count};
use crate::answer::Answer;
use crate::error::{Error, Reason};
use crate::fnv::fnv;
use crate::text::bytes;

/// Maximum size of a page.
const MAX_LIMIT: usize = 10_000;

/// Which page of a folder's children.
#[derive(Clone, Debug)]
pub struct ChildrenOptions {
    /// Maximum size of a page: 1 to 10,000.
    pub limit: usize,
    /// Where the last page ended; None for the first page.
    pub after: Option<Cursor>,
    /// In which order. A cursor is only valid in the order, and for the folder and the filter, that
    /// it came from.
    pub sort: Sort,
    /// Which of them, by their names; all if None. They are read in one pass, so a page may take as
    /// long as the folder is large.
    pub filter: Option<NameFilter>,
}

impl Default for ChildrenOptions {
    fn default() -> ChildrenOptions {
        ChildrenOptions {
            limit: 200,
            after: None,
            sort: Sort::default(),
            filter: None,
        }
    }
}

/// A page of children.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Children {
    /// In the requested order.
    pub children: Vec<Child>,
    /// Where the next page begins; None if this is the last.
    pub next: Option<Cursor>,
    /// The folder has changed since the page before: in an order by values, children may have been
    /// missed or may come twice. Changes that leave every sum equal go unnoticed, such as a file
    /// moved between two folders beneath within one scan; so does a new mtime while the source is
    /// scanned for the first time or without a history.
    pub moved: bool,
}

impl Pool {
    /// One page of a folder's children.
    pub fn children(
        &self,
        source: &str,
        folder: &[u8],
        options: &ChildrenOptions,
    ) -> Result<Answer<Children>, Error> {
        let after = options.after.as_ref();
        self.page(|txn| {
            if after.is_some_and(|after| after.sort != options.sort) {
                return Err(txn.error(Reason::BadCursor).with("of another order"));
            }
            let at = locate(txn, source, folder)?;
            let key = folder_key(at.source.id, folder);
            let key = options
                .filter
                .as_ref()
                .map_or(key, |filter| filter.key(key));
            if after.is_some_and(|after| after.folder != key) {
                let error = txn.error(Reason::BadCursor);
                return Err(error.with("of another folder or another filter"));
            }
            let cache = ChildrenSource::Imported {
                source: at.source.id,
                prefix: prefix(folder),
            };
            if at.dir.is_unread() && cache.has_any(txn)? {
                let mut found = read(txn, &cache, options, key, || Ok(0))?;
                for child in &mut found.children {
                    child.imported = true;
                }
                return Ok(imported(unseen(txn, &at, found)?));
            }
            if !at.unresolved.is_empty() {
                return Err(no_folder(txn, &at, folder)?);
            }
            let children_source = ChildrenSource::Dir {
                id: at.dir.id,
                has_disk: at.source.has_disk,
            };
            let state = || state(txn, &at, options.sort.key);
            let mut children = read(txn, &children_source, options, key, state)?;
            let found = std::mem::take(&mut children.children).into_iter();
            children.children = found.map(|child| child.of_source(&at.source)).collect();
            tell_exact(txn, &at, &mut children.children)?;
            let is_filled = fill_in(txn, &at, &mut children.children)?;
            let found = answer(txn, &at, children)?;
            Ok(Answer {
                imported: is_filled,
                ..found
            })
        })
    }
}

/// Gives folders that were never listed the count from the cache. Returns whether there were any.
fn fill_in(txn: &ReadTxn<'_>, at: &Located<'_>, children: &mut [Child]) -> Result<bool, Error> {
    let mut unread = children
        .iter_mut()
        .filter(|child| child.is_unread())
        .peekable();
    if unread.peek().is_none() || !has_imported(txn, at.source.id)? {
        return Ok(false);
    }
    let mut any = false;
    for child in unread {
        let path = join(at.path, &child.name);
        if let Some(count) = imported_count(txn, at.source.id, &path)? {
            child.file_count = count;
            child.imported = true;
            any = true;
        }
    }
    Ok(any)
}

/// A number that differs once the folder's children have changed. The generation alone is not
/// enough: a scan takes long, and an expansion writes under the generation of the last one.
fn state(txn: &ReadTxn<'_>, at: &Located<'_>, sorted_by: SortKey) -> Result<u64, Error> {
    let dir = &at.dir;
    // Changes of its own entries count even if all sums stay equal. What an expansion sees is
    // recorded under the next whole scan.
    let key = params![at.source.id, dir.changed_gen, dir.id];
    let changes = txn.first(query::CHANGED, key, |row| {
        Ok([row.get(0)?, row.get(1)?, row.get(2)?])
    })?;
    let sums = [
        dir.id,
        dir.changed_gen,
        dir.own_files,
        dir.own_bytes,
        dir.file_count,
        dir.bytes,
        dir.unknown_below,
    ];
    let disk = match sorted_by {
        SortKey::Disk => Some([dir.disk, i64::from(at.source.has_disk)]),
        _ => None,
    };
    let numbers = sums.into_iter().chain(changes.unwrap_or_default());
    let numbers = numbers.chain(disk.into_iter().flatten());
    Ok(fnv(numbers.flat_map(i64::to_le_bytes)))
}

pub(super) fn has_imported(txn: &ReadTxn<'_>, source: i64) -> Result<bool, Error> {
    let found = txn.first(query::IMPORTED_ANY, [source], |_| Ok(()))?;
    Ok(found.is_some())
}

fn read(
    txn: &ReadTxn<'_>,
    children_source: &ChildrenSource,
    options: &ChildrenOptions,
    folder: u64,
    state: impl FnOnce() -> Result<u64, Error>,
) -> Result<Children, Error> {
    let limit = options.limit.clamp(1, MAX_LIMIT);
    let (sort, after) = (options.sort, options.after.as_ref());
    let filter = options.filter.as_ref();
    // One extra, to see whether there is another page.
    let mut children = match sort.key {
        SortKey::Name => by_name(txn, children_source, sort, filter, after, limit + 1)?,
        _ => by_value(txn, children_source, sort, filter, after, limit + 1)?,
    };
    let is_more = children.len() > limit;
    children.truncate(limit);
    let state = match (after, is_more) {
        (None, false) => 0,
        _ => state()?,
    };
    let last = children.last().filter(|_| is_more);
    let next = last.map(|(rank, _)| Cursor {
        sort,
        folder,
        state,
        rank: rank.clone(),
    });
    Ok(Children {
        next,
        moved: after.is_some_and(|after| after.state != state),
        children: children.into_iter().map(|(_, child)| child).collect(),
    })
}

fn by_name(
    txn: &ReadTxn<'_>,
    children_source: &ChildrenSource,
    sort: Sort,
    filter: Option<&NameFilter>,
    after: Option<&Cursor>,
    limit: usize,
) -> Result<Vec<(Rank, Child)>, Error> {
    let mut found = Vec::new();
    for is_file in [false, true] {
        let after = match after {
            // The last page ended among the files.
            Some(after) if after.rank.is_file && !is_file => continue,
            Some(after) if after.rank.is_file == is_file => Bound::Name(&after.rank.name),
            _ if sort.descending => Bound::End,
            _ => Bound::Start,
        };
        let left = match filter {
            None => (limit - found.len()) as i64,
            Some(_) => ALL,
        };
        children_source.names(txn, is_file, sort.descending, after, left, |row| {
            let name = bytes(row.get_ref(0)?)?;
            if filter.is_some_and(|filter| !filter.passes(name)) {
                return Ok(true);
            }
            let child = Child::read(txn, row)?;
            let rank = Rank {
                name: child.name.clone(),
                is_file,
                ..Rank::default()
            };
            found.push((rank, child));
            Ok(found.len() < limit)
        })?;
        if found.len() >= limit {
            break;
        }
    }
    Ok(found)
}
