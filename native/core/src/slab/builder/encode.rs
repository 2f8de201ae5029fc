//! Writing the slab, and how long it is or may become.

use super::Builder;
use crate::slab::attributes::width;
use crate::slab::columns::ColumnWriter;
use crate::slab::groups::Groups;
use crate::slab::layout::{MAX_SLAB_BYTES, Shape};

/// Maximum length of a link's target (PATH_MAX).
const MAX_TARGET: usize = 4096;

impl Builder {
    /// The exact length of the slab as it is now.
    pub fn encoded_len(&self) -> usize {
        self.shape(self.groups).total() as usize
    }

    /// The exact length of the slab for an index.
    pub fn proven_len(&self) -> usize {
        self.shape(self.proven_groups).total() as usize
    }

    /// Upper bound of the length of either slab, at most 80 bytes above the longer one. Computed after each entry, hence
    /// without rounding.
    #[inline]
    pub fn len_bound(&self) -> usize {
        let tables = self.paths.len() + self.names.len() + self.targets.len();
        self.base_len + self.entry_len * self.entries() + 12 * self.records() + tables
    }

    /// Whether one more entry could make the slab longer than [`MAX_SLAB_BYTES`].
    #[inline]
    pub fn is_full(&self) -> bool {
        self.len_bound() > self.full_len
    }

    /// Writes the slab with sequence number 0. Writes every byte of `out`, whatever it held.
    ///
    /// # Panics
    ///
    /// If `out` is not [`Builder::encoded_len`] bytes long.
    pub fn encode_into(&self, out: &mut [u8]) {
        self.encode(self.groups, &self.statuses, out);
    }

    /// Writes the slab for an index: with the proven statuses.
    ///
    /// # Panics
    ///
    /// If `out` is not [`Builder::proven_len`] bytes long.
    pub fn encode_proven_into(&self, out: &mut [u8]) {
        let proven = self.evidence().map(|evidence| &evidence.statuses[..]);
        let statuses = proven.unwrap_or(&self.statuses);
        self.encode(self.proven_groups, statuses, out);
    }

    fn encode(&self, groups: Groups, statuses: &[u32], out: &mut [u8]) {
        let mut columns = ColumnWriter::new(out);
        columns.header(self.tag, &self.shape(groups));
        self.attributes.encode(groups, &mut columns);
        if groups.contains(Groups::TARGET) {
            columns.put(&self.target_ends, u32::to_le_bytes);
        }
        columns.put_ends(&self.starts, self.entries() as u32);
        columns.put(&self.path_ends, u32::to_le_bytes);
        columns.put(statuses, u32::to_le_bytes);
        columns.put(&self.name_ends, u32::to_le_bytes);
        columns.put_bytes(&self.kinds);
        columns.put_bytes(&self.paths);
        columns.put_bytes(&self.names);
        if groups.contains(Groups::TARGET) {
            columns.put_bytes(&self.targets);
        }
        columns.end();
    }

    fn shape(&self, groups: Groups) -> Shape {
        let targets = match groups.contains(Groups::TARGET) {
            true => self.targets.len(),
            false => 0,
        };
        Shape {
            groups,
            records: self.statuses.len() as u32,
            entries: self.kinds.len() as u32,
            path_bytes: self.paths.len() as u32,
            name_bytes: self.names.len() as u32,
            target_bytes: targets as u32,
        }
    }
}

/// Bytes of an entry without its name and target.
pub(super) fn entry_len(groups: Groups) -> usize {
    let target_end = if groups.contains(Groups::TARGET) {
        4
    } else {
        0
    };
    5 + target_end + width(groups)
}

/// See [`Builder::is_full`].
pub(super) fn full_len(groups: Groups) -> usize {
    let target = match groups.contains(Groups::TARGET) {
        true => MAX_TARGET,
        false => 0,
    };
    // The longest entry is a name of 255 bytes and its columns, with padding, and a link's target.
    MAX_SLAB_BYTES - 512 - target
}

/// The header and the most padding there can be.
pub(super) fn base_len(groups: Groups) -> usize {
    match (Groups::METADATA).contains(groups) {
        true => 80,
        false => 120,
    }
}
