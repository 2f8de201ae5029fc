//! Sorts rows by their names, in little more memory than they already take: they are dealt out to
//! parts, each for the rows of a range of places, and a part is sorted once it has them all.

use std::sync::atomic::{AtomicBool, Ordering};

use super::row_chunks::{Chunk, Row, RowChunks};
use super::shard::{Entries, FULL, Shard};

/// Minimum number of rows in a part, but for the last.
const LEAST: usize = 1 << 16;
/// There are up to this many parts: each has an open chunk, and takes room of its own while it is
/// sorted.
const PARTS: usize = 128;
/// Rows in a chunk of a part.
const CHUNK: usize = 1 << 9;

/// About how many bytes sorting takes besides the rows.
pub(super) fn bytes_for(names: usize, rows: usize) -> usize {
    let length = part(rows);
    let open = rows.div_ceil(length) * CHUNK;
    // Where the next row of each name goes, and what the shards know of it in the end.
    8 * names + (open + length.min(rows)) * size_of::<Row>()
}

/// Number of rows in a part.
fn part(rows: usize) -> usize {
    (rows / PARTS).next_power_of_two().max(LEAST)
}

/// Sorts rows by name, and records in the shards where they are. Rows of the same name keep their
/// order. The chunks that come out hold no names any more. None if cancelled.
pub(super) fn sort(
    rows: RowChunks,
    shards: &mut [Shard],
    cancel: &AtomicBool,
) -> Option<Vec<Chunk>> {
    let count = rows.len();
    let chunks = rows.into_chunks();
    let mut places = places(&chunks, shards, cancel)?;
    let length = part(count);
    let parts = 0..count.div_ceil(length);
    let mut parts: Vec<SortPart> = parts
        .map(|_| SortPart::Filling(RowChunks::new(CHUNK)))
        .collect();
    let mut room = vec![Row::default(); length.min(count)];
    for chunk in chunks {
        if cancel.load(Ordering::Relaxed) {
            return None;
        }
        for row in chunk.rows() {
            let next = places.get_mut(row.name as usize);
            let place = next.map_or(0, |next| std::mem::replace(next, *next + 1) as usize);
            if let Some(part) = parts.get_mut(place / length) {
                let name = (place % length) as u32;
                part.push(Row { name, ..row }, length, &mut room);
            }
        }
    }
    drop(places);
    let parts = parts.into_iter();
    Some(parts.map(|part| part.sorted(&mut room)).collect())
}

/// Where the next row of each name goes.
fn places(chunks: &[Chunk], shards: &mut [Shard], cancel: &AtomicBool) -> Option<Vec<u32>> {
    // First the number of rows of each name.
    let mut places = vec![0_u32; shards.len() * FULL];
    for chunk in chunks {
        if cancel.load(Ordering::Relaxed) {
            return None;
        }
        for name in chunk.names.iter() {
            if let Some(count) = places.get_mut(name as usize) {
                *count += 1;
            }
        }
    }
    let mut first = 0;
    for (shard, places) in shards.iter_mut().zip(places.chunks_mut(FULL)) {
        let places = places.get_mut(..shard.len()).unwrap_or_default();
        // No overflow: `Builder` takes fewer than `u32::MAX` rows in all.
        let count: u32 = places.iter().sum();
        shard.set_entries(Entries::new(first, places));
        first += count;
    }
    Some(places)
}

/// The rows of a range of places. Until it is sorted, each has its place in the part for a name.
enum SortPart {
    Filling(RowChunks),
    Sorted(Chunk),
}

impl SortPart {
    fn push(&mut self, row: Row, length: usize, room: &mut [Row]) {
        let SortPart::Filling(rows) = self else {
            return;
        };
        rows.push(row);
        if rows.len() == length {
            let rows = std::mem::replace(rows, RowChunks::new(CHUNK));
            *self = SortPart::Sorted(sorted(rows, room));
        }
    }

    fn sorted(self, room: &mut [Row]) -> Chunk {
        match self {
            SortPart::Filling(rows) => sorted(rows, room),
            SortPart::Sorted(chunk) => chunk,
        }
    }
}

fn sorted(rows: RowChunks, room: &mut [Row]) -> Chunk {
    let count = rows.len();
    for chunk in rows.into_chunks() {
        for row in chunk.rows() {
            if let Some(place) = room.get_mut(row.name as usize) {
                *place = Row { name: 0, ..row };
            }
        }
    }
    Chunk::new(room.get(..count).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    static NEVER: AtomicBool = AtomicBool::new(false);

    /// Names in shards, and rows of them: more than a part has.
    fn rows(count: u32, name: impl Fn(u32) -> u32) -> (Vec<Row>, Vec<Shard>) {
        let rows: Vec<Row> = (0..count)
            .map(|at| Row {
                name: name(at),
                folder: at,
                kind_mtime: at % 7,
            })
            .collect();
        let names = rows.iter().map(|row| row.name as usize + 1).max();
        let mut shards = Vec::new();
        for at in 0..names.unwrap_or_default() {
            if at % FULL == 0 {
                shards.push(Shard::default());
            }
            shards.last_mut().unwrap().push(format!("{at}").as_bytes());
        }
        (rows, shards)
    }

    fn chunks(rows: &[Row]) -> RowChunks {
        let mut chunks = RowChunks::new(1_000);
        rows.iter().for_each(|row| chunks.push(*row));
        chunks
    }

    #[test]
    fn rows_of_a_name_lie_together_in_their_order() {
        let few = |at: u32| at % 3;
        let many = |at: u32| at.wrapping_mul(2_654_435_761) % 70_000;
        let mostly_one = |at: u32| if at.is_multiple_of(5) { at / 5 } else { 0 };
        for name in [few, many, mostly_one, |_| 0, |at| at] {
            let (rows, mut shards) = rows(3 * LEAST as u32 + 5_000, name);
            let sorted = sort(chunks(&rows), &mut shards, &NEVER).unwrap();
            let sorted: Vec<Row> = sorted.iter().flat_map(Chunk::rows).collect();
            assert_eq!(sorted.len(), rows.len());
            let mut expected = vec![Vec::new(); shards.len() * FULL];
            for row in &rows {
                expected[row.name as usize].push((row.folder, row.kind_mtime));
            }
            let of_names = shards.iter().flat_map(Shard::each_rows);
            for (places, expected) in of_names.zip(expected) {
                let found = &sorted[places.start as usize..places.end as usize];
                let found: Vec<_> = found
                    .iter()
                    .map(|row| (row.folder, row.kind_mtime))
                    .collect();
                assert_eq!(found, expected);
            }
        }
    }

    #[test]
    fn a_cancel_ends_it() {
        let (rows, mut shards) = rows(10, |at| at);
        assert!(sort(chunks(&rows), &mut shards, &AtomicBool::new(true)).is_none());
    }
}
