//! The slab format, version 1: one binary of entries grouped by directory, with its payload in columns.
//!
//! `groups` and `attributes` list the columns of entries' metadata. `builder` collects entries, `columns` writes them,
//! `decode` checks slabs, `read` iterates over them, `layout` holds the shared offsets and lengths, `error` the defects.
//! Nothing here opens a file or knows where a slab goes.

mod attributes;
mod builder;
mod columns;
mod decode;
mod error;
mod groups;
mod layout;
mod read;

pub use attributes::{Metadata, NO_BTIME, SizeAndTime};
pub use builder::Builder;
pub use decode::Slab;
pub use error::SlabError;
pub use groups::Groups;
pub use layout::{MAX_SLAB_BYTES, set_sequence};
pub use read::{Entries, Entry, Record};

/// What an entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Kind {
    /// Unknown.
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

/// Statuses of directory records.
pub mod status {
    /// Not the closing record: more records of this directory follow.
    pub const MORE: u32 = 0;
    /// Read to its end.
    pub const COMPLETE: u32 = 1;
    /// Not entered: it is on another file system.
    pub const OTHER_FILE_SYSTEM: u32 = 2;
    /// Not entered: it is one of its own ancestors.
    pub const LOOP: u32 = 3;
    /// Gone, or no longer a directory, when it was to be opened.
    pub const VANISHED: u32 = 4;
    /// Read to its end while it kept changing.
    pub const CHANGING: u32 = 5;

    /// Added to errno numbers.
    const ERRNO: u32 = 256;
    /// Maximum errno of Linux (`MAX_ERRNO` in include/linux/err.h).
    const LAST_ERRNO: u32 = 4095;

    /// The status of a listing that failed with this Linux errno.
    pub fn errno(number: i32) -> u32 {
        ERRNO + number.unsigned_abs().clamp(1, LAST_ERRNO)
    }

    /// The errno in a status, if it has one.
    pub fn to_errno(status: u32) -> Option<i32> {
        let number = status.checked_sub(ERRNO)?;
        (1..=LAST_ERRNO).contains(&number).then_some(number as i32)
    }

    /// Whether the format defines it.
    pub(super) fn is_known(status: u32) -> bool {
        status <= CHANGING || to_errno(status).is_some()
    }
}
