//! What one thread of a search has found: the best, how many there were, and, for the next query, all of them.

use super::Query;
use super::names::{Names, State};
use super::rank::{Best, Here, Ranked};
use super::session::Kept;
use super::shard::{FULL, Shard};

#[derive(Debug)]
pub(super) struct Gather<'a> {
    names: &'a Names,
    query: &'a Query<'a>,
    source: Option<u16>,
    here: &'a Here,
    pub(super) best: Best,
    pub(super) matched: u64,
    pub(super) kept: Option<Vec<Kept>>,
    room: usize,
    shard: usize,
    run: usize,
    /// For names as they are; kept for its capacity.
    pub(super) name: Vec<u8>,
}

impl<'a> Gather<'a> {
    pub(super) fn new(
        names: &'a Names,
        query: &'a Query<'a>,
        here: &'a Here,
        most: usize,
        keeps: Option<usize>,
    ) -> Self {
        // One that is not there matches none.
        let place = |id| names.sources.iter().position(|source| *source == id);
        Gather {
            names,
            query,
            source: query
                .source
                .map(|id| place(id).map_or(u16::MAX, |place| place as u16)),
            here,
            best: Best::new(most),
            matched: 0,
            kept: keeps.map(|_| Vec::new()),
            room: keeps.unwrap_or_default(),
            shard: 0,
            run: 0,
            name: Vec::new(),
        }
    }

    /// Matches of this shard follow, in ascending order.
    pub(super) fn begin(&mut self, shard: usize) {
        self.shard = shard;
        self.run = 0;
        if let Some(kept) = &mut self.kept {
            kept.push((shard as u32, Vec::new()));
        }
    }

    /// The least fit with which an entry can still be among the best.
    pub(super) fn least(&self, shard: &Shard, entry: usize) -> i32 {
        self.best
            .floor()
            .saturating_sub(self.here.at_most(shard.stamp(entry)))
    }

    /// Takes an entry that matches.
    pub(super) fn take(&mut self, shard: &Shard, entry: usize, fit: i32) {
        // Most need not be asked about their folder.
        let good = fit >= self.least(shard, entry);
        if good || !self.shows_all() {
            let folder = shard.folder(entry, &mut self.run);
            if !self.shows(folder) {
                return;
            }
            if good {
                self.rank(shard, entry, folder, fit);
            }
        }
        self.matched += 1;
        self.keep(entry);
    }

    /// Whether entries that fit at most so well need only be counted, whichever they are.
    pub(super) fn counts_below(&self, fit: i32) -> bool {
        self.shows_all()
            && self.kept.is_none()
            && self.best.floor() > fit.saturating_add(self.here.most())
    }

    /// Adds entries that match and cannot be among the best.
    pub(super) fn count(&mut self, matched: u64) {
        self.matched += matched;
    }

    /// Takes an entry that is counted elsewhere.
    pub(super) fn offer(&mut self, shard: &Shard, entry: usize, fit: i32) {
        if fit >= self.least(shard, entry) {
            let folder = shard.folder(entry, &mut self.run);
            self.rank(shard, entry, folder, fit);
        }
    }

    fn rank(&mut self, shard: &Shard, entry: usize, folder: u32, fit: i32) {
        let stamp = shard.stamp(entry);
        self.best.push(Ranked {
            score: fit.saturating_add(self.here.worth(self.names, folder, stamp)),
            stamp,
            entry: (self.shard * FULL + entry) as u32,
            folder,
        });
    }

    fn shows_all(&self) -> bool {
        self.names.plain && self.source.is_none()
    }

    fn shows(&self, folder: u32) -> bool {
        if self.shows_all() {
            return true;
        }
        self.names
            .folder(folder)
            .is_some_and(|folder| match folder.state {
                State::Gone => false,
                // Within one source, and where all are wanted, nothing covers anything.
                State::Covered if self.source.is_none() && !self.query.all => false,
                _ => self.source.is_none_or(|source| source == folder.source),
            })
    }

    fn keep(&mut self, entry: usize) {
        if self.room == 0 {
            self.kept = None;
        }
        if let Some((_, places)) = self.kept.as_mut().and_then(|kept| kept.last_mut()) {
            places.push(entry as u16);
            self.room -= 1;
        }
    }

    /// Adds what another thread has found.
    pub(super) fn join(&mut self, other: Gather<'_>) {
        self.best.join(other.best);
        self.matched += other.matched;
        self.kept = match (self.kept.take(), other.kept) {
            (Some(mut own), Some(others)) => {
                own.extend(others);
                Some(own)
            }
            _ => None,
        };
    }
}
