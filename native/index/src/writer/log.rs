//! The write-ahead log's length. Every commit makes it longer; it starts over only when all of it
//! is in the database and nobody reads from it, so that this process's own readers are kept out for
//! that moment when it has become long.

use std::fs::File;
use std::io::ErrorKind;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use rusqlite::Connection;

use super::sources::now;
use crate::gate::Gate;
use crate::guard::{self, Guard};
use crate::location::Location;
use crate::lock::WriterLock;
use crate::token;

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
    guard: Guard,
    path: PathBuf,
    soft: u64,
    limit: u64,
    tried: Option<Instant>,
    /// The last checkpoint failed.
    is_failing: bool,
    /// The token that the database has from when the log next starts over.
    next: Option<String>,
    /// Pages in the log may have other places than in the database, as after a VACUUM: half of a
    /// checkpoint then leaves a database of which the token cannot be told.
    is_rewritten: bool,
}

impl Log {
    pub fn new(
        db: &mut Connection,
        guard: Guard,
        location: &Location,
        gate: Arc<Gate>,
        soft: u64,
        limit: u64,
    ) -> rusqlite::Result<Log> {
        let state = Arc::new(LogState::default());
        // A writer that died may have left a long one.
        let left = std::fs::metadata(location.log());
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
            guard,
            path: location.log(),
            soft,
            limit,
            tried: None,
            is_failing: false,
            next: None,
            is_rewritten: left > 0,
        })
    }

    pub fn state(&self) -> Arc<LogState> {
        self.state.clone()
    }

    pub fn guard(&mut self) -> &mut Guard {
        &mut self.guard
    }

    /// What others did with the connection may have been a VACUUM, or a checkpoint.
    pub fn lent(&mut self) {
        self.is_rewritten = true;
        self.guard.lent();
    }

    /// Whether the last checkpoint failed.
    pub fn is_failing(&self) -> bool {
        self.is_failing
    }

    /// Whether nothing more may be written until the log has started over.
    pub fn is_at_limit(&self) -> bool {
        self.state.wal_bytes() >= self.limit
    }

    /// After a commit: starts the log over when it has become long.
    pub fn tend(
        &mut self,
        db: &Connection,
        lock: &WriterLock,
        timeout: Duration,
    ) -> rusqlite::Result<()> {
        let soon = self.tried.is_some_and(|tried| tried.elapsed() < RETRY);
        if self.state.wal_bytes() < self.soft || soon {
            return Ok(());
        }
        self.checkpoint(db, lock, "PRAGMA wal_checkpoint(RESTART)", timeout)
    }

    /// At the end of scans: the log's file becomes empty, if nobody reads from it.
    pub fn truncate(
        &mut self,
        db: &Connection,
        lock: &WriterLock,
        timeout: Duration,
    ) -> rusqlite::Result<()> {
        if self.state.wal_bytes() == 0 {
            return Ok(());
        }
        self.start_over(db, lock, timeout)
    }

    /// The same, also if the log is empty, so that the database gets another token.
    pub fn start_over(
        &mut self,
        db: &Connection,
        lock: &WriterLock,
        timeout: Duration,
    ) -> rusqlite::Result<()> {
        self.checkpoint(db, lock, "PRAGMA wal_checkpoint(TRUNCATE)", timeout)
    }

    fn checkpoint(
        &mut self,
        db: &Connection,
        lock: &WriterLock,
        sql: &str,
        timeout: Duration,
    ) -> rusqlite::Result<()> {
        self.is_failing = true;
        self.tried = Some(Instant::now());
        if self.is_rewritten {
            let _ = lock.update(|record| record.tokens.clear());
        }
        self.draw(db, lock);
        // Done by SQLite, this would come between the look at the file and the writing to it, and
        // take longer than both. No locks are held on the log itself.
        match File::open(&self.path).and_then(|log| log.sync_data()) {
            // What is left of a log that was removed still belongs into the database.
            Err(error) if error.kind() != ErrorKind::NotFound => {
                return Err(guard::not_synced(&error));
            }
            _ => {}
        }
        let gap = self.guard.first_gap();
        self.guard.check_stamp()?;
        if let Some(token) = &self.next {
            self.guard.allow_token(token);
        }
        let busy = self.copy(db, sql, timeout);
        self.guard.checkpointed();
        let busy = busy?;
        if !self.is_rewritten {
            self.guard.check_gap(gap)?;
        }
        let page = token::page(db)?;
        self.check_token(page, lock, busy)?;
        self.is_failing = false;
        let since = &self.state.blocked_since;
        if busy {
            let _ = since.compare_exchange(0, now(), Ordering::Relaxed, Ordering::Relaxed);
        } else {
            since.store(0, Ordering::Relaxed);
            self.tried = None;
            self.state.bytes.store(0, Ordering::Relaxed);
            self.is_rewritten = false;
            if let Some(token) = self.next.take() {
                // Otherwise both go on being taken for its own.
                let _ = lock.update(|record| (record.tokens, record.page) = (vec![token], page));
            }
        }
        Ok(())
    }

    /// Draws the token that comes into the database with this checkpoint. Until it is known to be
    /// there, the sidecar has the old one as well. Where it cannot be written, on a full disk say,
    /// the old one stays: that is no reason not to start over.
    fn draw(&mut self, db: &Connection, lock: &WriterLock) {
        if self.guard.check().is_err() || self.next.is_some() && !self.is_rewritten {
            return;
        }
        let token = token::draw();
        let is_announced = lock.update(|record| {
            // None means that any token may be there.
            if !record.tokens.is_empty() {
                record.tokens.push(token.clone());
            }
        });
        let is_announced = is_announced.and_then(|()| lock.sync()).is_ok();
        if is_announced && db.execute("UPDATE state SET token = ?1", [&token]).is_ok() {
            self.next = Some(token);
        } else {
            let _ = lock.update(|record| record.tokens.retain(|other| *other != token));
        }
    }

    /// What is in the database file now is what this writer put there, not what somebody else wrote
    /// while it did.
    fn check_token(&mut self, page: u32, lock: &WriterLock, busy: bool) -> rusqlite::Result<()> {
        let mut tokens = lock.tokens();
        // Of half of a checkpoint nothing is known but that the tokens which were there may be.
        if !busy {
            tokens.extend(self.next.clone());
        }
        self.guard.check_token(page, tokens)
    }

    /// Says whether a reader was in the way of starting over.
    fn copy(&self, db: &Connection, sql: &str, timeout: Duration) -> rusqlite::Result<bool> {
        // Most of the work is copying pages, which needs nobody out of the way. The log is on the disk
        // already; the database comes there before the log starts over.
        db.pragma_update(None, "synchronous", "off")?;
        let copied = db.query_row("PRAGMA wal_checkpoint(PASSIVE)", (), |_| Ok(()));
        db.pragma_update(None, "synchronous", "normal")?;
        copied?;
        self.guard.sync()?;
        // While somebody elsewhere is known to hold it, own readers are not kept waiting for that.
        let blocked = self.state.wal_blocked_since().is_some();
        let patience = if blocked { Duration::ZERO } else { PATIENCE };
        let guard = self.gate.shut(PATIENCE);
        db.busy_timeout(patience)?;
        let busy = db.query_row(sql, (), |row| row.get::<_, bool>(0));
        db.busy_timeout(timeout)?;
        drop(guard);
        busy
    }
}
