//! Errors are values: a reason, the path concerned, and what was being done. SQLite's errors become
//! reasons here and nowhere else.

use std::fmt;
use std::io;

use aether_core::{errno, errno_name, linux_errno};
use rusqlite::ErrorCode;
use rusqlite::ffi;

use crate::temporary;

/// Why something could not be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reason {
    /// An errno from the system: positive, with Linux's number on every system.
    Errno(i32),
    /// The file is a database of some other program.
    Foreign,
    /// The file's schema is newer than this library, or older and not migrated yet: only a writer
    /// migrates.
    Version,
    /// The file at the index's path is not the one that was opened, or another program wrote to it:
    /// open it again.
    Moved,
    /// The file has two names, or is mounted by itself, so that its log would not lie beside it.
    Linked,
    /// The log beside the file belongs to another one.
    Mixed,
    /// The file was moved away from its log before a writer had closed it.
    NoLog,
    /// The file is no database.
    NotADatabase,
    /// The file is a damaged database.
    Corrupt,
    /// The file, its directory or its file system cannot be written to.
    ReadOnly,
    /// The file lies on a file system where several processes cannot share memory.
    UnsupportedFs,
    /// Another program is writing, or holds the file.
    Busy,
    /// No space is left.
    Full,
    /// Reading or writing the file failed.
    Io,
    /// The scan has other rules than the source.
    RulesChanged,
    /// The root is not the directory that was scanned before.
    RootChanged,
    /// The root lies at another path now, and nothing at the source's path.
    RootMoved,
    /// That folder is being scanned.
    AlreadyScanning,
    /// Another scan of the source runs, and keeps something else.
    SourceBusy,
    /// No such source.
    NoSource,
    /// No such folder in the source.
    NoFolder,
    /// The entry is not as expected.
    EntryChanged,
    /// The id belongs to another root.
    IdTaken,
    /// It is no cursor, or one of other pages.
    BadCursor,
    /// The bytes are no slab, or a slab without size and mtime.
    BadSlab,
    /// The scan was cancelled or has ended.
    Ended,
    /// The index is closed.
    Closed,
    /// A thread panicked: a bug in this library.
    Panic,
    /// An unexpected error of SQLite.
    Sqlite,
}

impl Reason {
    /// Its name; for an errno number the POSIX name in lower case. Some are named as SQLite's failure
    /// to read or write is: their own names stand for what a scan meets, with advice for that.
    pub fn name(self) -> &'static str {
        match self {
            Reason::Errno(
                errno::IO
                | errno::PERM
                | errno::FBIG
                | errno::NOSYS
                | errno::OPNOTSUPP
                | errno::TIMEDOUT,
            ) => "index_io",
            Reason::Errno(number) => errno_name(number).unwrap_or("index_io"),
            Reason::Foreign => "index_foreign",
            Reason::Version => "index_version",
            Reason::Moved => "index_moved",
            Reason::Linked => "index_linked",
            Reason::Mixed => "index_mixed",
            Reason::NoLog => "index_no_log",
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
            Reason::SourceBusy => "source_busy",
            Reason::NoSource => "no_source",
            Reason::NoFolder => "no_folder",
            Reason::EntryChanged => "entry_changed",
            Reason::IdTaken => "id_taken",
            Reason::BadCursor => "bad_cursor",
            Reason::BadSlab => "bad_slab",
            Reason::Ended => "ended",
            Reason::Closed => "index_closed",
            Reason::Panic => "panic",
            Reason::Sqlite => "index_sqlite",
        }
    }

    /// Whether the same may succeed later.
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
    /// Checking, backing up, vacuuming.
    Maintain,
}

impl Operation {
    /// Its name.
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

/// An error, with its path and operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// Why.
    pub reason: Reason,
    /// The path of the index, or of what it concerns. Raw bytes.
    pub path: Vec<u8>,
    /// What was being done.
    pub operation: Operation,
    /// Further detail.
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

    /// The same with a detail.
    pub fn with(self, detail: impl Into<String>) -> Error {
        Error {
            detail: Some(detail.into()),
            ..self
        }
    }

    /// The name of its reason, as callers see it: maintenance or a read that ended early was
    /// cancelled.
    pub fn name(&self) -> &'static str {
        match (self.reason, self.operation) {
            (Reason::Ended, Operation::Maintain | Operation::Read) => "cancelled",
            (reason, _) => reason.name(),
        }
    }

    /// An error of SQLite.
    pub fn sqlite(error: &rusqlite::Error, operation: Operation, path: &[u8]) -> Error {
        let reason = reason_of(error);
        let place = match reason {
            Reason::Full => temporary::full_place(path),
            _ => None,
        };
        Error::new(reason, operation, path).with(place.unwrap_or_else(|| error.to_string()))
    }

    /// An error of the system.
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
        // A value has another type than in the schema: another program wrote it.
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
