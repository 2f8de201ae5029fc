//! The writer's thread: takes commands in order, gathers batches into transactions, does what can
//! wait when nothing else is to do.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, RecvTimeoutError, TryRecvError};
use parking_lot::Mutex;

use crate::error::{Error, Operation, Reason};
use crate::schema::scan_status;
use crate::writer::SMALL;
use crate::writer::api::Reply;
use crate::writer::command::Command;
use crate::writer::engine::Engine;
use crate::writer::options::ScanCounts;

/// Between two attempts at what could not be written.
const RETRY: Duration = Duration::from_millis(50);
/// The same when nobody waits for it.
const LATER: Duration = Duration::from_secs(1);
/// Commits of batches between two pieces of what can wait.
const BETWEEN: u32 = if SMALL { 1 } else { 8 };

pub(super) struct Worker {
    engine: Engine,
    commands: Receiver<Command>,
    queued: Arc<AtomicU32>,
    commits: Arc<AtomicU64>,
    closing: Arc<AtomicBool>,
    stalled: Arc<Mutex<Option<Error>>>,
    since_reaping: u32,
    /// Commands that came while nothing could be written, and when. They come first.
    held: VecDeque<(Instant, Command)>,
}

impl Worker {
    pub fn new(
        engine: Engine,
        commands: Receiver<Command>,
        queued: Arc<AtomicU32>,
        commits: Arc<AtomicU64>,
        closing: Arc<AtomicBool>,
        stalled: Arc<Mutex<Option<Error>>>,
    ) -> Worker {
        Worker {
            engine,
            commands,
            queued,
            commits,
            closing,
            stalled,
            since_reaping: 0,
            held: VecDeque::new(),
        }
    }

    pub fn run(mut self) {
        // When it fails, it is tried again after a commit.
        let _ = self.engine.start_log();
        while let Some(command) = self.next() {
            let command = match command {
                Command::Close(reply) => return self.close(reply),
                command => command,
            };
            let step = catch_unwind(AssertUnwindSafe(|| self.obey(command)));
            if step.is_err() {
                self.fail_all();
            }
        }
    }

    /// Something panicked: what is in hand may be wrong.
    fn fail_all(&mut self) {
        let error = Error::new(Reason::Panic, Operation::Write, &[]);
        self.engine.fail_all(&error);
        *self.stalled.lock() = None;
    }

    /// The next command. While there is none, what has come is committed, and then what can wait is
    /// done.
    fn next(&mut self) -> Option<Command> {
        loop {
            if let Some((_, command)) = self.held.pop_front() {
                return Some(command);
            }
            match self.commands.try_recv() {
                Ok(command) => return Some(command),
                Err(TryRecvError::Disconnected) => return None,
                Err(TryRecvError::Empty) => {}
            }
            let idle = catch_unwind(AssertUnwindSafe(|| self.use_idle_time()));
            // What made it panic may be there still: as with what could not be done, it is tried
            // again later.
            let idle = idle.unwrap_or_else(|_| {
                self.fail_all();
                true
            });
            if !idle {
                continue;
            }
            let Some(wait) = self.next_look() else {
                return self.commands.recv().ok();
            };
            match self.commands.recv_timeout(wait) {
                Ok(command) => return Some(command),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return None,
            }
        }
    }

    /// How long until there is something to do if no command comes.
    fn next_look(&self) -> Option<Duration> {
        // Something could not be done: a disk is full, or a reader holds the log. Nothing tells when
        // that is over.
        match self.engine.is_log_held() || self.engine.has_leftovers() {
            true => Some(LATER),
            false => self.engine.log_rests_in(),
        }
    }

    /// Says whether there is nothing left to do.
    fn use_idle_time(&mut self) -> bool {
        if self.engine.has_work(false) {
            self.commit(false);
            return false;
        }
        if self.engine.has_leftovers() && self.reap().is_ok() {
            return false;
        }
        let _ = self.engine.tend_idle_log();
        true
    }

    fn obey(&mut self, command: Command) {
        if let Command::Batch(scan, batch) = command {
            self.engine.take(scan, &batch);
            self.queued.fetch_sub(1, Ordering::AcqRel);
            let more_waits = !self.held.is_empty() || !self.commands.is_empty();
            if self.engine.is_full(more_waits) {
                self.commit(false);
            }
            return;
        }
        // Everything else comes after what came before it.
        self.commit(true);
        match command {
            Command::Batch(..) | Command::Close(_) => {}
            Command::Begin(spec, shared, on_persisted, reply) => {
                let begun = self.engine.begin(&spec, shared, on_persisted);
                self.committed();
                reply(begun);
            }
            Command::End(scan, status, counts, reply) => {
                self.engine.cut_short(scan);
                self.commit(true);
                let ended = self.engine.end(scan, status, counts);
                self.committed();
                reply(ended);
            }
            Command::AddSource(spec, reply) => {
                let added = self.engine.add_source(&spec);
                self.committed();
                reply(added);
            }
            Command::Forget(source, folder, reply) => {
                let forgotten = self.engine.forget(&source, folder.as_deref());
                self.committed();
                reply(forgotten);
            }
            Command::PutNote(note, reply) => {
                let put = self.engine.put_note(&note);
                self.committed();
                reply(put);
            }
            Command::Act(act) => {
                self.engine.lend(act);
                self.committed();
            }
            Command::Settle(reply) => {
                let mut result = Ok(());
                while result.is_ok() && self.engine.has_leftovers() {
                    result = self.reap();
                }
                reply(result);
            }
        }
    }

    /// Answers when the file has been let go: who asked may open it again at once.
    fn close(mut self, reply: Reply) {
        let closed = catch_unwind(AssertUnwindSafe(|| self.finish()));
        drop(self);
        reply(closed.unwrap_or_else(|_| Err(Error::new(Reason::Panic, Operation::Write, &[]))));
    }

    fn finish(&mut self) -> Result<(), Error> {
        self.commit(true);
        for scan in self.engine.running() {
            self.engine.cut_short(scan);
            self.commit(true);
            let _ = self
                .engine
                .end(scan, scan_status::CANCELLED, ScanCounts::default());
        }
        self.engine.close()
    }

    /// Writes what has come; when it cannot be written, tries again for a while.
    fn commit(&mut self, all: bool) {
        if !self.engine.has_work(all) {
            return;
        }
        let mut since = Instant::now();
        loop {
            // A log that a reader elsewhere holds is waited for as long as it takes: nothing is
            // wrong with the disk, and scans may be cancelled. Only telling scans makes it no
            // longer.
            let at_limit = self.engine.is_at_wal_limit() && self.engine.has_jobs();
            let result = if at_limit {
                Err(self.engine.at_wal_limit())
            } else {
                self.engine.commit(all)
            };
            let error = match result {
                Ok(true) => break,
                Ok(false) => {
                    self.committed();
                    self.engine.drop_cancelled();
                    since = Instant::now();
                    continue;
                }
                Err(error) => error,
            };
            let patience = self.engine.options.stall_timeout;
            let is_blocked = at_limit && error.reason == Reason::Busy;
            let give_up = self.closing.load(Ordering::Acquire)
                || (!is_blocked && since.elapsed() >= patience);
            if !error.reason.may_pass() || give_up {
                self.engine.give_up(&error);
                break;
            }
            self.refuse_waiting(&error);
            *self.stalled.lock() = Some(error);
            std::thread::sleep(RETRY);
            let _ = self.engine.tend_log();
            self.engine.drop_cancelled();
        }
        *self.stalled.lock() = None;
        self.committed();
        self.since_reaping += 1;
        if self.since_reaping >= BETWEEN && self.engine.has_leftovers() {
            let _ = self.reap();
        }
    }

    /// While nothing can be written: who waits for an answer gets the cause, in the end. Scans wait
    /// on.
    fn refuse_waiting(&mut self, error: &Error) {
        let now = Instant::now();
        self.held
            .extend(self.commands.try_iter().map(|command| (now, command)));
        let patience = self.engine.options.stall_timeout;
        let held = std::mem::take(&mut self.held);
        for (since, command) in held {
            let kept = match since.elapsed() < patience {
                true => Some(command),
                false => command.refuse(error),
            };
            self.held.extend(kept.map(|command| (since, command)));
        }
    }

    fn reap(&mut self) -> Result<(), Error> {
        self.since_reaping = 0;
        let result = self.engine.reap();
        let _ = self.engine.tend_log();
        result
    }

    fn committed(&mut self) {
        self.commits.fetch_add(1, Ordering::AcqRel);
        let touched = self.engine.take_touched();
        if let Some(on_commit) = &self.engine.options.on_commit {
            on_commit(&touched);
        }
        // When it fails, it is tried again after the next commit.
        let _ = self.engine.tend_log();
    }
}
