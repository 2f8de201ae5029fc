//! The totals of a folder's subfolders: what subscribers get after commits, up to several times a
//! second.

use rusqlite::params;

use super::children_source::Bound;
use super::exact::Exactness;
use super::locate::{folder as find, folder_of};
use super::pool::Pool;
use super::query;
use super::rows::disk_bytes;
use crate::error::Error;
use crate::text::Bytes;

/// Maximum number of subfolders.
const MAX: i64 = 10_000;

/// A folder in the one that is watched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FolderTotals {
    /// Raw bytes.
    pub name: Vec<u8>,
    /// All beneath that is not a directory.
    pub file_count: i64,
    /// The sum of the regular files beneath.
    pub bytes: i64,
    /// As [`super::Child::disk`].
    pub disk: Option<u64>,
    /// As [`super::Child::disk_exact`].
    pub disk_exact: Option<bool>,
}

impl Pool {
    /// A folder's row in `dirs`; that of the folder in which a file is.
    pub fn row(&self, source: &str, folder: &[u8]) -> Result<i64, Error> {
        self.page(|txn| Ok(folder_of(txn, source, folder)?.dir.id))
    }

    /// The folders in a folder, by name: the first 10,000 of them.
    pub fn folders(&self, source: &str, folder: &[u8]) -> Result<Vec<FolderTotals>, Error> {
        self.page(|txn| {
            let at = find(txn, source, folder)?;
            let params = params![at.dir.id, Bound::Start, MAX];
            let mut folders = txn.all(query::FOLDERS_UP, params, |row| {
                Ok(FolderTotals {
                    name: row.get::<_, Bytes>(0)?.0,
                    file_count: row.get(2)?,
                    bytes: row.get(3)?,
                    disk: match at.source.has_disk {
                        true => row.get::<_, Option<i64>>(7)?.map(disk_bytes),
                        false => None,
                    },
                    disk_exact: None,
                })
            })?;
            if at.source.has_disk {
                let exactness = Exactness::beneath(txn, &at)?;
                for folder in &mut folders {
                    folder.disk_exact = Some(exactness.of_name(&at, &folder.name)?);
                }
            }
            Ok(folders)
        })
    }
}
