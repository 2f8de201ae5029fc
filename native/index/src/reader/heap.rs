//! The first few of many in some order, in memory for those few: a heap with the last of them on top.

use std::collections::BinaryHeap;

/// The `limit` smallest of what is pushed.
pub(super) struct Best<T: Ord> {
    limit: usize,
    heap: BinaryHeap<T>,
}

impl<T: Ord> Best<T> {
    pub fn new(limit: usize) -> Best<T> {
        let heap = BinaryHeap::new();
        Best { limit, heap }
    }

    /// The last that is kept, once no more fit: what does not come before it need not be pushed.
    pub fn bar(&self) -> Option<&T> {
        match self.heap.len() < self.limit {
            true => None,
            false => self.heap.peek(),
        }
    }

    pub fn push(&mut self, item: T) {
        if self.heap.len() >= self.limit {
            match self.heap.peek_mut() {
                Some(mut last) if item < *last => *last = item,
                _ => {}
            }
        } else {
            self.heap.push(item);
        }
    }

    /// In order.
    pub fn into_sorted(self) -> Vec<T> {
        self.heap.into_sorted_vec()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_best_are_the_first_of_all_sorted(items in prop::collection::vec(0..50u8, 0..60), limit in 0..20usize) {
            let mut best = Best::new(limit);
            for item in &items {
                if best.bar().is_none_or(|bar| item < bar) {
                    best.push(*item);
                }
            }
            let mut all = items;
            all.sort();
            all.truncate(limit);
            prop_assert_eq!(best.into_sorted(), all);
        }
    }
}
