//! The slab format, version 1: one binary of entries, grouped by directory, its payload in columns.
//!
//! `builder` writes slabs, `decode` checks and reads them, `layout` holds what both know of the bytes.
//! Nothing here opens a file or knows where a slab goes.

mod builder;
mod layout;

pub use builder::Builder;
pub use layout::{MAX_BYTES, set_sequence};

/// What an entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Kind {
    /// Not known.
    Unknown = 0,
    /// A regular file.
    File = 1,
    /// A directory.
    Directory = 2,
    /// A symbolic link.
    Symlink = 3,
    /// A device, FIFO, socket, or something else.
    Other = 4,
}

/// Size and mtime of an entry, as lstat gives them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Metadata {
    /// st_size in bytes.
    pub size: u64,
    /// Modification time in ns since the epoch, saturated.
    pub mtime: i64,
}

/// How a directory record ends.
pub mod status {
    /// Not the closing record: more of this directory follow.
    pub const MORE: u32 = 0;
    /// Read to its end.
    pub const COMPLETE: u32 = 1;
    /// Not entered, as it lies on another file system.
    pub const OTHER_FILE_SYSTEM: u32 = 2;
    /// Not entered, as it is one of its own ancestors.
    pub const LOOP: u32 = 3;
    /// Gone, or something else, when it was to be opened.
    pub const VANISHED: u32 = 4;
    /// Read to its end while it kept changing.
    pub const CHANGING: u32 = 5;

    /// Statuses from here on are errno numbers, added to it.
    pub(super) const ERRNO: u32 = 256;

    /// The listing failed with this errno, a positive number of Linux.
    pub fn errno(number: i32) -> u32 {
        ERRNO.saturating_add(number.unsigned_abs())
    }
}
