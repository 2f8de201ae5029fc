//! What a scan reports: counts, progress, summary.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::{Error, Reason};

/// Maximum number of errors kept with their paths, unless the options say otherwise; the rest are only counted.
pub(crate) const KEPT_ERRORS: usize = 100;

/// Counts of a scan. `bytes` sums st_size of regular files, once for each name, and saturates.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Regular files.
    pub files: u64,
    /// Directories, without the root.
    pub directories: u64,
    /// Symbolic links.
    pub symlinks: u64,
    /// Everything else.
    pub others: u64,
    /// Sum of the sizes of files.
    pub bytes: u64,
    /// Allocated bytes of all entries and of the start, an inode with several names once; saturates. 0 unless asked for.
    pub disk: u64,
    /// Directories that were gone, or no longer directories, when they were to be opened.
    pub vanished: u64,
    /// Directories not entered because of depth.
    pub unread: u64,
    /// Entries left out by `hidden`, `ignore` and `exclude`.
    pub skipped: u64,
    /// Depth of the deepest entry, 1 for the entries of the start.
    pub max_depth: u32,
}

impl Counts {
    /// All entries.
    pub fn entries(&self) -> u64 {
        self.files + self.directories + self.symlinks + self.others
    }

    /// Adds the counts of another.
    pub fn add(&mut self, other: &Counts) {
        self.files += other.files;
        self.directories += other.directories;
        self.symlinks += other.symlinks;
        self.others += other.others;
        self.bytes = self.bytes.saturating_add(other.bytes);
        self.disk = self.disk.saturating_add(other.disk);
        self.vanished += other.vanished;
        self.unread += other.unread;
        self.skipped += other.skipped;
        self.max_depth = self.max_depth.max(other.max_depth);
    }
}

/// What could not be read: all errors counted, the first ones kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErrorLog {
    /// How many in all.
    pub count: u64,
    /// How many for each reason.
    pub by_reason: BTreeMap<Reason, u64>,
    /// The first of them, with their paths.
    pub first: Vec<Error>,
    /// Maximum number of those; the rest are only counted.
    max_errors: usize,
}

impl Default for ErrorLog {
    fn default() -> ErrorLog {
        ErrorLog::new(KEPT_ERRORS)
    }
}

impl ErrorLog {
    /// Keeps up to so many with their paths.
    pub fn new(max_errors: usize) -> ErrorLog {
        ErrorLog {
            count: 0,
            by_reason: BTreeMap::new(),
            first: Vec::new(),
            max_errors,
        }
    }

    /// Counts an error and keeps it if there is room.
    pub fn push(&mut self, error: Error) {
        self.count += 1;
        *self.by_reason.entry(error.reason).or_default() += 1;
        if self.first.len() < self.max_errors {
            self.first.push(error);
        }
    }

    /// How many for each name of a reason. Different errno numbers can have the same name.
    pub fn by_name(&self) -> BTreeMap<&'static str, u64> {
        let mut named = BTreeMap::new();
        for (reason, count) in &self.by_reason {
            *named.entry(reason.name()).or_default() += count;
        }
        named
    }
}

/// How a scan ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Everything to the depth asked for was read.
    Complete,
    /// Something could not be read.
    Partial,
    /// It was cancelled, or its receiver is gone.
    Cancelled,
    /// It could not go on; the summary's `error` says why.
    Failed,
}

impl Status {
    /// Its name, as in messages.
    pub fn name(self) -> &'static str {
        match self {
            Status::Complete => "complete",
            Status::Partial => "partial",
            Status::Cancelled => "cancelled",
            Status::Failed => "failed",
        }
    }
}

/// The last message of a scan.
#[derive(Clone, Debug)]
pub struct Summary {
    /// How it ended.
    pub status: Status,
    /// Why, when it failed.
    pub error: Option<Error>,
    /// Final counts.
    pub counts: Counts,
    /// `counts.disk`, if it was asked for.
    pub disk: Option<u64>,
    /// Whether that has each inode once: a scan tells a million inodes with several names apart.
    pub is_disk_exact: bool,
    /// What could not be read.
    pub errors: ErrorLog,
    /// Time from the start to the first slab with an entry.
    pub first_entry: Option<Duration>,
    /// Time from the start to the end.
    pub duration: Duration,
    /// Entries per second.
    pub rate: f64,
}

/// An interim report.
#[derive(Clone, Debug)]
pub struct Progress {
    /// Counts so far.
    pub counts: Counts,
    /// Errors so far.
    pub errors: u64,
    /// Errors since the last report, of those that are kept.
    pub new_errors: Vec<Error>,
    /// Entries per second, over the last five seconds.
    pub rate: f64,
    /// A directory being listed, relative to the root.
    pub current: Vec<u8>,
    /// Time since the start.
    pub elapsed: Duration,
}

/// What a scan is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Working, or waiting for a thread.
    Running,
    /// Waiting for demand.
    Parked,
    /// Ended.
    Ended(Status),
}

impl State {
    /// Its name, as in messages.
    pub fn name(self) -> &'static str {
        match self {
            State::Running => "running",
            State::Parked => "parked",
            State::Ended(status) => status.name(),
        }
    }
}

/// A snapshot of one scan.
#[derive(Clone, Copy, Debug)]
pub struct ScanInfo {
    /// What it is doing.
    pub state: State,
    /// Slabs asked for and not sent yet.
    pub demand: crate::Demand,
    /// Slabs sent.
    pub slabs: u32,
}

/// A snapshot of a pool.
#[derive(Clone, Copy, Debug, Default)]
pub struct PoolInfo {
    /// Scans with work and demand.
    pub running: usize,
    /// Scans without demand.
    pub parked: usize,
    /// Threads alive, including stuck ones.
    pub threads: usize,
    /// Threads that hang in a system call.
    pub stuck_threads: usize,
    /// Descriptors held: roots, pending directories, directories being listed.
    pub descriptors: usize,
    /// Bytes in builders and in slabs packed but not sent.
    pub native_bytes: usize,
}
