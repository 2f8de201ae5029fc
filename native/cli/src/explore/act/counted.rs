//! What was counted before a removal: nothing else is deleted, however old it says it is.

use std::hash::{DefaultHasher, Hash, Hasher};

use super::look::Look;

/// Hashes of entries while they are counted: of the place, inode, kind, size and times of each.
#[derive(Debug, Default)]
pub struct Counting(Vec<u64>);

/// All that was counted.
#[derive(Debug)]
pub struct Counted(Vec<u64>);

impl Counting {
    /// Counts an entry of the directory with this inode number. Returns a hash of all that was seen of it.
    pub fn note(&mut self, parent: u64, name: &[u8], found: &Look) -> u64 {
        let whole = hash(parent, name, found, Some(found.ctime));
        self.0.push(match has_names(found) {
            true => hash(parent, name, found, None),
            false => whole,
        });
        whole
    }

    pub fn finish(mut self) -> Counted {
        self.0.sort_unstable();
        Counted(self.0)
    }
}

impl Counted {
    /// Whether this is what was counted. An inode of several names may have lost others since, by which its ctime changed.
    pub fn has(&self, parent: u64, name: &[u8], found: &Look) -> bool {
        let has = |ctime| {
            let hash = hash(parent, name, found, ctime);
            self.0.binary_search(&hash).is_ok()
        };
        has(Some(found.ctime)) || (!found.is_directory() && has(None))
    }
}

fn has_names(found: &Look) -> bool {
    found.names > 1 && !found.is_directory()
}

fn hash(parent: u64, name: &[u8], found: &Look, ctime: Option<i64>) -> u64 {
    let mut hasher = DefaultHasher::new();
    let Look {
        identity,
        kind,
        size,
        mtime,
        birth,
        ..
    } = found;
    (parent, name, identity, kind, size, mtime, birth, ctime).hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_counted_is_known() {
        let single = Look {
            identity: (1, 7),
            kind: Look::FILE,
            size: 3,
            mtime: 10,
            ctime: 20,
            birth: Some(5),
            names: 1,
            ..Look::default()
        };
        let linked = Look {
            identity: (1, 8),
            names: 2,
            ..single
        };
        let mut counting = Counting::default();
        counting.note(2, b"single", &single);
        counting.note(2, b"linked", &linked);
        let counted = counting.finish();
        // The other name is gone.
        let last = Look {
            names: 1,
            ctime: 30,
            ..linked
        };
        for (parent, name, found, expected) in [
            (2, "single", single, true),
            (2, "linked", linked, true),
            (2, "linked", last, true),
            (3, "single", single, false),
            (2, "other", single, false),
            // Older is as unknown as newer.
            (
                2,
                "single",
                Look {
                    ctime: 19,
                    ..single
                },
                false,
            ),
            (
                2,
                "single",
                Look {
                    ctime: 21,
                    ..single
                },
                false,
            ),
            // Another file with the inode of one that is gone, or the same with other contents.
            (
                2,
                "linked",
                Look {
                    birth: Some(6),
                    ..last
                },
                false,
            ),
            (2, "linked", Look { mtime: 11, ..last }, false),
            (2, "linked", Look { size: 4, ..last }, false),
            (2, "new", last, false),
        ] {
            assert_eq!(
                counted.has(parent, name.as_bytes(), &found),
                expected,
                "{name} {found:?}"
            );
        }
    }
}
