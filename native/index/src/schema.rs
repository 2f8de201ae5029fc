//! The schema's version, creating and migrating databases, and the numbers in its columns. The
//! tables, with the meaning of every column, are in `schema.sql`.

use rusqlite::{Connection, Transaction, TransactionBehavior};

mod disk;
mod history;
mod owners;

/// The application id in the header of every index ("AETH"). Other databases have another, or 0.
pub const APPLICATION_ID: i32 = 0x4145_5448;

/// The schema's version, in `user_version`. A file with a higher one is refused; a writer migrates
/// a file with a lower one.
pub const VERSION: i32 = 5;

/// What `sources.attributes` has where owners are kept.
pub(crate) const OWNER: &str = "owner";

/// Maximum length of a path in `paths`, with the slash that ends it. Longer paths have no row.
pub(crate) const MAX_PATH: usize = 4096;

const TABLES_SQL: &str = include_str!("schema.sql");
const VIEWS_SQL: &str = include_str!("views.sql");

/// Values of `files.kind`, as in a slab.
pub mod kind {
    use aether_core::slab::Kind;

    /// It could not be found out.
    pub const UNKNOWN: i64 = Kind::Unknown as i64;
    /// A regular file.
    pub const FILE: i64 = Kind::File as i64;
}

/// Values of `dirs.status` beyond those of a slab's closing records.
pub mod listing {
    use aether_core::slab::status;

    /// Never listed, or never to its end.
    pub const UNREAD: i64 = 0;
    /// Another file system than the stored one lies here now.
    pub const UNMOUNTED: i64 = 6;

    /// Whether a directory with this status may hold things that are not known.
    pub fn is_unknown(value: i64) -> bool {
        let known = [status::COMPLETE, status::OTHER_FILE_SYSTEM, status::LOOP];
        !known.iter().any(|&status| i64::from(status) == value)
    }

    /// Whether a scan that finds this status goes on to what lies beneath. An unread directory was
    /// passed on the way to a listed one beneath it.
    pub fn is_entered(value: i64) -> bool {
        let entered = [status::COMPLETE, status::CHANGING];
        value == UNREAD || entered.iter().any(|&status| i64::from(status) == value)
    }

    /// Whether a directory with this status is not to be entered: it lies on another file system, or
    /// is one of its own ancestors.
    pub fn is_left_out(value: i64) -> bool {
        let left_out = [status::OTHER_FILE_SYSTEM, status::LOOP];
        left_out.iter().any(|&status| i64::from(status) == value)
    }

    /// Whether it was read to its end while it kept changing.
    pub fn is_changing(value: i64) -> bool {
        value == i64::from(status::CHANGING)
    }

    /// Whether it could not be opened, or not be read to its end.
    pub fn is_failed(value: i64) -> bool {
        u32::try_from(value).is_ok_and(|value| status::to_errno(value).is_some())
    }
}

/// Values of `scans.status` and `sources.last_scan_status`.
pub mod scan_status {
    /// It has not ended, or its writer died before it could say so.
    pub const RUNNING: i64 = 0;
    /// Everything was read.
    pub const COMPLETE: i64 = 1;
    /// Something could not be read.
    pub const PARTIAL: i64 = 2;
    /// Cancelled.
    pub const CANCELLED: i64 = 3;
    /// It failed.
    pub const FAILED: i64 = 4;
    /// Its writer died.
    pub const CRASHED: i64 = 5;
}

/// A step of a migration. It must not depend on `schema.sql`, which later versions change.
type MigrationStep = fn(&Transaction<'_>) -> rusqlite::Result<()>;

/// The steps from each version to the next, from version 1 on.
const MIGRATIONS: [&[MigrationStep]; VERSION as usize - 1] = [
    &[add_touched, add_state, history::add],
    &[add_missed, index_folders_and_paths],
    &[disk::add],
    &[owners::add],
];

/// Creates the tables in an empty database.
pub(crate) fn create(connection: &mut Connection) -> rusqlite::Result<()> {
    let transaction = connection.transaction()?;
    transaction.execute_batch(TABLES_SQL)?;
    transaction.execute_batch(VIEWS_SQL)?;
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", VERSION)?;
    transaction.commit()
}

/// Migrates an older database to this version, one version per transaction: killed at any moment,
/// it has one version or the next. Views only show what is stored, so they are created again.
pub(crate) fn migrate(connection: &mut Connection, from: i32) -> rusqlite::Result<()> {
    for (version, steps) in (1..).zip(MIGRATIONS).skip_while(|(at, _)| *at < from) {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        drop_views(&transaction)?;
        for step in steps {
            step(&transaction)?;
        }
        if version + 1 == VERSION {
            transaction.execute_batch(VIEWS_SQL)?;
        }
        transaction.pragma_update(None, "user_version", version + 1)?;
        transaction.commit()?;
    }
    Ok(())
}

fn drop_views(transaction: &Transaction<'_>) -> rusqlite::Result<()> {
    let sql = "SELECT name FROM sqlite_schema WHERE type = 'view' AND name GLOB 'scout_*'";
    let mut statement = transaction.prepare(sql)?;
    let names = statement.query_map((), |row| row.get::<_, String>(0))?;
    let names: Vec<String> = names.collect::<rusqlite::Result<_>>()?;
    for name in names {
        transaction.execute_batch(&format!("DROP VIEW \"{}\"", name.replace('"', "\"\"")))?;
    }
    Ok(())
}

fn add_touched(transaction: &Transaction<'_>) -> rusqlite::Result<()> {
    transaction.execute_batch(
        "CREATE TABLE touched (dir_id INTEGER PRIMARY KEY, seq INTEGER NOT NULL);
         CREATE UNIQUE INDEX touched_seq ON touched (seq);",
    )
}

fn add_state(transaction: &Transaction<'_>) -> rusqlite::Result<()> {
    transaction.execute_batch(
        "CREATE TABLE state (only INTEGER PRIMARY KEY CHECK (only = 1), token TEXT NOT NULL, follows INTEGER NOT NULL,
                             floor INTEGER NOT NULL);
         INSERT INTO state VALUES (1, '', 0, 0);",
    )
}

/// Some files of version 2 have it.
fn add_missed(transaction: &Transaction<'_>) -> rusqlite::Result<()> {
    transaction.execute_batch(
        "CREATE TABLE IF NOT EXISTS missed (dir_id INTEGER NOT NULL, since INTEGER NOT NULL, regained INTEGER,
                                            PRIMARY KEY (dir_id, since)) WITHOUT ROWID;
         CREATE INDEX IF NOT EXISTS missed_regained ON missed (regained) WHERE regained IS NOT NULL;",
    )
}

/// The same is true of the first of these.
fn index_folders_and_paths(transaction: &Transaction<'_>) -> rusqlite::Result<()> {
    transaction.execute_batch(
        "CREATE INDEX IF NOT EXISTS scans_folder ON scans (source_id, folder);
         CREATE INDEX IF NOT EXISTS changes_paths ON changes (source_id, replace(path, '/', char(0))) WHERE path IS NOT NULL;
         DROP INDEX IF EXISTS changes_gone;",
    )
}

/// Names of the tables that an index of this version must have.
pub(crate) fn tables(version: i32) -> &'static [&'static str] {
    let added = match version {
        ..2 => 9,
        2 => 6,
        3 => 5,
        4 => 2,
        _ => 0,
    };
    TABLES.get(added..).unwrap_or_default()
}

/// The tables of later versions come first.
const TABLES: [&str; 18] = [
    "owners",
    "inexact",
    "links",
    "inodes",
    "devices",
    "missed",
    "changed_files",
    "touched",
    "state",
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
