//! One directory in memory: its row as it will be, and what has been gathered for it since the last flush.

use crate::schema::listing;
use crate::writer::tree::changed_files::FileChanges;
use aether_core::MountIdentity;

/// No parent: a root.
pub(in crate::writer) const NONE: u32 = u32::MAX;

/// `listed_gen` of what was forgotten, and of what is found in it, until it has been listed again: that is no change.
pub(in crate::writer) const FORGOTTEN: i64 = -1;

/// A directory that the writer works on.
#[derive(Debug)]
pub(in crate::writer) struct Node {
    /// Paths are not kept: those of a deep tree are longer than all else that is.
    pub name: Box<[u8]>,
    pub parent: u32,
    /// Levels, and bytes of the path, from the root.
    pub depth: u32,
    pub path_len: usize,
    /// 0 until one is given.
    pub id: i64,
    /// The id of its row in the database; 0 where there is none.
    pub stored_id: i64,
    /// Nothing is stored beneath it.
    pub fresh: bool,
    /// Directories beneath it are not in the database yet.
    pub has_new_children: bool,
    /// Directories beneath it were written under its id, which it may not be itself yet.
    pub has_rows_beneath: bool,
    /// What was read of its files and directories ahead is still so.
    pub read: bool,
    /// Directories beneath it are in hand.
    pub has_kept: bool,
    /// It has its row in `paths`, for certain.
    pub has_path: bool,
    /// It is stored, with nothing beneath it and no row in `paths`, for certain.
    pub is_alone: bool,
    /// It is in the list of nodes to flush.
    pub is_listed: bool,
    /// It, or a directory beneath it, is.
    pub touched: bool,
    /// The row has to be written even if no total changed.
    pub changed: bool,
    /// What came from beneath, if that is all that changed.
    pub carried: Option<Carried>,
    /// It is no more.
    pub removed: bool,
    /// Its own bytes were beyond the largest number, and have changed: they are to be counted.
    pub was_cut_off: bool,
    pub status: i64,
    pub mtime: Option<i64>,
    pub mount: Option<MountIdentity>,
    pub own: Sums,
    pub all: Sums,
    pub unknown_below: i64,
    pub listed_gen: i64,
    pub changed_gen: i64,
    pub gathered: Gathered,
    /// For the history, where it is kept.
    pub changed_files: Option<Box<FileChanges>>,
}

/// Files and bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::writer) struct Sums {
    pub files: i64,
    pub bytes: i64,
}

/// What a flush adds to the totals of a directory because of those beneath it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::writer) struct Carried {
    pub files: i64,
    pub bytes: i64,
    pub unknown: i64,
}

/// To be added at the next flush.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::writer) struct Gathered {
    /// To the totals of the subtree.
    pub files: i64,
    pub bytes: i128,
    pub unknown: i64,
    /// For the history: what happened to its own entries.
    pub own_files: i64,
    pub own_bytes: i64,
    pub added: i64,
    pub removed: i64,
    pub altered: i64,
}

impl Node {
    /// A directory that was just heard of.
    pub fn new(name: &[u8], parent: u32, mtime: Option<i64>) -> Node {
        Node {
            name: name.into(),
            parent,
            depth: 0,
            path_len: name.len(),
            id: 0,
            stored_id: 0,
            fresh: true,
            has_new_children: false,
            has_rows_beneath: false,
            read: false,
            has_kept: false,
            has_path: false,
            is_alone: false,
            is_listed: false,
            touched: false,
            changed: true,
            carried: None,
            removed: false,
            was_cut_off: false,
            status: listing::UNREAD,
            mtime,
            mount: None,
            own: Sums::default(),
            all: Sums::default(),
            unknown_below: 0,
            listed_gen: 0,
            changed_gen: 0,
            changed_files: None,
            // It has not been listed.
            gathered: Gathered {
                unknown: 1,
                ..Gathered::default()
            },
        }
    }

    /// A directory that was just heard of in this one, which is at `parent`.
    pub fn child(&self, name: &[u8], parent: u32, mtime: Option<i64>) -> Node {
        let slash = usize::from(self.path_len > 0);
        Node {
            depth: self.depth + 1,
            path_len: self.path_len + slash + name.len(),
            ..Node::new(name, parent, mtime)
        }
    }

    /// Nothing is known of what lies in it: it needs no row in `paths`.
    pub fn is_bare(&self) -> bool {
        self.status == listing::UNREAD && self.own.files == 0 && !self.has_new_children
    }

    /// What to add to its row, if nothing else of that is to be written.
    pub fn only_carried(&self) -> Option<Carried> {
        let has_row = self.id == self.stored_id && !self.removed && !self.is_alone;
        let is_plain = has_row && (self.has_path || self.is_bare());
        self.carried.filter(|_| is_plain)
    }

    /// `listed_gen` of a directory that is found in this one.
    pub fn listed_gen_within(&self) -> i64 {
        self.listed_gen.min(0)
    }

    /// A directory was made beneath it.
    pub fn has_new_child(&mut self) {
        self.has_new_children = true;
        self.is_alone = false;
        self.read = false;
    }

    /// A file more, or less.
    pub fn add_own(&mut self, files: i64, bytes: i64) {
        self.read = false;
        self.own.files += files;
        match self.own.bytes.checked_add(bytes) {
            Some(sum) if self.own.bytes != i64::MAX => self.own.bytes = sum,
            _ => {
                self.own.bytes = i64::MAX;
                self.was_cut_off = true;
            }
        }
        let gathered = &mut self.gathered;
        gathered.files += files;
        gathered.bytes += i128::from(bytes);
        gathered.own_files += files;
        gathered.own_bytes = gathered.own_bytes.saturating_add(bytes);
    }

    /// Gives it another status, and counts it as unknown or known.
    pub fn set_status(&mut self, status: i64) {
        if self.status == status {
            return;
        }
        let unknown = |status| i64::from(listing::is_unknown(status));
        self.gathered.unknown += unknown(status) - unknown(self.status);
        self.status = status;
        self.changed = true;
    }

    /// A file changed of which the history is to tell.
    pub fn tell_file(&mut self, name: &[u8], was: bool, kind: Option<i64>, bytes: i64) {
        let files = self.changed_files.get_or_insert_default();
        files.push(name, was, kind, bytes);
    }

    /// The history is not to know what was gathered.
    pub fn clear_history(&mut self) {
        self.gathered.clear_history();
        self.changed_files = None;
    }
}

impl Gathered {
    /// The history is not to know.
    fn clear_history(&mut self) {
        *self = Gathered {
            files: self.files,
            bytes: self.bytes,
            unknown: self.unknown,
            ..Gathered::default()
        };
    }

    /// Whether there is anything for the directory above.
    pub fn has_sums(&self) -> bool {
        self.files != 0 || self.bytes != 0 || self.unknown != 0
    }

    pub fn has_history(&self) -> bool {
        // A count that was wrong is put right without any entry.
        let own = self.own_files != 0 || self.own_bytes != 0;
        own || self.added != 0 || self.removed != 0 || self.altered != 0
    }
}
