//! The names of all entries, as they are held in memory for searching, and their folders. They do
//! not change any more; `build` makes them.

use super::folders::Folders;
use super::rows::NameRows;
use super::shard::{FULL, Shard};

/// Names, ready to be searched.
#[derive(Debug, Default)]
pub struct Names {
    /// Distinguishes these names from others, so that no session reuses candidates from others.
    pub(super) serial: u64,
    /// All different names.
    pub(super) shards: Vec<Shard>,
    /// The entries that have them.
    pub(super) rows: NameRows,
    pub(super) folders: Folders,
    pub(super) sources: Vec<i64>,
    /// Where the roots of the sources are.
    pub(super) roots: Vec<Vec<u8>>,
    /// All folders are shown, so that none need be checked.
    pub(super) plain: bool,
    pub(super) truncated: bool,
}

impl Names {
    /// Number of entries.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether the limit of memory left names out.
    pub fn truncated(&self) -> bool {
        self.truncated
    }

    /// What they take in memory.
    pub fn bytes(&self) -> usize {
        let shards: usize = self.shards.iter().map(Shard::bytes).sum();
        let roots = self.roots.iter();
        let roots: usize = roots
            .map(|root| root.capacity() + size_of::<Vec<u8>>())
            .sum();
        shards
            + self.shards.capacity() * size_of::<Shard>()
            + self.rows.bytes()
            + self.folders.bytes()
            + self.sources.capacity() * 8
            + roots
    }

    /// Where a name is.
    pub(super) fn place(&self, name: u32) -> Option<(&Shard, usize)> {
        let shard = self.shards.get(name as usize / FULL)?;
        Some((shard, name as usize % FULL))
    }

    /// A name as spelled, assembled in `room` if it differs from its folded form.
    #[must_use]
    pub(super) fn name<'a>(&'a self, name: u32, room: &'a mut Vec<u8>) -> &'a [u8] {
        self.place(name)
            .map_or(&[], |(shard, name)| shard.name(name, room))
    }

    /// Appends the path of a folder, without a slash at its end; nothing for a root.
    pub(super) fn path(&self, folder: u32, path: &mut Vec<u8>) {
        let folders = self.folders.upwards(folder);
        let mut names: Vec<u32> = folders.map(|folder| self.folders.name(folder)).collect();
        while let Some(name) = names.pop() {
            if let Some((shard, name)) = self.place(name) {
                if !path.is_empty() {
                    path.push(b'/');
                }
                shard.append_name(name, path);
            }
        }
    }
}
