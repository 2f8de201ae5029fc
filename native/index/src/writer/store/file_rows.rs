//! New rows of `files`, gathered and inserted many at a time. Rows of directories that are listed
//! for the first time come in the order of their keys, so that they are only appended.

use rusqlite::Connection;

use crate::columns::FileRow;
use crate::text::Text;
use crate::writer::store::chunks::Chunks;

/// Rows in one statement.
const SIZES: [usize; 4] = [64, 16, 4, 1];
const MAX_ROWS: usize = SIZES[0];

/// Parameters of the largest statement.
#[cfg(test)]
pub(super) const MAX_PARAMETERS: usize = MAX_ROWS * (FileRow::COUNT + 2);

#[derive(Debug)]
pub(in crate::writer) struct FileRows {
    insert: Chunks,
    /// For rows without owners.
    insert_unowned: Chunks,
    names: Vec<u8>,
    waiting: Vec<WaitingFile>,
    /// Directories that already had one of the names: their own totals have to be counted again.
    pub recount: Vec<i64>,
}

#[derive(Debug)]
struct WaitingFile {
    dir: i64,
    name: (u32, u32),
    row: FileRow,
}

/// A row to insert.
pub(in crate::writer) struct NewFile<'a> {
    pub dir: i64,
    pub name: &'a [u8],
    pub row: FileRow,
}

impl FileRows {
    pub fn new() -> FileRows {
        let insert = |columns, parameters| {
            let head = format!("INSERT OR IGNORE INTO files (dir_id, name, {columns}) VALUES ");
            Chunks::new(&head, &format!("(?,?,{parameters})"), "", &SIZES)
        };
        let unowned = FileRow::unowned();
        FileRows {
            insert: insert(FileRow::COLUMNS, FileRow::PARAMETERS),
            insert_unowned: insert(unowned.0, unowned.1),
            names: Vec::new(),
            waiting: Vec::new(),
            recount: Vec::new(),
        }
    }

    pub fn push(&mut self, db: &Connection, file: &NewFile<'_>) -> rusqlite::Result<()> {
        let start = self.names.len() as u32;
        self.names.extend_from_slice(file.name);
        self.waiting.push(WaitingFile {
            dir: file.dir,
            name: (start, self.names.len() as u32),
            row: file.row,
        });
        if self.waiting.len() >= MAX_ROWS {
            self.flush(db)
        } else {
            Ok(())
        }
    }

    /// Forgets what was not inserted, as after a rollback.
    pub fn clear(&mut self) {
        self.names.clear();
        self.waiting.clear();
        self.recount.clear();
    }

    pub fn flush(&mut self, db: &Connection) -> rusqlite::Result<()> {
        let FileRows {
            insert,
            insert_unowned,
            names,
            waiting,
            recount,
        } = self;
        let has_owners = waiting.iter().any(|file| file.row.owner.is_some());
        let insert = if has_owners { insert } else { insert_unowned };
        insert.execute(
            db,
            waiting,
            |statement, at, file| {
                let (start, end) = file.name;
                let name = names.get(start as usize..end as usize).unwrap_or_default();
                statement.raw_bind_parameter(at, file.dir)?;
                statement.raw_bind_parameter(at + 1, Text(name))?;
                file.row.bind(statement, at + 2)
            },
            |files, inserted| {
                if inserted != files.len() {
                    recount.extend(files.iter().map(|file| file.dir));
                }
            },
        )?;
        names.clear();
        waiting.clear();
        Ok(())
    }
}
