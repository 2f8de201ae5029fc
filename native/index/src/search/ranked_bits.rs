//! A bit set with ranks: an array beside it needs elements only for the bits that are set.

#[derive(Debug, Default)]
pub(super) struct RankedBits {
    words: Vec<u64>,
    /// How many bits are set before each word.
    before: Vec<u32>,
    count: u32,
}

impl RankedBits {
    /// Sets a bit. Bits must be set in ascending order.
    pub(super) fn set(&mut self, at: usize) {
        let word = at / 64;
        if self.words.len() <= word {
            self.words.resize(word + 1, 0);
            self.before.resize(word + 1, self.count);
        }
        if let Some(bits) = self.words.last_mut() {
            self.count += u32::from(*bits >> (at % 64) & 1 == 0);
            *bits |= 1 << (at % 64);
        }
    }

    /// One word of bits.
    #[inline]
    pub(super) fn word(&self, word: usize) -> u64 {
        self.words.get(word).copied().unwrap_or_default()
    }

    /// The number of bits that are set before a position.
    #[inline]
    pub(super) fn rank(&self, at: usize) -> usize {
        let below = self.word(at / 64) & ((1 << (at % 64)) - 1);
        let before = self.before.get(at / 64).copied().unwrap_or(self.count);
        before as usize + below.count_ones() as usize
    }

    /// The number of bits that are set before a position, if its own is set.
    #[inline]
    pub(super) fn get(&self, at: usize) -> Option<usize> {
        (self.word(at / 64) >> (at % 64) & 1 == 1).then(|| self.rank(at))
    }

    pub(super) fn bytes(&self) -> usize {
        self.words.capacity() * 8 + self.before.capacity() * 4
    }

    pub(super) fn shrink(&mut self) {
        self.words.shrink_to_fit();
        self.before.shrink_to_fit();
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn ranks_are_counted(set in prop::collection::btree_set(0..700_usize, 0..90)) {
            let set: BTreeSet<usize> = set;
            let mut bits = RankedBits::default();
            // Setting one again changes nothing.
            set.iter().flat_map(|at| [*at, *at]).for_each(|at| bits.set(at));
            for at in 0..800 {
                let rank = set.range(..at).count();
                prop_assert_eq!(bits.rank(at), rank);
                prop_assert_eq!(bits.get(at), set.contains(&at).then_some(rank));
            }
        }
    }
}
