//! Runs a query over all shards. Each thread takes the next shard until none is left or the search
//! is cancelled.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use super::by_name::NameTest;
use super::collector::Collector;
use super::filter::Sieve;
use super::names::Names;
use super::path::Steps;
use super::pattern::{Kind, Pattern};
use super::plan::{self, Meaning, Meanings};
use super::rank::{Proximity, Ranked};
use super::session::Session;
use super::work::Work;
use super::{Found, Match, Mode, Query, Refused, by_path, kind_mtime};

/// If at least this many entries match a text, its letters are not tried.
const ENOUGH: u64 = 100;

/// Searches the names.
///
/// A session makes a query that extends its last one faster; the answer is the same.
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
    let key = query.key();
    if query.after.is_some_and(|after| after.query != key) {
        return Err(Refused::BadCursor);
    }
    let clock = || match query.now {
        Some(ns) => kind_mtime::new(0, Some(ns)),
        None => kind_mtime::now(),
    };
    // All pages are ranked by the same time.
    let now = query.after.map_or_else(clock, |after| after.now);
    let run = Run {
        names,
        query,
        proximity: Proximity::new(&names.folders, query.near, now),
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
            let matches = best.iter().filter_map(|r| Match::new(names, r, key, now));
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

/// Maximum spread of letters that are adjacent, or that begin words.
const TOGETHER: u8 = 1;

struct Run<'a> {
    names: &'a Names,
    query: &'a Query<'a>,
    proximity: Proximity,
    sieve: Sieve,
    keeps: bool,
    cancel: &'a AtomicBool,
}

/// The best matches, and how many there are.
type Ranking = (Vec<Ranked>, u64);

impl Run<'_> {
    fn meaning(
        &self,
        meaning: Meaning,
        session: &mut Option<&mut Session>,
    ) -> Result<Ranking, Refused> {
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
                        // Nothing is lost: names that contain the text also have its letters in
                        // order.
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

    /// Names that have the letters in order, or else paths.
    fn letters(
        &self,
        pattern: Pattern,
        session: &mut Option<&mut Session>,
    ) -> Result<Ranking, Refused> {
        let is_all = self.query.mode == Mode::Fuzzy;
        let mut found = self.by_name(&pattern, session.as_deref(), !is_all)?;
        let kept = found.kept.take();
        let Kind::Fuzzy(fuzzy) = &pattern.kind else {
            // A single letter.
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

    fn keep(
        &self,
        session: &mut Option<&mut Session>,
        pattern: Pattern,
        found: &mut Collector<'_>,
    ) {
        if let Some(session) = session {
            session.keep(self.names, self.query, pattern, found.kept.take());
        }
    }

    fn join(&self, (mut best, matched): Ranking, (others, more): Ranking) -> Ranking {
        best.extend(others);
        best.sort_unstable_by_key(Ranked::key);
        best.truncate(self.query.limit);
        (best, matched + more)
    }

    /// The paths that match in about as few pieces as the best.
    fn near(&self, paths: Collector<'_>) -> Ranking {
        match self.query.mode {
            Mode::Fuzzy => paths.best(u8::MAX),
            _ => {
                let least = paths.least_spread();
                paths.best(least + 2)
            }
        }
    }

    /// Does `part` for each of `count` parts, on several threads.
    fn each<F>(&self, count: usize, keeps: bool, part: F) -> Result<Collector<'_>, Refused>
    where
        F: Fn(usize, &mut Collector<'_>) + Sync,
    {
        let threads = self.query.threads.clamp(1, count.max(1));
        let next = AtomicUsize::new(0);
        let gather = || {
            let keeps = keeps.then_some(super::session::MAX_KEPT / threads);
            let work = Work::new(self.cancel);
            Collector::new(
                self.names,
                self.query,
                &self.proximity,
                &self.sieve,
                keeps,
                work,
            )
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
                // What a thread that panicked has found is not to be trusted.
                found.join(other.join().map_err(|_| Refused::Panic)?);
            }
            Ok(found)
        })?;
        match self.cancel.load(Ordering::Relaxed) {
            true => Err(Refused::Cancelled),
            false => Ok(found),
        }
    }

    /// Names that match. With `exactly`, the spread of each is determined.
    fn by_name(
        &self,
        pattern: &Pattern,
        session: Option<&Session>,
        exactly: bool,
    ) -> Result<Collector<'_>, Refused> {
        let test = NameTest::new(pattern, exactly);
        let candidates = session.and_then(|s| s.candidates(self.names, self.query, pattern));
        let shards = &self.names.shards;
        match candidates {
            Some(kept) => self.each(kept.len(), self.keeps, |at, found| {
                if let Some((place, names)) = kept.get(at)
                    && let Some(shard) = shards.get(*place as usize)
                {
                    found.begin(*place as usize);
                    test.again(shard, names, found);
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

    fn by_path<S: Steps>(&self, steps: &S, pattern: &Pattern) -> Result<Collector<'_>, Refused> {
        let paths = by_path::PathTest::new(self.names, steps, pattern, self.cancel)?;
        let shards = &self.names.shards;
        self.each(shards.len(), false, |at, found| {
            if let Some(shard) = shards.get(at) {
                found.begin(at);
                paths.all(shard, found);
            }
        })
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
