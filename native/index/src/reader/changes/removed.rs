//! Changed folders that no longer exist, by path. A removed tree that is one row is skipped.

use std::collections::{BTreeMap, HashMap, VecDeque};

use rusqlite::params;

use super::budget::Stop;
use super::cursor::{key_path, path_key};
use super::early::{History, Removal, end};
use super::rows::Told;
use super::{Change, Paths, Rank, Wanted};
use crate::error::Error;
use crate::reader::query;
use crate::reader::read_txn::ReadTxn;
use crate::text::{Bytes, Text};

/// Maximum number of rows read by one statement.
const BATCH: usize = if cfg!(feature = "small") { 2 } else { 128 };

/// Maximum number of removed trees in memory. With more, the folders of a tree are not skipped.
const MAX_TOPS: usize = if cfg!(feature = "small") { 20 } else { 5_000 };

pub(super) struct Removed<'a> {
    txn: &'a ReadTxn<'a>,
    wanted: &'a Wanted<'a>,
    paths: &'a Paths<'a>,
    /// The last row that was read.
    last: Removal,
    /// The end of the requested range, exclusive; None for the whole source.
    end: Option<Vec<u8>>,
    read: VecDeque<Removal>,
    is_last: bool,
    /// Tops beneath a skipped tree.
    tops_beneath: VecDeque<Removal>,
    told: HashMap<i64, Told>,
    /// All tops between the generations, by path, read when first needed; None if there are too
    /// many.
    tops: Option<Option<Tops>>,
}

type Tops = BTreeMap<Vec<u8>, Vec<Removal>>;

impl<'a> Removed<'a> {
    pub fn new(
        txn: &'a ReadTxn<'a>,
        wanted: &'a Wanted<'a>,
        paths: &'a Paths<'a>,
        history: &mut History<'_>,
    ) -> Result<Removed<'a>, Stop> {
        let folder = path_key(wanted.folder);
        let mut removed = Removed {
            txn,
            wanted,
            paths,
            last: Removal {
                key: folder.clone(),
                generation: i64::MIN,
                id: i64::MIN,
            },
            end: (!folder.is_empty()).then(|| end(&folder)),
            read: VecDeque::new(),
            is_last: false,
            tops_beneath: VecDeque::new(),
            told: HashMap::new(),
            tops: None,
        };
        if let Some(after) = wanted.after
            && after.path > removed.last.key
        {
            removed.last.key.clone_from(&after.path);
        }
        removed.skip_trees(history)?;
        Ok(removed)
    }

    /// Finds the removed trees in which the page begins, and skips one that is a single row.
    fn skip_trees(&mut self, history: &mut History<'_>) -> Result<(), Stop> {
        let start = self.last.key.clone();
        for key in levels(&start) {
            let values = params![self.wanted.source, Text(key)];
            let found = self.txn.all(query::REMOVED_AT, values, |row| {
                Ok((row.get(0)?, row.get(1)?))
            })?;
            history.budget.spend(1 + found.len())?;
            for (generation, id) in found {
                let removal = Removal {
                    key: key.to_vec(),
                    generation,
                    id,
                };
                if generation <= self.wanted.from {
                    continue;
                }
                let top = history.top(&removal)?;
                self.check_grave(&removal, top, history)?;
                let is_before = |key: &[u8], id: i64| {
                    let after = self.wanted.after;
                    after.is_some_and(|after| (key, id) <= (&after.path, after.id))
                };
                if generation <= self.wanted.to
                    && top == Some(id)
                    && is_before(key, id)
                    && self.told(&removal, id)? == Told::Sum
                    && self.skip(&removal, history)?
                {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// The next changed folder.
    pub fn next(&mut self, history: &mut History<'_>) -> Result<Option<(Rank, Change)>, Stop> {
        loop {
            let beneath = self.tops_beneath.pop_front();
            let is_beneath = beneath.is_some();
            let Some(removal) = beneath.or_else(|| self.read.pop_front()) else {
                if self.is_last {
                    return Ok(None);
                }
                self.read(history)?;
                continue;
            };
            let rank = Rank {
                path: removal.key.clone(),
                id: removal.id,
                ..Rank::default()
            };
            let is_before = self.wanted.after.is_some_and(|after| rank <= *after);
            if removal.generation <= self.wanted.from || is_before {
                continue;
            }
            if let Some(change) = self.change(&removal, is_beneath, history)? {
                let path = key_path(&removal.key);
                return Ok(Some((rank, Change { path, ..change })));
            }
        }
    }

    /// Its changes, if it is listed.
    fn change(
        &mut self,
        removal: &Removal,
        is_beneath: bool,
        history: &mut History<'_>,
    ) -> Result<Option<Change>, Stop> {
        let top = history.top(removal)?;
        self.check_grave(removal, top, history)?;
        if removal.generation > self.wanted.to {
            // It existed at the end.
            let change = history.of(removal.id)?;
            return Ok(change.filter(|change| !change.is_nothing()));
        }
        let told = match top {
            Some(top) => Some(self.told(removal, top)?),
            None => None,
        };
        let is_top = top.is_none_or(|top| top == removal.id);
        if !is_top && told == Some(Told::Sum) {
            return Ok(None);
        }
        let mut change = history.of(removal.id)?.unwrap_or_default();
        change.gone = true;
        match told {
            Some(Told::Sum) => {
                change.add(&history.before(removal)?);
                if !is_beneath {
                    self.skip(removal, history)?;
                }
            }
            Some(Told::Own) if is_top => change.subtract(&history.told_above(removal)?),
            _ => {}
        }
        Ok((is_top || !change.is_nothing()).then_some(change))
    }

    /// Folders of a removed tree get their rows as they are deleted: until then the walk would miss
    /// them.
    fn check_grave(
        &self,
        removal: &Removal,
        top: Option<i64>,
        history: &History<'_>,
    ) -> Result<(), Stop> {
        if top.is_some_and(|top| top != removal.id) {
            return Ok(());
        }
        history.budget.spend(1)?;
        match self.txn.first(query::GRAVE, [removal.id], |_| Ok(()))? {
            Some(()) => Err(Stop::Spent),
            None => Ok(()),
        }
    }

    fn told(&mut self, removal: &Removal, top: i64) -> Result<Told, Error> {
        if let Some(told) = self.told.get(&top) {
            return Ok(*told);
        }
        let (told, _) = Told::of(self.paths, self.wanted, removal.generation, top)?;
        self.told.insert(top, told);
        Ok(told)
    }

    /// Skips a tree that is one row: only other tops beneath it are listed. Returns false where a
    /// tree above, removed later, is listed folder by folder.
    fn skip(&mut self, top: &Removal, history: &History<'_>) -> Result<bool, Stop> {
        if self.tops.is_none() {
            self.tops = Some(self.read_tops(history)?);
        }
        let Some(Some(tops)) = self.tops.take() else {
            self.tops = Some(None);
            return Ok(false);
        };
        let end = end(&top.key);
        let mut is_as_one = true;
        for key in levels(&top.key) {
            for above in tops.get(key).into_iter().flatten() {
                is_as_one &= self.told(above, above.id)? == Told::Sum;
            }
        }
        if is_as_one {
            let beneath = tops.range(top.key.clone()..end.clone());
            let beneath = beneath.flat_map(|(_, tops)| tops);
            let after = |other: &&Removal| (&other.key, other.id) > (&top.key, top.id);
            self.tops_beneath.extend(beneath.filter(after).cloned());
            self.read.retain(|removal| removal.key >= end);
            if self.last.key < end {
                self.last = Removal {
                    key: end,
                    generation: i64::MIN,
                    id: i64::MIN,
                };
            }
        }
        self.tops = Some(Some(tops));
        Ok(is_as_one)
    }

    fn read_tops(&self, history: &History<'_>) -> Result<Option<Tops>, Stop> {
        let (mut tops, mut count) = (Tops::new(), 0);
        for &generation in &history.generations {
            let left = MAX_TOPS + 1 - count;
            let values = params![self.wanted.source, generation, left as i64];
            let found = self
                .txn
                .all(query::REMOVED_TOP_KEYS, values, Removal::read)?;
            count += found.len();
            history.budget.spend(found.len())?;
            if count > MAX_TOPS {
                return Ok(None);
            }
            for top in found {
                tops.entry(top.key.clone()).or_default().push(top);
            }
        }
        for tops in tops.values_mut() {
            tops.sort_unstable_by_key(|top| top.id);
        }
        Ok(Some(tops))
    }

    fn read(&mut self, history: &History<'_>) -> Result<(), Stop> {
        history.budget.spend(1 + BATCH / 4)?;
        let last = &self.last;
        let end: &dyn rusqlite::ToSql = match &self.end {
            Some(end) => &Text(end),
            // A BLOB sorts after all TEXT.
            None => &b"".as_slice(),
        };
        let (source, key) = (self.wanted.source, Text(&last.key));
        let values = params![source, key, last.generation, last.id, end, BATCH as i64];
        self.read = self
            .txn
            .all(query::REMOVED_PATHS, values, Removal::read)?
            .into();
        self.is_last = self.read.len() < BATCH;
        if let Some(last) = self.read.back() {
            self.last = last.clone();
        }
        Ok(())
    }
}

impl Removal {
    fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<Removal> {
        Ok(Removal {
            key: row.get::<_, Bytes>(0)?.0,
            generation: row.get(1)?,
            id: row.get(2)?,
        })
    }
}

/// A path's ancestors below the root, from the top down, and the path itself.
fn levels(key: &[u8]) -> impl Iterator<Item = &[u8]> {
    let ends = key.iter().enumerate().filter(|(_, byte)| **byte == 0);
    let ends = ends.map(|(at, _)| at).chain([key.len()]);
    ends.filter_map(|end| key.get(..end))
}
