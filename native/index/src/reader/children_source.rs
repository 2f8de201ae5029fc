//! Where children come from: `dirs` and `files`, or the predecessor's cache. Both have the same
//! columns and orders.

use rusqlite::types::{ToSql, ToSqlOutput, ValueRef};
use rusqlite::{Row, params};

use super::query;
use super::read_txn::ReadTxn;
use crate::error::Error;
use crate::text::Text;

/// Where children come from.
pub(super) enum ChildrenSource {
    /// A directory, of a source with or without sizes on disk.
    Dir {
        id: i64,
        has_disk: bool,
    },
    Imported {
        source: i64,
        prefix: Vec<u8>,
    },
}

/// As a limit: none.
pub(super) const ALL: i64 = -1;

/// Where a page by name begins.
pub(super) enum Bound<'a> {
    Start,
    Name(&'a [u8]),
    End,
}

impl ToSql for Bound<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            // No child has the empty name.
            Bound::Start => ValueRef::Text(b""),
            Bound::Name(name) => ValueRef::Text(name),
            // A BLOB sorts after all TEXT.
            Bound::End => ValueRef::Blob(b""),
        }))
    }
}

impl ChildrenSource {
    /// Whether it has any child.
    pub fn has_any(&self, txn: &ReadTxn<'_>) -> Result<bool, Error> {
        let mut any = false;
        for is_file in [false, true] {
            self.names(txn, is_file, false, Bound::Start, 1, |_| {
                any = true;
                Ok(true)
            })?;
        }
        Ok(any)
    }

    /// Up to `limit` rows by name, until `read` returns false.
    pub fn names(
        &self,
        txn: &ReadTxn<'_>,
        is_file: bool,
        descending: bool,
        after: Bound<'_>,
        limit: i64,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<bool>,
    ) -> Result<(), Error> {
        let query = match (self, is_file, descending) {
            (ChildrenSource::Dir { .. }, false, false) => query::FOLDERS_UP,
            (ChildrenSource::Dir { .. }, false, true) => query::FOLDERS_DOWN,
            (ChildrenSource::Dir { .. }, true, false) => query::FILES_UP,
            (ChildrenSource::Dir { .. }, true, true) => query::FILES_DOWN,
            (ChildrenSource::Imported { .. }, _, false) => query::IMPORTED_UP,
            (ChildrenSource::Imported { .. }, _, true) => query::IMPORTED_DOWN,
        };
        match self {
            ChildrenSource::Dir { id, .. } => txn.each(query, params![id, after, limit], read),
            ChildrenSource::Imported { source, prefix } => {
                let params = params![source, Text(prefix), !is_file, after, limit];
                txn.each(query, params, read)
            }
        }
    }

    /// Every row by name.
    pub fn all(
        &self,
        txn: &ReadTxn<'_>,
        is_file: bool,
        mut read: impl FnMut(&Row<'_>) -> rusqlite::Result<()>,
    ) -> Result<(), Error> {
        self.names(txn, is_file, false, Bound::Start, ALL, |row| {
            read(row).map(|()| true)
        })
    }
}
