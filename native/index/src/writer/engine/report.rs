//! Reporting to scans that what they pushed is written, or never will be.

use std::sync::atomic::Ordering;
use std::time::Duration;

use super::{Engine, MAX_SPARE, MAX_SPARE_BYTES};
use crate::error::Error;
use crate::writer::options::Persisted;
use crate::writer::progress_file::EVERY;

impl Engine {
    /// Reports to every scan what is in the database, and drops those jobs.
    pub(super) fn report(&mut self) {
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

    /// Tells other processes how far the scans are, if it is time to.
    pub fn report_progress(&mut self) {
        if self.scans.is_empty() || !self.progress.is_due() {
            return;
        }
        for scan in self.scans.values() {
            if let Some(progress) = &mut *scan.shared.progress.lock() {
                progress.kept = scan.shared.persisted.load(Ordering::Acquire);
                self.progress.write(scan.row, progress);
            }
        }
    }

    /// How long until it is time again, if no command comes.
    pub fn progress_due_in(&self) -> Option<Duration> {
        (!self.scans.is_empty()).then_some(EVERY)
    }

    /// Drops the first jobs, which are in the database.
    pub(super) fn finish(&mut self, done: usize) {
        for mut job in self.jobs.drain(..done) {
            if let Some(scan) = self.scans.get_mut(&job.scan) {
                scan.entries += job.listing.len() as u64;
            }
            if self.pool.spare.len() < MAX_SPARE && job.listing.memory() < MAX_SPARE_BYTES {
                job.listing.clear();
                self.pool.spare.push(job.listing);
            }
        }
    }

    /// Drops what has come and cannot be written, and fails its scans.
    pub fn give_up(&mut self, error: &Error) {
        self.jobs.append(&mut self.early);
        let keys: Vec<u64> = self.jobs.drain(..).map(|job| job.scan).collect();
        for key in keys {
            self.fail(key, error);
        }
        self.report();
    }

    /// Fails all scans: everything cached may be wrong.
    pub fn fail_all(&mut self, error: &Error) {
        self.reset();
        let keys: Vec<u64> = self.scans.keys().copied().collect();
        for key in keys {
            self.fail(key, error);
        }
        self.jobs.clear();
        self.early.clear();
        self.report();
    }

    pub(super) fn fail(&mut self, key: u64, error: &Error) {
        if let Some(scan) = self.scans.get(&key) {
            scan.shared
                .error
                .lock()
                .get_or_insert_with(|| error.clone());
        }
    }

    /// Drops jobs of scans that were cancelled while nothing could be written.
    pub fn drop_cancelled(&mut self) {
        let Engine { jobs, scans, .. } = self;
        jobs.retain(|job| {
            scans
                .get(&job.scan)
                .is_some_and(|scan| !scan.shared.is_cancelled.load(Ordering::Acquire))
        });
    }
}
