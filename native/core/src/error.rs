//! Errors are values: a reason, the path it happened to, and what was being done.

use std::fmt;

use rustix::io::Errno;

/// Why something could not be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// What the system said, a positive errno number.
    Errno(i32),
    /// The path would leave the root.
    OutsideRoot,
    /// The root is not the directory it was.
    RootChanged,
    /// As many scans are there as the pool may have.
    TooManyScans,
    /// A thread panicked; a defect of this library.
    Panic,
    /// A line of an ignore file that is no valid pattern.
    BadPattern,
    /// What an index behind the sink says, by its own name.
    Index(&'static str),
}

/// What was being done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Operation {
    /// Opening a directory.
    Open,
    /// Listing a directory.
    Read,
    /// Asking for an entry's metadata.
    Stat,
    /// Reading ignore rules.
    Ignore,
    /// Walking, as a whole.
    Walk,
    /// Starting a scan.
    Start,
    /// Writing to an index.
    Index,
}

impl Operation {
    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Operation::Open => "open",
            Operation::Read => "read",
            Operation::Stat => "stat",
            Operation::Ignore => "ignore",
            Operation::Walk => "walk",
            Operation::Start => "start",
            Operation::Index => "index",
        }
    }
}

/// One thing that went wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// Why.
    pub reason: Reason,
    /// Where: relative to the root on the way, as given for a root. Raw bytes.
    pub path: Vec<u8>,
    /// While doing what.
    pub operation: Operation,
    /// More about it.
    pub detail: Option<String>,
}

impl Error {
    /// An error that the system reported.
    pub fn from_errno(errno: Errno, operation: Operation, path: &[u8]) -> Self {
        Error::new(Reason::Errno(errno.raw_os_error()), operation, path)
    }

    /// An error without further detail.
    pub fn new(reason: Reason, operation: Operation, path: &[u8]) -> Self {
        Error {
            reason,
            path: path.to_vec(),
            operation,
            detail: None,
        }
    }
}

macro_rules! errnos {
    ($($constant:ident $name:literal),+ $(,)?) => {
        fn errno_name(number: i32) -> Option<&'static str> {
            // Errno takes no others.
            if !(1..4096).contains(&number) {
                return None;
            }
            match Errno::from_raw_os_error(number) {
                $(Errno::$constant => Some($name),)+
                _ => None,
            }
        }
    };
}

errnos! {
    PERM "eperm", NOENT "enoent", SRCH "esrch", INTR "eintr", IO "eio", NXIO "enxio", TOOBIG "e2big",
    BADF "ebadf", AGAIN "eagain", NOMEM "enomem", ACCESS "eacces", FAULT "efault", BUSY "ebusy",
    EXIST "eexist", XDEV "exdev", NODEV "enodev", NOTDIR "enotdir", ISDIR "eisdir", INVAL "einval",
    NFILE "enfile", MFILE "emfile", NOTTY "enotty", FBIG "efbig", NOSPC "enospc", SPIPE "espipe",
    ROFS "erofs", MLINK "emlink", PIPE "epipe", RANGE "erange", NAMETOOLONG "enametoolong",
    NOSYS "enosys", NOTEMPTY "enotempty", LOOP "eloop", OVERFLOW "eoverflow", PROTO "eproto",
    OPNOTSUPP "enotsup", CONNRESET "econnreset", TIMEDOUT "etimedout", CONNREFUSED "econnrefused",
    HOSTDOWN "ehostdown", HOSTUNREACH "ehostunreach", NETDOWN "enetdown", NETUNREACH "enetunreach",
    NOTCONN "enotconn", STALE "estale", DQUOT "edquot", CANCELED "ecanceled", NOBUFS "enobufs",
    BADMSG "ebadmsg", NOLCK "enolck", DEADLK "edeadlk", ILSEQ "eilseq", REMOTEIO "eremoteio",
    NOKEY "enokey", KEYEXPIRED "ekeyexpired", KEYREVOKED "ekeyrevoked", KEYREJECTED "ekeyrejected",
    NOMEDIUM "enomedium", UCLEAN "euclean", BADFD "ebadfd", COMM "ecomm", NOLINK "enolink",
    NODATA "enodata", PROTONOSUPPORT "eprotonosupport", INPROGRESS "einprogress",
}

impl Reason {
    /// The reason as a POSIX name in lower case, or one of our own; `"unknown_errno"` for a number without a name.
    pub fn name(self) -> &'static str {
        match self {
            Reason::Errno(number) => errno_name(number).unwrap_or("unknown_errno"),
            Reason::OutsideRoot => "outside_root",
            Reason::RootChanged => "root_changed",
            Reason::TooManyScans => "too_many_scans",
            Reason::Panic => "panic",
            Reason::BadPattern => "bad_pattern",
            Reason::Index(name) => name,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} {}: {}",
            self.operation.name(),
            self.path.escape_ascii(),
            self.reason.name()
        )?;
        match &self.detail {
            Some(detail) => write!(f, " ({detail})"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Error {}
