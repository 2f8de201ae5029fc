//! Which matches come first. What a match is, its rank, decides; among equals the case of the query's capitals, then how
//! close its letters are; then what is near; then what is short, and new. `tests/search/order.rs` has a case for
//! each, and for those that disagree.

use std::cmp::Reverse;

use super::folders::{Folders, NONE};
use super::kind_mtime;
use super::shard::Shard;

/// What a match is, the best last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rank {
    /// Letters far apart in a name.
    Strewn,
    /// Letters or words that the path has, and the name only some of.
    Path,
    /// Letters in a name with few others between them.
    Close,
    /// Letters together, somewhere in a word.
    Together,
    /// The beginning of a word within a name, or the first letters of its words.
    WordStart,
    /// A word within a name.
    Word,
    /// A name's beginning; the next two are of one rank with it, preferred among what is as near.
    Start,
    /// A name's first word.
    FirstWord,
    /// A name without what follows its first dot.
    Stem,
    /// A name.
    Exact,
}

/// How far ranks lie apart.
const RANK: i32 = 1 << 20;
/// What the case of capitals is worth.
pub(super) const CASE: i32 = RANK / 2;
/// What being closer by one is worth: more than place, length and time together.
const CLOSER: i32 = 1 << 12;
/// The most that closeness counts.
pub(super) const CLOSEST: usize = 120;
/// What it is worth that a beginning is a word: more than length and time, less than to be nearer.
const WHOLE: i32 = 40;

/// How well something matches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fit {
    pub(super) score: i32,
    /// How far its letters are strewn; less is better, and scores higher.
    pub(super) spread: u8,
}

impl Fit {
    /// Of what matches and cannot be among the best: it need only be counted.
    pub(super) const BELOW: Fit = Fit {
        score: i32::MIN,
        spread: 0,
    };

    pub(super) fn new(rank: Rank, spread: usize, name: &[u8]) -> Fit {
        let spread = spread.min(CLOSEST);
        let closeness = (CLOSEST - spread) as i32 * CLOSER;
        Fit {
            score: Fit::least(rank) + closeness + short(name),
            spread: spread as u8,
        }
    }

    /// What a match of a rank scores, before anything else is known of it.
    pub(super) fn least(rank: Rank) -> i32 {
        match rank {
            Rank::Stem => Rank::Start as i32 * RANK + 2 * WHOLE,
            Rank::FirstWord => Rank::Start as i32 * RANK + WHOLE,
            _ => rank as i32 * RANK,
        }
    }

    /// The best score of a match of a rank, case, place and time apart.
    pub(super) fn at_most(rank: Rank) -> i32 {
        Fit::least(rank) + CLOSEST as i32 * CLOSER
    }

    pub(super) fn preferred(self) -> Fit {
        Fit {
            score: self.score + CASE,
            ..self
        }
    }
}

/// A name, folded, with its capitals.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spelling<'a> {
    shard: &'a Shard,
    name: usize,
    pub(super) start: usize,
    pub(super) key: &'a [u8],
}

impl<'a> Spelling<'a> {
    pub(super) fn new(shard: &'a Shard, name: usize) -> Self {
        let (start, key) = shard.start_and_key(name);
        Spelling {
            shard,
            name,
            start,
            key,
        }
    }

    /// How many steps it may take to hold it against something of this weight.
    pub(super) fn steps(&self, weight: usize) -> usize {
        8 + self.key.len() * weight
    }

    /// Where it has letters with these marks, a bit for each of its first places.
    pub(super) fn with_marks(&self, marks: &[u8]) -> u128 {
        self.shard.with_marks(self.name, marks)
    }

    /// With its marks, if it has any.
    pub(super) fn marked(&self) -> Option<Vec<u8>> {
        let mut room = Vec::new();
        self.shard.marked(self.name, &mut room)?;
        Some(room)
    }

    fn is_capital(&self, at: usize) -> bool {
        self.shard.is_capital(self.start + at)
    }

    /// Whether a word begins at a place: after a sign, at a sign, or at a capital.
    pub(super) fn begins_word(&self, at: usize) -> bool {
        let is_sign = |at: usize| {
            let byte = self.key.get(at);
            byte.is_none_or(|byte| byte.is_ascii_punctuation() || *byte == b' ')
        };
        let Some(before) = at.checked_sub(1) else {
            return true;
        };
        if is_sign(before) || is_sign(at) {
            return true;
        }
        // `fooBar`, and `HTTPServer`.
        let is_small = self.key.get(at + 1).is_some_and(u8::is_ascii_lowercase);
        self.is_capital(at) && (!self.is_capital(before) || is_small && !self.is_capital(at + 1))
    }

    /// What it is to have a text at a place.
    pub(super) fn rank(&self, at: usize, length: usize) -> Rank {
        let end = at + length;
        match (at, self.key.get(end)) {
            (0, None) => Rank::Exact,
            (0, Some(b'.')) => Rank::Stem,
            (0, _) if self.begins_word(end) => Rank::FirstWord,
            (0, _) => Rank::Start,
            _ if !self.begins_word(at) => Rank::Together,
            _ if self.begins_word(end) => Rank::Word,
            _ => Rank::WordStart,
        }
    }
}

/// A match, and what it is ranked by.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ranked {
    pub(super) score: i32,
    pub(super) kind_mtime: u32,
    /// Its row, and the number of its name.
    pub(super) entry: u32,
    pub(super) name: u32,
    pub(super) folder: u32,
    pub(super) spread: u8,
}

/// A place in the order of matches; better ones are smaller.
pub(super) type Key = (Reverse<i32>, Reverse<u32>, u32);

impl Ranked {
    pub(super) fn key(&self) -> Key {
        (
            Reverse(self.score),
            Reverse(self.kind_mtime >> 3),
            self.entry,
        )
    }
}

/// The best so far, at most `most` of them in the end.
#[derive(Debug)]
pub(super) struct Best {
    most: usize,
    found: Vec<Ranked>,
    /// No worse score gets in any more.
    floor: i32,
}

impl Best {
    pub(super) fn new(most: usize) -> Self {
        Best {
            most: most.max(1),
            found: Vec::new(),
            floor: i32::MIN,
        }
    }

    /// No score below this gets in any more.
    pub(super) fn floor(&self) -> i32 {
        self.floor
    }

    pub(super) fn push(&mut self, ranked: Ranked) {
        if ranked.score < self.floor {
            return;
        }
        self.found.push(ranked);
        if self.found.len() >= self.most.saturating_mul(2).max(64) {
            self.cut();
        }
    }

    fn cut(&mut self) {
        if self.found.len() <= self.most {
            return;
        }
        let (_, last, _) = self
            .found
            .select_nth_unstable_by_key(self.most - 1, Ranked::key);
        self.floor = last.score;
        self.found.truncate(self.most);
    }

    pub(super) fn join(&mut self, other: Best) {
        for ranked in other.found {
            self.push(ranked);
        }
    }

    /// The best, the first one first.
    pub(super) fn sorted(mut self) -> Vec<Ranked> {
        self.cut();
        self.found.sort_unstable_by_key(Ranked::key);
        self.found
    }
}

/// Where a search prefers to find something, and the time.
#[derive(Debug)]
pub(super) struct Proximity {
    /// The folder to be near to and those above it, from the root down.
    chain: Vec<u32>,
    now: u32,
}

/// How many steps away still count as near.
const NEAREST: i32 = 16;
/// What one step is worth: more than length, time, and that a beginning is a word.
const STEP: i32 = 128;

impl Proximity {
    pub(super) fn new(folders: &Folders, near: Option<i64>, now: u32) -> Self {
        let near = near.and_then(|id| folders.with_id(id)).unwrap_or(NONE);
        let mut chain: Vec<u32> = folders.upwards(near).collect();
        chain.reverse();
        Proximity { chain, now }
    }

    /// Maximum of `worth` for an entry of this time.
    pub(super) fn at_most(&self, kind_mtime: u32) -> i32 {
        self.place_at_most() + kind_mtime::worth(kind_mtime, self.now)
    }

    /// Maximum of `worth` for any entry.
    pub(super) fn most(&self) -> i32 {
        self.place_at_most() + kind_mtime::MAX_WORTH
    }

    fn place_at_most(&self) -> i32 {
        match self.chain.is_empty() {
            true => NEAREST / 2,
            false => NEAREST * STEP,
        }
    }

    /// What place and time are worth. With nothing to be near to, what is not deep is preferred a little.
    pub(super) fn worth(&self, folders: &Folders, folder: u32, kind_mtime: u32) -> i32 {
        let depth = folders.depth(folder);
        let place = match self.common(folders, folder) {
            // As many steps as lead from there to here, up and down.
            Some(common) => {
                let steps = (self.chain.len() as i32 - common) + (depth + 1 - common);
                (NEAREST - steps).max(0) * STEP
            }
            None if self.chain.is_empty() => (NEAREST / 2 - depth).max(0),
            None => 0,
        };
        place + kind_mtime::worth(kind_mtime, self.now)
    }

    /// How many folders from the root on the place has in common with here.
    fn common(&self, folders: &Folders, folder: u32) -> Option<i32> {
        if self.chain.is_empty() {
            return None;
        }
        let is_shared = |&at: &u32| self.chain.get(folders.depth(at) as usize) == Some(&at);
        let shared = folders.upwards(folder).find(is_shared)?;
        Some(folders.depth(shared) + 1)
    }
}

/// Shorter names are fuller of what was asked for.
fn short(name: &[u8]) -> i32 {
    -(name.len().min(64) as i32 / 4)
}
