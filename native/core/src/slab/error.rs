//! Defects of a slab. Decoders in other languages use the same words for the same defect.

use std::fmt;

/// The first defect found in bytes that are not a slab. Columns have their names from the format's description; records
/// and entries are counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SlabError {
    /// Too short for a header.
    TooShort {
        /// Number of bytes given.
        length: usize,
    },
    /// The first four bytes are not a slab's.
    Magic,
    /// Unknown version of the format.
    Version(u16),
    /// Unknown flag bits.
    Flags(u16),
    /// The reserved field of the header is not zero.
    Reserved,
    /// The length does not match the header's counts.
    Length {
        /// Number of bytes given.
        length: usize,
        /// Length by the counts.
        expected: u64,
    },
    /// The padding after a column is not zero.
    Padding {
        /// The column.
        column: &'static str,
    },
    /// An end is below the one before it.
    Descending {
        /// The column.
        column: &'static str,
        /// Index of the value.
        index: usize,
    },
    /// The last end is not the length of the table.
    LastEnd {
        /// The column.
        column: &'static str,
        /// Its last value, 0 if it has none.
        end: u32,
        /// The length of the table.
        total: u32,
    },
    /// Unknown status.
    Status {
        /// The record.
        record: usize,
        /// Its status.
        status: u32,
    },
    /// Unknown kind, or "unknown metadata" in a slab without size and mtime.
    Kind {
        /// The entry.
        entry: usize,
        /// Its kind byte.
        kind: u8,
    },
    /// The attributes are marked as unknown, but one of them is not zero.
    NotZero {
        /// The entry.
        entry: usize,
    },
    /// A target with a NUL in it, or of an entry that is not a symbolic link or has no metadata.
    Target {
        /// The entry.
        entry: usize,
    },
    /// Not a relative path: an empty component, `.`, `..` or a NUL.
    Path {
        /// The record.
        record: usize,
    },
    /// Not a file name: empty, `.`, `..`, or with a slash or NUL in it.
    Name {
        /// The entry.
        entry: usize,
    },
}

impl fmt::Display for SlabError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            SlabError::TooShort { length } => {
                write!(f, "{length} bytes are too short for a header")
            }
            SlabError::Magic => write!(f, "does not begin with ASLB"),
            SlabError::Version(version) => write!(f, "version {version} is not known"),
            SlabError::Flags(flags) => write!(f, "flags {flags} are not known"),
            SlabError::Reserved => write!(f, "the reserved field is not zero"),
            SlabError::Length { length, expected } => {
                write!(
                    f,
                    "{length} bytes, where the header's counts make {expected}"
                )
            }
            SlabError::Padding { column } => write!(f, "{column}: the padding is not zero"),
            SlabError::Descending { column, index } => {
                write!(f, "{column}: value {index} is below the one before")
            }
            SlabError::LastEnd { column, end, total } => {
                write!(f, "{column}: ends at {end} instead of {total}")
            }
            SlabError::Status { record, status } => {
                write!(f, "record {record}: status {status} is not known")
            }
            SlabError::Kind { entry, kind } => {
                write!(f, "entry {entry}: kind {kind} is not known")
            }
            SlabError::NotZero { entry } => {
                write!(f, "entry {entry}: metadata where none is known")
            }
            SlabError::Target { entry } => {
                write!(f, "entry {entry}: not a target of a symbolic link")
            }
            SlabError::Path { record } => write!(f, "record {record}: not a relative path"),
            SlabError::Name { entry } => write!(f, "entry {entry}: not a file name"),
        }
    }
}

impl std::error::Error for SlabError {}
