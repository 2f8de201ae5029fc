//! Errors are values: a reason, the path concerned, and what was being done.

use std::fmt;

use rustix::io::Errno;

/// Why something could not be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// An errno from the system: positive, with Linux's number on every system.
    Errno(i32),
    /// The path would leave the root.
    OutsideRoot,
    /// The root is not the directory it was.
    RootChanged,
    /// The pool already has its maximum number of scans.
    TooManyScans,
    /// A thread panicked: a bug in this library.
    Panic,
    /// A line of an ignore file is not a valid pattern.
    BadPattern,
    /// An error of the index behind the sink, by the index's own name for it.
    Index(&'static str),
}

/// What was being done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Operation {
    /// Opening a directory.
    Open,
    /// Listing a directory.
    Read,
    /// Reading an entry's metadata.
    Stat,
    /// Reading ignore rules.
    Ignore,
    /// The walk as a whole.
    Walk,
    /// Starting a scan.
    Start,
    /// Writing to an index.
    Index,
}

impl Operation {
    /// Its name, as in messages.
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

/// An error, with its place and operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// Why.
    pub reason: Reason,
    /// Where: relative to the root, or for a root as the caller gave it. Raw bytes.
    pub path: Vec<u8>,
    /// What was being done.
    pub operation: Operation,
    /// Further detail.
    pub detail: Option<String>,
}

impl Error {
    /// An error that the system reported.
    pub fn from_errno(errno: Errno, operation: Operation, path: &[u8]) -> Self {
        Error::new(Reason::from_errno(errno), operation, path)
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

/// Stands for an errno that Linux does not have: MAX_ERRNO, the kernel's own bound.
const NOT_OF_LINUX: i32 = 4095;

macro_rules! errnos {
    ($($(#[$only:meta])* $constant:ident $number:literal $name:literal),+ $(,)?) => {
        /// Linux's errno numbers, by name. They are the same on every system, as in [`Reason::Errno`].
        pub mod errno {
            $(#[doc = $name] pub const $constant: i32 = $number;)+
        }

        /// The name of a Linux errno, on every system.
        pub fn errno_name(number: i32) -> Option<&'static str> {
            match number {
                $($number => Some($name),)+
                _ => None,
            }
        }

        /// Linux's number for an errno of this system with the same name.
        #[allow(unreachable_patterns)]
        fn number_by_name(errno: Errno) -> i32 {
            match errno {
                $($(#[$only])* Errno::$constant => $number,)+
                // On Linux this is OPNOTSUPP, which is above.
                Errno::NOTSUP => 95,
                _ => NOT_OF_LINUX,
            }
        }

        #[cfg(test)]
        const ERRNOS: &[(Errno, i32)] = &[$($(#[$only])* (Errno::$constant, $number)),+];
    };
}

// The numbers are those of include/uapi/asm-generic/errno.h and errno-base.h.
errnos! {
    PERM 1 "eperm", NOENT 2 "enoent", SRCH 3 "esrch", INTR 4 "eintr", IO 5 "eio", NXIO 6 "enxio",
    TOOBIG 7 "e2big", BADF 9 "ebadf", AGAIN 11 "eagain", NOMEM 12 "enomem", ACCESS 13 "eacces",
    FAULT 14 "efault", BUSY 16 "ebusy", EXIST 17 "eexist", XDEV 18 "exdev", NODEV 19 "enodev",
    NOTDIR 20 "enotdir", ISDIR 21 "eisdir", INVAL 22 "einval", NFILE 23 "enfile",
    MFILE 24 "emfile", NOTTY 25 "enotty", FBIG 27 "efbig", NOSPC 28 "enospc", SPIPE 29 "espipe",
    ROFS 30 "erofs", MLINK 31 "emlink", PIPE 32 "epipe", RANGE 34 "erange", DEADLK 35 "edeadlk",
    NAMETOOLONG 36 "enametoolong", NOLCK 37 "enolck", NOSYS 38 "enosys", NOTEMPTY 39 "enotempty",
    LOOP 40 "eloop", PROTO 71 "eproto", BADMSG 74 "ebadmsg", OVERFLOW 75 "eoverflow",
    ILSEQ 84 "eilseq", PROTONOSUPPORT 93 "eprotonosupport", OPNOTSUPP 95 "enotsup",
    NETDOWN 100 "enetdown", NETUNREACH 101 "enetunreach", CONNRESET 104 "econnreset",
    NOBUFS 105 "enobufs", NOTCONN 107 "enotconn", TIMEDOUT 110 "etimedout",
    CONNREFUSED 111 "econnrefused", HOSTDOWN 112 "ehostdown", HOSTUNREACH 113 "ehostunreach",
    INPROGRESS 115 "einprogress", STALE 116 "estale", DQUOT 122 "edquot", CANCELED 125 "ecanceled",
    #[cfg(not(target_os = "openbsd"))]
    NOLINK 67 "enolink",
    #[cfg(not(any(target_os = "openbsd", target_os = "freebsd", target_os = "dragonfly")))]
    NODATA 61 "enodata",
    #[cfg(any(target_os = "linux", target_os = "android"))]
    COMM 70 "ecomm",
    #[cfg(any(target_os = "linux", target_os = "android"))]
    BADFD 77 "ebadfd",
    #[cfg(any(target_os = "linux", target_os = "android"))]
    UCLEAN 117 "euclean",
    #[cfg(any(target_os = "linux", target_os = "android"))]
    REMOTEIO 121 "eremoteio",
    #[cfg(any(target_os = "linux", target_os = "android"))]
    NOMEDIUM 123 "enomedium",
    #[cfg(any(target_os = "linux", target_os = "android"))]
    NOKEY 126 "enokey",
    #[cfg(any(target_os = "linux", target_os = "android"))]
    KEYEXPIRED 127 "ekeyexpired",
    #[cfg(any(target_os = "linux", target_os = "android"))]
    KEYREVOKED 128 "ekeyrevoked",
    #[cfg(any(target_os = "linux", target_os = "android"))]
    KEYREJECTED 129 "ekeyrejected",
}

/// Whether this system numbers its errnos as Linux does on most architectures.
const IS_GENERIC: bool = cfg!(all(
    any(target_os = "linux", target_os = "android"),
    not(any(
        target_arch = "mips",
        target_arch = "mips32r6",
        target_arch = "mips64",
        target_arch = "mips64r6",
        target_arch = "sparc",
        target_arch = "sparc64"
    ))
));

/// Linux's number, on most architectures, for an errno of this system; 4095 if there is none. Slabs and their readers
/// know only these numbers.
pub fn linux_errno(native: i32) -> i32 {
    if IS_GENERIC {
        return native;
    }
    match native {
        1..4096 => number_by_name(Errno::from_raw_os_error(native)),
        _ => NOT_OF_LINUX,
    }
}

impl Reason {
    /// From the system's errno.
    pub fn from_errno(errno: Errno) -> Reason {
        Reason::Errno(linux_errno(errno.raw_os_error()))
    }

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

impl Reason {
    /// The number of an errno whose name says nothing.
    pub fn number(self) -> Option<String> {
        match self {
            Reason::Errno(number) if errno_name(number).is_none() => {
                Some(format!("errno {number}"))
            }
            _ => None,
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

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    /// Checks the table that other systems use against the one system that needs none.
    #[test]
    fn errnos_have_the_numbers_of_linux() {
        assert!(ERRNOS.len() > 60);
        for &(errno, number) in ERRNOS {
            if IS_GENERIC {
                assert_eq!(errno.raw_os_error(), number, "{errno:?}");
            }
            assert_eq!(number_by_name(errno), number, "{errno:?}");
            assert_eq!(linux_errno(errno.raw_os_error()), number, "{errno:?}");
            assert!(errno_name(number).is_some(), "{errno:?}");
        }
        assert_eq!(number_by_name(Errno::NOTSUP), 95);
        assert_eq!(number_by_name(Errno::from_raw_os_error(4094)), NOT_OF_LINUX);
        assert_eq!(Reason::Errno(NOT_OF_LINUX).name(), "unknown_errno");
    }
}
