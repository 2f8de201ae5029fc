//! The writer's state and its transactions: batches become jobs, and jobs are committed. Everything
//! that changes rows of the index goes through [`Engine::write`], so that no cache survives a
//! rollback. Imports and VACUUM borrow the connection; afterwards nothing is cached.

use std::collections::HashMap;
use std::os::unix::ffi::OsStrExt;
use std::sync::Arc;
use std::time::Duration;

use rusqlite::ErrorCode;

use crate::connection::Connection;
use crate::error::{Error, Operation};
use crate::gate::Gate;
use crate::guard::Guard;
use crate::location::Location;
use crate::lock::WriterLock;
use crate::token;
use crate::writer::apply::job::ListingJob;
use crate::writer::command::Exec;
use crate::writer::engine::remembered::RememberedGenerations;
use crate::writer::intake::scan::{ListingPool, Scan};
use crate::writer::log::{Log, LogState};
use crate::writer::options::OpenOptions;
use crate::writer::progress_file::ProgressFile;
use crate::writer::purge::Purger;
use crate::writer::roots::KnownRoots;
use crate::writer::store::Store;
use crate::writer::store::follow::Follow;
use crate::writer::store::scans;
use crate::writer::store::sources;
use crate::writer::tree::DirTree;

mod begin;
mod early;
mod end;
mod jobs;
mod remembered;
mod report;
mod source_ops;

/// How long to wait for another program's lock, once the index is open: short enough for callers
/// that begin a scan to learn of the lock before they give up. What could not be written is tried
/// again.
const MAX_LOCK_WAIT: Duration = Duration::from_secs(2);
/// Maximum number of done listings whose memory is kept for the next ones.
const MAX_SPARE: usize = 512;
/// Maximum number of bytes that such a listing may have.
const MAX_SPARE_BYTES: usize = 8 * 1024;

pub(super) struct Engine {
    store: Store,
    trees: HashMap<i64, DirTree>,
    scans: HashMap<u64, Scan>,
    /// Sources of which several listings of one directory may be on their way: two scans ran at
    /// once, or a scan has read a directory twice.
    overlaps: Vec<i64>,
    jobs: Vec<ListingJob>,
    /// Jobs that came before their parents', for the next transaction.
    early: Vec<ListingJob>,
    /// Sources of which nothing was stored when a scan of them began, and of whose files every size
    /// on disk has come since.
    on_disk: Vec<i64>,
    /// Sources changed by commits that are not reported yet.
    touched: Vec<i64>,
    /// Entries taken in since the last commit.
    taken: usize,
    pool: ListingPool,
    purger: Purger,
    /// Source and row of scans whose end could not be written: they failed.
    unended: Vec<(i64, i64)>,
    log: Log,
    follow: Option<Follow>,
    roots: Arc<KnownRoots>,
    lock: WriterLock,
    progress: ProgressFile,
    remembered: RememberedGenerations,
    /// There may be other sources than the remembered ones.
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
        let locked = options.busy_timeout.min(MAX_LOCK_WAIT);
        db.busy_timeout(locked).map_err(failed)?;
        let guard = Guard::new(db.claim().clone(), location.clone(), &db).map_err(failed)?;
        let log = Log::new(&mut db, guard, &location, gate, &options).map_err(failed)?;
        let stored = sources::generations(&db).map_err(failed)?;
        let known = WriterLock::generations(&location.sidecar);
        let remembered = RememberedGenerations::new(&known, &stored);
        // Written now: a scan that breaks off may raise the generation to what was remembered.
        let _ = lock.remember(&remembered.0);
        let token = token::read(&db).map_err(failed)?;
        if !lock.tokens().contains(&token) {
            // The file was put there while no writer was running.
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
            on_disk: Vec::new(),
            jobs: Vec::new(),
            early: Vec::new(),
            touched: Vec::new(),
            taken: 0,
            pool: ListingPool::default(),
            purger: Purger::resume(),
            unended: Vec::new(),
            log,
            follow,
            roots,
            lock,
            progress: ProgressFile::open(&location),
            remembered,
            has_other_sources: false,
            location,
            options,
        })
    }

    pub fn log_state(&self) -> Arc<LogState> {
        self.log.state().clone()
    }

    pub fn roots(&self) -> Arc<KnownRoots> {
        self.roots.clone()
    }

    /// Reads the roots again, after a commit that may have changed them.
    fn load_roots(&mut self) {
        self.has_other_sources = true;
        let _ = self.roots.load(&self.store.db);
    }

    pub fn is_at_wal_limit(&self) -> bool {
        self.log.is_at_limit()
    }

    /// Lends the connection. Afterwards everything cached may be outdated, and the log may have
    /// been copied.
    pub fn lend(&mut self, exec: Exec) {
        let checked = self.log.guard().check();
        let checked = checked.and_then(|()| self.log.guard().check_version(&self.store.db));
        if let Err(error) = checked {
            return exec(Err(self.error(&error)))();
        }
        let answer = exec(Ok(&mut self.store.db));
        self.log.lent();
        self.reset();
        self.load_roots();
        // Last: the caller may at once begin a scan of a root that has just changed.
        answer();
    }

    fn error(&self, error: &rusqlite::Error) -> Error {
        Error::sqlite(
            error,
            Operation::Write,
            self.location.database.as_os_str().as_bytes(),
        )
    }

    /// Runs one transaction. If it fails, it is undone as a whole, and nothing stays cached.
    fn write<T, E: From<rusqlite::Error>>(
        &mut self,
        act: impl FnOnce(&mut Engine) -> Result<T, E>,
    ) -> Result<T, E> {
        let result = self.log.begin(&self.store.db);
        let result = result.and_then(|()| self.begin_transaction());
        // The program that held the lock may have committed: leave its commit to be noticed.
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

    /// Undoes the open transaction and forgets what is cached.
    pub fn reset(&mut self) {
        if !self.store.db.is_autocommit() {
            let _ = self.store.db.execute_batch("ROLLBACK");
        }
        // An error may look like another program's commit. If the count cannot be read, nothing is
        // written before it can.
        let _ = self.log.guard().renew(&self.store.db);
        self.forget_rows();
    }

    /// Forgets what is cached.
    fn forget_rows(&mut self) {
        self.store.files.clear();
        self.store.dirs.clear();
        self.store.owners.clear();
        // Graves whose deletion was undone are there again.
        self.store.has_graves = true;
        self.purger.forget_position();
        self.on_disk.clear();
        for tree in self.trees.values_mut() {
            tree.clear();
        }
        for scan in self.scans.values_mut() {
            scan.scope.devices.forget();
        }
    }
}
