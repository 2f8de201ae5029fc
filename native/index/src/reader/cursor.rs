//! The order of a folder's children, and where a page of them ended: a value that can be sent as
//! opaque bytes.

use crate::fnv::fnv;

/// What children are ordered by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SortKey {
    /// Folders first, then files, each by the bytes of their names.
    #[default]
    Name,
    /// `bytes` of folders, size of files.
    Size,
    /// `file_count`; that of a file is 1.
    Count,
    /// Modification time.
    Mtime,
    /// Size on disk, of folders with all that lies beneath.
    Disk,
}

impl SortKey {
    /// By its name in a request.
    pub fn from_name(name: &str) -> Option<SortKey> {
        match name {
            "name" => Some(SortKey::Name),
            "size" => Some(SortKey::Size),
            "count" => Some(SortKey::Count),
            "mtime" => Some(SortKey::Mtime),
            "disk" => Some(SortKey::Disk),
            _ => None,
        }
    }
}

/// An order. What is equal in it goes by name, what has no value comes last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sort {
    /// By what.
    pub key: SortKey,
    /// The largest, newest or last first. Folders come first all the same where names are the key.
    pub descending: bool,
}

impl Sort {
    /// The order that a user expects: names from the first, everything else from the largest.
    pub fn by(key: SortKey) -> Sort {
        let descending = key != SortKey::Name;
        Sort { key, descending }
    }
}

impl Default for Sort {
    fn default() -> Sort {
        Sort::by(SortKey::Name)
    }
}

/// After which child the next page begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    pub(super) sort: Sort,
    /// Which folder of which source it is of, as a number.
    pub(super) folder: u64,
    /// What the folder was like when the page was read, as a number.
    pub(super) state: u64,
    pub(super) rank: Rank,
}

/// A child's place in an order; the smallest comes first.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Rank {
    pub has_no_value: bool,
    /// Turned round where the order descends.
    pub value: i64,
    pub name: Vec<u8>,
    pub is_file: bool,
}

impl Rank {
    /// To compare with what has not been copied.
    pub fn as_tuple(&self) -> (bool, i64, &[u8], bool) {
        (self.has_no_value, self.value, &self.name, self.is_file)
    }
}

const VERSION: u8 = 2;
const DESCENDING: u8 = 1;
const FILE: u8 = 2;
const NO_VALUE: u8 = 4;

impl Cursor {
    /// The order that it was given in.
    pub fn sort(&self) -> Sort {
        self.sort
    }

    /// As bytes.
    pub fn encode(&self) -> Vec<u8> {
        let flag = |set: bool, flag| if set { flag } else { 0 };
        let flags = flag(self.sort.descending, DESCENDING)
            | flag(self.rank.is_file, FILE)
            | flag(self.rank.has_no_value, NO_VALUE);
        let mut bytes = vec![VERSION, self.sort.key as u8, flags];
        bytes.extend_from_slice(&self.folder.to_le_bytes());
        bytes.extend_from_slice(&self.state.to_le_bytes());
        bytes.extend_from_slice(&self.rank.value.to_le_bytes());
        bytes.extend_from_slice(&self.rank.name);
        bytes
    }

    /// From bytes; None if they are no cursor.
    pub fn decode(bytes: &[u8]) -> Option<Cursor> {
        let ([VERSION, key, flags], rest) = bytes.split_first_chunk()? else {
            return None;
        };
        let key = match key {
            0 => SortKey::Name,
            1 => SortKey::Size,
            2 => SortKey::Count,
            3 => SortKey::Mtime,
            4 => SortKey::Disk,
            _ => return None,
        };
        if flags & !(DESCENDING | FILE | NO_VALUE) != 0 {
            return None;
        }
        let (folder, rest) = rest.split_first_chunk()?;
        let (state, rest) = rest.split_first_chunk()?;
        let (value, name) = rest.split_first_chunk()?;
        Some(Cursor {
            sort: Sort {
                key,
                descending: flags & DESCENDING != 0,
            },
            folder: u64::from_le_bytes(*folder),
            state: u64::from_le_bytes(*state),
            rank: Rank {
                has_no_value: flags & NO_VALUE != 0,
                value: i64::from_le_bytes(*value),
                name: name.to_vec(),
                is_file: flags & FILE != 0,
            },
        })
    }
}

/// A number for a folder of a source.
pub(super) fn folder_key(source: i64, folder: &[u8]) -> u64 {
    let source = source.to_le_bytes();
    fnv(source.into_iter().chain(folder.iter().copied()))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_cursor_comes_back_from_its_bytes(
            key in 0..5usize, descending: bool, folder: u64, state: u64, value: i64, has_no_value: bool, is_file: bool,
            name in prop::collection::vec(any::<u8>(), 0..300),
        ) {
            let key = [SortKey::Name, SortKey::Size, SortKey::Count, SortKey::Mtime, SortKey::Disk][key];
            let rank = Rank { has_no_value, value, name, is_file };
            let cursor = Cursor { sort: Sort { key, descending }, folder, state, rank };
            prop_assert_eq!(Cursor::decode(&cursor.encode()), Some(cursor));
        }

        #[test]
        fn bytes_that_are_no_cursor_are_refused_or_written_again_as_they_are(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
            if let Some(cursor) = Cursor::decode(&bytes) {
                prop_assert_eq!(cursor.encode(), bytes);
            }
        }
    }

    #[test]
    fn other_versions_and_short_ones_are_refused() {
        let cursor = Cursor {
            sort: Sort::default(),
            folder: 0,
            state: 0,
            rank: Rank::default(),
        };
        let bytes = cursor.encode();
        assert_eq!(bytes.len(), 27);
        for len in 0..27 {
            assert_eq!(Cursor::decode(&bytes[..len]), None);
        }
        for (at, wrong) in [(0, 1), (1, 5), (2, 8)] {
            let mut bytes = bytes.clone();
            bytes[at] = wrong;
            assert_eq!(Cursor::decode(&bytes), None);
        }
    }
}
