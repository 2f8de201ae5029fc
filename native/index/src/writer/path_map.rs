//! Values by path. Finds those above a path, or beneath it, without reading the others.

use std::collections::BTreeMap;
use std::ops::Bound;

/// Keys are paths with the lowest byte in place of slashes, so that what lies beneath a directory
/// follows it, before other paths that begin with its name.
#[derive(Clone, Debug)]
pub(super) struct PathMap<T>(BTreeMap<Vec<u8>, T>);

impl<T> Default for PathMap<T> {
    fn default() -> PathMap<T> {
        PathMap(BTreeMap::new())
    }
}

impl<T> FromIterator<(Vec<u8>, T)> for PathMap<T> {
    fn from_iter<I: IntoIterator<Item = (Vec<u8>, T)>>(items: I) -> PathMap<T> {
        PathMap(
            items
                .into_iter()
                .map(|(path, value)| (key(&path), value))
                .collect(),
        )
    }
}

impl<T> PathMap<T> {
    pub fn insert(&mut self, path: &[u8], value: T) {
        self.0.insert(key(path), value);
    }

    pub fn remove(&mut self, path: &[u8]) {
        if !self.0.is_empty() {
            self.0.remove(&key(path));
        }
    }

    pub fn contains(&self, path: &[u8]) -> bool {
        !self.0.is_empty() && self.0.contains_key(&key(path))
    }

    /// The value at the path or the nearest above it.
    pub fn above(&self, path: &[u8]) -> Option<(Vec<u8>, &T)> {
        if self.0.is_empty() {
            return None;
        }
        let mut at = key(path);
        loop {
            let before = (Bound::Unbounded, Bound::Included(at.as_slice()));
            let (before, value) = self.0.range::<[u8], _>(before).next_back()?;
            if is_above(before, &at) {
                return Some((path_of(before), value));
            }
            // Whatever lies above the path also lies above the common part.
            let common = before.iter().zip(&at).take_while(|(a, b)| a == b).count();
            let common = at.get(..common).unwrap_or_default();
            let end = common.iter().rposition(|byte| *byte == SLASH);
            at.truncate(end.unwrap_or(0));
        }
    }

    /// The values at the path and beneath it.
    pub fn beneath(&self, path: &[u8]) -> impl Iterator<Item = (Vec<u8>, &T)> {
        let at = key(path);
        let from = (Bound::Included(at.as_slice()), Bound::Unbounded);
        let all = self.0.range::<[u8], _>(from);
        // Moved into the closure, since the range does not keep its bounds.
        let within = all.take_while(move |(key, _)| is_above(&at, key));
        within.map(|(key, value)| (path_of(key), value))
    }

    pub fn has_beneath(&self, path: &[u8]) -> bool {
        !self.0.is_empty() && self.beneath(path).next().is_some()
    }

    pub fn remove_beneath(&mut self, path: &[u8]) {
        let gone: Vec<_> = self.beneath(path).map(|(path, _)| path).collect();
        for path in gone {
            self.remove(&path);
        }
    }
}

const SLASH: u8 = 0;

fn key(path: &[u8]) -> Vec<u8> {
    let swap = |byte: &u8| if *byte == b'/' { SLASH } else { *byte };
    path.iter().map(swap).collect()
}

fn path_of(key: &[u8]) -> Vec<u8> {
    let swap = |byte: &u8| if *byte == SLASH { b'/' } else { *byte };
    key.iter().map(swap).collect()
}

fn is_above(key: &[u8], other: &[u8]) -> bool {
    match other.strip_prefix(key) {
        Some(rest) => key.is_empty() || rest.is_empty() || rest.first() == Some(&SLASH),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use aether_core::path::is_within;
    use proptest::prelude::*;

    fn path() -> impl Strategy<Value = Vec<u8>> {
        // A name with a byte below the slash comes between a directory and what lies in it.
        let name = prop_oneof![Just("a"), Just("a!"), Just("b"), Just("a\u{ff}")];
        prop::collection::vec(name, 0..5).prop_map(|names| names.join("/").into_bytes())
    }

    proptest! {
        #[test]
        fn it_finds_what_reading_all_values_finds(paths in prop::collection::vec(path(), 0..8), asked in path()) {
            let map: PathMap<()> = paths.iter().map(|path| (path.clone(), ())).collect();
            let above = paths.iter().filter(|path| is_within(&asked, path)).max_by_key(|path| path.len());
            prop_assert_eq!(map.above(&asked).map(|(path, ())| path), above.cloned());
            let mut beneath: Vec<_> = paths.iter().filter(|path| is_within(path, &asked)).cloned().collect();
            beneath.sort();
            beneath.dedup();
            let mut found: Vec<_> = map.beneath(&asked).map(|(path, ())| path).collect();
            found.sort();
            prop_assert_eq!(&found, &beneath);
            prop_assert_eq!(map.has_beneath(&asked), !beneath.is_empty());
            prop_assert_eq!(map.contains(&asked), paths.contains(&asked));
            let mut rest = map.clone();
            rest.remove_beneath(&asked);
            prop_assert!(!rest.has_beneath(&asked));
        }
    }
}
