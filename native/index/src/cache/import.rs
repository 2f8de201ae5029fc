//! Puts what a cache holds into the index, in pieces, each in a transaction of its own. Done twice it gives the same; stopped
//! on the way, it leaves the file to be imported again.

use std::collections::HashMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use rusqlite::{Connection, Statement, Transaction, TransactionBehavior, params};

use super::{Cache, Refused, Row, file, inflate, remove};
use crate::error::{Error, Operation};
use crate::text::Text;

/// Rows in a transaction.
const PIECE: usize = 5_000;

/// What an import did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// Rows that the cache has.
    pub rows: u64,
    /// Nothing was taken, as a scan that ran to its end knows better already.
    pub outdated: bool,
}

/// What became of the caches in a folder; by id, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Taken over, and the file removed.
    pub migrated: Vec<(String, Imported)>,
    /// Left alone; a scan of the root will give what is in them: no root is known, or they are of another version.
    pub needs_rescan: Vec<(String, Refused)>,
    /// Left alone, as something is wrong with them or with the index.
    pub failed: Vec<(String, Refused)>,
}

/// Puts the rows of a cache into `imported`, for the source with this row. The file is not touched.
pub fn import(
    connection: &Connection,
    source: i64,
    cache: &Cache,
    cancel: &AtomicBool,
) -> Result<Imported, Refused> {
    let failed = |error: rusqlite::Error| failed(connection, &error);
    let complete: Option<i64> = connection
        .query_row(
            "SELECT last_complete_at FROM sources WHERE id = ?1",
            [source],
            |row| row.get(0),
        )
        .map_err(failed)?;
    if complete.is_some() {
        return Ok(Imported {
            rows: 0,
            outdated: true,
        });
    }
    let mut piece = Piece::new(connection, source).map_err(failed)?;
    let mut rows = 0;
    cache.rows(|row| {
        if rows % PIECE as u64 == 0 && cancel.load(Ordering::Relaxed) {
            return Err(Refused::Cancelled);
        }
        rows += 1;
        piece.push(row).map_err(failed)
    })?;
    piece.commit().map_err(failed)?;
    Ok(Imported {
        rows,
        outdated: false,
    })
}

struct Piece<'a> {
    connection: &'a Connection,
    source: i64,
    insert: Statement<'a>,
    open: Option<Transaction<'a>>,
    count: usize,
}

impl<'a> Piece<'a> {
    fn new(connection: &'a Connection, source: i64) -> rusqlite::Result<Self> {
        let insert = connection.prepare(
            "INSERT INTO imported (source_id, prefix, name, is_folder, file_count)
             VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO UPDATE SET file_count = excluded.file_count
             WHERE file_count <> excluded.file_count",
        )?;
        Ok(Piece {
            connection,
            source,
            insert,
            open: None,
            count: 0,
        })
    }

    fn push(&mut self, row: Row<'_>) -> rusqlite::Result<()> {
        if self.open.is_none() {
            let behavior = TransactionBehavior::Immediate;
            self.open = Some(Transaction::new_unchecked(self.connection, behavior)?);
        }
        self.insert.execute(params![
            self.source,
            Text(row.prefix),
            Text(row.name),
            row.is_folder,
            row.file_count
        ])?;
        self.count += 1;
        match self.count % PIECE {
            0 => self.commit(),
            _ => Ok(()),
        }
    }

    fn commit(&mut self) -> rusqlite::Result<()> {
        self.open.take().map_or(Ok(()), Transaction::commit)
    }
}

/// Reads the cache of one source, if there is one. It may be large, and its disk slow.
pub fn of_source(directory: &Path, id: &str) -> Result<Option<Cache>, Refused> {
    let Some(path) = file(directory, id) else {
        return Ok(None);
    };
    // ENOENT: most sources have none.
    let cache = match inflate::read(&path) {
        Err(Refused::Io(2, _)) => return Ok(None),
        cache => cache?,
    };
    match cache.source_id() == id {
        true => Ok(Some(cache)),
        false => Err(Refused::OtherSource(cache.source_id().to_owned())),
    }
}

/// Imports what [`of_source`] gave, and removes the file.
pub fn take_over(
    connection: &Connection,
    directory: &Path,
    source: i64,
    cache: &Cache,
    cancel: &AtomicBool,
) -> Result<Imported, Refused> {
    let imported = import(connection, source, cache, cancel)?;
    if let Some(path) = file(directory, cache.source_id()) {
        remove(connection, &path)?;
    }
    Ok(imported)
}

/// Imports all caches in a folder whose source is given by its id, each by a call of `import`: [`of_source`] and [`take_over`].
/// One that fails does not stop the others.
pub fn import_dir(
    directory: &Path,
    sources: &HashMap<String, i64>,
    mut import: impl FnMut(&str, i64) -> Result<Option<Imported>, Refused>,
) -> Result<Outcome, Refused> {
    let mut ids = Vec::new();
    for entry in std::fs::read_dir(directory)? {
        // A name that is not UTF-8 is none that the original gave.
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
            None => Err(Refused::NoRoot),
        };
        match done {
            Ok(Some(imported)) => outcome.migrated.push((id, imported)),
            // Gone since the folder was listed.
            Ok(None) => {}
            Err(reason @ (Refused::NoRoot | Refused::Version(_))) => {
                outcome.needs_rescan.push((id, reason));
            }
            Err(reason) => outcome.failed.push((id, reason)),
        }
    }
    Ok(outcome)
}

pub(super) fn failed(connection: &Connection, error: &rusqlite::Error) -> Refused {
    let path = connection.path().unwrap_or_default();
    Refused::Index(Error::sqlite(error, Operation::Import, path.as_bytes()))
}
