//! What a scan's entries take up on disk, as du counts it: an inode with several names once.

use std::collections::HashSet;

use parking_lot::Mutex;

use crate::slab::{Kind, Metadata};

/// Maximum number of inodes with several names that are told apart, in a table of 36 MB. The names of further ones
/// count each time.
const MAX_LINKED: usize = 1_048_576;

/// The inodes with several names that a scan has counted.
#[derive(Debug)]
pub(crate) struct Linked {
    seen: Mutex<SeenInodes>,
    most: usize,
}

#[derive(Debug, Default)]
struct SeenInodes {
    inodes: HashSet<(u64, u32)>,
    is_full: bool,
}

impl Default for Linked {
    fn default() -> Linked {
        Linked {
            seen: Mutex::default(),
            most: MAX_LINKED,
        }
    }
}

impl Linked {
    /// The bytes to count for an entry: none if its inode has another name that was counted.
    #[inline]
    pub(crate) fn count(&self, kind: Kind, entry: &Metadata) -> u64 {
        // Some file systems count what a directory holds as its links.
        if entry.nlink > 1 && kind != Kind::Directory && !self.is_first(entry) {
            return 0;
        }
        entry.disk
    }

    /// Whether all inodes could be told apart.
    pub(crate) fn is_exact(&self) -> bool {
        !self.seen.lock().is_full
    }

    /// Frees the table at the end: a scan's handle may be kept long after it.
    pub(crate) fn forget(&self) {
        drop(std::mem::take(&mut self.seen.lock().inodes));
    }

    #[cfg(test)]
    pub(crate) fn capacity(&self) -> usize {
        self.seen.lock().inodes.capacity()
    }

    #[cold]
    fn is_first(&self, entry: &Metadata) -> bool {
        let mut seen = self.seen.lock();
        let inode = (entry.inode, entry.device);
        if seen.inodes.len() < self.most {
            return seen.inodes.insert(inode);
        }
        let is_first = !seen.inodes.contains(&inode);
        seen.is_full |= is_first;
        is_first
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(inode: u64, nlink: u32) -> Metadata {
        Metadata {
            inode,
            nlink,
            disk: 4096,
            ..Metadata::default()
        }
    }

    #[test]
    fn an_inode_counts_once_until_there_are_too_many() {
        let linked = Linked {
            most: 2,
            ..Linked::default()
        };
        let rows = [
            (Kind::File, entry(1, 1), 4096, true),
            (Kind::File, entry(1, 1), 4096, true),
            (Kind::File, entry(2, 2), 4096, true),
            (Kind::File, entry(2, 2), 0, true),
            (Kind::Directory, entry(3, 9), 4096, true),
            (Kind::Directory, entry(3, 9), 4096, true),
            (Kind::Symlink, entry(4, 2), 4096, true),
            (Kind::Other, entry(4, 2), 0, true),
            (Kind::File, entry(5, 2), 4096, false),
            (Kind::File, entry(5, 2), 4096, false),
            (Kind::File, entry(2, 2), 0, false),
        ];
        for (row, (kind, entry, bytes, is_exact)) in rows.iter().enumerate() {
            assert_eq!(linked.count(*kind, entry), *bytes, "row {row}");
            assert_eq!(linked.is_exact(), *is_exact, "row {row}");
        }
    }
}
