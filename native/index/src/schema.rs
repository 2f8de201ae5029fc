//! The schema's version, how a new database gets it, and the numbers that its columns hold. The tables themselves, with the
//! meaning of every column, are in `schema.sql`.

use rusqlite::Connection;

mod history;

/// Written into the header of every index ("AETH"): other databases have another, or 0.
pub const APPLICATION_ID: i32 = 0x4145_5448;

/// The schema's version, in `user_version`. A file with a higher one is refused.
pub const VERSION: i32 = 1;

const SCHEMA: &str = include_str!("schema.sql");

/// Values of `dirs.status` beyond those of a slab's closing records.
pub mod listing {
    use aether_core::slab::status;

    /// Never listed, or never to its end.
    pub const UNREAD: i64 = 0;
    /// What lies here now is another file system than what is stored.
    pub const UNMOUNTED: i64 = 6;

    /// Whether a directory with this status may hold things that are not known.
    pub fn is_unknown(value: i64) -> bool {
        let known = [status::COMPLETE, status::OTHER_FILE_SYSTEM, status::LOOP];
        !known.iter().any(|&status| i64::from(status) == value)
    }
}

/// Values of `scans.status` and `sources.last_scan_status`.
pub mod scan_status {
    /// It has not ended, or nobody lives who could say so.
    pub const RUNNING: i64 = 0;
    /// Everything was read.
    pub const COMPLETE: i64 = 1;
    /// Something could not be read.
    pub const PARTIAL: i64 = 2;
    /// Cancelled.
    pub const CANCELLED: i64 = 3;
    /// It could not go on.
    pub const FAILED: i64 = 4;
    /// Its writer died.
    pub const CRASHED: i64 = 5;
}

/// Makes the tables in an empty database.
pub(crate) fn create(connection: &mut Connection) -> rusqlite::Result<()> {
    let transaction = connection.transaction()?;
    transaction.execute_batch(SCHEMA)?;
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", VERSION)?;
    transaction.commit()
}

/// Brings an older database up to this version. There is none older than the first.
pub(crate) fn migrate(connection: &mut Connection, from: i32) -> rusqlite::Result<()> {
    if from >= VERSION {
        return Ok(());
    }
    let transaction = connection.transaction()?;
    history::add(&transaction)?;
    transaction.commit()
}

/// Names of the tables that an index must have.
pub(crate) const TABLES: [&str; 9] = [
    "sources",
    "dirs",
    "paths",
    "files",
    "scans",
    "changes",
    "notes",
    "graveyard",
    "imported",
];
