//! A cached directory: its row as it will be written, and what was gathered for it since the last
//! flush.

use super::file_changes::FileChanges;
use crate::columns::{DirEntry, DirRow};
use crate::values::listing;
use crate::writer::store::Carried;

/// The parent of a root.
pub(in crate::writer) const NONE: u32 = u32::MAX;

/// `listed_gen` of a forgotten directory, and of directories found in it, until it is listed again:
/// what that listing finds is no change.
pub(in crate::writer) const FORGOTTEN: i64 = -1;

/// A directory that the writer works on.
#[derive(Debug)]
pub(in crate::writer) struct Node {
    /// Paths are not kept: in a deep tree they would be longer than everything else.
    pub name: Box<[u8]>,
    pub parent: u32,
    /// Levels below the root.
    pub depth: u32,
    /// Bytes of the path from the root.
    pub path_len: usize,
    /// 0 until it gets one.
    pub id: i64,
    /// The id of its row in the database; 0 where there is none.
    pub stored_id: i64,
    pub row: DirRow,
    pub device_above: InheritedDevice,
    pub state: RowState,
    pub flush: Flush,
    pub in_paths: InPaths,
    /// Nothing is stored in it or beneath it.
    pub is_empty: bool,
    /// Directories in it are not in the database yet.
    pub has_new_children: bool,
    /// Directories in it were written under its id, which it may not have in the database yet.
    pub has_rows_beneath: bool,
    /// What was read ahead of its files and directories still holds.
    pub is_read_ahead: bool,
    /// Directories in it are cached.
    pub has_cached: bool,
    /// Its own bytes or blocks exceeded the largest number, and have changed: count them.
    pub recount_own: bool,
    /// What came from beneath, if nothing else changed.
    pub carried: Option<Carried>,
    pub gathered: PendingSums,
    /// For the history, where it is kept.
    pub file_changes: Option<Box<FileChanges>>,
}

/// The device of the nearest directory above that has one. It holds while the count is that of
/// [`DirTree::devices_set`](super::DirTree).
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::writer) struct InheritedDevice {
    pub count: u64,
    pub device: Option<i64>,
}

/// Whether a node's row has to be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::writer) enum RowState {
    Clean,
    /// Even if no total changed.
    Changed,
    /// The directory does not exist any more.
    Removed,
}

/// What the next flush does with a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::writer) enum Flush {
    Nothing,
    /// A directory beneath it is queued.
    Beneath,
    /// It is in the list of nodes to flush.
    Queued,
}

/// What is certain of a node's row in `paths`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::writer) enum InPaths {
    Unknown,
    /// The directory is stored, without a row in `paths` and with nothing beneath it.
    Absent,
    Present,
}

/// To be added at the next flush.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::writer) struct PendingSums {
    /// To the totals of the subtree.
    pub files: i64,
    pub bytes: i128,
    pub unknown: i64,
    pub disk: i128,
    /// The parts of `disk` that come from links.
    pub linked: i64,
    pub whole: i64,
    /// For the history: what happened to its own entries.
    pub own_files: i64,
    pub own_bytes: i64,
    pub added: i64,
    pub removed: i64,
    pub altered: i64,
}

impl Node {
    /// A directory that was found in its parent's listing, and not listed itself.
    pub fn new(name: &[u8], parent: u32, entry: DirEntry) -> Node {
        Node {
            name: name.into(),
            parent,
            depth: 0,
            path_len: name.len(),
            id: 0,
            stored_id: 0,
            row: DirRow::unread(entry),
            device_above: InheritedDevice::default(),
            state: RowState::Changed,
            flush: Flush::Nothing,
            in_paths: InPaths::Unknown,
            is_empty: true,
            has_new_children: false,
            has_rows_beneath: false,
            is_read_ahead: false,
            has_cached: false,
            recount_own: false,
            carried: None,
            gathered: PendingSums {
                unknown: 1,
                disk: entry.self_disk.unwrap_or(0).into(),
                ..PendingSums::default()
            },
            file_changes: None,
        }
    }

    /// The same for a directory in this one, which is at `parent`.
    pub fn child(&self, name: &[u8], parent: u32, entry: DirEntry) -> Node {
        let slash = usize::from(self.path_len > 0);
        Node {
            depth: self.depth + 1,
            path_len: self.path_len + slash + name.len(),
            ..Node::new(name, parent, entry)
        }
    }

    /// A directory as it is stored.
    pub fn stored(self, id: i64, row: DirRow) -> Node {
        // Otherwise it has a row in `paths` only if something lies beneath it.
        let has_path = row.status != listing::UNREAD || row.own_files > 0;
        Node {
            id,
            stored_id: id,
            row,
            state: RowState::Clean,
            in_paths: match has_path {
                true => InPaths::Present,
                false => InPaths::Unknown,
            },
            is_empty: false,
            gathered: PendingSums::default(),
            ..self
        }
    }

    /// Has the row written with the next flush, if the node is touched.
    pub fn mark_changed(&mut self) {
        if self.state == RowState::Clean {
            self.state = RowState::Changed;
        }
    }

    pub fn is_removed(&self) -> bool {
        self.state == RowState::Removed
    }

    /// Whether none of its entries is known: then it needs no row in `paths`.
    pub fn is_bare(&self) -> bool {
        self.row.status == listing::UNREAD && self.row.own_files == 0 && !self.has_new_children
    }

    /// What to add to its row, if nothing else of the row has to be written.
    pub fn only_carried(&self) -> Option<Carried> {
        let has_row = self.id == self.stored_id && !self.is_removed();
        let is_plain = has_row
            && match self.in_paths {
                InPaths::Present => true,
                InPaths::Absent => false,
                InPaths::Unknown => self.is_bare(),
            };
        self.carried.filter(|_| is_plain)
    }

    /// `listed_gen` of a directory that is found in this one.
    pub fn listed_gen_within(&self) -> i64 {
        self.row.listed_gen.min(0)
    }

    /// A directory was added to it.
    pub fn has_new_child(&mut self) {
        self.has_new_children = true;
        self.is_read_ahead = false;
        if self.in_paths == InPaths::Absent {
            self.in_paths = InPaths::Unknown;
        }
    }

    /// Adds to its own files and bytes.
    pub fn add_own(&mut self, files: i64, bytes: impl Into<i128>) {
        let bytes = bytes.into();
        self.is_read_ahead = false;
        self.row.own_files += files;
        match i64::try_from(i128::from(self.row.own_bytes) + bytes) {
            Ok(sum) if self.row.own_bytes != i64::MAX => self.row.own_bytes = sum,
            _ => {
                self.row.own_bytes = i64::MAX;
                self.recount_own = true;
            }
        }
        let gathered = &mut self.gathered;
        gathered.files += files;
        gathered.bytes += bytes;
        gathered.own_files += files;
        let own_bytes = i128::from(gathered.own_bytes) + bytes;
        gathered.own_bytes = own_bytes.clamp(i64::MIN.into(), i64::MAX.into()) as i64;
    }

    /// Adds to the blocks of its own files.
    pub fn add_own_disk(&mut self, disk: impl Into<i128>) {
        let disk = disk.into();
        if disk == 0 {
            return;
        }
        self.is_read_ahead = false;
        self.mark_changed();
        match i64::try_from(i128::from(self.row.own_disk) + disk) {
            Ok(sum) if self.row.own_disk != i64::MAX => self.row.own_disk = sum,
            _ => {
                self.row.own_disk = i64::MAX;
                self.recount_own = true;
            }
        }
        self.gathered.disk += disk;
    }

    /// Sets what its parent's listing says of it.
    pub fn set_entry(&mut self, entry: DirEntry) {
        let before = self.row.self_disk.unwrap_or(0);
        self.gathered.disk += i128::from(entry.self_disk.unwrap_or(0)) - i128::from(before);
        self.row = self.row.with(entry);
        self.mark_changed();
    }

    /// Gives it another status, and counts it as unknown or known.
    pub fn set_status(&mut self, status: i64) {
        if self.row.status == status {
            return;
        }
        let unknown = |status| i64::from(listing::is_unknown(status));
        self.gathered.unknown += unknown(status) - unknown(self.row.status);
        self.row.status = status;
        self.mark_changed();
    }

    /// Keeps a change of one file for the history.
    pub fn record_file(&mut self, name: &[u8], existed: bool, kind: Option<i64>, bytes: i64) {
        let files = self.file_changes.get_or_insert_default();
        files.push(name, existed, kind, bytes);
    }

    /// Keeps what was gathered out of the history.
    pub fn clear_history(&mut self) {
        self.gathered.clear_history();
        self.file_changes = None;
    }
}

impl PendingSums {
    fn clear_history(&mut self) {
        *self = PendingSums {
            files: self.files,
            bytes: self.bytes,
            unknown: self.unknown,
            disk: self.disk,
            linked: self.linked,
            whole: self.whole,
            ..PendingSums::default()
        };
    }

    /// Whether there is anything to add to the directory above.
    pub fn has_sums(&self) -> bool {
        let sums = [self.files, self.unknown, self.linked, self.whole];
        self.bytes != 0 || self.disk != 0 || sums.iter().any(|sum| *sum != 0)
    }

    pub fn has_history(&self) -> bool {
        // Correcting a wrong count changes the sums without any entry.
        let own = self.own_files != 0 || self.own_bytes != 0;
        own || self.added != 0 || self.removed != 0 || self.altered != 0
    }
}
