//! The database as the writer's parts share it: the connection, rows waiting to be inserted, and
//! the ids that only the writer gives out.

use std::sync::LazyLock;

use rusqlite::{OptionalExtension, params, params_from_iter};

use crate::columns::{DirEntry, DirRow};
use crate::connection::Connection;
use crate::text::{Bytes, Text};
use dir_rows::{DirRows, prefix};
use file_rows::FileRows;
use owners::KnownOwners;

mod chunks;
pub(super) mod dir_rows;
pub(super) mod file_rows;
mod files;
pub(super) mod find_source;
pub(super) mod follow;
mod owners;
pub(super) mod scans;
pub(super) mod sources;

pub(super) struct Store {
    pub db: Connection,
    pub files: FileRows,
    pub dirs: DirRows,
    pub owners: KnownOwners,
    /// The id that the next directory gets.
    next_dir: i64,
    /// Whether there are any notes: looking for them costs a statement for each changed file.
    pub has_notes: bool,
    /// The same for directories that could not be entered.
    pub has_missed: bool,
    /// The same for removed directories.
    pub has_graves: bool,
    /// The same for directories with names that count by themselves.
    pub has_inexact: bool,
}

/// A directory's row.
#[derive(Clone, Copy, Debug)]
pub(super) struct LoadedDir {
    pub id: i64,
    pub row: DirRow,
}

/// What a flush adds to the totals of a directory because of those beneath it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Carried {
    pub files: i64,
    pub bytes: i64,
    pub unknown: i64,
    pub disk: i64,
    pub linked: i64,
    pub whole: i64,
}

static LOAD_ROOT: LazyLock<String> = LazyLock::new(|| {
    let columns = DirRow::COLUMNS;
    format!(
        "SELECT id, {columns} FROM dirs WHERE id = (SELECT root_dir FROM sources WHERE id = ?1)"
    )
});
static LOAD_DIR: LazyLock<String> =
    LazyLock::new(|| format!("SELECT id, {} FROM dirs WHERE id = ?1", DirRow::COLUMNS));
static LOAD_CHILD: LazyLock<String> = LazyLock::new(|| {
    let columns = DirRow::COLUMNS;
    format!("SELECT id, {columns} FROM dirs WHERE parent_id = ?1 AND name = ?2")
});
static UPDATE_DIR: LazyLock<String> =
    LazyLock::new(|| format!("UPDATE dirs SET {} WHERE id = ?", DirRow::ASSIGNMENTS));
static UPDATE_DIR_ENTRY: LazyLock<String> =
    LazyLock::new(|| format!("UPDATE dirs SET {} WHERE id = ?", DirEntry::ASSIGNMENTS));
impl Store {
    pub fn new(db: Connection) -> rusqlite::Result<Store> {
        // There are few statements; all of them stay prepared.
        db.set_prepared_statement_cache_capacity(112);
        db.execute_batch(
            "CREATE TEMP TABLE seen (listing INTEGER NOT NULL, name TEXT NOT NULL, PRIMARY KEY (listing, name)) WITHOUT ROWID;
             CREATE TEMP TABLE stamps (source_id INTEGER NOT NULL, path TEXT NOT NULL, listed INTEGER NOT NULL,
                                       complete INTEGER NOT NULL, PRIMARY KEY (source_id, path)) WITHOUT ROWID;
             CREATE TEMP TABLE vanished (source_id INTEGER NOT NULL, parent TEXT NOT NULL, name TEXT NOT NULL,
                                         stamp INTEGER NOT NULL, last_scan INTEGER NOT NULL,
                                         PRIMARY KEY (source_id, parent, name)) WITHOUT ROWID;",
        )?;
        let next_dir = 1 + last_dir(&db)?;
        let any = |sql| db.query_row(sql, (), |row| row.get(0));
        let has_notes = any("SELECT EXISTS (SELECT 1 FROM notes)")?;
        let has_missed = any("SELECT EXISTS (SELECT 1 FROM missed)")?;
        let has_graves = any("SELECT EXISTS (SELECT 1 FROM graveyard)")?;
        let has_inexact = any("SELECT EXISTS (SELECT 1 FROM inexact)")?;
        Ok(Store {
            db,
            files: FileRows::new(),
            dirs: DirRows::new(),
            owners: KnownOwners::default(),
            next_dir,
            has_notes,
            has_missed,
            has_graves,
            has_inexact,
        })
    }

    /// Draws an id. Ids only grow and none is given twice, so that the keys of new rows lie at the
    /// end of their table.
    pub fn new_dir(&mut self) -> i64 {
        let id = self.next_dir;
        self.next_dir += 1;
        id
    }

    /// Whether the id is the one given last: then files under it lie at the end anyway.
    pub fn is_last_dir(&self, id: i64) -> bool {
        id + 1 == self.next_dir
    }

    /// Writes new directories that wait.
    pub fn flush_dirs(&mut self) -> rusqlite::Result<()> {
        if self.dirs.is_empty() {
            return Ok(());
        }
        self.dirs.flush(&self.db)
    }

    pub fn load_root(&self, source: i64) -> rusqlite::Result<Option<LoadedDir>> {
        let mut statement = self.db.prepare_cached(&LOAD_ROOT)?;
        statement
            .query_row([source], |row| LoadedDir::read(row, 0))
            .optional()
    }

    pub fn load_dir(&self, id: i64) -> rusqlite::Result<Option<LoadedDir>> {
        let mut statement = self.db.prepare_cached(&LOAD_DIR)?;
        statement
            .query_row([id], |row| LoadedDir::read(row, 0))
            .optional()
    }

    pub fn load_child(&mut self, parent: i64, name: &[u8]) -> rusqlite::Result<Option<LoadedDir>> {
        self.flush_dirs()?;
        self.child(parent, name)
    }

    /// The same, but not if it still waits to be written.
    pub fn child(&self, parent: i64, name: &[u8]) -> rusqlite::Result<Option<LoadedDir>> {
        let mut statement = self.db.prepare_cached(&LOAD_CHILD)?;
        let values = params![parent, Text(name)];
        statement
            .query_row(values, |row| LoadedDir::read(row, 0))
            .optional()
    }

    pub fn has_children(&self, dir: i64) -> rusqlite::Result<bool> {
        self.db
            .prepare_cached("SELECT 1 FROM dirs WHERE parent_id = ?1")?
            .exists([dir])
    }

    pub fn update_dir(&self, id: i64, row: &DirRow) -> rusqlite::Result<()> {
        let mut statement = self.db.prepare_cached(&UPDATE_DIR)?;
        row.bind(&mut statement, 1)?;
        statement.raw_bind_parameter(DirRow::COUNT + 1, id)?;
        statement.raw_execute()?;
        Ok(())
    }

    /// Sets what its parent's listing says of it. Sums above it stay as they are.
    pub fn set_dir_entry(&self, id: i64, entry: DirEntry) -> rusqlite::Result<()> {
        let mut statement = self.db.prepare_cached(&UPDATE_DIR_ENTRY)?;
        let values = entry.values().into_iter().chain([Some(id)]);
        statement.execute(params_from_iter(values))?;
        Ok(())
    }

    /// Adds the same sums to all directories with ids from the first to the last.
    pub fn add_to_dirs(
        &self,
        (first, last): (i64, i64),
        sums: Carried,
        generation: i64,
    ) -> rusqlite::Result<()> {
        let sql = "UPDATE dirs SET file_count = file_count + ?3, bytes = bytes + ?4, unknown_below = unknown_below + ?5,
                          disk = disk + ?6, linked = linked + ?7, whole = whole + ?8, changed_gen = ?9 WHERE id BETWEEN ?1 AND ?2";
        let Carried {
            files,
            bytes,
            unknown,
            disk,
            linked,
            whole,
        } = sums;
        let values = params![
            first, last, files, bytes, unknown, disk, linked, whole, generation
        ];
        self.db.prepare_cached(sql)?.execute(values)?;
        Ok(())
    }

    pub fn delete_path(&self, source: i64, path: &[u8], dir: i64) -> rusqlite::Result<()> {
        if let Some(prefix) = prefix(path) {
            let sql = "DELETE FROM paths WHERE source_id = ?1 AND path = ?2 AND dir_id = ?3";
            self.db
                .prepare_cached(sql)?
                .execute(params![source, Text(&prefix), dir])?;
        }
        Ok(())
    }

    /// Records in the database that ids up to this one were given out, when no row shows it any
    /// more.
    pub fn keep_id(&self, id: i64) -> rusqlite::Result<()> {
        let sql = "UPDATE sqlite_sequence SET seq = max(seq, ?1) WHERE name = 'dirs'";
        if self.db.prepare_cached(sql)?.execute([id])? == 0 {
            let sql = "INSERT INTO sqlite_sequence (name, seq) VALUES ('dirs', ?1)";
            self.db.execute(sql, [id])?;
        }
        Ok(())
    }

    /// Moves a directory to the graveyard: everything beneath it is hidden with it, and deleted
    /// later. `chain` leads to it, unless its whole source is forgotten.
    pub fn bury(
        &mut self,
        source: i64,
        path: &[u8],
        dir: i64,
        chain: Option<&[u8]>,
    ) -> rusqlite::Result<()> {
        self.has_graves = true;
        self.delete_path(source, path, dir)?;
        self.db
            .prepare_cached("UPDATE dirs SET parent_id = NULL WHERE id = ?1")?
            .execute([dir])?;
        let sql = "INSERT INTO graveyard (dir_id, source_id, path, chain) VALUES (?1, ?2, ?3, ?4)";
        self.db
            .prepare_cached(sql)?
            .execute(params![dir, source, Text(path), chain])?;
        Ok(())
    }

    /// The name of a directory, if it lies in this one.
    pub fn name_within(&self, dir: i64, parent: i64) -> rusqlite::Result<Option<Vec<u8>>> {
        let sql = "SELECT name FROM dirs WHERE id = ?1 AND parent_id = ?2";
        let mut statement = self.db.prepare_cached(sql)?;
        let name = statement.query_row([dir, parent], |row| row.get::<_, Bytes>(0));
        Ok(name.optional()?.map(|name| name.0))
    }

    pub fn clear_notes(&self, dir: i64, name: &[u8]) -> rusqlite::Result<()> {
        if self.has_notes {
            let sql = "DELETE FROM notes WHERE dir_id = ?1 AND name = ?2";
            self.db
                .prepare_cached(sql)?
                .execute(params![dir, Text(name)])?;
        }
        Ok(())
    }

    /// Bytes of all child directories, and their blocks that do not come from links.
    pub fn children_sums(&self, dir: i64) -> rusqlite::Result<(i64, i64)> {
        let mut statement = self
            .db
            .prepare_cached("SELECT bytes, disk - linked FROM dirs WHERE parent_id = ?1")?;
        let mut rows = statement.query([dir])?;
        let (mut bytes, mut disk): (i64, i64) = (0, 0);
        while let Some(row) = rows.next()? {
            bytes = bytes.saturating_add(row.get(0)?);
            disk = disk.saturating_add(row.get(1)?);
        }
        Ok((bytes, disk))
    }
}

impl LoadedDir {
    /// From the columns `id` and those of a `DirRow`, beginning at `first`.
    pub fn read(row: &rusqlite::Row<'_>, first: usize) -> rusqlite::Result<LoadedDir> {
        Ok(LoadedDir {
            id: row.get(first)?,
            row: DirRow::read(row, first + 1)?,
        })
    }
}

/// The highest id that any row has, or has had.
fn last_dir(db: &Connection) -> rusqlite::Result<i64> {
    let max = |sql| db.query_row(sql, (), |row| row.get::<_, Option<i64>>(0));
    let mut last = max("SELECT max(id) FROM dirs")?;
    last = last.max(max(
        "SELECT max(seq) FROM sqlite_sequence WHERE name = 'dirs'",
    )?);
    last = last.max(max("SELECT max(dir_id) FROM files")?);
    last = last.max(max("SELECT max(dir_id) FROM notes")?);
    // The history is ordered by source and generation: look up the highest id of each generation.
    let mut at: Option<(i64, i64)> = None;
    loop {
        let sql = "SELECT source_id, gen FROM changes WHERE (source_id, gen) > (?1, ?2) ORDER BY source_id, gen LIMIT 1";
        let (source, generation) = at.unwrap_or((i64::MIN, i64::MIN));
        let next = db
            .query_row(sql, [source, generation], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
            .optional()?;
        let Some((source, generation)) = next else {
            return Ok(last.unwrap_or(0));
        };
        let sql = "SELECT max(dir_id) FROM changes WHERE source_id = ?1 AND gen = ?2";
        last = last.max(db.query_row(sql, [source, generation], |row| row.get(0))?);
        at = next;
    }
}
