//! Imports the rows of a cache in pieces, each a transaction and a turn of the writer, so that
//! scans and checkpoints get their turns in between. Importing twice gives the same; an import that
//! was stopped leaves the file to be imported again.

use std::collections::HashMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use rusqlite::{Connection, Transaction, TransactionBehavior, params};

use super::{Cache, CacheRow, ImportRefused, file, inflate};
use crate::error::{Error, Operation};
use crate::text::Text;

/// Maximum number of rows in a piece.
const PIECE: usize = 20_000;

/// What an import did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// Rows that the cache has.
    pub rows: u64,
    /// Nothing was imported: a scan that ran to its end knows better.
    pub outdated: bool,
}

/// The outcome for each cache in a folder, sorted by id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Imported, and the file removed.
    pub migrated: Vec<(String, Imported)>,
    /// Left alone until a scan of the root: no root is known, or they have another version.
    pub needs_rescan: Vec<(String, ImportRefused)>,
    /// Left alone: they are damaged, or the index failed.
    pub failed: Vec<(String, ImportRefused)>,
}

/// Some rows of a cache, on their way to the writer.
#[derive(Debug, Default)]
pub struct Piece {
    rows: Vec<Owned>,
}

#[derive(Debug)]
struct Owned {
    prefix: Vec<u8>,
    name: Vec<u8>,
    is_folder: bool,
    file_count: u32,
}

impl From<CacheRow<'_>> for Owned {
    fn from(row: CacheRow<'_>) -> Owned {
        Owned {
            prefix: row.prefix.to_vec(),
            name: row.name.to_vec(),
            is_folder: row.is_folder,
            file_count: row.file_count,
        }
    }
}

impl Piece {
    /// Inserts it into `imported` for this source. Returns whether the rows are of use: not once a
    /// scan has run to its end.
    pub fn put(&self, connection: &Connection, source: i64) -> Result<bool, ImportRefused> {
        let put = || -> rusqlite::Result<bool> {
            let behavior = TransactionBehavior::Immediate;
            let transaction = Transaction::new_unchecked(connection, behavior)?;
            let sql = "SELECT 1 FROM sources WHERE id = ?1 AND last_complete_at IS NULL";
            if !transaction.prepare_cached(sql)?.exists([source])? {
                return Ok(false);
            }
            let mut insert = transaction.prepare_cached(
                "INSERT INTO imported (source_id, prefix, name, is_folder, file_count)
                 VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO UPDATE SET file_count = excluded.file_count
                 WHERE file_count <> excluded.file_count",
            )?;
            for row in &self.rows {
                insert.execute(params![
                    source,
                    Text(&row.prefix),
                    Text(&row.name),
                    row.is_folder,
                    row.file_count
                ])?;
            }
            drop(insert);
            transaction.commit()?;
            Ok(true)
        };
        put().map_err(|error| failed(connection, &error))
    }
}

/// Gives the rows of a cache to `put`, piece by piece, until they are outdated. The file is not
/// touched.
pub fn import(
    cache: &Cache,
    cancel: &AtomicBool,
    mut put: impl FnMut(Piece) -> Result<bool, ImportRefused>,
) -> Result<Imported, ImportRefused> {
    const OUTDATED: Imported = Imported {
        rows: 0,
        outdated: true,
    };
    let (mut piece, mut rows, mut outdated) = (Piece::default(), 0, false);
    let mut give = |piece: &mut Piece| {
        if cancel.load(Ordering::Relaxed) {
            return Err(ImportRefused::Cancelled);
        }
        put(std::mem::take(piece))
    };
    let given = cache.rows(|row| {
        rows += 1;
        piece.rows.push(row.into());
        if piece.rows.len() == PIECE && !give(&mut piece)? {
            outdated = true;
            return Err(ImportRefused::Cancelled);
        }
        Ok(())
    });
    if outdated {
        return Ok(OUTDATED);
    }
    given?;
    Ok(match give(&mut piece)? {
        true => Imported {
            rows,
            outdated: false,
        },
        false => OUTDATED,
    })
}

/// Reads the cache of one source, if there is one. It may be large, and its disk slow.
pub fn of_source(directory: &Path, id: &str) -> Result<Option<Cache>, ImportRefused> {
    let Some(path) = file(directory, id) else {
        return Ok(None);
    };
    // ENOENT: most sources have none.
    let cache = match inflate::read(&path) {
        Err(ImportRefused::Io(2, _)) => return Ok(None),
        cache => cache?,
    };
    match cache.source_id() == id {
        true => Ok(Some(cache)),
        false => Err(ImportRefused::OtherSource(cache.source_id().to_owned())),
    }
}

/// Imports all caches in a folder whose source is given by its id, each by a call of `import`. One
/// that fails does not stop the others.
pub fn import_dir(
    directory: &Path,
    sources: &HashMap<String, i64>,
    mut import: impl FnMut(&str, i64) -> Result<Option<Imported>, ImportRefused>,
) -> Result<Outcome, ImportRefused> {
    let mut ids = Vec::new();
    for entry in std::fs::read_dir(directory)? {
        // A name that is not UTF-8 is none that the predecessor gave.
        if let Ok(name) = entry?.file_name().into_string()
            && let Some(name) = name.strip_prefix("folders_")
            && let Some(id) = name.strip_suffix(".bin.zst")
        {
            ids.push(id.to_owned());
        }
    }
    ids.sort_unstable();
    let mut outcome = Outcome::default();
    for id in ids {
        let done = match sources.get(&id) {
            Some(&source) => import(&id, source),
            None => Err(ImportRefused::NoRoot),
        };
        match done {
            Ok(Some(imported)) => outcome.migrated.push((id, imported)),
            // Gone since the folder was listed.
            Ok(None) => {}
            Err(reason @ (ImportRefused::NoRoot | ImportRefused::Version(_))) => {
                outcome.needs_rescan.push((id, reason));
            }
            Err(reason) => outcome.failed.push((id, reason)),
        }
    }
    Ok(outcome)
}

pub(super) fn failed(connection: &Connection, error: &rusqlite::Error) -> ImportRefused {
    let path = connection.path().unwrap_or_default();
    ImportRefused::Index(Error::sqlite(error, Operation::Import, path.as_bytes()))
}
