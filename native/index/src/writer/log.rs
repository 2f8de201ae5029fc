//! The write-ahead log's length. Every commit makes it longer; it starts over only when all of it is in the database and nobody
//! reads from it, so that this process's own readers are kept out for that moment when it has become long.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use rusqlite::Connection;

use super::sources::now;
use crate::gate::Gate;
use crate::open::{Location, beside};

/// Bytes of a page with its frame header.
const FRAME: u64 = 4096 + 24;
/// How long readers of this process are waited for: a page takes 10 ms at most.
const PATIENCE: Duration = Duration::from_millis(50);
/// Between two attempts against a reader elsewhere.
const RETRY: Duration = Duration::from_millis(500);

/// What others may see of the log.
#[derive(Debug, Default)]
pub struct LogState {
    bytes: AtomicU64,
    blocked_since: AtomicI64,
}

impl LogState {
    /// Bytes in the log.
    pub fn wal_bytes(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }

    /// Since when a reader elsewhere keeps it from starting over, in ms since the epoch.
    pub fn wal_blocked_since(&self) -> Option<i64> {
        Some(self.blocked_since.load(Ordering::Relaxed)).filter(|since| *since != 0)
    }
}

pub(super) struct Log {
    state: Arc<LogState>,
    gate: Arc<Gate>,
    soft: u64,
    limit: u64,
    tried: Option<Instant>,
}

impl Log {
    pub fn new(
        db: &mut Connection,
        location: &Location,
        gate: Arc<Gate>,
        soft: u64,
        limit: u64,
    ) -> rusqlite::Result<Log> {
        let state = Arc::new(LogState::default());
        // A writer that died may have left a long one.
        let left = std::fs::metadata(beside(&location.database, "-wal"));
        let left = left.map_or(0, |left| left.len());
        state.bytes.store(left, Ordering::Relaxed);
        let seen = state.clone();
        db.wal_hook(Some(
            move |_: &mut rusqlite::hooks::Wal, pages: std::ffi::c_int| {
                seen.bytes
                    .store(u64::from(pages.unsigned_abs()) * FRAME, Ordering::Relaxed);
                Ok(())
            },
        ))?;
        Ok(Log {
            state,
            gate,
            soft,
            limit,
            tried: None,
        })
    }

    pub fn state(&self) -> Arc<LogState> {
        self.state.clone()
    }

    /// Whether nothing more may be written until readers elsewhere have gone.
    pub fn is_at_limit(&self) -> bool {
        self.state.wal_bytes() >= self.limit
    }

    /// After a commit: starts the log over when it has become long.
    pub fn tend(&mut self, db: &Connection, timeout: Duration) -> rusqlite::Result<()> {
        let soon = self.tried.is_some_and(|tried| tried.elapsed() < RETRY);
        if self.state.wal_bytes() < self.soft || soon {
            return Ok(());
        }
        self.checkpoint(db, "PRAGMA wal_checkpoint(RESTART)", timeout)
    }

    /// At the end of scans: the log's file becomes empty, if nobody reads from it.
    pub fn truncate(&mut self, db: &Connection, timeout: Duration) -> rusqlite::Result<()> {
        if self.state.wal_bytes() == 0 {
            return Ok(());
        }
        self.checkpoint(db, "PRAGMA wal_checkpoint(TRUNCATE)", timeout)
    }

    fn checkpoint(
        &mut self,
        db: &Connection,
        sql: &str,
        timeout: Duration,
    ) -> rusqlite::Result<()> {
        // Most of the work is copying pages, which needs nobody out of the way.
        db.query_row("PRAGMA wal_checkpoint(PASSIVE)", (), |_| Ok(()))?;
        // While somebody elsewhere is known to hold it, own readers are not kept waiting for that.
        let blocked = self.state.wal_blocked_since().is_some();
        let patience = if blocked { Duration::ZERO } else { PATIENCE };
        let guard = self.gate.shut(PATIENCE);
        db.busy_timeout(patience)?;
        let busy = db.query_row(sql, (), |row| row.get::<_, bool>(0));
        db.busy_timeout(timeout)?;
        drop(guard);
        if busy? {
            self.tried = Some(Instant::now());
            let since = &self.state.blocked_since;
            let _ = since.compare_exchange(0, now(), Ordering::Relaxed, Ordering::Relaxed);
        } else {
            self.tried = None;
            self.state.bytes.store(0, Ordering::Relaxed);
            self.state.blocked_since.store(0, Ordering::Relaxed);
        }
        Ok(())
    }
}
