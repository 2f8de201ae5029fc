//! Rows of linked inodes: those of `inodes`, and those of `links`, which lie in the order of chains.

use rusqlite::{OptionalExtension, Params, params};

use crate::writer::limits::SMALL;
use crate::writer::links::LinkedInode;
use crate::writer::store::Store;

/// Names of an inode up to which its rows are read by one query: the keys that a change asks for are
/// most of what it costs.
const FEW_NAMES: i64 = if SMALL { 3 } else { 8 };

/// The row of an inode and a directory.
#[derive(Clone, Debug)]
pub(super) struct LinkRow {
    pub chain: Vec<u8>,
    pub disk: i64,
    /// How many names of the inode the directory has.
    pub names: i64,
}

/// An inode's row and how far its names are known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct InodeRow {
    pub nlink: i64,
    pub names: i64,
}

/// The rows of an inode, as they are before a change.
pub(super) enum Rows<'a> {
    Few(Vec<LinkRow>),
    Many(&'a Store, LinkedInode),
}

impl<'a> Rows<'a> {
    pub fn of(store: &'a Store, inode: LinkedInode, known: InodeRow) -> rusqlite::Result<Rows<'a>> {
        if known.names == 0 {
            return Ok(Rows::Few(Vec::new()));
        }
        if known.names > FEW_NAMES {
            return Ok(Rows::Many(store, inode));
        }
        let sql =
            "SELECT chain, disk, names FROM links WHERE device = ?1 AND inode = ?2 ORDER BY chain";
        let mut statement = store.db.prepare_cached(sql)?;
        let rows = statement.query_map(params![inode.device, inode.inode], LinkRow::read)?;
        Ok(Rows::Few(rows.collect::<Result<_, _>>()?))
    }

    /// The row before a chain, and the one at it.
    pub fn up_to(&self, chain: &[u8]) -> rusqlite::Result<(Option<LinkRow>, Option<LinkRow>)> {
        let (store, inode) = match self {
            Rows::Many(store, inode) => (store, inode),
            Rows::Few(rows) => {
                let previous = rows.iter().rev().find(|row| row.chain.as_slice() < chain);
                let at = rows.iter().find(|row| row.chain == chain);
                return Ok((previous.cloned(), at.cloned()));
            }
        };
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
    pub fn after(&self, chain: &[u8]) -> rusqlite::Result<Option<LinkRow>> {
        match self {
            Rows::Few(rows) => {
                let mut rows = rows.iter();
                Ok(rows.find(|row| row.chain.as_slice() > chain).cloned())
            }
            Rows::Many(store, inode) => one(
                store,
                "SELECT chain, disk, names FROM links WHERE device = ?1 AND inode = ?2 AND chain > ?3 ORDER BY chain LIMIT 1",
                params![inode.device, inode.inode, chain],
            ),
        }
    }

    pub fn first(&self) -> rusqlite::Result<Option<LinkRow>> {
        match self {
            Rows::Few(rows) => Ok(rows.first().cloned()),
            Rows::Many(store, inode) => one(
                store,
                "SELECT chain, disk, names FROM links WHERE device = ?1 AND inode = ?2 ORDER BY chain LIMIT 1",
                params![inode.device, inode.inode],
            ),
        }
    }

    pub fn last(&self) -> rusqlite::Result<Option<LinkRow>> {
        match self {
            Rows::Few(rows) => Ok(rows.last().cloned()),
            Rows::Many(store, inode) => one(
                store,
                "SELECT chain, disk, names FROM links WHERE device = ?1 AND inode = ?2 ORDER BY chain DESC LIMIT 1",
                params![inode.device, inode.inode],
            ),
        }
    }
}

fn one(store: &Store, sql: &str, values: impl Params) -> rusqlite::Result<Option<LinkRow>> {
    let mut statement = store.db.prepare_cached(sql)?;
    statement.query_row(values, LinkRow::read).optional()
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

impl InodeRow {
    /// Whether all names of the inode are known.
    pub fn is_whole(self) -> bool {
        self.names > 0 && self.names >= self.nlink
    }
}

pub(super) fn inode_row(store: &Store, inode: LinkedInode) -> rusqlite::Result<Option<InodeRow>> {
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

/// Writes what a change made of the two rows.
pub(super) fn write(
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
