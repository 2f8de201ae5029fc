//! Sources whose roots lie within each other: each has a tree of its own. Of those with the same
//! rules, the one that listed a folder last answers for it.

use aether_core::slab::status;

use super::freshness::looks;
use super::locate::{Located, join, locate_in, split};
use super::pool::Pool;
use super::query;
use super::read_txn::ReadTxn;
use super::sources::Source;
use crate::answer::Newer;
use crate::error::Error;
use crate::rules::Rules;
use crate::text::Text;

/// A folder or an entry as one source has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The source's uuid.
    pub source: String,
    /// Relative to its root.
    pub path: Vec<u8>,
}

/// A source that holds a folder, and its last look there: its number, and when it ended.
struct Holder {
    source: Source,
    folder: Vec<u8>,
    look: i64,
    scanned_at: Option<i64>,
}

impl Pool {
    /// The source whose scan was the last to see a full path, of those with the rules of the
    /// innermost one that has looked; the innermost where none has. None if no root is at that path
    /// or above it. Links are not followed: [`crate::IndexState::place`] does that first.
    pub fn place(&self, path: &[u8]) -> Result<Option<Place>, Error> {
        self.page(|txn| {
            let mut holders = holders(txn, path, None)?;
            let has_looked = holders.iter().position(|holder| holder.look > 0);
            let mut holders = holders.drain(has_looked.unwrap_or(0)..);
            let Some(mut best) = holders.next() else {
                return Ok(None);
            };
            for other in holders {
                if other.source.rules == best.source.rules && other.look > best.look {
                    best = other;
                }
            }
            Ok(Some(Place {
                source: best.source.uuid,
                path: best.folder,
            }))
        })
    }
}

/// Another source with the same rules that has looked at a folder later than this one, whose last
/// look is given.
pub(super) fn newer(
    txn: &ReadTxn<'_>,
    at: &Located<'_>,
    look: i64,
) -> Result<Option<Newer>, Error> {
    let path = full(&at.source.root, at.path);
    let others = holders(txn, &path, Some(at.source.id))?.into_iter();
    let others = others.filter(|other| other.source.rules == at.source.rules && other.look > look);
    Ok(others.max_by_key(|other| other.look).map(|other| Newer {
        source: other.source.uuid,
        folder: other.folder,
        scanned_at: other.scanned_at,
    }))
}

/// All sources whose root is at a full path or above it, the innermost first, but for one.
fn holders(txn: &ReadTxn<'_>, path: &[u8], except: Option<i64>) -> Result<Vec<Holder>, Error> {
    let mut found = Vec::new();
    let mut innermost = None;
    for root in above(path) {
        let Some(source) = txn.first(query::SOURCE_AT, [Text(root)], Source::read)? else {
            continue;
        };
        let inner = *innermost.get_or_insert(root);
        if Some(source.id) != except {
            let folder = beneath(path, root).to_vec();
            let (look, scanned_at) = last_look(txn, source.clone(), &folder, beneath(inner, root))?;
            found.push(Holder {
                source,
                folder,
                look,
                scanned_at,
            });
        }
    }
    Ok(found)
}

/// The id of the innermost source whose root lies above a root.
pub(super) fn around(txn: &ReadTxn<'_>, root: &[u8]) -> Result<Option<String>, Error> {
    for above in above(root).skip(1) {
        let source = txn.first(query::SOURCE_AT, [Text(above)], Source::read)?;
        if let Some(source) = source {
            return Ok(Some(source.uuid));
        }
    }
    Ok(None)
}

/// The full path of what lies beneath a root.
pub(crate) fn full(root: &[u8], path: &[u8]) -> Vec<u8> {
    match root {
        b"/" => [b"/", path].concat(),
        root if path.is_empty() => root.to_vec(),
        root => join(root, path),
    }
}

/// A full path and all above it, the longest first.
pub(crate) fn above(path: &[u8]) -> impl Iterator<Item = &[u8]> {
    std::iter::successors(Some(path), |path| match split(path).0 {
        _ if *path == b"/" || path.is_empty() => None,
        [] if path.starts_with(b"/") => Some(b"/"),
        [] => None,
        above => Some(above),
    })
}

/// A path relative to one above it.
pub(crate) fn beneath<'a>(path: &'a [u8], root: &[u8]) -> &'a [u8] {
    let path = path.get(root.len()..).unwrap_or_default();
    path.strip_prefix(b"/").unwrap_or(path)
}

/// The last look that a source had at a folder. One that is not there was seen with the folder that
/// would have it, unless the innermost root around it, which is given, is one that this source may
/// leave out.
fn last_look(
    txn: &ReadTxn<'_>,
    source: Source,
    folder: &[u8],
    inner: &[u8],
) -> Result<(i64, Option<i64>), Error> {
    let at = locate_in(txn, source, folder)?;
    let is_there = at.unresolved.is_empty();
    let lacks_root = !is_there && at.path.len() < inner.len();
    let rules = std::str::from_utf8(&at.source.rules)
        .ok()
        .and_then(Rules::parse);
    let is_left_out = || rules.is_none_or(|rules| rules.may_leave_out(beneath(inner, at.path)));
    // Not entered; or shown as it kept changing, which proves nothing of what was not shown.
    let tells = match at.dir.status {
        OTHER_FILE_SYSTEM | LOOP => false,
        CHANGING => is_there,
        _ => !lacks_root || !is_left_out(),
    };
    match tells {
        true => looks(txn, &at).map(|looks| (looks.latest, looks.scanned_at)),
        false => Ok((0, None)),
    }
}

const OTHER_FILE_SYSTEM: i64 = status::OTHER_FILE_SYSTEM as i64;
const LOOP: i64 = status::LOOP as i64;
const CHANGING: i64 = status::CHANGING as i64;
