//! What is kept of changes: a row for each directory whose own entries changed in a generation, and which generations have all.

use rusqlite::{OptionalExtension, params};

use crate::text::Text;
use crate::writer::node::{FORGOTTEN, Node, Totals};
use crate::writer::store::Store;

/// The history of a source, as far as it goes on.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::writer) struct History {
    /// That of the whole-source scan that runs, or else of the next one.
    generation: i64,
    /// Somebody wants it.
    wanted: bool,
    /// Something has happened that it does not tell.
    lacks: bool,
    /// The last generation of which the database says so.
    known_to_lack: i64,
}

impl History {
    /// From here on changes are told under this generation.
    pub fn begin(&mut self, generation: i64, wanted: bool) {
        self.generation = generation;
        self.wanted = wanted;
    }

    /// The whole-source scan has ended.
    pub fn next(&mut self) {
        self.generation += 1;
    }

    /// Something is not told.
    pub fn lacks(&mut self) {
        // Of the first nothing is told: everything is new.
        self.lacks |= self.generation > 1;
    }

    /// Whether changes are written down.
    pub(super) fn is_kept(&self) -> bool {
        self.wanted && self.generation > 1
    }

    /// After a rollback the database does not know what it was told.
    pub fn reset(&mut self) {
        self.known_to_lack = 0;
    }

    /// Writes down what was gathered of a directory's own entries.
    pub(super) fn tell(&mut self, store: &Store, source: i64, node: &Node) -> rusqlite::Result<()> {
        if !self.is_kept() || node.listed_gen == FORGOTTEN {
            self.lacks();
            return Ok(());
        }
        let sql = "INSERT INTO changes (source_id, gen, dir_id, d_file_count, d_bytes, added, removed, changed)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
                   ON CONFLICT DO UPDATE SET d_file_count = d_file_count + ?4, d_bytes = d_bytes + ?5, added = added + ?6,
                   removed = removed + ?7, changed = changed + ?8";
        let g = &node.gathered;
        store.db.prepare_cached(sql)?.execute(params![
            source,
            self.generation,
            node.id,
            g.own_files,
            g.own_bytes,
            g.added,
            g.removed,
            g.altered,
        ])?;
        Ok(())
    }

    /// Writes down that a directory was removed, with all that it had.
    pub(super) fn tell_removed(
        &mut self,
        store: &Store,
        source: i64,
        (id, path): (i64, &[u8]),
        all: Totals,
    ) -> rusqlite::Result<()> {
        if !self.is_kept() {
            self.lacks();
            return Ok(());
        }
        let sql = "INSERT INTO changes (source_id, gen, dir_id, d_file_count, d_bytes, added, removed, changed, path)
                   VALUES (?1, ?2, ?3, ?4, ?5, 0, 0, 0, ?6)
                   ON CONFLICT DO UPDATE SET d_file_count = d_file_count + ?4, d_bytes = d_bytes + ?5, path = ?6";
        let values = params![
            source,
            self.generation,
            id,
            -all.files,
            -all.bytes,
            Text(path)
        ];
        store.db.prepare_cached(sql)?.execute(values)?;
        Ok(())
    }

    /// Says in the database from where on it has everything, if that has changed.
    pub(super) fn flush(&mut self, store: &Store, source: i64) -> rusqlite::Result<()> {
        if self.lacks && self.known_to_lack < self.generation {
            let sql = "UPDATE sources SET history_from = ?2 WHERE id = ?1 AND history_from < ?2";
            store
                .db
                .prepare_cached(sql)?
                .execute(params![source, self.generation])?;
            self.known_to_lack = self.generation;
        }
        self.lacks = false;
        Ok(())
    }
}

/// What is kept of the history, and the generation that is not over yet.
const KEPT: &str = "WITH RECURSIVE kept(gen, last) AS (SELECT history_from, generation + 1 FROM sources WHERE id = ?1
                      UNION ALL SELECT gen + 1, last FROM kept WHERE gen < last)";

/// The generation that tells of a removed directory, if one does.
pub(in crate::writer) fn removed_in(
    store: &Store,
    source: i64,
    id: i64,
) -> rusqlite::Result<Option<i64>> {
    let sql = format!(
        "{KEPT} SELECT c.gen FROM kept k JOIN changes c ON c.source_id = ?1 AND c.gen = k.gen AND c.dir_id = ?2
          WHERE c.path IS NOT NULL"
    );
    let mut statement = store.db.prepare_cached(&sql)?;
    statement
        .query_row(params![source, id], |row| row.get(0))
        .optional()
}

/// A directory of a removed tree is deleted: what it had itself is told of it, and not of the tree's top any more. One that had
/// nothing, and of which nothing is told, needs no row: its path may be longer than all else that is kept of it.
pub(in crate::writer) fn hand_down(
    store: &Store,
    source: i64,
    generation: i64,
    top: i64,
    (id, path): (i64, &[u8]),
) -> rusqlite::Result<()> {
    let sql = "SELECT own_files <> 0 OR own_bytes <> 0 FROM dirs WHERE id = ?1";
    let had_any: bool = store
        .db
        .prepare_cached(sql)?
        .query_row([id], |row| row.get(0))?;
    if !had_any && !is_told(store, source, id)? {
        return Ok(());
    }
    let sql = "INSERT INTO changes (source_id, gen, dir_id, d_file_count, d_bytes, added, removed, changed, path, top)
               SELECT ?1, ?2, ?3, -own_files, -own_bytes, 0, 0, 0, ?4, ?5 FROM dirs WHERE id = ?3
               ON CONFLICT DO UPDATE SET d_file_count = d_file_count + excluded.d_file_count,
               d_bytes = d_bytes + excluded.d_bytes, path = ?4, top = ?5";
    let values = params![source, generation, id, Text(path), top];
    store.db.prepare_cached(sql)?.execute(values)?;
    let sql = "UPDATE changes SET top = ?3,
                      d_file_count = d_file_count + (SELECT own_files FROM dirs WHERE id = ?4),
                      d_bytes = d_bytes + (SELECT own_bytes FROM dirs WHERE id = ?4)
                WHERE source_id = ?1 AND gen = ?2 AND dir_id = ?3";
    let values = params![source, generation, top, id];
    store.db.prepare_cached(sql)?.execute(values)?;
    Ok(())
}

/// Whether the history has anything of a directory.
fn is_told(store: &Store, source: i64, id: i64) -> rusqlite::Result<bool> {
    let sql = format!(
        "{KEPT} SELECT 1 FROM kept k JOIN changes c ON c.source_id = ?1 AND c.gen = k.gen AND c.dir_id = ?2"
    );
    store.db.prepare_cached(&sql)?.exists([source, id])
}
