//! A checkpoint: the log into the database, and the token with it.

use std::fs::File;
use std::io::ErrorKind;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use rusqlite::Connection;

use super::Log;
use crate::guard;
use crate::lock::WriterLock;
use crate::token;
use crate::writer::sources::now;

/// How long readers of this process are waited for: a page takes 10 ms at most.
const PATIENCE: Duration = Duration::from_millis(50);

/// How far a checkpoint goes. Each copies all of the log into the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Checkpoint {
    /// Waits for nobody. SQLite starts the log over with the next transaction, if nobody reads it
    /// then.
    Passive,
    /// The log starts over.
    Restart,
    /// And its file is empty.
    Truncate,
}

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    /// All of the log is in the database, and it starts over as far as that was asked for.
    Done,
    /// A reader of another process is in the way.
    HeldElsewhere,
    /// One of this process is, or it is not known whose.
    Held,
}

impl Log {
    pub(super) fn checkpoint(
        &mut self,
        db: &Connection,
        lock: &WriterLock,
        how: Checkpoint,
        timeout: Duration,
    ) -> rusqlite::Result<()> {
        self.is_empty = false;
        self.is_failing = true;
        let begun = Instant::now();
        (self.tried, self.rests_since) = (Some(begun), begun);
        if self.is_rewritten {
            let _ = lock.update(|record| record.tokens.clear());
        }
        self.draw(db, lock);
        // Done by SQLite, this would come between the look at the file and the writing to it, and
        // take longer than both. No locks are held on the log itself.
        self.sync()?;
        let gap = self.guard.first_gap();
        self.guard.check_stamp()?;
        if let Some(token) = &self.next {
            self.guard.allow_token(token);
        }
        let outcome = self.copy(db, how, timeout)?;
        let is_done = outcome == Outcome::Done;
        if !self.is_rewritten {
            self.guard.check_gap(gap)?;
        }
        let page = token::page(db)?;
        self.check_token(page, lock, is_done)?;
        self.is_failing = false;
        let since = &self.state.blocked_since;
        self.is_held = !is_done && how != Checkpoint::Passive;
        if outcome == Outcome::HeldElsewhere {
            let _ = since.compare_exchange(0, now(), Ordering::Relaxed, Ordering::Relaxed);
        }
        if !is_done {
            return Ok(());
        }
        since.store(0, Ordering::Relaxed);
        self.tried = None;
        self.is_rewritten = false;
        if let Some(token) = self.next.take() {
            // Otherwise both go on being taken for its own.
            let _ = lock.update(|record| (record.tokens, record.page) = (vec![token], page));
        }
        if how == Checkpoint::Truncate {
            self.truncates = false;
            self.is_empty = self.sync().is_ok();
        }
        // Last: whoever waits for it finds all of this done.
        self.state.bytes.store(0, Ordering::Release);
        Ok(())
    }

    /// What is in the log's file lasts, and so does its length.
    fn sync(&self) -> rusqlite::Result<()> {
        match File::open(&self.path).and_then(|log| log.sync_data()) {
            // What is left of a log that was removed still belongs into the database.
            Err(error) if error.kind() != ErrorKind::NotFound => Err(guard::not_synced(&error)),
            _ => Ok(()),
        }
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
    fn check_token(&mut self, page: u32, lock: &WriterLock, is_done: bool) -> rusqlite::Result<()> {
        let mut tokens = lock.tokens();
        // Of half of a checkpoint nothing is known but that the tokens which were there may be.
        if is_done {
            tokens.extend(self.next.clone());
        }
        self.guard.check_token(page, tokens)
    }

    fn copy(
        &mut self,
        db: &Connection,
        how: Checkpoint,
        timeout: Duration,
    ) -> rusqlite::Result<Outcome> {
        // Most of the work is copying pages, which needs nobody out of the way. The log is on the disk
        // already; the database comes there before the log starts over.
        db.pragma_update(None, "synchronous", "off")?;
        let copied = db.query_row("PRAGMA wal_checkpoint(PASSIVE)", (), |row| {
            let pages: (i64, i64) = (row.get(1)?, row.get(2)?);
            Ok(!row.get::<_, bool>(0)? && pages.0 == pages.1)
        });
        // At once: what others write to the file from here on is to be noticed, and syncing takes long.
        self.guard.checkpointed();
        db.pragma_update(None, "synchronous", "normal")?;
        let is_copied = copied?;
        self.guard.sync()?;
        self.guard.check_stamp()?;
        let sql = match how {
            Checkpoint::Passive if is_copied => return Ok(Outcome::Done),
            Checkpoint::Passive => return Ok(Outcome::Held),
            Checkpoint::Restart => "PRAGMA wal_checkpoint(RESTART)",
            Checkpoint::Truncate => "PRAGMA wal_checkpoint(TRUNCATE)",
        };
        // While somebody elsewhere is known to hold it, own readers are not kept waiting for that.
        let blocked = self.state.wal_blocked_since().is_some();
        let patience = if blocked { Duration::ZERO } else { PATIENCE };
        let shut = self.gate.shut(PATIENCE);
        db.busy_timeout(patience)?;
        let busy = db.query_row(sql, (), |row| row.get::<_, bool>(0));
        if !is_copied {
            // Otherwise there was nothing more to copy.
            self.guard.checkpointed();
        }
        db.busy_timeout(timeout)?;
        Ok(match (busy?, shut) {
            (false, _) => Outcome::Done,
            (true, Some(_)) => Outcome::HeldElsewhere,
            (true, None) => Outcome::Held,
        })
    }
}
