//! Gathers entries by column and writes them out as one slab.

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

/// A slab in the making.
#[derive(Debug, Default)]
pub struct Builder {
    metadata: bool,
    tag: u32,
}
