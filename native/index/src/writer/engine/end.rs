//! The end of a scan, and what can wait until nothing else is to do.

use std::os::unix::ffi::OsStrExt;
use std::time::Duration;

use rusqlite::Connection;

use super::{Engine, LOCKED};
use crate::error::{Error, Operation, Reason};
use crate::lock::WriterLock;
use crate::record::State;
use crate::schema::scan_status;
use crate::writer::apply::long_listing;
use crate::writer::log::Log;
use crate::writer::options::ScanCounts;
use crate::writer::proof::stamps;
use crate::writer::store::scans::{self, ScanEnd};
use crate::writer::store::sources;

impl Engine {
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
        let end = ScanEnd {
            source,
            scan: row,
            folder: &folder,
            depth,
            whole,
            status,
            counts,
            keep,
            history: i64::from(self.options.history),
        };
        let result = self.write(|engine| scans::end(&engine.store.db, &end));
        self.scans.remove(&key);
        self.touched.push(source);
        if result.is_err() {
            self.unended.push((source, row));
        }
        if self.scans.is_empty() {
            // Names of long listings that were given up.
            let _ = long_listing::forget_all(&self.store);
        }
        if !self.scans.values().any(|scan| scan.source == source)
            && let Some(at) = self.overlaps.iter().position(|other| *other == source)
        {
            self.overlaps.swap_remove(at);
            let _ = stamps::forget(&self.store, source);
        }
        let running = self.scans.values().filter(|scan| scan.source == source);
        let oldest = running.map(|scan| scan.row).min();
        if let Some(tree) = self.trees.get_mut(&source) {
            let _ = tree.gone.let_go(&self.store, source, oldest);
            if whole {
                tree.history.next();
            }
        }
        self.let_go(source);
        // Not complete if it went into a file that was moved away just then.
        let result = result.and_then(|()| self.log.guard().check());
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

    /// Forgets what is in hand of sources that no scan writes to, but for the latest: it is asked
    /// for again more often than not.
    pub(super) fn let_go(&mut self, latest: i64) {
        let Engine { trees, scans, .. } = self;
        let is_written = |source| scans.values().any(|scan| scan.source == source);
        trees.retain(|source, _| *source == latest || is_written(*source));
    }

    fn after_whole(&mut self, source: i64, status: i64) {
        self.log.truncate_soon();
        let generation = self.trees.get(&source).map_or(0, |tree| tree.generation);
        self.reaper
            .drop_history(source, generation - i64::from(self.options.history));
        if status == scan_status::COMPLETE {
            self.reaper.drop_imported(source);
        }
        let db = &self.store.db;
        let (uuid, stored) = (sources::uuid(db, source), sources::generation(db, source));
        if let (Ok(uuid), Ok(generation)) = (uuid, stored) {
            let ran_to_end = matches!(status, scan_status::COMPLETE | scan_status::PARTIAL);
            let remembered = self.remembered.end(&uuid, generation, ran_to_end);
            // It can only fail to warn of a database that was put back in time.
            let _ = self.lock.remember_one(&uuid, remembered);
            self.forget_sources();
        }
    }

    /// Of sources that are not there any more nothing is remembered.
    pub(super) fn forget_sources(&mut self) {
        if self.has_other_sources
            && let Ok(stored) = sources::generations(&self.store.db)
        {
            self.remembered.keep(&stored);
            self.has_other_sources = self.lock.remember(&self.remembered.0).is_err();
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
            let result = self.write(|engine| scans::mark_failed(&engine.store.db, &unended));
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
        self.checkpoint(Log::tend)
    }

    /// Does what is to be done of the log while nothing else is.
    pub fn tend_idle_log(&mut self) -> Result<(), Error> {
        let is_scanning = self.is_scanning();
        self.checkpoint(|log, db, lock, timeout| log.idle(db, lock, timeout, is_scanning))
    }

    /// Whether a reader keeps it from starting over, or a disk that fails.
    pub fn is_log_held(&self) -> bool {
        self.log.is_held() || self.log.is_failing()
    }

    /// How long until there is something to be done of it, if nothing else comes.
    pub fn log_rests_in(&self) -> Option<Duration> {
        self.log.rests_in()
    }

    /// Empties the log.
    pub fn truncate_log(&mut self) -> Result<(), Error> {
        self.checkpoint(Log::truncate)
    }

    /// Before the lock is let go: all is on the disk, if the log could be emptied.
    pub fn close(&mut self) -> Result<(), Error> {
        self.truncate_log()?;
        if self.log.is_empty() {
            // Otherwise the next writer takes it that something may be lost.
            let _ = self.lock.update(|record| record.state = State::Closed);
        }
        Ok(())
    }

    /// Before anything is written: the database gets its token, and a log that an earlier writer
    /// left does not become still longer.
    pub fn start_log(&mut self) -> Result<(), Error> {
        self.checkpoint(Log::start_over)
    }

    fn checkpoint(
        &mut self,
        make: impl FnOnce(&mut Log, &Connection, &WriterLock, Duration) -> rusqlite::Result<()>,
    ) -> Result<(), Error> {
        let timeout = self.options.busy_timeout.min(LOCKED);
        let made = make(&mut self.log, &self.store.db, &self.lock, timeout);
        let path = self.location.database.as_os_str().as_bytes();
        let made = made.map_err(|error| Error::sqlite(&error, Operation::Checkpoint, path));
        // Where it was too soon to try again, it is as it was.
        if !self.log.is_failing() {
            self.not_checkpointed = None;
        } else if let Err(error) = &made {
            self.not_checkpointed = Some(error.clone());
        }
        made
    }

    fn is_scanning(&self) -> bool {
        !self.scans.is_empty()
    }

    /// Scans that nobody ended.
    pub fn running(&self) -> Vec<u64> {
        self.scans.keys().copied().collect()
    }

    /// Sources that commits have touched since this was last asked.
    pub fn take_touched(&mut self) -> Vec<i64> {
        self.touched.sort_unstable();
        self.touched.dedup();
        std::mem::take(&mut self.touched)
    }
}
