//! What the walker gives to the index: a slab, and beside it what a slab has no room for.

use aether_core::MountIdentity;

/// One slab with its side table.
#[derive(Clone, Debug, Default)]
pub struct Batch {
    /// A slab of format version 1, with metadata. Paths are relative to the source's root, also in a scan of a folder.
    pub slab: Vec<u8>,
    /// One for each directory record: a counter of the whole VM, taken before that listing's first getdents. Higher is newer.
    pub stamps: Vec<u64>,
    /// By index of the record, in ascending order: directories that are mount points. All records of such a directory have it,
    /// and the batch with the first of them is pushed before any listing of what lies beneath: a listing beneath a stored mount
    /// point of which nothing has been heard counts as one of another disk.
    pub mounts: Vec<(u32, MountIdentity)>,
}
