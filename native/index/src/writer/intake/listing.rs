//! The entries of one listing, gathered from slabs in any order and given out by name, each name once.

use aether_core::slab::{Entry, Kind};

use crate::writer::SMALL;

/// Entries after which a listing is no longer held in memory whole.
pub(in crate::writer) const LARGE: usize = if SMALL { 4 } else { 64 * 1024 };
/// The same for the bytes of their names.
const LARGE_BYTES: usize = 4 << 20;

/// One entry, its name elsewhere.
#[derive(Clone, Copy, Debug)]
pub(in crate::writer) struct ListedEntry {
    start: u32,
    length: u16,
    pub kind: u8,
    /// Whether size and mtime are.
    pub known: bool,
    pub size: i64,
    pub mtime: i64,
}

impl ListedEntry {
    pub fn is_dir(&self) -> bool {
        self.kind == Kind::Directory as u8
    }

    /// What it adds to the bytes of its directory.
    pub fn bytes(&self) -> i64 {
        if self.kind == Kind::File as u8 && self.known {
            self.size
        } else {
            0
        }
    }

    pub fn size(&self) -> Option<i64> {
        self.known.then_some(self.size)
    }

    pub fn mtime(&self) -> Option<i64> {
        self.known.then_some(self.mtime)
    }
}

/// Entries of one directory.
#[derive(Debug, Default)]
pub(in crate::writer) struct Listing {
    names: Vec<u8>,
    items: Vec<ListedEntry>,
    keys: Vec<(u64, u32)>,
}

impl Listing {
    pub fn push(&mut self, entry: &Entry<'_>) {
        let (size, mtime, known) = match entry.metadata {
            Some(known) => (
                i64::try_from(known.size).unwrap_or(i64::MAX),
                known.mtime,
                true,
            ),
            None => (0, 0, false),
        };
        self.items.push(ListedEntry {
            start: self.names.len() as u32,
            length: entry.name.len() as u16,
            kind: entry.kind as u8,
            known,
            size,
            mtime,
        });
        self.names.extend_from_slice(entry.name);
    }

    /// Makes room for so many more at once.
    pub fn reserve(&mut self, entries: usize) {
        // Names are longer than this in the mean; more comes by itself.
        self.names.reserve(entries * 16);
        self.items.reserve(entries);
    }

    pub fn len(&self) -> usize {
        self.items.len()
    }

    pub fn is_large(&self) -> bool {
        self.items.len() >= LARGE || self.names.len() >= LARGE_BYTES
    }

    pub fn memory(&self) -> usize {
        self.names.capacity()
            + self.items.capacity() * size_of::<ListedEntry>()
            + self.keys.capacity() * size_of::<(u64, u32)>()
    }

    pub fn name(&self, item: &ListedEntry) -> &[u8] {
        let start = item.start as usize;
        self.names
            .get(start..start + item.length as usize)
            .unwrap_or_default()
    }

    /// Forgets the entries and keeps the memory.
    pub fn clear(&mut self) {
        self.names.clear();
        self.items.clear();
        self.keys.clear();
    }

    /// Takes the mtime of one directory for not known.
    pub fn forget_mtime(&mut self, name: &[u8]) {
        let found = self
            .items
            .iter()
            .position(|item| item.is_dir() && self.name(item) == name);
        if let Some(item) = found.and_then(|at| self.items.get_mut(at)) {
            item.known = false;
        }
    }

    /// Sorts by name, keeps each name once (one with metadata rather than one without), leaves out the given names.
    pub fn sort(&mut self, leave_out: &[Vec<u8>]) {
        let Listing { names, items, keys } = self;
        let name = |item: &ListedEntry| {
            let start = item.start as usize;
            names
                .get(start..start + item.length as usize)
                .unwrap_or_default()
        };
        if !leave_out.is_empty() {
            items.retain(|item| !leave_out.iter().any(|other| other == name(item)));
        }
        keys.clear();
        keys.reserve(items.len());
        // Nearly all names differ in their first eight bytes, which compare as one number.
        keys.extend(
            items
                .iter()
                .zip(0..)
                .map(|(item, at)| (first_bytes(name(item)), at)),
        );
        let item = |at: u32| items.get(at as usize);
        keys.sort_unstable_by(|a, b| {
            a.0.cmp(&b.0)
                .then_with(|| item(a.1).map(name).cmp(&item(b.1).map(name)))
        });
        keys.dedup_by(|later, earlier| {
            let same = later.0 == earlier.0 && item(later.1).map(name) == item(earlier.1).map(name);
            if same && item(earlier.1).is_some_and(|item| !item.known) {
                earlier.1 = later.1;
            }
            same
        });
    }

    /// One of the entries by name, once sorted.
    pub fn at(&self, place: usize) -> Option<&ListedEntry> {
        let (_, at) = self.keys.get(place)?;
        self.items.get(*at as usize)
    }

    /// The entries by name, once sorted.
    pub fn sorted(&self) -> impl ExactSizeIterator<Item = &ListedEntry> + Clone {
        const NONE: ListedEntry = ListedEntry {
            start: 0,
            length: 0,
            kind: 0,
            known: false,
            size: 0,
            mtime: 0,
        };
        self.keys
            .iter()
            .map(|(_, at)| self.items.get(*at as usize).unwrap_or(&NONE))
    }
}

fn first_bytes(name: &[u8]) -> u64 {
    let mut bytes = [0; 8];
    for (byte, value) in bytes.iter_mut().zip(name) {
        *byte = *value;
    }
    u64::from_be_bytes(bytes)
}
