//! The length of the write-ahead log. Every commit makes it longer. It starts over only when all of
//! it is in the database and nobody reads from it, so once it is long, this process's own readers
//! are kept out for a moment.
//!
//! A commit never waits for the disk; a checkpoint does, several times. So there is a checkpoint only
//! when the log is long, after a whole scan, on closing, and when the index has been idle for a while.

use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use parking_lot::Mutex;
use rusqlite::Connection;

use super::options::OpenOptions;
use crate::error::{Error, Operation, Reason};
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
    failed: Mutex<Option<Error>>,
    /// Number of callers that wait for it and have not given the writer a command yet.
    waiting: AtomicUsize,
    /// The database's, for errors.
    path: Vec<u8>,
}

impl LogState {
    /// Bytes in the log.
    pub fn wal_bytes(&self) -> u64 {
        self.bytes.load(Ordering::Acquire)
    }

    /// Whether writers must wait until it has started over.
    pub fn is_at_limit(&self) -> bool {
        self.wal_bytes() >= self.limit
    }

    /// Since when a reader elsewhere keeps it from starting over, in ms since the epoch.
    pub fn wal_blocked_since(&self) -> Option<i64> {
        Some(self.blocked_since.load(Ordering::Relaxed)).filter(|since| *since != 0)
    }

    /// Why the last checkpoint failed, if it did. No reader is to blame then.
    pub fn failed(&self) -> Option<Error> {
        self.failed.lock().clone()
    }

    /// Why it cannot start over.
    pub fn why_held(&self) -> Error {
        self.failed().unwrap_or_else(|| {
            Error::new(Reason::Busy, Operation::Checkpoint, &self.path)
                .with("a reader keeps the log from starting over")
        })
    }

    /// Why callers that wait for it cannot go on, if there are any.
    pub fn stalled(&self) -> Option<Error> {
        let is_known = || self.wal_blocked_since().is_some() || self.failed().is_some();
        let has_waiting = self.waiting.load(Ordering::Acquire) > 0;
        (has_waiting && self.is_at_limit() && is_known()).then(|| self.why_held())
    }

    /// Counts the caller as waiting, until the result is dropped.
    pub(crate) fn wait(&self) -> Waiting<'_> {
        self.waiting.fetch_add(1, Ordering::AcqRel);
        Waiting(self)
    }

    pub(super) fn checkpointed(&self, failed: Option<Error>) {
        *self.failed.lock() = failed;
    }
}

/// A caller that waits until the log has started over.
pub(crate) struct Waiting<'a>(&'a LogState);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(1, Ordering::AcqRel);
    }
}

pub(super) struct Log {
    state: Arc<LogState>,
    gate: Arc<Gate>,
    guard: Guard,
    path: PathBuf,
    soft: u64,
    limit: u64,
    /// A log shorter than this is left alone when the index is idle.
    rest: u64,
    /// The index is idle once nothing was committed for this long.
    rest_after: Duration,
    /// When the last commit or checkpoint was.
    rests_since: Instant,
    tried: Option<Instant>,
    /// Its file is to be truncated once no scan runs.
    truncates: bool,
    /// Its file is empty, and stays so after a power failure.
    is_empty: bool,
    /// The last checkpoint failed.
    is_failing: bool,
    /// A reader blocked the last checkpoint.
    is_held: bool,
    /// The token that the database gets when the log next starts over.
    next: Option<String>,
    /// Pages in the log may lie elsewhere than in the database, as after a VACUUM: an interrupted
    /// checkpoint then leaves a database whose token cannot be found.
    is_rewritten: bool,
    /// SQLite counts a part of the log as copied that may not be on the disk yet. Until the log
    /// starts over, whoever opens the index next copies all of it again.
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
            path: location.database.as_os_str().as_bytes().to_vec(),
            ..LogState::default()
        });
        // A writer that died may have left a long log.
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
            soft: options.wal_soft.min(options.wal_limit),
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

    pub fn state(&self) -> &Arc<LogState> {
        &self.state
    }

    pub fn guard(&mut self) -> &mut Guard {
        &mut self.guard
    }

    /// The connection was lent out: it may have run a VACUUM or a checkpoint.
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

    /// Called before a transaction. SQLite syncs the header of a log that starts over, so that old
    /// frames are not taken for new ones. An empty file has none, so the sync is saved.
    pub fn begin(&self, db: &Connection) -> rusqlite::Result<()> {
        match self.is_empty {
            true => db.pragma_update(None, "synchronous", "off"),
            false => Ok(()),
        }
    }

    /// Called after a transaction.
    pub fn ended(&mut self, db: &Connection) {
        if std::mem::take(&mut self.is_empty) {
            // Whatever starts the log over sets it as well.
            let _ = db.pragma_update(None, "synchronous", "normal");
        }
    }

    /// Whether it is empty, and stays so after a power failure.
    pub fn is_empty(&self) -> bool {
        self.is_empty
    }

    /// Whether the last checkpoint failed.
    pub fn is_failing(&self) -> bool {
        self.is_failing
    }

    /// Whether a reader blocked the last checkpoint.
    pub fn is_held(&self) -> bool {
        self.is_held
    }

    /// Whether nothing more may be written until the log has started over.
    pub fn is_at_limit(&self) -> bool {
        self.state.wal_bytes() >= self.limit
    }

    /// Called after a commit: starts the log over if it is long.
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

    /// Called when there is nothing to do.
    pub fn idle(
        &mut self,
        db: &Connection,
        lock: &WriterLock,
        timeout: Duration,
        is_scanning: bool,
    ) -> rusqlite::Result<()> {
        // Files that were moved away are left complete, and the one in their place finds no log.
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

    /// How long until the index counts as idle, if its log is worth a checkpoint by then.
    pub fn rests_in(&self) -> Option<Duration> {
        let is_long = self.state.wal_bytes() >= self.rest;
        let left = || self.rest_after.saturating_sub(self.rests_since.elapsed());
        is_long.then(left)
    }

    /// Truncates the log's file, if nobody reads from it.
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

    /// Starts the log over, even an empty one, so that the database gets another token.
    pub fn start_over(
        &mut self,
        db: &Connection,
        lock: &WriterLock,
        timeout: Duration,
    ) -> rusqlite::Result<()> {
        self.checkpoint(db, lock, Checkpoint::Truncate, timeout)
    }
}
