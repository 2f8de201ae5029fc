//! Which files changed, for the history: a limited number of names per directory and generation.

use rusqlite::{OptionalExtension, params};

use crate::text::Text;
use crate::writer::store::Store;

/// Maximum number of bytes of names kept for a directory in one generation.
const MAX_NAMES: i64 = 64 << 10;

/// Maximum number of bytes of names kept for a source in one generation.
const MAX_ALL: i64 = 16 << 20;

/// What happened to one file.
#[derive(Clone, Debug)]
struct FileChange {
    name: Box<[u8]>,
    existed: bool,
    kind: Option<i64>,
    bytes: i64,
}

/// Changed files of one directory since the last flush.
#[derive(Clone, Debug, Default)]
pub(in crate::writer) struct FileChanges {
    /// Bytes of all names, including those beyond the limit.
    names: i64,
    files: Vec<FileChange>,
}

impl FileChanges {
    /// `existed`: before the change. `kind`: of what has the name now, if anything has. `bytes`:
    /// how many were added.
    pub fn push(&mut self, name: &[u8], existed: bool, kind: Option<i64>, bytes: i64) {
        self.names += name.len() as i64;
        if self.names <= MAX_NAMES {
            let name = name.into();
            self.files.push(FileChange {
                name,
                existed,
                kind,
                bytes,
            });
        }
    }
}

/// How much of what a generation may keep is used.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct NamesBudget {
    /// None where only the database knows.
    names: Option<i64>,
    /// Whether it was not written to the database yet.
    is_new: bool,
}

impl NamesBudget {
    /// How much to add to `changes.names` of a directory; None if the generation has no room left.
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

    /// Records the files of a directory. `names` is what `changes.names` has become.
    pub fn record(
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
        // A name that one listing has twice comes twice.
        let sql = "INSERT INTO changed_files VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
                   ON CONFLICT DO UPDATE SET kind = excluded.kind, d_bytes = max(min(excluded.d_bytes +
                   iif(excluded.was = 0 AND kind IS NOT NULL, 0, d_bytes), 9223372036854775807), -9223372036854775807)";
        let mut insert = store.db.prepare_cached(sql)?;
        for file in &files.files {
            let name = Text(&file.name);
            insert.execute(params![
                source,
                generation,
                dir,
                name,
                file.existed,
                file.kind,
                file.bytes
            ])?;
        }
        self.names = self.names.map(|kept| kept + files.names);
        self.is_new = true;
        Ok(())
    }

    /// Writes to the database how much is used.
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
