//! Changes between any two generations, from all rows of the history between them, where these are
//! few enough.

use std::collections::HashMap;

use rusqlite::params;

use super::{Change, ChangeRank, Paths, RankedChanges, Stop, Wanted};
use crate::reader::locate::is_within;
use crate::reader::query;
use crate::reader::read_txn::ReadTxn;
use crate::reader::top_k::TopK;
use crate::text::Bytes;

/// The rows are grouped in memory: SQLite takes several times as long.
pub(super) fn read(
    txn: &ReadTxn<'_>,
    wanted: &Wanted<'_>,
    paths: &mut Paths<'_>,
) -> Result<RankedChanges, Stop> {
    let mut rows = ChangeRows::new(wanted, paths);
    let values = params![wanted.source, wanted.from, wanted.to];
    let mut found = txn.all(query::CHANGE_ROWS, values, |row| {
        let path = row.get::<_, Option<Bytes>>(1)?.map(|path| path.0);
        let change = Change {
            gone: path.is_some(),
            path: path.unwrap_or_default(),
            generation: row.get(2)?,
            file_count: row.get(4)?,
            added: row.get(5)?,
            removed: row.get(6)?,
            changed: row.get(7)?,
            bytes: row.get(8)?,
            ..Change::default()
        };
        Ok((row.get::<_, i64>(0)?, row.get::<_, Option<i64>>(3)?, change))
    })?;
    found.sort_by_key(|(id, _, _)| *id);
    for group in found.chunk_by_mut(|one, other| one.0 == other.0) {
        let Some(((id, top, last), before)) = group.split_last_mut() else {
            continue;
        };
        let above = match top {
            Some(top) if top != id => last.clone(),
            _ => Change::default(),
        };
        let mut bytes = i128::from(last.bytes);
        for (_, _, earlier) in before {
            bytes += i128::from(earlier.bytes);
            last.add(earlier);
        }
        last.bytes = bytes.clamp(i64::MIN.into(), i64::MAX.into()) as i64;
        rows.take(*id, std::mem::take(last), *top, &above)?;
    }
    Ok(rows.into_sorted())
}

/// From six columns of sums, starting at that column. Bytes come in two halves, whose sum may not
/// fit into an i64.
pub(super) fn sums(row: &rusqlite::Row<'_>, from: usize) -> rusqlite::Result<Change> {
    let (high, low): (i64, i64) = (row.get(from + 4)?, row.get(from + 5)?);
    let bytes = (i128::from(high) << 32) + i128::from(low);
    Ok(Change {
        file_count: row.get(from)?,
        added: row.get(from + 1)?,
        removed: row.get(from + 2)?,
        changed: row.get(from + 3)?,
        bytes: bytes.clamp(i64::MIN.into(), i64::MAX.into()) as i64,
        ..Change::default()
    })
}

/// How to list a removed tree in which folders besides the top have rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RemovedAs {
    /// As one row, with all changes in it between the generations.
    Sum,
    /// Folder by folder: the tree may exist again at the end. Or not all of its folders have their
    /// rows yet: then the top tells all that was removed, and the folders what happened before.
    Folders,
    /// Folder by folder: its top lies above the requested folder.
    Outside,
}

impl RemovedAs {
    /// For the tree removed in that generation; and the path of its top.
    pub fn of(
        paths: &Paths<'_>,
        wanted: &Wanted<'_>,
        generation: i64,
        top: i64,
    ) -> Result<(RemovedAs, Vec<u8>), Stop> {
        let path = paths.removed_in(generation, top)?;
        let Some(path) = path.filter(|path| is_within(path, wanted.folder)) else {
            return Ok((RemovedAs::Outside, Vec::new()));
        };
        let form = match !wanted.seen.settled || paths.may_exist(&path)? {
            true => RemovedAs::Folders,
            false => RemovedAs::Sum,
        };
        Ok((form, path))
    }
}

/// A removed tree, and the sums of its top.
enum Top {
    Sum(Change),
    Own(Change),
    Outside,
}

/// Sorts rows of the history, one per directory, into a page.
struct ChangeRows<'a, 'p> {
    best: TopK<ChangeRank, Change>,
    tops: HashMap<i64, Top>,
    paths: &'a mut Paths<'p>,
    wanted: &'a Wanted<'a>,
}

impl<'a, 'p> ChangeRows<'a, 'p> {
    fn new(wanted: &'a Wanted<'a>, paths: &'a mut Paths<'p>) -> ChangeRows<'a, 'p> {
        ChangeRows {
            best: TopK::new(wanted.limit),
            tops: HashMap::new(),
            paths,
            wanted,
        }
    }

    /// `above` is the part that the row of the top includes.
    fn take(
        &mut self,
        id: i64,
        mut change: Change,
        top: Option<i64>,
        above: &Change,
    ) -> Result<(), Stop> {
        let settled = self.wanted.seen.settled;
        if let Some(top) = top {
            match self.top(top, change.generation)? {
                Top::Sum(sum) => {
                    sum.add(&change);
                    sum.subtract(above);
                    return Ok(());
                }
                Top::Own(own) if top == id => {
                    own.add(&change);
                    return Ok(());
                }
                Top::Own(own) if settled => own.subtract(above),
                Top::Outside if settled => {}
                _ => change.subtract(above),
            }
        }
        // A removed top is listed even if it was empty; a folder within it is not.
        let is_told = !change.is_nothing() || (change.gone && top.is_none_or(|top| top == id));
        if !is_told || (self.wanted.by_size && !self.has_place(&change.rank(id))) {
            return Ok(());
        }
        let path = match change.gone {
            true => Some(change.path.clone()),
            false => self.paths.of(id)?,
        };
        if let Some(path) = path.filter(|path| is_within(path, self.wanted.folder)) {
            self.give(id, Change { path, ..change });
        }
        Ok(())
    }

    fn top(&mut self, id: i64, generation: i64) -> Result<&mut Top, Stop> {
        if !self.tops.contains_key(&id) {
            let change = |path| Change {
                path,
                gone: true,
                ..Change::default()
            };
            let top = match RemovedAs::of(self.paths, self.wanted, generation, id)? {
                (RemovedAs::Outside, _) => Top::Outside,
                (RemovedAs::Folders, path) => Top::Own(change(path)),
                (RemovedAs::Sum, path) => Top::Sum(change(path)),
            };
            self.tops.insert(id, top);
        }
        Ok(self.tops.entry(id).or_insert(Top::Outside))
    }

    fn has_place(&self, rank: &ChangeRank) -> bool {
        let is_after = self.wanted.after.is_none_or(|after| rank > after);
        is_after
            && self
                .best
                .threshold()
                .is_none_or(|threshold| rank < threshold)
    }

    fn into_sorted(mut self) -> RankedChanges {
        for (id, top) in std::mem::take(&mut self.tops) {
            if let Top::Sum(change) | Top::Own(change) = top {
                self.give(id, change);
            }
        }
        self.best.into_sorted()
    }

    fn give(&mut self, id: i64, change: Change) {
        let rank = match self.wanted.by_size {
            true => change.rank(id),
            false => ChangeRank::by_path(&change.path, id),
        };
        if self.has_place(&rank) {
            self.best.push(rank, change);
        }
    }
}
