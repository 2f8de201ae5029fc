//! Rewrites the file without its free pages, in one long transaction: it needs the writer's own
//! connection, between batches, and room for two more copies of the file, beside it and in its log.
//! Readers continue with the old content.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rusqlite::{Connection, ErrorCode};

use super::OPS;
use crate::error::{Error, Operation, Reason};

/// What became of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Vacuumed {
    /// Its length before, holes included.
    pub before: u64,
    /// And after.
    pub after: u64,
}

/// On the writer's connection, as `Index::with_connection_until` lends it. Cancelled or not, nothing in
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

fn length(connection: &Connection) -> rusqlite::Result<u64> {
    let pragma = |name| connection.pragma_query_value(None, name, |row| row.get::<_, u32>(0));
    Ok(u64::from(pragma("page_count")?) * u64::from(pragma("page_size")?))
}
