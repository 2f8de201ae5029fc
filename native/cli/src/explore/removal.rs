//! What is to be removed, and what came of it. A target is what was shown: what lies there by then may be another thing.

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
}

impl Target {
    /// Its path relative to the root.
    pub fn path(&self) -> Vec<u8> {
        path::join(&self.place.folder, &self.child.name)
    }
}

/// A removal that is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RemoveWanted {
    pub how: How,
    pub targets: Vec<Target>,
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
    /// What has to be listed again: a folder, with all beneath it or its own entries alone.
    pub again: Vec<(Place, Option<u32>)>,
    /// Bytes that became free on the file system meanwhile, whoever freed or took them.
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
