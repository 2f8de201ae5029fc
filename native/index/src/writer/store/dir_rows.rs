//! Rows of `dirs` and `paths` on their way into the database: new directories, and such as take a new id.

use aether_core::path;
use rusqlite::{Connection, Statement};

use crate::identity::StoredIdentity;
use crate::schema::MAX_PATH;
use crate::text::{Bytes, Text};
use crate::writer::store::chunks::Chunks;
use crate::writer::tree::node::{Node, Sums};

/// Rows in one statement.
const SIZES: [usize; 3] = [16, 4, 1];

#[derive(Debug)]
pub(in crate::writer) struct DirRows {
    insert: Chunks,
    insert_path: Chunks,
    delete: Chunks,
    rows: Vec<Row>,
    paths: Vec<Path>,
    /// Ids that give way to new ones.
    old: Vec<i64>,
}

#[derive(Debug)]
struct Row {
    id: i64,
    source: i64,
    parent: Option<i64>,
    name: Bytes,
    mtime: Option<i64>,
    status: i64,
    own: Sums,
    all: Sums,
    unknown_below: i64,
    listed_gen: i64,
    changed_gen: i64,
    mount: StoredIdentity,
}

#[derive(Debug)]
struct Path {
    source: i64,
    prefix: Vec<u8>,
    dir: i64,
}

impl DirRows {
    pub fn new() -> DirRows {
        let values = "(?,?,?,?,?,?,?,?,?,?,?,?,?,?)";
        DirRows {
            insert: Chunks::new("INSERT INTO dirs VALUES ", values, "", &SIZES),
            // A directory that was heard of, lost, and listed may have one already.
            insert_path: Chunks::new("INSERT OR IGNORE INTO paths VALUES ", "(?,?,?)", "", &SIZES),
            delete: Chunks::new("DELETE FROM dirs WHERE id IN (", "?", ")", &SIZES),
            rows: Vec::new(),
            paths: Vec::new(),
            old: Vec::new(),
        }
    }

    pub fn push(&mut self, source: i64, parent: Option<i64>, node: &Node) {
        self.rows.push(Row {
            id: node.id,
            source,
            parent,
            name: Bytes(node.name.to_vec()),
            mtime: node.mtime,
            status: node.status,
            own: node.own,
            all: node.all,
            unknown_below: node.unknown_below,
            listed_gen: node.listed_gen,
            changed_gen: node.changed_gen,
            mount: StoredIdentity(node.mount),
        });
    }

    /// The row of that id goes before the new ones come.
    pub fn replace(&mut self, old: i64) {
        self.old.push(old);
    }

    pub fn push_path(&mut self, source: i64, path: &[u8], dir: i64) {
        if let Some(prefix) = prefix(path) {
            self.paths.push(Path {
                source,
                prefix,
                dir,
            });
        }
    }

    pub fn is_empty(&self) -> bool {
        self.rows.is_empty() && self.paths.is_empty() && self.old.is_empty()
    }

    /// Whether a whole statement has come together.
    pub fn is_full(&self) -> bool {
        self.rows.len() >= self.insert.most()
    }

    /// Forgets what was not inserted, as after a rollback.
    pub fn clear(&mut self) {
        self.rows.clear();
        self.paths.clear();
        self.old.clear();
    }

    pub fn flush(&mut self, db: &Connection) -> rusqlite::Result<()> {
        let bind_id =
            |statement: &mut Statement<'_>, at, id: &i64| statement.raw_bind_parameter(at, *id);
        self.delete.execute(db, &self.old, bind_id, |_, _| {})?;
        self.insert.execute(db, &self.rows, bind, |_, _| {})?;
        let bind_path = |statement: &mut Statement<'_>, at: usize, path: &Path| {
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

fn bind(statement: &mut Statement<'_>, at: usize, row: &Row) -> rusqlite::Result<()> {
    statement.raw_bind_parameter(at, row.id)?;
    statement.raw_bind_parameter(at + 1, row.source)?;
    statement.raw_bind_parameter(at + 2, row.parent)?;
    statement.raw_bind_parameter(at + 3, &row.name)?;
    statement.raw_bind_parameter(at + 4, row.mtime)?;
    statement.raw_bind_parameter(at + 5, row.status)?;
    statement.raw_bind_parameter(at + 6, row.own.files)?;
    statement.raw_bind_parameter(at + 7, row.own.bytes)?;
    statement.raw_bind_parameter(at + 8, row.all.files)?;
    statement.raw_bind_parameter(at + 9, row.all.bytes)?;
    statement.raw_bind_parameter(at + 10, row.unknown_below)?;
    statement.raw_bind_parameter(at + 11, row.listed_gen)?;
    statement.raw_bind_parameter(at + 12, row.changed_gen)?;
    statement.raw_bind_parameter(at + 13, row.mount)
}

/// Whether a path of that length has a row in `paths`, with the slash at its end.
pub(in crate::writer) fn has_row(path_len: usize) -> bool {
    path_len < MAX_PATH
}

/// The path in the form of `paths`, unless it is too long for that.
pub(in crate::writer) fn prefix(path: &[u8]) -> Option<Vec<u8>> {
    has_row(path.len()).then(|| path::prefix(path))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::writer::store::file_rows;
    use rusqlite::limits::Limit;

    /// The original's gap 010: a bulk statement must fit what SQLite takes.
    #[test]
    fn gap_scan_010_chunks_fit_the_limits_of_sqlite() {
        let db = Connection::open_in_memory().unwrap();
        let most = db.limit(Limit::SQLITE_LIMIT_VARIABLE_NUMBER).unwrap();
        for parameters in [
            SIZES[0] * 14,
            file_rows::CHUNK * 5,
            crate::writer::apply::read_ahead::MOST,
        ] {
            assert!(parameters <= most.unsigned_abs() as usize);
        }
    }
}
