//! The file written anew without its holes. That is one long write transaction: it needs the
//! writer's own connection, between batches, and room for the file twice over, beside it and in its
//! log. Readers go on with what was before.

use std::os::unix::ffi::OsStrExt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode};

use super::{OPS, Phase, Watch};
use crate::error::{Error, Operation, Reason};
use crate::location::Location;
use crate::lock::WriterLock;
use crate::open::open_writer;
use crate::record::State;
use crate::token;

/// What became of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Vacuumed {
    /// Its length before, holes included.
    pub before: u64,
    /// And after.
    pub after: u64,
}

/// On the writer's connection, as `Index::with_connection` lends it. Cancelled or not, nothing in
/// the index changes.
pub fn vacuum(connection: &mut Connection, cancel: &Arc<AtomicBool>) -> Result<Vacuumed, Error> {
    let path = connection.path().unwrap_or_default().as_bytes().to_vec();
    let failed = |error: rusqlite::Error| match error.sqlite_error_code() {
        Some(ErrorCode::OperationInterrupted) => {
            Error::new(Reason::Ended, Operation::Maintain, &path).with("cancelled")
        }
        _ => Error::sqlite(&error, Operation::Maintain, &path),
    };
    let watched = Arc::clone(cancel);
    let handler = move || watched.load(Ordering::Relaxed);
    connection
        .progress_handler(OPS, Some(handler))
        .map_err(failed)?;
    let before = length(connection);
    let done = connection.execute_batch("VACUUM");
    let none: Option<fn() -> bool> = None;
    let freed = connection.progress_handler(OPS, none);
    done.and(freed).map_err(failed)?;
    Ok(Vacuumed {
        before: before.map_err(failed)?,
        after: length(connection).map_err(failed)?,
    })
}

/// For an index that nobody has open for writing.
pub fn vacuum_closed(
    location: &Location,
    wait: Duration,
    watch: &mut Watch<'_>,
) -> Result<Vacuumed, Error> {
    location.check_file()?;
    let lock = WriterLock::take(&location.sidecar, wait)?;
    let mut connection = open_writer(location, &lock, wait)?;
    watch.tell(Phase::Vacuum, 0, None);
    let done = vacuum(&mut connection, &watch.cancel)?;
    let path = location.database.as_os_str().as_bytes();
    // Half of this checkpoint would leave a database of which the token cannot be told.
    let cleared = lock.update(|record| record.tokens.clear());
    let cleared = cleared.and_then(|()| lock.sync());
    cleared.map_err(|error| Error::io(&error, Operation::Maintain, path))?;
    let failed = |error: &rusqlite::Error| Error::sqlite(error, Operation::Checkpoint, path);
    let checkpoint = "PRAGMA wal_checkpoint(TRUNCATE)";
    let busy = connection.query_row(checkpoint, (), |row| row.get::<_, bool>(0));
    if busy.map_err(|error| failed(&error))? {
        let error = Error::new(Reason::Busy, Operation::Checkpoint, path);
        return Err(error.with(
            "a reader keeps the file as long as it was until it is next opened for writing",
        ));
    }
    let read = || Ok((token::read(&connection)?, token::page(&connection)?));
    let (token, page) = read().map_err(|error| failed(&error))?;
    let known = lock.update(|record| {
        (record.tokens, record.page, record.state) = (vec![token], page, State::Closed);
    });
    known.map_err(|error| Error::io(&error, Operation::Maintain, path))?;
    Ok(done)
}

fn length(connection: &Connection) -> rusqlite::Result<u64> {
    let pragma = |name| connection.pragma_query_value(None, name, |row| row.get::<_, u32>(0));
    Ok(u64::from(pragma("page_count")?) * u64::from(pragma("page_size")?))
}
