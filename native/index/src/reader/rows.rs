//! Rows as the statements in `query` return them.

use rusqlite::Row;

use crate::text::Bytes;
use crate::values::listing;

/// Blocks as bytes.
pub(super) fn disk_bytes(blocks: i64) -> u64 {
    blocks.max(0).unsigned_abs().saturating_mul(512)
}

/// A row of `dirs`.
#[derive(Clone, Debug)]
pub(super) struct Dir {
    pub id: i64,
    pub name: Vec<u8>,
    pub mtime: Option<i64>,
    pub status: i64,
    pub own_files: i64,
    pub own_bytes: i64,
    pub file_count: i64,
    pub bytes: i64,
    pub unknown_below: i64,
    pub listed_gen: i64,
    pub changed_gen: i64,
    pub disk: i64,
    pub linked: i64,
    pub whole: i64,
    pub owner: Option<i64>,
}

impl Dir {
    pub fn read(row: &Row<'_>) -> rusqlite::Result<Dir> {
        Ok(Dir {
            id: row.get(0)?,
            name: row.get::<_, Bytes>(1)?.0,
            mtime: row.get(2)?,
            status: row.get(3)?,
            own_files: row.get(4)?,
            own_bytes: row.get(5)?,
            file_count: row.get(6)?,
            bytes: row.get(7)?,
            unknown_below: row.get(8)?,
            listed_gen: row.get(9)?,
            changed_gen: row.get(10)?,
            disk: row.get(11)?,
            linked: row.get(12)?,
            whole: row.get(13)?,
            owner: row.get(14)?,
        })
    }

    /// Bytes on disk, as du counts them.
    pub fn disk_bytes(&self) -> u64 {
        disk_bytes(self.disk)
    }

    /// The part of them that is freed with it.
    pub fn unshared_bytes(&self) -> u64 {
        disk_bytes(self.disk - self.linked + self.whole)
    }

    pub fn is_unread(&self) -> bool {
        self.status == listing::UNREAD
    }
}
