//! Runs a query over all shards, on as many threads as it may use: each takes the next shard until none is left, or the
//! search is cancelled.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use super::dense;
use super::filter::Sieve;
use super::gather::Gather;
use super::letters::has;
use super::names::Names;
use super::path::{self, Step, Steps};
use super::pattern::{Kind, Pattern, Substring};
use super::plan::{self, Meaning, Meanings};
use super::rank::{CASE, Fit, Here, Rank, Ranked, Spelling};
use super::session::Session;
use super::shard::Shard;
use super::work::Work;
use super::{BLOCK, Found, Match, Mode, Query, Refused, stamp};

/// Where more names than this part of them, times the text's length, have a text, a look at every byte for each of its
/// bytes is quicker than going from hit to hit.
const COMMON: usize = 16;

/// With so many names that have a text together, nothing else is looked for.
const ENOUGH: u64 = 100;

/// Searches the names.
///
/// A session makes a query that continues its last one quicker; the answer is the same.
pub fn search(
    names: &Names,
    query: &Query<'_>,
    mut session: Option<&mut Session>,
    cancel: &AtomicBool,
) -> Result<Found, Refused> {
    plan::check(query.text)?;
    if query
        .after
        .is_some_and(|after| after.serial != names.serial)
    {
        return Err(Refused::CursorOutdated);
    }
    let clock = || match query.now {
        Some(ns) => stamp::new(0, Some(ns)),
        None => stamp::now(),
    };
    // All pages are ranked by one time.
    let now = query.after.map_or_else(clock, |after| after.now);
    let run = Run {
        names,
        query,
        here: Here::new(names, query.near, now),
        sieve: Sieve::new(&query.filters),
        keeps: session.is_some(),
        cancel,
    };
    let meanings = match query.mode {
        Mode::Auto => plan::meanings(names, query),
        Mode::Substring => Pattern::substring(query.text)?.into(),
        Mode::Glob => Pattern::glob(query.text)?.into(),
        Mode::Fuzzy => Pattern::fuzzy(query.text)?.into(),
    };
    for meaning in meanings.found {
        let position = meaning.position;
        let (best, matched) = run.meaning(meaning, &mut session)?;
        if matched > 0 {
            let matches = best.iter().filter_map(|r| Match::new(names, r, now));
            return Ok(Found {
                matches: matches.collect(),
                matched,
                position,
            });
        }
    }
    match meanings.is_cut {
        true => Err(Refused::TooLong),
        false => Ok(Found {
            matches: Vec::new(),
            matched: 0,
            position: None,
        }),
    }
}

/// How far letters are strewn that are together, or begin words.
const TOGETHER: u8 = 1;

struct Run<'a> {
    names: &'a Names,
    query: &'a Query<'a>,
    here: Here,
    sieve: Sieve,
    keeps: bool,
    cancel: &'a AtomicBool,
}

type Best = (Vec<Ranked>, u64);

impl Run<'_> {
    fn meaning(
        &self,
        meaning: Meaning,
        session: &mut Option<&mut Session>,
    ) -> Result<Best, Refused> {
        let Meaning {
            pattern, letters, ..
        } = meaning;
        match &pattern.kind {
            Kind::Segments(segments) => Ok(self.by_path(segments, &pattern)?.best(u8::MAX)),
            Kind::Fuzzy(fuzzy) if fuzzy.has_slash() => {
                let found = self.by_path(fuzzy, &pattern)?;
                Ok(self.near(found))
            }
            Kind::Fuzzy(_) => self.letters(pattern, session),
            Kind::Glob(_) | Kind::Substring(_) => {
                let mut found = self.by_name(&pattern, session.as_deref(), false)?;
                match letters {
                    Some(letters) if found.matched() < ENOUGH => {
                        // Nothing is lost: letters that are together are in their order, too.
                        drop(found);
                        self.letters(letters, session)
                    }
                    _ => {
                        self.keep(session, pattern, &mut found);
                        Ok(found.best(u8::MAX))
                    }
                }
            }
        }
    }

    /// Names that have the letters in their order, or else paths.
    fn letters(
        &self,
        pattern: Pattern,
        session: &mut Option<&mut Session>,
    ) -> Result<Best, Refused> {
        let is_all = self.query.mode == Mode::Fuzzy;
        let mut found = self.by_name(&pattern, session.as_deref(), !is_all)?;
        let kept = found.kept.take();
        let Kind::Fuzzy(fuzzy) = &pattern.kind else {
            // A letter alone.
            found.kept = kept;
            self.keep(session, pattern, &mut found);
            return Ok(found.best(u8::MAX));
        };
        let best = if is_all {
            if found.matched() < ENOUGH {
                found.join(self.by_path(fuzzy, &pattern)?);
            }
            found.best(u8::MAX)
        } else if found.within(TOGETHER) > 0 {
            found.best(fuzzy.close())
        } else {
            let paths = self.by_path(fuzzy, &pattern)?;
            let is_close = found.within(fuzzy.close()) > 0;
            match (is_close, paths.matched() > 0) {
                (_, true) => self.join(found.best(fuzzy.close()), self.near(paths)),
                (true, false) => found.best(fuzzy.close()),
                // Far apart in a name is better than nothing.
                (false, false) => found.best(u8::MAX),
            }
        };
        if let Some(session) = session {
            session.keep(self.names, self.query, pattern, kept);
        }
        Ok(best)
    }

    fn keep(&self, session: &mut Option<&mut Session>, pattern: Pattern, found: &mut Gather<'_>) {
        if let Some(session) = session {
            session.keep(self.names, self.query, pattern, found.kept.take());
        }
    }

    fn join(&self, (mut best, matched): Best, (others, more): Best) -> Best {
        best.extend(others);
        best.sort_unstable_by_key(Ranked::key);
        best.truncate(self.query.limit);
        (best, matched + more)
    }

    /// Of paths those whose letters are in about as few pieces as in the best.
    fn near(&self, paths: Gather<'_>) -> Best {
        match self.query.mode {
            Mode::Fuzzy => paths.best(u8::MAX),
            _ => {
                let least = paths.least_spread();
                paths.best(least + 2)
            }
        }
    }

    /// Does something with each of `count` parts, on several threads.
    fn each<F>(&self, count: usize, keeps: bool, part: F) -> Result<Gather<'_>, Refused>
    where
        F: Fn(usize, &mut Gather<'_>) + Sync,
    {
        let threads = self.query.threads.clamp(1, count.max(1));
        let next = AtomicUsize::new(0);
        let gather = || {
            let keeps = keeps.then_some(super::session::MOST / threads);
            let work = Work::new(self.cancel);
            Gather::new(self.names, self.query, &self.here, &self.sieve, keeps, work)
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

    /// Names that match; `exactly` tells of each how far its letters are strewn.
    fn by_name(
        &self,
        pattern: &Pattern,
        session: Option<&Session>,
        exactly: bool,
    ) -> Result<Gather<'_>, Refused> {
        let test = Test {
            pattern,
            is_marked: pattern.is_marked(),
            case: if pattern.prefers() { CASE } else { 0 },
            exactly,
            weight: pattern.weight(),
        };
        let candidates = session.and_then(|s| s.candidates(self.names, self.query, pattern));
        let shards = &self.names.shards;
        match candidates {
            Some(kept) => self.each(kept.len(), self.keeps, |at, found| {
                if let Some((place, entries)) = kept.get(at)
                    && let Some(shard) = shards.get(*place as usize)
                {
                    found.begin(*place as usize);
                    test.again(shard, entries, found);
                }
            }),
            None => self.each(shards.len(), self.keeps, |at, found| {
                if let Some(shard) = shards.get(at) {
                    found.begin(at);
                    test.all(shard, found);
                }
            }),
        }
    }

    fn by_path<S: Steps>(&self, steps: &S, pattern: &Pattern) -> Result<Gather<'_>, Refused> {
        let at = path::stand(self.names, steps, self.cancel)?;
        let shards = &self.names.shards;
        self.each(shards.len(), false, |place, found| {
            let Some(shard) = shards.get(place) else {
                return;
            };
            found.begin(place);
            let mut room = Vec::new();
            // Folders are asked about, too.
            let weight = steps.weight() + pattern.weight();
            for (folder, from, to) in shard.spans() {
                if !found.work.spend(steps.weight() + to - from) {
                    return;
                }
                let Some(&at) = at.get(folder as usize) else {
                    continue;
                };
                let Some(wanted) = steps.wanted(at) else {
                    continue;
                };
                for (entry, &letters) in (from..).zip(shard.letters(from, to)) {
                    if !has(letters, wanted) {
                        continue;
                    }
                    if !found.work.spend(shard.steps(entry, weight)) {
                        return;
                    }
                    if let step = Step::new(shard, entry, steps.is_marked(), &mut room)
                        && let Some(fit) = steps.matches(at, step)
                    {
                        let fit = prefer(pattern, shard, entry, fit, found);
                        found.take(shard, entry, fit);
                    }
                }
            }
        })
    }
}

/// Adds what the spelling of a name is worth, if it can matter.
fn prefer(pattern: &Pattern, shard: &Shard, entry: usize, fit: Fit, found: &mut Gather<'_>) -> Fit {
    let matters = pattern.prefers() && fit.score.saturating_add(CASE) >= found.least(shard, entry);
    match matters && pattern.is_preferred(shard.name(entry, &mut found.name)) {
        true => fit.preferred(),
        false => fit,
    }
}

/// Holds names against a pattern.
struct Test<'a> {
    pattern: &'a Pattern,
    is_marked: bool,
    /// What the spelling of a name may add.
    case: i32,
    exactly: bool,
    weight: usize,
}

impl Test<'_> {
    /// All names of a shard.
    fn all(&self, shard: &Shard, found: &mut Gather<'_>) {
        // What was in the last block tells how to look at the next.
        let mut is_common = false;
        for from in (0..shard.len()).step_by(BLOCK) {
            let to = (from + BLOCK).min(shard.len());
            let (blob, _) = shard.blob(from, to);
            if !found.work.spend(to - from + blob.len()) {
                return;
            }
            match &self.pattern.kind {
                Kind::Substring(substring) if !substring.finder.needle().is_empty() => {
                    let before = found.matched();
                    let text = substring.finder.needle();
                    if is_common
                        && text.len() <= dense::LONGEST
                        && !substring.is_marked()
                        && found.counts_below(Fit::at_most(Rank::Word) + self.case)
                    {
                        self.dense(substring, shard, from, to, found);
                    } else {
                        self.substring(substring, shard, from, to, found);
                    }
                    let common = (to - from) / COMMON * (text.len() + 1);
                    is_common = found.matched() - before > common as u64;
                }
                _ => {
                    let letters = shard.letters(from, to);
                    for (entry, &letters) in letters.iter().enumerate() {
                        if has(letters, self.pattern.letters)
                            && !self.hold(shard, from + entry, found)
                        {
                            return;
                        }
                    }
                }
            }
        }
    }

    /// The least score with which a name can still be among the best, case apart.
    fn least(&self, shard: &Shard, entry: usize, found: &Gather<'_>) -> i32 {
        found.least(shard, entry).saturating_sub(self.case)
    }

    /// Only what matched before.
    fn again(&self, shard: &Shard, entries: &[u16], found: &mut Gather<'_>) {
        for &entry in entries {
            let entry = usize::from(entry);
            let letters = shard.letters(entry, entry + 1);
            if letters.iter().all(|&l| has(l, self.pattern.letters))
                && !self.hold(shard, entry, found)
            {
                return;
            }
        }
    }

    /// One pass over the blob of many names.
    fn substring(
        &self,
        substring: &Substring,
        shard: &Shard,
        from: usize,
        to: usize,
        found: &mut Gather<'_>,
    ) {
        let (blob, start) = shard.blob(from, to);
        let (mut at, mut entry) = (0, from);
        while let Some(rest) = blob.get(at..)
            && let Some(hit) = substring.finder.find(rest)
        {
            entry = shard.entry_at(start + at + hit, entry);
            if !found.work.spend(shard.steps(entry, self.weight)) {
                return;
            }
            let name = Spelling::new(shard, entry);
            let place = start + at + hit - shard.name_start(entry);
            if substring.has_marks(&name, place) {
                let fit = substring.fit(&name, place, self.least(shard, entry, found));
                let fit = prefer(self.pattern, shard, entry, fit, found);
                found.take(shard, entry, fit);
            }
            at = shard.next_start(entry) - start;
            entry += 1;
        }
    }

    /// The same for a text that many names have, while only those that begin with it can be among the best.
    fn dense(
        &self,
        substring: &Substring,
        shard: &Shard,
        from: usize,
        to: usize,
        found: &mut Gather<'_>,
    ) {
        let (blob, _) = shard.blob(from, to);
        let count = dense::count(blob, substring.finder.needle(), |name| {
            let entry = from + name;
            let fit = substring.fit(&Spelling::new(shard, entry), 0, i32::MAX);
            let fit = prefer(self.pattern, shard, entry, fit, found);
            found.offer(shard, entry, fit);
        });
        found.count(count);
    }

    /// Holds a name against the query. Says whether the search goes on.
    fn hold(&self, shard: &Shard, entry: usize, found: &mut Gather<'_>) -> bool {
        if !found.work.spend(shard.steps(entry, self.weight)) {
            return false;
        }
        let least = match self.exactly {
            true => i32::MIN,
            false => self.least(shard, entry, found),
        };
        let mut room = std::mem::take(&mut found.name);
        let text = path::text(shard, entry, self.is_marked, &mut room);
        let fit = self.pattern.fit(text, &Spelling::new(shard, entry), least);
        found.name = room;
        if let Some(fit) = fit
            && self.pattern.has_marks(&Spelling::new(shard, entry))
        {
            let fit = prefer(self.pattern, shard, entry, fit, found);
            found.take(shard, entry, fit);
        }
        true
    }
}

impl From<Pattern> for Meanings {
    fn from(pattern: Pattern) -> Meanings {
        Meanings {
            found: vec![Meaning {
                pattern,
                letters: None,
                position: None,
            }],
            is_cut: false,
        }
    }
}
