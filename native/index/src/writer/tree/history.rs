//! The history: a row for each directory whose own entries changed in a generation, and the
//! generation from which on it is complete.

use rusqlite::{OptionalExtension, params};

use super::file_changes::NamesBudget;
use super::node::{FORGOTTEN, Node};
use crate::text::Text;
use crate::writer::store::{LoadedDir, Store};

/// A sum that saturates: beyond the largest integer SQLite continues in floating point.
macro_rules! sum {
    ($a:literal, $b:literal) => {
        concat!(
            "max(min(",
            $a,
            " + ",
            $b,
            ", 9223372036854775807), -9223372036854775807)"
        )
    };
}

/// The history of a source, as it is being written.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::writer) struct History {
    /// The generation of the running whole-source scan, or of the next one.
    generation: i64,
    is_wanted: bool,
    /// Something has happened that it does not record.
    is_incomplete: bool,
    /// The last generation that the database says is incomplete.
    stored_incomplete: i64,
    names: NamesBudget,
}

impl History {
    /// Records changes under this generation from now on.
    pub fn begin(&mut self, generation: i64, is_wanted: bool) {
        if generation != self.generation {
            self.names = NamesBudget::default();
        }
        self.generation = generation;
        self.is_wanted = is_wanted;
    }

    /// Goes on to the next generation, when a whole-source scan has ended.
    pub fn next(&mut self) {
        self.generation += 1;
        self.names = NamesBudget::default();
    }

    /// Notes that something is not recorded.
    pub fn mark_incomplete(&mut self) {
        // The first generation records nothing: everything is new.
        self.is_incomplete |= self.generation > 1;
    }

    /// Whether changes are recorded.
    pub fn is_kept(&self) -> bool {
        self.is_wanted && self.generation > 1
    }

    /// Forgets what the database was thought to have, after a rollback.
    pub fn reset(&mut self) {
        self.stored_incomplete = 0;
        self.names = NamesBudget::default();
    }

    /// Records what was gathered of a directory's own entries.
    pub(super) fn record(
        &mut self,
        store: &Store,
        source: i64,
        node: &Node,
    ) -> rusqlite::Result<()> {
        if !self.is_kept() || node.row.listed_gen == FORGOTTEN {
            self.mark_incomplete();
            return Ok(());
        }
        let files = node.file_changes.as_deref();
        let more = self.names.claim(store, (source, self.generation), files)?;
        let sql = concat!(
            "INSERT INTO changes (source_id, gen, dir_id, d_file_count, d_bytes, added, removed, changed, names)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
             ON CONFLICT DO UPDATE SET d_file_count = d_file_count + ?4, d_bytes = ",
            sum!("d_bytes", "?5"),
            ", added = added + ?6, removed = removed + ?7, changed = changed + ?8, names = names + ?9 RETURNING names"
        );
        let g = &node.gathered;
        let values = params![
            source,
            self.generation,
            node.id,
            g.own_files,
            g.own_bytes.max(-i64::MAX),
            g.added,
            g.removed,
            g.altered,
            more,
        ];
        let names = store
            .db
            .prepare_cached(sql)?
            .query_row(values, |row| row.get(0))?;
        let at = (source, self.generation, node.id);
        self.names.record(store, at, names, files)
    }

    /// Records that a directory was removed, with everything that it had.
    pub(super) fn record_removed(
        &mut self,
        store: &Store,
        source: i64,
        path: &[u8],
        removed: &LoadedDir,
    ) -> rusqlite::Result<()> {
        if !self.is_kept() {
            self.mark_incomplete();
            return Ok(());
        }
        let sql = concat!(
            "INSERT INTO changes (source_id, gen, dir_id, d_file_count, d_bytes, added, removed, changed, path)
             VALUES (?1, ?2, ?3, ?4, ?5, 0, 0, 0, ?6)
             ON CONFLICT DO UPDATE SET d_file_count = d_file_count + ?4, d_bytes = ",
            sum!("d_bytes", "?5"),
            ", path = ?6"
        );
        let values = params![
            source,
            self.generation,
            removed.id,
            -removed.row.file_count,
            -removed.row.bytes,
            Text(path)
        ];
        store.db.prepare_cached(sql)?.execute(values)?;
        Ok(())
    }

    /// Writes to the database from where on the history is complete, if that has changed.
    pub(super) fn flush(&mut self, store: &Store, source: i64) -> rusqlite::Result<()> {
        if self.is_incomplete && self.stored_incomplete < self.generation {
            let sql = "UPDATE sources SET history_from = ?2 WHERE id = ?1 AND history_from < ?2";
            store
                .db
                .prepare_cached(sql)?
                .execute(params![source, self.generation])?;
            self.stored_incomplete = self.generation;
        }
        self.is_incomplete = false;
        self.names.flush(store, source, self.generation)
    }
}

/// Searches the kept generations one by one, each by key. Without this, SQLite would read all
/// removed directories for each one.
macro_rules! in_each_generation {
    ($columns:literal, $and:literal) => {
        concat!(
            "WITH RECURSIVE kept(gen, last) AS (SELECT history_from, generation + 1 FROM sources WHERE id = ?1
               UNION ALL SELECT gen + 1, last FROM kept WHERE gen < last)
             SELECT ",
            $columns,
            " FROM kept k CROSS JOIN changes c ON c.source_id = ?1 AND c.gen = k.gen AND c.dir_id = ?2",
            $and
        )
    };
}

const REMOVED_IN: &str = in_each_generation!("c.gen", " WHERE c.path IS NOT NULL");
const RECORDED: &str = in_each_generation!("1", "");

/// The generation that records the removal of a directory, if one does.
pub(in crate::writer) fn removed_in(
    store: &Store,
    source: i64,
    id: i64,
) -> rusqlite::Result<Option<i64>> {
    let mut statement = store.db.prepare_cached(REMOVED_IN)?;
    statement
        .query_row(params![source, id], |row| row.get(0))
        .optional()
}

/// Records for a deleted directory of a removed tree what it had itself. The row of the tree's top
/// has that already, and gets what had changed in the directory before as well. A directory that
/// had nothing and has no row needs none: its path may be longer than everything else about it.
pub(in crate::writer) fn record_deleted(
    store: &Store,
    source: i64,
    generation: i64,
    top: i64,
    (id, path): (i64, &[u8]),
) -> rusqlite::Result<()> {
    let sql = "SELECT own_files <> 0 OR own_bytes <> 0 FROM dirs WHERE id = ?1";
    let mut had_any = store.db.prepare_cached(sql)?;
    let had_any: bool = had_any.query_row([id], |row| row.get(0))?;
    if !had_any && !is_recorded(store, source, id)? {
        return Ok(());
    }
    let sql = "UPDATE changes SET top = dir_id WHERE source_id = ?1 AND gen = ?2 AND dir_id = ?3 AND top IS NULL";
    let mut mark = store.db.prepare_cached(sql)?;
    mark.execute(params![source, generation, top])?;
    let sql = concat!(
        "UPDATE changes SET d_file_count = changes.d_file_count + was.d_file_count, d_bytes = ",
        sum!("changes.d_bytes", "was.d_bytes"),
        ", added = changes.added + was.added, removed = changes.removed + was.removed, changed = changes.changed + was.changed
           FROM changes AS was
          WHERE changes.source_id = ?1 AND changes.gen = ?2 AND changes.dir_id = ?3
            AND was.source_id = ?1 AND was.gen = ?2 AND was.dir_id = ?4"
    );
    let mut add = store.db.prepare_cached(sql)?;
    add.execute(params![source, generation, top, id])?;
    let sql = concat!(
        "INSERT INTO changes (source_id, gen, dir_id, d_file_count, d_bytes, added, removed, changed, path, top)
         SELECT ?1, ?2, ?3, -own_files, -own_bytes, 0, 0, 0, ?4, ?5 FROM dirs WHERE id = ?3
         ON CONFLICT DO UPDATE SET d_file_count = d_file_count + excluded.d_file_count, d_bytes = ",
        sum!("d_bytes", "excluded.d_bytes"),
        ", path = ?4, top = ?5"
    );
    let values = params![source, generation, id, Text(path), top];
    store.db.prepare_cached(sql)?.execute(values)?;
    Ok(())
}

/// Whether the history has a row of a directory.
fn is_recorded(store: &Store, source: i64, id: i64) -> rusqlite::Result<bool> {
    store.db.prepare_cached(RECORDED)?.exists([source, id])
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    #[test]
    fn a_directory_is_looked_up_by_key() {
        let mut db = rusqlite::Connection::open_in_memory().unwrap();
        crate::schema::create(&mut db).unwrap();
        for sql in [super::REMOVED_IN, super::RECORDED] {
            let sql = format!("EXPLAIN QUERY PLAN {sql}");
            let mut statement = db.prepare(&sql).unwrap();
            let steps = statement.raw_query().mapped(|row| row.get::<_, String>(3));
            let steps: Vec<String> = steps.map(Result::unwrap).collect();
            let by_key = "SEARCH c USING PRIMARY KEY (source_id=? AND gen=? AND dir_id=?)";
            assert!(steps.iter().any(|step| step == by_key), "{steps:?}");
        }
    }
}
