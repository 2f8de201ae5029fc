//! What a scan is asked to do. Values arrive checked: bad ones are refused by the face that took them.

use std::collections::BTreeSet;

/// What to leave out by gitignore-style rules; by default nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ignore {
    /// What git would leave out: by `.gitignore` files, by `info/exclude`, and `.git` itself.
    pub git: bool,
    /// And what a user's own excludes file would.
    pub git_user: Option<GitUser>,
    /// gitignore patterns, relative to the root, each winning over those before it and over files.
    pub patterns: Vec<Vec<u8>>,
}

impl Ignore {
    /// What git would leave out.
    pub fn git() -> Ignore {
        Ignore {
            git: true,
            ..Ignore::default()
        }
    }

    /// What these patterns match.
    pub fn patterns(patterns: Vec<Vec<u8>>) -> Ignore {
        Ignore {
            patterns,
            ..Ignore::default()
        }
    }

    /// Nothing.
    pub fn is_none(&self) -> bool {
        !self.git && self.git_user.is_none() && self.patterns.is_empty()
    }
}

/// Where a user's configuration of git lies.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GitUser {
    /// The home directory.
    pub home: Option<Vec<u8>>,
    /// `$XDG_CONFIG_HOME`; without it `.config` of the home directory.
    pub config_home: Option<Vec<u8>>,
}

/// How many slabs the receiver has asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Demand {
    /// Everything, as it comes.
    Unlimited,
    /// So many slabs; the scan is parked when they are sent.
    Slabs(u64),
}

/// Options of one scan.
#[derive(Clone, Debug)]
pub struct Options {
    /// Levels to list, 1 being the start's own entries; `None` for all.
    pub depth: Option<u32>,
    /// Whether to report size and mtime.
    pub metadata: bool,
    /// Whether names that begin with a dot are included.
    pub hidden: bool,
    /// Rules by which entries are left out.
    pub ignore: Ignore,
    /// Names of directories to leave out, exact bytes.
    pub exclude: BTreeSet<Vec<u8>>,
    /// Do not enter directories on another file system than the root's.
    pub same_file_system: bool,
    /// A slab closes when its entries and directory records reach this number.
    pub slab_entries: u32,
    /// Written into every slab's header.
    pub tag: u32,
    /// At most so many threads of the pool work on this scan at once.
    pub threads: Option<usize>,
    /// Whether progress is reported.
    pub progress: bool,
    /// The demand to begin with.
    pub demand: Demand,
    /// Gather [`Evidence`](crate::Evidence) for an index, that can take so many slabs until [`Scan::credit`]
    /// (crate::Scan::credit) allows more. Directories that change while they are read are then read again.
    pub evidence: Option<u64>,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            depth: None,
            metadata: true,
            hidden: true,
            ignore: Ignore::default(),
            exclude: BTreeSet::new(),
            same_file_system: false,
            slab_entries: 1000,
            tag: 0,
            threads: None,
            progress: false,
            demand: Demand::Unlimited,
            evidence: None,
        }
    }
}

/// What makes a directory the same one later.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Identity {
    /// st_dev.
    pub device: u64,
    /// st_ino.
    pub inode: u64,
}

/// Where a scan starts.
#[derive(Clone, Debug, Default)]
pub struct Root {
    /// Path of the root as the caller gave it, without NUL. A symlink here is followed.
    pub path: Vec<u8>,
    /// Directory beneath the root to start from; empty for the root itself. Never leaves the root, never follows a link,
    /// and is not there where the options leave it out.
    pub folder: Vec<u8>,
    /// When known from an earlier scan: the root must still be this directory.
    pub identity: Option<Identity>,
}
