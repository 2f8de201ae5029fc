//! What one thread of a search has found: the best, how many there were, and, for the next query, all of them.

use super::Query;
use super::filter::Sieve;
use super::names::{Names, State};
use super::rank::{Best, CLOSEST, Fit, Here, Key, Ranked};
use super::session::Kept;
use super::shard::{FULL, Shard};
use super::work::Work;

/// As many spreads as are counted apart.
const SPREADS: usize = CLOSEST + 1;

#[derive(Debug)]
pub(super) struct Gather<'a> {
    names: &'a Names,
    query: &'a Query<'a>,
    source: Option<u32>,
    here: &'a Here,
    sieve: &'a Sieve,
    /// Only what comes after this in the order of matches is wanted.
    after: Option<Key>,
    best: Best,
    /// How many match, by how far their letters are strewn.
    counts: [u64; SPREADS],
    pub(super) kept: Option<Vec<Kept>>,
    room: usize,
    shard: usize,
    run: usize,
    pub(super) work: Work<'a>,
    /// For names as they are, and marked; kept for their capacity.
    pub(super) name: Vec<u8>,
}

impl<'a> Gather<'a> {
    pub(super) fn new(
        names: &'a Names,
        query: &'a Query<'a>,
        here: &'a Here,
        sieve: &'a Sieve,
        keeps: Option<usize>,
        work: Work<'a>,
    ) -> Self {
        // One that is not there matches none.
        let place = |id| names.sources.iter().position(|source| *source == id);
        Gather {
            names,
            query,
            source: query
                .source
                .map(|id| place(id).map_or(u32::MAX, |place| place as u32)),
            here,
            sieve,
            after: query.after.map(|cursor| cursor.key()),
            best: Best::new(query.limit),
            counts: [0; SPREADS],
            kept: keeps.map(|_| Vec::new()),
            room: keeps.unwrap_or_default(),
            shard: 0,
            run: 0,
            work,
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

    /// The least score with which an entry can still be among the best.
    pub(super) fn least(&self, shard: &Shard, entry: usize) -> i32 {
        self.best
            .floor()
            .saturating_sub(self.here.at_most(shard.stamp(entry)))
    }

    /// Takes an entry that matches.
    pub(super) fn take(&mut self, shard: &Shard, entry: usize, fit: Fit) {
        // Most need not be asked about their folder.
        let good = fit.score >= self.least(shard, entry);
        if good || !self.shows_all() {
            let folder = shard.folder(entry, &mut self.run);
            let passes = || self.sieve.passes(shard.key(entry), shard.stamp(entry));
            if !self.shows(folder) || !passes() {
                return;
            }
            if good {
                self.rank(shard, entry, folder, fit);
            }
        }
        if let Some(count) = self.counts.get_mut(usize::from(fit.spread)) {
            *count += 1;
        }
        self.keep(entry);
    }

    /// Whether entries that score at most so much need only be counted, whichever they are.
    pub(super) fn counts_below(&self, score: i32) -> bool {
        self.shows_all()
            && self.kept.is_none()
            && self.best.floor() > score.saturating_add(self.here.most())
    }

    /// Adds entries that match and cannot be among the best.
    pub(super) fn count(&mut self, matched: u64) {
        if let Some(count) = self.counts.first_mut() {
            *count += matched;
        }
    }

    /// How many match.
    pub(super) fn matched(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// How many match whose letters are strewn at most so far.
    pub(super) fn within(&self, spread: u8) -> u64 {
        let counts = self.counts.iter().take(usize::from(spread) + 1);
        counts.sum()
    }

    /// How far the letters of the best are strewn.
    pub(super) fn least_spread(&self) -> u8 {
        let least = self.counts.iter().position(|count| *count > 0);
        least.unwrap_or_default() as u8
    }

    /// The best of those that are strewn at most so far, and how many there are of these.
    pub(super) fn best(self, spread: u8) -> (Vec<Ranked>, u64) {
        let matched = self.within(spread);
        let mut best = self.best.sorted();
        best.retain(|ranked| ranked.spread <= spread);
        (best, matched)
    }

    /// Takes an entry that is counted elsewhere.
    pub(super) fn offer(&mut self, shard: &Shard, entry: usize, fit: Fit) {
        if fit.score >= self.least(shard, entry) {
            let folder = shard.folder(entry, &mut self.run);
            self.rank(shard, entry, folder, fit);
        }
    }

    fn rank(&mut self, shard: &Shard, entry: usize, folder: u32, fit: Fit) {
        let stamp = shard.stamp(entry);
        let ranked = Ranked {
            score: fit
                .score
                .saturating_add(self.here.worth(self.names, folder, stamp)),
            stamp,
            entry: (self.shard * FULL + entry) as u32,
            folder,
            spread: fit.spread,
        };
        if self.after.is_none_or(|after| ranked.key() > after) {
            self.best.push(ranked);
        }
    }

    fn shows_all(&self) -> bool {
        self.names.plain && self.source.is_none() && self.sieve.passes_all
    }

    fn shows(&self, folder: u32) -> bool {
        if self.names.plain && self.source.is_none() {
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
        for (count, others) in self.counts.iter_mut().zip(other.counts) {
            *count += others;
        }
        self.kept = match (self.kept.take(), other.kept) {
            (Some(mut own), Some(others)) => {
                own.extend(others);
                Some(own)
            }
            _ => None,
        };
    }
}
