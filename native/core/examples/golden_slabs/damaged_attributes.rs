//! Slabs with one defect in their attributes, and what a decoder says of it.

use aether_core::slab::{Builder, Groups, Kind};

use super::attributes::all;
use super::damaged::{Damaged, patched};
use super::{encode, known};

/// Offsets in the slab with all groups, which has 8 entries and 2 records.
mod at {
    pub const SIZE: usize = 40;
    pub const MTIME: usize = SIZE + 64;
    pub const DISK: usize = MTIME + 64;
    pub const INODE: usize = DISK + 64;
    pub const DEVICE: usize = INODE + 64;
    pub const NLINK: usize = DEVICE + 32;
    pub const MODE: usize = NLINK + 32;
    pub const CTIME: usize = MODE + 16;
    pub const BTIME: usize = CTIME + 64;
    pub const UID: usize = BTIME + 64;
    pub const GID: usize = UID + 32;
    pub const TARGET_END: usize = GID + 32;
}

/// The entry without metadata in the slab with all groups.
const UNKNOWN: usize = 3;

/// The slab with all groups, with some bytes replaced.
fn patched_all(at: usize, bytes: &[u8]) -> Vec<u8> {
    let mut slab = all();
    slab[at..at + bytes.len()].copy_from_slice(bytes);
    slab
}

/// One in an attribute of an entry without metadata.
fn attribute_of_unknown(column: usize, size: usize) -> Vec<u8> {
    patched_all(column + UNKNOWN * size, &[1])
}

/// A slab with all groups and one entry, so that most columns have padding, with a byte replaced.
fn padded(at: usize) -> Vec<u8> {
    let mut slab = Builder::new(0, Groups::all());
    slab.entry(b"l", Kind::Symlink, known(1, 1).as_ref());
    slab.target(b"a");
    let mut bytes = encode(&slab, 0);
    bytes[at] = 1;
    bytes
}

/// One slab with a link of this kind and target.
fn with_target(kind: Kind, target: &[u8]) -> Vec<u8> {
    let mut slab = Builder::new(0, Groups::METADATA | Groups::TARGET);
    slab.entry(b"before", Kind::File, known(1, 1).as_ref());
    slab.entry(b"link", kind, known(1, 1).as_ref());
    slab.target(target);
    encode(&slab, 0)
}

/// Slabs with one defect.
pub fn damaged_attributes() -> Vec<Damaged> {
    let word = |word: u32| word.to_le_bytes();
    vec![
        (
            "padding-device",
            padded(76),
            "device: the padding is not zero",
        ),
        (
            "padding-nlink",
            padded(84),
            "nlink: the padding is not zero",
        ),
        ("padding-mode", padded(95), "mode: the padding is not zero"),
        ("padding-uid", padded(116), "uid: the padding is not zero"),
        ("padding-gid", padded(127), "gid: the padding is not zero"),
        (
            "padding-target-end",
            padded(132),
            "target_end: the padding is not zero",
        ),
        (
            "padding-targets",
            padded(191),
            "targets: the padding is not zero",
        ),
        (
            "target-bytes-without-targets",
            patched(32, &[0, 0, 0, 1]),
            "the reserved field is not zero",
        ),
        (
            "disk-not-known",
            attribute_of_unknown(at::DISK, 8),
            "entry 3: metadata where none is known",
        ),
        (
            "inode-not-known",
            attribute_of_unknown(at::INODE, 8),
            "entry 3: metadata where none is known",
        ),
        (
            "device-not-known",
            attribute_of_unknown(at::DEVICE, 4),
            "entry 3: metadata where none is known",
        ),
        (
            "nlink-not-known",
            attribute_of_unknown(at::NLINK, 4),
            "entry 3: metadata where none is known",
        ),
        (
            "mode-not-known",
            attribute_of_unknown(at::MODE, 2),
            "entry 3: metadata where none is known",
        ),
        (
            "ctime-not-known",
            attribute_of_unknown(at::CTIME, 8),
            "entry 3: metadata where none is known",
        ),
        (
            "btime-not-known",
            attribute_of_unknown(at::BTIME, 8),
            "entry 3: metadata where none is known",
        ),
        (
            "uid-not-known",
            attribute_of_unknown(at::UID, 4),
            "entry 3: metadata where none is known",
        ),
        (
            "gid-not-known",
            attribute_of_unknown(at::GID, 4),
            "entry 3: metadata where none is known",
        ),
        (
            "targets-descend",
            patched_all(at::TARGET_END + 8, &word(10)),
            "target_end: value 3 is below the one before",
        ),
        (
            "targets-not-reached",
            patched_all(at::TARGET_END + 28, &word(9)),
            "target_end: ends at 9 instead of 29",
        ),
        (
            "targets-passed",
            patched_all(at::TARGET_END + 28, &word(30)),
            "target_end: ends at 30 instead of 29",
        ),
        (
            "target-of-file",
            with_target(Kind::File, b"a"),
            "entry 1: not a target of a symbolic link",
        ),
        (
            "target-not-known",
            patched_all(at::TARGET_END + 8, &word(0)),
            "entry 3: not a target of a symbolic link",
        ),
        (
            "target-nul",
            with_target(Kind::Symlink, b"a\0b"),
            "entry 1: not a target of a symbolic link",
        ),
    ]
}
