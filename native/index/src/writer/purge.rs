//! What was removed is deleted here, in pieces between batches: rows of buried directories, old history, counts from an imported
//! cache. A piece is a transaction of its own; what is left when the writer dies is found again in the tables.

use aether_core::path;
use rusqlite::{OptionalExtension, params};

use crate::text::{Bytes, Text};
use crate::writer::SMALL;
use crate::writer::store::Store;
use crate::writer::tree::history;

/// Rows deleted in one transaction.
const PIECE: usize = if SMALL { 3 } else { 5000 };

/// Work that can wait.
#[derive(Debug, Default)]
pub(in crate::writer) struct Purger {
    /// The way from the top of a buried subtree down to the directory whose turn it is, with the
    /// lengths of their paths, and the path of that.
    way: Vec<(i64, usize)>,
    path: Vec<u8>,
    source: i64,
    /// The generation whose history tells of that subtree, if one does.
    told_in: Option<i64>,
    /// There may be something in the graveyard.
    graves: bool,
    /// Sources of which history up to a generation may be dropped.
    history: Vec<(i64, i64)>,
    /// Sources whose imported counts are not needed any more.
    imported: Vec<i64>,
}

impl Purger {
    /// At open, everything may be there.
    pub fn resume() -> Purger {
        Purger {
            graves: true,
            ..Purger::default()
        }
    }

    /// Something was buried.
    pub fn bury(&mut self) {
        self.graves = true;
    }

    pub fn drop_history(&mut self, source: i64, up_to: i64) {
        self.history.retain(|(other, _)| *other != source);
        self.history.push((source, up_to));
    }

    pub fn drop_imported(&mut self, source: i64) {
        if !self.imported.contains(&source) {
            self.imported.push(source);
        }
    }

    pub fn is_idle(&self) -> bool {
        !self.graves && self.history.is_empty() && self.imported.is_empty()
    }

    /// After a rollback the way is not what the tables say.
    pub fn forget_way(&mut self) {
        self.way.clear();
    }

    /// Deletes a piece of something, within the caller's transaction.
    pub fn step(&mut self, store: &Store) -> rusqlite::Result<()> {
        if self.graves {
            return self.dig(store);
        }
        if let Some((source, up_to)) = self.history.last().copied() {
            if drop_changes(store, source, up_to)? < PIECE {
                self.history.pop();
            }
        } else if let Some(source) = self.imported.last().copied()
            && drop_imported(store, source)? < PIECE
        {
            self.imported.pop();
        }
        Ok(())
    }

    fn dig(&mut self, store: &Store) -> rusqlite::Result<()> {
        let mut last = 0;
        self.dig_on(store, &mut last)?;
        match last {
            0 => Ok(()),
            last => store.keep_id(last),
        }
    }

    /// The greatest id that goes is told.
    fn dig_on(&mut self, store: &Store, last: &mut i64) -> rusqlite::Result<()> {
        let mut left = PIECE;
        while left > 0 {
            let Some((dir, _)) = self.way.last().copied() else {
                if !self.next_grave(store)? {
                    self.graves = false;
                    return Ok(());
                }
                continue;
            };
            if let Some((child, name)) = first_child(store, dir)? {
                path::push(&mut self.path, &name.0);
                self.way.push((child, self.path.len()));
                continue;
            }
            let deleted = delete_files(store, dir, left)?;
            left -= deleted.min(left);
            if left == 0 {
                break;
            }
            if self.way.len() == 1 && !self.bury_source(store, dir, &mut left)? {
                break;
            }
            *last = (*last).max(dir);
            self.delete_dir(store)?;
            left -= 1;
        }
        Ok(())
    }

    fn next_grave(&mut self, store: &Store) -> rusqlite::Result<bool> {
        let sql = "SELECT dir_id, source_id, path FROM graveyard LIMIT 1";
        let grave = store
            .db
            .query_row(sql, (), |row| {
                Ok((row.get(0)?, row.get(1)?, row.get::<_, Bytes>(2)?))
            })
            .optional()?;
        let Some((dir, source, path)) = grave else {
            return Ok(false);
        };
        self.source = source;
        self.told_in = history::removed_in(store, source, dir)?;
        self.way.push((dir, path.0.len()));
        self.path = path.0;
        Ok(true)
    }

    /// Before the root of a forgotten source goes, what else is kept of it does. Says whether all of it is gone.
    fn bury_source(&self, store: &Store, dir: i64, left: &mut usize) -> rusqlite::Result<bool> {
        let known = store
            .db
            .prepare_cached("SELECT 1 FROM sources WHERE id = ?1")?
            .exists([self.source])?;
        let root = store
            .db
            .prepare_cached("SELECT 1 FROM dirs WHERE id = ?1 AND name = ''")?
            .exists([dir])?;
        if known || !root {
            return Ok(true);
        }
        let deleted =
            drop_changes(store, self.source, i64::MAX)? + drop_imported(store, self.source)?;
        *left -= deleted.min(*left);
        Ok(deleted < PIECE)
    }

    fn delete_dir(&mut self, store: &Store) -> rusqlite::Result<()> {
        let Some((dir, _)) = self.way.pop() else {
            return Ok(());
        };
        store.delete_path(self.source, &self.path, dir)?;
        if let (Some((top, _)), Some(generation)) = (self.way.first(), self.told_in) {
            history::hand_down(store, self.source, generation, *top, (dir, &self.path))?;
        }
        self.path
            .truncate(self.way.last().map_or(0, |(_, length)| *length));
        if store.has_notes {
            store
                .db
                .prepare_cached("DELETE FROM notes WHERE dir_id = ?1")?
                .execute([dir])?;
        }
        if store.has_missed {
            store
                .db
                .prepare_cached("DELETE FROM missed WHERE dir_id = ?1")?
                .execute([dir])?;
        }
        store
            .db
            .prepare_cached("DELETE FROM dirs WHERE id = ?1")?
            .execute([dir])?;
        if self.way.is_empty() {
            store
                .db
                .prepare_cached("DELETE FROM graveyard WHERE dir_id = ?1")?
                .execute([dir])?;
        }
        Ok(())
    }
}

fn first_child(store: &Store, dir: i64) -> rusqlite::Result<Option<(i64, Bytes)>> {
    let sql = "SELECT id, name FROM dirs WHERE parent_id = ?1 LIMIT 1";
    let mut statement = store.db.prepare_cached(sql)?;
    statement
        .query_row([dir], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()
}

fn delete_files(store: &Store, dir: i64, most: usize) -> rusqlite::Result<usize> {
    let last = "SELECT name FROM files WHERE dir_id = ?1 ORDER BY name LIMIT 1 OFFSET ?2";
    let last: Option<Bytes> = store
        .db
        .prepare_cached(last)?
        .query_row(params![dir, most as i64], |row| row.get(0))
        .optional()?;
    match last {
        Some(last) => {
            let sql = "DELETE FROM files WHERE dir_id = ?1 AND name < ?2";
            store
                .db
                .prepare_cached(sql)?
                .execute(params![dir, Text(&last.0)])
        }
        None => store
            .db
            .prepare_cached("DELETE FROM files WHERE dir_id = ?1")?
            .execute([dir]),
    }
}

fn drop_changes(store: &Store, source: i64, up_to: i64) -> rusqlite::Result<usize> {
    let sql = "DELETE FROM changed_files WHERE (source_id, gen, dir_id, name) IN
               (SELECT source_id, gen, dir_id, name FROM changed_files WHERE source_id = ?1 AND gen <= ?2 LIMIT ?3)";
    let files = store
        .db
        .prepare_cached(sql)?
        .execute(params![source, up_to, PIECE as i64])?;
    // Those first: without the rows of their directories nothing leads to them.
    if files == PIECE {
        return Ok(files);
    }
    let sql = "DELETE FROM changes WHERE (source_id, gen, dir_id) IN
               (SELECT source_id, gen, dir_id FROM changes WHERE source_id = ?1 AND gen <= ?2 LIMIT ?3)";
    store
        .db
        .prepare_cached(sql)?
        .execute(params![source, up_to, PIECE as i64])
}

fn drop_imported(store: &Store, source: i64) -> rusqlite::Result<usize> {
    let sql = "DELETE FROM imported WHERE (source_id, prefix, name, is_folder) IN
               (SELECT source_id, prefix, name, is_folder FROM imported WHERE source_id = ?1 LIMIT ?2)";
    store
        .db
        .prepare_cached(sql)?
        .execute(params![source, PIECE as i64])
}
