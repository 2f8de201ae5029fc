//! Changes of the newest generation, the largest first, in the order of an index: a page reads
//! little more than it returns. Removed trees that may exist again are reported folder by folder,
//! which the index does not provide: these are read separately, and merged.

use std::collections::HashSet;

use rusqlite::params;

use super::budget::{Budget, Stop};
use super::cursor::key_path;
use super::early::{HistoryReader, Removal, beneath, end};
use super::{Change, ChangeRank, Page, Paths, RankedChanges, Wanted};
use crate::reader::locate::is_within;
use crate::reader::query;
use crate::reader::read_txn::ReadTxn;
use crate::text::{Bytes, Text};

const SMALL: bool = cfg!(feature = "small");

/// Maximum number of removed trees for which to check whether they exist again.
const MAX_TOPS: usize = if SMALL { 5 } else { 5_000 };

/// Maximum number of folders in removed trees that are read apart.
const MAX_APART: usize = if SMALL { 10 } else { 20_000 };

/// Maximum number of rows of the index for a page, which ends early then: they may lie outside of
/// the requested folder.
const MAX_ROWS: usize = if SMALL { 10 } else { 100_000 };

/// None if too much would have to be read apart.
pub(super) fn read(
    txn: &ReadTxn<'_>,
    wanted: &Wanted<'_>,
    paths: &mut Paths<'_>,
) -> Result<Option<Page>, Stop> {
    let Some(apart) = Apart::read(txn, wanted, paths)? else {
        return Ok(None);
    };
    let mut merge = Merge {
        paths,
        wanted,
        tops: apart.tops,
        apart: apart.changes.into_iter().peekable(),
        left: MAX_ROWS + wanted.limit,
        page: Page {
            ranked: RankedChanges::new(),
            early: None,
        },
    };
    let after = match wanted.after {
        None => [i64::MIN; 4],
        Some(after) => {
            let (bytes, files, entries) = after.sizes.0;
            let down = |size: u64| 0_i64.saturating_sub_unsigned(size);
            [down(bytes), down(files), down(entries), after.id]
        }
    };
    let [bytes, files, entries, id] = after;
    let values = params![wanted.source, wanted.to, bytes, files, entries, id];
    // The callback can only return errors of SQLite.
    let mut stopped = None;
    txn.each(query::LARGEST_CHANGES, values, |row| {
        let path = row.get::<_, Option<Bytes>>(1)?.map(|path| path.0);
        let change = Change {
            gone: path.is_some(),
            path: path.unwrap_or_default(),
            generation: row.get(2)?,
            file_count: row.get(3)?,
            bytes: row.get(4)?,
            added: row.get(5)?,
            removed: row.get(6)?,
            changed: row.get(7)?,
            ..Change::default()
        };
        match merge.take(row.get(0)?, change) {
            Ok(goes_on) => Ok(goes_on),
            Err(stop) => {
                stopped = Some(stop);
                Ok(false)
            }
        }
    })?;
    match stopped {
        Some(Stop::Spent) if merge.page.early.is_some() => {}
        Some(stop) => return Err(stop),
        // These are all.
        None if merge.left > 0 && merge.page.ranked.len() < wanted.limit => {
            merge.page.early = None;
            merge.page.ranked.extend(merge.apart);
            merge.page.ranked.truncate(wanted.limit);
        }
        None => {}
    }
    Ok(Some(merge.page))
}

struct Merge<'a, 'p, I: Iterator<Item = (ChangeRank, Change)>> {
    paths: &'a mut Paths<'p>,
    wanted: &'a Wanted<'a>,
    tops: HashSet<i64>,
    apart: std::iter::Peekable<I>,
    left: usize,
    page: Page,
}

impl<I: Iterator<Item = (ChangeRank, Change)>> Merge<'_, '_, I> {
    /// Takes a row of the index. Returns whether there is room for more.
    fn take(&mut self, id: i64, mut change: Change) -> Result<bool, Stop> {
        let limit = self.wanted.limit;
        let rank = change.rank(id);
        while self.page.ranked.len() < limit
            && let Some(larger) = self.apart.next_if(|(other, _)| *other < rank)
        {
            self.page.early = Some((larger.0.clone(), None));
            self.page.ranked.push(larger);
        }
        if self.page.ranked.len() >= limit {
            return Ok(false);
        }
        let is_told = (change.gone || !change.is_nothing()) && !self.tops.contains(&id);
        let path = match (is_told, change.gone) {
            (false, _) => None,
            (true, true) => Some(std::mem::take(&mut change.path)),
            (true, false) => self.paths.of(id)?,
        };
        if let Some(path) = path.filter(|path| is_within(path, self.wanted.folder)) {
            self.page
                .ranked
                .push((rank.clone(), Change { path, ..change }));
        }
        self.page.early = Some((rank, None));
        self.left -= 1;
        Ok(self.left > 0 && self.page.ranked.len() < limit)
    }
}

/// What is not in the order of the index.
#[derive(Default)]
struct Apart {
    changes: RankedChanges,
    /// The tops to which these changes belong.
    tops: HashSet<i64>,
}

impl Apart {
    /// The folders of removed trees that may exist again, and of a tree in which the requested
    /// folder was. While trees are being deleted, the row of the top alone tells.
    fn read(
        txn: &ReadTxn<'_>,
        wanted: &Wanted<'_>,
        paths: &Paths<'_>,
    ) -> Result<Option<Apart>, Stop> {
        let mut apart = Apart::default();
        if !wanted.seen.settled {
            return Ok(Some(apart));
        }
        let values = params![wanted.source, wanted.to, MAX_TOPS as i64 + 1];
        let tops: Vec<Removal> = txn.all(query::REMOVED_TOP_KEYS, values, Removal::read)?;
        if tops.len() > MAX_TOPS {
            return Ok(None);
        }
        let budget = Budget::new(usize::MAX, None);
        let mut history = HistoryReader::new(txn, wanted, &budget)?;
        let mut left = MAX_APART;
        for top in tops {
            let path = key_path(&top.key);
            let is_above = path != wanted.folder && is_within(wanted.folder, &path);
            if is_above || paths.may_exist(&path)? {
                match left.checked_sub(count(txn, wanted, &top)?) {
                    None => return Ok(None),
                    Some(fewer) => left = fewer,
                }
                apart.add(txn, wanted, &top, &mut history)?;
            }
        }
        let is_wanted = |(rank, change): &(ChangeRank, Change)| {
            is_within(&change.path, wanted.folder) && wanted.after.is_none_or(|after| rank > after)
        };
        apart.changes.retain(is_wanted);
        apart.changes.sort_by(|one, other| one.0.cmp(&other.0));
        Ok(Some(apart))
    }

    fn add(
        &mut self,
        txn: &ReadTxn<'_>,
        wanted: &Wanted<'_>,
        top: &Removal,
        history: &mut HistoryReader<'_>,
    ) -> Result<(), Stop> {
        let (_, mut own) = history.row(top)?;
        let (key, end) = (beneath(&top.key), end(&top.key));
        let values = params![wanted.source, Text(&key), Text(&end), wanted.to, top.id];
        let folders = txn.all(query::REMOVED_WITHIN, values, Removal::read)?;
        for folder in folders {
            let (_, mut change) = history.row(&folder)?;
            own.subtract(&change);
            if !change.is_nothing() {
                change.gone = true;
                change.path = key_path(&folder.key);
                self.changes.push((change.rank(folder.id), change));
            }
        }
        own.gone = true;
        own.path = key_path(&top.key);
        self.changes.push((own.rank(top.id), own));
        self.tops.insert(top.id);
        Ok(())
    }
}

/// How many removals there were beneath a path, in all generations; no more than one too many.
fn count(txn: &ReadTxn<'_>, wanted: &Wanted<'_>, top: &Removal) -> Result<usize, Stop> {
    let (key, end) = (beneath(&top.key), end(&top.key));
    let values = params![wanted.source, Text(&key), Text(&end), MAX_APART as i64 + 1];
    let count = txn.first(query::REMOVED_COUNT, values, |row| row.get::<_, i64>(0))?;
    Ok(count.unwrap_or(0) as usize)
}
