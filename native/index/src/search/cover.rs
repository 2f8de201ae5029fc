//! Of overlapping sources the innermost shows a folder: finds the folders of one at which another has its root.

use std::collections::HashMap;

use super::build::{Builder, Source};
use super::names::NONE;
use super::shard::Shard;

/// For each source, by its place, the roots of others within it that lie in none between them: paths relative to its
/// own root, by their last name.
#[derive(Debug)]
pub(super) struct Inner(Vec<HashMap<Vec<u8>, Vec<Vec<u8>>>>);

impl Inner {
    pub(super) fn new(sources: &[Source]) -> Inner {
        let mut order: Vec<(Vec<u8>, usize)> = (0..)
            .zip(sources)
            .map(|(place, source)| (prefix(&source.root), place))
            .collect();
        // Each root comes after those it lies in.
        order.sort_unstable();
        let mut inner = vec![HashMap::<_, Vec<_>>::new(); sources.len()];
        let mut above: Vec<&(Vec<u8>, usize)> = Vec::new();
        for root in &order {
            while above
                .last()
                .is_some_and(|last| !root.0.starts_with(&last.0))
            {
                above.pop();
            }
            if let Some((outer, place)) = above.last()
                && let Some(path) = root.0.get(outer.len()..root.0.len() - 1)
                && let Some(inner) = inner.get_mut(*place)
                && !path.is_empty()
            {
                let name = path.rsplit(|&byte| byte == b'/').next().unwrap_or(path);
                inner.entry(name.to_vec()).or_default().push(path.to_vec());
            }
            above.push(root);
        }
        Inner(inner)
    }
}

/// A root with a slash at its end.
fn prefix(root: &[u8]) -> Vec<u8> {
    [root.strip_suffix(b"/").unwrap_or(root), b"/"].concat()
}

impl Builder {
    /// Whether another source has its root at this very folder.
    pub(super) fn is_covered(&self, at: u32) -> bool {
        let Some(folder) = self.names.folder(at) else {
            return false;
        };
        let inner = self.inner.0.get(folder.source as usize);
        let Some(inner) = inner.filter(|inner| !inner.is_empty()) else {
            return false;
        };
        let mut room = Vec::new();
        let paths = inner.get(self.name_of(folder.entry, &mut room));
        paths.is_some_and(|paths| paths.iter().any(|path| self.is_at(at, path)))
    }

    /// Whether a folder has this path.
    fn is_at(&self, at: u32, path: &[u8]) -> bool {
        let mut room = Vec::new();
        let mut wanted = path.rsplit(|&byte| byte == b'/');
        for (_, folder) in self.names.upwards(at) {
            if folder.entry == NONE {
                return wanted.next().is_none();
            }
            if wanted.next() != Some(self.name_of(folder.entry, &mut room)) {
                return false;
            }
        }
        false
    }

    fn name_of<'a>(&'a self, entry: u32, room: &'a mut Vec<u8>) -> &'a [u8] {
        match self.place_in_open(entry) {
            Some((shard, entry)) => shard.name(entry, room),
            None => self.names.name(entry, room),
        }
    }

    fn place_in_open(&self, entry: u32) -> Option<(&Shard, usize)> {
        (entry >> 16 == self.names.shards.len() as u32)
            .then_some((&self.open, (entry & 0xffff) as usize))
    }
}
