//! The order of changes, and where a page of them ended: a value that can be sent as bytes.

use std::cmp::Reverse;

use super::Change;
use super::early::Removal;

/// The folder after which the next page of changes begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangesCursor {
    /// The generations of the page.
    pub(super) from: i64,
    pub(super) to: i64,
    /// Beneath which folder of which source they are, as a number.
    pub(super) folder: u64,
    /// Whether the largest come first. Kept, so that a new scan does not change the order between
    /// pages.
    pub(super) by_size: bool,
    /// What the first page saw, by which all of them tell removed trees in the same way.
    pub(super) seen: FirstSeen,
    pub(super) rank: ChangeRank,
    pub(super) part: Option<Part>,
}

/// What the first page saw of the index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct FirstSeen {
    /// The newest directory that there ever was. One that came later is none that exists again.
    pub dir: i64,
    /// No removed tree was waiting to be deleted. Otherwise not all folders in such trees have
    /// their rows yet, and the row of its top alone tells what was removed.
    pub settled: bool,
}

/// The row of a removed tree for which a page had no time to add up everything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Part {
    /// Its top.
    pub top: i64,
    /// The last folder in it that was added.
    pub last: Removal,
    pub sum: Change,
}

/// A folder's position; the smallest comes first. Without sizes, paths decide.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct ChangeRank {
    /// Bytes, files, entries.
    pub sizes: Reverse<(u64, u64, u64)>,
    /// Its path as a `path_key`, so that a folder is followed by its descendants.
    pub path: Vec<u8>,
    /// Several directories may have had the same path in turn.
    pub id: i64,
}

impl ChangeRank {
    pub fn by_path(path: &[u8], id: i64) -> ChangeRank {
        ChangeRank {
            path: path_key(path),
            id,
            ..ChangeRank::default()
        }
    }

    pub fn by_size(sizes: (u64, u64, u64), id: i64) -> ChangeRank {
        ChangeRank {
            sizes: Reverse(sizes),
            path: Vec::new(),
            id,
        }
    }

    /// The position just before it.
    pub fn before(&self) -> ChangeRank {
        ChangeRank {
            id: self.id.saturating_sub(1),
            ..self.clone()
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

const VERSION: u8 = 4;

const BY_SIZE: u8 = 1;
const SETTLED: u8 = 2;
const PART: u8 = 4;

impl ChangesCursor {
    /// Whether it was given for this pair of generations.
    pub fn is_of(&self, from: i64, to: i64) -> bool {
        (self.from, self.to) == (from, to)
    }

    /// As bytes.
    pub fn encode(&self) -> Vec<u8> {
        let flag = |is_set: bool, flag: u8| if is_set { flag } else { 0 };
        let flags = flag(self.by_size, BY_SIZE)
            | flag(self.seen.settled, SETTLED)
            | flag(self.part.is_some(), PART);
        let mut encoded = vec![VERSION, flags];
        let mut put = |numbers: &[i64]| {
            let bytes = numbers.iter().flat_map(|number| number.to_le_bytes());
            encoded.extend(bytes);
        };
        put(&[self.from, self.to, self.folder as i64]);
        put(&[self.rank.id, self.seen.dir]);
        let Reverse((bytes, files, entries)) = self.rank.sizes;
        put(&[bytes as i64, files as i64, entries as i64]);
        if let Some(Part { top, last, sum }) = &self.part {
            put(&[*top, last.generation, last.id, sum.file_count, sum.bytes]);
            put(&[sum.added, sum.removed, sum.changed, last.key.len() as i64]);
            encoded.extend_from_slice(&last.key);
        }
        encoded.extend_from_slice(&self.rank.path);
        encoded
    }

    /// From bytes; None if they are no cursor.
    pub fn decode(bytes: &[u8]) -> Option<ChangesCursor> {
        let ([VERSION, flags @ 0..=7], mut rest) = bytes.split_first_chunk()? else {
            return None;
        };
        let (from, to) = (number(&mut rest)?, number(&mut rest)?);
        let folder = number(&mut rest)? as u64;
        let (id, dir) = (number(&mut rest)?, number(&mut rest)?);
        let mut size = || number(&mut rest).map(|size| size as u64);
        let sizes = Reverse((size()?, size()?, size()?));
        let part = match flags & PART {
            0 => None,
            _ => Some(Part::decode(&mut rest)?),
        };
        Some(ChangesCursor {
            from,
            to,
            folder,
            by_size: flags & BY_SIZE != 0,
            seen: FirstSeen {
                dir,
                settled: flags & SETTLED != 0,
            },
            rank: ChangeRank {
                sizes,
                path: rest.to_vec(),
                id,
            },
            part,
        })
    }
}

impl Part {
    fn decode(rest: &mut &[u8]) -> Option<Part> {
        let mut next = || number(rest);
        let (top, generation, id) = (next()?, next()?, next()?);
        let sum = Change {
            file_count: next()?,
            bytes: next()?,
            added: next()?,
            removed: next()?,
            changed: next()?,
            ..Change::default()
        };
        let length = usize::try_from(next()?).ok()?;
        let (key, after) = rest.split_at_checked(length)?;
        *rest = after;
        let last = Removal {
            key: key.to_vec(),
            generation,
            id,
        };
        Some(Part { top, last, sum })
    }
}

fn number(rest: &mut &[u8]) -> Option<i64> {
    let (number, after) = rest.split_first_chunk()?;
    *rest = after;
    Some(i64::from_le_bytes(*number))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn bytes_that_are_no_cursor_are_refused_or_written_again_as_they_are(bytes in prop::collection::vec(0..8u8, 0..200)) {
            if let Some(cursor) = ChangesCursor::decode(&bytes) {
                prop_assert_eq!(cursor.encode(), bytes);
            }
        }

        #[test]
        fn a_cursor_is_the_same_after_it_was_sent(numbers in any::<[i64; 9]>(), flags in any::<[bool; 3]>(), path in any::<Vec<u8>>(), key in any::<Vec<u8>>()) {
            let [from, to, id, dir, top, generation, bytes, added, file_count] = numbers;
            let sum = Change { bytes, added, file_count, ..Change::default() };
            let last = Removal { key, generation, id };
            let cursor = ChangesCursor {
                from,
                to,
                folder: added as u64,
                by_size: flags[0],
                seen: FirstSeen { dir, settled: flags[1] },
                rank: ChangeRank { sizes: Reverse((bytes as u64, 7, 0)), path, id },
                part: flags[2].then_some(Part { top, last, sum }),
            };
            prop_assert_eq!(ChangesCursor::decode(&cursor.encode()), Some(cursor));
        }
    }
}
