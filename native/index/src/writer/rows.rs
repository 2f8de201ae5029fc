//! New rows of `files`, gathered and inserted many at a time. Rows of directories listed for the first time come in the order of
//! their keys, so that they only append.

use rusqlite::{Connection, Statement};

use crate::text::Text;

/// Rows in one statement: the price of a statement is shared by all of them.
pub(super) const CHUNK: usize = 64;
/// Columns of `files`.
const COLUMNS: usize = 5;
/// What is left over goes in statements of these sizes.
const SIZES: [usize; 4] = [CHUNK, 16, 4, 1];

#[derive(Debug)]
pub(super) struct Rows {
    /// Statements, in the order of `SIZES`.
    sql: [String; SIZES.len()],
    names: Vec<u8>,
    rows: Vec<Row>,
    /// Directories of which a name was there already: their own totals have to be counted anew.
    pub recount: Vec<i64>,
}

#[derive(Debug)]
struct Row {
    dir: i64,
    name_end: u32,
    kind: u8,
    size: Option<i64>,
    mtime: Option<i64>,
}

/// A row to insert.
pub(super) struct NewFile<'a> {
    pub dir: i64,
    pub name: &'a [u8],
    pub kind: u8,
    pub size: Option<i64>,
    pub mtime: Option<i64>,
}

impl Rows {
    pub fn new() -> Rows {
        Rows {
            sql: SIZES.map(sql),
            names: Vec::new(),
            rows: Vec::new(),
            recount: Vec::new(),
        }
    }

    pub fn push(&mut self, db: &Connection, file: &NewFile<'_>) -> rusqlite::Result<()> {
        self.names.extend_from_slice(file.name);
        self.rows.push(Row {
            dir: file.dir,
            name_end: self.names.len() as u32,
            kind: file.kind,
            size: file.size,
            mtime: file.mtime,
        });
        if self.rows.len() >= CHUNK {
            self.flush(db)
        } else {
            Ok(())
        }
    }

    /// Forgets what was not inserted, as after a rollback.
    pub fn clear(&mut self) {
        self.names.clear();
        self.rows.clear();
        self.recount.clear();
    }

    pub fn flush(&mut self, db: &Connection) -> rusqlite::Result<()> {
        let mut rows = self.rows.as_slice();
        let mut start = 0;
        while !rows.is_empty() {
            let fits = |(size, _): &(usize, &String)| *size <= rows.len();
            let Some((size, sql)) = SIZES.into_iter().zip(&self.sql).find(fits) else {
                break;
            };
            let (now, later) = rows.split_at(size);
            let mut statement = db.prepare_cached(sql)?;
            start = bind(&mut statement, now, &self.names, start)?;
            let inserted = statement.raw_execute()?;
            if inserted != now.len() {
                self.recount.extend(now.iter().map(|row| row.dir));
            }
            rows = later;
        }
        self.names.clear();
        self.rows.clear();
        Ok(())
    }
}

fn sql(rows: usize) -> String {
    let values = vec!["(?,?,?,?,?)"; rows].join(",");
    format!("INSERT OR IGNORE INTO files VALUES {values}")
}

/// Binds the rows; gives where the names after them start.
fn bind(
    statement: &mut Statement<'_>,
    rows: &[Row],
    names: &[u8],
    mut start: usize,
) -> rusqlite::Result<usize> {
    for (row, at) in rows.iter().zip((1..).step_by(COLUMNS)) {
        let end = row.name_end as usize;
        let name = names.get(start..end).unwrap_or_default();
        start = end;
        statement.raw_bind_parameter(at, row.dir)?;
        statement.raw_bind_parameter(at + 1, Text(name))?;
        statement.raw_bind_parameter(at + 2, row.kind)?;
        statement.raw_bind_parameter(at + 3, row.size)?;
        statement.raw_bind_parameter(at + 4, row.mtime)?;
    }
    Ok(start)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use rusqlite::limits::Limit;

    /// The original's gap 010: a bulk statement must fit what SQLite takes.
    #[test]
    fn gap_scan_010_chunks_fit_the_limits_of_sqlite() {
        let db = Connection::open_in_memory().unwrap();
        let most = db.limit(Limit::SQLITE_LIMIT_VARIABLE_NUMBER).unwrap();
        assert!(CHUNK * COLUMNS <= most.unsigned_abs() as usize);
    }
}
