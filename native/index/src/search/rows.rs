//! The entries: each has a folder, a kind and a time. Entries of the same name are adjacent, so
//! that a name is stored once, however many entries have it; `Shard::rows` says where they are.

use super::kind_mtime;
use super::packed::Packed;
use super::shard::{Entries, FULL, Shard};

/// An entry, before they are sorted.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row {
    /// The number of its name.
    pub(super) name: u32,
    pub(super) folder: u32,
    pub(super) kind_mtime: u32,
}

#[derive(Debug, Default)]
pub(super) struct Rows {
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

impl Rows {
    /// Sorts rows by name, and records in the shards where they are. Rows of the same name keep
    /// their order.
    pub(super) fn sorted(rows: &[Row], shards: &mut [Shard]) -> Rows {
        // The number of rows of each name; then where its next row goes.
        let mut places = vec![0_u32; shards.len() * FULL];
        for row in rows {
            if let Some(count) = places.get_mut(row.name as usize) {
                *count += 1;
            }
        }
        let mut first = 0;
        for (shard, places) in shards.iter_mut().zip(places.chunks_mut(FULL)) {
            let places = places.get_mut(..shard.len()).unwrap_or_default();
            let count: u32 = places.iter().sum();
            shard.set_entries(Entries::new(first, places));
            first += count;
        }
        let (mut folders, mut kind_mtimes) = (vec![0; rows.len()], vec![0; rows.len()]);
        for row in rows {
            let next = places.get_mut(row.name as usize);
            let place = next.map_or(0, |next| std::mem::replace(next, *next + 1) as usize);
            if let Some(folder) = folders.get_mut(place) {
                *folder = row.folder;
            }
            if let Some(kind_mtime) = kind_mtimes.get_mut(place) {
                *kind_mtime = row.kind_mtime;
            }
        }
        Rows::new(&folders, &kind_mtimes)
    }

    /// Rows in the order of their names.
    fn new(folders: &[u32], kind_mtimes: &[u32]) -> Rows {
        Rows {
            folders: Packed::new(folders.iter().map(|folder| u64::from(*folder))),
            kind_mtimes: KindMtimes::new(kind_mtimes),
        }
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
    fn new(own: &[u32]) -> KindMtimes {
        let first = own.iter().filter_map(|own| kind_mtime::before(*own)).min();
        let first = first.unwrap_or_default();
        let since = own
            .iter()
            .map(|own| u64::from(kind_mtime::since(*own, first)));
        let mut all = own.to_vec();
        all.sort_unstable();
        all.dedup();
        let largest = since.clone().max().unwrap_or_default();
        let is_smaller = 4 * all.len() + Packed::bytes_for(own.len(), all.len() as u64)
            < Packed::bytes_for(own.len(), largest);
        if is_smaller {
            all.shrink_to_fit();
            let place = |own: &u32| all.partition_point(|other| other < own) as u64;
            let numbers = Packed::new(own.iter().map(place));
            return KindMtimes::Among(all, numbers);
        }
        KindMtimes::Since(first, Packed::new(since))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

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
                let packed = Rows::new(&folders, &kind_mtimes);
                let found: Vec<_> = (0..rows.len() as u32)
                    .map(|row| (packed.folder(row), packed.kind_mtime(row)))
                    .collect();
                let expected: Vec<_> = folders.iter().copied().zip(kind_mtimes).collect();
                prop_assert_eq!(found, expected);
            }
        }
    }
}
