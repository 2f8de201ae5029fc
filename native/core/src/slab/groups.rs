//! The groups of attributes that a slab may have, which are the flags of its header.

use bitflags::bitflags;

bitflags! {
    /// Groups of attributes, each of which stands for one or more columns of a slab.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
    pub struct Groups: u16 {
        /// Size and mtime, which all other groups need.
        const METADATA = 1;
        /// Allocated bytes.
        const DISK = 1 << 1;
        /// Inode number, device and link count.
        const INODE = 1 << 2;
        /// Type and permissions.
        const MODE = 1 << 3;
        /// ctime and btime.
        const TIMES = 1 << 4;
        /// Targets of symbolic links.
        const TARGET = 1 << 5;
        /// User and group.
        const OWNER = 1 << 6;
    }
}

impl Groups {
    /// What an index keeps of each entry in any case.
    pub const INDEXED: Groups = Groups::METADATA.union(Groups::DISK).union(Groups::INODE);
    /// What it keeps more of those whose owners are asked for.
    pub const OWNED: Groups = Groups::MODE.union(Groups::OWNER);

    /// The groups of these flags, unless one is not known or needs a group that is missing.
    pub fn from_flags(flags: u16) -> Option<Groups> {
        Groups::from_bits(flags).filter(|groups| groups.are_sound())
    }

    /// These, and those that they need.
    pub fn completed(self) -> Groups {
        match self.is_empty() {
            true => self,
            false => self | Groups::METADATA,
        }
    }

    /// Whether a slab may have just these: none needs a group that is missing.
    pub fn are_sound(self) -> bool {
        self.is_empty() || self.contains(Groups::METADATA)
    }
}
