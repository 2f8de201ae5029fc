//! Which rows of a folder are read: all of them, unless they are very many; then pages, with the places where pages begin,
//! from the front and, for what stands last, from the back of the reverse order.

use std::collections::BTreeMap;

use aether_index::Error;
use aether_index::reader::{Child, ChildrenOptions, Cursor, NameFilter, Pool, Sort, SortKey};

use super::message::Want;
use super::order::Rows;

/// Rows that are read at once where a folder has no more.
const WHOLE: usize = 10_000;
/// Rows of a page where it has more.
pub const PAGE: usize = 500;
/// Pages that are held: the one in view and those beside it.
const HELD: usize = 3;

/// A folder whose rows are asked for.
pub struct PageFolder<'a> {
    pub pool: &'a Pool,
    pub source: &'a str,
    pub path: &'a [u8],
    pub sort: Sort,
    pub filter: Option<NameFilter>,
    /// How many entries it has.
    pub entries: usize,
}

/// Where pages of one folder, in one order, begin.
#[derive(Default)]
pub struct Starts {
    of: Option<(Vec<u8>, Vec<u8>, Sort)>,
    front: BTreeMap<usize, Cursor>,
    back: BTreeMap<usize, Cursor>,
}

impl PageFolder<'_> {
    /// The rows that are wanted, and which of them is the one that was meant.
    pub fn read(&self, want: &Want, starts: &mut Starts) -> Result<(Rows, usize), Error> {
        if self.entries <= WHOLE || self.filter.is_some() {
            return self.whole(want);
        }
        let of = (
            self.source.as_bytes().to_vec(),
            self.path.to_vec(),
            self.sort,
        );
        if starts.of.as_ref() != Some(&of) {
            *starts = Starts {
                of: Some(of),
                ..Starts::default()
            };
        }
        match want {
            Want::At(row) => Ok((self.around(*row, starts)?, *row)),
            Want::End => {
                let last = self.entries.saturating_sub(1);
                Ok((self.around(last, starts)?, last))
            }
            Want::Named(name, row) => {
                let rows = self.around(*row, starts)?;
                if let Some(found) = rows.find(name) {
                    return Ok((rows, found));
                }
                match self.search(name, starts)? {
                    Some(found) => Ok((self.around(found, starts)?, found)),
                    None => Ok((rows, *row)),
                }
            }
        }
    }

    fn whole(&self, want: &Want) -> Result<(Rows, usize), Error> {
        let (children, next) = self.page(self.sort, None, WHOLE)?;
        let rows = Rows {
            first: 0,
            total: children.len(),
            // A filter has more matches: a longer text finds the rest.
            is_cut: next.is_some(),
            children,
        };
        let row = match want {
            Want::At(row) => *row,
            Want::Named(name, row) => rows.find(name).unwrap_or(*row),
            Want::End => rows.total.saturating_sub(1),
        };
        Ok((rows, row))
    }

    /// The page that has a row, and those beside it.
    fn around(&self, row: usize, starts: &mut Starts) -> Result<Rows, Error> {
        let row = row.min(self.entries.saturating_sub(1));
        let pages = self.entries.div_ceil(PAGE);
        let at = row / PAGE;
        // Names have folders first in either direction: their reverse is not the same order turned round.
        let may_turn = self.sort.key != SortKey::Name;
        let from_back = (self.entries - 1 - row) / PAGE;
        if may_turn && from_back < at && from_back < pages / 2 {
            let turned = Sort {
                descending: !self.sort.descending,
                ..self.sort
            };
            let first = from_back.saturating_sub(1);
            let mut children = self.pages(turned, first, &mut starts.back)?;
            let end = self.entries.saturating_sub(first * PAGE);
            children.reverse();
            return Ok(Rows {
                first: end.saturating_sub(children.len()),
                total: self.entries,
                is_cut: false,
                children,
            });
        }
        let first = at.saturating_sub(1);
        let children = self.pages(self.sort, first, &mut starts.front)?;
        Ok(Rows {
            first: first * PAGE,
            total: self.entries,
            is_cut: false,
            children,
        })
    }

    /// Pages from one on. Where it begins is found from the nearest before it that is known.
    fn pages(
        &self,
        sort: Sort,
        first: usize,
        starts: &mut BTreeMap<usize, Cursor>,
    ) -> Result<Vec<Child>, Error> {
        let known = starts.range(..=first).next_back();
        let (mut at, mut after) =
            known.map_or((0, None), |(at, cursor)| (*at, Some(cursor.clone())));
        let mut found = Vec::new();
        while at < first + HELD {
            let (children, next) = self.page(sort, after, PAGE)?;
            if at >= first {
                found.extend(children);
            }
            at += 1;
            let Some(next) = next else {
                break;
            };
            starts.insert(at, next.clone());
            after = Some(next);
        }
        Ok(found)
    }

    /// Which row has a name, looked for through all of them.
    fn search(&self, name: &[u8], starts: &mut Starts) -> Result<Option<usize>, Error> {
        let (mut at, mut after) = (0, None);
        loop {
            let (children, next) = self.page(self.sort, after, WHOLE)?;
            if let Some(found) = children.iter().position(|child| child.name == name) {
                return Ok(Some(at + found));
            }
            at += children.len();
            let Some(next) = next else {
                return Ok(None);
            };
            if at.is_multiple_of(PAGE) {
                starts.front.insert(at / PAGE, next.clone());
            }
            after = Some(next);
        }
    }

    fn page(
        &self,
        sort: Sort,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<(Vec<Child>, Option<Cursor>), Error> {
        let options = ChildrenOptions {
            limit,
            after,
            sort,
            filter: self.filter.clone(),
        };
        let found = self.pool.children(self.source, self.path, &options)?.value;
        Ok((found.children, found.next))
    }
}
