//! Collects entries by column and writes them as one slab. `Builder::entry` runs for every entry of a scan, millions of
//! times a second: it only appends to columns that keep their capacity.

use super::columns::ColumnWriter;
use super::layout::{KIND_NO_METADATA, MAX_SLAB_BYTES, Shape};
use super::{Kind, Metadata, status};
use crate::evidence::{Evidence, MountIdentity};

/// Number of entries to reserve at the first one, so that the columns do not grow step by step.
const FIRST_ENTRIES: usize = 256;
/// Number of name bytes to reserve.
const FIRST_NAME_BYTES: usize = 8 * 1024;

/// A slab under construction.
///
/// Counts and table lengths are u32 in the format. The owner of a builder packs and clears it at about
/// [`MAX_SLAB_BYTES`], long before they overflow.
#[derive(Debug)]
pub struct Builder {
    tag: u32,
    metadata: bool,
    /// The directory opened last.
    path: Vec<u8>,
    /// Whether that directory has an open record in this slab.
    recording: bool,

    evidence: Option<Box<Gathered>>,

    /// Columns of records. A record ends where the next one starts, the last one at the end of all entries.
    starts: Vec<u32>,
    path_ends: Vec<u32>,
    statuses: Vec<u32>,
    paths: Vec<u8>,

    /// Columns of entries.
    sizes: Vec<u64>,
    mtimes: Vec<i64>,
    name_ends: Vec<u32>,
    kinds: Vec<u8>,
    names: Vec<u8>,
}

/// Evidence collected beside a slab.
#[derive(Debug, Default)]
struct Gathered {
    found: Evidence,
    /// Stamp and mount of the directory opened last.
    stamp: u64,
    mount: Option<MountIdentity>,
}

impl Builder {
    /// An empty builder, which allocates nothing until it is used. The root is the opened directory.
    pub fn new(tag: u32, metadata: bool) -> Builder {
        Builder {
            tag,
            metadata,
            path: Vec::new(),
            recording: false,
            evidence: None,
            starts: Vec::new(),
            path_ends: Vec::new(),
            statuses: Vec::new(),
            paths: Vec::new(),
            sizes: Vec::new(),
            mtimes: Vec::new(),
            name_ends: Vec::new(),
            kinds: Vec::new(),
            names: Vec::new(),
        }
    }

    /// Opens the directory that later entries belong to; `write_path` puts its path into the empty Vec that it gets.
    /// The record begins with the first entry, or with [`Builder::close`].
    pub fn open(&mut self, write_path: impl FnOnce(&mut Vec<u8>)) {
        self.path.clear();
        write_path(&mut self.path);
        self.recording = false;
    }

    /// Makes the builder also collect what an index has to know of each record.
    pub fn with_evidence(mut self) -> Builder {
        self.evidence = Some(Box::default());
        self
    }

    /// The evidence beside the slab, if it is collected.
    pub fn evidence(&self) -> Option<&Evidence> {
        self.evidence.as_deref().map(|gathered| &gathered.found)
    }

    /// Notes when the listing of the directory just opened began, and which mount point it is.
    pub fn attest(&mut self, stamp: u64, mount: Option<MountIdentity>) {
        if let Some(gathered) = &mut self.evidence {
            gathered.stamp = stamp;
            gathered.mount = mount;
        }
    }

    /// Like [`Builder::close`], with a separate status for an index.
    pub fn close_as(&mut self, status: u32, proven: u32) {
        self.close(status);
        if let Some(gathered) = &mut self.evidence
            && let Some(last) = gathered.found.statuses.last_mut()
        {
            *last = proven;
        }
    }

    /// Path of the directory opened last, even after [`Builder::clear`].
    pub fn path(&self) -> &[u8] {
        &self.path
    }

    /// Adds an entry to the opened directory. Without metadata, its size and mtime are marked as unknown, if the slab
    /// has these columns.
    #[inline(always)]
    pub fn entry(&mut self, name: &[u8], kind: Kind, metadata: Option<Metadata>) {
        if !self.recording {
            self.begin_record();
        }
        self.names.extend_from_slice(name);
        self.name_ends.push(self.names.len() as u32);
        let mut kind = kind as u8;
        if self.metadata {
            let (size, mtime) = match metadata {
                Some(known) => (known.size, known.mtime),
                None => {
                    kind |= KIND_NO_METADATA;
                    (0, 0)
                }
            };
            self.sizes.push(size);
            self.mtimes.push(mtime);
        }
        self.kinds.push(kind);
    }

    /// Closes the opened directory with this status, in its record or in an empty one.
    pub fn close(&mut self, status: u32) {
        if !self.recording {
            self.begin_record();
        }
        if let Some(last) = self.statuses.last_mut() {
            *last = status;
        }
        if let Some(gathered) = &mut self.evidence
            && let Some(last) = gathered.found.statuses.last_mut()
        {
            *last = status;
        }
        self.recording = false;
    }

    /// Number of entries since the last [`Builder::clear`].
    pub fn entries(&self) -> usize {
        self.kinds.len()
    }

    /// Number of directory records begun since the last [`Builder::clear`].
    pub fn records(&self) -> usize {
        self.statuses.len()
    }

    /// Whether there is nothing to send. A record without entries counts as something.
    pub fn is_empty(&self) -> bool {
        self.statuses.is_empty()
    }

    /// The exact length of the slab as it is now.
    pub fn encoded_len(&self) -> usize {
        self.shape().total() as usize
    }

    /// Upper bound of the slab's length, at most 40 bytes above it. Computed after each entry, hence without rounding.
    #[inline]
    pub fn len_bound(&self) -> usize {
        let entry = if self.metadata { 21 } else { 5 };
        80 + entry * self.entries() + 12 * self.records() + self.paths.len() + self.names.len()
    }

    /// Writes the slab with sequence number 0. Writes every byte of `out`, whatever it held.
    ///
    /// # Panics
    ///
    /// If `out` is not [`Builder::encoded_len`] bytes long.
    pub fn encode_into(&self, out: &mut [u8]) {
        self.encode(&self.statuses, out);
    }

    /// Writes the slab for an index: with the proven statuses.
    ///
    /// # Panics
    ///
    /// If `out` is not [`Builder::encoded_len`] bytes long.
    pub fn encode_proven_into(&self, out: &mut [u8]) {
        let proven = self.evidence().map(|evidence| &evidence.statuses[..]);
        self.encode(proven.unwrap_or(&self.statuses), out);
    }

    fn encode(&self, statuses: &[u32], out: &mut [u8]) {
        let mut columns = ColumnWriter::new(out);
        columns.header(self.tag, &self.shape());
        if self.metadata {
            columns.put(&self.sizes, u64::to_le_bytes);
            columns.put(&self.mtimes, i64::to_le_bytes);
        }
        columns.put_ends(&self.starts, self.entries() as u32);
        columns.put(&self.path_ends, u32::to_le_bytes);
        columns.put(statuses, u32::to_le_bytes);
        columns.put(&self.name_ends, u32::to_le_bytes);
        columns.put_bytes(&self.kinds);
        columns.put_bytes(&self.paths);
        columns.put_bytes(&self.names);
        columns.end();
    }

    /// Removes the entries, as after sending, and keeps the columns' memory. The opened directory stays open: its next
    /// entry begins a new record.
    pub fn clear(&mut self) {
        self.recording = false;
        self.starts.clear();
        self.path_ends.clear();
        self.statuses.clear();
        self.paths.clear();
        self.sizes.clear();
        self.mtimes.clear();
        self.name_ends.clear();
        self.kinds.clear();
        self.names.clear();
        if let Some(gathered) = &mut self.evidence {
            gathered.found.stamps.clear();
            gathered.found.statuses.clear();
            gathered.found.mounts.clear();
        }
        // A very deep tree may have paths of megabytes: do not keep those for the builder's life.
        self.path.shrink_to(MAX_SLAB_BYTES);
        self.paths.shrink_to(MAX_SLAB_BYTES);
    }

    /// Frees the columns' memory of an empty builder. The opened directory stays open.
    pub fn release(&mut self) {
        self.starts = Vec::new();
        self.path_ends = Vec::new();
        self.statuses = Vec::new();
        self.paths = Vec::new();
        self.sizes = Vec::new();
        self.mtimes = Vec::new();
        self.name_ends = Vec::new();
        self.kinds = Vec::new();
        self.names = Vec::new();
    }

    /// Heap memory held, in bytes.
    pub fn capacity_bytes(&self) -> usize {
        let words = self.starts.capacity()
            + self.path_ends.capacity()
            + self.statuses.capacity()
            + self.name_ends.capacity();
        let longs = self.sizes.capacity() + self.mtimes.capacity();
        let bytes = self.path.capacity()
            + self.paths.capacity()
            + self.kinds.capacity()
            + self.names.capacity();
        4 * words + 8 * longs + bytes
    }

    /// Moves everything from another builder of the same kind to the end of this one. If the first record there
    /// continues the last directory here, the two records become one.
    pub fn append(&mut self, other: &mut Builder) {
        let (entries, paths, names) = (
            self.kinds.len() as u32,
            self.paths.len() as u32,
            self.names.len() as u32,
        );
        let joins = usize::from(self.goes_on_in(other));
        let behind = |column: &[u32], by: u32| -> Vec<u32> {
            let column = column.get(joins..).unwrap_or_default();
            column.iter().map(|value| value + by).collect()
        };
        let joined = match joins {
            0 => 0,
            _ => other.path_ends.first().copied().unwrap_or(0),
        };
        self.starts.extend(behind(&other.starts, entries));
        let ends = behind(&other.path_ends, paths);
        self.path_ends.extend(ends.iter().map(|end| end - joined));
        if let (1, Some(status), Some(last)) =
            (joins, other.statuses.first(), self.statuses.last_mut())
        {
            *last = *status;
        }
        self.statuses
            .extend_from_slice(other.statuses.get(joins..).unwrap_or_default());
        self.paths
            .extend_from_slice(other.paths.get(joined as usize..).unwrap_or_default());
        self.sizes.append(&mut other.sizes);
        self.mtimes.append(&mut other.mtimes);
        self.name_ends
            .extend(other.name_ends.iter().map(|end| end + names));
        self.kinds.append(&mut other.kinds);
        self.names.append(&mut other.names);
        if let (Some(mine), Some(others)) = (&mut self.evidence, &mut other.evidence) {
            let by = (mine.found.stamps.len() - joins) as u32;
            if let (1, Some(status), Some(last)) = (
                joins,
                others.found.statuses.first(),
                mine.found.statuses.last_mut(),
            ) {
                *last = *status;
            }
            mine.found
                .stamps
                .extend(others.found.stamps.drain(..).skip(joins));
            mine.found
                .statuses
                .extend(others.found.statuses.drain(..).skip(joins));
            let mounts = others.found.mounts.drain(..);
            // The mount point of a joined record is recorded here already.
            mine.found.mounts.extend(
                mounts
                    .filter(|(record, _)| *record as usize >= joins)
                    .map(|(record, mount)| (record + by, mount)),
            );
        }
        self.recording = false;
        other.clear();
    }

    /// Whether the other's first record continues the directory that the last one here leaves open.
    fn goes_on_in(&self, other: &Builder) -> bool {
        let stamps = match (self.evidence(), other.evidence()) {
            (Some(mine), Some(others)) => mine.stamps.last() == others.stamps.first(),
            _ => true,
        };
        let last = self.starts.len().checked_sub(1);
        self.statuses.last() == Some(&status::MORE)
            && stamps
            && last.and_then(|last| self.path_of(last)) == other.path_of(0)
    }

    fn path_of(&self, record: usize) -> Option<&[u8]> {
        let end = *self.path_ends.get(record)? as usize;
        let before = record
            .checked_sub(1)
            .and_then(|before| self.path_ends.get(before));
        self.paths
            .get(before.map_or(0, |start| *start as usize)..end)
    }

    #[inline(never)]
    fn begin_record(&mut self) {
        if self.kinds.capacity() == 0 {
            self.reserve();
        }
        self.starts.push(self.kinds.len() as u32);
        self.paths.extend_from_slice(&self.path);
        self.path_ends.push(self.paths.len() as u32);
        self.statuses.push(status::MORE);
        if let Some(gathered) = &mut self.evidence {
            let record = gathered.found.stamps.len() as u32;
            gathered.found.stamps.push(gathered.stamp);
            gathered.found.statuses.push(status::MORE);
            gathered
                .found
                .mounts
                .extend(gathered.mount.map(|mount| (record, mount)));
        }
        self.recording = true;
    }

    fn reserve(&mut self) {
        self.names.reserve(FIRST_NAME_BYTES);
        self.name_ends.reserve(FIRST_ENTRIES);
        self.kinds.reserve(FIRST_ENTRIES);
        if self.metadata {
            self.sizes.reserve(FIRST_ENTRIES);
            self.mtimes.reserve(FIRST_ENTRIES);
        }
    }

    fn shape(&self) -> Shape {
        Shape {
            metadata: self.metadata,
            records: self.statuses.len() as u32,
            entries: self.kinds.len() as u32,
            path_bytes: self.paths.len() as u32,
            name_bytes: self.names.len() as u32,
        }
    }
}
