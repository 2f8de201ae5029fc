//! Directories found missing, when opened or in a whole listing. An earlier listing of the parent,
//! of the directory or of anything beneath it may arrive later and must not re-insert them. They
//! are kept in a TEMP table until every scan that was running then has ended; later scans list
//! later.

use aether_core::path::split;
use rusqlite::params;

use crate::text::{Bytes, Text};
use crate::writer::proof::stamps::number;
use crate::writer::store::Store;

/// What is remembered for one source.
#[derive(Debug, Default)]
pub(in crate::writer) struct Vanished {
    /// The newest stamp of all: later listings need not be compared.
    newest: u64,
    /// Row of the scan that began last.
    begun: i64,
}

impl Vanished {
    /// Notes that a scan begins.
    pub fn begin(&mut self, scan: i64) {
        self.begun = scan;
    }

    /// Remembers a directory that was missing at this stamp.
    pub fn remember(
        &mut self,
        store: &Store,
        source: i64,
        path: &[u8],
        stamp: u64,
    ) -> rusqlite::Result<()> {
        if path.is_empty() {
            return Ok(());
        }
        self.newest = self.newest.max(stamp);
        let (parent, name) = split(path);
        let sql = "INSERT INTO temp.vanished VALUES (?1, ?2, ?3, ?4, ?5)
                   ON CONFLICT DO UPDATE SET stamp = max(stamp, ?4), last_scan = ?5";
        store.db.prepare_cached(sql)?.execute(params![
            source,
            Text(parent),
            Text(name),
            number(stamp),
            self.begun
        ])?;
        Ok(())
    }

    /// Names that a listing of this directory with this stamp must not insert.
    pub fn names(
        &self,
        store: &Store,
        source: i64,
        path: &[u8],
        stamp: u64,
    ) -> rusqlite::Result<Vec<Vec<u8>>> {
        if self.newest < stamp {
            return Ok(Vec::new());
        }
        let sql =
            "SELECT name FROM temp.vanished WHERE source_id = ?1 AND parent = ?2 AND stamp > ?3";
        let mut statement = store.db.prepare_cached(sql)?;
        let rows = statement.query_map(params![source, Text(path), number(stamp)], |row| {
            Ok(row.get::<_, Bytes>(0)?.0)
        })?;
        rows.collect()
    }

    /// Whether the directory, or one above it, was missing after this stamp.
    pub fn covers(
        &self,
        store: &Store,
        source: i64,
        path: &[u8],
        stamp: u64,
    ) -> rusqlite::Result<bool> {
        if self.newest < stamp {
            return Ok(false);
        }
        let sql = "SELECT 1 FROM temp.vanished WHERE source_id = ?1 AND parent = ?2 AND name = ?3 AND stamp > ?4";
        let mut statement = store.db.prepare_cached(sql)?;
        let mut at = path;
        while !at.is_empty() {
            let (parent, name) = split(at);
            if statement.exists(params![source, Text(parent), Text(name), number(stamp)])? {
                return Ok(true);
            }
            at = parent;
        }
        Ok(false)
    }

    /// Forgets what no running scan can contradict. `oldest` is the row of the scan that began
    /// first.
    pub fn forget(
        &mut self,
        store: &Store,
        source: i64,
        oldest: Option<i64>,
    ) -> rusqlite::Result<()> {
        if self.newest == 0 {
            return Ok(());
        }
        if oldest.is_none() {
            self.newest = 0;
        }
        let sql = "DELETE FROM temp.vanished WHERE source_id = ?1 AND last_scan < ?2";
        let values = params![source, oldest.unwrap_or(i64::MAX)];
        store.db.prepare_cached(sql)?.execute(values)?;
        Ok(())
    }
}
