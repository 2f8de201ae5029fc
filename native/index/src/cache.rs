//! The predecessor's cache, `folders_<source id>.bin.zst`: what it says about a source is taken over
//! once, as counts that are shown until a scan knows better. Bytes are read and checked in
//! `decode`, put into the index in `import`, and the file is removed in `remove`. Nothing here
//! looks at the trees themselves.

mod decode;
mod import;
mod inflate;
mod lists;
mod remove;
mod service;
mod tree;

use std::fmt;
use std::path::{Path, PathBuf};

pub use decode::{Cache, CacheRow};
pub use import::{Imported, Outcome, Piece, import, import_dir, of_source};
pub use inflate::read;
pub use remove::remove;
pub use service::{import_all, import_source};

use aether_core::linux_errno;

use crate::error::Error;

/// Where the cache of a source lies, if there is one. An id that is no plain name has none.
pub fn file(directory: &Path, id: &str) -> Option<PathBuf> {
    let plain = !id.is_empty() && !id.contains(['/', '\0']);
    plain.then(|| directory.join(format!("folders_{id}.bin.zst")))
}

/// Why a cache was not taken over. The file is left as it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ImportRefused {
    /// The file could not be read or removed: an errno number, and what the system said.
    Io(i32, String),
    /// It is no zstd, or it ends too early.
    Zstd(String),
    /// It unpacks to more than a cache of its size can hold.
    TooLarge,
    /// It is of another version, which this library does not read.
    Version(u32),
    /// What is in it does not add up: what, and why.
    Damaged(&'static str, &'static str),
    /// It holds another source than its name says.
    OtherSource(String),
    /// No root is given for it.
    NoRoot,
    /// It was cancelled.
    Cancelled,
    /// The index could not be written.
    Index(Error),
}

impl ImportRefused {
    /// Its name, as in messages.
    pub fn name(&self) -> &'static str {
        match self {
            ImportRefused::Io(number, _) => aether_core::Reason::Errno(*number).name(),
            ImportRefused::Zstd(_) | ImportRefused::TooLarge | ImportRefused::Damaged(..) => {
                "cache_damaged"
            }
            ImportRefused::Version(_) => "cache_version",
            ImportRefused::OtherSource(_) => "cache_other_source",
            ImportRefused::NoRoot => "cache_no_root",
            ImportRefused::Cancelled => "cancelled",
            ImportRefused::Index(error) => error.name(),
        }
    }
}

impl fmt::Display for ImportRefused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ImportRefused::Io(_, text) => f.write_str(text),
            ImportRefused::Zstd(text) => write!(f, "no whole zstd file: {text}"),
            ImportRefused::TooLarge => f.write_str("it unpacks to too much"),
            ImportRefused::Version(version) => write!(f, "version {version}, this library knows 3"),
            ImportRefused::Damaged(what, why) => write!(f, "damaged: {what} {why}"),
            ImportRefused::OtherSource(id) => {
                write!(f, "it holds the source {}", id.escape_debug())
            }
            ImportRefused::NoRoot => f.write_str("no root is given for it"),
            ImportRefused::Cancelled => f.write_str("cancelled"),
            ImportRefused::Index(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for ImportRefused {}

impl From<std::io::Error> for ImportRefused {
    fn from(error: std::io::Error) -> Self {
        ImportRefused::Io(
            error.raw_os_error().map_or(0, linux_errno),
            error.to_string(),
        )
    }
}
