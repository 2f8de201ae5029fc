//! Where children are stored: rows of `dirs` and `files`, or of the original's cache. Both give the same columns, in the same
//! orders.

use rusqlite::types::{ToSql, ToSqlOutput, ValueRef};
use rusqlite::{Row, params};

use super::page::Page;
use super::query;
use crate::error::Error;
use crate::text::Text;

/// Where children are stored.
pub(super) enum Place {
    Dir(i64),
    Imported { source: i64, prefix: Vec<u8> },
}

/// As a limit: none.
const ALL: i64 = -1;

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

impl Place {
    /// Whether there is a child.
    pub fn has_any(&self, page: &Page<'_>) -> Result<bool, Error> {
        let mut any = false;
        for is_file in [false, true] {
            self.names(page, is_file, false, Bound::Start, 1, |_| {
                any = true;
                Ok(())
            })?;
        }
        Ok(any)
    }

    /// Up to `limit` rows by name.
    pub fn names(
        &self,
        page: &Page<'_>,
        is_file: bool,
        descending: bool,
        after: Bound<'_>,
        limit: i64,
        mut read: impl FnMut(&Row<'_>) -> rusqlite::Result<()>,
    ) -> Result<(), Error> {
        let query = match (self, is_file, descending) {
            (Place::Dir(_), false, false) => query::FOLDERS_UP,
            (Place::Dir(_), false, true) => query::FOLDERS_DOWN,
            (Place::Dir(_), true, false) => query::FILES_UP,
            (Place::Dir(_), true, true) => query::FILES_DOWN,
            (Place::Imported { .. }, _, false) => query::IMPORTED_UP,
            (Place::Imported { .. }, _, true) => query::IMPORTED_DOWN,
        };
        let read = |row: &Row<'_>| read(row).map(|()| true);
        match self {
            Place::Dir(id) => page.each(query, params![id, after, limit], read),
            Place::Imported { source, prefix } => {
                let params = params![source, Text(prefix), !is_file, after, limit];
                page.each(query, params, read)
            }
        }
    }

    /// Every row by name.
    pub fn all(
        &self,
        page: &Page<'_>,
        is_file: bool,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<()>,
    ) -> Result<(), Error> {
        self.names(page, is_file, false, Bound::Start, ALL, read)
    }
}
