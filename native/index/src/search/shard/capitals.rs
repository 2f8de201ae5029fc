//! Which letters of names are ASCII capitals.

use crate::search::ranked_bits::RankedBits;

/// Which bytes of a blob are ASCII capitals in their names: a word of bits for each 64 bytes that
/// have any.
#[derive(Debug, Default)]
pub(super) struct Capitals {
    has: RankedBits,
    words: Vec<u64>,
}

impl Capitals {
    /// Marks a byte as a capital. Bytes must come in ascending order.
    pub(super) fn set(&mut self, at: usize) {
        if self.has.get(at / 64).is_none() {
            self.has.set(at / 64);
            self.words.push(0);
        }
        if let Some(word) = self.words.last_mut() {
            *word |= 1 << (at % 64);
        }
    }

    /// The bits of 64 bytes.
    fn word(&self, word: usize) -> u64 {
        let bits = self.has.get(word).and_then(|at| self.words.get(at));
        bits.copied().unwrap_or_default()
    }

    pub(super) fn get(&self, at: usize) -> bool {
        self.word(at / 64) >> (at % 64) & 1 == 1
    }

    pub(super) fn bytes(&self) -> usize {
        self.has.bytes() + self.words.capacity() * 8
    }

    pub(super) fn shrink(&mut self) {
        self.has.shrink();
        self.words.shrink_to_fit();
    }

    /// Whether there is a capital between two places.
    pub(super) fn any(&self, mut start: usize, end: usize) -> bool {
        while start < end {
            let count = (64 - start % 64).min(end - start);
            if (self.word(start / 64) >> (start % 64)) << (64 - count) != 0 {
                return true;
            }
            start += count;
        }
        false
    }
}
