//! Builds names from rows: first the sources, then all folders by ascending id, then the entries of
//! folders. Parents may come after their children; they are connected once all folders are there.
//! What exceeds the memory limit is left out, and the result says so.

mod settle;

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use super::folders::{Folder, FolderState, NONE};
use super::interner::Interner;
use super::kind_mtime::{self, Span};
use super::names::Names;
use super::nested_sources::{self, CompletedScan, Seen};
use super::row_chunks::{Row, RowChunks};
use super::row_sort;
use super::rows::NameRows;
use super::shard::{MAX_NAME, Shard};

/// Starts at the current time, so that no cursor of another process is valid by chance.
static SERIAL: LazyLock<AtomicU64> = LazyLock::new(|| {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    AtomicU64::new(now.map_or(0, |now| now.as_nanos() as u64))
});

/// A root that is known.
#[derive(Clone, Debug)]
pub struct SearchRoot {
    /// Its row in `sources`.
    pub id: i64,
    /// The row of its root in `dirs`.
    pub root_id: i64,
    /// Where the root is, absolute.
    pub root: Vec<u8>,
    /// What is left out of it. Nested sources with the same rules can cover each other.
    pub rules: Vec<u8>,
    /// Completed scans. Needed only for nested sources.
    pub looks: Vec<CompletedScan>,
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
    /// Until they are connected.
    pub(super) folders: Vec<Folder>,
    rows: RowChunks,
    /// The kinds and times of all rows.
    span: Span,
    interner: Interner,
    /// Bytes of the roots.
    fixed: usize,
    limit: usize,
    /// Bytes that may be taken before it is looked again whether the limit is reached.
    granted: usize,
    /// For each source, by its row: its position, and the row of its root.
    pub(super) roots: HashMap<i64, (u32, i64)>,
    /// All sources, if any overlap.
    sources: Vec<SearchRoot>,
    /// The rest of what is known of each folder, until they are connected.
    unsettled: Vec<Unsettled>,
    settled: bool,
    last: Option<(i64, u32)>,
}

#[derive(Clone, Copy, Debug)]
struct Unsettled {
    /// The id of its parent.
    parent: Option<i64>,
    kind_mtime: u32,
}

impl Builder {
    /// For names of at most about `limit` bytes, also while they are built.
    pub fn new(sources: Vec<SearchRoot>, limit: usize) -> Self {
        let names = Names {
            serial: SERIAL.fetch_add(1, Ordering::Relaxed),
            sources: sources.iter().map(|source| source.id).collect(),
            roots: sources.iter().map(|source| source.root.clone()).collect(),
            ..Names::default()
        };
        Builder {
            names,
            folders: Vec::new(),
            rows: RowChunks::new(CHUNK),
            span: Span::default(),
            interner: Interner::default(),
            fixed: sources
                .iter()
                .map(|s| s.root.len() + size_of::<Vec<u8>>())
                .sum::<usize>()
                + FIXED,
            limit,
            granted: 0,
            roots: (0..)
                .zip(&sources)
                .map(|(place, source)| (source.id, (place, source.root_id)))
                .collect(),
            sources: if nested_sources::overlap(&sources) {
                sources
            } else {
                Vec::new()
            },
            unsettled: Vec::new(),
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
        let kind_mtime = kind_mtime::new(2, row.mtime);
        if row.name.len() > MAX_NAME || !self.has_room(room(row.name) + FOLDER, kind_mtime) {
            return;
        }
        let is_root = root == row.id;
        // Removed folders have no parent, and keep their rows only until these are purged.
        let name = match row.parent {
            Some(_) if !is_root => self.interner.number(row.name),
            _ => NONE,
        };
        let unsettled = Unsettled {
            parent: row.parent,
            kind_mtime,
        };
        push(&mut self.unsettled, unsettled);
        let folder = Folder {
            id: row.id,
            parent: NONE,
            name,
            source,
            depth: 0,
            state: FolderState::Gone,
            seen: Seen::new(row.status),
        };
        push(&mut self.folders, folder);
    }

    /// Whether entries of this folder are wanted at all. To be called once all folders are there.
    pub fn wants(&mut self, directory: i64) -> bool {
        self.settle();
        self.place(directory).is_some()
    }

    /// Adds an entry of a folder.
    pub fn entry(&mut self, directory: i64, row: Entry<'_>) {
        self.settle();
        let kind_mtime = kind_mtime::new(row.kind, row.mtime);
        if row.name.len() <= MAX_NAME
            && let Some(folder) = self.place(directory)
            && self.has_room(room(row.name), kind_mtime)
        {
            let name = self.interner.number(row.name);
            self.rows.push(Row {
                name,
                folder,
                kind_mtime,
            });
        }
    }

    fn place(&mut self, directory: i64) -> Option<u32> {
        if let Some((id, folder)) = self.last
            && id == directory
        {
            return Some(folder);
        }
        let folder = self.names.folders.with_id(directory)?;
        if self.names.folders.state(folder) == FolderState::Gone {
            return None;
        }
        self.last = Some((directory, folder));
        Some(folder)
    }

    /// Whether there is room for another row.
    fn has_room(&mut self, more: usize, kind_mtime: u32) -> bool {
        let span = self.span.with(kind_mtime);
        let more = more + ROW;
        if more > self.granted || span != self.span {
            let rows = self.rows.len() + self.unsettled.len();
            let is_full = self.interner.is_full() || rows + GRANT >= NONE as usize;
            let left = self.limit.saturating_sub(self.bytes(span));
            if is_full || more > left {
                self.names.truncated = true;
                return false;
            }
            self.span = span;
            self.granted = left.min(GRANT).min(self.limit / 1_024).max(more);
        }
        self.granted -= more;
        !self.names.truncated
    }

    /// The most memory that is held at once from now on, if no more rows come.
    fn bytes(&self, span: Span) -> usize {
        let (names, count) = (self.interner.len(), self.rows.len() + self.unsettled.len());
        let unpacked = self.rows.bytes() + self.unsettled.len() * ROW;
        let (packed, more) =
            NameRows::bytes_for(count, self.folders.len() + self.names.folders.len(), span);
        let rows = (self.interner.tables_bytes() + unpacked)
            .max(row_sort::bytes_for(names, count) + unpacked)
            .max(4 * names + packed.max(unpacked) + more);
        let folders = self.folders.capacity() * size_of::<Folder>()
            + self.unsettled.capacity() * size_of::<Unsettled>()
            + self.names.folders.bytes();
        let sources = self.names.sources.len() * 8;
        self.fixed + sources + self.interner.bytes() + folders + rows
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

    /// The names, ready to be searched.
    pub fn finish(self) -> Names {
        let names = self.finish_unless(&AtomicBool::new(false));
        names.unwrap_or_default()
    }

    /// The same. None if cancelled.
    pub fn finish_unless(mut self, cancel: &AtomicBool) -> Option<Names> {
        self.settle();
        // Each step takes memory that the one before has freed.
        self.names.shards = self.interner.finish();
        let rows = row_sort::sort(self.rows, &mut self.names.shards, cancel)?;
        self.names.rows = NameRows::new(rows, self.span, cancel)?;
        Some(self.names)
    }
}

/// Bytes that `Names` needs even if it is almost empty.
const FIXED: usize = size_of::<Shard>() + 512;

/// Maximum bytes that are granted at once.
const GRANT: usize = 1 << 14;

/// Number of rows that are packed at once.
const CHUNK: usize = 1 << 16;

/// Maximum bytes of an entry, without its name.
const ROW: usize = size_of::<Row>();

/// Bytes of a folder, until it is connected and packed.
const FOLDER: usize = size_of::<Folder>() + size_of::<Unsettled>();

/// Adds to a list, which grows by a quarter and not to twice its size.
fn push<T>(list: &mut Vec<T>, value: T) {
    if list.len() == list.capacity() {
        list.reserve_exact(list.len() / 4 + 4);
    }
    list.push(value);
}

/// About how many bytes a name needs, with its forms.
fn room(name: &[u8]) -> usize {
    match name.is_ascii() {
        true => name.len(),
        false => 4 * name.len() + 8,
    }
}
