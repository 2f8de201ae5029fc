//! The database as the writer's parts share it: the connection, rows on their way into it, and numbers that it alone gives out.

use rusqlite::{OptionalExtension, params};

use crate::connection::Connection;
use crate::identity::StoredIdentity;
use crate::text::Text;
use crate::writer::store::dir_rows::{DirRows, prefix};
use crate::writer::store::file_rows::{FileRows, NewFile};
use crate::writer::tree::node::{Carried, Node, Sums};
use aether_core::MountIdentity;

mod chunks;
pub(super) mod dir_rows;
pub(super) mod file_rows;
pub(super) mod find_source;
pub(super) mod follow;
pub(super) mod scans;
pub(super) mod sources;

pub(super) struct Store {
    pub db: Connection,
    pub rows: FileRows,
    pub dirs: DirRows,
    /// The id that the next directory gets.
    next_dir: i64,
    /// Whether there are notes at all; looking for them costs a statement for each changed file.
    pub has_notes: bool,
    /// The same of directories that could not be entered.
    pub has_missed: bool,
}

/// A child directory as it is stored.
#[derive(Clone, Copy, Debug)]
pub(super) struct Removed {
    pub all: Sums,
    pub unknown_below: i64,
}

impl Store {
    pub fn new(db: Connection) -> rusqlite::Result<Store> {
        // Statements are few; all of them stay prepared.
        db.set_prepared_statement_cache_capacity(96);
        db.execute_batch(
            "CREATE TEMP TABLE seen (listing INTEGER NOT NULL, name TEXT NOT NULL, PRIMARY KEY (listing, name)) WITHOUT ROWID;
             CREATE TEMP TABLE stamps (source_id INTEGER NOT NULL, path TEXT NOT NULL, listed INTEGER NOT NULL,
                                       complete INTEGER NOT NULL, PRIMARY KEY (source_id, path)) WITHOUT ROWID;
             CREATE TEMP TABLE gone (source_id INTEGER NOT NULL, parent TEXT NOT NULL, name TEXT NOT NULL,
                                     stamp INTEGER NOT NULL, last_scan INTEGER NOT NULL,
                                     PRIMARY KEY (source_id, parent, name)) WITHOUT ROWID;",
        )?;
        let next_dir = 1 + last_dir(&db)?;
        let any = |sql| db.query_row(sql, (), |row| row.get(0));
        let has_notes = any("SELECT EXISTS (SELECT 1 FROM notes)")?;
        let has_missed = any("SELECT EXISTS (SELECT 1 FROM missed)")?;
        Ok(Store {
            db,
            rows: FileRows::new(),
            dirs: DirRows::new(),
            next_dir,
            has_notes,
            has_missed,
        })
    }

    /// Ids only grow, and none is given twice, so that keys of new rows lie at the end.
    pub fn new_dir(&mut self) -> i64 {
        let id = self.next_dir;
        self.next_dir += 1;
        id
    }

    /// Whether the id is the one given last: its files will lie at the end all the same.
    pub fn is_last_dir(&self, id: i64) -> bool {
        id + 1 == self.next_dir
    }

    pub fn push_file(&mut self, file: &NewFile<'_>) -> rusqlite::Result<()> {
        self.rows.push(&self.db, file)
    }

    pub fn flush_rows(&mut self) -> rusqlite::Result<()> {
        self.rows.flush(&self.db)
    }

    pub fn load_root(&self, source: i64) -> rusqlite::Result<Option<LoadedDir>> {
        let sql = "SELECT d.id, d.mtime, d.status, d.own_files, d.own_bytes, d.file_count, d.bytes, d.unknown_below,
                          d.listed_gen, d.changed_gen, d.mount
                     FROM sources s JOIN dirs d ON d.id = s.root_dir WHERE s.id = ?1";
        self.db
            .prepare_cached(sql)?
            .query_row([source], |row| LoadedDir::read(row, 0))
            .optional()
    }

    /// Writes what waits of new directories.
    pub fn flush_dirs(&mut self) -> rusqlite::Result<()> {
        if self.dirs.is_empty() {
            return Ok(());
        }
        self.dirs.flush(&self.db)
    }

    pub fn load_child(&mut self, parent: i64, name: &[u8]) -> rusqlite::Result<Option<LoadedDir>> {
        self.flush_dirs()?;
        let sql = "SELECT id, mtime, status, own_files, own_bytes, file_count, bytes, unknown_below, listed_gen, changed_gen, mount
                     FROM dirs WHERE parent_id = ?1 AND name = ?2";
        let mut statement = self.db.prepare_cached(sql)?;
        statement
            .query_row(params![parent, Text(name)], |row| LoadedDir::read(row, 0))
            .optional()
    }

    pub fn has_children(&self, dir: i64) -> rusqlite::Result<bool> {
        self.db
            .prepare_cached("SELECT 1 FROM dirs WHERE parent_id = ?1")?
            .exists([dir])
    }

    pub fn totals(&self, dir: i64) -> rusqlite::Result<Removed> {
        let sql = "SELECT file_count, bytes, unknown_below FROM dirs WHERE id = ?1";
        self.db.prepare_cached(sql)?.query_row([dir], |row| {
            let all = Sums {
                files: row.get(0)?,
                bytes: row.get(1)?,
            };
            Ok(Removed {
                all,
                unknown_below: row.get(2)?,
            })
        })
    }

    pub fn update_dir(&self, node: &Node) -> rusqlite::Result<()> {
        let sql = "UPDATE dirs SET mtime = ?2, status = ?3, own_files = ?4, own_bytes = ?5, file_count = ?6, bytes = ?7,
                          unknown_below = ?8, listed_gen = ?9, changed_gen = ?10, mount = ?11 WHERE id = ?1";
        let mount = StoredIdentity(node.mount);
        self.db.prepare_cached(sql)?.execute(params![
            node.stored_id,
            node.mtime,
            node.status,
            node.own.files,
            node.own.bytes,
            node.all.files,
            node.all.bytes,
            node.unknown_below,
            node.listed_gen,
            node.changed_gen,
            mount,
        ])?;
        Ok(())
    }

    /// Adds the same to the totals of all directories with ids from the first to the last.
    pub fn add_to_dirs(
        &self,
        (first, last): (i64, i64),
        sums: Carried,
        generation: i64,
    ) -> rusqlite::Result<()> {
        let sql = "UPDATE dirs SET file_count = file_count + ?3, bytes = bytes + ?4, unknown_below = unknown_below + ?5,
                          changed_gen = ?6 WHERE id BETWEEN ?1 AND ?2";
        let Carried {
            files,
            bytes,
            unknown,
        } = sums;
        let values = params![first, last, files, bytes, unknown, generation];
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

    /// Says in the database that ids up to this one were given, of which no row knows any more.
    pub fn keep_id(&self, id: i64) -> rusqlite::Result<()> {
        let sql = "UPDATE sqlite_sequence SET seq = max(seq, ?1) WHERE name = 'dirs'";
        if self.db.prepare_cached(sql)?.execute([id])? == 0 {
            let sql = "INSERT INTO sqlite_sequence (name, seq) VALUES ('dirs', ?1)";
            self.db.execute(sql, [id])?;
        }
        Ok(())
    }

    /// Takes a directory's row out of sight: whatever lies beneath it is gone with it, and is deleted later.
    pub fn bury(&self, source: i64, path: &[u8], dir: i64) -> rusqlite::Result<()> {
        self.delete_path(source, path, dir)?;
        self.db
            .prepare_cached("UPDATE dirs SET parent_id = NULL WHERE id = ?1")?
            .execute([dir])?;
        let sql = "INSERT INTO graveyard VALUES (?1, ?2, ?3)";
        self.db
            .prepare_cached(sql)?
            .execute(params![dir, source, Text(path)])?;
        Ok(())
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

    /// Number and bytes of a directory's own files, counted.
    pub fn count_own(&self, dir: i64) -> rusqlite::Result<Sums> {
        let mut statement = self
            .db
            .prepare_cached("SELECT kind, size FROM files WHERE dir_id = ?1")?;
        let mut rows = statement.query([dir])?;
        let mut totals = Sums::default();
        while let Some(row) = rows.next()? {
            totals.files += 1;
            if row.get::<_, i64>(0)? == 1 {
                let size: Option<i64> = row.get(1)?;
                totals.bytes = totals.bytes.saturating_add(size.unwrap_or(0));
            }
        }
        Ok(totals)
    }

    /// Bytes of all child directories, added up.
    pub fn children_bytes(&self, dir: i64) -> rusqlite::Result<i64> {
        let mut statement = self
            .db
            .prepare_cached("SELECT bytes FROM dirs WHERE parent_id = ?1")?;
        let mut rows = statement.query([dir])?;
        let mut bytes: i64 = 0;
        while let Some(row) = rows.next()? {
            bytes = bytes.saturating_add(row.get(0)?);
        }
        Ok(bytes)
    }
}

/// A directory's row.
#[derive(Debug)]
pub(super) struct LoadedDir {
    pub id: i64,
    pub mtime: Option<i64>,
    pub status: i64,
    pub own: Sums,
    pub all: Sums,
    pub unknown_below: i64,
    pub listed_gen: i64,
    pub changed_gen: i64,
    pub mount: Option<MountIdentity>,
}

impl LoadedDir {
    /// From the column `first` on.
    pub fn read(row: &rusqlite::Row<'_>, first: usize) -> rusqlite::Result<LoadedDir> {
        Ok(LoadedDir {
            id: row.get(first)?,
            mtime: row.get(first + 1)?,
            status: row.get(first + 2)?,
            own: Sums {
                files: row.get(first + 3)?,
                bytes: row.get(first + 4)?,
            },
            all: Sums {
                files: row.get(first + 5)?,
                bytes: row.get(first + 6)?,
            },
            unknown_below: row.get(first + 7)?,
            listed_gen: row.get(first + 8)?,
            changed_gen: row.get(first + 9)?,
            mount: row.get::<_, StoredIdentity>(first + 10)?.0,
        })
    }
}

/// The highest id that any row knows, or has known.
fn last_dir(db: &Connection) -> rusqlite::Result<i64> {
    let most = |sql| db.query_row(sql, (), |row| row.get::<_, Option<i64>>(0));
    let mut last = most("SELECT max(id) FROM dirs")?;
    last = last.max(most(
        "SELECT max(seq) FROM sqlite_sequence WHERE name = 'dirs'",
    )?);
    last = last.max(most("SELECT max(dir_id) FROM files")?);
    last = last.max(most("SELECT max(dir_id) FROM notes")?);
    // The history goes by source and generation: its greatest ids are looked up one generation at a time.
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
