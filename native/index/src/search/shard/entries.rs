//! Which rows have a name.

use std::ops::Range;

use crate::search::packed::Packed;
use crate::search::ranked_bits::RankedBits;

/// The rows of the names of one shard. Most names have a single row: these rows come first, in the
/// order of their names, so that their places need not be stored. Then come the rows of all other
/// names.
#[derive(Debug, Default)]
pub(in crate::search) struct Entries {
    first: u32,
    /// The names that have no row, or several.
    others: RankedBits,
    /// Where the rows of each of these begin, counted from `first`, and where the last ones end.
    starts: Packed,
}

impl Entries {
    /// From the number of rows of each name; the shard's first row is `first`. Replaces each count
    /// by the name's first row.
    pub(in crate::search) fn new(first: u32, counts: &mut [u32]) -> Entries {
        let singles = counts.iter().filter(|count| **count == 1).count();
        let (mut single, mut next) = (first, first + singles as u32);
        let mut others = RankedBits::default();
        let mut starts = Vec::new();
        for (name, count) in counts.iter_mut().enumerate() {
            if *count == 1 {
                *count = single;
                single += 1;
            } else {
                others.set(name);
                starts.push(u64::from(next - first));
                next += std::mem::replace(count, next);
            }
        }
        starts.push(u64::from(next - first));
        others.shrink();
        Entries {
            first,
            others,
            starts: Packed::new(starts.iter().copied()),
        }
    }

    pub(super) fn bytes(&self) -> usize {
        self.others.bytes() + self.starts.bytes()
    }

    fn start(&self, other: usize) -> u32 {
        self.first + self.starts.get(other) as u32
    }

    #[inline]
    pub(super) fn rows(&self, name: usize) -> Range<u32> {
        match self.others.get(name) {
            Some(other) => self.start(other)..self.start(other + 1),
            None => {
                let row = self.first + (name - self.others.rank(name)) as u32;
                row..row + 1
            }
        }
    }

    /// The rows of all names, in order: faster than asking for each.
    pub(super) fn each(&self, names: usize) -> impl Iterator<Item = Range<u32>> {
        let mut single = self.first;
        let (mut other, mut start) = (0, self.start(0));
        let mut bits = 0;
        (0..names).map(move |name| {
            if name.is_multiple_of(64) {
                bits = self.others.word(name / 64);
            }
            let is_other = bits & 1 == 1;
            bits >>= 1;
            if is_other {
                other += 1;
                let end = self.start(other);
                std::mem::replace(&mut start, end)..end
            } else {
                single += 1;
                single - 1..single
            }
        })
    }

    /// How many rows the names have of which a bit is set, in the word with this number.
    pub(super) fn count(&self, word: usize, names: u64) -> u64 {
        let mut others = names & self.others.word(word);
        let mut count = u64::from((names ^ others).count_ones());
        while others != 0 {
            let name = word * 64 + others.trailing_zeros() as usize;
            count += self.rows(name).len() as u64;
            others &= others - 1;
        }
        count
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn rows_lie_beside_their_names(counts in prop::collection::vec(0..4_u32, 1..200)) {
            let mut firsts = counts.clone();
            let entries = Entries::new(7, &mut firsts);
            let mut taken = BTreeSet::new();
            for (name, &count) in counts.iter().enumerate() {
                let rows = entries.rows(name);
                prop_assert_eq!(rows.clone(), firsts[name]..firsts[name] + count);
                rows.for_each(|row| assert!(taken.insert(row)));
            }
            let in_turn: Vec<_> = entries.each(counts.len()).collect();
            let one_by_one: Vec<_> = (0..counts.len()).map(|name| entries.rows(name)).collect();
            prop_assert_eq!(in_turn, one_by_one);
            let whole = 7..7 + counts.iter().sum::<u32>();
            prop_assert_eq!(taken, whole.collect());
            for (word, counts) in counts.chunks(64).enumerate() {
                let even = 0x5555_5555_5555_5555 & (!0 >> (64 - counts.len()));
                let expected: u32 = counts.iter().step_by(2).sum();
                prop_assert_eq!(entries.count(word, even), u64::from(expected));
            }
        }
    }
}
