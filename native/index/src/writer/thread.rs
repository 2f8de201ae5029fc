//! The writer's thread: takes commands in order, gathers batches into transactions, and does what
//! can wait when it is idle.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
#[cfg(feature = "test-support")]
use std::sync::atomic::AtomicU32;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, RecvTimeoutError, TryRecvError};
use parking_lot::Mutex;

use crate::error::{Error, Operation, Reason};
use crate::values::scan_status;
use crate::writer::command::{Command, DoneReply};
use crate::writer::engine::Engine;
use crate::writer::limits::SMALL;
use crate::writer::options::ScanCounts;

/// How long to wait before writing again what could not be written.
const RETRY: Duration = Duration::from_millis(50);
/// The same when no command waits for it.
const IDLE_RETRY: Duration = Duration::from_secs(1);
/// Maximum time for which what has come waits for more.
const MAX_REST: Duration = Duration::from_millis(100);
/// Number of commits of batches after which some of what can wait is done.
const PURGE_EVERY: u32 = if SMALL { 1 } else { 8 };

pub(super) struct Worker {
    engine: Engine,
    commands: Receiver<Command>,
    #[cfg(feature = "test-support")]
    queued: Arc<AtomicU32>,
    commits: Arc<AtomicU64>,
    closing: Arc<AtomicBool>,
    stalled: Arc<Mutex<Option<Error>>>,
    since_purge: u32,
    /// Until then, batch up: small transactions would spend most time rewriting ancestors. The rest is as
    /// long as the last transaction took.
    rests_until: Option<Instant>,
    /// Commands that came while nothing could be written, with the time. They come first.
    held: VecDeque<(Instant, Command)>,
}

impl Worker {
    pub fn new(
        engine: Engine,
        commands: Receiver<Command>,
        #[cfg(feature = "test-support")] queued: Arc<AtomicU32>,
        commits: Arc<AtomicU64>,
        closing: Arc<AtomicBool>,
        stalled: Arc<Mutex<Option<Error>>>,
    ) -> Worker {
        Worker {
            engine,
            commands,
            #[cfg(feature = "test-support")]
            queued,
            commits,
            closing,
            stalled,
            since_purge: 0,
            rests_until: None,
            held: VecDeque::new(),
        }
    }

    pub fn run(mut self) {
        // If it fails, it is tried again after a commit.
        let _ = self.engine.start_log();
        while let Some(command) = self.next() {
            let command = match command {
                Command::Close(reply) => return self.close(reply),
                command => command,
            };
            let step = catch_unwind(AssertUnwindSafe(|| self.handle(command)));
            if step.is_err() {
                self.fail_all();
            }
        }
    }

    /// Fails all scans after a panic: what is cached may be wrong.
    fn fail_all(&mut self) {
        let error = Error::new(Reason::Panic, Operation::Write, &[]);
        self.engine.fail_all(&error);
        *self.stalled.lock() = None;
    }

    /// The next command. While there is none, commits what has come, and then does what can wait.
    fn next(&mut self) -> Option<Command> {
        loop {
            self.engine.report_progress();
            if let Some((_, command)) = self.held.pop_front() {
                return Some(command);
            }
            match self.commands.try_recv() {
                Ok(command) => return Some(command),
                Err(TryRecvError::Disconnected) => return None,
                Err(TryRecvError::Empty) => {}
            }
            if let Some(rest) = self.rest() {
                match self.commands.recv_timeout(rest) {
                    Ok(command) => return Some(command),
                    Err(RecvTimeoutError::Timeout) => {}
                    Err(RecvTimeoutError::Disconnected) => return None,
                }
            }
            let idle = catch_unwind(AssertUnwindSafe(|| self.use_idle_time()));
            // The cause may still be there: try again later, as after an error.
            let idle = idle.unwrap_or_else(|_| {
                self.fail_all();
                true
            });
            if !idle {
                continue;
            }
            let Some(wait) = self.next_attempt() else {
                return self.commands.recv().ok();
            };
            match self.commands.recv_timeout(wait) {
                Ok(command) => return Some(command),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return None,
            }
        }
    }

    /// How long what has come still waits for more.
    fn rest(&mut self) -> Option<Duration> {
        let left = self.rests_until?.checked_duration_since(Instant::now());
        if left.is_none() {
            self.rests_until = None;
        }
        left.filter(|_| self.engine.has_work(false))
    }

    /// How long until there is something to do, if no command comes.
    fn next_attempt(&self) -> Option<Duration> {
        // A disk is full, or a reader holds the log: only another attempt shows when that is over.
        let attempt = match self.engine.is_log_held() || self.engine.has_leftovers() {
            true => Some(IDLE_RETRY),
            false => self.engine.log_rests_in(),
        };
        attempt
            .into_iter()
            .chain(self.engine.progress_due_in())
            .min()
    }

    /// Returns whether there is nothing left to do.
    fn use_idle_time(&mut self) -> bool {
        if self.engine.has_work(false) {
            self.commit(false);
            return false;
        }
        if self.engine.has_leftovers() && self.purge().is_ok() {
            return false;
        }
        let _ = self.engine.tend_idle_log();
        true
    }

    fn handle(&mut self, command: Command) {
        if let Command::Batch(scan, batch) = command {
            self.engine.take(scan, &batch);
            #[cfg(feature = "test-support")]
            self.queued.fetch_sub(1, Ordering::AcqRel);
            let more_waits = !self.held.is_empty() || !self.commands.is_empty();
            if self.engine.is_full(more_waits) {
                self.commit(false);
            }
            return;
        }
        // Everything else comes after the batches before it.
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
            Command::Exec(exec) => {
                self.engine.lend(exec);
                self.committed();
            }
            #[cfg(feature = "test-support")]
            Command::Settle(reply) => {
                let mut result = Ok(());
                while result.is_ok() && self.engine.has_leftovers() {
                    result = self.purge();
                }
                reply(result);
            }
        }
    }

    /// Answers when the file is closed: the caller may open it again at once.
    fn close(mut self, reply: DoneReply) {
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

    /// Writes what has come. What cannot be written is tried again for a while.
    fn commit(&mut self, all: bool) {
        if !self.engine.has_work(all) {
            return;
        }
        let begun = Instant::now();
        let mut since = begun;
        loop {
            // While a reader elsewhere holds the log, wait for as long as it takes: the disk is
            // fine, and scans can be cancelled. A commit without jobs does not lengthen the log.
            let at_limit = self.engine.is_at_wal_limit() && self.engine.has_jobs();
            let result = if at_limit {
                Err(self.engine.log_state().why_held())
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
        self.rests_until = Some(Instant::now() + begun.elapsed().min(MAX_REST));
        self.since_purge += 1;
        if self.since_purge >= PURGE_EVERY && self.engine.has_leftovers() {
            let _ = self.purge();
        }
    }

    /// Refuses calls that have waited too long while nothing can be written. Scans go on waiting.
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

    fn purge(&mut self) -> Result<(), Error> {
        self.since_purge = 0;
        let result = self.engine.purge();
        match self.engine.has_touched() {
            true => self.committed(),
            false => drop(self.engine.tend_log()),
        }
        result
    }

    fn committed(&mut self) {
        self.commits.fetch_add(1, Ordering::AcqRel);
        let touched = self.engine.take_touched();
        if let Some(on_commit) = &self.engine.options.on_commit {
            on_commit(&touched);
        }
        // If it fails, it is tried again after the next commit.
        let _ = self.engine.tend_log();
    }
}
