//! Options of a scan. Values arrive validated: the caller's API refuses bad ones.

use std::collections::BTreeSet;

use crate::report::KEPT_ERRORS;
use crate::slab::Groups;

/// What to leave out by gitignore-style rules; nothing by default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ignore {
    /// Leave out what git would: by `.gitignore` files, by `info/exclude`, and `.git` itself.
    pub git: bool,
    /// Also apply a user's own excludes file.
    pub git_user: Option<GitUser>,
    /// gitignore patterns relative to the root. Later ones win over earlier ones, and all of them over files.
    pub patterns: Vec<Vec<u8>>,
}

impl Ignore {
    /// Leaves out what git would.
    pub fn git() -> Ignore {
        Ignore {
            git: true,
            ..Ignore::default()
        }
    }

    /// Leaves out what these patterns match.
    pub fn patterns(patterns: Vec<Vec<u8>>) -> Ignore {
        Ignore {
            patterns,
            ..Ignore::default()
        }
    }

    /// Whether nothing is left out.
    pub fn is_none(&self) -> bool {
        !self.git && self.git_user.is_none() && self.patterns.is_empty()
    }
}

/// Where to find a user's git configuration.
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
    /// This many slabs; then the scan is parked.
    Slabs(u64),
}

/// Options of one scan.
#[derive(Clone, Debug)]
pub struct Options {
    /// Levels to list, 1 being the start's own entries; `None` for all.
    pub depth: Option<u32>,
    /// The attributes to report. Any group brings along [`Groups::METADATA`], which it needs.
    pub metadata: Groups,
    /// Whether to include names that begin with a dot.
    pub hidden: bool,
    /// Rules by which entries are left out.
    pub ignore: Ignore,
    /// Names of directories to leave out, exact bytes.
    pub exclude: BTreeSet<Vec<u8>>,
    /// Whether to stay out of directories on other file systems than the root's.
    pub same_file_system: bool,
    /// Maximum number of entries and directory records in a slab.
    pub slab_entries: u32,
    /// Written into the header of every slab.
    pub tag: u32,
    /// Maximum number of the pool's threads that work on this scan at once.
    pub threads: Option<usize>,
    /// Whether progress is reported.
    pub progress: bool,
    /// Maximum number of errors that are kept with their paths; the rest are only counted.
    pub max_errors: usize,
    /// Initial demand.
    pub demand: Demand,
    /// Collects [`Evidence`](crate::Evidence) for an index that can take this many slabs until
    /// [`Scan::credit`](crate::Scan::credit) allows more. Directories that change while they are read are read again.
    pub evidence: Option<u64>,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            depth: None,
            metadata: Groups::METADATA,
            hidden: true,
            ignore: Ignore::default(),
            exclude: BTreeSet::new(),
            same_file_system: false,
            slab_entries: 1000,
            tag: 0,
            threads: None,
            progress: false,
            max_errors: KEPT_ERRORS,
            demand: Demand::Unlimited,
            evidence: None,
        }
    }
}

/// Identifies a directory, to tell later whether it is still the same one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Identity {
    /// st_dev.
    pub device: u64,
    /// st_ino.
    pub inode: u64,
}

impl Identity {
    /// The same as bytes, which only this machine can read.
    pub fn to_bytes(self) -> [u8; 16] {
        let device = u128::from(self.device) << 64;
        (device | u128::from(self.inode)).to_ne_bytes()
    }

    /// From [`Identity::to_bytes`].
    pub fn from_bytes(bytes: [u8; 16]) -> Identity {
        let both = u128::from_ne_bytes(bytes);
        Identity {
            device: (both >> 64) as u64,
            inode: both as u64,
        }
    }
}

/// Where a scan starts.
#[derive(Clone, Debug, Default)]
pub struct Root {
    /// Path of the root as the caller gave it, without NUL. A symlink here is followed.
    pub path: Vec<u8>,
    /// Directory beneath the root to start from; empty for the root itself. The path never leaves the root and follows
    /// no link; a folder that the options leave out counts as missing.
    pub folder: Vec<u8>,
    /// Instead of listing the folder, look at this entry of it, or at the folder itself if this is empty. One slab has
    /// the entry, in a record that is not closed; the folder itself has the name `.self` there, as no entry has none.
    pub entry: Option<Vec<u8>>,
    /// Identity from an earlier scan: the root must still be this directory.
    pub identity: Option<Identity>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identity_survives_as_bytes() {
        let identity = Identity {
            device: 1 << 63 | 7,
            inode: u64::MAX - 1,
        };
        assert_eq!(Identity::from_bytes(identity.to_bytes()), identity);
    }
}
