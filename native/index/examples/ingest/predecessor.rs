//! The schema and the statements of the predecessor, as far as its scans used them.

use std::time::{Duration, Instant};

use rusqlite::{Connection, params, params_from_iter};

use super::{Arguments, Result, Told, Visit, mtime, walk};

const SCHEMA: &str = "
    CREATE TABLE scout_files (id INTEGER PRIMARY KEY, source_id TEXT, path TEXT, rel_path TEXT, size INTEGER, mtime INTEGER,
      status TEXT, error TEXT, sentinel_job_id TEXT, first_seen_at TEXT, last_seen_at TEXT, UNIQUE (source_id, rel_path));
    CREATE INDEX files_status ON scout_files (source_id, status);
    CREATE INDEX files_path ON scout_files (source_id, path);
    CREATE TABLE scout_folders (id INTEGER PRIMARY KEY, source_id TEXT, prefix TEXT, name TEXT, file_count INTEGER,
      is_folder BOOLEAN, updated_at TEXT, UNIQUE (source_id, prefix, name));
    CREATE INDEX folders_prefix ON scout_folders (source_id, prefix);";
const ID: &str = "8c0f6a52-51a8-4a51-93d5-0f9f1f6f7a10";
const NOW: &str = "2024-01-01T00:00:00.000000Z";
/// Files in one statement, and in one transaction.
const STATEMENT: usize = 83;
const TRANSACTION: usize = 1000;

struct Predecessor {
    db: Connection,
    batch: Vec<(String, u64)>,
    told: Told,
}

impl Predecessor {
    fn write(&mut self) -> Result<()> {
        let transaction = self.db.transaction()?;
        for rows in self.batch.chunks(STATEMENT) {
            let values = vec!["(?,?,?,?,?,'pending',?,?)"; rows.len()].join(",");
            let sql = format!(
                "INSERT INTO scout_files (source_id, path, rel_path, size, mtime, status, first_seen_at, last_seen_at) VALUES {values}
                 ON CONFLICT (source_id, rel_path) DO UPDATE SET size = excluded.size, mtime = excluded.mtime, last_seen_at = excluded.last_seen_at"
            );
            let values = rows.iter().flat_map(|(path, size)| {
                let seconds = mtime(*size) / 1_000_000_000;
                let texts = [ID.to_owned(), format!("/made/up/{path}"), path.clone()]
                    .map(rusqlite::types::Value::from);
                let numbers = [*size as i64, seconds].map(rusqlite::types::Value::from);
                let times = [NOW.to_owned(), NOW.to_owned()].map(rusqlite::types::Value::from);
                texts.into_iter().chain(numbers).chain(times)
            });
            transaction
                .prepare_cached(&sql)?
                .execute(params_from_iter(values))?;
        }
        // One upsert for each distinct segment of the batch's paths.
        let mut folders = std::collections::BTreeMap::<(&str, &str, bool), i64>::new();
        for (path, _) in &self.batch {
            let mut start = 0;
            for (at, _) in path.match_indices('/') {
                let name = path.get(start..at).unwrap_or_default();
                *folders
                    .entry((path.get(..start).unwrap_or_default(), name, true))
                    .or_default() += 1;
                start = at + 1;
            }
            *folders
                .entry((
                    path.get(..start).unwrap_or_default(),
                    path.get(start..).unwrap_or_default(),
                    false,
                ))
                .or_default() += 1;
        }
        let sql = "INSERT INTO scout_folders (source_id, prefix, name, file_count, is_folder, updated_at) VALUES (?, ?, ?, ?, ?, ?)
                   ON CONFLICT (source_id, prefix, name) DO UPDATE SET file_count = file_count + excluded.file_count, updated_at = excluded.updated_at";
        let mut statement = transaction.prepare_cached(sql)?;
        for ((prefix, name, is_folder), count) in folders {
            statement.execute(params![ID, prefix, name, count, is_folder, NOW])?;
        }
        drop(statement);
        transaction.commit()?;
        self.batch.clear();
        Ok(())
    }
}

impl Visit for Predecessor {
    fn directory(
        &mut self,
        path: &str,
        subdirectories: &[String],
        files: &[(String, u64)],
    ) -> Result<()> {
        self.told.add(subdirectories, files);
        for (name, size) in files {
            let path = if path.is_empty() {
                name.clone()
            } else {
                format!("{path}/{name}")
            };
            self.batch.push((path, *size));
            if self.batch.len() == TRANSACTION {
                self.write()?;
            }
        }
        Ok(())
    }
}

/// Writes the same entries with them.
pub fn ingest(arguments: &Arguments) -> Result<(Told, Duration)> {
    let db = Connection::open(&arguments.database)?;
    // The same cache and checkpoints as ours: what is compared is schemas and statements.
    db.execute_batch("PRAGMA journal_mode = wal; PRAGMA synchronous = normal; PRAGMA cache_size = -8000; PRAGMA wal_autocheckpoint = 8000;")?;
    db.execute_batch(SCHEMA)?;
    let begun = Instant::now();
    let mut predecessor = Predecessor {
        db,
        batch: Vec::new(),
        told: Told::default(),
    };
    walk(arguments, &mut predecessor)?;
    predecessor.write()?;
    let spent = begun.elapsed();
    predecessor.db.close().map_err(|(_, error)| error)?;
    Ok((predecessor.told, spent))
}
