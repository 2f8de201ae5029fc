//! Slabs with more attributes than size and mtime.

use aether_core::slab::{Builder, Groups, Kind, Metadata, NO_BTIME, status};

use super::{encode, open};

/// A slab with these groups, and extremes in each column.
fn slab(tag: u32, groups: Groups) -> Builder {
    let mut slab = Builder::new(tag, Groups::METADATA | groups);
    let file = Metadata {
        size: 12_345,
        mtime: 1_700_000_000_123_456_789,
        disk: 16_384,
        inode: 131_074,
        device: 8 << 20 | 1,
        nlink: 1,
        mode: 0o100_644,
        ctime: 1_700_000_001_000_000_001,
        btime: 1_600_000_000_999_999_999,
        uid: 1000,
        gid: 100,
    };
    let directory = Metadata {
        size: 4096,
        disk: 4096,
        inode: 131_073,
        nlink: 3,
        mode: 0o041_777,
        ..file
    };
    let link = Metadata {
        size: 9,
        disk: 0,
        inode: 131_075,
        mode: 0o120_777,
        btime: NO_BTIME,
        ..file
    };
    let most = Metadata {
        size: u64::MAX,
        mtime: i64::MAX,
        disk: u64::MAX,
        inode: u64::MAX,
        device: u32::MAX,
        nlink: u32::MAX,
        mode: u16::MAX,
        ctime: i64::MAX,
        btime: i64::MAX,
        uid: u32::MAX,
        gid: u32::MAX - 1,
    };
    let least = Metadata {
        mtime: i64::MIN,
        ctime: i64::MIN,
        btime: -1,
        ..Metadata::default()
    };
    slab.entry(b"file", Kind::File, Some(&file));
    slab.entry(b"directory", Kind::Directory, Some(&directory));
    slab.entry(b"link", Kind::Symlink, Some(&link));
    slab.target(b"directory");
    slab.entry(b"nothing known", Kind::Symlink, None);
    slab.entry(b"most", Kind::File, Some(&most));
    slab.close(status::COMPLETE);
    open(&mut slab, b"directory");
    slab.entry(b"least", Kind::Other, Some(&least));
    slab.entry(b"unread link", Kind::Symlink, Some(&link));
    slab.entry(b"up", Kind::Symlink, Some(&link));
    slab.target(b"../\xff\n//absolute\x1b[31m");
    slab.close(status::COMPLETE);
    slab
}

/// A slab for each group, and one with all.
pub fn slabs() -> Vec<(&'static str, Vec<u8>)> {
    let rows = [
        ("attributes-disk", Groups::DISK),
        ("attributes-inode", Groups::INODE),
        ("attributes-mode", Groups::MODE),
        ("attributes-times", Groups::TIMES),
        ("attributes-target", Groups::TARGET),
        ("attributes-owner", Groups::OWNER),
        ("attributes-all", Groups::all()),
    ];
    let tags = 10..;
    rows.into_iter()
        .zip(tags)
        .map(|((name, groups), tag)| (name, encode(&slab(tag, groups), 0)))
        .collect()
}

/// The slab with all groups, for damage.
pub fn all() -> Vec<u8> {
    encode(&slab(16, Groups::all()), 0)
}
