//! Changes of the newest generation, the largest first, in the order of an index: a page reads
//! little more than it returns.

use rusqlite::params;

use super::{Change, Paths, Ranked, Wanted};
use crate::error::Error;
use crate::reader::locate::is_within;
use crate::reader::query;
use crate::reader::read_txn::ReadTxn;
use crate::text::Bytes;

/// Maximum number of removed folders for which to check whether they exist again.
const MAX_TOPS: usize = 200;

/// Whether the index `changes_size` is enough. It lacks the folders within removed trees, which are
/// needed where such a tree may exist again, and where a folder inside one is asked for.
pub(super) fn has_all(
    txn: &ReadTxn<'_>,
    wanted: &Wanted<'_>,
    paths: &mut Paths<'_>,
) -> Result<bool, Error> {
    let values = params![wanted.source, wanted.to, MAX_TOPS as i64 + 1];
    let tops: Vec<Vec<u8>> = txn.all(query::REMOVED_TOPS, values, |row| {
        Ok(row.get::<_, Bytes>(0)?.0)
    })?;
    if tops.len() > MAX_TOPS {
        return Ok(false);
    }
    for path in tops {
        let is_above = path != wanted.folder && is_within(wanted.folder, &path);
        if is_above || paths.may_exist(&path)? {
            return Ok(false);
        }
    }
    Ok(true)
}

pub(super) fn read(
    txn: &ReadTxn<'_>,
    wanted: &Wanted<'_>,
    paths: &mut Paths<'_>,
) -> Result<Ranked, Error> {
    let mut found = Vec::new();
    let mut failed = None;
    let after = match wanted.after {
        None => [i64::MIN; 4],
        Some(after) => {
            let (bytes, files, entries) = after.sizes.0;
            let down = |size: u64| 0_i64.saturating_sub_unsigned(size);
            [down(bytes), down(files), down(entries), after.id]
        }
    };
    let values = params![
        wanted.source,
        wanted.to,
        after[0],
        after[1],
        after[2],
        after[3]
    ];
    txn.each(query::LARGEST_CHANGES, values, |row| {
        let id = row.get(0)?;
        let path = row.get::<_, Option<Bytes>>(1)?.map(|path| path.0);
        let change = Change {
            gone: path.is_some(),
            generation: row.get(2)?,
            file_count: row.get(3)?,
            bytes: row.get(4)?,
            added: row.get(5)?,
            removed: row.get(6)?,
            changed: row.get(7)?,
            ..Change::default()
        };
        if change.is_nothing() && !change.gone {
            return Ok(true);
        }
        let path = match path {
            Some(path) => Some(path),
            None => match paths.of(id) {
                Ok(path) => path,
                Err(error) => {
                    failed = Some(error);
                    return Ok(false);
                }
            },
        };
        if let Some(path) = path.filter(|path| is_within(path, wanted.folder)) {
            found.push((change.rank(id), Change { path, ..change }));
        }
        Ok(found.len() < wanted.limit)
    })?;
    match failed {
        Some(error) => Err(error),
        None => Ok(found),
    }
}
