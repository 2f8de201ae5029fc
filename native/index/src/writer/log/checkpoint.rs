//! Checkpoints: they copy the log into the database, and give the database its next token.

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

/// How long a checkpoint waits for this process's readers: a page takes 10 ms at most.
const PATIENCE: Duration = Duration::from_millis(50);

/// Maximum number of tokens that the sidecar accepts in the database. Each one beyond the first comes
/// from a checkpoint that a reader blocked at its very end.
const MAX_TOKENS: usize = 16;

/// How far a checkpoint goes. Each copies all of the log into the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Checkpoint {
    /// Waits for no reader. SQLite starts the log over with the next transaction if nobody reads
    /// from it by then.
    Passive,
    /// Also starts the log over.
    Restart,
    /// Also truncates its file.
    Truncate,
}

/// The outcome of a checkpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum CheckpointOutcome {
    /// All of the log is in the database, and the log starts over if that was asked for.
    Done,
    /// A reader in another process blocks it.
    HeldElsewhere,
    /// A reader in this process blocks it, or one of unknown origin.
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
        // The log's copy of the token's page, if any, still has the old token. So if another program
        // wrote in the meantime, and SQLite copied that, the token shows it.
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
            // Otherwise both tokens stay acceptable.
            let _ = lock.update(|record| (record.tokens, record.page) = (vec![token], page));
        }
        if how == Checkpoint::Truncate {
            self.truncates = false;
            self.is_empty = self.sync().is_ok();
        }
        // Last, so that whoever waits for it finds everything above done.
        self.state.bytes.store(0, Ordering::Release);
        Ok(())
    }

    /// Syncs the log's file, its length included.
    fn sync(&self) -> rusqlite::Result<()> {
        match File::open(&self.path).and_then(|log| log.sync_data()) {
            // The log was removed; what is left of it still belongs in the database.
            Err(error) if error.kind() != ErrorKind::NotFound => Err(guard::not_synced(&error)),
            _ => Ok(()),
        }
    }

    /// Draws the next token. Until it is known to be in the database, the sidecar accepts the old one
    /// as well. If the sidecar cannot be written, on a full disk say, the old token stays: that is no
    /// reason not to start over.
    fn draw(&mut self, db: &Connection, lock: &WriterLock) {
        // One that was drawn before and is in the log may have been copied from it already.
        let is_many = self.next.is_some() && lock.tokens().len() >= MAX_TOKENS;
        if self.guard.check().is_err() || is_many {
            return;
        }
        let token = token::draw();
        let is_announced = lock.update(|record| {
            // No tokens: any is accepted.
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

    /// Copies the log. SQLite syncs the database before it counts the pages as copied, since the next
    /// commit may start the log over. As long as they do not count, what a failed sync lost is copied
    /// again.
    fn copy(
        &mut self,
        db: &Connection,
        how: Checkpoint,
        timeout: Duration,
    ) -> rusqlite::Result<CheckpointOutcome> {
        // Most of the work is copying pages, which readers do not block.
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

    /// Gives the database its next token, and with that the log starts over. Everything else is on
    /// the disk by then: if this sync fails, only the token is lost.
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

    /// Copies the token without SQLite's syncs. That leaves only a moment between the two checks of
    /// the file, so that what another program writes in between is noticed.
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

    /// Copies what no reader blocks. Returns whether that was everything.
    fn pass(&mut self, db: &Connection) -> rusqlite::Result<bool> {
        let is_copied = db.query_row("PRAGMA wal_checkpoint(PASSIVE)", (), |row| {
            let pages: (i64, i64) = (row.get(1)?, row.get(2)?);
            Ok(!row.get::<_, bool>(0)? && pages.0 == pages.1)
        });
        self.guard.checkpointed();
        is_copied
    }

    /// Waits until no reader blocks, copies everything, and starts the log over.
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
        // While a reader elsewhere is known to hold the log, this process's readers are not kept
        // waiting in vain.
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

    /// Syncs the database where a part of the log counts as copied without that: it would never be
    /// copied again.
    fn sync_part(&mut self) -> rusqlite::Result<()> {
        self.is_lost = true;
        self.guard.sync()?;
        self.is_lost = false;
        Ok(())
    }
}
