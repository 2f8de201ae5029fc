//! Lines without a wildcard, found by lookup: a file may have hundreds of thousands of them.

use std::hash::{BuildHasher, RandomState};

use super::block::Hit;

/// The last lines with the same text.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Last {
    pub of_any: Hit,
    pub of_dirs: Hit,
}

/// A table of texts, which are stored in sequence, so that each takes no allocation.
#[derive(Debug, Default)]
pub(super) struct Literals {
    text: Vec<u8>,
    entries: Vec<Literal>,
    /// Indices of entries by hash, from 1. At least half are 0; the length is a power of two.
    slots: Vec<u32>,
    hashing: RandomState,
}

#[derive(Debug)]
struct Literal {
    start: usize,
    len: usize,
    last: Last,
}

impl Literals {
    pub(super) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    pub(super) fn get(&self, text: &[u8]) -> Option<Last> {
        let entry = self.entry(self.slot(text)?)?;
        Some(entry.last)
    }

    pub(super) fn get_mut(&mut self, text: &[u8]) -> Option<&mut Last> {
        let number = *self.slots.get(self.slot(text)?)?;
        let entry = self.entries.get_mut((number as usize).checked_sub(1)?)?;
        Some(&mut entry.last)
    }

    /// Adds a text that is not in the table.
    pub(super) fn add(&mut self, text: &[u8], last: Last) {
        if (self.entries.len() + 1) * 2 > self.slots.len() {
            self.grow();
        }
        let start = self.text.len();
        self.text.extend_from_slice(text);
        let len = text.len();
        self.entries.push(Literal { start, len, last });
        if let Some(slot) = self.slot(text).and_then(|slot| self.slots.get_mut(slot)) {
            *slot = u32::try_from(self.entries.len()).unwrap_or(0);
        }
    }

    fn grow(&mut self) {
        let size = (self.slots.len() * 2).max(16);
        self.slots = vec![0; size];
        for (entry, number) in self.entries.iter().zip(1..) {
            let text = self.text_of(entry);
            if let Some(slot) = self.slot(text)
                && let Some(slot) = self.slots.get_mut(slot)
            {
                *slot = number;
            }
        }
    }

    /// The slot of a text, or the one where it would be.
    fn slot(&self, text: &[u8]) -> Option<usize> {
        let mask = self.slots.len().checked_sub(1)?;
        let mut at = self.hashing.hash_one(text) as usize & mask;
        while let Some(entry) = self.entry(at) {
            if self.text_of(entry) == text {
                break;
            }
            at = (at + 1) & mask;
        }
        Some(at)
    }

    fn entry(&self, slot: usize) -> Option<&Literal> {
        let number = *self.slots.get(slot)? as usize;
        self.entries.get(number.checked_sub(1)?)
    }

    fn text_of(&self, entry: &Literal) -> &[u8] {
        self.text
            .get(entry.start..entry.start + entry.len)
            .unwrap_or_default()
    }
}
