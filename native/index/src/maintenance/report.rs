//! What a check reports.

/// Maximum number of findings in a report.
const MAX_FINDINGS: usize = 100;

/// A kind of fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Problem {
    /// `own_files` is not the number of its rows in `files`.
    OwnFiles,
    /// `own_bytes` is not the sum of their sizes.
    OwnBytes,
    /// `file_count` is not its own and its children's.
    FileCount,
    /// `bytes` is not its own and its children's.
    Bytes,
    /// `unknown_below` is not its own and its children's.
    UnknownBelow,
    /// `own_disk` is not the sum of the blocks of its files that are not in `links`.
    OwnDisk,
    /// `disk` is not its own blocks, those of its files and its children, and what `links` add.
    Disk,
    /// `linked` is not what `links` add at and beneath it.
    Linked,
    /// `whole` is not the part of that of inodes with all names beneath it.
    Whole,
    /// Its names in `links` are not those in `files`.
    Links,
    /// Names in `inodes` are not those in `links`.
    Inodes,
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
    /// Rows of `links` of a directory that is not there.
    LostLinks,
    /// Notes of a directory that is not there.
    LostNotes,
    /// A grave of a directory that is not there, or that still has a parent.
    LostGrave,
    /// A source whose root is not there, or is no root.
    LostRoot,
    /// A directory or a source that is not there, said to have names that count by themselves.
    LostInexact,
    /// It, or a file in it, is of an owner that is not there.
    LostOwner,
}

impl Problem {
    /// Its name, as in messages.
    pub fn name(self) -> &'static str {
        match self {
            Problem::OwnFiles => "own_files",
            Problem::OwnBytes => "own_bytes",
            Problem::FileCount => "file_count",
            Problem::Bytes => "bytes",
            Problem::UnknownBelow => "unknown_below",
            Problem::OwnDisk => "own_disk",
            Problem::Disk => "disk",
            Problem::Linked => "linked",
            Problem::Whole => "whole",
            Problem::Links => "links",
            Problem::Inodes => "inodes",
            Problem::Orphan => "orphan",
            Problem::Circle => "circle",
            Problem::OtherSource => "other_source",
            Problem::NotText => "not_text",
            Problem::Path => "path",
            Problem::LostFiles => "lost_files",
            Problem::LostPath => "lost_path",
            Problem::LostLinks => "lost_links",
            Problem::LostNotes => "lost_notes",
            Problem::LostGrave => "lost_grave",
            Problem::LostRoot => "lost_root",
            Problem::LostInexact => "lost_inexact",
            Problem::LostOwner => "lost_owner",
        }
    }
}

/// One fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The kind.
    pub problem: Problem,
    /// `dirs.id` of the directory.
    pub dir: i64,
    /// Its path relative to the source's root, if it is known.
    pub path: Option<Vec<u8>>,
    /// The stored number, where the fault is about one.
    pub stored: i64,
    /// The right number.
    pub counted: i64,
}

/// The result of a check.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// What SQLite says is wrong with the file; nothing else is checked then.
    pub pages: Vec<String>,
    /// The first hundred faults.
    pub findings: Vec<Finding>,
    /// How many there are.
    pub count: u64,
    /// Directories counted, without those waiting to be deleted.
    pub directories: u64,
    /// Their entries other than directories.
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
