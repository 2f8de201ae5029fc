//! Deleting what was removed, in pieces between batches: rows of buried directories, old history,
//! and counts from an imported cache. Each piece is a transaction of its own. What is left when the
//! writer dies is found again in the tables.

use std::collections::HashMap;

use aether_core::path;
use rusqlite::{OptionalExtension, params};

use crate::text::{Bytes, Text};
use crate::writer::limits::MAX_DELETED;
use crate::writer::links::{LinkedInode, chain};
use crate::writer::store::{Store, sources};
use crate::writer::tree::{DirTree, history};

/// Work that can wait.
#[derive(Debug, Default)]
pub(in crate::writer) struct Purger {
    /// The directory whose turn it is, and its ancestors up to the top of a buried subtree: ids,
    /// and lengths of their paths. The top comes first.
    ancestors: Vec<(i64, usize)>,
    /// Path of that directory.
    path: Vec<u8>,
    source: i64,
    /// Leads to the top of that subtree; None if its source is forgotten.
    chain: Option<Vec<u8>>,
    /// The generation whose history records the removal of that subtree, if one does.
    recorded_in: Option<i64>,
    /// There may be something in the graveyard.
    has_graves: bool,
    /// Sources, and the generation up to which their history is no longer needed.
    history: Vec<(i64, i64)>,
    /// Sources whose imported counts are no longer needed.
    imported: Vec<i64>,
    /// Sources of which totals have changed, to be told of.
    changed: Vec<i64>,
}

impl Purger {
    /// For an index that is being opened: there may be anything.
    pub fn resume() -> Purger {
        Purger {
            has_graves: true,
            ..Purger::default()
        }
    }

    /// Notes that something may have been buried.
    pub fn bury(&mut self) {
        self.has_graves = true;
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
        !self.has_graves && self.history.is_empty() && self.imported.is_empty()
    }

    /// Starts at the top again, after a rollback.
    pub fn forget_position(&mut self) {
        self.ancestors.clear();
        self.has_graves = true;
        self.changed.clear();
    }

    /// Sources of which totals have changed, once that is committed.
    pub fn take_changed(&mut self) -> Vec<i64> {
        std::mem::take(&mut self.changed)
    }

    /// Deletes a piece, within the caller's transaction.
    pub fn step(
        &mut self,
        store: &mut Store,
        trees: &mut HashMap<i64, DirTree>,
    ) -> rusqlite::Result<()> {
        if self.has_graves {
            return self.delete_buried(store, trees);
        }
        if let Some((source, up_to)) = self.history.last().copied() {
            if drop_changes(store, source, up_to)? < MAX_DELETED {
                self.history.pop();
            }
        } else if let Some(source) = self.imported.last().copied()
            && drop_imported(store, source)? < MAX_DELETED
        {
            self.imported.pop();
        }
        Ok(())
    }

    fn delete_buried(
        &mut self,
        store: &mut Store,
        trees: &mut HashMap<i64, DirTree>,
    ) -> rusqlite::Result<()> {
        let mut last = 0;
        self.delete_rows(store, trees, &mut last)?;
        match last {
            0 => Ok(()),
            last => store.keep_id(last),
        }
    }

    /// Sets `last` to the highest id that is deleted.
    fn delete_rows(
        &mut self,
        store: &mut Store,
        trees: &mut HashMap<i64, DirTree>,
        last: &mut i64,
    ) -> rusqlite::Result<()> {
        let mut left = MAX_DELETED;
        while left > 0 {
            let Some((dir, _)) = self.ancestors.last().copied() else {
                if !self.next_grave(store)? {
                    self.has_graves = false;
                    store.has_graves = false;
                    return Ok(());
                }
                continue;
            };
            if let Some((child, name)) = first_child(store, dir)? {
                path::push(&mut self.path, &name.0);
                self.ancestors.push((child, self.path.len()));
                continue;
            }
            self.unlink(store, trees, dir, left)?;
            let deleted = delete_files(store, dir, left)?;
            left -= deleted.min(left);
            if left == 0 {
                break;
            }
            if self.ancestors.len() == 1 && !self.delete_source(store, dir, &mut left)? {
                break;
            }
            *last = (*last).max(dir);
            self.delete_dir(store)?;
            // That may have been the last row of the forgotten source.
            left = left.saturating_sub(1);
        }
        Ok(())
    }

    fn next_grave(&mut self, store: &Store) -> rusqlite::Result<bool> {
        let sql = "SELECT dir_id, source_id, path, chain FROM graveyard LIMIT 1";
        let grave = store
            .db
            .query_row(sql, (), |row| {
                let path = row.get::<_, Bytes>(2)?;
                Ok((row.get(0)?, row.get(1)?, path, row.get(3)?))
            })
            .optional()?;
        let Some((dir, source, path, chain)) = grave else {
            return Ok(false);
        };
        self.source = source;
        self.chain = chain;
        self.recorded_in = history::removed_in(store, source, dir)?;
        self.ancestors.push((dir, path.0.len()));
        self.path = path.0;
        Ok(true)
    }

    /// Deletes what else is kept of a forgotten source, before its root. Returns whether that is
    /// all.
    fn delete_source(&self, store: &Store, dir: i64, left: &mut usize) -> rusqlite::Result<bool> {
        let is_known = store
            .db
            .prepare_cached("SELECT 1 FROM sources WHERE id = ?1")?
            .exists([self.source])?;
        let is_root = store
            .db
            .prepare_cached("SELECT 1 FROM dirs WHERE id = ?1 AND name = ''")?
            .exists([dir])?;
        if is_known || !is_root {
            return Ok(true);
        }
        let deleted = drop_changes(store, self.source, i64::MAX)?
            + drop_imported(store, self.source)?
            + drop_links(store, self.source)?;
        *left -= deleted.min(*left);
        Ok(deleted < MAX_DELETED && !has_links(store, self.source)?)
    }

    /// Takes the linked names among the files to delete next out of `links`, and with them out of
    /// the totals of what they were removed from.
    fn unlink(
        &mut self,
        store: &mut Store,
        trees: &mut HashMap<i64, DirTree>,
        dir: i64,
        max: usize,
    ) -> rusqlite::Result<()> {
        let (Some(top), Some(device)) = (&self.chain, device_of(store, dir)?) else {
            return Ok(());
        };
        let linked = linked_names(store, dir, max)?;
        if linked.is_empty() || !sources::is_known(&store.db, self.source)? {
            return Ok(());
        }
        let tree = trees
            .entry(self.source)
            .or_insert_with(|| DirTree::new(self.source));
        if tree.generation == 0 {
            tree.generation = sources::generation(&store.db, self.source)?;
        }
        let mut chain = top.clone();
        for (id, _) in self.ancestors.iter().skip(1) {
            chain::push(&mut chain, *id);
        }
        if !self.changed.contains(&self.source) {
            self.changed.push(self.source);
        }
        for (inode, names) in linked {
            tree.unlink_removed(store, LinkedInode { device, inode }, &chain, names)?;
        }
        Ok(())
    }

    fn delete_dir(&mut self, store: &Store) -> rusqlite::Result<()> {
        let Some((dir, _)) = self.ancestors.pop() else {
            return Ok(());
        };
        store.delete_path(self.source, &self.path, dir)?;
        if let (Some((top, _)), Some(generation)) = (self.ancestors.first(), self.recorded_in) {
            history::record_deleted(store, self.source, generation, *top, (dir, &self.path))?;
        }
        self.path
            .truncate(self.ancestors.last().map_or(0, |(_, length)| *length));
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
        store.forget_inexact(dir)?;
        store
            .db
            .prepare_cached("DELETE FROM dirs WHERE id = ?1")?
            .execute([dir])?;
        if self.ancestors.is_empty() {
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

fn delete_files(store: &Store, dir: i64, max: usize) -> rusqlite::Result<usize> {
    let last = "SELECT name FROM files WHERE dir_id = ?1 ORDER BY name LIMIT 1 OFFSET ?2";
    let last: Option<Bytes> = store
        .db
        .prepare_cached(last)?
        .query_row(params![dir, max as i64], |row| row.get(0))
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

fn device_of(store: &Store, dir: i64) -> rusqlite::Result<Option<i64>> {
    let sql = "SELECT device FROM dirs WHERE id = ?1";
    let mut statement = store.db.prepare_cached(sql)?;
    Ok(statement
        .query_row([dir], |row| row.get(0))
        .optional()?
        .flatten())
}

/// Inodes that have names among the first files of a directory, and how many.
fn linked_names(store: &Store, dir: i64, max: usize) -> rusqlite::Result<Vec<(i64, i64)>> {
    let sql = "SELECT inode, count(*) FROM (SELECT inode FROM files WHERE dir_id = ?1 ORDER BY name LIMIT ?2)
                WHERE inode IS NOT NULL GROUP BY inode";
    let mut statement = store.db.prepare_cached(sql)?;
    let rows = statement.query_map(params![dir, max as i64], |row| {
        Ok((row.get(0)?, row.get(1)?))
    })?;
    rows.collect()
}

/// Whether linked names of a forgotten source are left.
fn has_links(store: &Store, source: i64) -> rusqlite::Result<bool> {
    let sql = "SELECT 1 FROM devices WHERE source_id = ?1";
    store.db.prepare_cached(sql)?.exists([source])
}

/// Deletes linked names of a forgotten source, and when none is left the numbers of its devices.
fn drop_links(store: &Store, source: i64) -> rusqlite::Result<usize> {
    let of_source = "device IN (SELECT device FROM devices WHERE source_id = ?1) LIMIT ?2";
    let values = params![source, MAX_DELETED as i64];
    let mut deleted = 0;
    for (table, key) in [
        ("links", "device, inode, chain"),
        ("inodes", "device, inode"),
    ] {
        let sql = format!(
            "DELETE FROM {table} WHERE ({key}) IN (SELECT {key} FROM {table} WHERE {of_source})"
        );
        deleted += store.db.prepare_cached(&sql)?.execute(values)?;
    }
    if deleted == 0 {
        let sql = "DELETE FROM devices WHERE source_id = ?1";
        store.db.prepare_cached(sql)?.execute([source])?;
    }
    Ok(deleted)
}

fn drop_changes(store: &Store, source: i64, up_to: i64) -> rusqlite::Result<usize> {
    let sql = "DELETE FROM changed_files WHERE (source_id, gen, dir_id, name) IN
               (SELECT source_id, gen, dir_id, name FROM changed_files WHERE source_id = ?1 AND gen <= ?2 LIMIT ?3)";
    let files =
        store
            .db
            .prepare_cached(sql)?
            .execute(params![source, up_to, MAX_DELETED as i64])?;
    // Files come first: without the rows of their directories nothing leads to them.
    if files == MAX_DELETED {
        return Ok(files);
    }
    let sql = "DELETE FROM changes WHERE (source_id, gen, dir_id) IN
               (SELECT source_id, gen, dir_id FROM changes WHERE source_id = ?1 AND gen <= ?2 LIMIT ?3)";
    store
        .db
        .prepare_cached(sql)?
        .execute(params![source, up_to, MAX_DELETED as i64])
}

fn drop_imported(store: &Store, source: i64) -> rusqlite::Result<usize> {
    let sql = "DELETE FROM imported WHERE (source_id, prefix, name, is_folder) IN
               (SELECT source_id, prefix, name, is_folder FROM imported WHERE source_id = ?1 LIMIT ?2)";
    store
        .db
        .prepare_cached(sql)?
        .execute(params![source, MAX_DELETED as i64])
}
