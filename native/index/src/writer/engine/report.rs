//! What scans are told: that what they pushed is written, or that it never will be.

use std::sync::atomic::Ordering;

use super::{Engine, MAX_SPARE, SPARE_BYTES};
use crate::error::Error;
use crate::writer::options::Persisted;

impl Engine {
    /// Tells every scan what of it is in the database, and lets go of it.
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

    /// Lets go of the first jobs, which are in the database.
    pub(super) fn finish(&mut self, done: usize) {
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
        self.jobs.append(&mut self.early);
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

    /// Jobs of scans that were cancelled while nothing could be written.
    pub fn drop_cancelled(&mut self) {
        let Engine { jobs, scans, .. } = self;
        jobs.retain(|job| {
            scans
                .get(&job.scan)
                .is_some_and(|scan| !scan.shared.cancelled.load(Ordering::Acquire))
        });
    }
}
