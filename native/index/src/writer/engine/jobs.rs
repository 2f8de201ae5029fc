//! Turning batches into jobs, and committing these together.

use std::sync::atomic::Ordering;

use super::Engine;
use crate::batch::Batch;
use crate::error::Error;
use crate::writer::apply::job::{JobOutcome, ListingJob};
use crate::writer::apply::read_ahead;
use crate::writer::proof::mounts;

/// Maximum number of full batches in one transaction, when they come faster than they are written.
const MAX_BATCHES: usize = 4;
/// Bytes of a directory's path that count as one entry: transactions should be short, and paths in
/// a deep tree are long.
const PATH_BYTES: usize = 8 * 1024;

impl Engine {
    /// Takes a batch apart. What can be written becomes jobs.
    pub fn take(&mut self, key: u64, batch: &Batch) {
        let Some(scan) = self.scans.get_mut(&key) else {
            return;
        };
        scan.batches += 1;
        let is_dropped =
            scan.shared.is_cancelled.load(Ordering::Acquire) || scan.shared.error.lock().is_some();
        if is_dropped {
            return;
        }
        let before = self.jobs.len();
        if let Err(error) = scan.take(key, batch, &mut self.pool, &mut self.jobs) {
            self.fail(key, &error);
        }
        if let Some(scan) = self.scans.get(&key)
            && scan.reads_twice
            && !self.overlaps.contains(&scan.source)
        {
            self.overlaps.push(scan.source);
        }
        if let Some(scan) = self.scans.get(&key).filter(|scan| scan.lacks_disk) {
            self.on_disk.retain(|source| *source != scan.source);
        }
        self.taken += self
            .jobs
            .iter()
            .skip(before)
            .map(|job| job.listing.len() + 1 + job.path.len() / PATH_BYTES)
            .sum::<usize>();
    }

    /// Whether enough has come for a transaction. While more is waiting, transactions are larger,
    /// so that pages that many batches change are written once.
    pub fn is_full(&self, more_waits: bool) -> bool {
        let batches = if more_waits { MAX_BATCHES } else { 1 };
        self.taken >= self.options.batch_entries * batches
    }

    pub fn has_jobs(&self) -> bool {
        !self.jobs.is_empty()
    }

    /// Whether there is something to write or to report; with `all`, this includes early listings.
    pub fn has_work(&self, all: bool) -> bool {
        self.has_jobs()
            || (all && !self.early.is_empty())
            || self.scans.values().any(|scan| scan.batches > 0)
    }

    /// Writes what has come, or as much of it as one transaction should hold. Returns whether that
    /// was everything. Without `all`, early listings wait for the next transaction.
    pub fn commit(&mut self, all: bool) -> Result<bool, Error> {
        self.jobs.append(&mut self.early);
        if !all {
            self.early = self.take_early();
        }
        self.commit_jobs()
    }

    fn commit_jobs(&mut self) -> Result<bool, Error> {
        if !self.jobs.is_empty() {
            let mut jobs = std::mem::take(&mut self.jobs);
            let result = self.write(|engine| {
                let done = engine.run(&mut jobs)?;
                engine.reap_at_once()?;
                Ok(done)
            });
            self.jobs = jobs;
            let done = result.map_err(|error| self.error(&error))?;
            for scan in self.scans.values_mut() {
                scan.scope.mounts.unmarked.clear();
            }
            let written = self.jobs.iter().take(done + 1);
            let sources = written.filter_map(|job| Some(self.scans.get(&job.scan)?.source));
            self.touched.extend(sources);
            self.touched.extend(self.purger.take_changed());
            self.purger.bury();
            if let Some(job) = self.jobs.get_mut(done) {
                job.deleted = job.deleting.take();
                self.finish(done);
                return Ok(false);
            }
        }
        self.report();
        Ok(true)
    }

    /// Runs jobs until one has more to do than this transaction should. Returns how many are done.
    fn run(&mut self, jobs: &mut [ListingJob]) -> rusqlite::Result<usize> {
        let Engine {
            store,
            trees,
            scans,
            overlaps,
            ..
        } = self;
        for scan in scans.values() {
            if let Some(tree) = trees.get_mut(&scan.source) {
                tree.load_mounts(store)?;
                // A transaction that was undone had marked these. Others stay as they are: another
                // scan may have found the right disk since.
                for path in &scan.scope.mounts.unmarked {
                    mounts::set_unmounted(store, tree, path, scan.row)?;
                }
            }
        }
        let mut done = 0;
        // What was read ahead must not bring back a directory that vanished.
        for jobs in
            jobs.chunk_by_mut(|a, b| a.scan == b.scan && !a.is_vanished() && !b.is_vanished())
        {
            let scan = jobs.first().and_then(|job| scans.get_mut(&job.scan));
            let found = scan.and_then(|scan| Some((trees.get_mut(&scan.source)?, scan)));
            let Some((tree, scan)) = found else {
                done += jobs.len();
                continue;
            };
            let device = scan.scope.devices.of_root(store, tree.source)?;
            let owner = scan.scope.root_owner.map(|owner| store.owner(owner));
            let owner = owner.transpose()?.map(i64::from);
            tree.set_root(store, (scan.scope.root_disk, owner), device)?;
            read_ahead::read(store, tree, &scan.scope, jobs)?;
            let overlaps = overlaps.contains(&scan.source);
            for job in jobs {
                if job.run(store, tree, &mut scan.scope, overlaps)? == JobOutcome::More {
                    return Ok(done);
                }
                done += 1;
            }
        }
        Ok(done)
    }
}
