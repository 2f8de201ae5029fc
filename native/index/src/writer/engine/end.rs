//! Ending a scan, and what can wait until the writer is idle.

use std::os::unix::ffi::OsStrExt;
use std::time::Duration;

use rusqlite::Connection;

use super::{Engine, MAX_LOCK_WAIT};
use crate::error::{Error, Operation, Reason};
use crate::lock::WriterLock;
use crate::record::FileState;
use crate::unclosed;
use crate::values::scan_status;
use crate::writer::apply::long_listing;
use crate::writer::log::Log;
use crate::writer::options::ScanCounts;
use crate::writer::proof::stamps;
use crate::writer::store::scans::{self, ScanEnd};
use crate::writer::store::sources;

impl Engine {
    /// Turns the open listings of a scan into jobs, when its walk is over. They have to be
    /// committed before its end.
    pub fn cut_short(&mut self, key: u64) {
        if let Some(scan) = self.scans.get_mut(&key) {
            scan.cut_short(key, &mut self.jobs);
        }
    }

    /// Records that a scan ended.
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
            scan.is_whole,
            scan.folder.clone(),
        );
        let keep = i64::from(self.options.history).max(1);
        let end = ScanEnd {
            source,
            scan: row,
            folder: &folder,
            depth,
            is_whole: whole,
            status,
            counts,
            keep,
            history: i64::from(self.options.history),
            has_disk: self.on_disk.contains(&source),
        };
        let result = self.write(|engine| {
            scans::end(&engine.store.db, &end)?;
            match whole {
                true => engine.store.know_exact(source, status),
                false => Ok(()),
            }
        });
        self.scans.remove(&key);
        self.progress.clear(row);
        self.touched.push(source);
        if result.is_err() {
            self.unended.push((source, row));
        }
        if self.scans.is_empty() {
            // Names of long listings that were never finished.
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
            let _ = tree.vanished.forget(&self.store, source, oldest);
            if whole {
                tree.history.next();
            }
        }
        self.forget_idle_trees(source);
        // A scan is not complete if the file was moved away before its end.
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

    /// Drops the caches of sources that no scan writes to. That of the latest source is kept, since
    /// it is often needed again.
    pub(super) fn forget_idle_trees(&mut self, latest: i64) {
        let Engine { trees, scans, .. } = self;
        let is_written = |source| scans.values().any(|scan| scan.source == source);
        trees.retain(|source, _| *source == latest || is_written(*source));
    }

    fn after_whole(&mut self, source: i64, status: i64) {
        self.log.truncate_soon();
        let generation = self.trees.get(&source).map_or(0, |tree| tree.generation);
        self.purger
            .drop_history(source, generation - i64::from(self.options.history));
        if status == scan_status::COMPLETE {
            self.purger.drop_imported(source);
        }
        let db = &self.store.db;
        let (uuid, stored) = (sources::uuid(db, source), sources::generation(db, source));
        if let (Ok(uuid), Ok(generation)) = (uuid, stored) {
            let ran_to_end = matches!(status, scan_status::COMPLETE | scan_status::PARTIAL);
            let remembered = self.remembered.end(&uuid, generation, ran_to_end);
            // Without it, only the warning of a database that was put back in time is lost.
            let _ = self.lock.remember_one(&uuid, remembered);
            self.forget_sources();
        }
    }

    /// Drops what is remembered of sources that no longer exist.
    pub(super) fn forget_sources(&mut self) {
        if self.has_other_sources
            && let Ok(stored) = sources::generations(&self.store.db)
        {
            self.remembered.keep(&stored);
            self.has_other_sources = self.lock.remember(&self.remembered.0).is_err();
        }
    }

    /// Whether something waits to be deleted, or a scan to be marked as failed.
    pub fn has_leftovers(&self) -> bool {
        !self.purger.is_idle() || !self.unended.is_empty()
    }

    /// Does a part of that.
    pub fn purge(&mut self) -> Result<(), Error> {
        if self.is_at_wal_limit() {
            return Err(self.log.state().why_held());
        }
        if !self.unended.is_empty() {
            let unended = self.unended.clone();
            let result = self.write(|engine| scans::mark_failed(&engine.store.db, &unended));
            result.map_err(|error| self.error(&error))?;
            self.unended.clear();
        }
        let mut purger = std::mem::take(&mut self.purger);
        let result = self.write(|engine| purger.step(&mut engine.store, &mut engine.trees));
        if result.is_err() {
            purger.forget_position();
        }
        self.touched.extend(purger.take_changed());
        self.purger = purger;
        result.map_err(|error| self.error(&error))
    }

    /// Deletes the first piece of what a transaction has removed within it, if linked names are
    /// there: they count in totals until they are deleted.
    pub(super) fn reap_at_once(&mut self) -> rusqlite::Result<()> {
        let mut trees = self.trees.values_mut();
        if !trees.any(|tree| std::mem::take(&mut tree.has_buried_links)) {
            return Ok(());
        }
        for tree in self.trees.values_mut() {
            tree.flush(&mut self.store)?;
        }
        self.purger.bury();
        let Engine {
            purger,
            store,
            trees,
            ..
        } = self;
        purger.step(store, trees)
    }

    /// Keeps the log short.
    pub fn tend_log(&mut self) -> Result<(), Error> {
        self.checkpoint(Log::tend)
    }

    /// Does for the log what can wait until the writer is idle.
    pub fn tend_idle_log(&mut self) -> Result<(), Error> {
        let is_scanning = self.is_scanning();
        self.checkpoint(|log, db, lock, timeout| log.idle(db, lock, timeout, is_scanning))
    }

    /// Whether a reader or a failing disk keeps the log from starting over.
    pub fn is_log_held(&self) -> bool {
        self.log.is_held() || self.log.is_failing()
    }

    /// How long until the log needs a checkpoint, if no command comes.
    pub fn log_rests_in(&self) -> Option<Duration> {
        self.log.rests_in()
    }

    /// Empties the log.
    pub fn truncate_log(&mut self) -> Result<(), Error> {
        self.checkpoint(Log::truncate)
    }

    /// Empties the log before the lock is released. If that succeeds, everything is on the disk.
    pub fn close(&mut self) -> Result<(), Error> {
        self.truncate_log()?;
        if self.log.is_empty() {
            // Otherwise the next writer assumes that something may be lost.
            let _ = self.lock.update(|record| record.state = FileState::Closed);
            unclosed::clear(self.store.db.claim());
        }
        Ok(())
    }

    /// Gives the database its token before anything is written, and empties a log that an earlier
    /// writer left.
    pub fn start_log(&mut self) -> Result<(), Error> {
        self.checkpoint(Log::start_over)
    }

    fn checkpoint(
        &mut self,
        make: impl FnOnce(&mut Log, &Connection, &WriterLock, Duration) -> rusqlite::Result<()>,
    ) -> Result<(), Error> {
        let timeout = self.options.busy_timeout.min(MAX_LOCK_WAIT);
        let made = make(&mut self.log, &self.store.db, &self.lock, timeout);
        let path = self.location.database.as_os_str().as_bytes();
        let made = made.map_err(|error| Error::sqlite(&error, Operation::Checkpoint, path));
        // If it was too early to try again, the last error still stands.
        if !self.log.is_failing() {
            self.log.state().checkpointed(None);
        } else if let Err(error) = &made {
            self.log.state().checkpointed(Some(error.clone()));
        }
        made
    }

    fn is_scanning(&self) -> bool {
        !self.scans.is_empty()
    }

    /// Scans that have not ended.
    pub fn running(&self) -> Vec<u64> {
        self.scans.keys().copied().collect()
    }

    /// Sources that commits have touched since the last call.
    pub fn has_touched(&self) -> bool {
        !self.touched.is_empty()
    }

    pub fn take_touched(&mut self) -> Vec<i64> {
        self.touched.sort_unstable();
        self.touched.dedup();
        std::mem::take(&mut self.touched)
    }
}
