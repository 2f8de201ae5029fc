//! What a decoder has against a slab. Decoders in other languages give the same words for the same defect.

use std::fmt;

/// The first defect found in bytes that are no slab. Columns go by their names in the format's description;
/// records and entries are counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SlabError {
    /// Not even a header.
    TooShort {
        /// Bytes given.
        length: usize,
    },
    /// The first four bytes are not those of a slab.
    Magic,
    /// A version of the format that is not known.
    Version(u16),
    /// Flag bits that are not known.
    Flags(u16),
    /// The reserved field of the header holds something.
    Reserved,
    /// The counts of the header make another length.
    Length {
        /// Bytes given.
        length: usize,
        /// What the counts make.
        expected: u64,
    },
    /// The bytes that fill a column up hold something.
    Padding {
        /// The column.
        column: &'static str,
    },
    /// An end lies before the one before it.
    Descending {
        /// The column.
        column: &'static str,
        /// Which of its values.
        index: usize,
    },
    /// The last end is not the end of the table.
    LastEnd {
        /// The column.
        column: &'static str,
        /// Its last value, 0 where it has none.
        end: u32,
        /// Where it must end.
        total: u32,
    },
    /// A status without a meaning.
    Status {
        /// The record.
        record: usize,
        /// Its status.
        status: u32,
    },
    /// A kind without a meaning, or "not known" in a slab without size and mtime.
    Kind {
        /// The entry.
        entry: usize,
        /// Its kind byte.
        kind: u8,
    },
    /// Size and mtime are marked as not known, yet one is there.
    NotZero {
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
                write!(f, "entry {entry}: size or mtime where none is known")
            }
            SlabError::Path { record } => write!(f, "record {record}: not a relative path"),
            SlabError::Name { entry } => write!(f, "entry {entry}: not a file name"),
        }
    }
}

impl std::error::Error for SlabError {}
