//! The entries: each has a folder, a kind and a time. Entries of the same name are adjacent, so
//! that a name is stored once, however many entries have it; `Shard::rows` says where they are.

use std::sync::atomic::{AtomicBool, Ordering};

use super::kind_mtime::{self, Span};
use super::packed::Packed;
use super::row_chunks::Chunk;

#[derive(Debug, Default)]
pub(super) struct NameRows {
    folders: Packed,
    kind_mtimes: KindMtimes,
}

/// Kinds and times, in whichever form is smaller: files that were installed together have few
/// distinct times, others span only some years.
#[derive(Debug)]
enum KindMtimes {
    /// Times relative to the first.
    Since(u32, Packed),
    /// All distinct values, ascending, and the index of each entry's.
    Among(Vec<u32>, Packed),
}

impl Default for KindMtimes {
    fn default() -> KindMtimes {
        KindMtimes::Since(0, Packed::default())
    }
}

impl NameRows {
    /// Rows in the order of their names. The chunks are freed column by column, as far as they have
    /// been read. None if cancelled.
    pub(super) fn new(mut rows: Vec<Chunk>, span: Span, cancel: &AtomicBool) -> Option<NameRows> {
        let most = rows.iter().map(|rows| rows.folders.most()).max();
        let mut folders = Packed::up_to(u64::from(most.unwrap_or_default()));
        for rows in &mut rows {
            if cancel.load(Ordering::Relaxed) {
                return None;
            }
            let own = std::mem::take(&mut rows.folders);
            folders.extend(own.iter().map(u64::from));
        }
        Some(NameRows {
            folders,
            kind_mtimes: KindMtimes::new(rows, span, cancel)?,
        })
    }

    /// How many bytes this many rows take at most, and how many more it takes to find the smaller
    /// form of their times.
    pub(super) fn bytes_for(count: usize, folders: usize, span: Span) -> (usize, usize) {
        let times = Packed::bytes_for(count, u64::from(span.largest()));
        (Packed::bytes_for(count, folders as u64) + times, times / 5)
    }

    pub(super) fn len(&self) -> usize {
        self.folders.len()
    }

    /// What they hold in memory.
    pub(super) fn bytes(&self) -> usize {
        self.folders.bytes()
            + match &self.kind_mtimes {
                KindMtimes::Since(_, numbers) => numbers.bytes(),
                KindMtimes::Among(all, numbers) => all.capacity() * 4 + numbers.bytes(),
            }
    }

    #[inline]
    pub(super) fn folder(&self, row: u32) -> u32 {
        self.folders.get(row as usize) as u32
    }

    #[inline]
    pub(super) fn kind_mtime(&self, row: u32) -> u32 {
        match &self.kind_mtimes {
            KindMtimes::Since(first, numbers) => {
                kind_mtime::later(numbers.get(row as usize) as u32, *first)
            }
            KindMtimes::Among(all, numbers) => {
                let number = numbers.get(row as usize) as usize;
                all.get(number).copied().unwrap_or_default()
            }
        }
    }
}

impl KindMtimes {
    fn new(mut rows: Vec<Chunk>, span: Span, cancel: &AtomicBool) -> Option<KindMtimes> {
        let all = distinct(&rows, span, cancel)?;
        let largest = match &all {
            Some(all) => all.len().saturating_sub(1) as u64,
            None => u64::from(span.largest()),
        };
        let mut numbers = Packed::up_to(largest);
        for rows in &mut rows {
            if cancel.load(Ordering::Relaxed) {
                return None;
            }
            let own = std::mem::take(&mut rows.kind_mtimes);
            match &all {
                Some(all) => {
                    let place = |own| all.partition_point(|other| *other < own) as u64;
                    numbers.extend(own.iter().map(place));
                }
                None => {
                    let since = |own| u64::from(kind_mtime::since(own, span.first()));
                    numbers.extend(own.iter().map(since));
                }
            }
        }
        Some(match all {
            Some(all) => KindMtimes::Among(all, numbers),
            None => KindMtimes::Since(span.first(), numbers),
        })
    }
}

/// All distinct values, ascending, if they are so few that numbers of them take less memory than
/// times. None if cancelled.
fn distinct(rows: &[Chunk], span: Span, cancel: &AtomicBool) -> Option<Option<Vec<u32>>> {
    let count = rows.iter().map(|rows| rows.kind_mtimes.iter().len()).sum();
    let whole = Packed::bytes_for(count, u64::from(span.largest()));
    let mut all = Vec::new();
    for rows in rows {
        if cancel.load(Ordering::Relaxed) {
            return None;
        }
        let mut own: Vec<u32> = rows.kind_mtimes.iter().collect();
        own.dedup();
        own.sort_unstable();
        own.dedup();
        merge(&mut all, own);
        if 4 * all.len() + Packed::bytes_for(count, all.len() as u64) >= whole {
            return Some(None);
        }
    }
    Some(Some(all))
}

/// Adds values to others; both are ascending. In place, from the end, so that nothing is held twice.
fn merge(all: &mut Vec<u32>, mut more: Vec<u32>) {
    let mut known = all.iter().copied().peekable();
    more.retain(|value| {
        while known.next_if(|known| known < value).is_some() {}
        known.peek() != Some(value)
    });
    let (mut from, mut to) = (all.len(), all.len() + more.len());
    all.reserve_exact(more.len());
    all.resize(to, 0);
    while let Some(&value) = more.last() {
        let before = from.checked_sub(1).and_then(|at| all.get(at).copied());
        let last = match before.filter(|before| *before > value) {
            Some(before) => {
                from -= 1;
                before
            }
            None => {
                more.pop();
                value
            }
        };
        to -= 1;
        if let Some(place) = all.get_mut(to) {
            *place = last;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::row_chunks::Row;
    use super::*;
    use proptest::prelude::*;

    static NEVER: AtomicBool = AtomicBool::new(false);

    fn packed(folders: &[u32], kind_mtimes: &[u32], cancel: &AtomicBool) -> Option<NameRows> {
        let rows = folders.iter().zip(kind_mtimes);
        let rows: Vec<Row> = rows
            .map(|(&folder, &kind_mtime)| Row {
                name: 0,
                folder,
                kind_mtime,
            })
            .collect();
        let span = kind_mtimes
            .iter()
            .fold(Span::default(), |span, own| span.with(*own));
        NameRows::new(rows.chunks(37).map(Chunk::new).collect(), span, cancel)
    }

    #[test]
    fn a_cancel_ends_it() {
        assert!(packed(&[1], &[1], &AtomicBool::new(true)).is_none());
        assert!(packed(&[1], &[1], &NEVER).is_some());
    }

    proptest! {
        #[test]
        fn rows_come_back(
            rows in prop::collection::vec((any::<u32>(), any::<u32>()), 0..90),
            kinds in 1..9_u32,
            times in 0..30_u32,
        ) {
            let folders: Vec<u32> = rows.iter().map(|row| row.0).collect();
            for kind_mtimes in [
                rows.iter().map(|row| row.1).collect::<Vec<_>>(),
                rows.iter().map(|row| row.1 % kinds).collect(),
                rows.iter().map(|row| (row.1 >> times).max(1 << 27)).collect(),
                rows.iter().flat_map(|row| [row.1 % kinds + 80_000; 50]).take(rows.len()).collect(),
            ] {
                let packed = packed(&folders, &kind_mtimes, &NEVER).unwrap();
                let found: Vec<_> = (0..rows.len() as u32)
                    .map(|row| (packed.folder(row), packed.kind_mtime(row)))
                    .collect();
                let expected: Vec<_> = folders.iter().copied().zip(kind_mtimes).collect();
                prop_assert_eq!(found, expected);
            }
        }

        #[test]
        fn values_are_merged(parts in prop::collection::vec(prop::collection::btree_set(0..40_u32, 0..20), 0..9)) {
            let mut all = Vec::new();
            for part in &parts {
                merge(&mut all, part.iter().copied().collect());
            }
            let expected: BTreeSet<u32> = parts.into_iter().flatten().collect();
            prop_assert_eq!(all, expected.into_iter().collect::<Vec<_>>());
        }
    }
}
