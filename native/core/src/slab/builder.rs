//! Collects entries by column and writes them as one slab. `Builder::entry` runs for every entry of a scan, millions of
//! times a second: it only appends to columns that keep their capacity.

mod append;
mod encode;

use super::attributes::{Attributes, SizeAndTime};
use super::groups::Groups;
use super::layout::{KIND_NO_METADATA, MAX_SLAB_BYTES};
use super::{Kind, Metadata, status};
use crate::evidence::{Attested, Evidence};

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
    /// The groups of the slab, and of the slab for an index.
    groups: Groups,
    proven_groups: Groups,
    has_metadata: bool,
    /// Bytes of an entry without its name, and of a slab without its records and entries: upper bounds.
    entry_len: usize,
    base_len: usize,
    /// The bound of the slab's length from which one more entry may be too much.
    full_len: usize,
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
    attributes: Attributes,
    name_ends: Vec<u32>,
    kinds: Vec<u8>,
    names: Vec<u8>,
    /// Empty without [`Groups::TARGET`].
    target_ends: Vec<u32>,
    targets: Vec<u8>,
}

/// Evidence collected beside a slab.
#[derive(Debug, Default)]
struct Gathered {
    found: Evidence,
    /// Evidence about the directory opened last.
    directory: Attested,
}

impl Builder {
    /// An empty builder, which allocates nothing until it is used. The root is the opened directory.
    pub fn new(tag: u32, groups: Groups) -> Builder {
        Builder {
            tag,
            groups,
            proven_groups: Groups::empty(),
            has_metadata: !groups.is_empty(),
            entry_len: encode::entry_len(groups),
            base_len: encode::base_len(groups),
            full_len: encode::full_len(groups),
            path: Vec::new(),
            recording: false,
            evidence: None,
            starts: Vec::new(),
            path_ends: Vec::new(),
            statuses: Vec::new(),
            paths: Vec::new(),
            attributes: Attributes::new(groups),
            name_ends: Vec::new(),
            kinds: Vec::new(),
            names: Vec::new(),
            target_ends: Vec::new(),
            targets: Vec::new(),
        }
    }

    /// Opens the directory that later entries belong to; `write_path` puts its path into the empty Vec that it gets.
    /// The record begins with the first entry, or with [`Builder::close`].
    pub fn open(&mut self, write_path: impl FnOnce(&mut Vec<u8>)) {
        self.path.clear();
        write_path(&mut self.path);
        self.recording = false;
    }

    /// Makes the builder also collect what an index has to know of each record, and these groups for it.
    pub fn with_evidence(mut self, groups: Groups) -> Builder {
        self.evidence = Some(Box::default());
        self.proven_groups = groups;
        self.has_metadata |= !groups.is_empty();
        self.entry_len = self.entry_len.max(encode::entry_len(groups));
        self.base_len = self.base_len.max(encode::base_len(groups));
        self.attributes = Attributes::new(self.groups | groups);
        self
    }

    /// The evidence beside the slab, if it is collected.
    pub fn evidence(&self) -> Option<&Evidence> {
        self.evidence.as_deref().map(|gathered| &gathered.found)
    }

    /// Notes when the listing of the directory just opened began, and where it lies.
    pub fn attest(&mut self, directory: Attested) {
        if let Some(gathered) = &mut self.evidence {
            gathered.directory = directory;
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

    /// Adds an entry to the opened directory. Without metadata, its attributes are marked as unknown, if the slab has
    /// any.
    pub fn entry(&mut self, name: &[u8], kind: Kind, known: Option<&Metadata>) {
        let size_and_time = known.map(|&Metadata { size, mtime, .. }| SizeAndTime { size, mtime });
        self.entry_of(name, kind, size_and_time);
        self.rest(known);
    }

    /// Adds an entry with at most size and mtime. Where the slab has more, [`Builder::rest`] follows.
    #[inline(always)]
    pub fn entry_of(&mut self, name: &[u8], kind: Kind, known: Option<SizeAndTime>) {
        if !self.recording {
            self.begin_record();
        }
        self.names.extend_from_slice(name);
        self.name_ends.push(self.names.len() as u32);
        let mut kind = kind as u8;
        if self.has_metadata {
            if known.is_none() {
                kind |= KIND_NO_METADATA;
            }
            self.attributes
                .push_size_and_time(known.unwrap_or(SizeAndTime { size: 0, mtime: 0 }));
        }
        self.kinds.push(kind);
    }

    /// Adds what else is known of the entry that was added last.
    pub fn rest(&mut self, known: Option<&Metadata>) {
        self.attributes
            .push_rest(known.unwrap_or(&Metadata::default()));
        if self.groups.contains(Groups::TARGET) {
            self.target_ends.push(self.targets.len() as u32);
        }
    }

    /// Sets where the entry that was added last leads, if the slab has targets.
    pub fn target(&mut self, target: &[u8]) {
        if let Some(end) = self.target_ends.last_mut() {
            self.targets.extend_from_slice(target);
            *end = self.targets.len() as u32;
        }
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

    /// Removes the entries, as after sending, and keeps the columns' memory. The opened directory stays open: its next
    /// entry begins a new record.
    pub fn clear(&mut self) {
        self.recording = false;
        self.starts.clear();
        self.path_ends.clear();
        self.statuses.clear();
        self.paths.clear();
        self.attributes.clear();
        self.name_ends.clear();
        self.kinds.clear();
        self.names.clear();
        self.target_ends.clear();
        self.targets.clear();
        if let Some(gathered) = &mut self.evidence {
            gathered.found.stamps.clear();
            gathered.found.statuses.clear();
            gathered.found.mounts.clear();
            gathered.found.devices.clear();
            gathered.found.subvolumes.clear();
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
        self.attributes = Attributes::new(self.groups | self.proven_groups);
        self.name_ends = Vec::new();
        self.kinds = Vec::new();
        self.names = Vec::new();
        self.target_ends = Vec::new();
        self.targets = Vec::new();
    }

    /// Heap memory held, in bytes.
    pub fn capacity_bytes(&self) -> usize {
        let words = self.starts.capacity()
            + self.path_ends.capacity()
            + self.statuses.capacity()
            + self.name_ends.capacity()
            + self.target_ends.capacity();
        let bytes = self.path.capacity()
            + self.paths.capacity()
            + self.kinds.capacity()
            + self.names.capacity()
            + self.targets.capacity();
        4 * words + self.attributes.capacity_bytes() + bytes
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
            let Gathered { found, directory } = &mut **gathered;
            let record = found.stamps.len() as u32;
            found.stamps.push(directory.stamp);
            found.devices.push(directory.device);
            found.statuses.push(status::MORE);
            let numbered = |identity| (record, identity);
            found.mounts.extend(directory.mount.map(numbered));
            found.subvolumes.extend(directory.subvolume.map(numbered));
        }
        self.recording = true;
    }

    fn reserve(&mut self) {
        self.names.reserve(FIRST_NAME_BYTES);
        self.name_ends.reserve(FIRST_ENTRIES);
        self.kinds.reserve(FIRST_ENTRIES);
        self.attributes.reserve(FIRST_ENTRIES);
    }
}
