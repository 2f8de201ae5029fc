//! Matching full paths segment by segment: how far the query has come is known for every folder, from its parent's
//! and its name, so each name is looked at once and no path is put together. An entry matches by its path only if its
//! own name takes part: what is in a folder is not found by the folder's name alone; the folder is.

use std::sync::atomic::AtomicBool;

use super::Refused;
use super::fuzzy::Fuzzy;
use super::names::{Names, State};
use super::rank::{Fit, Rank, Spelling};
use super::shard::Shard;
use super::work::Work;

/// A name that a query goes through.
#[derive(Clone, Copy, Debug)]
pub(super) struct Step<'a> {
    /// Folded; in its marked form if the query has marks.
    pub(super) text: &'a [u8],
    pub(super) letters: u32,
    pub(super) spelling: Spelling<'a>,
}

impl<'a> Step<'a> {
    pub(super) fn new(
        shard: &'a Shard,
        entry: usize,
        is_marked: bool,
        room: &'a mut Vec<u8>,
    ) -> Self {
        let letters = shard.letters(entry, entry + 1).first();
        Step {
            text: text(shard, entry, is_marked, room),
            letters: letters.copied().unwrap_or_default(),
            spelling: Spelling::new(shard, entry),
        }
    }
}

/// A name as a query with or without marks looks at it.
pub(super) fn text<'a>(
    shard: &'a Shard,
    entry: usize,
    is_marked: bool,
    room: &'a mut Vec<u8>,
) -> &'a [u8] {
    let marked = is_marked.then(|| shard.marked(entry, room)).flatten();
    marked.unwrap_or_else(|| shard.key(entry))
}

/// A query that goes down paths.
pub(super) trait Steps: Sync {
    /// How far it has come.
    type At: Copy + Send + Sync;
    /// Nowhere: nothing below can match.
    const NOWHERE: Self::At;
    /// Whether it looks at names in their marked form.
    fn is_marked(&self) -> bool;
    /// How many steps it may take for each byte of a name.
    fn weight(&self) -> usize;
    /// In the root of a source.
    fn root(&self, source: u32) -> Self::At;
    /// In a folder that has this name.
    fn step(&self, at: Self::At, name: Step<'_>) -> Self::At;
    /// What the name of an entry must have, or nothing if none can match.
    fn wanted(&self, at: Self::At) -> Option<u32>;
    /// Whether an entry matches, and how well.
    fn matches(&self, at: Self::At, name: Step<'_>) -> Option<Fit>;
}

/// Where each folder stands.
pub(super) fn stand<S: Steps>(
    names: &Names,
    steps: &S,
    cancel: &AtomicBool,
) -> Result<Vec<S::At>, Refused> {
    let mut all = vec![S::NOWHERE; names.folders.len()];
    let mut room = Vec::new();
    let mut work = Work::new(cancel);
    for (place, folder) in names.downwards() {
        if folder.state == State::Gone {
            continue;
        }
        let at = match (all.get(folder.parent as usize), names.place(folder.entry)) {
            (Some(&at), Some((shard, entry))) => {
                if !work.spend(shard.steps(entry, steps.weight())) {
                    return Err(Refused::Cancelled);
                }
                steps.step(at, Step::new(shard, entry, steps.is_marked(), &mut room))
            }
            _ => steps.root(folder.source),
        };
        if let Some(place) = all.get_mut(place) {
            *place = at;
        }
    }
    Ok(all)
}

/// Letters taken so far, and in how many pieces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Taken {
    letters: u8,
    pieces: u8,
}

impl Steps for Fuzzy {
    type At = Taken;
    // The root's, in fact: letters may come from anywhere further down.
    const NOWHERE: Taken = Taken {
        letters: 0,
        pieces: 0,
    };

    fn is_marked(&self) -> bool {
        false
    }

    fn weight(&self) -> usize {
        self.len()
    }

    fn root(&self, _source: u32) -> Taken {
        Taken {
            letters: self.take_slash(0) as u8,
            pieces: 0,
        }
    }

    fn step(&self, at: Taken, name: Step<'_>) -> Taken {
        let from = usize::from(at.letters);
        // Without the next letter, the name cannot take any; most names end here.
        let mut pieces = at.pieces;
        let reached = match self.may_take(from, name.letters) {
            true => self.take(from, &name.spelling).0,
            false => from,
        };
        // The last letter is for the entry's own name.
        let most = self.len().saturating_sub(1);
        let reached = reached.min(most);
        if reached > from {
            let more = self.pieces(from, reached, &name.spelling);
            pieces = pieces.saturating_add(more.min(255) as u8);
        }
        Taken {
            letters: self.take_slash(reached).min(most) as u8,
            pieces,
        }
    }

    fn wanted(&self, at: Taken) -> Option<u32> {
        // Where the path gave nothing, the name alone has been looked at already.
        (at.letters > 0).then(|| self.rest_from(usize::from(at.letters)))
    }

    fn matches(&self, at: Taken, name: Step<'_>) -> Option<Fit> {
        let from = usize::from(at.letters);
        let take = |from| self.take(from, &name.spelling).0;
        if take(from) < self.len() || take(0) == self.len() {
            return None;
        }
        let pieces = self.pieces(from, self.len(), &name.spelling) + usize::from(at.pieces);
        Some(Fit::new(Rank::Path, pieces, name.spelling.key))
    }
}
