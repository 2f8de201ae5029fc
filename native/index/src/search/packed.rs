//! Numbers, each stored in as few bits as the largest of them needs.

#[derive(Debug, Default)]
pub(super) struct Packed {
    width: u32,
    len: usize,
    words: Vec<u64>,
}

impl Packed {
    pub(super) fn new(numbers: impl ExactSizeIterator<Item = u64> + Clone) -> Packed {
        let all = numbers.clone().fold(0, |all, number| all | number);
        Packed::with(all, numbers)
    }

    /// Numbers up to `largest`.
    pub(super) fn with(largest: u64, numbers: impl ExactSizeIterator<Item = u64>) -> Packed {
        let mut packed = Packed::up_to(largest);
        packed.extend(numbers);
        packed
    }

    /// No numbers yet, and later none larger than `largest`.
    pub(super) fn up_to(largest: u64) -> Packed {
        Packed {
            width: u64::BITS - largest.leading_zeros(),
            ..Packed::default()
        }
    }

    /// Adds numbers, with room for exactly these.
    pub(super) fn extend(&mut self, numbers: impl ExactSizeIterator<Item = u64>) {
        let width = self.width as usize;
        let first = self.len;
        self.len += numbers.len();
        if width == 0 {
            return;
        }
        // With a spare word, so that the last number is read like any other.
        let words = self.len * width / 64 + 2;
        self.words.reserve_exact(words - self.words.len());
        self.words.resize(words, 0);
        for (at, number) in (first..).zip(numbers) {
            let bit = at * width;
            if let Some([low, high, ..]) = self.words.get_mut(bit / 64..) {
                *low |= number << (bit % 64);
                *high |= (number >> 1) >> (63 - bit % 64);
            }
        }
    }

    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// What it holds in memory.
    pub(super) fn bytes(&self) -> usize {
        self.words.capacity() * 8
    }

    /// How many bytes this many numbers up to `largest` would need.
    pub(super) fn bytes_for(len: usize, largest: u64) -> usize {
        (len * (u64::BITS - largest.leading_zeros()) as usize).div_ceil(8)
    }

    /// All numbers in turn.
    pub(super) fn iter(&self) -> impl ExactSizeIterator<Item = u64> + Clone {
        (0..self.len).map(|at| self.get(at))
    }

    /// A number; 0 beyond the last.
    #[inline]
    pub(super) fn get(&self, at: usize) -> u64 {
        let bit = at * self.width as usize;
        let Some(&[low, high, ..]) = self.words.get(bit / 64..) else {
            return 0;
        };
        let bits = low >> (bit % 64) | (high << 1) << (63 - bit % 64);
        bits & u64::MAX >> (64 - self.width)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn numbers_come_back(numbers in prop::collection::vec(any::<u64>(), 0..90), shift in 0..64_u32) {
            let numbers: Vec<u64> = numbers.iter().map(|number| number >> shift).collect();
            let packed = Packed::new(numbers.iter().copied());
            let found: Vec<u64> = packed.iter().collect();
            prop_assert_eq!(&found, &numbers);
            let mut extended = Packed::up_to(u64::MAX >> shift);
            for part in numbers.chunks(7) {
                extended.extend(part.iter().copied());
            }
            let found: Vec<u64> = (0..extended.len()).map(|at| extended.get(at)).collect();
            prop_assert_eq!(found, numbers);
            prop_assert_eq!(Packed::new([0_u64, 0].into_iter()).get(1), 0);
        }
    }
}
