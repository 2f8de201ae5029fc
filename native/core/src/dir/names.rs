//! Names that wait: subdirectories to enter, and entries read but not looked at yet.

use std::ffi::CStr;

use crate::slab::Kind;

/// By their numbers in the slab format.
const KINDS: [Kind; 5] = [
    Kind::Unknown,
    Kind::File,
    Kind::Directory,
    Kind::Symlink,
    Kind::Other,
];

/// Names, each with its NUL, in one buffer: a directory with a million subdirectories must not make a million
/// allocations.
#[derive(Debug, Default)]
pub(crate) struct Names(Vec<u8>);

impl Names {
    pub(crate) fn push(&mut self, name: &CStr) {
        self.0.extend_from_slice(name.to_bytes_with_nul());
    }

    /// Takes the name pushed last, with its NUL; false if there is none.
    pub(crate) fn pop(&mut self, into: &mut Vec<u8>) -> bool {
        let Some((_, before)) = self.0.split_last() else {
            return false;
        };
        let start = before.iter().rposition(|byte| *byte == 0);
        let start = start.map_or(0, |end| end + 1);
        into.clear();
        into.extend_from_slice(self.0.get(start..).unwrap_or_default());
        self.0.truncate(start);
        true
    }

    pub(crate) fn append(&mut self, other: Names) {
        if self.is_empty() {
            *self = other;
        } else {
            self.0.extend_from_slice(&other.0);
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Frees spare memory: the names may wait for long.
    pub(crate) fn shrink(&mut self) {
        self.0.shrink_to_fit();
    }
}

/// Entries of a directory, kind and name, in the order in which they were read.
#[derive(Debug, Default)]
pub(crate) struct Unseen {
    bytes: Vec<u8>,
    at: usize,
}

impl Unseen {
    pub(crate) fn push(&mut self, name: &CStr, kind: Kind) {
        self.bytes.push(kind as u8);
        self.bytes.extend_from_slice(name.to_bytes_with_nul());
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.at >= self.bytes.len()
    }

    /// The next entry. Looking at it and skipping it are separate, so that it can be left to another thread.
    pub(crate) fn peek(&self) -> Option<(Kind, &CStr)> {
        let (kind, rest) = self.bytes.get(self.at..)?.split_first()?;
        let kind = KINDS.get(usize::from(*kind)).copied();
        Some((
            kind.unwrap_or(Kind::Unknown),
            CStr::from_bytes_until_nul(rest).ok()?,
        ))
    }

    pub(crate) fn skip(&mut self) {
        self.at = match self.peek() {
            Some((_, name)) => self.at + 1 + name.count_bytes() + 1,
            None => self.bytes.len(),
        };
    }

    /// Takes out up to `most` entries.
    pub(crate) fn take(&mut self, most: usize, into: &mut Unseen) {
        let start = self.at;
        for _ in 0..most.max(1) {
            if self.is_empty() {
                break;
            }
            self.skip();
        }
        into.bytes.clear();
        into.at = 0;
        into.bytes
            .extend_from_slice(self.bytes.get(start..self.at).unwrap_or_default());
    }

    /// Frees spare memory: the entries may wait for long.
    pub(crate) fn shrink(&mut self) {
        self.bytes.drain(..self.at.min(self.bytes.len()));
        self.at = 0;
        self.bytes.shrink_to_fit();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_come_back_in_order_however_many_are_taken_at_once() {
        let names = [c"a", c"", c"\xff\xfe", c"last"];
        let kinds = [Kind::File, Kind::Unknown, Kind::Directory, Kind::Other];
        for most in 1..6 {
            let mut unseen = Unseen::default();
            for (name, kind) in names.iter().zip(kinds) {
                unseen.push(name, kind);
            }
            let (mut found, mut part) = (Vec::new(), Unseen::default());
            while !unseen.is_empty() {
                unseen.take(most, &mut part);
                unseen.shrink();
                let mut taken = 0;
                while let Some((kind, name)) = part.peek() {
                    found.push((name.to_owned(), kind));
                    part.skip();
                    taken += 1;
                }
                assert!(taken <= most && part.is_empty());
            }
            let expected = names.iter().map(|name| (*name).to_owned()).zip(kinds);
            assert_eq!(found, expected.collect::<Vec<_>>());
        }
    }
}
