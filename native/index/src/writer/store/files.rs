//! Statements on `files`.

use std::sync::LazyLock;

use rusqlite::{OptionalExtension, params};

use super::Store;
use super::file_rows::NewFile;
use crate::columns::FileRow;
use crate::text::Text;

/// Number, bytes and blocks of a directory's own files.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::writer) struct OwnSums {
    pub files: i64,
    pub bytes: i64,
    pub disk: i64,
}

static LOAD_FILE: LazyLock<String> = LazyLock::new(|| {
    let columns = FileRow::COLUMNS;
    format!("SELECT {columns} FROM files WHERE dir_id = ?1 AND name = ?2")
});
static UPDATE_FILE: LazyLock<String> = LazyLock::new(|| {
    let assignments = FileRow::ASSIGNMENTS;
    format!("UPDATE files SET {assignments} WHERE dir_id = ? AND name = ?")
});
static OWN_FILES: LazyLock<String> =
    LazyLock::new(|| format!("SELECT {} FROM files WHERE dir_id = ?1", FileRow::COLUMNS));

impl Store {
    pub fn push_file(&mut self, file: &NewFile<'_>) -> rusqlite::Result<()> {
        self.files.push(&self.db, file)
    }

    pub fn flush_files(&mut self) -> rusqlite::Result<()> {
        self.files.flush(&self.db)
    }

    pub fn load_file(&self, dir: i64, name: &[u8]) -> rusqlite::Result<Option<FileRow>> {
        let mut statement = self.db.prepare_cached(&LOAD_FILE)?;
        statement
            .query_row(params![dir, Text(name)], |row| FileRow::read(row, 0))
            .optional()
    }

    pub fn update_file(&self, dir: i64, name: &[u8], row: &FileRow) -> rusqlite::Result<()> {
        let mut statement = self.db.prepare_cached(&UPDATE_FILE)?;
        row.bind(&mut statement, 1)?;
        statement.raw_bind_parameter(FileRow::COUNT + 1, dir)?;
        statement.raw_bind_parameter(FileRow::COUNT + 2, Text(name))?;
        statement.raw_execute()?;
        Ok(())
    }

    pub fn delete_file(&self, dir: i64, name: &[u8]) -> rusqlite::Result<()> {
        let sql = "DELETE FROM files WHERE dir_id = ?1 AND name = ?2";
        let mut statement = self.db.prepare_cached(sql)?;
        statement.execute(params![dir, Text(name)])?;
        Ok(())
    }

    /// Counts a directory's own files.
    pub fn count_own(&self, dir: i64) -> rusqlite::Result<OwnSums> {
        let mut statement = self.db.prepare_cached(&OWN_FILES)?;
        let mut rows = statement.query([dir])?;
        let mut sums = OwnSums::default();
        while let Some(row) = rows.next()? {
            let file = FileRow::read(row, 0)?;
            sums.files += 1;
            sums.bytes = sums.bytes.saturating_add(file.bytes());
            sums.disk = sums.disk.saturating_add(file.own_disk());
        }
        Ok(sums)
    }
}
