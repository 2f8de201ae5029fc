//! Reading a checked slab: iterators over records and entries that borrow from it.

use std::ops::Range;

use super::layout::KIND_NO_METADATA;
use super::{Groups, Kind, Metadata, Slab};

/// Entries of one directory, and possibly how its listing ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record<'a> {
    /// The directory, relative to the root; empty for the root.
    pub path: &'a [u8],
    /// See [`status`](super::status).
    pub status: u32,
    /// Range of the slab's entries.
    pub entries: Range<usize>,
}

/// One entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry<'a> {
    /// Its directory, relative to the root; empty for the root.
    pub directory: &'a [u8],
    /// Its name.
    pub name: &'a [u8],
    /// Its kind.
    pub kind: Kind,
    /// What lstat says of it, if known and asked for.
    pub metadata: Option<Metadata>,
    /// Where a symbolic link leads; empty if not known or not asked for.
    pub target: &'a [u8],
}

impl<'a> Slab<'a> {
    /// The tag, which distinguishes the slabs of one scan from another's.
    pub fn tag(&self) -> u32 {
        self.tag
    }

    /// Position among the scan's slabs, from 0.
    pub fn sequence(&self) -> u32 {
        self.sequence
    }

    /// The groups of attributes that there are columns of.
    pub fn groups(&self) -> Groups {
        self.groups
    }

    /// Number of entries.
    pub fn entry_count(&self) -> usize {
        self.kinds.len()
    }

    /// Number of directory records.
    pub fn record_count(&self) -> usize {
        self.statuses.len()
    }

    /// The directory records, in order.
    pub fn records(&self) -> impl Iterator<Item = Record<'a>> + use<'a> {
        let slab = *self;
        (0..slab.record_count()).map(move |index| slab.record(index))
    }

    /// The entries, in order.
    pub fn entries(&self) -> Entries<'a> {
        self.entries_from(0)
    }

    /// The entries from the given index on; none if it is beyond the last.
    pub fn entries_from(&self, from: usize) -> Entries<'a> {
        let record = self.entries_ends.partition_point(|end| word(end) <= from);
        Entries {
            slab: *self,
            next: from,
            name_start: end_before(self.name_ends, from),
            target_start: end_before(self.target_ends, from),
            record,
            record_end: from,
            directory: &[],
        }
    }

    fn record(&self, index: usize) -> Record<'a> {
        let end = |ends: &[[u8; 4]]| ends.get(index).map_or(0, word);
        let path = end_before(self.path_ends, index)..end(self.path_ends);
        Record {
            path: self.paths.get(path).unwrap_or_default(),
            status: self
                .statuses
                .get(index)
                .map_or(0, |bytes| u32::from_le_bytes(*bytes)),
            entries: end_before(self.entries_ends, index)..end(self.entries_ends),
        }
    }
}

/// The entries of a slab, in order.
#[derive(Clone, Debug)]
pub struct Entries<'a> {
    slab: Slab<'a>,
    next: usize,
    name_start: usize,
    target_start: usize,
    /// The record to go to when `record_end` is reached.
    record: usize,
    record_end: usize,
    directory: &'a [u8],
}

impl<'a> Iterator for Entries<'a> {
    type Item = Entry<'a>;

    #[inline]
    fn next(&mut self) -> Option<Entry<'a>> {
        let kind = *self.slab.kinds.get(self.next)?;
        let name_end = word(self.slab.name_ends.get(self.next)?);
        // Also skips records without entries.
        while self.next >= self.record_end && self.record < self.slab.record_count() {
            let record = self.slab.record(self.record);
            self.directory = record.path;
            self.record_end = record.entries.end;
            self.record += 1;
        }
        let target_end = self.slab.target_ends.get(self.next).map_or(0, word);
        let entry = Entry {
            directory: self.directory,
            name: self.slab.names.get(self.name_start..name_end)?,
            kind: kind_of(kind),
            metadata: self.metadata(kind),
            target: self.slab.targets.get(self.target_start..target_end)?,
        };
        self.name_start = name_end;
        self.target_start = target_end;
        self.next += 1;
        Some(entry)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.slab.entry_count().saturating_sub(self.next);
        (left, Some(left))
    }
}

impl ExactSizeIterator for Entries<'_> {}

impl Entries<'_> {
    #[inline]
    fn metadata(&self, kind: u8) -> Option<Metadata> {
        let is_known = kind & KIND_NO_METADATA == 0 && !self.slab.groups.is_empty();
        is_known.then(|| self.slab.attributes.get(self.next))
    }
}

fn word(bytes: &[u8; 4]) -> usize {
    u32::from_le_bytes(*bytes) as usize
}

/// Where the range begins that ends at `index`.
fn end_before(ends: &[[u8; 4]], index: usize) -> usize {
    index
        .checked_sub(1)
        .and_then(|before| ends.get(before))
        .map_or(0, word)
}

fn kind_of(byte: u8) -> Kind {
    match byte & !KIND_NO_METADATA {
        1 => Kind::File,
        2 => Kind::Directory,
        3 => Kind::Symlink,
        4 => Kind::Other,
        _ => Kind::Unknown,
    }
}
