//! Directories that were gone when they were to be opened. Listings of their parents that were taken before still have them, and
//! may come after; they must not bring them back.

use std::collections::HashMap;

use super::node::split;

/// Directories remembered; beyond, one may come back as unread until the next scan.
const MAX: usize = 10_000;

/// A name, and the stamp of the look that did not find it.
type Name = (Box<[u8]>, u64);

/// What was gone in one source, and when. Kept while any scan of it runs.
#[derive(Debug, Default)]
pub(super) struct Gone {
    /// By parent.
    names: HashMap<Box<[u8]>, Vec<Name>>,
    count: usize,
}

impl Gone {
    pub fn remember(&mut self, path: &[u8], stamp: u64) {
        if self.count < MAX && !path.is_empty() {
            let (parent, name) = split(path);
            let names = self.names.entry(parent.into()).or_default();
            names.push((name.into(), stamp));
            self.count += 1;
        }
    }

    /// Names that a listing of this directory, taken then, must not bring in.
    pub fn names(&self, path: &[u8], stamp: u64) -> Vec<Vec<u8>> {
        let Some(names) = self.names.get(path) else {
            return Vec::new();
        };
        let later = names.iter().filter(|(_, when)| *when >= stamp);
        later.map(|(name, _)| name.to_vec()).collect()
    }

    pub fn clear(&mut self) {
        self.names.clear();
        self.count = 0;
    }
}
