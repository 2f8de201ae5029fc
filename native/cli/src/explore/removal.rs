//! What is to be removed, and what came of it. A target is what was shown: by then something else may be there.

use std::collections::BTreeMap;

use aether_core::path;
use aether_index::reader::Child;

use super::state::Place;

/// How things are removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// To the trash, from where they can be put back.
    Trash,
    /// For good.
    Delete,
}

/// An entry as it was shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The folder that it lies in.
    pub place: Place,
    pub child: Child,
    /// When the index saw it: ms since the epoch.
    pub seen: Option<i64>,
    /// When the last scan began that went through all of it.
    pub whole_since: Option<i64>,
    /// The directory that the index has the root to be, as it stores that.
    pub root: Option<Vec<u8>>,
}

impl Target {
    /// One as a row shows it: the rest is asked for.
    pub fn new(place: Place, child: Child) -> Target {
        Target {
            place,
            child,
            seen: None,
            whole_since: None,
            root: None,
        }
    }

    /// Its path relative to the root.
    pub fn path(&self) -> Vec<u8> {
        path::join(&self.place.folder, &self.child.name)
    }
}

/// What lies at a target, with all beneath: counted on the disk, whatever a scan leaves out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Survey {
    /// All that is no directory.
    pub files: u64,
    /// What regular files contain.
    pub bytes: u64,
    /// Bytes that are allocated, each inode once.
    pub disk: u64,
    /// Directories that cannot be read.
    pub unread: u64,
    /// Files that changed, or came, after the index saw the target.
    pub newer: u64,
    /// The same of directories: what left them is not counted otherwise.
    pub newer_folders: u64,
    /// Something came, or changed, after the last scan of all of it began.
    pub is_newer_than_whole: bool,
    /// A hash of the names, places, inodes, sizes and times of all.
    pub digest: u64,
}

impl Survey {
    /// Whether everything is as it was at another time.
    pub fn is_same(&self, other: &Survey) -> bool {
        (self.files, self.unread, self.digest) == (other.files, other.unread, other.digest)
    }
}

/// What was counted, or why the target may not be removed.
pub type Surveyed = Result<Survey, String>;

/// A removal that is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RemoveWanted {
    pub how: How,
    pub targets: Vec<Target>,
    /// What the question said of each.
    pub surveys: Vec<Surveyed>,
}

/// Marked entries, by root and path.
pub type Marks = BTreeMap<(Vec<u8>, Vec<u8>), Target>;

/// The key of an entry among the marks.
pub fn key(place: &Place, name: &[u8]) -> (Vec<u8>, Vec<u8>) {
    (place.root.clone(), path::join(&place.folder, name))
}

/// Those that are not within others of them.
pub fn outermost(marks: &Marks) -> Vec<Target> {
    let mut found: Vec<Target> = Vec::new();
    for target in marks.values() {
        let is_within = |above: &Target| {
            above.place.root == target.place.root && path::is_within(&target.path(), &above.path())
        };
        if !found.iter().any(is_within) {
            found.push(target.clone());
        }
    }
    found
}

/// What the index says of targets by now.
#[derive(Clone, Debug, Default)]
pub struct Looked {
    /// In their order; none of what is gone.
    pub targets: Vec<Option<Child>>,
    /// When each was seen: ms since the epoch.
    pub seen: Vec<Option<i64>>,
    /// When the last scan began that went through all of each.
    pub whole_since: Vec<Option<i64>>,
    /// The directory that each one's root is, as it is stored.
    pub roots: Vec<Option<Vec<u8>>>,
    /// What the whole tree takes up on disk or, where that is not known, contains.
    pub whole: Option<u64>,
    /// Something of that may still fall without anything being removed.
    pub is_pending: bool,
}

/// Something that was not removed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Left {
    /// Its full path.
    pub path: Vec<u8>,
    pub why: String,
}

/// What came of a removal.
#[derive(Clone, Debug)]
pub struct Report {
    pub how: How,
    /// Targets that are gone from where they were.
    pub gone: Vec<Target>,
    /// Entries that were deleted, those in folders too; of the trash the same as targets.
    pub entries: u64,
    /// The first of what was left, and how many there are.
    pub left: Vec<Left>,
    pub left_count: u64,
    /// Targets that no trash takes.
    pub untrashed: Vec<Target>,
    pub is_stopped: bool,
    /// Set where something was found to be other than the question said: what is there now. Nothing was removed.
    pub changed: Option<RemoveWanted>,
    /// What has to be listed again: a folder, with all beneath it or its own entries alone.
    pub again: Vec<(Place, Option<u32>)>,
    /// Bytes that became free on the file system while it ran, whoever freed or took them.
    pub freed: Option<i64>,
}

impl Report {
    pub fn new(how: How) -> Report {
        Report {
            how,
            gone: Vec::new(),
            entries: 0,
            left: Vec::new(),
            left_count: 0,
            untrashed: Vec::new(),
            is_stopped: false,
            changed: None,
            again: Vec::new(),
            freed: None,
        }
    }

    pub fn leave(&mut self, path: Vec<u8>, why: String) {
        /// So many are said.
        const MOST: usize = 100;
        self.left_count += 1;
        if self.left.len() < MOST {
            self.left.push(Left { path, why });
        }
    }
}
