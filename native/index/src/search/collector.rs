//! What one thread of a search has found: the best matches, how many there were, and, for the
//! session's next query, all matching names.

use std::ops::Range;

use super::Query;
use super::filter::Sieve;
use super::folders::FolderState;
use super::names::Names;
use super::rank::{Best, CLOSEST, Fit, Proximity, RankKey, Ranked};
use super::session::Kept;
use super::shard::{FULL, Shard};
use super::work::Work;

/// Number of spreads that are counted separately.
const SPREADS: usize = CLOSEST + 1;

/// Maximum number of a name's rows that are looked at to spare a look at its spelling.
const FEW: usize = 8;

/// Steps of work for a row: ranking it takes about as long as comparing so many bytes.
const ROW: usize = 32;

#[derive(Debug)]
pub(super) struct Collector<'a> {
    names: &'a Names,
    query: &'a Query<'a>,
    source: Option<u32>,
    proximity: &'a Proximity,
    sieve: &'a Sieve,
    /// Only matches after this one are wanted.
    after: Option<RankKey>,
    best: Best,
    /// Number of matches, by how far apart their letters are.
    counts: [u64; SPREADS],
    pub(super) kept: Option<Vec<Kept>>,
    room: usize,
    shard: usize,
    pub(super) work: Work<'a>,
    /// Buffer for names in their original or marked form.
    pub(super) name: Vec<u8>,
}

impl<'a> Collector<'a> {
    pub(super) fn new(
        names: &'a Names,
        query: &'a Query<'a>,
        proximity: &'a Proximity,
        sieve: &'a Sieve,
        keeps: Option<usize>,
        work: Work<'a>,
    ) -> Self {
        // A source that does not exist matches nothing.
        let place = |id| names.sources.iter().position(|source| *source == id);
        Collector {
            names,
            query,
            source: query
                .source
                .map(|id| place(id).map_or(u32::MAX, |place| place as u32)),
            proximity,
            sieve,
            after: query.after.map(|cursor| cursor.key()),
            best: Best::new(query.limit),
            counts: [0; SPREADS],
            kept: keeps.map(|_| Vec::new()),
            room: keeps.unwrap_or_default(),
            shard: 0,
            work,
            name: Vec::new(),
        }
    }

    /// Begins a shard. Its matches follow in ascending order.
    pub(super) fn begin(&mut self, shard: usize) {
        self.shard = shard;
        if let Some(kept) = &mut self.kept {
            kept.push((shard as u32, Vec::new()));
        }
    }

    /// The lowest score with which an entry can still be among the best.
    pub(super) fn least(&self) -> i32 {
        self.best.floor().saturating_sub(self.proximity.most())
    }

    /// The same for the entries of one name, by the time of the newest.
    pub(super) fn least_of(&self, shard: &Shard, name: usize) -> i32 {
        let rows = shard.rows(name);
        if rows.len() > FEW {
            return self.least();
        }
        let newest = rows.map(|row| self.proximity.at_most(self.names.rows.kind_mtime(row)));
        let newest = newest.max().unwrap_or_default();
        self.best.floor().saturating_sub(newest)
    }

    /// Adds all entries of a name that matches.
    pub(super) fn take(&mut self, shard: &Shard, name: usize, fit: Fit) {
        let rows = shard.rows(name);
        let is_good = fit.score >= self.least();
        let count = if self.shows_all() {
            if is_good {
                self.rank_all(name, rows.clone(), fit);
            }
            rows.len()
        } else if self.sieve.passes_name(shard.key(name)) {
            let mut count = 0;
            for row in rows {
                if !self.work.spend(ROW) {
                    break;
                }
                count += usize::from(self.take_shown(name, row, fit, is_good));
            }
            count
        } else {
            0
        };
        self.count_spread(fit, count as u64);
        if count > 0 {
            self.keep(name);
        }
    }

    /// Adds one entry that matches.
    pub(super) fn take_row(&mut self, shard: &Shard, name: usize, row: u32, fit: Fit) {
        let is_good = fit.score >= self.least();
        let passes = self.work.spend(ROW) && self.sieve.passes_name(shard.key(name));
        if passes && self.take_shown(name, row, fit, is_good) {
            self.count_spread(fit, 1);
        }
    }

    /// Whether an entry is to be shown. If so, ranks it, unless it need only be counted.
    fn take_shown(&mut self, name: usize, row: u32, fit: Fit, is_good: bool) -> bool {
        let is_shown = self.shows(row) && self.sieve.passes_row(self.names.rows.kind_mtime(row));
        if is_shown && is_good {
            self.rank(name, row, fit);
        }
        is_shown
    }

    fn count_spread(&mut self, fit: Fit, matched: u64) {
        if let Some(count) = self.counts.get_mut(usize::from(fit.spread)) {
            *count += matched;
        }
    }

    /// Whether any entry with at most this score need only be counted.
    pub(super) fn counts_below(&self, score: i32) -> bool {
        self.shows_all()
            && self.kept.is_none()
            && self.best.floor() > score.saturating_add(self.proximity.most())
    }

    /// Counts entries that match but cannot be among the best.
    pub(super) fn count(&mut self, matched: u64) {
        if let Some(count) = self.counts.first_mut() {
            *count += matched;
        }
    }

    /// How many match.
    pub(super) fn matched(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// How many match with at most this spread.
    pub(super) fn within(&self, spread: u8) -> u64 {
        let counts = self.counts.iter().take(usize::from(spread) + 1);
        counts.sum()
    }

    /// The smallest spread of all matches.
    pub(super) fn least_spread(&self) -> u8 {
        let least = self.counts.iter().position(|count| *count > 0);
        least.unwrap_or_default() as u8
    }

    /// The best matches with at most this spread, and how many of those there are.
    pub(super) fn best(self, spread: u8) -> (Vec<Ranked>, u64) {
        let matched = self.within(spread);
        let mut best = self.best.sorted();
        best.retain(|ranked| ranked.spread <= spread);
        (best, matched)
    }

    /// Ranks the entries of a name; the caller counts them.
    pub(super) fn offer(&mut self, shard: &Shard, name: usize, fit: Fit) {
        if fit.score >= self.least() {
            self.rank_all(name, shard.rows(name), fit);
        }
    }

    /// Ranks entries of one name. There may be millions.
    fn rank_all(&mut self, name: usize, rows: Range<u32>, fit: Fit) {
        for row in rows {
            if !self.work.spend(ROW) {
                break;
            }
            self.rank(name, row, fit);
        }
    }

    fn rank(&mut self, name: usize, row: u32, fit: Fit) {
        let kind_mtime = self.names.rows.kind_mtime(row);
        let most = self.proximity.at_most(kind_mtime);
        if fit.score.saturating_add(most) < self.best.floor() {
            return;
        }
        let folder = self.names.rows.folder(row);
        let worth = self
            .proximity
            .worth(&self.names.folders, folder, kind_mtime);
        let ranked = Ranked {
            score: fit.score.saturating_add(worth),
            kind_mtime,
            entry: row,
            name: (self.shard * FULL + name) as u32,
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

    fn shows(&self, row: u32) -> bool {
        if self.names.plain && self.source.is_none() {
            return true;
        }
        let folder = self.names.rows.folder(row);
        match self.names.folders.state(folder) {
            FolderState::Gone => false,
            // If one source or all entries are asked for, nothing is hidden.
            FolderState::Covered if self.source.is_none() && !self.query.all => false,
            _ => self
                .source
                .is_none_or(|source| source == self.names.folders.source(folder)),
        }
    }

    fn keep(&mut self, name: usize) {
        if self.room == 0 {
            self.kept = None;
        }
        if let Some((_, places)) = self.kept.as_mut().and_then(|kept| kept.last_mut()) {
            places.push(name as u16);
            self.room -= 1;
        }
    }

    /// Adds what another thread has found.
    pub(super) fn join(&mut self, other: Collector<'_>) {
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

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use std::sync::atomic::AtomicBool;

    use super::*;
    use crate::search::rank::MatchKind;
    use crate::search::{Builder, Directory, Entry, Filters, SearchRoot};

    fn names() -> Names {
        let source = SearchRoot {
            id: 1,
            root_id: 1,
            root: b"/".to_vec(),
            rules: Vec::new(),
            looks: Vec::new(),
            missed: Vec::new(),
        };
        let mut builder = Builder::new(vec![source], 1 << 20);
        for id in 1..100 {
            builder.directory(Directory {
                id,
                parent: (id > 1).then_some(1),
                source: 1,
                name: format!("{id}").as_bytes(),
                mtime: None,
                status: 1,
            });
        }
        for id in 1..100 {
            let (name, kind, mtime) = (&b"index.js"[..], 1, None);
            builder.entry(id, Entry { name, kind, mtime });
        }
        builder.finish()
    }

    /// One name may have millions of entries.
    #[test]
    fn a_cancel_is_seen_among_the_entries_of_a_name() {
        let (names, cancel, filters) = (names(), AtomicBool::new(true), Filters::default());
        let (sieve, proximity) = (
            Sieve::new(&filters),
            Proximity::new(&names.folders, None, 0),
        );
        let shard = &names.shards[0];
        let name = (0..shard.len()).find(|name| shard.key(*name) == b"index.js");
        let (name, fit) = (name.unwrap(), Fit::new(MatchKind::Exact, 0, b"index.js"));
        for source in [None, Some(1)] {
            let query = Query {
                source,
                ..Query::new(b"")
            };
            let ways: [fn(&mut Collector<'_>, &Shard, usize, Fit); 3] = [
                |found, shard, name, fit| found.take(shard, name, fit),
                |found, shard, name, fit| found.offer(shard, name, fit),
                |found, shard, name, fit| {
                    let rows = shard.rows(name);
                    rows.for_each(|row| found.take_row(shard, name, row, fit));
                },
            ];
            for way in ways {
                let work = Work::new(&cancel);
                let mut found = Collector::new(&names, &query, &proximity, &sieve, None, work);
                way(&mut found, shard, name, fit);
                assert!(found.best(u8::MAX).0.is_empty(), "{source:?}");
            }
        }
    }
}
