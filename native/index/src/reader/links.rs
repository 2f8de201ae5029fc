//! The other names of a file: an inode's rows in `links` say in which directories to look.

use rusqlite::params;
use rusqlite::types::Value;

use super::freshness::answer;
use super::locate::{Located, join, locate};
use super::pool::Pool;
use super::query;
use super::read_txn::ReadTxn;
use crate::answer::Answer;
use crate::error::Error;
use crate::text::{Bytes, Text};

/// Maximum number of names that are returned.
const MAX_LIMIT: usize = 10_000;
/// Directories whose ids are read by one statement.
const CHUNK: usize = 1000;

/// A file's other names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Links {
    /// Relative to the source's root, directory by directory.
    pub paths: Vec<Vec<u8>>,
    /// There are more within the source.
    pub more: bool,
    /// Names that the inode has, as last seen. None where it is not known.
    pub nlink: Option<u32>,
    /// How many of them the source does not know: outside of its root, left out by its rules, or
    /// not seen yet. None where it is not known.
    pub elsewhere: Option<u32>,
}

/// An inode with several names.
#[derive(Clone, Copy)]
struct StoredLink {
    device: i64,
    inode: i64,
}

impl Pool {
    /// Up to `limit`, 1 to 10,000, other names of a file. None where there is no such file, and of a
    /// folder. Without numbers until sizes on disk are known.
    pub fn links(
        &self,
        source: &str,
        path: &[u8],
        limit: usize,
    ) -> Result<Answer<Option<Links>>, Error> {
        self.page(|txn| {
            let at = locate(txn, source, path)?;
            if at.unresolved.is_empty() || at.unresolved.contains(&b'/') {
                return answer(txn, &at, None);
            }
            let params = params![at.dir.id, Text(at.unresolved)];
            let found = txn.first(query::LINKED_FILE, params, |row| {
                let is_known = row.get::<_, Option<i64>>(0)?.is_some();
                Ok((is_known, row.get(1)?, row.get(2)?))
            })?;
            let links = match found {
                None => None,
                Some(_) if !at.source.has_disk => Some(Links::default()),
                Some((_, Some(inode), Some(device))) => {
                    let limit = limit.clamp(1, MAX_LIMIT);
                    let inode = StoredLink { device, inode };
                    Some(read(txn, &at, path, inode, limit)?)
                }
                Some((is_known, ..)) => Some(Links {
                    nlink: is_known.then_some(1),
                    elsewhere: is_known.then_some(0),
                    ..Links::default()
                }),
            };
            answer(txn, &at, links)
        })
    }
}

fn read(
    txn: &ReadTxn<'_>,
    at: &Located<'_>,
    path: &[u8],
    of: StoredLink,
    limit: usize,
) -> Result<Links, Error> {
    let params = params![of.device, of.inode];
    let read = |row: &rusqlite::Row<'_>| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?));
    let Some((nlink, names)) = txn.first(query::INODE, params, read)? else {
        return Ok(Links::default());
    };
    let mut paths = Vec::new();
    // TEXT sorts before all chains, also the root's, which is empty.
    let mut after = Value::Text(String::new());
    while paths.len() <= limit {
        let params = params![of.device, of.inode, after, CHUNK as i64];
        let chains: Vec<Vec<u8>> = txn.all(query::CHAINS, params, |row| row.get(0))?;
        for chain in &chains {
            let folder = last_id(chain).unwrap_or(at.source.root_dir);
            let Some(prefix) = path_of(txn, at.source.root_dir, folder)? else {
                continue;
            };
            let names = params![folder, of.inode];
            let names = txn.all(query::LINKED_NAMES, names, |row| row.get::<_, Bytes>(0))?;
            let found = names.iter().map(|name| join(&prefix, &name.0));
            paths.extend(found.filter(|other| other != path));
            if paths.len() > limit {
                break;
            }
        }
        match chains.into_iter().nth(CHUNK - 1) {
            Some(last) => after = Value::Blob(last),
            None => break,
        }
    }
    let more = paths.len() > limit;
    // Names that were removed are in `inodes` until their rows are deleted.
    let known = match more {
        true => names,
        false => paths.len() as i64 + 1,
    };
    paths.truncate(limit);
    let count = |count: i64| u32::try_from(count.max(0)).ok();
    Ok(Links {
        paths,
        more,
        nlink: count(nlink),
        elsewhere: count(nlink - known),
    })
}

/// The id of the directory that a chain leads to, None of the root: seven bits a byte, the lowest
/// first, and of all but an id's last byte the highest bit is set.
fn last_id(chain: &[u8]) -> Option<i64> {
    let (last, before) = chain.split_last()?;
    let more = before.iter().rev().take_while(|byte| **byte >= 0x80);
    let id = i64::from(*last);
    Some(more.fold(id, |id, byte| (id << 7) | i64::from(byte & 0x7f)))
}

/// A directory's path; None of one that was removed.
fn path_of(txn: &ReadTxn<'_>, root: i64, folder: i64) -> Result<Option<Vec<u8>>, Error> {
    let (mut id, mut names) = (folder, Vec::new());
    while id != root {
        let parent = txn.first(query::PARENT, [id], |row| {
            Ok((row.get::<_, Option<i64>>(0)?, row.get::<_, Bytes>(1)?.0))
        })?;
        let Some((Some(parent), name)) = parent else {
            return Ok(None);
        };
        names.push(name);
        id = parent;
    }
    names.reverse();
    Ok(Some(names.join(&b'/')))
}
