//! A checkpoint: the log into the database, and the token with it.

use std::fs::File;
use std::io::{self, ErrorKind};
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use rusqlite::Connection;

use super::Log;
use crate::guard;
use crate::lock::WriterLock;
use crate::token;
use crate::writer::store::sources::now;

/// How long readers of this process are waited for: a page takes 10 ms at most.
const PATIENCE: Duration = Duration::from_millis(50);

/// Maximum number of tokens that the sidecar allows the database. Each beyond the first is of a
/// checkpoint that a reader came in the way of at its very end.
const MAX_TOKENS: usize = 16;

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
enum CheckpointOutcome {
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
        if self.is_lost {
            let error = io::Error::other(
                "the database could not be synced; close the index and open it again",
            );
            return Err(guard::not_synced(&error));
        }
        if self.is_rewritten {
            let cleared = lock.update(|record| record.tokens.clear());
            let cleared = cleared.and_then(|()| lock.sync());
            cleared.map_err(|error| guard::not_synced(&error))?;
        }
        let gap = self.guard.first_gap();
        self.guard.check_stamp()?;
        let mut outcome = self.copy(db, how, timeout)?;
        if !self.is_rewritten {
            self.guard.check_gap(gap)?;
        }
        // What is copied has the old token, if it has the page at all. So what somebody else wrote in
        // the meantime, of which SQLite made its own, shows in it.
        let page = token::page(db)?;
        self.guard.check_token(page, lock.tokens())?;
        if outcome == CheckpointOutcome::Done {
            outcome = self.give_token(db, lock, how, timeout)?;
        }
        let is_done = outcome == CheckpointOutcome::Done;
        if is_done && let Some(token) = &self.next {
            self.guard.check_token(page, vec![token.clone()])?;
        }
        self.is_failing = false;
        let since = &self.state.blocked_since;
        self.is_held = !is_done && how != Checkpoint::Passive;
        if outcome == CheckpointOutcome::HeldElsewhere {
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

    /// Draws the next token. Until it is known to be in the database, the sidecar has the old one as
    /// well. Where it cannot be written, on a full disk say,
    /// the old one stays: that is no reason not to start over.
    fn draw(&mut self, db: &Connection, lock: &WriterLock) {
        // One that was drawn before and is in the log may have been copied from there.
        let is_many = self.next.is_some() && lock.tokens().len() >= MAX_TOKENS;
        if self.guard.check().is_err() || is_many {
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

    /// Copies the log. SQLite syncs the database before it counts the pages as copied: with the next
    /// commit the log may start over, and what a failed sync has lost is copied again as long as it
    /// does not count.
    fn copy(
        &mut self,
        db: &Connection,
        how: Checkpoint,
        timeout: Duration,
    ) -> rusqlite::Result<CheckpointOutcome> {
        // Most of the work is copying pages, which needs nobody out of the way.
        if self.pass(db)? {
            return Ok(CheckpointOutcome::Done);
        }
        self.sync_part()?;
        self.guard.check_stamp()?;
        if how == Checkpoint::Passive {
            return Ok(CheckpointOutcome::Held);
        }
        let outcome = self.wait(db, Checkpoint::Restart, timeout);
        self.guard.checkpointed();
        let outcome = outcome?;
        if outcome != CheckpointOutcome::Done {
            self.sync_part()?;
        }
        Ok(outcome)
    }

    /// Gives the database its next token, with which the log starts over. All else is on the disk by
    /// then: if this cannot be synced, no more is lost than the token.
    fn give_token(
        &mut self,
        db: &Connection,
        lock: &WriterLock,
        how: Checkpoint,
        timeout: Duration,
    ) -> rusqlite::Result<CheckpointOutcome> {
        db.pragma_update(None, "synchronous", "off")?;
        self.draw(db, lock);
        let copied = self.copy_token(db);
        db.pragma_update(None, "synchronous", "normal")?;
        if copied.is_err() {
            self.next = None;
        }
        let is_copied = copied?;
        if how == Checkpoint::Passive {
            return Ok(if is_copied {
                CheckpointOutcome::Done
            } else {
                CheckpointOutcome::Held
            });
        }
        let outcome = self.wait(db, how, timeout);
        if !is_copied {
            self.guard.checkpointed();
        }
        outcome
    }

    /// Without SQLite's syncing, so that what somebody else writes while it lasts is noticed: there
    /// is only a moment between the two looks at the file.
    fn copy_token(&mut self, db: &Connection) -> rusqlite::Result<bool> {
        let Some(token) = &self.next else {
            return Ok(true);
        };
        self.guard.allow_token(token);
        self.guard.check_stamp()?;
        let is_copied = self.pass(db)?;
        self.guard.sync()?;
        self.guard.check_stamp()?;
        Ok(is_copied)
    }

    /// Copies what nobody is in the way of. Says whether that is all.
    fn pass(&mut self, db: &Connection) -> rusqlite::Result<bool> {
        let is_copied = db.query_row("PRAGMA wal_checkpoint(PASSIVE)", (), |row| {
            let pages: (i64, i64) = (row.get(1)?, row.get(2)?);
            Ok(!row.get::<_, bool>(0)? && pages.0 == pages.1)
        });
        self.guard.checkpointed();
        is_copied
    }

    /// Copies all, once no reader is in the way; then the log starts over.
    fn wait(
        &self,
        db: &Connection,
        how: Checkpoint,
        timeout: Duration,
    ) -> rusqlite::Result<CheckpointOutcome> {
        let sql = match how {
            Checkpoint::Truncate => "PRAGMA wal_checkpoint(TRUNCATE)",
            _ => "PRAGMA wal_checkpoint(RESTART)",
        };
        // While somebody elsewhere is known to hold it, own readers are not kept waiting for that.
        let blocked = self.state.wal_blocked_since().is_some();
        let patience = if blocked { Duration::ZERO } else { PATIENCE };
        let shut = self.gate.shut(PATIENCE);
        db.busy_timeout(patience)?;
        let busy = db.query_row(sql, (), |row| row.get::<_, bool>(0));
        let is_shut = shut.is_some();
        drop(shut);
        db.busy_timeout(timeout)?;
        Ok(match (busy?, is_shut) {
            (false, _) => CheckpointOutcome::Done,
            (true, true) => CheckpointOutcome::HeldElsewhere,
            (true, false) => CheckpointOutcome::Held,
        })
    }

    /// A part of the log counts as copied without a sync, and would never be copied again.
    fn sync_part(&mut self) -> rusqlite::Result<()> {
        self.is_lost = true;
        self.guard.sync()?;
        self.is_lost = false;
        Ok(())
    }
}
