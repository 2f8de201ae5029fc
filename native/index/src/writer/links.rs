//! Names of inodes that have several: an inode counts once in each folder, however many of its names
//! lie there.
//!
//! `links` has a row for each inode and directory, under the chain of ids that leads there from below
//! the root. In the order of chains the rows beneath any folder are neighbours, and what two of them
//! share of their chains is the folder where they meet. So for the rows r1, r2 … of an inode, with
//! the blocks w last seen there, w(ri) is added at the folder of ri, and w(ri) is taken off where
//! r(i-1) and ri meet: of the rows beneath a folder all but the first cancel out within it. Whatever
//! happens to a row touches its own ancestors and two neighbours that a key finds.
//!
//! `whole` counts w(r1) where r1 and the last row meet, as long as all names are known.

use crate::writer::links::chain::{common_depth, depth};
use crate::writer::links::rows::{InodeRow, LinkRow, Rows};
use crate::writer::store::Store;

pub(crate) mod chain;
mod rows;

pub(in crate::writer) use rows::{names, nlink};

/// Levels from which on names count by themselves: a chain should be shorter than a page.
pub(crate) const MAX_DEPTH: usize = 800;

/// An inode.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::writer) struct LinkedInode {
    /// A key of the table `devices`.
    pub device: i64,
    pub inode: i64,
}

/// What happens to the names of an inode in one directory.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::writer) struct RowChange {
    /// How many names come, or go.
    pub names: i64,
    /// Blocks, as seen now.
    pub disk: Option<i64>,
    /// Names of the inode anywhere, as seen now.
    pub nlink: Option<i64>,
}

/// What to add at folders.
#[derive(Debug, Default, PartialEq, Eq)]
pub(in crate::writer) struct Terms {
    /// At the directory itself and its ancestors: levels below the root, to `linked`, to `whole`.
    pub here: Vec<(usize, i64, i64)>,
    /// To `whole` elsewhere: a chain, and how many levels of it lead there.
    pub elsewhere: Vec<(Vec<u8>, usize, i64)>,
}

/// Applies a change to the row of an inode and a directory, and says what follows for totals.
pub(in crate::writer) fn change(
    store: &Store,
    inode: LinkedInode,
    chain: &[u8],
    change: RowChange,
) -> rusqlite::Result<Terms> {
    let known = rows::inode_row(store, inode)?;
    let before = known.unwrap_or_default();
    let rows = Rows::of(store, inode, before)?;
    let (previous, row) = rows.up_to(chain)?;
    let had = row.as_ref().map_or((0, 0), |row| (row.names, row.disk));
    let names = (had.0 + change.names).max(0);
    let after = InodeRow {
        nlink: change.nlink.unwrap_or(before.nlink),
        names: before.names + names - had.0,
    };
    let disk = change.disk.unwrap_or(had.1);
    let now = (names > 0).then(|| LinkRow {
        chain: chain.to_vec(),
        disk,
        names,
    });
    let is_same_row = row.is_some() == now.is_some() && (had.0 == 0 || had.1 == disk);
    if is_same_row && before == after {
        return Ok(Terms::default());
    }
    let next = rows.after(chain)?;
    let mut terms = Terms::default();
    let places = Neighbours {
        chain,
        previous: previous.as_ref(),
        next: next.as_ref(),
    };
    if !is_same_row {
        places.add(row.as_ref(), -1, &mut terms);
        places.add(now.as_ref(), 1, &mut terms);
    }
    if before.is_whole() || after.is_whole() {
        // The first row, if it lies before the changed one, and the last, if it lies behind.
        let first = previous.as_ref().map(|_| rows.first()).transpose()?;
        let last = next.as_ref().map(|_| rows.last()).transpose()?;
        let (first, last) = (first.flatten(), last.flatten());
        let span = |row: Option<&LinkRow>| {
            let first = first.as_ref().or(row).or(next.as_ref());
            let last = last.as_ref().or(row).or(previous.as_ref());
            Some((first?.clone(), last?.chain.clone()))
        };
        if before.is_whole() {
            places.add_whole(span(row.as_ref()), -1, &mut terms);
        }
        if after.is_whole() {
            places.add_whole(span(now.as_ref()), 1, &mut terms);
        }
    }
    rows::write(
        store,
        inode,
        (row.as_ref(), now.as_ref(), chain),
        (known, after),
    )?;
    Ok(terms)
}

/// A row's place among its neighbours.
struct Neighbours<'a> {
    chain: &'a [u8],
    previous: Option<&'a LinkRow>,
    next: Option<&'a LinkRow>,
}

impl Neighbours<'_> {
    /// What the row adds, or its absence takes off: it comes between two that met without it.
    fn add(&self, row: Option<&LinkRow>, sign: i64, terms: &mut Terms) {
        let Some(row) = row else { return };
        let meet =
            |other: Option<&LinkRow>| other.map(|other| common_depth(&other.chain, self.chain));
        let (before, after) = (meet(self.previous), meet(self.next));
        terms.here.push((depth(self.chain), sign * row.disk, 0));
        if let Some(before) = before {
            terms.here.push((before, -sign * row.disk, 0));
        }
        let (Some(next), Some(after)) = (self.next, after) else {
            return;
        };
        terms.here.push((after, -sign * next.disk, 0));
        if let Some(before) = before {
            // Where the neighbours meet: above both places.
            terms.here.push((before.min(after), sign * next.disk, 0));
        }
    }

    fn add_whole(&self, span: Option<(LinkRow, Vec<u8>)>, sign: i64, terms: &mut Terms) {
        let Some((first, last)) = span else { return };
        let top = common_depth(&first.chain, &last);
        let weight = sign * first.disk;
        match common_depth(&first.chain, self.chain) >= top {
            true => terms.here.push((top, 0, weight)),
            false => terms.elsewhere.push((first.chain, top, weight)),
        }
    }
}
