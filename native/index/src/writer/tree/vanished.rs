//! Directories that were proven to be gone, while looks that were taken before may still be on their way: none of these may bring
//! them back, be it a listing of the parent, of the directory, or of anything beneath it. Kept in a TEMP table until every scan
//! has ended that ran when the proof came; whoever begins later looks later.

use aether_core::path::split;
use rusqlite::params;

use crate::text::{Bytes, Text};
use crate::writer::proof::stamps::number;
use crate::writer::store::Store;

/// What is remembered of one source.
#[derive(Debug, Default)]
pub(in crate::writer) struct Vanished {
    /// No proof is newer than this: later looks need not be compared.
    newest: u64,
    /// The scan that began last, by its row.
    begun: i64,
}

impl Vanished {
    /// A scan begins.
    pub fn begin(&mut self, scan: i64) {
        self.begun = scan;
    }

    /// A look of that stamp did not find the directory.
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
        let sql = "INSERT INTO temp.gone VALUES (?1, ?2, ?3, ?4, ?5)
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

    /// Names that a listing of this directory, taken then, must not bring in.
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
        let sql = "SELECT name FROM temp.gone WHERE source_id = ?1 AND parent = ?2 AND stamp > ?3";
        let mut statement = store.db.prepare_cached(sql)?;
        let rows = statement.query_map(params![source, Text(path), number(stamp)], |row| {
            Ok(row.get::<_, Bytes>(0)?.0)
        })?;
        rows.collect()
    }

    /// Whether the directory, or one above it, was gone at a time after that stamp.
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
        let sql = "SELECT 1 FROM temp.gone WHERE source_id = ?1 AND parent = ?2 AND name = ?3 AND stamp > ?4";
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

    /// A scan has ended. What came before `oldest` began, the oldest that still runs, contradicts nothing any more.
    pub fn let_go(
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
        let sql = "DELETE FROM temp.gone WHERE source_id = ?1 AND last_scan < ?2";
        let values = params![source, oldest.unwrap_or(i64::MAX)];
        store.db.prepare_cached(sql)?.execute(values)?;
        Ok(())
    }
}
