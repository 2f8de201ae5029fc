//! Where names start in a blob.

use crate::search::packed::Packed;

/// Number of names in a group. Only the start of the first is stored; the others are found by the
/// ends between them.
pub(super) const GROUP: usize = 4;

/// Where the first name of each group starts in the blob.
#[derive(Debug, Default)]
pub(super) struct Starts {
    /// While names are added.
    open: Vec<u32>,
    packed: Packed,
}

impl Starts {
    fn len(&self) -> usize {
        self.open.len().max(self.packed.len())
    }

    #[inline]
    pub(super) fn get(&self, group: usize) -> usize {
        match self.open.get(group) {
            Some(start) => *start as usize,
            None => self.packed.get(group) as usize,
        }
    }

    /// Adds the start of the next group.
    pub(super) fn push(&mut self, start: usize) {
        self.open.push(start as u32);
    }

    pub(super) fn bytes(&self) -> usize {
        self.open.capacity() * 4 + self.packed.bytes()
    }

    /// Packs the starts; no more are added.
    pub(super) fn pack(&mut self) {
        let open = std::mem::take(&mut self.open);
        self.packed = Packed::new(open.iter().map(|start| u64::from(*start)));
    }

    /// The last group that starts at or before a place, searched from `from` on.
    pub(super) fn last_before(&self, place: usize, from: usize) -> usize {
        let (mut low, mut step) = (from, 1);
        while low + step < self.len() && self.get(low + step) <= place {
            low += step;
            step *= 2;
        }
        while step > 0 {
            if low + step < self.len() && self.get(low + step) <= place {
                low += step;
            }
            step /= 2;
        }
        low
    }
}
