//! Comparing a listing with what is stored of its directory. Nothing is written here.

use std::cmp::Ordering;
use std::sync::LazyLock;

use rusqlite::Row;

use crate::columns::{DirRow, FileRow};
use crate::text::bytes;
use crate::writer::intake::listing::{ListedEntry, Listing};
use crate::writer::limits::MAX_DELETED;
use crate::writer::store::{LoadedDir, Store};

/// Columns of a stored file: its key and its row.
pub(super) static FILE_COLUMNS: LazyLock<String> =
    LazyLock::new(|| format!("dir_id, name, {}", FileRow::COLUMNS));
/// Columns of a stored directory: its parent and name, its id and its row.
pub(super) static DIR_COLUMNS: LazyLock<String> =
    LazyLock::new(|| format!("parent_id, name, id, {}", DirRow::COLUMNS));
/// Where the columns after the name begin.
const AFTER_NAME: usize = 2;

static FILES: LazyLock<String> = LazyLock::new(|| {
    let columns = &*FILE_COLUMNS;
    format!("SELECT {columns} FROM files WHERE dir_id = ?1 ORDER BY name")
});
static DIRS: LazyLock<String> = LazyLock::new(|| {
    let columns = &*DIR_COLUMNS;
    format!("SELECT {columns} FROM dirs WHERE parent_id = ?1 ORDER BY name")
});

/// What has to be done. It is gathered first, since rows must not change under a statement that
/// reads them.
#[derive(Debug, Default)]
pub(in crate::writer) struct Difference {
    /// Which entries of the listing are stored already, by place.
    pub known: Vec<bool>,
    pub changed_files: Vec<FileUpdate>,
    pub missing_files: Vec<StoredFile>,
    /// Unchanged files that may have other names: their inodes, and how many names these have.
    pub seen_links: Vec<(i64, i64)>,
    /// Directories with another mtime or size on disk.
    pub changed_dirs: Vec<DirUpdate>,
    pub missing_dirs: Vec<StoredDir>,
    /// More rows are missing than one transaction should delete.
    pub has_more: bool,
}

/// A file to update: the place of its entry, and what is stored.
#[derive(Debug)]
pub(in crate::writer) struct FileUpdate {
    pub place: usize,
    pub stored: FileRow,
}

/// A directory to update: the place of its entry, and what is stored.
#[derive(Debug)]
pub(in crate::writer) struct DirUpdate {
    pub place: usize,
    pub stored: LoadedDir,
}

/// A stored file that the listing lacks.
#[derive(Debug)]
pub(in crate::writer) struct StoredFile {
    pub name: Vec<u8>,
    pub row: FileRow,
}

/// A stored directory that the listing lacks.
#[derive(Debug)]
pub(in crate::writer) struct StoredDir {
    pub id: i64,
    pub name: Vec<u8>,
    /// The place of what has its name now.
    pub replaced_by: Option<usize>,
}

impl Difference {
    pub fn new(listing: &Listing) -> Difference {
        Difference {
            known: vec![false; listing.sorted().len()],
            ..Difference::default()
        }
    }

    pub fn mark_known(&mut self, place: usize) {
        if let Some(known) = self.known.get_mut(place) {
            *known = true;
        }
    }
}

/// What was read ahead for a job. It holds as long as nothing changes the directory.
#[derive(Debug)]
pub(in crate::writer) struct ReadAhead {
    /// The directory's place in the tree.
    pub at: u32,
    pub difference: Difference,
}

/// Goes through what is stored and the listing side by side, both by name.
pub(super) fn compare(
    store: &mut Store,
    dir: i64,
    listing: &Listing,
    is_whole: bool,
) -> rusqlite::Result<Difference> {
    store.flush_files()?;
    let mut difference = Difference::new(listing);
    let mut statement = store.db.prepare_cached(&FILES)?;
    let mut rows = statement.query([dir])?;
    let mut place = 0;
    while let Some(row) = rows.next()? {
        compare_file(listing, &mut place, is_whole, row, &mut difference)?;
    }
    let mut statement = store.db.prepare_cached(&DIRS)?;
    let mut rows = statement.query([dir])?;
    let mut place = 0;
    while let Some(row) = rows.next()? {
        compare_dir(listing, &mut place, is_whole, row, &mut difference)?;
    }
    Ok(difference)
}

/// The entry of a name, if there is one. Skips the names before it.
fn find<'a>(
    listing: &'a Listing,
    place: &mut usize,
    name: &[u8],
) -> Option<(usize, &'a ListedEntry)> {
    while let Some(entry) = listing.at(*place) {
        match listing.name(entry).cmp(name) {
            Ordering::Greater => return None,
            Ordering::Equal => {
                *place += 1;
                return Some((*place - 1, entry));
            }
            Ordering::Less => *place += 1,
        }
    }
    None
}

/// Compares a stored file, read with `FILE_COLUMNS`.
pub(super) fn compare_file(
    listing: &Listing,
    place: &mut usize,
    is_whole: bool,
    row: &Row<'_>,
    difference: &mut Difference,
) -> rusqlite::Result<()> {
    let name = bytes(row.get_ref(1)?)?;
    let stored = FileRow::read(row, AFTER_NAME)?;
    let missing = |name: &[u8]| StoredFile {
        name: name.to_vec(),
        row: stored,
    };
    match find(listing, place, name) {
        Some((_, entry)) if entry.is_dir() => difference.missing_files.push(missing(name)),
        Some((place, entry)) => {
            difference.mark_known(place);
            if entry.is_known() && stored != entry.row() {
                difference.changed_files.push(FileUpdate { place, stored });
            } else if let Some(inode) = entry.inode() {
                difference.seen_links.push((inode, entry.nlink.into()));
            }
        }
        None if is_whole && difference.missing_files.len() < MAX_DELETED => {
            difference.missing_files.push(missing(name));
        }
        None if is_whole => difference.has_more = true,
        None => {}
    }
    Ok(())
}

/// Compares a stored directory, read with `DIR_COLUMNS`. Returns it with its name if it is still
/// one.
pub(super) fn compare_dir<'r>(
    listing: &Listing,
    place: &mut usize,
    is_whole: bool,
    row: &'r Row<'_>,
    difference: &mut Difference,
) -> rusqlite::Result<Option<(&'r [u8], LoadedDir)>> {
    let name = bytes(row.get_ref(1)?)?;
    let stored = LoadedDir::read(row, AFTER_NAME)?;
    let missing = |replaced_by| StoredDir {
        id: stored.id,
        name: name.to_vec(),
        replaced_by,
    };
    match find(listing, place, name) {
        Some((place, entry)) if entry.is_dir() || !entry.has_kind() => {
            difference.mark_known(place);
            if entry.is_known() && stored.row.entry() != entry.dir_entry() {
                difference.changed_dirs.push(DirUpdate { place, stored });
            }
            return Ok(Some((name, stored)));
        }
        Some((place, _)) => difference.missing_dirs.push(missing(Some(place))),
        None if is_whole && difference.missing_dirs.len() < MAX_DELETED => {
            difference.missing_dirs.push(missing(None));
        }
        None if is_whole => difference.has_more = true,
        None => {}
    }
    Ok(None)
}
