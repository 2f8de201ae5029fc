//! Rows of `dirs` and `paths` waiting to be inserted: new directories, and those that take a new
//! id.

use aether_core::path;
use rusqlite::{Connection, Statement};

use crate::columns::DirRow;
use crate::schema::MAX_PATH;
use crate::text::{Bytes, Text};
use crate::writer::store::chunks::Chunks;

/// Rows in one statement.
const SIZES: [usize; 3] = [16, 4, 1];

#[derive(Debug)]
pub(in crate::writer) struct DirRows {
    insert: Chunks,
    insert_path: Chunks,
    delete: Chunks,
    waiting: Vec<WaitingDir>,
    paths: Vec<WaitingPath>,
    /// Ids whose rows give way to new ones.
    replaced: Vec<i64>,
}

/// A row to insert.
pub(in crate::writer) struct NewDir<'a> {
    pub id: i64,
    pub source: i64,
    pub parent: Option<i64>,
    pub name: &'a [u8],
    pub row: DirRow,
}

#[derive(Debug)]
struct WaitingDir {
    id: i64,
    source: i64,
    parent: Option<i64>,
    name: Bytes,
    row: DirRow,
}

#[derive(Debug)]
struct WaitingPath {
    source: i64,
    prefix: Vec<u8>,
    dir: i64,
}

impl DirRows {
    pub fn new() -> DirRows {
        let columns = DirRow::COLUMNS;
        let head = format!("INSERT INTO dirs (id, source_id, parent_id, name, {columns}) VALUES ");
        let values = format!("(?,?,?,?,{})", DirRow::PARAMETERS);
        DirRows {
            insert: Chunks::new(&head, &values, "", &SIZES),
            // A directory that was found, lost and listed may have a row already.
            insert_path: Chunks::new("INSERT OR IGNORE INTO paths VALUES ", "(?,?,?)", "", &SIZES),
            delete: Chunks::new("DELETE FROM dirs WHERE id IN (", "?", ")", &SIZES),
            waiting: Vec::new(),
            paths: Vec::new(),
            replaced: Vec::new(),
        }
    }

    pub fn push(&mut self, dir: &NewDir<'_>) {
        self.waiting.push(WaitingDir {
            id: dir.id,
            source: dir.source,
            parent: dir.parent,
            name: Bytes(dir.name.to_vec()),
            row: dir.row,
        });
    }

    /// Deletes the row of this id before the new ones are inserted.
    pub fn replace(&mut self, id: i64) {
        self.replaced.push(id);
    }

    pub fn push_path(&mut self, source: i64, path: &[u8], dir: i64) {
        if let Some(prefix) = prefix(path) {
            self.paths.push(WaitingPath {
                source,
                prefix,
                dir,
            });
        }
    }

    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty() && self.paths.is_empty() && self.replaced.is_empty()
    }

    /// Whether there are enough rows for the largest statement.
    pub fn is_full(&self) -> bool {
        self.waiting.len() >= self.insert.max_rows()
    }

    /// Forgets what was not inserted, as after a rollback.
    pub fn clear(&mut self) {
        self.waiting.clear();
        self.paths.clear();
        self.replaced.clear();
    }

    pub fn flush(&mut self, db: &Connection) -> rusqlite::Result<()> {
        let bind_id =
            |statement: &mut Statement<'_>, at, id: &i64| statement.raw_bind_parameter(at, *id);
        self.delete
            .execute(db, &self.replaced, bind_id, |_, _| {})?;
        self.insert.execute(db, &self.waiting, bind, |_, _| {})?;
        let bind_path = |statement: &mut Statement<'_>, at: usize, path: &WaitingPath| {
            statement.raw_bind_parameter(at, path.source)?;
            statement.raw_bind_parameter(at + 1, Text(&path.prefix))?;
            statement.raw_bind_parameter(at + 2, path.dir)
        };
        self.insert_path
            .execute(db, &self.paths, bind_path, |_, _| {})?;
        self.clear();
        Ok(())
    }
}

fn bind(statement: &mut Statement<'_>, at: usize, dir: &WaitingDir) -> rusqlite::Result<()> {
    statement.raw_bind_parameter(at, dir.id)?;
    statement.raw_bind_parameter(at + 1, dir.source)?;
    statement.raw_bind_parameter(at + 2, dir.parent)?;
    statement.raw_bind_parameter(at + 3, &dir.name)?;
    dir.row.bind(statement, at + 4)
}

/// Whether a path of this length has a row in `paths`.
pub(in crate::writer) fn has_row(path_len: usize) -> bool {
    // With the slash at its end.
    path_len < MAX_PATH
}

/// The path in the form of `paths`, unless it is too long to have a row.
pub(in crate::writer) fn prefix(path: &[u8]) -> Option<Vec<u8>> {
    has_row(path.len()).then(|| path::prefix(path))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::writer::apply::read_ahead;
    use crate::writer::store::file_rows;
    use rusqlite::limits::Limit;

    /// Gap 010 of the predecessor: a bulk statement must fit SQLite's limits.
    #[test]
    fn gap_scan_010_chunks_fit_the_limits_of_sqlite() {
        let db = Connection::open_in_memory().unwrap();
        let max = db.limit(Limit::SQLITE_LIMIT_VARIABLE_NUMBER).unwrap();
        let dirs = SIZES[0] * (DirRow::COUNT + 4);
        for parameters in [dirs, file_rows::MAX_PARAMETERS, read_ahead::MAX_DIRS] {
            assert!(parameters <= max.unsigned_abs() as usize);
        }
    }
}
