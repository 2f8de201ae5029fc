//! Puts names together from rows: first the sources, then all folders by ascending id, then the entries of
//! folders. Parents may come after their children; who belongs to whom is settled when the folders are complete.
//! What does not fit into the limit of memory is left out, and that is remembered.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::{SystemTime, UNIX_EPOCH};

use super::cover::{self, Look, Seen};
use super::names::{Folder, NONE, Names, State};
use super::shard::Shard;
use super::stamp;

/// Counts from the time of the first, so that no cursor of another process fits by chance.
static SERIAL: LazyLock<AtomicU64> = LazyLock::new(|| {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    AtomicU64::new(now.map_or(0, |now| now.as_nanos() as u64))
});

/// A root that is known.
#[derive(Clone, Debug)]
pub struct Source {
    /// Its row in `sources`.
    pub id: i64,
    /// The row of its root in `dirs`.
    pub root_id: i64,
    /// Where the root is, absolute.
    pub root: Vec<u8>,
    /// What is left out of it. Of sources within each other, those with the same rules cover each other.
    pub rules: Vec<u8>,
    /// Scans that came to their ends. Needed only of sources within each other.
    pub looks: Vec<Look>,
    /// Directories by their rows, each with scans that could not enter it: these have not looked at what lies beneath.
    pub missed: Vec<(i64, Range<i64>)>,
}

/// A row of `dirs`.
#[derive(Clone, Copy, Debug)]
pub struct Directory<'a> {
    /// Its row in `dirs`.
    pub id: i64,
    /// The one it is in: none for a root, and for what has been removed.
    pub parent: Option<i64>,
    /// Its source.
    pub source: i64,
    /// Its name; a root's is not looked at.
    pub name: &'a [u8],
    /// Its mtime in ns, where known.
    pub mtime: Option<i64>,
    /// How its listing ended.
    pub status: i64,
}

/// Something that is not a directory.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    /// Its name.
    pub name: &'a [u8],
    /// The low bits of a slab's kind.
    pub kind: u8,
    /// Its mtime in ns, where known.
    pub mtime: Option<i64>,
}

/// Takes rows, and gives names.
#[derive(Debug)]
pub struct Builder {
    pub(super) names: Names,
    open: Shard,
    /// Bytes of the roots, and of the shards that are closed.
    closed: usize,
    limit: usize,
    /// The place of each source, by its row, and the row of its root.
    pub(super) roots: HashMap<i64, (u32, i64)>,
    /// Those that overlap.
    sources: Vec<Source>,
    /// The parents of the folders, by id, until they are settled.
    parents: Vec<Option<i64>>,
    settled: bool,
    last: Option<(i64, u32)>,
}

impl Builder {
    /// For names that take at most about so many bytes.
    pub fn new(sources: Vec<Source>, limit: usize) -> Self {
        let names = Names {
            serial: SERIAL.fetch_add(1, Ordering::Relaxed),
            sources: sources.iter().map(|source| source.id).collect(),
            roots: sources.iter().map(|source| source.root.clone()).collect(),
            ..Names::default()
        };
        Builder {
            names,
            open: Shard::default(),
            closed: sources
                .iter()
                .map(|s| s.root.len() + size_of::<Vec<u8>>())
                .sum(),
            limit,
            roots: (0..)
                .zip(&sources)
                .map(|(place, source)| (source.id, (place, source.root_id)))
                .collect(),
            sources: if cover::overlap(&sources) {
                sources
            } else {
                Vec::new()
            },
            parents: Vec::new(),
            settled: false,
            last: None,
        }
    }

    /// Whether no more is taken.
    pub fn is_full(&self) -> bool {
        self.names.truncated
    }

    /// Takes a folder; they come by ascending id, and before all entries.
    pub fn directory(&mut self, row: Directory<'_>) {
        let source = self.roots.get(&row.source).copied();
        let ascends = self
            .names
            .folders
            .last()
            .is_none_or(|last| last.id < row.id);
        let (Some((source, root)), true, false) = (source, ascends, self.settled) else {
            return;
        };
        if !self.has_room(room(row.name) + size_of::<Folder>() + 16) {
            return;
        }
        let is_root = root == row.id;
        // What was removed has no parent, and keeps its row only until it is reaped.
        let entry = match row.parent {
            Some(_) if !is_root => {
                // Its folder is not known by its place yet, so every directory has a run of its own for now.
                let place = self.names.folders.len() as u32;
                self.push(place, row.name, stamp::new(2, row.mtime))
            }
            _ => NONE,
        };
        self.parents.push(row.parent);
        self.names.folders.push(Folder {
            id: row.id,
            parent: NONE,
            entry,
            source,
            depth: 0,
            state: State::Gone,
            seen: Seen::new(row.status),
        });
    }

    fn is_root(&self, folder: &Folder) -> bool {
        let source = self.names.sources.get(folder.source as usize);
        let root = source.and_then(|source| self.roots.get(source));
        root.is_some_and(|&(_, root)| root == folder.id)
    }

    /// Whether entries of this folder are wanted at all. To be asked when all folders are there.
    pub fn wants(&mut self, directory: i64) -> bool {
        self.settle();
        self.place(directory).is_some()
    }

    /// Takes an entry of a folder.
    pub fn entry(&mut self, directory: i64, row: Entry<'_>) {
        self.settle();
        if let Some(folder) = self.place(directory)
            && self.has_room(room(row.name))
        {
            self.push(folder, row.name, stamp::new(row.kind, row.mtime));
        }
    }

    fn place(&mut self, directory: i64) -> Option<u32> {
        if let Some((id, folder)) = self.last
            && id == directory
        {
            return Some(folder);
        }
        let folder = self.names.folder_of(directory)?;
        if self.names.folder(folder)?.state == State::Gone {
            return None;
        }
        self.last = Some((directory, folder));
        Some(folder)
    }

    fn has_room(&mut self, more: usize) -> bool {
        let folders = self.names.folders.len() * (size_of::<Folder>() + 4);
        let sources = self.names.sources.len() * 8;
        let held = self.closed + self.open.bytes() + folders + sources;
        if held + more + 16 > self.limit || self.names.shards.len() >= NONE as usize >> 16 {
            self.names.truncated = true;
        }
        !self.names.truncated
    }

    fn push(&mut self, folder: u32, name: &[u8], stamp: u32) -> u32 {
        if self.open.is_full() {
            self.close();
        }
        let entry = (self.names.shards.len() << 16 | self.open.len()) as u32;
        self.open.push(folder, name, stamp);
        entry
    }

    fn close(&mut self) {
        let mut shard = std::mem::take(&mut self.open);
        shard.shrink();
        self.closed += shard.bytes();
        self.names.shards.push(Arc::new(shard));
    }

    /// Gives every folder its parent, and sees which can be reached from a root.
    fn settle(&mut self) {
        if std::mem::replace(&mut self.settled, true) {
            return;
        }
        let parents = std::mem::take(&mut self.parents);
        let parents: Vec<u32> = parents
            .into_iter()
            .map(|parent| {
                parent
                    .and_then(|id| self.names.folder_of(id))
                    .unwrap_or(NONE)
            })
            .collect();
        for (folder, &parent) in self.names.folders.iter_mut().zip(&parents) {
            folder.parent = parent;
        }
        self.descend();
        // Directories got runs of their own; now those with the same parent are joined.
        self.close();
        let sources = std::mem::take(&mut self.sources);
        if !sources.is_empty() {
            for place in cover::covered(self, &sources) {
                if let Some(folder) = self.names.folders.get_mut(place as usize) {
                    folder.state = State::Covered;
                }
            }
        }
        for shard in &mut self.names.shards {
            let Some(shard) = Arc::get_mut(shard) else {
                continue;
            };
            let before = shard.bytes();
            for run in &mut shard.runs {
                run.folder = parents.get(run.folder as usize).copied().unwrap_or(NONE);
            }
            shard.runs.dedup_by_key(|run| run.folder);
            shard.runs.shrink_to_fit();
            self.closed = self.closed.saturating_sub(before) + shard.bytes();
        }
        self.names.shards.retain(|shard| shard.len() > 0);
        self.names.folders.shrink_to_fit();
    }

    /// From the roots down: depths, what can be reached, and an order in which parents come first.
    fn descend(&mut self) {
        let count = self.names.folders.len();
        let mut known = vec![false; count];
        let mut sorted = true;
        let mut chain = Vec::new();
        for start in 0..count {
            let mut at = start;
            // Up to one whose state is known; as each is known afterwards, this is linear in all.
            while known.get(at) == Some(&false) {
                if let Some(known) = known.get_mut(at) {
                    *known = true;
                }
                chain.push(at);
                match self.names.folders.get(at) {
                    Some(folder) if folder.parent != NONE => at = folder.parent as usize,
                    _ => break,
                }
            }
            sorted &= chain.len() <= 1;
            while let Some(at) = chain.pop() {
                self.state(at);
            }
        }
        if !sorted {
            let mut order: Vec<u32> = (0..count as u32).collect();
            order.sort_by_key(|&f| self.names.folder(f).map_or(0, |folder| folder.depth));
            self.names.order = order;
        }
    }

    /// Sets the state of a folder from its parent's. In a cycle all stay gone, as they were made.
    fn state(&mut self, at: usize) {
        let Some(&folder) = self.names.folders.get(at) else {
            return;
        };
        let root = self.is_root(&folder);
        let (depth, state) = match self.names.folder(folder.parent) {
            _ if root => (0, State::Shown),
            Some(parent) if parent.source == folder.source => {
                let depth = parent.depth.saturating_add(1);
                (depth, parent.state)
            }
            _ => (0, State::Gone),
        };
        if let Some(folder) = self.names.folders.get_mut(at) {
            folder.depth = depth;
            folder.state = state;
            if root {
                folder.parent = NONE;
            }
        }
    }

    /// The names, ready to be searched.
    pub fn finish(mut self) -> Names {
        self.settle();
        self.close();
        self.names.shards.retain(|shard| shard.len() > 0);
        self.names.shards.shrink_to_fit();
        self.names.plain = self.names.folders.iter().all(|f| f.state == State::Shown);
        self.names
    }
}

/// About what a name takes, folded, and as it is.
fn room(name: &[u8]) -> usize {
    match name.is_ascii() {
        true => name.len(),
        false => 4 * name.len() + 8,
    }
}
