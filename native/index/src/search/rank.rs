//! The order of matches. The kind of match, its rank, comes first; among equals, the case of the
//! query's capitals, then how close the letters are, then nearness, then shortness and age.
//! `tests/search/order.rs` has a case for each of these, and for those that disagree.

use std::cmp::Reverse;

use super::folders::{Folders, NONE};
use super::kind_mtime;
use super::shard::Shard;

/// The kind of a match, the best last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum MatchKind {
    /// Letters far apart in a name.
    Strewn,
    /// The name has some of the letters or words, and the path has the rest.
    Path,
    /// Letters in a name with few others between them.
    Close,
    /// A text within a word.
    Together,
    /// The beginning of a word within a name, or the first letters of its words.
    WordStart,
    /// A word within a name.
    Word,
    /// The beginning of a name. The next two share its rank, and win only among matches that are
    /// equally near.
    Start,
    /// A name's first word.
    FirstWord,
    /// A name up to its first dot.
    Stem,
    /// A name.
    Exact,
}

/// The distance between two ranks.
const RANK: i32 = 1 << 20;
/// The worth of capitals in the right case.
pub(super) const CASE: i32 = RANK / 2;
/// The worth of being closer by one: more than place, length and time together.
const CLOSER: i32 = 1 << 12;
/// Maximum spread; closeness is counted up to it.
pub(super) const CLOSEST: usize = 120;
/// The worth of a beginning that is a whole word: more than length and time, less than being
/// nearer.
const WHOLE: i32 = 40;

/// How well something matches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fit {
    pub(super) score: i32,
    /// How far apart its letters are; less scores higher.
    pub(super) spread: u8,
}

impl Fit {
    /// A match that cannot be among the best and need only be counted.
    pub(super) const BELOW: Fit = Fit {
        score: i32::MIN,
        spread: 0,
    };

    pub(super) fn new(rank: MatchKind, spread: usize, name: &[u8]) -> Fit {
        let spread = spread.min(CLOSEST);
        let closeness = (CLOSEST - spread) as i32 * CLOSER;
        Fit {
            score: Fit::least(rank) + closeness + short(name),
            spread: spread as u8,
        }
    }

    /// The lowest score of a rank.
    pub(super) fn least(rank: MatchKind) -> i32 {
        match rank {
            MatchKind::Stem => MatchKind::Start as i32 * RANK + 2 * WHOLE,
            MatchKind::FirstWord => MatchKind::Start as i32 * RANK + WHOLE,
            _ => rank as i32 * RANK,
        }
    }

    /// The highest score of a rank, without case, place and time.
    pub(super) fn at_most(rank: MatchKind) -> i32 {
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

    /// Maximum number of steps to test it against a pattern of this weight.
    pub(super) fn steps(&self, weight: usize) -> usize {
        8 + self.key.len() * weight
    }

    /// Where it has letters with these marks: a bit for each of its first bytes.
    pub(super) fn with_marks(&self, marks: &[u8]) -> u128 {
        self.shard.with_marks(self.name, marks)
    }

    /// Its marked form, if it has marks.
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

    /// The rank of a text at a place.
    pub(super) fn rank(&self, at: usize, length: usize) -> MatchKind {
        let end = at + length;
        match (at, self.key.get(end)) {
            (0, None) => MatchKind::Exact,
            (0, Some(b'.')) => MatchKind::Stem,
            (0, _) if self.begins_word(end) => MatchKind::FirstWord,
            (0, _) => MatchKind::Start,
            _ if !self.begins_word(at) => MatchKind::Together,
            _ if self.begins_word(end) => MatchKind::Word,
            _ => MatchKind::WordStart,
        }
    }
}

/// A match, with what it is ranked by.
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

/// A position in the order of matches; better ones are smaller.
pub(super) type RankKey = (Reverse<i32>, Reverse<u32>, u32);

impl Ranked {
    pub(super) fn key(&self) -> RankKey {
        (
            Reverse(self.score),
            Reverse(self.kind_mtime >> 3),
            self.entry,
        )
    }
}

/// The best matches so far; in the end at most `most`.
#[derive(Debug)]
pub(super) struct Best {
    most: usize,
    found: Vec<Ranked>,
    /// Lower scores no longer get in.
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

    /// Scores below this no longer get in.
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

/// What a search prefers: nearness to a folder, and recent changes.
#[derive(Debug)]
pub(super) struct Proximity {
    /// The folder to be near to and those above it, from the root down.
    chain: Vec<u32>,
    now: u32,
}

/// Maximum number of steps that still count as near.
const NEAREST: i32 = 16;
/// The worth of one step: more than length, time and `WHOLE` together.
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

    /// The worth of place and time. Without a folder to be near to, shallow places are slightly
    /// preferred.
    pub(super) fn worth(&self, folders: &Folders, folder: u32, kind_mtime: u32) -> i32 {
        let depth = folders.depth(folder);
        let place = match self.common(folders, folder) {
            // The number of steps between the two folders, up and down.
            Some(common) => {
                let steps = (self.chain.len() as i32 - common) + (depth + 1 - common);
                (NEAREST - steps).max(0) * STEP
            }
            None if self.chain.is_empty() => (NEAREST / 2 - depth).max(0),
            None => 0,
        };
        place + kind_mtime::worth(kind_mtime, self.now)
    }

    /// How many folders, from the root on, a folder shares with the preferred one.
    fn common(&self, folders: &Folders, folder: u32) -> Option<i32> {
        if self.chain.is_empty() {
            return None;
        }
        let is_shared = |&at: &u32| self.chain.get(folders.depth(at) as usize) == Some(&at);
        let shared = folders.upwards(folder).find(is_shared)?;
        Some(folders.depth(shared) + 1)
    }
}

/// In shorter names the query makes up a larger part.
fn short(name: &[u8]) -> i32 {
    -(name.len().min(64) as i32 / 4)
}
