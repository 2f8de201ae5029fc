//! The writer's state and its transactions. Everything that changes the database goes through [`Engine::write`], so that what is in
//! hand never survives a rollback.

use std::collections::HashMap;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use rusqlite::Connection;

use super::api::{
    Note, OnPersisted, OpenOptions, Persisted, ScanCounts, ScanSpec, Shared, Started,
};
use super::bulk;
use super::job::{Job, Outcome};
use super::large;
use super::log::{Log, LogState};
use super::mounts::{self, Mounts};
use super::node::{join, split};
use super::reap::Reaper;
use super::scan::{Scan, Spare};
use super::sources::{self, End, Failure};
use super::stamps;
use super::store::Store;
use super::tree::Tree;
use crate::batch::Batch;
use crate::error::{Error, Operation, Reason};
use crate::gate::Gate;
use crate::lock::WriterLock;
use crate::open::{Location, beside};
use crate::schema::scan_status;

/// Batches that go into one transaction when they come faster than they are written.
const GATHERED: usize = 4;
/// Listings whose memory is kept for the next ones, if it is little.
const MAX_SPARE: usize = 64;
const SPARE_BYTES: usize = 64 * 1024;

pub(super) struct Engine {
    store: Store,
    trees: HashMap<i64, Tree>,
    scans: HashMap<u64, Scan>,
    /// Sources of which two scans ran at once since one of them began.
    overlaps: Vec<i64>,
    jobs: Vec<Job>,
    /// Entries taken in since the last commit.
    taken: usize,
    spare: Spare,
    numbers: i64,
    reaper: Reaper,
    /// Source and row of scans whose end could not be written down: they failed.
    unended: Vec<(i64, i64)>,
    log: Log,
    lock: WriterLock,
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
        sources::mark_crashed(&db).map_err(failed)?;
        let log = Log::new(&mut db, gate, options.wal_soft, options.wal_limit).map_err(failed)?;
        let store = Store::new(db).map_err(failed)?;
        Ok(Engine {
            store,
            trees: HashMap::new(),
            scans: HashMap::new(),
            overlaps: Vec::new(),
            jobs: Vec::new(),
            taken: 0,
            spare: Vec::new(),
            numbers: 0,
            reaper: Reaper::resume(),
            unended: Vec::new(),
            log,
            lock,
            location,
            options,
        })
    }

    pub fn log_state(&self) -> Arc<LogState> {
        self.log.state()
    }

    pub fn is_at_wal_limit(&self) -> bool {
        self.log.is_at_limit()
    }

    pub fn at_wal_limit(&self) -> Error {
        let path = self.location.database.as_os_str().as_bytes();
        Error::new(Reason::Busy, Operation::Checkpoint, path)
            .with("a reader keeps the log from starting over")
    }

    pub fn connection(&mut self) -> &mut Connection {
        &mut self.store.db
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
        let result = self
            .store
            .db
            .execute_batch("BEGIN IMMEDIATE")
            .map_err(E::from);
        let result = result.and_then(|()| {
            let value = act(self)?;
            for tree in self.trees.values_mut() {
                tree.flush(&mut self.store)?;
            }
            self.store.db.execute_batch("COMMIT")?;
            Ok(value)
        });
        if result.is_err() {
            self.reset();
        } else {
            for tree in self.trees.values_mut() {
                tree.trim();
            }
        }
        result
    }

    /// Undoes the open transaction and forgets what is in hand.
    pub fn reset(&mut self) {
        if !self.store.db.is_autocommit() {
            let _ = self.store.db.execute_batch("ROLLBACK");
        }
        self.store.rows.clear();
        self.store.dirs.clear();
        self.reaper.forget_way();
        for tree in self.trees.values_mut() {
            tree.clear();
        }
    }

    /// Starts a scan.
    pub fn begin(
        &mut self,
        spec: &ScanSpec,
        shared: Arc<Shared>,
        on_persisted: OnPersisted,
    ) -> Result<Started, Error> {
        let valid = |path: &[u8]| {
            path.is_empty()
                || !path
                    .split(|byte| *byte == b'/')
                    .any(|name| matches!(name, b"" | b"." | b".."))
        };
        if !valid(&spec.folder) {
            return Err(Error::new(Reason::NoFolder, Operation::Scan, &spec.folder));
        }
        let location = self.location.clone();
        let begun = self.write(|engine| {
            let begun = sources::begin(&mut engine.store, spec)?;
            let other = engine
                .scans
                .values()
                .find(|scan| scan.source == begun.source && scan.folder == spec.folder);
            if let Some(other) = other {
                return Err(
                    Error::new(Reason::AlreadyScanning, Operation::Scan, &spec.root)
                        .with(&other.shared.tag)
                        .into(),
                );
            }
            let mut mounts = Mounts::load(&engine.store, begun.source, spec.accept_root)?;
            engine.check_way(spec, begun.source, &mut mounts)?;
            let tree = engine
                .trees
                .entry(begun.source)
                .or_insert_with(|| Tree::new(begun.source));
            let own_files = own_files(&location, &spec.root);
            if let Some((directory, _)) = &own_files
                && let Some(at) = tree.find(&mut engine.store, directory)?
                && let Some(node) = tree.node_mut(at)
                && node.mtime.is_some()
            {
                node.mtime = None;
                node.changed = true;
                tree.touch(at);
            }
            Ok((begun, mounts, own_files))
        });
        let (begun, mounts, own_files) = begun.map_err(|failure| match failure {
            Failure::Refused(error) => error,
            Failure::Sqlite(error) => self.error(&error),
        })?;
        if self.scans.values().any(|scan| scan.source == begun.source)
            && !self.overlaps.contains(&begun.source)
        {
            self.overlaps.push(begun.source);
        }
        // Not before it is committed: a scan that runs already writes under the generation that is stored.
        if let Some(tree) = self.trees.get_mut(&begun.source) {
            tree.generation = begun.generation;
            tree.history = begun.history && self.options.history > 0;
        }
        let expected = self.expected(begun.source);
        let mut scan = Scan::new(shared.clone(), on_persisted, begun.source, begun.scan);
        scan.folder = spec.folder.clone();
        scan.depth = spec.depth;
        scan.whole = begun.whole;
        let start = spec.way.iter().find(|(path, _)| *path == spec.folder);
        scan.start = start.map(|(_, identity)| *identity);
        scan.mounts = mounts;
        scan.own_files = own_files;
        self.scans.insert(shared.key, scan);
        Ok(Started {
            source: begun.uuid,
            source_key: begun.source,
            generation: begun.generation,
            rules: begun.rules,
            expected,
        })
    }

    fn expected(&self, source: i64) -> Option<u64> {
        let sql = "SELECT last_scan_files FROM sources WHERE id = ?1";
        let files: Option<i64> = self
            .store
            .db
            .query_row(sql, [source], |row| row.get(0))
            .ok()?;
        files.and_then(|files| u64::try_from(files).ok())
    }

    /// Mount points on the way to the folder must be those that are stored.
    fn check_way(&self, spec: &ScanSpec, source: i64, mounts: &mut Mounts) -> Result<(), Failure> {
        if spec.accept_root || spec.folder.is_empty() {
            return Ok(());
        }
        for (path, stored) in mounts::stored(&self.store, source)? {
            if !super::node::is_within(&spec.folder, &path) || path.is_empty() {
                continue;
            }
            let found = spec.way.iter().find(|(other, _)| *other == path);
            if !found.is_some_and(|(_, found)| stored.is_same(found)) {
                let error = Error::new(Reason::RootChanged, Operation::Scan, &path);
                return Err(error
                    .with("another file system lies there; accept_root: true takes it")
                    .into());
            }
            mounts.vouch(&path);
        }
        Ok(())
    }

    /// Takes a batch apart. What can be written becomes jobs.
    pub fn take(&mut self, key: u64, batch: &Batch) {
        let Some(scan) = self.scans.get_mut(&key) else {
            return;
        };
        scan.batches += 1;
        let dropped =
            scan.shared.cancelled.load(Ordering::Acquire) || scan.shared.error.lock().is_some();
        if dropped {
            return;
        }
        let before = self.jobs.len();
        if let Err(error) = scan.take(
            key,
            batch,
            &mut self.spare,
            &mut self.numbers,
            &mut self.jobs,
        ) {
            self.fail(key, &error);
        }
        self.taken += self
            .jobs
            .iter()
            .skip(before)
            .map(|job| job.listing.len() + 1)
            .sum::<usize>();
    }

    /// Whether enough has come for a transaction: more of it while more is waiting, so that pages that many batches change are
    /// written once.
    pub fn is_full(&self, more_waits: bool) -> bool {
        let batches = if more_waits { GATHERED } else { 1 };
        self.taken >= self.options.batch_entries * batches
    }

    pub fn has_work(&self) -> bool {
        !self.jobs.is_empty() || self.scans.values().any(|scan| scan.batches > 0)
    }

    /// Writes what has come, or as much of it as one transaction should hold. Says whether that was all.
    pub fn commit(&mut self) -> Result<bool, Error> {
        if !self.jobs.is_empty() {
            let mut jobs = std::mem::take(&mut self.jobs);
            let result = self.write(|engine| engine.run(&mut jobs));
            self.jobs = jobs;
            let done = result.map_err(|error| self.error(&error))?;
            self.reaper.bury();
            if let Some(job) = self.jobs.get_mut(done) {
                job.swept = job.sweeping.take();
                self.finish(done);
                return Ok(false);
            }
        }
        self.report();
        Ok(true)
    }

    /// Runs jobs until one has more to do than this transaction should. Says how many are done.
    fn run(&mut self, jobs: &mut [Job]) -> rusqlite::Result<usize> {
        let Engine {
            store,
            trees,
            scans,
            overlaps,
            ..
        } = self;
        for scan in scans.values() {
            if let Some(tree) = trees.get_mut(&scan.source) {
                // What a transaction that was undone had marked.
                for path in &scan.mounts.foreign {
                    mounts::set_unmounted(store, tree, path)?;
                }
            }
        }
        let mut done = 0;
        // What is gone for certain must not be brought back by what was read ahead.
        for jobs in
            jobs.chunk_by_mut(|a, b| a.scan == b.scan && !a.is_vanished() && !b.is_vanished())
        {
            let scan = jobs.first().and_then(|job| scans.get_mut(&job.scan));
            let found = scan.and_then(|scan| Some((trees.get_mut(&scan.source)?, scan)));
            let Some((tree, scan)) = found else {
                done += jobs.len();
                continue;
            };
            bulk::read(store, tree, scan, jobs)?;
            let overlaps = overlaps.contains(&scan.source);
            for job in jobs {
                if job.run(store, tree, scan, overlaps)? == Outcome::More {
                    return Ok(done);
                }
                done += 1;
            }
        }
        Ok(done)
    }

    /// Tells every scan what of it is in the database, and lets go of it.
    fn report(&mut self) {
        self.finish(self.jobs.len());
        self.taken = 0;
        for scan in self.scans.values_mut() {
            if scan.batches > 0 || scan.entries > 0 {
                let before = scan
                    .shared
                    .persisted
                    .fetch_add(scan.entries, Ordering::AcqRel);
                let entries = before + scan.entries;
                let batches = std::mem::take(&mut scan.batches);
                scan.entries = 0;
                (scan.on_persisted)(Persisted { batches, entries });
            }
        }
    }

    /// Lets go of the first jobs, which are in the database.
    fn finish(&mut self, done: usize) {
        for mut job in self.jobs.drain(..done) {
            if let Some(scan) = self.scans.get_mut(&job.scan) {
                scan.entries += job.listing.len() as u64;
            }
            if self.spare.len() < MAX_SPARE && job.listing.memory() < SPARE_BYTES {
                job.listing.clear();
                self.spare.push(job.listing);
            }
        }
    }

    /// What has come cannot be written: it is dropped, and its scans are told.
    pub fn give_up(&mut self, error: &Error) {
        let keys: Vec<u64> = self.jobs.drain(..).map(|job| job.scan).collect();
        for key in keys {
            self.fail(key, error);
        }
        self.report();
    }

    /// Everything in hand may be wrong: no scan can go on.
    pub fn fail_all(&mut self, error: &Error) {
        self.reset();
        let keys: Vec<u64> = self.scans.keys().copied().collect();
        for key in keys {
            self.fail(key, error);
        }
        self.jobs.clear();
        self.report();
    }

    fn fail(&mut self, key: u64, error: &Error) {
        if let Some(scan) = self.scans.get(&key) {
            scan.shared
                .error
                .lock()
                .get_or_insert_with(|| error.clone());
        }
    }

    /// Jobs of scans that were cancelled while nothing could be written.
    pub fn drop_cancelled(&mut self) {
        let Engine { jobs, scans, .. } = self;
        jobs.retain(|job| {
            scans
                .get(&job.scan)
                .is_some_and(|scan| !scan.shared.cancelled.load(Ordering::Acquire))
        });
    }

    /// The walk is over: what is still open becomes jobs. They have to be committed before the end.
    pub fn cut_short(&mut self, key: u64) {
        if let Some(scan) = self.scans.get_mut(&key) {
            scan.cut_short(key, &mut self.jobs);
        }
    }

    /// Writes down that a scan ended.
    pub fn end(&mut self, key: u64, status: i64, counts: ScanCounts) -> Result<(), Error> {
        let Some(scan) = self.scans.get(&key) else {
            return Err(Error::new(Reason::Ended, Operation::Write, &[]));
        };
        let broken = scan.shared.error.lock().clone();
        let status = if broken.is_some() {
            scan_status::FAILED
        } else {
            status
        };
        let (source, row, depth, whole, folder) = (
            scan.source,
            scan.row,
            scan.depth,
            scan.whole,
            scan.folder.clone(),
        );
        let keep = i64::from(self.options.history).max(1);
        let end = End {
            source,
            scan: row,
            folder: &folder,
            depth,
            whole,
            status,
            counts,
            keep,
        };
        let result = self.write(|engine| sources::end(&engine.store.db, &end));
        self.scans.remove(&key);
        if result.is_err() {
            self.unended.push((source, row));
        }
        if self.scans.is_empty() {
            // Names of long listings that were given up.
            let _ = large::forget_all(&self.store);
        }
        if !self.scans.values().any(|scan| scan.source == source) {
            if let Some(at) = self.overlaps.iter().position(|other| *other == source) {
                self.overlaps.swap_remove(at);
                let _ = stamps::forget(&self.store, source);
            }
            if let Some(tree) = self.trees.get_mut(&source) {
                tree.gone.clear();
            }
        }
        if let Err(error) = result {
            return Err(self.error(&error));
        }
        if whole {
            self.after_whole(source, status);
        }
        match broken {
            Some(error) => Err(error),
            None => Ok(()),
        }
    }

    fn after_whole(&mut self, source: i64, status: i64) {
        let generation = self.trees.get(&source).map_or(0, |tree| tree.generation);
        self.reaper
            .drop_history(source, generation - i64::from(self.options.history));
        if status == scan_status::COMPLETE {
            self.reaper.drop_imported(source);
        }
        if let Ok(generations) = sources::generations(&self.store.db) {
            // It can only fail to warn of a database that was put back in time.
            let _ = self.lock.remember(&generations);
        }
    }

    /// Makes a source that was never scanned.
    pub fn add_source(&mut self, spec: &ScanSpec) -> Result<(), Error> {
        let added = self.write(|engine| sources::add(&mut engine.store, spec));
        added.map_err(|failure| match failure {
            Failure::Refused(error) => error,
            Failure::Sqlite(error) => self.error(&error),
        })
    }

    /// Takes a source out, or what lies beneath one of its folders.
    pub fn forget(&mut self, uuid: &str, folder: Option<&[u8]>) -> Result<(), Error> {
        let source = self.source(uuid)?;
        let mut running = self.scans.values().filter(|scan| scan.source == source);
        if let Some(scan) = running.next() {
            let error = Error::new(Reason::AlreadyScanning, Operation::Write, uuid.as_bytes());
            return Err(error.with(&scan.shared.tag));
        }
        let found = self.write(|engine| match folder.filter(|folder| !folder.is_empty()) {
            Some(folder) => engine.forget_folder(source, folder),
            None => engine.forget_source(source).map(|()| true),
        });
        self.reaper.bury();
        match found {
            Ok(true) => Ok(()),
            Ok(false) => Err(Error::new(
                Reason::NoFolder,
                Operation::Write,
                folder.unwrap_or_default(),
            )),
            Err(error) => Err(self.error(&error)),
        }
    }

    fn forget_source(&mut self, source: i64) -> rusqlite::Result<()> {
        self.trees.remove(&source);
        let db = &self.store.db;
        let root: i64 = db.query_row(
            "SELECT root_dir FROM sources WHERE id = ?1",
            [source],
            |row| row.get(0),
        )?;
        self.store.bury(source, b"", root)?;
        db.execute("DELETE FROM scans WHERE source_id = ?1", [source])?;
        db.execute("DELETE FROM sources WHERE id = ?1", [source])?;
        Ok(())
    }

    /// The folder itself is still there: its row becomes that of a directory that was never listed.
    fn forget_folder(&mut self, source: i64, folder: &[u8]) -> rusqlite::Result<bool> {
        let Engine { store, trees, .. } = self;
        let tree = trees.entry(source).or_insert_with(|| Tree::new(source));
        tree.generation = sources::generation(&store.db, source)?;
        let Some(at) = tree.find(store, folder)? else {
            return Ok(false);
        };
        let Some(node) = tree.node(at) else {
            return Ok(false);
        };
        let (id, parent, mtime) = (node.id, node.parent, node.mtime);
        tree.remove(store, parent, id, split(folder).1)?;
        tree.add(folder.into(), parent, mtime);
        Ok(true)
    }

    fn source(&self, uuid: &str) -> Result<i64, Error> {
        let sql = "SELECT id FROM sources WHERE uuid = ?1";
        match self.store.db.query_row(sql, [uuid], |row| row.get(0)) {
            Ok(source) => Ok(source),
            Err(rusqlite::Error::QueryReturnedNoRows) => Err(Error::new(
                Reason::NoSource,
                Operation::Write,
                uuid.as_bytes(),
            )),
            Err(error) => Err(self.error(&error)),
        }
    }

    /// Attaches a fact to an entry that is there.
    pub fn put_note(&mut self, note: &Note) -> Result<(), Error> {
        use crate::text::Text;
        let source = self.source(&note.source)?;
        let put = self.write(|engine| {
            let Engine { store, trees, .. } = engine;
            let tree = trees.entry(source).or_insert_with(|| Tree::new(source));
            let Some(at) = tree.find(store, &note.folder)? else {
                return Ok(false);
            };
            let dir = tree.node(at).map_or(0, |node| node.id);
            let (name, key) = (Text(&note.name), Text(&note.key));
            let sql = "SELECT 1 FROM files WHERE dir_id = ?1 AND name = ?2
                       UNION ALL SELECT 1 FROM dirs WHERE parent_id = ?1 AND name = ?2";
            if !store
                .db
                .prepare_cached(sql)?
                .exists(rusqlite::params![dir, name])?
            {
                return Ok(false);
            }
            match &note.value {
                Some(value) => {
                    let sql = "INSERT OR REPLACE INTO notes VALUES (?1, ?2, ?3, ?4)";
                    store
                        .db
                        .prepare_cached(sql)?
                        .execute(rusqlite::params![dir, name, key, value])?;
                    store.has_notes = true;
                }
                None => {
                    let sql = "DELETE FROM notes WHERE dir_id = ?1 AND name = ?2 AND key = ?3";
                    store
                        .db
                        .prepare_cached(sql)?
                        .execute(rusqlite::params![dir, name, key])?;
                }
            }
            Ok::<_, rusqlite::Error>(true)
        });
        match put {
            Ok(true) => Ok(()),
            Ok(false) => Err(Error::new(
                Reason::NoFolder,
                Operation::Write,
                &join(&note.folder, &note.name),
            )),
            Err(error) => Err(self.error(&error)),
        }
    }

    /// Whether something waits to be deleted.
    pub fn has_leftovers(&self) -> bool {
        !self.reaper.is_idle() || !self.unended.is_empty()
    }

    /// Deletes a piece of it.
    pub fn reap(&mut self) -> Result<(), Error> {
        if self.is_at_wal_limit() {
            return Err(self.at_wal_limit());
        }
        if !self.unended.is_empty() {
            let unended = self.unended.clone();
            let result = self.write(|engine| sources::mark_failed(&engine.store.db, &unended));
            result.map_err(|error| self.error(&error))?;
            self.unended.clear();
        }
        let mut reaper = std::mem::take(&mut self.reaper);
        let result = self.write(|engine| reaper.step(&engine.store));
        if result.is_err() {
            reaper.forget_way();
        }
        self.reaper = reaper;
        result.map_err(|error| self.error(&error))
    }

    /// Keeps the log short.
    pub fn tend_log(&mut self) -> Result<(), Error> {
        let result = self.log.tend(&self.store.db, self.options.busy_timeout);
        result.map_err(|error| self.error(&error))
    }

    /// Empties the log, when nothing is being scanned.
    pub fn truncate_log(&mut self) -> Result<(), Error> {
        let result = self.log.truncate(&self.store.db, self.options.busy_timeout);
        result.map_err(|error| self.error(&error))
    }

    pub fn is_scanning(&self) -> bool {
        !self.scans.is_empty()
    }

    /// Scans that nobody ended.
    pub fn running(&self) -> Vec<u64> {
        self.scans.keys().copied().collect()
    }

    pub fn sources(&self) -> Vec<i64> {
        let mut sources: Vec<i64> = self.scans.values().map(|scan| scan.source).collect();
        sources.sort_unstable();
        sources.dedup();
        sources
    }
}

/// The directory that holds the index and the names of its files there, if it lies beneath the root: what the writer does to them
/// must not be found as a change of the tree.
fn own_files(location: &Location, root: &[u8]) -> Option<(Vec<u8>, Vec<Vec<u8>>)> {
    let root = std::fs::canonicalize(Path::new(std::ffi::OsStr::from_bytes(root))).ok()?;
    let directory = location.database.parent()?.strip_prefix(&root).ok()?;
    let names = [
        "",
        "-wal",
        "-shm",
        "-journal",
        "-writer",
        "-new",
        "-new-journal",
    ]
    .map(|suffix| {
        let file = beside(&location.database, suffix);
        file.file_name()
            .map(|name| name.as_bytes().to_vec())
            .unwrap_or_default()
    });
    Some((directory.as_os_str().as_bytes().to_vec(), names.to_vec()))
}
