//! What is kept of changes: a row for each directory whose own entries changed in a generation, and which generations have all.

use rusqlite::{OptionalExtension, params};

use super::changed_files::NamesBudget;
use crate::text::Text;
use crate::writer::store::Store;
use crate::writer::tree::node::{FORGOTTEN, Node, Sums};

/// Beyond the largest number SQLite goes on with floating point: here a sum ends there.
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
    /// Single files of this generation.
    kept: NamesBudget,
}

impl History {
    /// From here on changes are told under this generation.
    pub fn begin(&mut self, generation: i64, wanted: bool) {
        if generation != self.generation {
            self.kept = NamesBudget::default();
        }
        self.generation = generation;
        self.wanted = wanted;
    }

    /// The whole-source scan has ended.
    pub fn next(&mut self) {
        self.generation += 1;
        self.kept = NamesBudget::default();
    }

    /// Something is not told.
    pub fn lacks(&mut self) {
        // Of the first nothing is told: everything is new.
        self.lacks |= self.generation > 1;
    }

    /// Whether changes are written down.
    pub fn is_kept(&self) -> bool {
        self.wanted && self.generation > 1
    }

    /// After a rollback the database does not know what it was told.
    pub fn reset(&mut self) {
        self.known_to_lack = 0;
        self.kept = NamesBudget::default();
    }

    /// Writes down what was gathered of a directory's own entries.
    pub(super) fn tell(&mut self, store: &Store, source: i64, node: &Node) -> rusqlite::Result<()> {
        if !self.is_kept() || node.listed_gen == FORGOTTEN {
            self.lacks();
            return Ok(());
        }
        let files = node.changed_files.as_deref();
        let more = self.kept.claim(store, (source, self.generation), files)?;
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
        self.kept.tell(store, at, names, files)
    }

    /// Writes down that a directory was removed, with all that it had.
    pub(super) fn tell_removed(
        &mut self,
        store: &Store,
        source: i64,
        (id, path): (i64, &[u8]),
        all: Sums,
    ) -> rusqlite::Result<()> {
        if !self.is_kept() {
            self.lacks();
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
        self.kept.flush(store, source, self.generation)
    }
}

/// Generation by generation, each a search by key: SQLite would rather read all that was removed, for each directory.
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
const TOLD: &str = in_each_generation!("1", "");

/// The generation that tells of a removed directory, if one does.
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

/// A directory of a removed tree is deleted: what it had itself is told of it, beside the tree's top, which has it already. What
/// had changed in it before is told by the top as well. One that had nothing, and of which nothing is told, needs no row: its path
/// may be longer than all else that is kept of it.
pub(in crate::writer) fn hand_down(
    store: &Store,
    source: i64,
    generation: i64,
    top: i64,
    (id, path): (i64, &[u8]),
) -> rusqlite::Result<()> {
    let sql = "SELECT own_files <> 0 OR own_bytes <> 0 FROM dirs WHERE id = ?1";
    let mut had_any = store.db.prepare_cached(sql)?;
    let had_any: bool = had_any.query_row([id], |row| row.get(0))?;
    if !had_any && !is_told(store, source, id)? {
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

/// Whether the history has anything of a directory.
fn is_told(store: &Store, source: i64, id: i64) -> rusqlite::Result<bool> {
    store.db.prepare_cached(TOLD)?.exists([source, id])
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    #[test]
    fn a_directory_is_looked_up_by_key() {
        let mut db = rusqlite::Connection::open_in_memory().unwrap();
        crate::schema::create(&mut db).unwrap();
        for sql in [super::REMOVED_IN, super::TOLD] {
            let sql = format!("EXPLAIN QUERY PLAN {sql}");
            let mut statement = db.prepare(&sql).unwrap();
            let steps = statement.raw_query().mapped(|row| row.get::<_, String>(3));
            let steps: Vec<String> = steps.map(Result::unwrap).collect();
            let by_key = "SEARCH c USING PRIMARY KEY (source_id=? AND gen=? AND dir_id=?)";
            assert!(steps.iter().any(|step| step == by_key), "{steps:?}");
        }
    }
}
