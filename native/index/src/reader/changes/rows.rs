//! Changes of any pair of generations: all rows of the history between them, and the first of them in their order.

use std::collections::HashMap;

use rusqlite::params;

use super::{Change, Paths, Rank, Ranked, Wanted};
use crate::error::Error;
use crate::reader::heap::Best;
use crate::reader::locate::is_within;
use crate::reader::page::Page;
use crate::reader::query;
use crate::text::Bytes;

pub(super) fn read<'a>(
    page: &Page<'_>,
    wanted: &'a Wanted<'a>,
    paths: &'a mut Paths<'a>,
) -> Result<Ranked, Error> {
    let mut rows = Rows {
        best: Best::new(wanted.limit),
        tops: HashMap::new(),
        paths,
        wanted,
    };
    // Errors of another kind than SQLite's cannot pass through the rows.
    let mut failed = None;
    let values = params![wanted.source, wanted.from, wanted.to];
    page.each(query::CHANGES, values, |row| {
        let path = row.get::<_, Option<Bytes>>(1)?.map(|path| path.0);
        let change = Change {
            gone: path.is_some(),
            path: path.unwrap_or_default(),
            generation: row.get(2)?,
            ..sums(row, 4)?
        };
        let told_above = sums(row, 10)?;
        failed = rows
            .take(row.get(0)?, change, row.get(3)?, &told_above)
            .err();
        Ok(failed.is_none())
    })?;
    if let Some(error) = failed {
        return Err(error);
    }
    for (id, top) in std::mem::take(&mut rows.tops) {
        if let Top::Sum(change) | Top::Own(change) = top {
            rows.give(id, change);
        }
    }
    Ok(rows.best.into_sorted())
}

/// From six columns of sums, the first of which is at that place. Those of bytes come in two halves: together they may be beyond the
/// largest number.
fn sums(row: &rusqlite::Row<'_>, from: usize) -> rusqlite::Result<Change> {
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

/// A removed tree of which more than the top has rows.
enum Top {
    /// Is told as one, with all that happened in it between the generations.
    Sum(Change),
    /// There may be folders of the same names at the end: each is told by itself.
    Own(Change),
    /// Lies above what was asked for.
    Outside,
}

/// Rows of the history, one a directory, on their way to a page.
struct Rows<'a> {
    best: Best<Rank, Change>,
    tops: HashMap<i64, Top>,
    paths: &'a mut Paths<'a>,
    wanted: &'a Wanted<'a>,
}

impl Rows<'_> {
    /// `told_above` is what the row of the top has as well.
    fn take(
        &mut self,
        id: i64,
        change: Change,
        top: Option<i64>,
        told_above: &Change,
    ) -> Result<(), Error> {
        if let Some(top) = top {
            match self.top(top, change.generation)? {
                Top::Sum(sum) => {
                    sum.add(&change);
                    sum.subtract(told_above);
                    return Ok(());
                }
                Top::Own(own) if top == id => {
                    own.add(&change);
                    return Ok(());
                }
                Top::Own(own) => own.subtract(told_above),
                Top::Outside => {}
            }
        }
        // A removed folder is told of even if it was empty; one that went with it is not.
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

    fn top(&mut self, id: i64, generation: i64) -> Result<&mut Top, Error> {
        if !self.tops.contains_key(&id) {
            let path = self.paths.removed_in(generation, id)?;
            let top = match path.filter(|path| is_within(path, self.wanted.folder)) {
                None => Top::Outside,
                Some(path) => {
                    let is_there = self.paths.may_exist(&path)?;
                    let change = Change {
                        path,
                        gone: true,
                        ..Change::default()
                    };
                    match is_there {
                        true => Top::Own(change),
                        false => Top::Sum(change),
                    }
                }
            };
            self.tops.insert(id, top);
        }
        Ok(self.tops.entry(id).or_insert(Top::Outside))
    }

    fn has_place(&self, rank: &Rank) -> bool {
        let is_after = self.wanted.after.is_none_or(|after| rank > after);
        is_after && self.best.bar().is_none_or(|bar| rank < bar)
    }

    fn give(&mut self, id: i64, change: Change) {
        let rank = match self.wanted.by_size {
            true => change.rank(id),
            false => Rank::by_path(&change.path, id),
        };
        if self.has_place(&rank) {
            self.best.push(rank, change);
        }
    }
}
