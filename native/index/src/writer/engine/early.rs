//! Listings that come before their parents': the walker has several threads.
//!
//! A directory known only by what lies beneath it counts as unknown in all directories above until
//! its own listing comes. Deep down that is many rows, written twice. So such a listing waits once,
//! for the next transaction.

use std::collections::HashMap;

use aether_core::path::split;

use super::Engine;
use crate::writer::apply::job::ListingJob;

/// Bytes of a path from which on a directory is deep down.
const DEEP: usize = 1024;

impl Engine {
    /// Takes these listings out of the jobs.
    pub(super) fn take_early(&mut self) -> Vec<ListingJob> {
        if !self.jobs.iter().any(may_wait) {
            return Vec::new();
        }
        let Engine {
            jobs,
            trees,
            scans,
            overlaps,
            ..
        } = self;
        // From the top down, by the lengths of paths.
        let mut order: Vec<(usize, usize)> =
            jobs.iter().map(|job| job.path.len()).zip(0..).collect();
        order.sort_unstable();
        let mut here: HashMap<usize, Vec<usize>> = HashMap::new();
        let mut is_early = vec![false; jobs.len()];
        for (length, at) in order {
            let Some(job) = jobs.get(at) else { continue };
            let parent = split(&job.path).0;
            let source = scans.get(&job.scan).map(|scan| scan.source);
            let tree = source.filter(|source| !overlaps.contains(source));
            let tree = tree.and_then(|source| trees.get(&source));
            let is_parent = |other: &ListingJob| other.scan == job.scan && other.path == parent;
            let comes_along = || {
                let others = here.get(&parent.len()).into_iter().flatten();
                others.filter_map(|other| jobs.get(*other)).any(is_parent)
            };
            let waits =
                may_wait(job) && tree.is_some_and(|tree| !comes_along() && !tree.is_cached(parent));
            match is_early.get_mut(at) {
                Some(early) if waits => *early = true,
                _ => here.entry(length).or_default().push(at),
            }
        }
        let mut is_early = is_early.into_iter();
        let early = jobs.extract_if(.., |_| is_early.next().unwrap_or(false));
        let waiting = early.map(|job| ListingJob {
            has_waited: true,
            ..job
        });
        let waiting = waiting.collect();
        jobs.sort_by_key(|job| job.path.len());
        waiting
    }
}

/// Pieces of a long listing keep their order, and a vanished directory changes nothing above.
fn may_wait(job: &ListingJob) -> bool {
    job.path.len() > DEEP && !job.has_waited && job.piece.is_none() && !job.is_vanished()
}
