//! Removes a cache file whose rows have been committed: only when they are in the database file
//! itself and on the disk, so that no loss of power can take both the rows and the file they came
//! from.

use std::fs::File;
use std::io::ErrorKind;
use std::path::Path;

use rusqlite::Connection;

use super::ImportRefused;
use super::import::failed;
use crate::error::{Error, Operation, Reason};

/// Copies the log into the database, with everything synced, then removes the file and syncs its
/// folder. While a reader or a writer is in the way of the checkpoint, the file stays, and the
/// error says busy.
pub fn remove(connection: &Connection, path: &Path) -> Result<(), ImportRefused> {
    let before: i64 = connection
        .pragma_query_value(None, "synchronous", |row| row.get(0))
        .map_err(|error| failed(connection, &error))?;
    let full = || {
        connection.pragma_update(None, "synchronous", "full")?;
        let counts = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
        connection.query_row("PRAGMA wal_checkpoint(FULL)", (), counts)
    };
    let checkpoint: rusqlite::Result<(i64, i64, i64)> = full();
    let restored = connection.pragma_update(None, "synchronous", before);
    let (busy, log, copied) = checkpoint.map_err(|error| failed(connection, &error))?;
    restored.map_err(|error| failed(connection, &error))?;
    if busy != 0 || log != copied {
        let index = connection.path().unwrap_or_default();
        let error = Error::new(Reason::Busy, Operation::Checkpoint, index.as_bytes());
        return Err(ImportRefused::Index(error));
    }
    match std::fs::remove_file(path) {
        // Another process has imported and removed it already.
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        removed => removed?,
    }
    let directory = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    Ok(File::open(directory)?.sync_all()?)
}
