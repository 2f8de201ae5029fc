//! What is stored of a directory beside its listing: what is new, what differs, what is gone. Nothing is written here.

use std::cmp::Ordering;

use rusqlite::Row;

use crate::text::bytes;
use crate::writer::apply::delete_missing::PIECE;
use crate::writer::intake::listing::{ListedEntry, Listing};
use crate::writer::store::Store;

/// Columns of a stored file, after its directory's id.
pub(in crate::writer) const FILE: &str = "dir_id, name, kind, size, mtime";
/// Of a stored directory: its parent's id and its name, and then its row.
pub(in crate::writer) const DIR: &str = "parent_id, name, id, mtime, status, own_files, own_bytes, file_count, bytes, unknown_below, listed_gen, changed_gen, mount";
/// Where its row begins there.
pub(in crate::writer) const DIR_ROW: usize = 2;

/// What has to be done, gathered while the stored rows are read, since they must not change under a reading statement.
#[derive(Debug, Default)]
pub(in crate::writer) struct Difference {
    /// Names of the listing that are stored already, by their place.
    pub known: Vec<bool>,
    /// Files to update: place, and what was stored.
    pub files: Vec<(usize, i64, Option<i64>)>,
    pub gone_files: Vec<(Vec<u8>, i64, Option<i64>)>,
    /// Directories with another mtime.
    pub dirs: Vec<(i64, usize)>,
    /// Directories, with the place of what has the name now.
    pub gone_dirs: Vec<(i64, Vec<u8>, Option<usize>)>,
    /// There are more that are gone than one transaction should delete.
    pub more: bool,
}

impl Difference {
    pub fn new(listing: &Listing) -> Difference {
        Difference {
            known: vec![false; listing.sorted().len()],
            ..Difference::default()
        }
    }
}

/// What a listing was found to change, if nothing happened to the directory since.
#[derive(Debug)]
pub(in crate::writer) struct ReadAhead {
    /// The directory's place in the tree.
    pub at: u32,
    pub changes: Difference,
}

/// Walks what is stored and the listing side by side; both go by name.
pub(in crate::writer) fn compare(
    store: &mut Store,
    dir: i64,
    listing: &Listing,
    whole: bool,
) -> rusqlite::Result<Difference> {
    store.flush_rows()?;
    let mut changes = Difference::new(listing);
    let sql = format!("SELECT {FILE} FROM files WHERE dir_id = ?1 ORDER BY name");
    let mut statement = store.db.prepare_cached(&sql)?;
    let mut rows = statement.query([dir])?;
    let mut place = 0;
    while let Some(row) = rows.next()? {
        compare_file(listing, &mut place, whole, row, &mut changes)?;
    }
    let sql = format!("SELECT {DIR} FROM dirs WHERE parent_id = ?1 ORDER BY name");
    let mut statement = store.db.prepare_cached(&sql)?;
    let mut rows = statement.query([dir])?;
    let mut place = 0;
    while let Some(row) = rows.next()? {
        compare_dir(listing, &mut place, whole, row, &mut changes)?;
    }
    Ok(changes)
}

/// The entry of that name, if there is one: names before it are passed.
fn find<'a>(
    listing: &'a Listing,
    place: &mut usize,
    name: &[u8],
) -> Option<(usize, &'a ListedEntry)> {
    while let Some(item) = listing.at(*place) {
        match listing.name(item).cmp(name) {
            Ordering::Greater => return None,
            Ordering::Equal => {
                *place += 1;
                return Some((*place - 1, item));
            }
            Ordering::Less => *place += 1,
        }
    }
    None
}

/// A stored file, the columns of `FILE`.
pub(in crate::writer) fn compare_file(
    listing: &Listing,
    place: &mut usize,
    whole: bool,
    row: &Row<'_>,
    changes: &mut Difference,
) -> rusqlite::Result<()> {
    let name = bytes(row.get_ref(1)?)?;
    let (kind, size): (i64, Option<i64>) = (row.get(2)?, row.get(3)?);
    match find(listing, place, name) {
        Some((_, item)) if item.is_dir() => changes.gone_files.push((name.to_vec(), kind, size)),
        Some((place, item)) => {
            set(&mut changes.known, place);
            let same = kind == i64::from(item.kind)
                && size == item.size()
                && row.get::<_, Option<i64>>(4)? == item.mtime();
            if item.known && !same {
                changes.files.push((place, kind, size));
            }
        }
        None if whole && changes.gone_files.len() < PIECE => {
            changes.gone_files.push((name.to_vec(), kind, size));
        }
        None if whole => changes.more = true,
        None => {}
    }
    Ok(())
}

/// A stored directory, the columns of `DIR`. Says whether it is one still.
pub(in crate::writer) fn compare_dir(
    listing: &Listing,
    place: &mut usize,
    whole: bool,
    row: &Row<'_>,
    changes: &mut Difference,
) -> rusqlite::Result<bool> {
    let name = bytes(row.get_ref(1)?)?;
    let id = row.get(2)?;
    match find(listing, place, name) {
        Some((place, item)) if item.is_dir() || item.kind == 0 => {
            set(&mut changes.known, place);
            if item.known && row.get::<_, Option<i64>>(3)? != item.mtime() {
                changes.dirs.push((id, place));
            }
            return Ok(true);
        }
        Some((place, _)) => changes.gone_dirs.push((id, name.to_vec(), Some(place))),
        None if whole && changes.gone_dirs.len() < PIECE => {
            changes.gone_dirs.push((id, name.to_vec(), None));
        }
        None if whole => changes.more = true,
        None => {}
    }
    Ok(false)
}

pub(in crate::writer) fn set(known: &mut [bool], place: usize) {
    if let Some(known) = known.get_mut(place) {
        *known = true;
    }
}
