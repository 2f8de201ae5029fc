//! The layout of a slab: offsets of the header, lengths of the columns. Nothing is read or written here except the
//! sequence number, which is patched into a finished slab.

use super::attributes::columns_len;
use super::groups::Groups;

/// Maximum length of a slab, in bytes; only a single longer record may exceed it.
pub const MAX_SLAB_BYTES: usize = 256 * 1024;

/// First bytes of every slab.
pub(super) const MAGIC: [u8; 4] = *b"ASLB";
/// The only version.
pub(super) const VERSION: u16 = 1;
/// Length of the header.
pub(super) const HEADER: usize = 40;
/// Bit of a kind byte: the attributes are unknown.
pub(super) const KIND_NO_METADATA: u8 = 0x80;

/// Offset of the sequence number in the header.
const SEQUENCE: usize = 12;

/// Writes the sequence number into a finished slab. Does nothing if it is shorter than a header.
pub fn set_sequence(slab: &mut [u8], sequence: u32) {
    if slab.len() < HEADER {
        return;
    }
    if let Some(field) = slab.get_mut(SEQUENCE..SEQUENCE + 4) {
        field.copy_from_slice(&sequence.to_le_bytes());
    }
}

/// The counts of a header, which determine all lengths.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shape {
    pub groups: Groups,
    pub records: u32,
    pub entries: u32,
    pub path_bytes: u32,
    pub name_bytes: u32,
    /// 0 without [`Groups::TARGET`].
    pub target_bytes: u32,
}

impl Shape {
    /// Length of the slab: always below 2^39, so it cannot overflow.
    pub fn total(&self) -> u64 {
        let records = u64::from(self.records);
        let entries = u64::from(self.entries);
        let target_ends = match self.groups.contains(Groups::TARGET) {
            true => padded(4 * entries),
            false => 0,
        };
        HEADER as u64
            + columns_len(self.groups, entries)
            + target_ends
            + 3 * padded(4 * records)
            + padded(4 * entries)
            + padded(entries)
            + padded(u64::from(self.path_bytes))
            + padded(u64::from(self.name_bytes))
            + padded(u64::from(self.target_bytes))
    }
}

/// The next multiple of 8.
pub(super) const fn padded(length: u64) -> u64 {
    length.next_multiple_of(8)
}
