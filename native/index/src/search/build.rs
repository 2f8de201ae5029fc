//! Builds names from rows: first the sources, then all folders by ascending id, then the entries of
//! folders. Parents may come after their children; they are connected once all folders are there.
//! What exceeds the memory limit is left out, and the result says so.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use super::folders::{Folder, Folders, NONE, State};
use super::interner::Interner;
use super::kind_mtime;
use super::names::Names;
use super::nested_sources::{self, Look, Seen};
use super::rows::{Row, Rows};
use super::shard::{MAX_NAME, Shard};

/// Starts at the current time, so that no cursor of another process is valid by chance.
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
    /// What is left out of it. Nested sources with the same rules can cover each other.
    pub rules: Vec<u8>,
    /// Completed scans. Needed only for nested sources.
    pub looks: Vec<Look>,
    /// Directories, by their rows, each with the scans that could not enter it and so saw nothing
    /// beneath it.
    pub missed: Vec<(i64, Range<i64>)>,
}

/// A row of `dirs`.
#[derive(Clone, Copy, Debug)]
pub struct Directory<'a> {
    /// Its row in `dirs`.
    pub id: i64,
    /// The directory that it is in; none for a root or a removed directory.
    pub parent: Option<i64>,
    /// Its source.
    pub source: i64,
    /// Its name; ignored for a root.
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

/// Collects rows and builds names from them.
#[derive(Debug)]
pub struct Builder {
    pub(super) names: Names,
    pub(super) folders: Vec<Folder>,
    order: Vec<u32>,
    rows: Vec<Row>,
    interner: Interner,
    /// Bytes of the roots.
    fixed: usize,
    limit: usize,
    /// For each source, by its row: its position, and the row of its root.
    pub(super) roots: HashMap<i64, (u32, i64)>,
    /// All sources, if any overlap.
    sources: Vec<Source>,
    /// The ids of the folders' parents, until these are connected.
    parents: Vec<Option<i64>>,
    settled: bool,
    last: Option<(i64, u32)>,
}

impl Builder {
    /// For names of at most about `limit` bytes.
    pub fn new(sources: Vec<Source>, limit: usize) -> Self {
        let names = Names {
            serial: SERIAL.fetch_add(1, Ordering::Relaxed),
            sources: sources.iter().map(|source| source.id).collect(),
            roots: sources.iter().map(|source| source.root.clone()).collect(),
            ..Names::default()
        };
        Builder {
            names,
            folders: Vec::new(),
            order: Vec::new(),
            rows: Vec::new(),
            interner: Interner::default(),
            fixed: sources
                .iter()
                .map(|s| s.root.len() + size_of::<Vec<u8>>())
                .sum::<usize>()
                + FIXED,
            limit,
            roots: (0..)
                .zip(&sources)
                .map(|(place, source)| (source.id, (place, source.root_id)))
                .collect(),
            sources: if nested_sources::overlap(&sources) {
                sources
            } else {
                Vec::new()
            },
            parents: Vec::new(),
            settled: false,
            last: None,
        }
    }

    /// Whether the limit has been reached.
    pub fn is_full(&self) -> bool {
        self.names.truncated
    }

    /// Adds a folder. They must come by ascending id, before any entry.
    pub fn directory(&mut self, row: Directory<'_>) {
        let source = self.roots.get(&row.source).copied();
        let ascends = self.folders.last().is_none_or(|last| last.id < row.id);
        let (Some((source, root)), true, false) = (source, ascends, self.settled) else {
            return;
        };
        let is_long = row.name.len() > MAX_NAME;
        if is_long || !self.has_room(room(row.name) + size_of::<Folder>() + 16) {
            return;
        }
        let is_root = root == row.id;
        // Removed folders have no parent, and keep their rows only until these are purged.
        let name = match row.parent {
            Some(_) if !is_root => {
                // The parent's position is not known yet: until then the row has the folder's own.
                let place = self.folders.len() as u32;
                self.push(place, row.name, kind_mtime::new(2, row.mtime))
            }
            _ => NONE,
        };
        self.parents.push(row.parent);
        self.folders.push(Folder {
            id: row.id,
            parent: NONE,
            name,
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

    /// Whether entries of this folder are wanted at all. To be called once all folders are there.
    pub fn wants(&mut self, directory: i64) -> bool {
        self.settle();
        self.place(directory).is_some()
    }

    /// Adds an entry of a folder.
    pub fn entry(&mut self, directory: i64, row: Entry<'_>) {
        self.settle();
        if row.name.len() <= MAX_NAME
            && let Some(folder) = self.place(directory)
            && self.has_room(room(row.name))
        {
            self.push(folder, row.name, kind_mtime::new(row.kind, row.mtime));
        }
    }

    fn place(&mut self, directory: i64) -> Option<u32> {
        if let Some((id, folder)) = self.last
            && id == directory
        {
            return Some(folder);
        }
        let folder = self.folder_of(directory)?;
        if self.folder(folder)?.state == State::Gone {
            return None;
        }
        self.last = Some((directory, folder));
        Some(folder)
    }

    fn has_room(&mut self, more: usize) -> bool {
        let folders = self.folders.len() * (size_of::<Folder>() + 4);
        let sources = self.names.sources.len() * 8;
        let rows = self.rows.len() * ROW;
        let held = self.fixed + self.interner.bytes() + rows + folders + sources;
        let is_full = self.interner.is_full() || self.rows.len() >= NONE as usize;
        if held + more + ROW > self.limit || is_full {
            self.names.truncated = true;
        }
        !self.names.truncated
    }

    /// Takes an entry, and gives the number of its name.
    fn push(&mut self, folder: u32, name: &[u8], kind_mtime: u32) -> u32 {
        let name = self.interner.number(name);
        self.rows.push(Row {
            name,
            folder,
            kind_mtime,
        });
        name
    }

    pub(super) fn folder_name<'a>(&'a self, folder: u32, room: &'a mut Vec<u8>) -> &'a [u8] {
        match self.folder(folder) {
            Some(folder) if folder.name != NONE => self.interner.name(folder.name, room),
            _ => &[],
        }
    }

    pub(super) fn folder(&self, folder: u32) -> Option<&Folder> {
        self.folders.get(folder as usize)
    }

    /// The folder with this row in `dirs`.
    pub(super) fn folder_of(&self, id: i64) -> Option<u32> {
        let found = self.folders.binary_search_by_key(&id, |folder| folder.id);
        found.ok().map(|folder| folder as u32)
    }

    /// Gives every folder its parent, and finds which can be reached from a root.
    fn settle(&mut self) {
        if std::mem::replace(&mut self.settled, true) {
            return;
        }
        let parents = std::mem::take(&mut self.parents);
        let parents: Vec<u32> = parents
            .into_iter()
            .map(|parent| parent.and_then(|id| self.folder_of(id)).unwrap_or(NONE))
            .collect();
        for (folder, &parent) in self.folders.iter_mut().zip(&parents) {
            folder.parent = parent;
        }
        self.descend();
        for row in &mut self.rows {
            row.folder = parents.get(row.folder as usize).copied().unwrap_or(NONE);
        }
        // Entries without a folder are never shown.
        self.rows.retain(|row| row.folder != NONE);
        let sources = std::mem::take(&mut self.sources);
        if !sources.is_empty() {
            for place in nested_sources::covered(self, &sources) {
                if let Some(folder) = self.folders.get_mut(place as usize) {
                    folder.state = State::Covered;
                }
            }
        }
    }

    /// From the roots down: depths, what can be reached, and an order in which parents come first.
    fn descend(&mut self) {
        let count = self.folders.len();
        let mut known = vec![false; count];
        let mut sorted = true;
        let mut chain = Vec::new();
        for start in 0..count {
            let mut at = start;
            // Up to a folder whose state is known. Afterwards all of these are known, so the whole
            // is linear.
            while known.get(at) == Some(&false) {
                if let Some(known) = known.get_mut(at) {
                    *known = true;
                }
                chain.push(at);
                match self.folders.get(at) {
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
            order.sort_by_key(|&f| self.folder(f).map_or(0, |folder| folder.depth));
            self.order = order;
        }
    }

    /// Derives a folder's state from its parent's. Folders in a cycle remain `Gone`.
    fn state(&mut self, at: usize) {
        let Some(&folder) = self.folders.get(at) else {
            return;
        };
        let root = self.is_root(&folder);
        let (depth, state) = match self.folder(folder.parent) {
            _ if root => (0, State::Shown),
            Some(parent) if parent.source == folder.source => {
                let depth = parent.depth.saturating_add(1);
                (depth, parent.state)
            }
            _ => (0, State::Gone),
        };
        if let Some(folder) = self.folders.get_mut(at) {
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
        self.names.shards = self.interner.finish();
        self.names.rows = Rows::sorted(&self.rows, &mut self.names.shards);
        self.names.plain = self.folders.iter().all(|f| f.state == State::Shown);
        self.names.folders = Folders::new(&self.folders, &self.order);
        self.names
    }
}

/// Bytes that `Names` needs even if it is almost empty.
const FIXED: usize = size_of::<Shard>() + 512;

/// Maximum bytes of an entry, without its name.
const ROW: usize = 8;

/// About how many bytes a name needs, with its forms.
fn room(name: &[u8]) -> usize {
    match name.is_ascii() {
        true => name.len(),
        false => 4 * name.len() + 8,
    }
}
