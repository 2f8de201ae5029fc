//! The write-ahead log's length. Every commit makes it longer; it starts over only when all of it
//! is in the database and nobody reads from it, so that this process's own readers are kept out for
//! that moment when it has become long.
//!
//! A commit waits for no disk: only a checkpoint does, several times. So there is one when the log
//! has become long, after a whole scan, at the end, and when the index has been at rest for a while.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use rusqlite::Connection;

use super::options::OpenOptions;
use crate::gate::Gate;
use crate::guard::Guard;
use crate::location::Location;
use crate::lock::WriterLock;
use checkpoint::Checkpoint;

mod checkpoint;

/// Bytes of a page with its frame header.
const FRAME: u64 = 4096 + 24;
/// Between two attempts against a reader elsewhere.
const RETRY: Duration = Duration::from_millis(500);

/// What others may see of the log.
#[derive(Debug, Default)]
pub struct LogState {
    bytes: AtomicU64,
    limit: u64,
    blocked_since: AtomicI64,
}

impl LogState {
    /// Bytes in the log.
    pub fn wal_bytes(&self) -> u64 {
        self.bytes.load(Ordering::Acquire)
    }

    /// Whether nothing more may be written until it has started over.
    pub fn is_at_limit(&self) -> bool {
        self.wal_bytes() >= self.limit
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
    /// A shorter log is left as it is when the index is at rest.
    rest: u64,
    /// How long nothing is committed before it is.
    rest_after: Duration,
    /// The last commit or checkpoint.
    rests_since: Instant,
    tried: Option<Instant>,
    /// The file is to be empty as soon as nothing is scanned.
    truncates: bool,
    /// The file is empty, also after a power failure.
    is_empty: bool,
    /// The last checkpoint failed.
    is_failing: bool,
    /// A reader was in its way.
    is_held: bool,
    /// The token that the database has from when the log next starts over.
    next: Option<String>,
    /// Pages in the log may have other places than in the database, as after a VACUUM: half of a
    /// checkpoint then leaves a database of which the token cannot be told.
    is_rewritten: bool,
    /// A part of the log counts as copied that may not have come to the disk. While the log is not
    /// started over, whoever opens the index next copies all of it.
    is_lost: bool,
}

impl Log {
    pub fn new(
        db: &mut Connection,
        guard: Guard,
        location: &Location,
        gate: Arc<Gate>,
        options: &OpenOptions,
    ) -> rusqlite::Result<Log> {
        let state = Arc::new(LogState {
            limit: options.wal_limit,
            ..LogState::default()
        });
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
            soft: options.wal_soft,
            limit: options.wal_limit,
            rest: options.wal_rest,
            rest_after: options.wal_rest_after,
            rests_since: Instant::now(),
            tried: None,
            truncates: true,
            is_empty: false,
            is_failing: false,
            is_held: false,
            next: None,
            is_rewritten: left > 0,
            is_lost: false,
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
        self.is_empty = false;
        self.truncates = true;
        self.guard.lent();
    }

    /// A whole scan has ended.
    pub fn truncate_soon(&mut self) {
        self.truncates = true;
    }

    /// Before a transaction. SQLite syncs the beginning of a log that starts over, lest what it had
    /// before is taken for a part of it. In an empty file there is nothing of the kind.
    pub fn begin(&self, db: &Connection) -> rusqlite::Result<()> {
        match self.is_empty {
            true => db.pragma_update(None, "synchronous", "off"),
            false => Ok(()),
        }
    }

    /// After a transaction.
    pub fn ended(&mut self, db: &Connection) {
        if std::mem::take(&mut self.is_empty) {
            // Whatever starts the log over sets it as well.
            let _ = db.pragma_update(None, "synchronous", "normal");
        }
    }

    /// Whether nothing is in it, also after a power failure.
    pub fn is_empty(&self) -> bool {
        self.is_empty
    }

    /// Whether the last checkpoint failed.
    pub fn is_failing(&self) -> bool {
        self.is_failing
    }

    /// Whether a reader was in the way of the last one.
    pub fn is_held(&self) -> bool {
        self.is_held
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
        self.rests_since = Instant::now();
        let soon = self.tried.is_some_and(|tried| tried.elapsed() < RETRY);
        if self.state.wal_bytes() < self.soft || soon {
            return Ok(());
        }
        self.checkpoint(db, lock, Checkpoint::Restart, timeout)
    }

    /// When nothing is to do.
    pub fn idle(
        &mut self,
        db: &Connection,
        lock: &WriterLock,
        timeout: Duration,
        is_scanning: bool,
    ) -> rusqlite::Result<()> {
        // What was moved away is left whole, and whoever takes its place finds no log of it.
        if (self.truncates || self.guard.is_moved()) && !is_scanning {
            return self.truncate(db, lock, timeout);
        }
        if self.is_held {
            return self.tend(db, lock, timeout);
        }
        if self.rests_in() == Some(Duration::ZERO) {
            return self.checkpoint(db, lock, Checkpoint::Passive, timeout);
        }
        Ok(())
    }

    /// How long until the index is at rest, if its log is worth a checkpoint then.
    pub fn rests_in(&self) -> Option<Duration> {
        let is_long = self.state.wal_bytes() >= self.rest;
        let left = || self.rest_after.saturating_sub(self.rests_since.elapsed());
        is_long.then(left)
    }

    /// The log's file becomes empty, if nobody reads from it.
    pub fn truncate(
        &mut self,
        db: &Connection,
        lock: &WriterLock,
        timeout: Duration,
    ) -> rusqlite::Result<()> {
        if std::fs::metadata(&self.path).is_ok_and(|log| log.len() == 0) {
            self.truncates = false;
            self.state.bytes.store(0, Ordering::Relaxed);
            return Ok(());
        }
        self.checkpoint(db, lock, Checkpoint::Truncate, timeout)
    }

    /// The same, also if the log is empty, so that the database gets another token.
    pub fn start_over(
        &mut self,
        db: &Connection,
        lock: &WriterLock,
        timeout: Duration,
    ) -> rusqlite::Result<()> {
        self.checkpoint(db, lock, Checkpoint::Truncate, timeout)
    }
}
