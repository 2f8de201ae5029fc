//! Finds a folder from its source's root, name by name. Removed directories are never found, since
//! they have no parent. What a scan could not enter on the way is noted.

use aether_core::errno;
pub(super) use aether_core::path::{is_within, join, names, prefix, split};
use rusqlite::params;

use super::query;
use super::read_txn::ReadTxn;
use super::rows::Dir;
use super::sources::Source;
use crate::error::{Error, Reason};
use crate::text::Text;
use crate::values::listing;
use crate::writer::chain;

/// Changed while read: entries may be missing.
const CHANGING: i64 = aether_core::slab::status::CHANGING as i64;

/// How far a path could be followed.
#[derive(Clone, Debug)]
pub(super) struct Located<'p> {
    pub source: Source,
    /// The directory at its end: the folder itself if `unresolved` is empty.
    pub dir: Dir,
    /// Its path.
    pub path: &'p [u8],
    /// The part of the path that does not exist.
    pub unresolved: &'p [u8],
    /// Levels below the root.
    pub level: i64,
    /// As `links.chain`.
    pub chain: Vec<u8>,
    /// The deepest level above it that a scan could not enter.
    pub blocked: Option<i64>,
    /// Its own level and those above it that were not entered by scans from one up to another.
    pub missed: Vec<(i64, std::ops::Range<i64>)>,
    /// Levels above it of which the last listing was no proof of what is there, with the last
    /// generation that has certainly entered what follows on the way.
    pub unproven: Vec<(i64, i64)>,
}

/// Follows a path as far as it exists.
pub(super) fn locate<'p>(
    txn: &ReadTxn<'_>,
    uuid: &str,
    path: &'p [u8],
) -> Result<Located<'p>, Error> {
    let source = Source::find(txn, uuid)?;
    locate_in(txn, source, path)
}

pub(super) fn locate_in<'p>(
    txn: &ReadTxn<'_>,
    source: Source,
    path: &'p [u8],
) -> Result<Located<'p>, Error> {
    let root = txn.first(query::DIR, [source.root_dir], Dir::read)?;
    let root = root.ok_or_else(|| txn.error(Reason::Corrupt).with("a source without its root"))?;
    let mut at = Located {
        source,
        dir: root,
        path: &[],
        unresolved: path,
        level: 0,
        chain: Vec::new(),
        blocked: None,
        missed: Vec::new(),
        unproven: Vec::new(),
    };
    while !at.unresolved.is_empty() {
        let end = at.unresolved.iter().position(|byte| *byte == b'/');
        let (name, rest) = match end {
            // A slash that ends a path, or follows another, names nothing.
            Some(end) => (
                at.unresolved.get(..end),
                at.unresolved.get(end + 1..).filter(|rest| !rest.is_empty()),
            ),
            None => (Some(at.unresolved), Some([].as_slice())),
        };
        let (Some(name), Some(rest)) = (name, rest) else {
            break;
        };
        let params = params![at.dir.id, Text(name)];
        let Some(child) = txn.first(query::CHILD_DIR, params, Dir::read)? else {
            break;
        };
        if !listing::is_entered(at.dir.status) {
            at.blocked = Some(at.level);
        }
        at.note_missed(txn)?;
        if at.dir.status == CHANGING {
            at.unproven.push((at.level, child.listed_gen));
        }
        let start = path.len() - at.unresolved.len();
        at.path = path.get(..start + name.len()).unwrap_or_default();
        chain::push(&mut at.chain, child.id);
        (at.dir, at.unresolved, at.level) = (child, rest, at.level + 1);
    }
    at.note_missed(txn)?;
    Ok(at)
}

impl Located<'_> {
    fn note_missed(&mut self, txn: &ReadTxn<'_>) -> Result<(), Error> {
        let (level, missed) = (self.level, &mut self.missed);
        txn.each(query::MISSED, [self.dir.id], |row| {
            let regained: Option<i64> = row.get(1)?;
            missed.push((level, row.get(0)?..regained.unwrap_or(i64::MAX)));
            Ok(true)
        })
    }
}

/// The folder, or an error.
pub(super) fn folder<'p>(
    txn: &ReadTxn<'_>,
    uuid: &str,
    path: &'p [u8],
) -> Result<Located<'p>, Error> {
    let at = locate(txn, uuid, path)?;
    match at.unresolved {
        [] => Ok(at),
        _ => Err(no_folder(txn, &at, path)?),
    }
}

/// The folder, or the folder that a file is in.
pub(super) fn folder_of<'p>(
    txn: &ReadTxn<'_>,
    uuid: &str,
    path: &'p [u8],
) -> Result<Located<'p>, Error> {
    let at = locate(txn, uuid, path)?;
    match at.unresolved {
        [] => Ok(at),
        name if !name.contains(&b'/') && is_file(txn, &at)? => Ok(at),
        _ => Err(no_folder(txn, &at, path)?),
    }
}

/// Why a path leads to no folder: there is nothing, or something other than a directory.
pub(super) fn no_folder(txn: &ReadTxn<'_>, at: &Located<'_>, path: &[u8]) -> Result<Error, Error> {
    let shown = path.escape_ascii();
    Ok(match is_file(txn, at)? {
        true => txn
            .error(Reason::Errno(errno::NOTDIR))
            .with(format!("{shown} is a file")),
        false => txn.error(Reason::NoFolder).with(shown.to_string()),
    })
}

/// Whether the path ends at something other than a directory.
fn is_file(txn: &ReadTxn<'_>, at: &Located<'_>) -> Result<bool, Error> {
    let name = names(at.unresolved).next().unwrap_or_default();
    let params = params![at.dir.id, Text(name)];
    Ok(txn.first(query::CHILD_FILE, params, |_| Ok(()))?.is_some())
}
