//! What a check reports.

/// Maximum number of findings in a report.
const MAX_FINDINGS: usize = 100;

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Problem {
    /// `own_files` is not the number of its rows in files.
    OwnFiles,
    /// `own_bytes` is not the sum of their sizes.
    OwnBytes,
    /// `file_count` is not its own and its children's.
    FileCount,
    /// `bytes` is not its own and its children's.
    Bytes,
    /// `unknown_below` is not its own and its children's.
    UnknownBelow,
    /// It has no parent, is no root and is not in the graveyard; or its parent is not there.
    Orphan,
    /// It lies beneath itself.
    Circle,
    /// Its parent belongs to another source.
    OtherSource,
    /// A name or a path that is not stored as TEXT.
    NotText,
    /// It has no row in paths, or one that names it otherwise.
    Path,
    /// Files of a directory that is not there.
    LostFiles,
    /// A path of a directory that is not there.
    LostPath,
    /// Notes of a directory that is not there.
    LostNotes,
    /// A grave of a directory that is not there, or that still has a parent.
    LostGrave,
    /// A source whose root is not there, or is no root.
    LostRoot,
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What.
    pub problem: Problem,
    /// `dirs.id` of where.
    pub dir: i64,
    /// Where, relative to its source's root, as far as that can be told.
    pub path: Option<Vec<u8>>,
    /// The number that is stored, where it is about one.
    pub stored: i64,
    /// The number that should be.
    pub counted: i64,
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// What SQLite says is wrong with the file; nothing else is looked at then.
    pub pages: Vec<String>,
    /// The first hundred things that are wrong.
    pub findings: Vec<Finding>,
    /// How many there are.
    pub count: u64,
    /// Directories counted, those waiting to be deleted left out.
    pub directories: u64,
    /// Their entries that are no directories.
    pub files: u64,
}

impl Report {
    /// Nothing is wrong.
    #[cfg(any(test, feature = "test-support"))]
    pub fn is_clean(&self) -> bool {
        self.pages.is_empty() && self.count == 0
    }

    pub(super) fn add(&mut self, finding: Finding) {
        self.count += 1;
        if self.findings.len() < MAX_FINDINGS {
            self.findings.push(finding);
        }
    }
}
