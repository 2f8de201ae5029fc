//! What the walker gives to the index: a slab, and evidence that a slab has no room for.

use aether_core::MountIdentity;

/// One slab with its side table.
#[derive(Clone, Debug, Default)]
pub struct Batch {
    /// A slab of format version 1, with metadata. Paths are relative to the source's root, even in
    /// a scan of a folder.
    pub slab: Vec<u8>,
    /// One for each directory record: a counter of the whole process, taken before the listing's
    /// first getdents. Higher is newer.
    pub stamps: Vec<u64>,
    /// Records of mount points, by index in ascending order. All records of such a directory are
    /// there, and the batch with the first of them is pushed before any listing beneath: a listing
    /// beneath a stored mount point without a record counts as one of another disk.
    pub mounts: Vec<(u32, MountIdentity)>,
    /// The device that each record's directory lies on, as entries of the slab have it; 0, or no
    /// number, where it is not known.
    pub devices: Vec<u32>,
    /// Records, as in `mounts`, of directories that are no mount points and yet lie on another
    /// device than the one around them.
    pub subvolumes: Vec<(u32, MountIdentity)>,
}
