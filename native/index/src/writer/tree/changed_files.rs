//! The single files that changed, for the history: so many names for each directory, and so many for each generation.

use rusqlite::{OptionalExtension, params};

use crate::text::Text;
use crate::writer::store::Store;

/// Bytes of names that are kept for one directory in one generation.
const MAX_NAMES: i64 = 64 << 10;

/// Bytes of names that are kept for one generation of a source.
const MAX_ALL: i64 = 16 << 20;

/// What happened to one file.
#[derive(Clone, Debug)]
struct FileChange {
    name: Box<[u8]>,
    was: bool,
    kind: Option<i64>,
    bytes: i64,
}

/// Those of one directory since the last flush.
#[derive(Clone, Debug, Default)]
pub(in crate::writer) struct FileChanges {
    /// Bytes of all names, also of those that are too many.
    names: i64,
    files: Vec<FileChange>,
}

impl FileChanges {
    /// `was` there before; of that `kind` now, if anything is there. `bytes` more or fewer.
    pub fn push(&mut self, name: &[u8], was: bool, kind: Option<i64>, bytes: i64) {
        self.names += name.len() as i64;
        if self.names <= MAX_NAMES {
            let name = name.into();
            self.files.push(FileChange {
                name,
                was,
                kind,
                bytes,
            });
        }
    }
}

/// How much of what a generation may keep is taken.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct NamesBudget {
    /// None where only the database knows.
    names: Option<i64>,
    /// What the database does not know yet.
    is_new: bool,
}

impl NamesBudget {
    /// What `changes.names` of the directory is to grow by; none where its files are too many for the generation.
    pub fn claim(
        &mut self,
        store: &Store,
        (source, generation): (i64, i64),
        files: Option<&FileChanges>,
    ) -> rusqlite::Result<Option<i64>> {
        let Some(files) = files else {
            return Ok(Some(0));
        };
        let kept = match self.names {
            Some(kept) => kept,
            None => stored(store, source, generation)?,
        };
        self.names = Some(kept);
        Ok((kept + files.names <= MAX_ALL).then_some(files.names))
    }

    /// Writes down the files of a directory, of which `changes.names` is now this.
    pub fn tell(
        &mut self,
        store: &Store,
        (source, generation, dir): (i64, i64, i64),
        names: Option<i64>,
        files: Option<&FileChanges>,
    ) -> rusqlite::Result<()> {
        let Some(files) = files else {
            return Ok(());
        };
        if names.is_none_or(|names| names > MAX_NAMES) {
            return Ok(());
        }
        // What is entered twice in one listing comes twice.
        let sql = "INSERT INTO changed_files VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
                   ON CONFLICT DO UPDATE SET kind = excluded.kind, d_bytes = max(min(excluded.d_bytes +
                   iif(excluded.was = 0 AND kind IS NOT NULL, 0, d_bytes), 9223372036854775807), -9223372036854775807)";
        let mut insert = store.db.prepare_cached(sql)?;
        for file in &files.files {
            let name = Text(&file.name);
            insert.execute(params![
                source, generation, dir, name, file.was, file.kind, file.bytes
            ])?;
        }
        self.names = self.names.map(|kept| kept + files.names);
        self.is_new = true;
        Ok(())
    }

    /// Has the database know.
    pub fn flush(&mut self, store: &Store, source: i64, generation: i64) -> rusqlite::Result<()> {
        if let (true, Some(names)) = (std::mem::take(&mut self.is_new), self.names) {
            let sql = "UPDATE sources SET names_gen = ?2, names = ?3 WHERE id = ?1";
            let mut update = store.db.prepare_cached(sql)?;
            update.execute(params![source, generation, names])?;
        }
        Ok(())
    }
}

fn stored(store: &Store, source: i64, generation: i64) -> rusqlite::Result<i64> {
    let sql = "SELECT names FROM sources WHERE id = ?1 AND names_gen = ?2";
    let mut statement = store.db.prepare_cached(sql)?;
    let names = statement.query_row(params![source, generation], |row| row.get(0));
    Ok(names.optional()?.unwrap_or_default())
}
