//! The files that changed in the folders of a page.

use std::collections::BTreeMap;

use rusqlite::params;

use super::{RankedChanges, Wanted};
use crate::error::Error;
use crate::reader::query;
use crate::reader::read_txn::ReadTxn;
use crate::text::Bytes;

/// Maximum number of files on a page, which ends after the folder that exceeds it.
const MAX_FILES: usize = 10_000;

/// Maximum number of lookups for a page, which ends after the folder that exceeds it.
const MAX_LOOKUPS: i64 = 100_000;

/// Maximum bytes of names that the history keeps of one directory and generation.
const MAX_NAMES: i64 = 64 << 10;

/// The files that changed in one folder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChangedFiles {
    /// By name.
    pub files: Vec<ChangedFile>,
    /// Whether these are all. There may have been too many, or the folder is gone.
    pub complete: bool,
}

/// A file that changed between two generations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangedFile {
    /// Its name in the folder.
    pub name: Vec<u8>,
    /// Whether there was a file of that name.
    pub was: bool,
    /// What it is now; None if it is gone.
    pub kind: Option<u8>,
    /// Change in bytes.
    pub bytes: i64,
}

impl ChangedFile {
    /// What happened to it, as a word.
    pub fn change(&self) -> &'static str {
        match (self.was, self.kind) {
            (_, None) => "removed",
            (false, Some(_)) => "added",
            (true, Some(_)) => "changed",
        }
    }
}

/// Adds the files to each folder. Returns whether folders were cut off because that was too much.
pub(super) fn add(
    txn: &ReadTxn<'_>,
    wanted: &Wanted<'_>,
    ranked: &mut RankedChanges,
) -> Result<bool, Error> {
    let known = txn.first(query::HISTORY_FROM, [wanted.source], |row| {
        row.get::<_, i64>(0)
    })?;
    let known = known.unwrap_or(i64::MAX);
    // Nothing is recorded of a source's first generation.
    let is_all_known = wanted.from >= known.max(1);
    let from = wanted.from.max(known.saturating_sub(1));
    let (mut count, mut lookups) = (0, 0);
    for at in 0..ranked.len() {
        let Some((rank, change)) = ranked.get_mut(at) else {
            break;
        };
        let mut files = ChangedFiles::default();
        if !change.gone {
            files.complete = is_all_known;
            lookups += change.generation.saturating_sub(from);
            for generation in from + 1..=change.generation {
                files.complete &= read(txn, (wanted.source, generation, rank.id), &mut files)?;
            }
            files.files.retain(|file| file.was || file.kind.is_some());
        }
        count += files.files.len();
        change.files = Some(files);
        if (count > MAX_FILES || lookups > MAX_LOOKUPS) && at + 1 < ranked.len() {
            ranked.truncate(at + 1);
            return Ok(true);
        }
    }
    Ok(false)
}

/// Adds the changes of one more generation. Returns whether they are all.
fn read(txn: &ReadTxn<'_>, at: (i64, i64, i64), files: &mut ChangedFiles) -> Result<bool, Error> {
    let values = params![at.0, at.1, at.2];
    let names = txn.first(query::CHANGED_NAMES, values, |row| {
        row.get::<_, Option<i64>>(0)
    })?;
    let Some(names) = names else {
        // Nothing happened.
        return Ok(true);
    };
    let before = std::mem::take(&mut files.files).into_iter();
    let mut by_name: BTreeMap<_, _> = before.map(|file| (file.name.clone(), file)).collect();
    txn.each(query::CHANGED_FILES, values, |row| {
        let file = ChangedFile {
            name: row.get::<_, Bytes>(0)?.0,
            was: row.get(1)?,
            kind: row.get(2)?,
            bytes: row.get(3)?,
        };
        match by_name.get_mut(&file.name) {
            Some(known) => {
                known.kind = file.kind;
                known.bytes = known.bytes.saturating_add(file.bytes);
            }
            None => drop(by_name.insert(file.name.clone(), file)),
        }
        Ok(true)
    })?;
    files.files = by_name.into_values().collect();
    Ok(names.is_some_and(|names| names <= MAX_NAMES))
}
