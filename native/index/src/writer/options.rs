//! Words that go in and out of the writer: how it is opened, what a scan is to be, what is told of it.

use std::sync::Arc;
use std::time::Duration;

use aether_core::Counts;

use crate::batch::Batch;
use crate::error::Error;
use crate::lock::MODE;
use crate::rules::Rules;
use crate::writer::roots::AtRoot;
use aether_core::MountIdentity;

/// Told after a commit, on the writer's thread, which sources it touched; must return at once.
pub type OnCommit = Arc<dyn Fn(&[i64]) + Send + Sync>;

/// How an index is opened.
#[derive(Clone)]
pub struct OpenOptions {
    /// How long somebody else's lock is waited for.
    pub busy_timeout: Duration,
    /// How long a batch that cannot be written (no space, say) is tried again before its scan fails.
    pub stall_timeout: Duration,
    /// Batches that may wait for the writer, over all scans.
    pub queue: u32,
    /// Entries after which a transaction is committed.
    pub batch_entries: usize,
    /// Generations of which changes are kept; 0 keeps none.
    pub history: u32,
    /// Bytes of log after which it is made to start over.
    pub wal_soft: u64,
    /// Bytes of log at which scans wait.
    pub wal_limit: u64,
    /// Bytes of log that are copied into the database when the index is at rest.
    pub wal_rest: u64,
    /// How long nothing is committed before it is.
    pub wal_rest_after: Duration,
    /// Permissions of the file, where it is made.
    pub mode: u32,
    /// Whether the table `touched` is kept, for readers that follow the index.
    pub follow: bool,
    /// Called after each commit.
    pub on_commit: Option<OnCommit>,
}

impl Default for OpenOptions {
    fn default() -> OpenOptions {
        OpenOptions {
            busy_timeout: Duration::from_secs(5),
            stall_timeout: Duration::from_secs(10),
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

/// What a scan is to be written as.
#[derive(Clone, Debug, Default)]
pub struct ScanSpec {
    /// The root's path: the source is found by it, or by `source_id`. Absolute, and without links
    /// but its own name, where whoever opened it knows.
    pub root: Vec<u8>,
    /// The path by which it was called, if that is another.
    pub called: Option<Vec<u8>>,
    /// Roots of other sources that may be this directory, and what lies there now.
    pub others: Vec<(Vec<u8>, AtRoot)>,
    /// The source's uuid; one is made up for a new source without.
    pub source_id: Option<String>,
    /// Directory beneath the root where the scan starts; empty for the root.
    pub folder: Vec<u8>,
    /// Levels listed from there; `None` for all.
    pub depth: Option<u32>,
    /// `None` takes those of the source, or the default ones.
    pub rules: Option<Rules>,
    /// Whether other rules than the source's replace them.
    pub replace_rules: bool,
    /// What lies at the root now.
    pub root_identity: Option<MountIdentity>,
    /// Mount points on the way from the root to the folder, the folder included: path, identity.
    pub way: Vec<(Vec<u8>, MountIdentity)>,
    /// Whether whatever lies at the root and at mount points is taken for what belongs there.
    pub accept_root: bool,
    /// The root's path as the mount table has it, links resolved, where whoever opened it knows.
    pub real_root: Option<Vec<u8>>,
    /// By which the caller knows this scan; given back in `AlreadyScanning`.
    pub tag: String,
}

impl ScanSpec {
    /// The root's path as the caller knows it.
    pub fn called(&self) -> &[u8] {
        self.called.as_deref().unwrap_or(&self.root)
    }
}

/// What the walker counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ScanCounts {
    /// All that is not a directory.
    pub files: u64,
    /// Directories.
    pub directories: u64,
    /// Sum of the sizes of regular files.
    pub bytes: u64,
    /// What gave errors.
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

/// Told after a commit, on the writer's thread; must return at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Persisted {
    /// Batches of the scan that left the queue for good: so many more may be pushed.
    pub batches: u32,
    /// Entries of the scan written down so far.
    pub entries: u64,
}

/// See [`Persisted`].
pub type OnPersisted = Box<dyn Fn(Persisted) + Send>;

/// Why a batch was not taken.
#[derive(Debug)]
pub enum PushError {
    /// The queue is full: wait for [`Persisted`] and push it again.
    Full(Batch),
    /// It will never be taken.
    Ended(Error),
}

/// A fact about an entry, to be kept, or taken away.
#[derive(Clone, Debug, Default)]
pub struct NewNote {
    /// The source's uuid.
    pub source: String,
    /// The entry's folder.
    pub folder: Vec<u8>,
    /// Its name in there.
    pub name: Vec<u8>,
    /// Under which the fact is kept.
    pub key: Vec<u8>,
    /// `None` takes it away.
    pub value: Option<Vec<u8>>,
    /// What the entry was when the fact was derived: where it is something else now, the note is refused.
    pub expected: Expected,
}

/// What an entry is to be; what is `None` may be anything.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Expected {
    /// As in the table `files`; 2 for a directory.
    pub kind: Option<i64>,
    /// The size of a file, the total of a directory, or that none is known.
    pub bytes: Option<Option<i64>>,
    /// The time, or that none is known.
    pub mtime: Option<Option<i64>>,
}

impl Expected {
    /// Whether an entry is so.
    pub fn is_met_by(&self, kind: i64, bytes: Option<i64>, mtime: Option<i64>) -> bool {
        self.kind.is_none_or(|expected| expected == kind)
            && self.bytes.is_none_or(|expected| expected == bytes)
            && self.mtime.is_none_or(|expected| expected == mtime)
    }
}

/// What a scan learns when it begins.
#[derive(Clone, Debug)]
pub struct Started {
    /// The source's uuid.
    pub source: String,
    /// The source's id in the database.
    pub source_key: i64,
    /// The generation that is written.
    pub generation: i64,
    /// What to walk by.
    pub rules: Rules,
    /// Entries that the last whole scan counted that ran to its end, for a percentage; none for a part of the tree.
    pub expected: Option<u64>,
}
