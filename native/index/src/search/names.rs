//! The names of everything known, as they stay in memory for searching, and the folders they are in.
//! What is read here does not change any more; how it is put together is in `build`.

use std::sync::Arc;

use super::cover::Seen;
use super::shard::{FULL, Shard};

/// In place of a folder or an entry: none.
pub(super) const NONE: u32 = u32::MAX;

#[derive(Clone, Copy, Debug)]
pub(super) struct Folder {
    /// Its row in `dirs`.
    pub(super) id: i64,
    pub(super) parent: u32,
    /// The entry that has its name; none for a root.
    pub(super) entry: u32,
    pub(super) source: u32,
    /// Folders deeper than 65,535 count as so deep.
    pub(super) depth: u16,
    pub(super) state: State,
    pub(super) seen: Seen,
}

/// Whether what is in a folder is to be found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    Shown,
    /// Another source has it, too, and knows better.
    Covered,
    /// It has been removed, or something above it has.
    Gone,
}

/// Names, ready to be searched.
#[derive(Debug, Default)]
pub struct Names {
    /// Tells one from another, so that no session goes on with candidates of another.
    pub(super) serial: u64,
    pub(super) shards: Vec<Arc<Shard>>,
    /// By their id, ascending.
    pub(super) folders: Vec<Folder>,
    /// Parents before their children, unless the folders are in such an order already.
    pub(super) order: Vec<u32>,
    pub(super) sources: Vec<i64>,
    /// Where the roots of the sources are.
    pub(super) roots: Vec<Vec<u8>>,
    /// Whether all folders are to be shown, so that none need be asked.
    pub(super) plain: bool,
    pub(super) truncated: bool,
}

impl Names {
    /// Number of entries.
    pub fn len(&self) -> usize {
        self.shards.iter().map(|shard| shard.len()).sum()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.shards.is_empty()
    }

    /// Whether the limit of memory left names out.
    pub fn truncated(&self) -> bool {
        self.truncated
    }

    /// What they take in memory.
    pub fn bytes(&self) -> usize {
        let shards: usize = self.shards.iter().map(|shard| shard.bytes()).sum();
        shards
            + self.folders.capacity() * size_of::<Folder>()
            + self.order.capacity() * 4
            + self.sources.capacity() * 8
            + self
                .roots
                .iter()
                .map(|root| root.capacity() + size_of::<Vec<u8>>())
                .sum::<usize>()
    }

    pub(super) fn folder(&self, folder: u32) -> Option<&Folder> {
        self.folders.get(folder as usize)
    }

    /// The folder with this row in `dirs`.
    pub(super) fn folder_of(&self, id: i64) -> Option<u32> {
        let found = self.folders.binary_search_by_key(&id, |folder| folder.id);
        found.ok().map(|folder| folder as u32)
    }

    /// A folder and those above it.
    pub(super) fn upwards(&self, folder: u32) -> impl Iterator<Item = (u32, &Folder)> {
        let found = move |at: u32| Some((at, self.folder(at)?));
        // There are no cycles, but a damaged file shall not hang us either.
        std::iter::successors(found(folder), move |(_, folder)| found(folder.parent))
            .take(self.folders.len())
    }

    /// Folders, parents first.
    pub(super) fn downwards(&self) -> impl Iterator<Item = (usize, &Folder)> {
        let plain = if self.order.is_empty() {
            self.folders.as_slice()
        } else {
            &[]
        };
        let ordered = self.order.iter().filter_map(|&folder| {
            let folder = folder as usize;
            Some((folder, self.folders.get(folder)?))
        });
        plain.iter().enumerate().chain(ordered)
    }

    pub(super) fn place(&self, entry: u32) -> Option<(&Shard, usize)> {
        let shard = self.shards.get(entry as usize / FULL)?;
        Some((shard, entry as usize % FULL))
    }

    /// An entry's name as it is; put together in `room`, if it has capitals.
    #[must_use]
    pub(super) fn name<'a>(&'a self, entry: u32, room: &'a mut Vec<u8>) -> &'a [u8] {
        self.place(entry)
            .map_or(&[], |(shard, entry)| shard.name(entry, room))
    }

    /// Appends the path of a folder, without a slash at its end; nothing for a root.
    pub(super) fn path(&self, folder: u32, path: &mut Vec<u8>) {
        let mut names: Vec<u32> = self.upwards(folder).map(|(_, f)| f.entry).collect();
        while let Some(entry) = names.pop() {
            if let Some((shard, entry)) = self.place(entry) {
                if !path.is_empty() {
                    path.push(b'/');
                }
                shard.append_name(entry, path);
            }
        }
    }
}
