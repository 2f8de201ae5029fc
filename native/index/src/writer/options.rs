//! What goes in and out of the writer: options, scans to begin, progress, notes.

use std::sync::Arc;
use std::time::Duration;

use aether_core::Counts;
use aether_core::MountIdentity;

#[cfg(feature = "test-support")]
use crate::batch::Batch;
use crate::error::Error;
use crate::lock::MODE;
use crate::owner::Owner;
use crate::rules::Rules;
use crate::writer::roots::AtRoot;

/// Called after a commit, on the writer's thread, with the sources that it touched. Must return at
/// once.
pub type OnCommit = Arc<dyn Fn(&[i64]) + Send + Sync>;

/// How an index is opened.
#[derive(Clone)]
pub struct OpenOptions {
    /// How long to wait for another program's lock; no more than 2 s once the index is open, since all that is
    /// written waits for as long.
    pub busy_timeout: Duration,
    /// How long to retry a batch that cannot be written (no space, say) before its scan fails.
    pub stall_timeout: Duration,
    /// Maximum number of batches that wait for the writer, over all scans. Otherwise each scan's own
    /// credit bounds them.
    #[cfg(feature = "test-support")]
    pub queue: u32,
    /// Number of entries after which a transaction is committed.
    pub batch_entries: usize,
    /// Number of generations whose changes are kept; 0 keeps none.
    pub history: u32,
    /// Length of the log in bytes from which on it is made to start over.
    pub wal_soft: u64,
    /// Length of the log in bytes at which scans wait.
    pub wal_limit: u64,
    /// Length of the log in bytes from which on it is copied into the database when the index is at
    /// rest.
    pub wal_rest: u64,
    /// How long without a commit the index is at rest.
    pub wal_rest_after: Duration,
    /// Permissions of the file, if it is created.
    pub mode: u32,
    /// Whether to keep the table `touched`, for readers that follow the index.
    pub follow: bool,
    /// Called after each commit.
    pub on_commit: Option<OnCommit>,
}

impl Default for OpenOptions {
    fn default() -> OpenOptions {
        OpenOptions {
            busy_timeout: Duration::from_secs(5),
            stall_timeout: Duration::from_secs(10),
            #[cfg(feature = "test-support")]
            queue: 64,
            batch_entries: 1000,
            history: 10,
            wal_soft: 32 << 20,
            wal_limit: 1 << 30,
            wal_rest: 1 << 20,
            wal_rest_after: Duration::from_secs(30),
            mode: MODE,
            follow: false,
            on_commit: None,
        }
    }
}

/// A scan to begin.
#[derive(Clone, Debug, Default)]
pub struct ScanSpec {
    /// The root's path, by which the source is found unless `source_id` is given. Absolute, with
    /// all links but the last component resolved, if the caller has opened it.
    pub root: Vec<u8>,
    /// The path that the caller used, if that is another.
    pub called: Option<Vec<u8>>,
    /// Roots of other sources that may be this directory, and what is there now.
    pub others: Vec<(Vec<u8>, AtRoot)>,
    /// The source's uuid; a new source without gets a random one.
    pub source_id: Option<String>,
    /// Directory beneath the root where the scan starts; empty for the root.
    pub folder: Vec<u8>,
    /// Levels listed from there; `None` for all.
    pub depth: Option<u32>,
    /// `None` for those of the source, or the default ones.
    pub rules: Option<Rules>,
    /// Whether to replace the source's rules by these.
    pub replace_rules: bool,
    /// Identity of the root.
    pub root_identity: Option<MountIdentity>,
    /// Mount points from the root down to the folder, included: path and identity.
    pub way: Vec<(Vec<u8>, MountIdentity)>,
    /// The root's device as entries of slabs have it; 0 where it is not known.
    pub root_device: u32,
    /// Where another device begins on the way from the root down to the folder, included: path,
    /// device and identity.
    pub devices: Vec<(Vec<u8>, u32, MountIdentity)>,
    /// Allocated bytes of the root's own directory.
    pub root_disk: Option<u64>,
    /// Permissions and owner of the root's own directory.
    pub root_owner: Option<Owner>,
    /// Whether permissions and owners are kept, from now on. `None` for whether the source keeps
    /// them, which [`Started::owners`] tells.
    pub owners: Option<bool>,
    /// Whether to accept whatever is at the root and at mount points as what belongs there.
    pub accept_root: bool,
    /// The root's path as in the mount table, with all links resolved, if the caller knows it.
    pub real_root: Option<Vec<u8>>,
    /// The caller's name for this scan, as given in errors with `AlreadyScanning`.
    pub tag: String,
}

impl ScanSpec {
    /// The root's path as the caller used it.
    pub fn called(&self) -> &[u8] {
        self.called.as_deref().unwrap_or(&self.root)
    }
}

/// What the walker counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ScanCounts {
    /// Entries that are not directories.
    pub files: u64,
    /// Directories.
    pub directories: u64,
    /// Sum of the sizes of regular files.
    pub bytes: u64,
    /// Errors.
    pub unreadable: u64,
}

impl ScanCounts {
    /// From a summary's numbers.
    pub fn new(counts: &Counts, errors: u64) -> ScanCounts {
        ScanCounts {
            files: counts.files + counts.symlinks + counts.others,
            directories: counts.directories,
            bytes: counts.bytes,
            unreadable: errors,
        }
    }
}

/// Progress after a commit, passed on the writer's thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Persisted {
    /// Batches of the scan that left the queue for good: as many more may be pushed.
    pub batches: u32,
    /// Entries of the scan written so far.
    pub entries: u64,
}

/// Called after a commit. Must return at once.
pub type OnPersisted = Box<dyn Fn(Persisted) + Send>;

/// Why a batch was not taken.
#[derive(Debug)]
pub enum PushError {
    /// The queue is full: wait for [`Persisted`] and push it again.
    #[cfg(feature = "test-support")]
    Full(Batch),
    /// It will never be taken.
    Ended(Error),
}

/// A note about an entry, to be kept or removed.
#[derive(Clone, Debug, Default)]
pub struct NewNote {
    /// The source's uuid.
    pub source: String,
    /// The entry's folder.
    pub folder: Vec<u8>,
    /// The entry's name in there.
    pub name: Vec<u8>,
    /// The key of the note.
    pub key: Vec<u8>,
    /// `None` removes the note.
    pub value: Option<Vec<u8>>,
    /// What the entry was when the note was derived. If it has changed, the note is refused.
    pub expected: Expected,
}

/// What an entry must be. `None` matches anything.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Expected {
    /// As in a slab.
    pub kind: Option<i64>,
    /// The size of a file or the total of a directory; `Some(None)` if it must be unknown.
    pub bytes: Option<Option<i64>>,
    /// The time; `Some(None)` if it must be unknown.
    pub mtime: Option<Option<i64>>,
}

impl Expected {
    /// Whether an entry matches.
    pub fn is_met_by(&self, kind: i64, bytes: Option<i64>, mtime: Option<i64>) -> bool {
        self.kind.is_none_or(|expected| expected == kind)
            && self.bytes.is_none_or(|expected| expected == bytes)
            && self.mtime.is_none_or(|expected| expected == mtime)
    }
}

/// What is known when a scan has begun.
#[derive(Clone, Debug)]
pub struct Started {
    /// The source's uuid.
    pub source: String,
    /// The source's id in the database.
    pub source_key: i64,
    /// The generation that the scan writes.
    pub generation: i64,
    /// The rules to walk by.
    pub rules: Rules,
    /// Whether permissions and owners are kept: slabs must have `Groups::OWNED` then.
    pub owners: bool,
    /// Number of entries in the last whole scan that ran to its end, for a percentage. None for a
    /// scan of a part.
    pub expected: Option<u64>,
}
