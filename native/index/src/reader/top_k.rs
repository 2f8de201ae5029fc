//! The k smallest of many items: a heap with the largest of them on top.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

/// The `limit` pushed items with the smallest keys.
pub(super) struct TopK<K: Ord, V> {
    limit: usize,
    heap: BinaryHeap<Item<K, V>>,
}

/// Compared by key alone.
struct Item<K, V> {
    key: K,
    value: V,
}

impl<K: Ord, V> TopK<K, V> {
    pub fn new(limit: usize) -> TopK<K, V> {
        let heap = BinaryHeap::new();
        TopK { limit, heap }
    }

    /// The largest kept key, once the heap is full: only smaller keys are worth pushing.
    pub fn threshold(&self) -> Option<&K> {
        match self.heap.len() < self.limit {
            true => None,
            false => self.heap.peek().map(|item| &item.key),
        }
    }

    pub fn push(&mut self, key: K, value: V) {
        let item = Item { key, value };
        if self.heap.len() < self.limit {
            self.heap.push(item);
        } else if let Some(mut last) = self.heap.peek_mut()
            && item < *last
        {
            *last = item;
        }
    }

    /// In order.
    pub fn into_sorted(self) -> Vec<(K, V)> {
        let sorted = self.heap.into_sorted_vec().into_iter();
        sorted.map(|item| (item.key, item.value)).collect()
    }
}

impl<K: Ord, V> PartialEq for Item<K, V> {
    fn eq(&self, other: &Item<K, V>) -> bool {
        self.key == other.key
    }
}

impl<K: Ord, V> Eq for Item<K, V> {}

impl<K: Ord, V> PartialOrd for Item<K, V> {
    fn partial_cmp(&self, other: &Item<K, V>) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<K: Ord, V> Ord for Item<K, V> {
    fn cmp(&self, other: &Item<K, V>) -> Ordering {
        self.key.cmp(&other.key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_best_are_the_first_of_all_sorted(items in prop::collection::vec(0..50u8, 0..60), limit in 0..20usize) {
            let mut best = TopK::new(limit);
            for item in &items {
                if best.threshold().is_none_or(|threshold| item < threshold) {
                    best.push(*item, ());
                }
            }
            let mut all = items;
            all.sort();
            all.truncate(limit);
            let best: Vec<u8> = best.into_sorted().into_iter().map(|(key, ())| key).collect();
            prop_assert_eq!(best, all);
        }
    }
}
