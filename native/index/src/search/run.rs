//! Runs a query over all shards, on as many threads as it may use: each takes the next shard until none is left, or the
//! search is cancelled.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use super::dense;
use super::gather::Gather;
use super::letters::has;
use super::names::Names;
use super::path::{self, Steps};
use super::pattern::{Kind, Pattern};
use super::rank::{self, Here, Ranked};
use super::refine::refine;
use super::session::{Kept, Session};
use super::shard::Shard;
use super::{BLOCK, Found, Match, Query, Refused, stamp};

/// As many of the best fuzzy matches are looked at again, if not more are asked for.
const REFINED: usize = 1024;

/// Where more names than this part of them, times the text's length, have a text, a look at every byte for each of its
/// bytes is quicker than going from hit to hit.
const COMMON: usize = 16;

/// Searches the names.
///
/// A session makes a query that continues its last one quicker; the answer is the same.
pub fn search(
    names: &Names,
    query: &Query<'_>,
    session: Option<&mut Session>,
    cancel: &AtomicBool,
) -> Result<Found, Refused> {
    let pattern = Pattern::new(query.text, query.mode)?;
    let now = query
        .now
        .map_or_else(stamp::now, |ns| stamp::new(0, Some(ns)));
    let needle = pattern.needle();
    let most = match needle {
        Some(_) => query.limit.max(REFINED),
        None => query.limit,
    };
    let run = Run {
        names,
        query,
        pattern: &pattern,
        here: Here::new(names, query.near, now),
        most,
        keeps: session.is_some(),
        cancel,
    };
    let mut found = match &pattern.kind {
        Kind::Path(glob) => run.by_path(glob)?,
        Kind::Fuzzy(fuzzy) if fuzzy.has_slash() => run.by_path(fuzzy)?,
        kind => {
            let before = session
                .as_deref()
                .and_then(|s| s.candidates(names, query, &pattern));
            let mut found = match before {
                Some(kept) => run.again(kept)?,
                None => run.by_name()?,
            };
            // Where names alone give enough, nobody looks at paths.
            if let Kind::Fuzzy(fuzzy) = kind
                && found.matched < query.limit as u64
                && fuzzy.len() > 1
            {
                let kept = found.kept.take();
                found.join(run.by_path(fuzzy)?);
                found.kept = kept;
            }
            found
        }
    };
    let matched = found.matched;
    let kept = found.kept.take();
    let mut best = found.best.take();
    if let Some(needle) = &needle {
        refine(names, needle, pattern.exact, &run.here, &mut best);
    }
    best.sort_unstable_by_key(Ranked::key);
    best.truncate(query.limit);
    if let Some(session) = session {
        session.keep(names, query, pattern, kept);
    }
    let matches = best.iter().filter_map(|ranked| Match::new(names, ranked));
    Ok(Found {
        matches: matches.collect(),
        matched,
    })
}

struct Run<'a> {
    names: &'a Names,
    query: &'a Query<'a>,
    pattern: &'a Pattern,
    here: Here,
    most: usize,
    keeps: bool,
    cancel: &'a AtomicBool,
}

impl<'a> Run<'a> {
    /// Does something with each of `count` parts, on several threads.
    fn each<F>(&self, count: usize, keeps: bool, part: F) -> Result<Gather<'_>, Refused>
    where
        F: Fn(usize, &mut Gather<'_>) + Sync,
    {
        let threads = self.query.threads.clamp(1, count.max(1));
        let next = AtomicUsize::new(0);
        let gather = || {
            let keeps = keeps.then_some(super::session::MOST / threads);
            Gather::new(self.names, self.query, &self.here, self.most, keeps)
        };
        let work = || {
            let mut found = gather();
            loop {
                let at = next.fetch_add(1, Ordering::Relaxed);
                if at >= count || self.cancel.load(Ordering::Relaxed) {
                    return found;
                }
                part(at, &mut found);
            }
        };
        let found = std::thread::scope(|scope| {
            let others: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
            let mut found = work();
            for other in others {
                // A thread that panicked has found nothing to be trusted.
                found.join(other.join().map_err(|_| Refused::Panic)?);
            }
            Ok(found)
        })?;
        match self.cancel.load(Ordering::Relaxed) {
            true => Err(Refused::Cancelled),
            false => Ok(found),
        }
    }

    fn by_name(&self) -> Result<Gather<'_>, Refused> {
        let shards = &self.names.shards;
        self.each(shards.len(), self.keeps, |at, found| {
            if let Some(shard) = shards.get(at) {
                found.begin(at);
                self.blocks(shard, found);
            }
        })
    }

    fn blocks(&self, shard: &Shard, found: &mut Gather<'_>) {
        // What was in the last block tells how to look at the next.
        let mut is_common = false;
        for from in (0..shard.len()).step_by(BLOCK) {
            if self.cancel.load(Ordering::Relaxed) {
                return;
            }
            let to = (from + BLOCK).min(shard.len());
            match &self.pattern.kind {
                Kind::Substring(finder) if !finder.needle().is_empty() => {
                    let before = found.matched;
                    let text = finder.needle();
                    if is_common
                        && text.len() <= dense::LONGEST
                        && !self.pattern.exact
                        && found.counts_below(rank::INSIDE)
                    {
                        self.dense(text, shard, from, to, found);
                    } else {
                        self.substring(finder, shard, from, to, found);
                    }
                    let common = (to - from) / COMMON * (text.len() + 1);
                    is_common = found.matched - before > common as u64;
                }
                _ => {
                    let letters = shard.letters(from, to);
                    for (entry, &letters) in letters.iter().enumerate() {
                        if has(letters, self.pattern.letters) {
                            self.hold(shard, from + entry, found);
                        }
                    }
                }
            }
        }
    }

    /// One pass over the blob of many names.
    fn substring(
        &self,
        finder: &memchr::memmem::Finder<'_>,
        shard: &Shard,
        from: usize,
        to: usize,
        found: &mut Gather<'_>,
    ) {
        let (blob, start) = shard.blob(from, to);
        let (mut at, mut entry) = (0, from);
        while let Some(rest) = blob.get(at..)
            && let Some(hit) = finder.find(rest)
        {
            entry = shard.entry_at(start + at + hit, entry);
            if self.pattern.exact {
                self.hold(shard, entry, found);
            } else {
                let place = start + at + hit - shard.name_start(entry);
                let fit = rank::substring(shard.small(entry), place, finder.needle().len());
                found.take(shard, entry, fit);
            }
            at = shard.next_start(entry) - start;
            entry += 1;
        }
    }

    /// The same for a text that many names have, while only those that begin with it can be among the best.
    fn dense(&self, text: &[u8], shard: &Shard, from: usize, to: usize, found: &mut Gather<'_>) {
        let (blob, _) = shard.blob(from, to);
        let count = dense::count(blob, text, |name| {
            let entry = from + name;
            let fit = rank::substring(shard.small(entry), 0, text.len());
            found.offer(shard, entry, fit);
        });
        found.count(count);
    }

    /// Holds a name against the query.
    fn hold(&self, shard: &Shard, entry: usize, found: &mut Gather<'_>) {
        let small = shard.small(entry);
        let least = found.least(shard, entry);
        let fit = match self.pattern.exact {
            false => self.pattern.score(small, least),
            true if self.pattern.may_match(small) => self
                .pattern
                .score(shard.name(entry, &mut found.name), least),
            true => None,
        };
        if let Some(fit) = fit {
            found.take(shard, entry, fit);
        }
    }

    /// Looks only at what matched before.
    fn again(&self, kept: &[Kept]) -> Result<Gather<'_>, Refused> {
        self.each(kept.len(), true, |at, found| {
            let Some((place, entries)) = kept.get(at) else {
                return;
            };
            let Some(shard) = self.names.shards.get(*place as usize) else {
                return;
            };
            found.begin(*place as usize);
            for entries in entries.chunks(BLOCK) {
                if self.cancel.load(Ordering::Relaxed) {
                    return;
                }
                for &entry in entries {
                    let entry = usize::from(entry);
                    let letters = shard.letters(entry, entry + 1);
                    if letters.iter().all(|&l| has(l, self.pattern.letters)) {
                        self.hold(shard, entry, found);
                    }
                }
            }
        })
    }

    fn by_path<S: Steps>(&self, steps: &S) -> Result<Gather<'_>, Refused> {
        let at = path::stand(self.names, steps, self.pattern.exact, self.cancel)?;
        let shards = &self.names.shards;
        self.each(shards.len(), false, |place, found| {
            let Some(shard) = shards.get(place) else {
                return;
            };
            found.begin(place);
            let mut since = 0;
            for (folder, from, to) in shard.spans() {
                since += to - from;
                if since > BLOCK {
                    since = 0;
                    if self.cancel.load(Ordering::Relaxed) {
                        return;
                    }
                }
                let Some(&at) = at.get(folder as usize) else {
                    continue;
                };
                let Some(wanted) = steps.wanted(at) else {
                    continue;
                };
                for (entry, &letters) in shard.letters(from, to).iter().enumerate() {
                    if has(letters, wanted) {
                        self.hold_path(steps, at, shard, from + entry, found);
                    }
                }
            }
        })
    }

    fn hold_path<S: Steps>(
        &self,
        steps: &S,
        at: S::At,
        shard: &Shard,
        entry: usize,
        found: &mut Gather<'_>,
    ) {
        let name = match self.pattern.exact {
            true => shard.name(entry, &mut found.name),
            false => shard.small(entry),
        };
        if let Some(fit) = steps.matches(at, name) {
            found.take(shard, entry, fit);
        }
    }
}
