//! New rows of `files`, gathered and inserted many at a time. Rows of directories listed for the first time come in the order of
//! their keys, so that they only append.

use rusqlite::Connection;

use crate::text::Text;
use crate::writer::store::chunks::Chunks;

/// Rows in one statement.
pub(in crate::writer) const CHUNK: usize = 64;

#[derive(Debug)]
pub(in crate::writer) struct FileRows {
    insert: Chunks,
    names: Vec<u8>,
    rows: Vec<Row>,
    /// Directories of which a name was there already: their own totals have to be counted anew.
    pub recount: Vec<i64>,
}

#[derive(Debug)]
struct Row {
    dir: i64,
    name: (u32, u32),
    kind: u8,
    size: Option<i64>,
    mtime: Option<i64>,
}

/// A row to insert.
pub(in crate::writer) struct NewFile<'a> {
    pub dir: i64,
    pub name: &'a [u8],
    pub kind: u8,
    pub size: Option<i64>,
    pub mtime: Option<i64>,
}

impl FileRows {
    pub fn new() -> FileRows {
        let head = "INSERT OR IGNORE INTO files VALUES ";
        FileRows {
            insert: Chunks::new(head, "(?,?,?,?,?)", "", &[CHUNK, 16, 4, 1]),
            names: Vec::new(),
            rows: Vec::new(),
            recount: Vec::new(),
        }
    }

    pub fn push(&mut self, db: &Connection, file: &NewFile<'_>) -> rusqlite::Result<()> {
        let start = self.names.len() as u32;
        self.names.extend_from_slice(file.name);
        self.rows.push(Row {
            dir: file.dir,
            name: (start, self.names.len() as u32),
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
        let FileRows {
            insert,
            names,
            rows,
            recount,
        } = self;
        insert.execute(
            db,
            rows,
            |statement, at, row| {
                let (start, end) = row.name;
                let name = names.get(start as usize..end as usize).unwrap_or_default();
                statement.raw_bind_parameter(at, row.dir)?;
                statement.raw_bind_parameter(at + 1, Text(name))?;
                statement.raw_bind_parameter(at + 2, row.kind)?;
                statement.raw_bind_parameter(at + 3, row.size)?;
                statement.raw_bind_parameter(at + 4, row.mtime)
            },
            |rows, inserted| {
                if inserted != rows.len() {
                    recount.extend(rows.iter().map(|row| row.dir));
                }
            },
        )?;
        names.clear();
        rows.clear();
        Ok(())
    }
}
