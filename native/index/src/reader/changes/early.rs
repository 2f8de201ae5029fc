//! Lookups in the history: the changes of one directory between the generations, and the changes in
//! a removed tree before its removal.

use std::collections::HashMap;

use rusqlite::{CachedStatement, params};

use super::budget::{Budget, Stop};
use super::paths::changed_generations;
use super::rows::sums;
use super::{Change, Wanted};
use crate::error::Error;
use crate::reader::query;
use crate::reader::read_txn::ReadTxn;

/// Maximum number of rows added up at once for removed trees.
const MAX_ROWS: usize = if cfg!(feature = "small") { 10 } else { 20_000 };

/// Lookups in the history between two generations.
pub(super) struct HistoryReader<'a> {
    txn: &'a ReadTxn<'a>,
    wanted: &'a Wanted<'a>,
    pub budget: &'a Budget,
    /// Generations that have rows.
    pub generations: Vec<i64>,
    change: CachedStatement<'a>,
    /// For each generation in which trees were removed: by top, the changes in them before, unless
    /// they are too many.
    before: HashMap<i64, Option<HashMap<i64, Change>>>,
}

/// The key of a removed directory's row in the history.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Removal {
    /// Its `path_key`.
    pub key: Vec<u8>,
    pub generation: i64,
    pub id: i64,
}

impl<'a> HistoryReader<'a> {
    pub fn new(
        txn: &'a ReadTxn<'a>,
        wanted: &'a Wanted<'a>,
        budget: &'a Budget,
    ) -> Result<HistoryReader<'a>, Error> {
        let (source, from, to) = (wanted.source, wanted.from, wanted.to);
        let generations = changed_generations(txn, source, from, to)?;
        Ok(HistoryReader {
            txn,
            wanted,
            budget,
            generations,
            change: txn.statement(query::CHANGE)?,
            before: HashMap::new(),
        })
    }

    /// The changes of a directory; None if it has no rows.
    pub fn of(&mut self, id: i64) -> Result<Option<Change>, Stop> {
        self.budget.spend(self.generations.len())?;
        let (mut sum, mut bytes, mut any) = (Change::default(), 0, false);
        for &generation in &self.generations {
            let Some((_, change)) = row(self.txn, &mut self.change, self.wanted, generation, id)?
            else {
                continue;
            };
            any = true;
            bytes += i128::from(change.bytes);
            sum.add(&change);
        }
        sum.bytes = bytes.clamp(i64::MIN.into(), i64::MAX.into()) as i64;
        Ok(any.then_some(sum))
    }

    /// The row of a removed directory: the top of the tree with which it was removed, if that is
    /// known, and the changes reported with it.
    pub fn row(&mut self, removal: &Removal) -> Result<(Option<i64>, Change), Stop> {
        self.budget.spend(1)?;
        let (generation, id) = (removal.generation, removal.id);
        let found = row(self.txn, &mut self.change, self.wanted, generation, id)?;
        Ok(found.unwrap_or_default())
    }

    /// The changes in the folders of a removed tree before its removal, except those of its top;
    /// None if they are too many to be added up at once.
    pub fn before(&mut self, top: &Removal) -> Result<Option<Change>, Stop> {
        let generation = top.generation;
        if self.generations.first() == Some(&generation) {
            return Ok(Some(Change::default()));
        }
        if !self.before.contains_key(&generation) {
            let tops = self.read_before(generation)?;
            self.before.insert(generation, tops);
        }
        let tops = self.before.get(&generation).and_then(Option::as_ref);
        Ok(tops.map(|tops| tops.get(&top.id).cloned().unwrap_or_default()))
    }

    fn read_before(&self, generation: i64) -> Result<Option<HashMap<i64, Change>>, Stop> {
        let (source, from) = (self.wanted.source, self.wanted.from);
        let values = params![source, from, generation - 1, MAX_ROWS as i64 + 1];
        let count = self
            .txn
            .first(query::CHANGE_COUNT, values, |row| row.get::<_, i64>(0))?;
        let count = count.unwrap_or(0) as usize;
        if count > MAX_ROWS {
            return Ok(None);
        }
        self.budget.spend(count)?;
        let values = params![source, from, generation];
        let changes = self.txn.all(query::CHANGED_BEFORE, values, |row| {
            Ok((row.get::<_, i64>(0)?, sums(row, 1)?))
        })?;
        Ok(Some(changes.into_iter().collect()))
    }
}

/// A directory's top and changes in one generation.
fn row(
    txn: &ReadTxn<'_>,
    statement: &mut CachedStatement<'_>,
    wanted: &Wanted<'_>,
    generation: i64,
    id: i64,
) -> Result<Option<(Option<i64>, Change)>, Error> {
    let mut run = || {
        let mut rows = statement.query(params![wanted.source, generation, id])?;
        let Some(row) = rows.next()? else {
            return Ok(None);
        };
        let change = Change {
            generation,
            file_count: row.get(1)?,
            bytes: row.get(2)?,
            added: row.get(3)?,
            removed: row.get(4)?,
            changed: row.get(5)?,
            ..Change::default()
        };
        Ok(Some((row.get(0)?, change)))
    };
    txn.found(run())
}

/// The prefix of the keys beneath a path.
pub(super) fn beneath(key: &[u8]) -> Vec<u8> {
    match key {
        [] => Vec::new(),
        key => [key, &[0]].concat(),
    }
}

/// The smallest key after a path and everything beneath it. Not for the root.
pub(super) fn end(key: &[u8]) -> Vec<u8> {
    [key, &[1]].concat()
}
