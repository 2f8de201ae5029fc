//! Changes by path where there are many: a walk of the tree, merged with what was removed, so that
//! a page reads little more than it returns. Where changes lie far apart, it ends early.

use super::budget::{Budget, Stop, unless_spent};
use super::cursor::{Part, path_key};
use super::early::HistoryReader;
use super::live::Live;
use super::removed::Removed;
use super::{Change, ChangeRank, Page, Paths, RankedChanges, Wanted};
use crate::error::Error;
use crate::reader::locate::Located;
use crate::reader::read_txn::ReadTxn;

const SMALL: bool = cfg!(feature = "small");

/// Maximum number of lookups for a page; if there may be a better way, and if there is none.
pub(super) const SHORT: usize = if SMALL { 40 } else { 30_000 };
pub(super) const LONG: usize = if SMALL { 60 } else { 300_000 };

/// The same for each folder that it may return.
const EACH: usize = if SMALL { 1 } else { 20 };

/// The part of a page's time that lookups may take where a disk has to be read for them.
const SHARE: u32 = 4;

/// A page, which ends early when it has read too much, but never before it has come further than
/// the page before.
pub(super) fn read(
    txn: &ReadTxn<'_>,
    wanted: &Wanted<'_>,
    at: &Located<'_>,
    paths: &mut Paths<'_>,
    lookups: usize,
) -> Result<Page, Error> {
    let mut lookups = lookups + EACH * wanted.limit;
    let mut time = Some(txn.limit / SHARE);
    let start = match wanted.after {
        Some(after) => after.clone(),
        None => ChangeRank {
            path: path_key(wanted.folder),
            id: i64::MIN,
            ..ChangeRank::default()
        },
    };
    loop {
        paths.budget = Budget::new(lookups, time);
        let budget = Budget::new(lookups / 2, time);
        let page = unless_spent(walk(txn, wanted, at, paths, &budget, &start))?;
        let goes_on = |(rank, part): &(ChangeRank, Option<Part>)| {
            *rank > start || (part.is_some() && part.as_ref() != wanted.part)
        };
        if let Some(page) = page
            && page.early.as_ref().is_none_or(goes_on)
        {
            return Ok(page);
        }
        (lookups, time) = (lookups * 2, None);
    }
}

/// Two streams of changed folders by path, merged.
struct MergedStreams<'a> {
    live: Live<'a>,
    removed: Removed<'a>,
    is_there: Option<(ChangeRank, Change)>,
    was_there: Option<(ChangeRank, Change)>,
    found: RankedChanges,
}

fn walk(
    txn: &ReadTxn<'_>,
    wanted: &Wanted<'_>,
    at: &Located<'_>,
    paths: &Paths<'_>,
    budget: &Budget,
    start: &ChangeRank,
) -> Result<Page, Stop> {
    let mut history = HistoryReader::new(txn, wanted, budget)?;
    let mut walk = MergedStreams {
        live: Live::new(txn, wanted, at)?,
        removed: Removed::new(txn, wanted, paths, &mut history)?,
        is_there: None,
        was_there: None,
        found: RankedChanges::new(),
    };
    let spent = unless_spent(walk.run(&mut history, wanted.limit))?.is_none();
    if !spent {
        return Ok(Page {
            ranked: walk.found,
            early: None,
        });
    }
    let end = walk.finish(start, wanted.limit);
    let part = walk.removed.part.take();
    Ok(Page {
        ranked: walk.found,
        early: end.map(|end| (end, part)),
    })
}

impl MergedStreams<'_> {
    fn run(&mut self, history: &mut HistoryReader<'_>, limit: usize) -> Result<(), Stop> {
        // Each has its half for the first one, so that both get on.
        let first = self.next_removed(history);
        history.budget.renew();
        self.is_there = self.live.next(history)?;
        first?;
        while self.found.len() < limit {
            let is_first = match (&self.is_there, &self.was_there) {
                (None, None) => break,
                (Some(one), Some(other)) => one.0 < other.0,
                (one, _) => one.is_some(),
            };
            if is_first {
                self.found.extend(self.is_there.take());
                self.is_there = self.live.next(history)?;
            } else {
                self.give_removed();
                self.next_removed(history)?;
            }
        }
        Ok(())
    }

    fn next_removed(&mut self, history: &mut HistoryReader<'_>) -> Result<(), Stop> {
        self.was_there = self.removed.next(history)?;
        Ok(())
    }

    fn give_removed(&mut self) {
        self.found.extend(self.was_there.take());
        self.removed.part = None;
    }

    /// After it has read too much: gives what is known to come next, and returns how far the page
    /// goes; None if it is complete.
    fn finish(&mut self, start: &ChangeRank, limit: usize) -> Option<ChangeRank> {
        // Up to where all are known; None for all that there are.
        let reach = |head: &Option<(ChangeRank, Change)>,
                     is_done: bool,
                     last: &Option<ChangeRank>| match head {
            Some((rank, _)) => Some(rank.before()),
            None if is_done => None,
            None => Some(last.as_ref().unwrap_or(start).clone()),
        };
        let is_within = |head: &Option<(ChangeRank, Change)>, end: &Option<ChangeRank>| {
            let rank = head.as_ref().map(|(rank, _)| rank);
            rank.is_some_and(|rank| end.as_ref().is_none_or(|end| rank <= end))
        };
        loop {
            let live = reach(&self.is_there, self.live.is_done(), &self.live.last);
            let removed = reach(&self.was_there, self.removed.is_done, &self.removed.seen);
            if self.found.len() < limit && is_within(&self.is_there, &removed) {
                self.found.extend(self.is_there.take());
            } else if self.found.len() < limit && is_within(&self.was_there, &live) {
                self.give_removed();
            } else {
                return match (live, removed) {
                    (Some(live), Some(removed)) => Some(live.min(removed)),
                    (live, removed) => live.or(removed),
                };
            }
        }
    }
}
