//! Writes a slab's header and columns, in order, into a given buffer.

use super::layout::{HEADER, MAGIC, Shape, VERSION};

/// The part of the output that is not written yet.
pub(super) struct ColumnWriter<'a> {
    rest: &'a mut [u8],
}

impl ColumnWriter<'_> {
    pub fn new(out: &mut [u8]) -> ColumnWriter<'_> {
        ColumnWriter { rest: out }
    }

    pub fn header(&mut self, tag: u32, shape: &Shape) {
        let (header, _) = self.column(HEADER).as_chunks_mut::<4>();
        let [version_low, version_high] = VERSION.to_le_bytes();
        let [flags_low, flags_high] = shape.groups.bits().to_le_bytes();
        let fields = [
            MAGIC,
            [version_low, version_high, flags_low, flags_high],
            tag.to_le_bytes(),
            [0; 4],
            shape.records.to_le_bytes(),
            shape.entries.to_le_bytes(),
            shape.path_bytes.to_le_bytes(),
            shape.name_bytes.to_le_bytes(),
            shape.target_bytes.to_le_bytes(),
            [0; 4],
        ];
        header.copy_from_slice(&fields);
    }

    /// Copies values; on little-endian machines this compiles to a memcpy.
    pub fn put<T: Copy, const SIZE: usize>(&mut self, values: &[T], bytes: fn(T) -> [u8; SIZE]) {
        let (cells, _) = self.column(SIZE * values.len()).as_chunks_mut::<SIZE>();
        for (cell, value) in cells.iter_mut().zip(values) {
            *cell = bytes(*value);
        }
    }

    /// Writes the ends of consecutive ranges that begin at `starts`; the last one ends at `total`.
    pub fn put_ends(&mut self, starts: &[u32], total: u32) {
        let (cells, _) = self.column(4 * starts.len()).as_chunks_mut::<4>();
        let ends = starts.iter().copied().skip(1).chain(Some(total));
        for (cell, end) in cells.iter_mut().zip(ends) {
            *cell = end.to_le_bytes();
        }
    }

    pub fn put_bytes(&mut self, bytes: &[u8]) {
        self.column(bytes.len()).copy_from_slice(bytes);
    }

    /// Checks that all of the output is written.
    pub fn end(&self) {
        assert!(
            self.rest.is_empty(),
            "the slab is shorter than the bytes given for it"
        );
    }

    /// Takes the next column and zeroes its padding.
    fn column(&mut self, length: usize) -> &mut [u8] {
        let rest = std::mem::take(&mut self.rest);
        let (column, rest) = rest.split_at_mut(length.next_multiple_of(8));
        self.rest = rest;
        let (values, padding) = column.split_at_mut(length);
        padding.fill(0);
        values
    }
}
