//! The way to a folder: down from its source's root, name by name. Nothing that was removed is met on it, for a removed
//! directory has no parent any more; and what stands in the way of a scan is seen in passing.

use aether_core::errno;
pub(super) use aether_core::path::{is_within, join, prefix, split};
use rusqlite::{Row, params};

use super::page::Page;
use super::query;
use super::sources::Source;
use crate::error::{Error, Reason};
use crate::schema::listing;
use crate::text::{Bytes, Text};

/// Read to its end while it kept changing: it may have shown less than there was.
const CHANGING: i64 = aether_core::slab::status::CHANGING as i64;

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
}

impl Dir {
    fn read(row: &Row<'_>) -> rusqlite::Result<Dir> {
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
        })
    }

    pub fn is_unread(&self) -> bool {
        self.status == listing::UNREAD
    }
}

/// How far the way to a path led.
#[derive(Clone, Debug)]
pub(super) struct Located<'p> {
    pub source: Source,
    /// The directory at its end: the folder itself if `rest` is empty.
    pub dir: Dir,
    /// Its path.
    pub path: &'p [u8],
    /// What could not be followed.
    pub rest: &'p [u8],
    /// Levels below the root.
    pub level: i64,
    /// The deepest level above it at which a scan could not enter.
    pub blocked: Option<i64>,
    /// Its own level and those above it that were not entered by scans from one up to another.
    pub missed: Vec<(i64, std::ops::Range<i64>)>,
    /// Levels above it of which the last listing was no proof of what is there, with the last generation that has certainly
    /// entered what follows on the way.
    pub unproven: Vec<(i64, i64)>,
}

/// Follows a path as far as it leads.
pub(super) fn locate<'p>(
    page: &Page<'_>,
    uuid: &str,
    path: &'p [u8],
) -> Result<Located<'p>, Error> {
    let source = Source::find(page, uuid)?;
    locate_in(page, source, path)
}

pub(super) fn locate_in<'p>(
    page: &Page<'_>,
    source: Source,
    path: &'p [u8],
) -> Result<Located<'p>, Error> {
    let root = page.first(query::DIR, [source.root_dir], Dir::read)?;
    let root = root.ok_or_else(|| {
        page.error(Reason::Corrupt)
            .with("a source without its root")
    })?;
    let mut at = Located {
        source,
        dir: root,
        path: &[],
        rest: path,
        level: 0,
        blocked: None,
        missed: Vec::new(),
        unproven: Vec::new(),
    };
    while !at.rest.is_empty() {
        let end = at.rest.iter().position(|byte| *byte == b'/');
        let (name, rest) = match end {
            // A slash that ends a path, or follows another, names nothing.
            Some(end) => (
                at.rest.get(..end),
                at.rest.get(end + 1..).filter(|rest| !rest.is_empty()),
            ),
            None => (Some(at.rest), Some([].as_slice())),
        };
        let (Some(name), Some(rest)) = (name, rest) else {
            break;
        };
        let params = params![at.dir.id, Text(name)];
        let Some(child) = page.first(query::CHILD_DIR, params, Dir::read)? else {
            break;
        };
        if !listing::is_entered(at.dir.status) {
            at.blocked = Some(at.level);
        }
        at.note_missed(page)?;
        if at.dir.status == CHANGING {
            at.unproven.push((at.level, child.listed_gen));
        }
        let start = path.len() - at.rest.len();
        at.path = path.get(..start + name.len()).unwrap_or_default();
        (at.dir, at.rest, at.level) = (child, rest, at.level + 1);
    }
    at.note_missed(page)?;
    Ok(at)
}

impl Located<'_> {
    fn note_missed(&mut self, page: &Page<'_>) -> Result<(), Error> {
        let (level, missed) = (self.level, &mut self.missed);
        page.each(query::MISSED, [self.dir.id], |row| {
            let regained: Option<i64> = row.get(1)?;
            missed.push((level, row.get(0)?..regained.unwrap_or(i64::MAX)));
            Ok(true)
        })
    }
}

/// The folder, or an error.
pub(super) fn folder<'p>(
    page: &Page<'_>,
    uuid: &str,
    path: &'p [u8],
) -> Result<Located<'p>, Error> {
    let at = locate(page, uuid, path)?;
    match at.rest {
        [] => Ok(at),
        _ => Err(no_folder(page, &at, path)?),
    }
}

/// The folder; of anything else the folder that it is in.
pub(super) fn folder_of<'p>(
    page: &Page<'_>,
    uuid: &str,
    path: &'p [u8],
) -> Result<Located<'p>, Error> {
    let at = locate(page, uuid, path)?;
    match at.rest {
        [] => Ok(at),
        name if !name.contains(&b'/') && is_file(page, &at)? => Ok(at),
        _ => Err(no_folder(page, &at, path)?),
    }
}

/// Why there is no folder at the end of the way: nothing is there, or something that is no directory.
pub(super) fn no_folder(page: &Page<'_>, at: &Located<'_>, path: &[u8]) -> Result<Error, Error> {
    let shown = path.escape_ascii();
    Ok(match is_file(page, at)? {
        true => page
            .error(Reason::Errno(errno::NOTDIR))
            .with(format!("{shown} is a file")),
        false => page.error(Reason::NoFolder).with(shown.to_string()),
    })
}

/// Whether the way ends at something that is no directory.
fn is_file(page: &Page<'_>, at: &Located<'_>) -> Result<bool, Error> {
    let name = at.rest.split(|byte| *byte == b'/').next();
    let params = params![at.dir.id, Text(name.unwrap_or_default())];
    Ok(page.first(query::CHILD_FILE, params, |_| Ok(()))?.is_some())
}
