//! The order of changes, and where a page of them ended: a value that can be sent as bytes.

use std::cmp::Reverse;

/// The folder after which the next page of changes begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangesCursor {
    /// The generations of the page.
    pub(super) from: i64,
    pub(super) to: i64,
    /// Whether the largest come first. Kept, so that a new scan does not change the order between
    /// pages.
    pub(super) by_size: bool,
    pub(super) rank: Rank,
}

/// A folder's position; the smallest comes first. Without sizes, paths decide.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Rank {
    /// Bytes, files, entries.
    pub sizes: Reverse<(u64, u64, u64)>,
    /// Its path as a `path_key`, so that a folder is followed by what lies beneath it.
    pub path: Vec<u8>,
    /// Several directories may have had the same path in turn.
    pub id: i64,
}

impl Rank {
    pub fn by_path(path: &[u8], id: i64) -> Rank {
        Rank {
            path: path_key(path),
            id,
            ..Rank::default()
        }
    }

    pub fn by_size(sizes: (u64, u64, u64), id: i64) -> Rank {
        Rank {
            sizes: Reverse(sizes),
            path: Vec::new(),
            id,
        }
    }
}

/// A path as bytes that sort component by component: no name contains a NUL. The index
/// `changes_paths` has the same bytes.
pub(super) fn path_key(path: &[u8]) -> Vec<u8> {
    swap(path, b'/', 0)
}

/// The path of a `path_key`.
pub(super) fn key_path(key: &[u8]) -> Vec<u8> {
    swap(key, 0, b'/')
}

fn swap(bytes: &[u8], from: u8, to: u8) -> Vec<u8> {
    let swapped = bytes
        .iter()
        .map(|byte| if *byte == from { to } else { *byte });
    swapped.collect()
}

const VERSION: u8 = 2;

impl ChangesCursor {
    /// Whether it was given for this pair of generations.
    pub fn is_of(&self, from: i64, to: i64) -> bool {
        (self.from, self.to) == (from, to)
    }

    /// As bytes.
    pub fn encode(&self) -> Vec<u8> {
        let Reverse((bytes, files, entries)) = self.rank.sizes;
        let mut encoded = vec![VERSION, u8::from(self.by_size)];
        for number in [self.from, self.to, self.rank.id] {
            encoded.extend_from_slice(&number.to_le_bytes());
        }
        for number in [bytes, files, entries] {
            encoded.extend_from_slice(&number.to_le_bytes());
        }
        encoded.extend_from_slice(&self.rank.path);
        encoded
    }

    /// From bytes; None if they are no cursor.
    pub fn decode(bytes: &[u8]) -> Option<ChangesCursor> {
        let ([VERSION, by_size @ 0..=1], mut rest) = bytes.split_first_chunk()? else {
            return None;
        };
        let mut number = || {
            let (number, after) = rest.split_first_chunk()?;
            rest = after;
            Some(u64::from_le_bytes(*number))
        };
        let (from, to, id) = (number()?, number()?, number()?);
        let sizes = Reverse((number()?, number()?, number()?));
        Some(ChangesCursor {
            from: from as i64,
            to: to as i64,
            by_size: *by_size == 1,
            rank: Rank {
                sizes,
                path: rest.to_vec(),
                id: id as i64,
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn bytes_that_are_no_cursor_are_refused_or_written_again_as_they_are(bytes in prop::collection::vec(0..3u8, 0..60)) {
            if let Some(cursor) = ChangesCursor::decode(&bytes) {
                prop_assert_eq!(cursor.encode(), bytes);
            }
        }
    }
}
