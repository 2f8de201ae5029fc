//! Hashing paths for the writer's cache: eight bytes at a time, keyed per process. The cache is
//! small and emptied often, so names made up to collide could slow down one batch at most.

use std::hash::{BuildHasher, Hasher, RandomState};

#[derive(Clone, Debug)]
pub(in crate::writer) struct PathHasher(u64);

impl Default for PathHasher {
    fn default() -> PathHasher {
        PathHasher(RandomState::new().hash_one(0) | 1)
    }
}

impl BuildHasher for PathHasher {
    type Hasher = FoldingHasher;

    fn build_hasher(&self) -> FoldingHasher {
        FoldingHasher {
            key: self.0,
            state: self.0,
        }
    }
}

pub(in crate::writer) struct FoldingHasher {
    key: u64,
    state: u64,
}

impl FoldingHasher {
    fn add(&mut self, word: u64) {
        let product = u128::from(self.state ^ word) * u128::from(self.key ^ 0x9e37_79b9_7f4a_7c15);
        self.state = (product >> 64) as u64 ^ product as u64;
    }
}

impl Hasher for FoldingHasher {
    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks();
        for word in words {
            self.add(u64::from_le_bytes(*word));
        }
        let mut last = [0; 8];
        for (byte, value) in last.iter_mut().zip(rest) {
            *byte = *value;
        }
        // The length distinguishes a zero byte at the end from none.
        self.add(u64::from_le_bytes(last) ^ (bytes.len() as u64) << 56);
    }

    fn write_usize(&mut self, value: usize) {
        self.add(value as u64);
    }

    fn finish(&self) -> u64 {
        self.state
    }
}
