//! A page of children sorted by a value. There is no index on values, so all children are read;
//! once the page is full, SQLite filters out those that cannot be on it.

use rusqlite::{Row, params};

use super::children_source::{Bound, ChildrenSource};
use super::cursor::{Cursor, Rank, Sort, SortKey};
use super::name_filter::NameFilter;
use super::query::{self, Sql};
use super::read_txn::ReadTxn;
use super::stat::Child;
use super::top_k::TopK;
use crate::error::Error;
use crate::text::bytes;

/// Rows read by one statement, before it is run again with a new threshold.
const CHUNK: usize = 1000;

struct ValuePass<'a> {
    txn: &'a ReadTxn<'a>,
    sort: Sort,
    filter: Option<&'a NameFilter>,
    after: Option<&'a Rank>,
    limit: usize,
    /// Sizes on disk that are not all known yet count for nothing.
    has_values: bool,
    best: TopK<Rank, Child>,
}

/// The children after the cursor, in order.
pub(super) fn by_value(
    txn: &ReadTxn<'_>,
    children_source: &ChildrenSource,
    sort: Sort,
    filter: Option<&NameFilter>,
    after: Option<&Cursor>,
    limit: usize,
) -> Result<Vec<(Rank, Child)>, Error> {
    let mut pass = ValuePass {
        txn,
        sort,
        filter,
        after: after.map(|after| &after.rank),
        limit,
        has_values: sort.key != SortKey::Disk
            || matches!(children_source, ChildrenSource::Dir { has_disk: true, .. }),
        best: TopK::new(limit),
    };
    children_source.all(txn, false, |row| pass.offer(row, false))?;
    match (children_source, sort.key) {
        // How many rows a page takes is not known before their names are read.
        _ if filter.is_some() => children_source.all(txn, true, |row| pass.offer(row, true))?,
        (ChildrenSource::Dir { .. }, SortKey::Count) => pass.files_by_count(children_source)?,
        (ChildrenSource::Dir { id, .. }, SortKey::Size) => {
            pass.files(*id, children_source, query::FILES_SIZED)?
        }
        (ChildrenSource::Dir { id, .. }, SortKey::Mtime) => {
            pass.files(*id, children_source, query::FILES_DATED)?
        }
        (ChildrenSource::Dir { id, .. }, SortKey::Disk) if pass.has_values => {
            pass.files(*id, children_source, query::FILES_ON_DISK)?
        }
        _ => children_source.all(txn, true, |row| pass.offer(row, true))?,
    }
    Ok(pass.best.into_sorted())
}

impl ValuePass<'_> {
    fn offer(&mut self, row: &Row<'_>, is_file: bool) -> rusqlite::Result<()> {
        let column = match self.sort.key {
            SortKey::Name => 0,
            SortKey::Count => 2,
            SortKey::Size => 3,
            SortKey::Mtime => 4,
            SortKey::Disk => 7,
        };
        let value: Option<i64> = match self.has_values {
            true => row.get(column)?,
            false => None,
        };
        let (has_no_value, value) = (value.is_none(), self.turn(value.unwrap_or(0)));
        let value = if has_no_value { 0 } else { value };
        // The value alone decides for most rows; a name costs as much again.
        let is_over =
            |threshold: &Rank| (has_no_value, value) > (threshold.has_no_value, threshold.value);
        if self.best.threshold().is_some_and(is_over) {
            return Ok(());
        }
        let name = bytes(row.get_ref(0)?)?;
        let rank = (has_no_value, value, name, is_file);
        if self.after.is_some_and(|after| rank <= after.as_tuple()) {
            return Ok(());
        }
        if self.filter.is_some_and(|filter| !filter.passes(name)) {
            return Ok(());
        }
        if self
            .best
            .threshold()
            .is_none_or(|threshold| rank < threshold.as_tuple())
        {
            let rank = Rank {
                has_no_value,
                value,
                name: name.to_vec(),
                is_file,
            };
            self.best.push(rank, Child::read(self.txn, row)?);
        }
        Ok(())
    }

    /// A value as it ranks, and back: !x turns the order of integers round, and has no overflow.
    fn turn(&self, value: i64) -> i64 {
        if self.sort.descending { !value } else { value }
    }

    /// All files count 1: they come by name.
    fn files_by_count(&mut self, children_source: &ChildrenSource) -> Result<(), Error> {
        let value = self.turn(1);
        let after = match self.after {
            Some(after) if (after.has_no_value, after.value) > (false, value) => return Ok(()),
            Some(after) if (after.has_no_value, after.value) == (false, value) => {
                Bound::Name(&after.name)
            }
            _ => Bound::Start,
        };
        let (txn, limit) = (self.txn, self.limit as i64);
        children_source.names(txn, true, false, after, limit, |row| {
            self.offer(row, true).map(|()| true)
        })
    }

    /// Files by name, without those beyond the threshold.
    fn files(
        &mut self,
        dir: i64,
        children_source: &ChildrenSource,
        bounded: Sql,
    ) -> Result<(), Error> {
        let (txn, chunk) = (self.txn, CHUNK.max(self.limit));
        let mut from = Vec::new();
        loop {
            let (mut read, mut last) = (0, Vec::new());
            let bounds = self.bounds();
            let mut take = |row: &Row<'_>| {
                read += 1;
                if read == chunk {
                    last = bytes(row.get_ref(0)?)?.to_vec();
                }
                self.offer(row, true).map(|()| true)
            };
            match bounds {
                ValueRange::None => {
                    let from = Bound::Name(&from);
                    children_source.names(txn, true, false, from, chunk as i64, take)?;
                }
                ValueRange::Between(low, high) => {
                    let params = params![dir, Bound::Name(&from), low, high, chunk as i64];
                    txn.each(bounded, params, &mut take)?;
                }
                ValueRange::Nothing => return Ok(()),
            }
            if read < chunk {
                return Ok(());
            }
            from = last;
        }
    }

    /// The range of values after the cursor and before the threshold.
    fn bounds(&self) -> ValueRange {
        let Some(threshold) = self
            .best
            .threshold()
            .filter(|threshold| !threshold.has_no_value)
        else {
            return ValueRange::None;
        };
        let start = self.after.map_or(i64::MIN, |after| after.value);
        // A file that was met before comes first by its name; a folder may come later by its own.
        let end = match threshold.is_file {
            true => threshold.value.checked_sub(1),
            false => Some(threshold.value),
        };
        match (end, self.sort.descending) {
            (None, _) => ValueRange::Nothing,
            (Some(end), true) => ValueRange::Between(self.turn(end), self.turn(start)),
            (Some(end), false) => ValueRange::Between(start, end),
        }
    }
}

enum ValueRange {
    /// None are known yet.
    None,
    Between(i64, i64),
    /// No value lies between them.
    Nothing,
}
