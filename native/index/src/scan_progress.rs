//! How far a running scan is, for other processes: the file `<db>-scan`, in which the writer keeps a
//! slot for each scan while it runs. A scan that changes nothing writes nothing to the database, so
//! that without it nobody else would see such a scan move.
//!
//! A slot has 512 bytes, little-endian: a checksum of what follows, the version, the scan's row, the
//! counts, the time in ms, and the end of the current directory's path. A free slot is all zeros. The
//! writer overwrites a slot as a whole; a reader that meets one half written passes over it.

use std::time::Duration;

use crate::fnv::fnv;

/// Size of a slot.
pub(crate) const SLOT: usize = 512;
/// Maximum number of bytes of a path that are kept: its end.
const MAX_CURRENT: usize = 256;
const VERSION: u64 = 1;
/// Where there is no number of expected entries.
const UNKNOWN: u64 = u64::MAX;
/// Numbers in front of the path, the checksum included.
const NUMBERS: usize = 9;

/// How far a scan is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ScanProgress {
    /// Entries that the walk has found.
    pub found: u64,
    /// Entries that are written.
    pub kept: u64,
    /// Entries expected in all, where that is known.
    pub expected: Option<u64>,
    /// Errors met.
    pub errors: u64,
    /// Time since the start, to the millisecond.
    pub elapsed: Duration,
    /// A directory being listed, relative to the root: the last 256 bytes of its path.
    pub current: Vec<u8>,
}

impl ScanProgress {
    pub(crate) fn encode(&self, scan: i64) -> [u8; SLOT] {
        let from = self.current.len().saturating_sub(MAX_CURRENT);
        let current = self.current.get(from..).unwrap_or_default();
        let elapsed = u64::try_from(self.elapsed.as_millis()).unwrap_or(u64::MAX);
        let numbers = [
            VERSION,
            scan.cast_unsigned(),
            self.found,
            self.kept,
            self.expected.unwrap_or(UNKNOWN),
            self.errors,
            elapsed,
            current.len() as u64,
        ];
        let mut content: Vec<u8> = numbers.into_iter().flat_map(u64::to_le_bytes).collect();
        content.extend_from_slice(current);
        content.resize(SLOT - 8, 0);
        let mut slot = [0; SLOT];
        let sum = fnv(content.iter().copied()).to_le_bytes();
        let bytes = sum.into_iter().chain(content);
        slot.iter_mut().zip(bytes).for_each(|(to, byte)| *to = byte);
        slot
    }

    /// The scan's row, and how far it is; None for a slot that is free, or half written.
    pub(crate) fn decode(slot: &[u8]) -> Option<(i64, ScanProgress)> {
        let (numbers, rest) = slot.split_at_checked(NUMBERS * 8)?;
        let mut numbers = numbers
            .as_chunks()
            .0
            .iter()
            .map(|bytes| u64::from_le_bytes(*bytes));
        let sum = numbers.next()?;
        if numbers.next()? != VERSION || sum != fnv(slot.get(8..SLOT)?.iter().copied()) {
            return None;
        }
        let scan = numbers.next()?.cast_signed();
        let mut next = || numbers.next();
        let (found, kept, expected) = (next()?, next()?, next()?);
        let (errors, elapsed, length) = (next()?, next()?, next()?);
        let progress = ScanProgress {
            found,
            kept,
            expected: (expected != UNKNOWN).then_some(expected),
            errors,
            elapsed: Duration::from_millis(elapsed),
            current: rest.get(..usize::try_from(length).ok()?)?.to_vec(),
        };
        Some((scan, progress))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_slot_gives_back_what_was_written(
            scan: i64, found: u64, kept: u64, expected in prop::option::of(0..UNKNOWN), errors: u64, elapsed: u64,
            current in prop::collection::vec(any::<u8>(), 0..600), torn in 0..SLOT,
        ) {
            let elapsed = Duration::from_millis(elapsed);
            let progress = ScanProgress { found, kept, expected, errors, elapsed, current: current.clone() };
            let slot = progress.encode(scan);
            let kept_part = current[current.len().saturating_sub(MAX_CURRENT)..].to_vec();
            let expected = ScanProgress { current: kept_part, ..progress };
            prop_assert_eq!(ScanProgress::decode(&slot), Some((scan, expected)));
            let mut half = slot;
            half[torn] ^= 1;
            prop_assert_eq!(ScanProgress::decode(&half), None);
            prop_assert_eq!(ScanProgress::decode(&slot[..torn]), None);
        }
    }

    #[test]
    fn a_free_slot_says_nothing() {
        assert_eq!(ScanProgress::decode(&[0; SLOT]), None);
    }
}
