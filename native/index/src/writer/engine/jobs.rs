//! Batches on their way into the database: they become jobs, which are committed together.

use std::sync::atomic::Ordering;

use super::Engine;
use crate::batch::Batch;
use crate::error::Error;
use crate::writer::apply::job::{JobOutcome, ListingJob};
use crate::writer::apply::read_ahead;
use crate::writer::proof::mounts;

/// Batches that go into one transaction when they come faster than they are written.
const GATHERED: usize = 4;
/// Bytes of a directory's path that count as an entry: a transaction is to be short, and paths of a
/// deep tree are long.
const PATH: usize = 1024;

impl Engine {
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
        if let Some(scan) = self.scans.get(&key)
            && scan.reads_twice
            && !self.overlaps.contains(&scan.source)
        {
            self.overlaps.push(scan.source);
        }
        self.taken += self
            .jobs
            .iter()
            .skip(before)
            .map(|job| job.listing.len() + 1 + job.path.len() / PATH)
            .sum::<usize>();
    }

    /// Whether enough has come for a transaction: more of it while more is waiting, so that pages
    /// that many batches change are written once.
    pub fn is_full(&self, more_waits: bool) -> bool {
        let batches = if more_waits { GATHERED } else { 1 };
        self.taken >= self.options.batch_entries * batches
    }

    pub fn has_jobs(&self) -> bool {
        !self.jobs.is_empty()
    }

    /// Whether there is something to write, or to tell; if all of it is wanted, also what waits.
    pub fn has_work(&self, all: bool) -> bool {
        self.has_jobs()
            || (all && !self.early.is_empty())
            || self.scans.values().any(|scan| scan.batches > 0)
    }

    /// Writes what has come, or as much of it as one transaction should hold. Says whether that was
    /// all. Unless all of it is wanted, listings that come too early wait for the next time.
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
            let result = self.write(|engine| engine.run(&mut jobs));
            self.jobs = jobs;
            let done = result.map_err(|error| self.error(&error))?;
            let written = self.jobs.iter().take(done + 1);
            let sources = written.filter_map(|job| Some(self.scans.get(&job.scan)?.source));
            self.touched.extend(sources);
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
                // What a transaction that was undone had marked.
                for (path, ()) in scan.mounts.foreign.beneath(b"") {
                    mounts::set_unmounted(store, tree, &path, scan.row)?;
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
            read_ahead::read(store, tree, scan, jobs)?;
            let overlaps = overlaps.contains(&scan.source);
            for job in jobs {
                if job.run(store, tree, scan, overlaps)? == JobOutcome::More {
                    return Ok(done);
                }
                done += 1;
            }
        }
        Ok(done)
    }
}
