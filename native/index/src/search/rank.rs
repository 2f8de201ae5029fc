//! Which matches come first: how well the name fits, then what is near, then what is new. Scores of one kind of
//! query compare with each other only.

use std::cmp::Reverse;

use super::fuzzy::Span;
use super::names::{NONE, Names};
use super::stamp;

/// The most that a place is worth.
const NEAREST: i32 = 16;

/// A match, and what it is ranked by.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ranked {
    pub(super) score: i32,
    pub(super) stamp: u32,
    pub(super) entry: u32,
    pub(super) folder: u32,
}

impl Ranked {
    /// Better ones are smaller.
    pub(super) fn key(&self) -> (Reverse<i32>, Reverse<u32>, u32) {
        (Reverse(self.score), Reverse(self.stamp >> 3), self.entry)
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

    /// The best, in no order.
    pub(super) fn take(mut self) -> Vec<Ranked> {
        self.cut();
        self.found
    }
}

/// Where a search prefers to find something, and the time.
#[derive(Debug)]
pub(super) struct Here {
    /// The folder to be near to and those above it, from the root down.
    chain: Vec<u32>,
    now: u32,
}

impl Here {
    pub(super) fn new(names: &Names, near: Option<i64>, now: u32) -> Self {
        let near = near.and_then(|id| names.folder_of(id)).unwrap_or(NONE);
        let mut chain: Vec<u32> = names.upwards(near).map(|(folder, _)| folder).collect();
        chain.reverse();
        Here { chain, now }
    }

    /// The most that place and time are worth for an entry of this time.
    pub(super) fn at_most(&self, stamp: u32) -> i32 {
        self.place_at_most() + stamp::worth(stamp, self.now)
    }

    /// The same for any.
    pub(super) fn most(&self) -> i32 {
        self.place_at_most() + stamp::NEWEST
    }

    fn place_at_most(&self) -> i32 {
        match self.chain.is_empty() {
            true => NEAREST / 2,
            false => NEAREST,
        }
    }

    /// What place and time are worth.
    pub(super) fn worth(&self, names: &Names, folder: u32, stamp: u32) -> i32 {
        let depth = names.folder(folder).map_or(0, |f| i32::from(f.depth));
        let place = match self.common(names, folder) {
            // As many steps as lead from there to here, up and down.
            Some(common) => NEAREST - (self.chain.len() as i32 - common) - (depth + 1 - common),
            None => NEAREST / 2 - depth,
        };
        place.clamp(0, NEAREST) + stamp::worth(stamp, self.now)
    }

    /// How many folders from the root on the place has in common with here.
    fn common(&self, names: &Names, folder: u32) -> Option<i32> {
        let shared = |&(at, folder): &(u32, &super::names::Folder)| {
            self.chain.get(usize::from(folder.depth)) == Some(&at)
        };
        let (_, folder) = names.upwards(folder).find(shared)?;
        Some(i32::from(folder.depth) + 1)
    }
}

/// Shorter names are fuller of what was asked for.
pub(super) fn short(name: &[u8]) -> i32 {
    -(name.len().min(64) as i32 / 4)
}

/// How well a text fits that a name has at `at`.
pub(super) fn substring(name: &[u8], at: usize, length: usize) -> i32 {
    let fit = match (at, name.get(at + length)) {
        (0, None) => 64,
        (0, Some(b'.')) => 52,
        (0, _) => 40,
        _ if begins_word(name, at) => INSIDE,
        _ => 0,
    };
    fit + short(name)
}

/// The most that a text is worth that a name does not begin with.
pub(super) const INSIDE: i32 = 24;

/// How well letters fit that a name has apart; the best of these are looked at again.
pub(super) fn fuzzy(name: &[u8], span: Span) -> i32 {
    let close = 64 - span.gaps.min(16) as i32 * 3;
    let start = match span.start {
        0 => 24,
        at if begins_word(name, at) => 16,
        _ => 0,
    };
    close + start + short(name)
}

/// At least as much as `fuzzy` can give a name, told before it is known where its letters are.
pub(super) fn fuzzy_at_most(name: &[u8], first: Option<&u8>) -> i32 {
    64 + if name.first() == first { 24 } else { 16 } + short(name)
}

fn begins_word(name: &[u8], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|before| name.get(before));
    before.is_some_and(u8::is_ascii_punctuation) || before == Some(&b' ')
}
