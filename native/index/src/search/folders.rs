//! The folders that entries are in, by ascending id, with a packed column for each attribute.

use super::nested_sources::Seen;
use super::packed::Packed;

/// Stands for no folder, or no name.
pub(super) const NONE: u32 = u32::MAX;

/// A folder while names are read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Folder {
    /// Its row in `dirs`.
    pub(super) id: i64,
    pub(super) parent: u32,
    /// None for a root.
    pub(super) name: u32,
    pub(super) source: u32,
    /// At most 65,535, however deep the folder is.
    pub(super) depth: u16,
    pub(super) state: FolderState,
    pub(super) seen: Seen,
}

/// Whether what is in a folder is to be found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FolderState {
    Shown,
    /// Another source has it as well, and knows better.
    Covered,
    /// It has been removed, or something above it has.
    Gone,
}

/// The folders, as they stay in memory.
#[derive(Debug, Default)]
pub(super) struct Folders {
    first: i64,
    /// From the first on.
    ids: Packed,
    /// Stored plus one; 0 means none.
    parents: Packed,
    names: Packed,
    sources: Packed,
    depths: Packed,
    states: Packed,
    /// An order in which parents come before their children; empty if that by ids is one.
    order: Packed,
}

impl Folders {
    pub(super) fn new(folders: &[Folder], order: &[u32]) -> Folders {
        fn column(folders: &[Folder], number: impl Fn(&Folder) -> u64 + Clone) -> Packed {
            Packed::new(folders.iter().map(number))
        }
        let first = folders.first().map_or(0, |folder| folder.id);
        let or_none = |number: u32| u64::from(number.wrapping_add(1));
        Folders {
            first,
            ids: column(folders, |folder| folder.id.wrapping_sub(first) as u64),
            parents: column(folders, |folder| or_none(folder.parent)),
            names: column(folders, |folder| or_none(folder.name)),
            sources: column(folders, |folder| u64::from(folder.source)),
            depths: column(folders, |folder| u64::from(folder.depth)),
            states: column(folders, |folder| folder.state as u64),
            order: Packed::new(order.iter().map(|folder| u64::from(*folder))),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.ids.len()
    }

    /// What they hold in memory.
    pub(super) fn bytes(&self) -> usize {
        let columns = [
            &self.ids,
            &self.parents,
            &self.names,
            &self.sources,
            &self.depths,
            &self.states,
            &self.order,
        ];
        columns.iter().map(|column| column.bytes()).sum()
    }

    /// Its row in `dirs`.
    pub(super) fn id(&self, folder: u32) -> i64 {
        self.first
            .wrapping_add(self.ids.get(folder as usize) as i64)
    }

    /// The folder with this row in `dirs`.
    pub(super) fn with_id(&self, id: i64) -> Option<u32> {
        let (mut from, mut to) = (0, self.len() as u32);
        while from < to {
            let middle = from + (to - from) / 2;
            match self.id(middle) < id {
                true => from = middle + 1,
                false => to = middle,
            }
        }
        (from < self.len() as u32 && self.id(from) == id).then_some(from)
    }

    /// The folder that it is in; `NONE` for a root.
    #[inline]
    pub(super) fn parent(&self, folder: u32) -> u32 {
        (self.parents.get(folder as usize) as u32).wrapping_sub(1)
    }

    /// The number of its name; `NONE` for a root.
    #[inline]
    pub(super) fn name(&self, folder: u32) -> u32 {
        (self.names.get(folder as usize) as u32).wrapping_sub(1)
    }

    pub(super) fn source(&self, folder: u32) -> u32 {
        self.sources.get(folder as usize) as u32
    }

    pub(super) fn depth(&self, folder: u32) -> i32 {
        self.depths.get(folder as usize) as i32
    }

    pub(super) fn state(&self, folder: u32) -> FolderState {
        match self.states.get(folder as usize) {
            0 => FolderState::Shown,
            1 => FolderState::Covered,
            _ => FolderState::Gone,
        }
    }

    /// A folder and those above it.
    pub(super) fn upwards(&self, folder: u32) -> impl Iterator<Item = u32> {
        let known = |folder: u32| ((folder as usize) < self.len()).then_some(folder);
        // A damaged file may have a cycle, which must not hang the search.
        std::iter::successors(known(folder), move |&folder| known(self.parent(folder)))
            .take(self.len())
    }

    /// Folders, parents first.
    pub(super) fn downwards(&self) -> impl Iterator<Item = u32> {
        let is_ordered = self.order.len() > 0;
        (0..self.len()).map(move |at| match is_ordered {
            true => self.order.get(at) as u32,
            false => at as u32,
        })
    }
}
