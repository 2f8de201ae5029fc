//! The entries of one listing: gathered from slabs in any order, given out sorted by name, each
//! name once.

use aether_core::slab::{Entry, Groups, Kind};

use crate::columns::{DirEntry, FileRow};
use crate::owner::Owner;
use crate::writer::limits::SMALL;
use crate::writer::store::Store;

/// Maximum number of entries of a listing in memory; longer ones go in pieces.
pub(in crate::writer) const MAX_ENTRIES: usize = if SMALL { 4 } else { 64 * 1024 };
/// Maximum number of bytes of their names.
const MAX_NAMES: usize = 4 << 20;

/// One entry, without its name.
#[derive(Clone, Copy, Debug)]
pub(in crate::writer) struct ListedEntry {
    start: u32,
    length: u16,
    kind: u8,
    /// Whether its mtime is left out.
    hides_mtime: bool,
    /// `owners.id`; 0 where it is not kept.
    owner: u32,
    /// Negative where its metadata are not known.
    size: i64,
    mtime: i64,
    /// Blocks; negative where they are not known.
    disk: i64,
    /// st_ino of an entry that may have other names; otherwise 0.
    inode: i64,
    /// Names of that inode.
    pub nlink: u32,
}

/// Maximum number of blocks of one entry, 512 TiB: what a broken file system says of fewer than eight
/// million inodes cannot make sums overflow.
const MAX_BLOCKS: u64 = 1 << 40;

impl ListedEntry {
    pub fn is_dir(&self) -> bool {
        self.kind == Kind::Directory as u8
    }

    /// Whether its metadata are known.
    pub fn is_known(&self) -> bool {
        self.size >= 0
    }

    pub fn has_kind(&self) -> bool {
        self.kind != Kind::Unknown as u8
    }

    /// What is stored of it, if it is no directory.
    pub fn row(&self) -> FileRow {
        FileRow {
            kind: self.kind.into(),
            size: self.is_known().then_some(self.size),
            mtime: self.mtime(),
            disk: self.disk(),
            inode: self.inode(),
            owner: self.owner(),
        }
    }

    /// Its inode, if that may have other names.
    pub fn inode(&self) -> Option<i64> {
        (self.is_known() && self.inode != 0).then_some(self.inode)
    }

    /// What is stored of it, if it is a directory.
    pub fn dir_entry(&self) -> DirEntry {
        DirEntry {
            mtime: self.mtime(),
            self_disk: self.disk(),
            owner: self.owner(),
        }
    }

    fn owner(&self) -> Option<i64> {
        (self.owner != 0).then_some(self.owner.into())
    }

    fn mtime(&self) -> Option<i64> {
        (self.is_known() && !self.hides_mtime).then_some(self.mtime)
    }

    fn disk(&self) -> Option<i64> {
        (self.is_known() && self.disk >= 0).then_some(self.disk)
    }
}

/// Entries of one directory.
#[derive(Debug, Default)]
pub(in crate::writer) struct Listing {
    names: Vec<u8>,
    entries: Vec<ListedEntry>,
    /// The first bytes of each name, and its place in `entries`; sorted.
    keys: Vec<(u64, u32)>,
    /// An entry may have other names.
    has_links: bool,
    /// An entry has other names, and counts by itself.
    has_unlinked: bool,
    /// Nothing is known of a file but its name: the directory may be read and not searched.
    has_unseen: bool,
    /// Each entry's owner; empty where owners are not kept.
    owners: Vec<Option<Owner>>,
}

impl Listing {
    /// Adds an entry of a slab with these groups, of a directory on this device, or 0. An entry on
    /// another device than its directory counts by itself.
    pub fn push(&mut self, entry: &Entry<'_>, groups: Groups, device: u32) {
        let (size, mtime) = match entry.metadata {
            Some(known) => (i64::try_from(known.size).unwrap_or(i64::MAX), known.mtime),
            None => (-1, 0),
        };
        let disk = entry.metadata.filter(|_| groups.contains(Groups::DISK));
        let disk = disk.map_or(-1, |known| blocks(known.disk));
        let linked = entry.metadata.filter(|known| {
            let is_here = device != 0 && known.device == device;
            known.nlink > 1 && is_here && disk >= 0 && entry.kind != Kind::Directory
        });
        let (inode, nlink) = linked.map_or((0, 0), |known| (known.inode as i64, known.nlink));
        self.entries.push(ListedEntry {
            start: self.names.len() as u32,
            length: entry.name.len() as u16,
            kind: entry.kind as u8,
            hides_mtime: false,
            owner: 0,
            size,
            mtime,
            disk,
            inode,
            nlink,
        });
        self.has_links |= inode != 0;
        self.has_unlinked |= inode == 0
            && entry.kind != Kind::Directory
            && entry.metadata.is_some_and(|known| known.nlink > 1);
        self.has_unseen |= entry.kind != Kind::Directory && entry.metadata.is_none();
        if groups.contains(Groups::OWNED) {
            self.owners.push(entry.metadata.as_ref().map(Owner::from));
        }
        self.names.extend_from_slice(entry.name);
    }

    /// Makes room for this many more entries.
    pub fn reserve(&mut self, entries: usize) {
        // The mean name is longer; the rest is allocated when needed.
        self.names.reserve(entries * 16);
        self.entries.reserve(entries);
    }

    pub fn len(&self) -> usize {
        self.entries.len()
    }

    pub fn is_long(&self) -> bool {
        self.entries.len() >= MAX_ENTRIES || self.names.len() >= MAX_NAMES
    }

    /// Bytes of memory that it takes.
    pub fn memory(&self) -> usize {
        self.names.capacity()
            + self.entries.capacity() * size_of::<ListedEntry>()
            + self.keys.capacity() * size_of::<(u64, u32)>()
            + self.owners.capacity() * size_of::<Option<Owner>>()
    }

    pub fn name(&self, entry: &ListedEntry) -> &[u8] {
        name(&self.names, entry)
    }

    /// Forgets the entries and keeps the memory.
    pub fn clear(&mut self) {
        self.names.clear();
        self.entries.clear();
        self.keys.clear();
        self.owners.clear();
        self.has_links = false;
        self.has_unlinked = false;
        self.has_unseen = false;
    }

    /// Looks up the ids of owners, which hold for one transaction: it may be undone.
    pub fn find_owners(&mut self, store: &mut Store) -> rusqlite::Result<()> {
        for (entry, owner) in self.entries.iter_mut().zip(&self.owners) {
            if let Some(owner) = owner {
                entry.owner = store.owner(*owner)?;
            }
        }
        Ok(())
    }

    /// Whether an entry may have other names.
    pub fn has_links(&self) -> bool {
        self.has_links
    }

    /// Whether an entry has other names, and counts by itself.
    pub fn has_unlinked(&self) -> bool {
        self.has_unlinked
    }

    /// Whether nothing is known of a file but its name.
    pub fn has_unseen(&self) -> bool {
        self.has_unseen
    }

    /// Lets every name count by itself.
    pub fn unlink(&mut self) {
        self.has_unlinked |= self.has_links;
        self.entries.iter_mut().for_each(|entry| entry.inode = 0);
        self.has_links = false;
    }

    /// Makes the mtime of one directory unknown.
    pub fn forget_mtime(&mut self, name: &[u8]) {
        let found = self
            .entries
            .iter()
            .position(|entry| entry.is_dir() && self.name(entry) == name);
        if let Some(entry) = found.and_then(|at| self.entries.get_mut(at)) {
            entry.hides_mtime = true;
        }
    }

    /// Sorts by name, keeps each name once, preferably with metadata, and leaves out these names.
    pub fn sort(&mut self, leave_out: &[Vec<u8>]) {
        let Listing {
            names,
            entries,
            keys,
            owners,
            ..
        } = self;
        let name = |entry: &ListedEntry| name(names, entry);
        if !leave_out.is_empty() {
            let stays = |entry: &ListedEntry| !leave_out.iter().any(|other| other == name(entry));
            let mut owned = entries.iter();
            owners.retain(|_| owned.next().is_some_and(stays));
            entries.retain(stays);
        }
        keys.clear();
        keys.reserve(entries.len());
        // Nearly all names differ in their first eight bytes, which compare as one number.
        keys.extend(
            entries
                .iter()
                .zip(0..)
                .map(|(entry, at)| (first_bytes(name(entry)), at)),
        );
        let entry = |at: u32| entries.get(at as usize);
        keys.sort_unstable_by(|a, b| {
            a.0.cmp(&b.0)
                .then_with(|| entry(a.1).map(name).cmp(&entry(b.1).map(name)))
        });
        keys.dedup_by(|later, earlier| {
            let same =
                later.0 == earlier.0 && entry(later.1).map(name) == entry(earlier.1).map(name);
            if same && entry(earlier.1).is_some_and(|entry| !entry.is_known()) {
                earlier.1 = later.1;
            }
            same
        });
    }

    /// The entry at this place by name, once sorted.
    pub fn at(&self, place: usize) -> Option<&ListedEntry> {
        let (_, at) = self.keys.get(place)?;
        self.entries.get(*at as usize)
    }

    /// The entries by name, once sorted.
    pub fn sorted(&self) -> impl ExactSizeIterator<Item = &ListedEntry> + Clone {
        const NONE: ListedEntry = ListedEntry {
            start: 0,
            length: 0,
            kind: 0,
            hides_mtime: false,
            owner: 0,
            size: -1,
            mtime: 0,
            disk: -1,
            inode: 0,
            nlink: 0,
        };
        self.keys
            .iter()
            .map(|(_, at)| self.entries.get(*at as usize).unwrap_or(&NONE))
    }
}

/// Bytes on disk as 512-byte blocks.
pub(in crate::writer) fn blocks(bytes: u64) -> i64 {
    bytes.div_ceil(512).min(MAX_BLOCKS) as i64
}

fn name<'a>(names: &'a [u8], entry: &ListedEntry) -> &'a [u8] {
    let start = entry.start as usize;
    names
        .get(start..start + entry.length as usize)
        .unwrap_or_default()
}

fn first_bytes(name: &[u8]) -> u64 {
    let mut bytes = [0; 8];
    for (byte, value) in bytes.iter_mut().zip(name) {
        *byte = *value;
    }
    u64::from_be_bytes(bytes)
}
