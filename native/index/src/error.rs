//! Errors are values: a reason, the path it happened to, and what was being done. What SQLite says
//! is turned into a reason here, and nowhere else.

use std::fmt;
use std::io;

use aether_core::{errno, errno_name, linux_errno};
use rusqlite::ErrorCode;
use rusqlite::ffi;

use crate::temporary;

/// Why something could not be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reason {
    /// What the system said: a positive errno number, that of Linux on every system.
    Errno(i32),
    /// The file is a database of some other program.
    Foreign,
    /// The file's schema is newer than this library, or older and not migrated yet: a reader
    /// migrates nothing.
    Version,
    /// What lies at the index's path is not what was opened, or somebody else wrote to it: open it
    /// again.
    Moved,
    /// The file has two names, or is mounted by itself, so that its log does not lie beside it.
    Linked,
    /// The log beside the file belongs to another one.
    Mixed,
    /// The file is no database.
    NotADatabase,
    /// The file is a damaged database.
    Corrupt,
    /// The file, its directory or its file system cannot be written to.
    ReadOnly,
    /// The file lies on a file system where several processes cannot share memory.
    UnsupportedFs,
    /// Somebody else is writing, or holds the file.
    Busy,
    /// No space is left.
    Full,
    /// Reading or writing the file failed.
    Io,
    /// The scan goes by other rules than the source was made with.
    RulesChanged,
    /// What lies at the root is not what was scanned before.
    RootChanged,
    /// The root lies at another path than the source has, where nothing is now.
    RootMoved,
    /// That folder is being scanned.
    AlreadyScanning,
    /// No such source.
    NoSource,
    /// No such folder in the source.
    NoFolder,
    /// The entry is not what it was expected to be.
    EntryChanged,
    /// The id belongs to another root.
    IdTaken,
    /// Bytes that are no slab, or one without size and mtime.
    BadSlab,
    /// The scan was cancelled or has ended.
    Ended,
    /// The index is closed.
    Closed,
    /// A thread panicked; a defect of this library.
    Panic,
    /// SQLite said something that nobody expected of it.
    Sqlite,
}

impl Reason {
    /// Its name; for an errno number the POSIX name in lower case. EIO is named as SQLite's failure
    /// to read or write is.
    pub fn name(self) -> &'static str {
        match self {
            Reason::Errno(errno::IO) => "index_io",
            Reason::Errno(number) => errno_name(number).unwrap_or("index_io"),
            Reason::Foreign => "index_foreign",
            Reason::Version => "index_version",
            Reason::Moved => "index_moved",
            Reason::Linked => "index_linked",
            Reason::Mixed => "index_mixed",
            Reason::NotADatabase => "index_notadb",
            Reason::Corrupt => "index_corrupt",
            Reason::ReadOnly => "index_readonly",
            Reason::UnsupportedFs => "index_unsupported_fs",
            Reason::Busy => "index_busy",
            Reason::Full => "index_full",
            Reason::Io => "index_io",
            Reason::RulesChanged => "rules_changed",
            Reason::RootChanged => "root_changed",
            Reason::RootMoved => "root_moved",
            Reason::AlreadyScanning => "already_scanning",
            Reason::NoSource => "no_source",
            Reason::NoFolder => "no_folder",
            Reason::EntryChanged => "entry_changed",
            Reason::IdTaken => "id_taken",
            Reason::BadSlab => "bad_slab",
            Reason::Ended => "ended",
            Reason::Closed => "index_closed",
            Reason::Panic => "panic",
            Reason::Sqlite => "index_sqlite",
        }
    }

    /// Whether it may be gone when the same is tried again later.
    pub fn may_pass(self) -> bool {
        matches!(
            self,
            Reason::Full | Reason::Io | Reason::Busy | Reason::ReadOnly
        )
    }
}

/// What was being done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// Opening the index.
    Open,
    /// Reading from it.
    Read,
    /// Writing to it.
    Write,
    /// Starting a scan into it.
    Scan,
    /// Copying pages from the log into the database.
    Checkpoint,
    /// Importing a cache.
    Import,
    /// Searching.
    Search,
    /// Checking, backing up, making smaller.
    Maintain,
}

impl Operation {
    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Operation::Open => "open",
            Operation::Read => "read",
            Operation::Write => "write",
            Operation::Scan => "scan",
            Operation::Checkpoint => "checkpoint",
            Operation::Import => "import",
            Operation::Search => "search",
            Operation::Maintain => "maintain",
        }
    }
}

/// One thing that went wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// Why.
    pub reason: Reason,
    /// Of the index, or of what it concerns. Raw bytes.
    pub path: Vec<u8>,
    /// While doing what.
    pub operation: Operation,
    /// More about it.
    pub detail: Option<String>,
}

impl Error {
    /// An error without further detail.
    pub fn new(reason: Reason, operation: Operation, path: &[u8]) -> Error {
        Error {
            reason,
            path: path.to_vec(),
            operation,
            detail: None,
        }
    }

    /// The same with more about it.
    pub fn with(self, detail: impl Into<String>) -> Error {
        Error {
            detail: Some(detail.into()),
            ..self
        }
    }

    /// What SQLite said.
    pub fn sqlite(error: &rusqlite::Error, operation: Operation, path: &[u8]) -> Error {
        let reason = reason_of(error);
        let place = match reason {
            Reason::Full => temporary::full_place(path),
            _ => None,
        };
        Error::new(reason, operation, path).with(place.unwrap_or_else(|| error.to_string()))
    }

    /// What the system said.
    pub fn io(error: &io::Error, operation: Operation, path: &[u8]) -> Error {
        // These have reasons of their own where an index is concerned.
        let reason = match error.raw_os_error().map(linux_errno) {
            Some(errno::NOSPC | errno::DQUOT) => Reason::Full,
            Some(errno::ROFS | errno::ACCESS) => Reason::ReadOnly,
            Some(number) => Reason::Errno(number),
            None => Reason::Io,
        };
        Error::new(reason, operation, path).with(error.to_string())
    }
}

fn reason_of(error: &rusqlite::Error) -> Reason {
    let rusqlite::Error::SqliteFailure(failure, _) = error else {
        // A value of another type than the schema's: somebody else wrote into it.
        return Reason::Corrupt;
    };
    match (failure.code, failure.extended_code) {
        // The shared memory could not be made larger: the disk is full.
        (_, ffi::SQLITE_IOERR_SHMSIZE) => Reason::Full,
        (_, ffi::SQLITE_READONLY_DBMOVED) => Reason::Moved,
        (ErrorCode::NotADatabase, _) => Reason::NotADatabase,
        (ErrorCode::DatabaseCorrupt, _) => Reason::Corrupt,
        (ErrorCode::ReadOnly | ErrorCode::PermissionDenied, _) => Reason::ReadOnly,
        (ErrorCode::DiskFull, _) => Reason::Full,
        (ErrorCode::SystemIoFailure | ErrorCode::CannotOpen, _) => Reason::Io,
        (ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked, _) => Reason::Busy,
        _ => Reason::Sqlite,
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (operation, path) = (self.operation.name(), self.path.escape_ascii());
        write!(f, "{operation} {path}: {}", self.reason.name())?;
        match &self.detail {
            Some(detail) => write!(f, " ({detail})"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Error {}
