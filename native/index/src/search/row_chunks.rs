//! Rows while names are read and sorted. They are packed chunk by chunk: so they take about as much
//! memory as in the end, no more is needed for a moment when their number grows, and chunks are
//! freed one by one as their rows are used.

use super::packed::Packed;

/// An entry.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Row {
    /// The number of its name.
    pub(super) name: u32,
    pub(super) folder: u32,
    pub(super) kind_mtime: u32,
}

/// Numbers, stored as their distances from the least.
#[derive(Debug, Default)]
pub(super) struct Column {
    least: u32,
    most: u32,
    distances: Packed,
}

impl Column {
    fn new(numbers: impl ExactSizeIterator<Item = u32> + Clone) -> Column {
        let (least, most) = numbers
            .clone()
            .fold((u32::MAX, 0), |(least, most), number| {
                (least.min(number), most.max(number))
            });
        Column {
            least,
            most,
            distances: Packed::with(
                u64::from(most.saturating_sub(least)),
                numbers.map(|number| u64::from(number - least)),
            ),
        }
    }

    /// The largest of them.
    pub(super) fn most(&self) -> u32 {
        self.most
    }

    pub(super) fn iter(&self) -> impl ExactSizeIterator<Item = u32> + Clone {
        let least = self.least;
        let distances = self.distances.iter();
        distances.map(move |distance| least + distance as u32)
    }
}

/// Rows, column by column.
#[derive(Debug)]
pub(super) struct Chunk {
    pub(super) names: Column,
    pub(super) folders: Column,
    pub(super) kind_mtimes: Column,
}

impl Chunk {
    pub(super) fn new(rows: &[Row]) -> Chunk {
        Chunk {
            names: Column::new(rows.iter().map(|row| row.name)),
            folders: Column::new(rows.iter().map(|row| row.folder)),
            kind_mtimes: Column::new(rows.iter().map(|row| row.kind_mtime)),
        }
    }

    pub(super) fn rows(&self) -> impl Iterator<Item = Row> {
        let names = self.names.iter().zip(self.folders.iter());
        let rows = names.zip(self.kind_mtimes.iter());
        rows.map(|((name, folder), kind_mtime)| Row {
            name,
            folder,
            kind_mtime,
        })
    }

    fn bytes(&self) -> usize {
        let columns = [&self.names, &self.folders, &self.kind_mtimes];
        let columns = columns.iter().map(|column| column.distances.bytes());
        columns.sum::<usize>() + size_of::<Chunk>()
    }
}

/// Rows in the order in which they came.
#[derive(Debug)]
pub(super) struct RowChunks {
    full: Vec<Chunk>,
    /// Not packed yet.
    open: Vec<Row>,
    /// Number of rows in a full chunk.
    each: usize,
    /// What the full ones hold in memory.
    bytes: usize,
}

impl RowChunks {
    pub(super) fn new(each: usize) -> RowChunks {
        RowChunks {
            full: Vec::new(),
            open: Vec::new(),
            each,
            bytes: 0,
        }
    }

    pub(super) fn push(&mut self, row: Row) {
        self.open.push(row);
        if self.open.len() == self.each {
            self.close();
        }
    }

    fn close(&mut self) {
        let chunk = Chunk::new(&self.open);
        self.bytes += chunk.bytes();
        self.full.push(chunk);
        self.open.clear();
    }

    pub(super) fn len(&self) -> usize {
        self.full.len() * self.each + self.open.len()
    }

    /// What they hold in memory.
    pub(super) fn bytes(&self) -> usize {
        self.bytes + self.open.capacity() * size_of::<Row>()
    }

    /// All of them, the last ones packed as well.
    pub(super) fn into_chunks(mut self) -> Vec<Chunk> {
        if !self.open.is_empty() {
            self.close();
        }
        self.full
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn rows_come_back(
            rows in prop::collection::vec(any::<[u32; 3]>(), 0..90),
            each in 1..40_usize,
            shift in 0..32,
        ) {
            let rows: Vec<[u32; 3]> = rows.iter().map(|row| row.map(|number| number >> shift)).collect();
            let mut chunks = RowChunks::new(each);
            for &[name, folder, kind_mtime] in &rows {
                chunks.push(Row { name, folder, kind_mtime });
            }
            prop_assert_eq!(chunks.len(), rows.len());
            let chunks = chunks.into_chunks();
            let found: Vec<[u32; 3]> = chunks
                .iter()
                .flat_map(Chunk::rows)
                .map(|row| [row.name, row.folder, row.kind_mtime])
                .collect();
            prop_assert_eq!(found, rows);
        }
    }
}
