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

use rusqlite::{OptionalExtension, params};

use crate::writer::links::chain::{common_depth, depth};
use crate::writer::store::Store;

pub(crate) mod chain;

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

#[derive(Clone, Debug)]
struct LinkRow {
    chain: Vec<u8>,
    disk: i64,
    names: i64,
}

/// An inode's row and how far its names are known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct InodeRow {
    nlink: i64,
    names: i64,
}

/// Applies a change to the row of an inode and a directory, and says what follows for totals.
pub(in crate::writer) fn change(
    store: &Store,
    inode: LinkedInode,
    chain: &[u8],
    change: RowChange,
) -> rusqlite::Result<Terms> {
    let known = inode_row(store, inode)?;
    let before = known.unwrap_or_default();
    let (previous, row) = match known {
        Some(_) => up_to(store, inode, chain)?,
        None => (None, None),
    };
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
    let is_alone = known.is_none();
    let next = match is_alone {
        true => None,
        false => after_it(store, inode, chain)?,
    };
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
    let ends = match before.is_whole() || after.is_whole() {
        true => Some(ends(store, inode, (&previous, &next))?),
        false => None,
    };
    if let Some((first, last)) = ends {
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
    write(
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

impl InodeRow {
    /// Whether all names of the inode are known.
    fn is_whole(self) -> bool {
        self.names > 0 && self.names >= self.nlink
    }
}

/// The first row, if it lies before the changed one, and the last, if it lies behind.
type Ends = (Option<LinkRow>, Option<LinkRow>);

fn ends(
    store: &Store,
    inode: LinkedInode,
    (previous, next): (&Option<LinkRow>, &Option<LinkRow>),
) -> rusqlite::Result<Ends> {
    let values = params![inode.device, inode.inode];
    let find = |sql| {
        let mut statement = store.db.prepare_cached(sql)?;
        statement.query_row(values, LinkRow::read).optional()
    };
    let first = match previous {
        Some(_) => find(
            "SELECT chain, disk, names FROM links WHERE device = ?1 AND inode = ?2 ORDER BY chain LIMIT 1",
        )?,
        None => None,
    };
    let last = match next {
        Some(_) => find(
            "SELECT chain, disk, names FROM links WHERE device = ?1 AND inode = ?2 ORDER BY chain DESC LIMIT 1",
        )?,
        None => None,
    };
    Ok((first, last))
}

impl LinkRow {
    fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<LinkRow> {
        Ok(LinkRow {
            chain: row.get(0)?,
            disk: row.get(1)?,
            names: row.get(2)?,
        })
    }
}

fn inode_row(store: &Store, inode: LinkedInode) -> rusqlite::Result<Option<InodeRow>> {
    let sql = "SELECT nlink, names FROM inodes WHERE device = ?1 AND inode = ?2";
    let mut statement = store.db.prepare_cached(sql)?;
    let read = |row: &rusqlite::Row<'_>| {
        Ok(InodeRow {
            nlink: row.get(0)?,
            names: row.get(1)?,
        })
    };
    statement
        .query_row(params![inode.device, inode.inode], read)
        .optional()
}

/// Names of an inode anywhere, as last seen.
pub(in crate::writer) fn nlink(store: &Store, inode: LinkedInode) -> rusqlite::Result<Option<i64>> {
    Ok(inode_row(store, inode)?.map(|row| row.nlink))
}

/// How many names of an inode a directory has.
pub(in crate::writer) fn names(
    store: &Store,
    inode: LinkedInode,
    chain: &[u8],
) -> rusqlite::Result<i64> {
    let sql = "SELECT names FROM links WHERE device = ?1 AND inode = ?2 AND chain = ?3";
    let mut statement = store.db.prepare_cached(sql)?;
    let values = params![inode.device, inode.inode, chain];
    let names = statement.query_row(values, |row| row.get(0)).optional()?;
    Ok(names.unwrap_or(0))
}

/// The row before a chain, and the one at it.
fn up_to(
    store: &Store,
    inode: LinkedInode,
    chain: &[u8],
) -> rusqlite::Result<(Option<LinkRow>, Option<LinkRow>)> {
    let sql = "SELECT chain, disk, names FROM links WHERE device = ?1 AND inode = ?2 AND chain <= ?3 ORDER BY chain DESC LIMIT 2";
    let mut statement = store.db.prepare_cached(sql)?;
    let mut rows = statement.query(params![inode.device, inode.inode, chain])?;
    let Some(nearest) = rows.next()?.map(LinkRow::read).transpose()? else {
        return Ok((None, None));
    };
    if nearest.chain != chain {
        return Ok((Some(nearest), None));
    }
    let previous = rows.next()?.map(LinkRow::read).transpose()?;
    Ok((previous, Some(nearest)))
}

/// The row behind a chain.
fn after_it(store: &Store, inode: LinkedInode, chain: &[u8]) -> rusqlite::Result<Option<LinkRow>> {
    let sql = "SELECT chain, disk, names FROM links WHERE device = ?1 AND inode = ?2 AND chain > ?3 ORDER BY chain LIMIT 1";
    let mut statement = store.db.prepare_cached(sql)?;
    let values = params![inode.device, inode.inode, chain];
    statement.query_row(values, LinkRow::read).optional()
}

fn write(
    store: &Store,
    LinkedInode { device, inode }: LinkedInode,
    (row, now, chain): (Option<&LinkRow>, Option<&LinkRow>, &[u8]),
    (known, after): (Option<InodeRow>, InodeRow),
) -> rusqlite::Result<()> {
    let execute = |sql, values: &[&dyn rusqlite::ToSql]| {
        store.db.prepare_cached(sql)?.execute(values).map(|_| ())
    };
    match (row, now) {
        (_, Some(now)) if row.is_none_or(|row| (row.disk, row.names) != (now.disk, now.names)) => {
            execute(
                "INSERT INTO links VALUES (?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT DO UPDATE SET disk = excluded.disk, names = excluded.names",
                &[&device, &inode, &chain, &now.disk, &now.names],
            )?;
        }
        (Some(_), None) => execute(
            "DELETE FROM links WHERE device = ?1 AND inode = ?2 AND chain = ?3",
            &[&device, &inode, &chain],
        )?,
        _ => {}
    }
    match known {
        _ if after.names <= 0 => execute(
            "DELETE FROM inodes WHERE device = ?1 AND inode = ?2",
            &[&device, &inode],
        ),
        Some(before) if before == after => Ok(()),
        _ => execute(
            "INSERT INTO inodes VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT DO UPDATE SET nlink = excluded.nlink, names = excluded.names",
            &[&device, &inode, &after.nlink, &after.names],
        ),
    }
}
