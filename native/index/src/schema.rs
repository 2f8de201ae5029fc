//! The schema's version, creating and migrating databases. The tables, with the meaning of every
//! column, are in `schema.sql`.

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
