//! The writer's state and its transactions: batches become jobs, and jobs are committed. What
//! changes rows of the index goes through [`Engine::write`], so that what is cached never survives a
//! rollback; imports and VACUUM borrow the connection, after which nothing is cached.

use std::collections::HashMap;
use std::os::unix::ffi::OsStrExt;
use std::sync::Arc;
use std::time::Duration;

use rusqlite::ErrorCode;

use crate::connection::Connection;
use crate::error::{Error, Operation, Reason};
use crate::gate::Gate;
use crate::guard::Guard;
use crate::location::Location;
use crate::lock::WriterLock;
use crate::token;
use crate::writer::apply::job::ListingJob;
use crate::writer::command::Act;
use crate::writer::engine::remembered::RememberedGenerations;
use crate::writer::intake::scan::{Scan, Spare};
use crate::writer::log::{Log, LogState};
use crate::writer::options::OpenOptions;
use crate::writer::purge::Purger;
use crate::writer::roots::KnownRoots;
use crate::writer::store::Store;
use crate::writer::store::follow::Follow;
use crate::writer::store::scans;
use crate::writer::store::sources;
use crate::writer::tree::Tree;

mod begin;
mod early;
mod end;
mod jobs;
mod remembered;
mod report;
mod source_ops;

/// How long another program's lock is waited for at most, once the index is open: whoever waits for
/// the beginning of a scan is told of the lock before they give up. What could not be written is
/// tried again.
const LOCKED: Duration = Duration::from_secs(2);
/// Listings whose memory is kept for the next ones, if it is little.
const MAX_SPARE: usize = 512;
const SPARE_BYTES: usize = 8 * 1024;

pub(super) struct Engine {
    store: Store,
    trees: HashMap<i64, Tree>,
    scans: HashMap<u64, Scan>,
    /// Sources of which several looks at one directory may be on their way: two scans ran at once since one of them began, or
    /// a scan has read a directory twice.
    overlaps: Vec<i64>,
    jobs: Vec<ListingJob>,
    /// Those that came too early, for the next transaction.
    early: Vec<ListingJob>,
    /// Sources that were committed to and of which nobody was told yet.
    touched: Vec<i64>,
    /// Entries taken in since the last commit.
    taken: usize,
    spare: Spare,
    numbers: i64,
    reaper: Purger,
    /// Source and row of scans whose end could not be written down: they failed.
    unended: Vec<(i64, i64)>,
    log: Log,
    /// Why the last checkpoint failed, if it did.
    not_checkpointed: Option<Error>,
    follow: Option<Follow>,
    roots: Arc<KnownRoots>,
    lock: WriterLock,
    remembered: RememberedGenerations,
    /// There may be other sources than those that are remembered.
    has_other_sources: bool,
    location: Location,
    pub options: OpenOptions,
}

impl Engine {
    pub fn new(
        mut db: Connection,
        lock: WriterLock,
        location: Location,
        options: OpenOptions,
        gate: Arc<Gate>,
    ) -> Result<Engine, Error> {
        let failed = |error: rusqlite::Error| {
            Error::sqlite(
                &error,
                Operation::Open,
                location.database.as_os_str().as_bytes(),
            )
        };
        scans::mark_crashed(&db).map_err(failed)?;
        let locked = options.busy_timeout.min(LOCKED);
        db.busy_timeout(locked).map_err(failed)?;
        let guard = Guard::new(db.claim().clone(), location.clone(), &db).map_err(failed)?;
        let log = Log::new(&mut db, guard, &location, gate, &options).map_err(failed)?;
        let stored = sources::generations(&db).map_err(failed)?;
        let known = WriterLock::generations(&location.sidecar);
        let remembered = RememberedGenerations::new(&known, &stored);
        // Written at once: a scan that breaks off may bring the source to where it was.
        let _ = lock.remember(&remembered.0);
        let token = token::read(&db).map_err(failed)?;
        if !lock.tokens().contains(&token) {
            // Somebody put the file there while nobody wrote.
            let cleared = lock.update(|record| record.tokens.clear());
            let cleared = cleared.and_then(|()| lock.sync());
            cleared.map_err(|error| location.io(&error))?;
        }
        let follow =
            Follow::open(&mut db, options.follow, lock.is_later(&token)).map_err(failed)?;
        let roots = Arc::new(KnownRoots::default());
        roots.load(&db).map_err(failed)?;
        let store = Store::new(db).map_err(failed)?;
        Ok(Engine {
            store,
            trees: HashMap::new(),
            scans: HashMap::new(),
            overlaps: Vec::new(),
            jobs: Vec::new(),
            early: Vec::new(),
            touched: Vec::new(),
            taken: 0,
            spare: Vec::new(),
            numbers: 0,
            reaper: Purger::resume(),
            unended: Vec::new(),
            log,
            not_checkpointed: None,
            follow,
            roots,
            lock,
            remembered,
            has_other_sources: false,
            location,
            options,
        })
    }

    pub fn log_state(&self) -> Arc<LogState> {
        self.log.state()
    }

    pub fn roots(&self) -> Arc<KnownRoots> {
        self.roots.clone()
    }

    /// After a commit that may have changed them. One that is not known is taken for another root.
    fn load_roots(&mut self) {
        self.has_other_sources = true;
        let _ = self.roots.load(&self.store.db);
    }

    pub fn is_at_wal_limit(&self) -> bool {
        self.log.is_at_limit()
    }

    /// Why the log does not start over.
    pub fn at_wal_limit(&self) -> Error {
        if let Some(error) = &self.not_checkpointed {
            return error.clone();
        }
        let path = self.location.database.as_os_str().as_bytes();
        Error::new(Reason::Busy, Operation::Checkpoint, path)
            .with("a reader keeps the log from starting over")
    }

    /// Gives the connection to others for a while. What is in hand may have changed afterwards, and
    /// they may have made a checkpoint.
    pub fn lend(&mut self, act: Act) {
        let checked = self.log.guard().check();
        let checked = checked.and_then(|()| self.log.guard().check_version(&self.store.db));
        if let Err(error) = checked {
            return act(Err(self.error(&error)))();
        }
        let answer = act(Ok(&mut self.store.db));
        self.log.lent();
        self.reset();
        self.load_roots();
        // Last: the caller may begin a scan at once, of a root that has just changed.
        answer();
    }

    fn error(&self, error: &rusqlite::Error) -> Error {
        Error::sqlite(
            error,
            Operation::Write,
            self.location.database.as_os_str().as_bytes(),
        )
    }

    /// One transaction; undone as a whole when it fails, with all that is in hand.
    fn write<T, E: From<rusqlite::Error>>(
        &mut self,
        act: impl FnOnce(&mut Engine) -> Result<T, E>,
    ) -> Result<T, E> {
        let result = self.log.begin(&self.store.db);
        let result = result.and_then(|()| self.begin_transaction());
        // Whoever was waited for may have committed: that is still to be seen.
        let is_busy = matches!(&result, Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy));
        let result = result.map_err(E::from);
        let result = result.and_then(|()| {
            if let Some(follow) = &self.follow {
                follow.begin(&self.store.db)?;
            }
            let value = act(self)?;
            for tree in self.trees.values_mut() {
                tree.flush(&mut self.store)?;
            }
            if let Some(follow) = &mut self.follow {
                follow.bound(&self.store.db)?;
            }
            self.log.guard().check()?;
            self.store.db.execute_batch("COMMIT")?;
            Ok(value)
        });
        if is_busy && self.store.db.is_autocommit() {
            self.forget_rows();
        } else if result.is_err() {
            self.reset();
        } else {
            for tree in self.trees.values_mut() {
                tree.trim();
            }
        }
        self.log.ended(&self.store.db);
        result
    }

    fn begin_transaction(&mut self) -> rusqlite::Result<()> {
        let (db, guard) = (&self.store.db, self.log.guard());
        guard.check()?;
        db.execute_batch("BEGIN IMMEDIATE")?;
        guard.check_version(db)
    }

    /// Undoes the open transaction and forgets what is in hand.
    pub fn reset(&mut self) {
        if !self.store.db.is_autocommit() {
            let _ = self.store.db.execute_batch("ROLLBACK");
        }
        // An error may look like somebody else's commit. If it cannot be asked, nothing is written
        // before it can.
        let _ = self.log.guard().renew(&self.store.db);
        self.forget_rows();
    }

    /// Forgets what is in hand.
    fn forget_rows(&mut self) {
        self.store.rows.clear();
        self.store.dirs.clear();
        self.reaper.forget_way();
        for tree in self.trees.values_mut() {
            tree.clear();
        }
    }
}
