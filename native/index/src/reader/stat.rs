//! One entry, and the totals of one folder.

use rusqlite::{Row, params};

use super::children::has_imported;
use super::exact::is_exact;
use super::freshness::{answer, looks, unseen};
use super::locate::{Located, is_within, locate, no_folder, prefix, split};
use super::pool::Pool;
use super::query;
use super::read_txn::ReadTxn;
use super::rows::{Dir, disk_bytes};
use super::sources::Source;
use crate::answer::Answer;
use crate::error::Error;
use crate::owner::Owner;
use crate::text::{Bytes, Text};
use crate::values::listing;

/// An entry of a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Child {
    /// Raw bytes; empty for a root.
    pub name: Vec<u8>,
    /// As in a slab: 0 unknown, 1 regular file, 2 directory, 3 symbolic link, 4 other.
    pub kind: u8,
    /// All beneath that is not a directory; 1 for anything else.
    pub file_count: i64,
    /// For a folder the sum of its regular files, for anything else st_size. None where it is not known.
    pub bytes: Option<i64>,
    /// ns since the epoch. None where it is not known.
    pub mtime: Option<i64>,
    /// How a directory's listing ended (`dirs.status`).
    pub status: Option<i64>,
    /// Directories of a folder's subtree that are not known: where it is not 0, its totals read "at
    /// least".
    pub unknown_below: Option<i64>,
    /// The count is one that the predecessor's cache knew.
    pub imported: bool,
    /// Allocated bytes, of a folder with all that lies beneath, an inode once: as `du -s -B1`. None
    /// until a whole scan has run to its end, and where it is not known.
    pub disk: Option<u64>,
    /// For a folder, what is freed if it is removed, without inodes that have names elsewhere.
    pub disk_unshared: Option<u64>,
    /// For a folder, whether `disk` counts each inode once. False where a name beneath may count by itself
    /// although its inode has others. None for non-folders, and where `disk` is None.
    pub disk_exact: Option<bool>,
    /// Names that an inode has, as last seen. None of a folder. 1 also of a name that counts by itself
    /// whatever others there are: more than 800 levels deep, or on another device than its directory, or
    /// where it is not known which device that is.
    pub nlink: Option<u32>,
    /// None if the source does not store owners, or if not scanned since owners were enabled.
    pub owner: Option<Owner>,
}

impl Child {
    /// From the columns that all queries of children have.
    pub(super) fn read(txn: &ReadTxn<'_>, row: &Row<'_>) -> rusqlite::Result<Child> {
        Ok(Child {
            name: row.get::<_, Bytes>(0)?.0,
            kind: row.get(1)?,
            file_count: row.get(2)?,
            bytes: row.get(3)?,
            mtime: row.get(4)?,
            status: row.get(5)?,
            unknown_below: row.get(6)?,
            imported: false,
            disk: row.get::<_, Option<i64>>(7)?.map(disk_bytes),
            disk_unshared: row.get::<_, Option<i64>>(8)?.map(disk_bytes),
            disk_exact: None,
            nlink: row.get(9)?,
            owner: txn.owner(row.get(10)?)?,
        })
    }

    fn of(txn: &ReadTxn<'_>, dir: &Dir) -> Result<Child, Error> {
        Ok(Child {
            name: dir.name.clone(),
            kind: DIRECTORY,
            file_count: dir.file_count,
            bytes: Some(dir.bytes),
            mtime: dir.mtime,
            status: Some(dir.status),
            unknown_below: Some(dir.unknown_below),
            imported: false,
            disk: Some(dir.disk_bytes()),
            disk_unshared: Some(dir.unshared_bytes()),
            disk_exact: None,
            nlink: None,
            owner: txn.found(txn.owner(dir.owner))?,
        })
    }

    /// Keeps back sizes on disk, and what comes with them, until the source has all of them, and
    /// owners if it keeps none any more.
    pub(super) fn of_source(self, source: &Source) -> Child {
        let owner = self.owner.filter(|_| source.has_owners);
        match source.has_disk {
            true => Child { owner, ..self },
            false => Child {
                disk: None,
                disk_unshared: None,
                nlink: None,
                owner,
                ..self
            },
        }
    }

    pub(super) fn is_unread(&self) -> bool {
        self.status == Some(listing::UNREAD)
    }
}

const DIRECTORY: u8 = 2;

/// A folder's totals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Totals {
    /// All beneath that is not a directory.
    pub file_count: i64,
    /// The sum over regular files beneath, each hard link counted. None where only a count is known.
    pub bytes: Option<i64>,
    /// Files in the folder itself.
    pub own_files: i64,
    /// The sum of the regular files in the folder itself.
    pub own_bytes: i64,
    /// Entries of the folder itself, directories too. 0 where only a count is known.
    pub entries: i64,
    /// Directories beneath that are not known, the folder included.
    pub unknown_below: i64,
    /// How its listing ended (`dirs.status`).
    pub status: i64,
    /// As [`Child::disk`].
    pub disk: Option<u64>,
    /// As [`Child::disk_unshared`].
    pub disk_unshared: Option<u64>,
    /// As [`Child::disk_exact`].
    pub disk_exact: Option<bool>,
    /// Files that were removed still count in `disk`, if they had names elsewhere, until their rows
    /// are deleted: it reads "at most".
    pub disk_pending: bool,
}

/// What the cache knew of a folder: its count.
pub(super) fn imported_count(
    txn: &ReadTxn<'_>,
    source: i64,
    path: &[u8],
) -> Result<Option<i64>, Error> {
    match path {
        [] => {
            let sum = txn.first(query::IMPORTED_SUM, params![source, Text(b"")], |row| {
                row.get(0)
            })?;
            Ok(sum.flatten())
        }
        path => {
            let found = imported_entry(txn, source, path)?;
            Ok(found
                .filter(|child| child.kind == DIRECTORY)
                .map(|child| child.file_count))
        }
    }
}

fn imported_entry(txn: &ReadTxn<'_>, source: i64, path: &[u8]) -> Result<Option<Child>, Error> {
    let (parent, name) = split(path);
    let params = params![source, Text(&prefix(parent)), Text(name)];
    txn.first(query::IMPORTED_ONE, params, |row| {
        Ok(Child {
            name: name.to_vec(),
            kind: if row.get(0)? { DIRECTORY } else { 0 },
            file_count: row.get(1)?,
            bytes: None,
            mtime: None,
            status: None,
            unknown_below: None,
            imported: true,
            disk: None,
            disk_unshared: None,
            disk_exact: None,
            nlink: None,
            owner: None,
        })
    })
}

impl Pool {
    /// One entry; None where there is none. The answer says whether that is certain: it is then
    /// about the deepest known folder above the entry.
    pub fn stat(&self, source: &str, path: &[u8]) -> Result<Answer<Option<Child>>, Error> {
        self.page(|txn| {
            let at = locate(txn, source, path)?;
            if at.unresolved.is_empty() {
                return stat_folder(txn, &at);
            }
            if !at.unresolved.contains(&b'/') {
                let params = params![at.dir.id, Text(at.unresolved)];
                let file = txn.first(query::CHILD_FILE, params, |row| Child::read(txn, row))?;
                let file = file.map(|child| child.of_source(&at.source));
                if file.is_some() {
                    return answer(txn, &at, file);
                }
            }
            let known = match at.dir.is_unread() {
                true => imported_entry(txn, at.source.id, path)?,
                false => None,
            };
            match known {
                Some(child) => Ok(imported(unseen(txn, &at, Some(child))?)),
                None => answer(txn, &at, None),
            }
        })
    }

    /// When the newest scan began, in ms since the epoch, that went through all beneath an entry: what is
    /// not in the index and is not younger was left out by it. A listing of the folder alone is none.
    pub fn whole_since(&self, source: &str, path: &[u8]) -> Result<Option<i64>, Error> {
        self.page(|txn| {
            let at = locate(txn, source, path)?;
            Ok(looks(txn, &at)?.whole_since)
        })
    }

    /// The totals of a folder.
    pub fn totals(&self, source: &str, folder: &[u8]) -> Result<Answer<Totals>, Error> {
        self.page(|txn| {
            let at = locate(txn, source, folder)?;
            let known = match at.dir.is_unread() {
                true => imported_count(txn, at.source.id, folder)?,
                false => None,
            };
            match (known, at.unresolved) {
                (Some(file_count), _) => {
                    let totals = Totals {
                        file_count,
                        bytes: None,
                        own_files: 0,
                        own_bytes: 0,
                        entries: 0,
                        unknown_below: 1,
                        status: listing::UNREAD,
                        disk: None,
                        disk_unshared: None,
                        disk_exact: None,
                        disk_pending: false,
                    };
                    Ok(imported(unseen(txn, &at, totals)?))
                }
                (None, []) => {
                    let folders = txn.first(query::COUNT_FOLDERS, [at.dir.id], |row| row.get(0))?;
                    let totals = Totals::of(
                        &at,
                        folders.unwrap_or(0),
                        is_pending(txn, &at)?,
                        is_exact(txn, &at)?,
                    );
                    answer(txn, &at, totals)
                }
                (None, _) => Err(no_folder(txn, &at, folder)?),
            }
        })
    }
}

fn stat_folder(txn: &ReadTxn<'_>, at: &Located<'_>) -> Result<Answer<Option<Child>>, Error> {
    let mut child = Child::of(txn, &at.dir)?.of_source(&at.source);
    if at.source.has_disk {
        child.disk_exact = Some(is_exact(txn, at)?);
    }
    if child.is_unread()
        && has_imported(txn, at.source.id)?
        && let Some(count) = imported_count(txn, at.source.id, at.path)?
    {
        (child.file_count, child.imported) = (count, true);
        return Ok(imported(answer(txn, at, Some(child))?));
    }
    answer(txn, at, Some(child))
}

/// The answer, marked as one from the cache.
pub(super) fn imported<T>(answer: Answer<T>) -> Answer<T> {
    Answer {
        imported: true,
        ..answer
    }
}

/// Whether linked names of something that was removed beneath a folder count in it.
fn is_pending(txn: &ReadTxn<'_>, at: &Located<'_>) -> Result<bool, Error> {
    if at.dir.linked == 0 {
        return Ok(false);
    }
    let mut found = false;
    txn.each(query::LINKED_GRAVES, [at.source.id], |row| {
        found = is_within(&row.get::<_, Bytes>(0)?.0, at.path);
        Ok(!found)
    })?;
    Ok(found)
}

impl Totals {
    fn of(at: &Located<'_>, folders: i64, disk_pending: bool, disk_exact: bool) -> Totals {
        let dir = &at.dir;
        let known = at.source.has_disk;
        Totals {
            file_count: dir.file_count,
            bytes: Some(dir.bytes),
            own_files: dir.own_files,
            own_bytes: dir.own_bytes,
            entries: dir.own_files + folders,
            unknown_below: dir.unknown_below,
            status: dir.status,
            disk: known.then(|| dir.disk_bytes()),
            disk_unshared: known.then(|| dir.unshared_bytes()),
            disk_exact: known.then_some(disk_exact),
            disk_pending: known && disk_pending,
        }
    }
}
