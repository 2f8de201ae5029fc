//! Changed folders that no longer exist, by path. A removed tree that is one row is skipped.

use std::collections::{BTreeMap, HashMap, VecDeque};

use rusqlite::params;

use super::budget::Stop;
use super::cursor::{Part, key_path, path_key};
use super::early::{HistoryReader, Removal, beneath, end};
use super::rows::RemovedAs;
use super::{Change, ChangeRank, Paths, Wanted};
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
    form: HashMap<i64, RemovedAs>,
    /// The row of a tree that is not all added up.
    pub part: Option<Part>,
    /// The last row that was looked at.
    pub seen: Option<ChangeRank>,
    pub is_done: bool,
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
        history: &mut HistoryReader<'_>,
    ) -> Result<Removed<'a>, Stop> {
        let folder = path_key(wanted.folder);
        let mut removed = Removed {
            txn,
            wanted,
            paths,
            last: Removal::least(folder.clone()),
            end: (!folder.is_empty()).then(|| end(&folder)),
            read: VecDeque::new(),
            is_last: false,
            tops_beneath: VecDeque::new(),
            form: HashMap::new(),
            part: wanted.part.cloned(),
            seen: None,
            is_done: false,
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
    fn skip_trees(&mut self, history: &mut HistoryReader<'_>) -> Result<(), Stop> {
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
                let (top, _) = history.row(&removal)?;
                let is_before = |key: &[u8], id: i64| {
                    let after = self.wanted.after;
                    after.is_some_and(|after| (key, id) <= (&after.path, after.id))
                };
                if generation <= self.wanted.to
                    && top == Some(id)
                    && is_before(key, id)
                    && self.form(&removal, id)? == RemovedAs::Sum
                    && self.is_as_one(&removal, history)?
                {
                    self.skip(&removal);
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// The next changed folder. After it stops, it can be asked again.
    pub fn next(
        &mut self,
        history: &mut HistoryReader<'_>,
    ) -> Result<Option<(ChangeRank, Change)>, Stop> {
        loop {
            let is_beneath = !self.tops_beneath.is_empty();
            let next = self.tops_beneath.front().or_else(|| self.read.front());
            let Some(removal) = next.cloned() else {
                if self.is_last {
                    self.is_done = true;
                    return Ok(None);
                }
                self.read(history)?;
                continue;
            };
            let rank = ChangeRank {
                path: removal.key.clone(),
                id: removal.id,
                ..ChangeRank::default()
            };
            let is_before = self.wanted.after.is_some_and(|after| rank <= *after);
            let (mut change, mut skips) = (None, false);
            if removal.generation > self.wanted.from && !is_before {
                let form;
                (change, form) = self.change(&removal, history)?;
                skips = form == Some(RemovedAs::Sum)
                    && change.is_some()
                    && !is_beneath
                    && self.is_as_one(&removal, history)?;
            }
            match is_beneath {
                true => self.tops_beneath.pop_front(),
                false => self.read.pop_front(),
            };
            if skips {
                self.skip(&removal);
            }
            if !is_before {
                self.seen = Some(rank.clone());
            }
            if let Some(change) = change {
                let path = key_path(&removal.key);
                return Ok(Some((rank, Change { path, ..change })));
            }
        }
    }

    /// Its changes, if it is listed; and how its tree is listed.
    fn change(
        &mut self,
        removal: &Removal,
        history: &mut HistoryReader<'_>,
    ) -> Result<(Option<Change>, Option<RemovedAs>), Stop> {
        if removal.generation > self.wanted.to {
            // It existed at the end.
            let change = history.of(removal.id)?;
            return Ok((change.filter(|change| !change.is_nothing()), None));
        }
        let (top, row) = history.row(removal)?;
        let form = match top {
            Some(top) => Some(self.form(removal, top)?),
            None => None,
        };
        let is_top = top.is_none_or(|top| top == removal.id);
        if !is_top && form == Some(RemovedAs::Sum) {
            return Ok((None, form));
        }
        let mut change = history.of(removal.id)?.unwrap_or_default();
        change.gone = true;
        let settled = self.wanted.seen.settled;
        match form {
            Some(RemovedAs::Sum) => change.add(&match history.before(removal)? {
                Some(before) => before,
                None => self.sum(removal, RemovedAs::Sum, history)?,
            }),
            Some(RemovedAs::Folders) if is_top && settled => {
                change.subtract(&self.sum(removal, RemovedAs::Folders, history)?);
            }
            Some(_) if !is_top && !settled => change.subtract(&row),
            _ => {}
        }
        let is_listed = is_top || !change.is_nothing();
        Ok((is_listed.then_some(change), form))
    }

    /// Adds up what the folders of a removed tree have besides the row of its top: as one row, what
    /// changed in them before; folder by folder, what that row tells of them.
    fn sum(
        &mut self,
        top: &Removal,
        form: RemovedAs,
        history: &mut HistoryReader<'_>,
    ) -> Result<Change, Stop> {
        let begun = self.part.take().filter(|part| part.top == top.id);
        let mut part = begun.unwrap_or_else(|| Part {
            top: top.id,
            last: Removal::least(beneath(&top.key)),
            sum: Change::default(),
        });
        let added = self.add(top, form, &mut part, history);
        let sum = part.sum.clone();
        self.part = Some(part);
        added.map(|()| sum)
    }

    fn add(
        &self,
        top: &Removal,
        form: RemovedAs,
        part: &mut Part,
        history: &mut HistoryReader<'_>,
    ) -> Result<(), Stop> {
        let end = end(&top.key);
        loop {
            let batch = self.batch(&part.last, Some(&end), history)?;
            let is_last = batch.len() < BATCH;
            for removal in batch {
                if removal.generation == top.generation && removal.id != top.id {
                    let (its_top, row) = history.row(&removal)?;
                    if its_top == Some(top.id) && form == RemovedAs::Sum {
                        let mut before = history.of(removal.id)?.unwrap_or_default();
                        before.subtract(&row);
                        part.sum.add(&before);
                    } else if its_top == Some(top.id) {
                        part.sum.add(&row);
                    }
                }
                part.last = removal;
            }
            if is_last {
                return Ok(());
            }
        }
    }

    fn form(&mut self, removal: &Removal, top: i64) -> Result<RemovedAs, Stop> {
        if let Some(form) = self.form.get(&top) {
            return Ok(*form);
        }
        let (form, _) = RemovedAs::of(self.paths, self.wanted, removal.generation, top)?;
        self.form.insert(top, form);
        Ok(form)
    }

    /// Whether a tree that is one row may be skipped: not where a tree above, removed later, is
    /// listed folder by folder.
    fn is_as_one(&mut self, top: &Removal, history: &HistoryReader<'_>) -> Result<bool, Stop> {
        if self.tops.is_none() {
            self.tops = Some(self.read_tops(history)?);
        }
        let Some(Some(tops)) = &self.tops else {
            return Ok(false);
        };
        let above = levels(&top.key).filter_map(|key| tops.get(key));
        let above: Vec<_> = above.flatten().cloned().collect();
        for above in above {
            if self.form(&above, above.id)? != RemovedAs::Sum {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Skips a tree: only other tops beneath it are listed.
    fn skip(&mut self, top: &Removal) {
        let end = end(&top.key);
        if let Some(Some(tops)) = &self.tops {
            let beneath = tops.range(top.key.clone()..end.clone());
            let beneath = beneath.flat_map(|(_, tops)| tops);
            let after = |other: &&Removal| (&other.key, other.id) > (&top.key, top.id);
            self.tops_beneath.extend(beneath.filter(after).cloned());
        }
        self.read.retain(|removal| removal.key >= end);
        if self.last.key < end {
            self.last = Removal::least(end);
        }
    }

    fn read_tops(&self, history: &HistoryReader<'_>) -> Result<Option<Tops>, Stop> {
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

    fn read(&mut self, history: &HistoryReader<'_>) -> Result<(), Stop> {
        let read = self.batch(&self.last, self.end.as_deref(), history)?;
        self.is_last = read.len() < BATCH;
        if let Some(last) = read.last() {
            self.last = last.clone();
        }
        self.read = read.into();
        Ok(())
    }

    fn batch(
        &self,
        last: &Removal,
        end: Option<&[u8]>,
        history: &HistoryReader<'_>,
    ) -> Result<Vec<Removal>, Stop> {
        history.budget.spend(1 + BATCH / 4)?;
        let end: &dyn rusqlite::ToSql = match end {
            Some(end) => &Text(end),
            // A BLOB sorts after all TEXT.
            None => &b"".as_slice(),
        };
        let (source, key) = (self.wanted.source, Text(&last.key));
        let values = params![source, key, last.generation, last.id, end, BATCH as i64];
        Ok(self.txn.all(query::REMOVED_PATHS, values, Removal::read)?)
    }
}

impl Removal {
    /// Before all removals at and beneath that path.
    fn least(key: Vec<u8>) -> Removal {
        Removal {
            key,
            generation: i64::MIN,
            id: i64::MIN,
        }
    }

    pub(super) fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<Removal> {
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
