//! What is stored of an entry itself, for those who add up all of a tree on their own.

use rusqlite::params;

use super::locate::locate;
use super::pool::Pool;
use super::query;
use super::rows::disk_bytes;
use crate::error::Error;
use crate::text::Text;

/// An entry by itself: without what lies beneath it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StoredInode {
    /// Bytes that it takes up on disk. None where that is not known.
    pub disk: Option<u64>,
    /// The index's own number of the device: of a file that of its folder, of a folder that of what
    /// lies in it. It lasts, unlike st_dev. None where nothing in the folder has several names.
    pub device: Option<i64>,
    /// st_ino of a file with several names. None where there are no others.
    pub inode: Option<i64>,
}

impl Pool {
    /// One entry by itself; nothing of it where there is none.
    pub fn inode(&self, source: &str, path: &[u8]) -> Result<StoredInode, Error> {
        self.page(|txn| {
            let at = locate(txn, source, path)?;
            let found = match at.unresolved {
                b"" => txn.first(query::DIR_INODE, [at.dir.id], |row| {
                    Ok((row.get(0)?, None, row.get(1)?))
                })?,
                name if name.contains(&b'/') => None,
                name => txn.first(query::LINKED_FILE, params![at.dir.id, Text(name)], |row| {
                    Ok((row.get(0)?, row.get(1)?, row.get(2)?))
                })?,
            };
            let (disk, inode, device): (Option<i64>, _, _) = found.unwrap_or_default();
            Ok(StoredInode {
                disk: disk.map(disk_bytes),
                device,
                inode,
            })
        })
    }
}
