//! The system calls of a walk. All names are relative to an open directory, and no link is followed except at the root.
//!
//! Linux reads directories with getdents64 and metadata with statx; other Unixes, and `--cfg aether_portable`, use
//! `readdir` and `fstatat`. Both offer the same few functions.

#[cfg(all(target_os = "linux", not(aether_portable)))]
mod linux;
#[cfg(all(target_os = "linux", not(aether_portable)))]
pub(crate) use linux::{
    Reader, Scratch, Wanted, asked_of_kernel, changed, device_number, disk_of, identify, is_asleep,
    marks_end, mount_identity, open_unless_mounted, open_within_mount, peek, stat_at, stat_fd,
    stat_more_at, stat_open, thread_id, tick, verifies_names,
};

#[cfg(not(all(target_os = "linux", not(aether_portable))))]
mod portable;
#[cfg(not(all(target_os = "linux", not(aether_portable))))]
pub(crate) use portable::{
    Reader, Scratch, Wanted, asked_of_kernel, changed, device_number, disk_of, identify, is_asleep,
    marks_end, mount_identity, open_unless_mounted, open_within_mount, peek, stat_at, stat_fd,
    stat_more_at, stat_open, thread_id, tick, verifies_names,
};

use std::ffi::{CStr, CString};
use std::os::fd::RawFd;
use std::time::Duration;

use rustix::fd::{BorrowedFd, OwnedFd};
use rustix::fs::{CWD, FileType, Mode, OFlags, openat, readlinkat};
use rustix::io::{Errno, retry_on_intr};

use crate::slab::Kind;
use crate::{Identity, MountIdentity};

/// Which directory is open.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stat {
    pub identity: Identity,
    pub links: u64,
}

/// What is known of an entry before it is opened.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Peek {
    pub kind: Kind,
    pub device: u64,
    /// Whether opening it would trigger a mount.
    pub automount: bool,
    pub mount: MountIdentity,
}

/// The directory and the name that a system call was given.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct PendingCall {
    pub directory: RawFd,
    pub name: Vec<u8>,
}

/// How a read of a piece of a listing ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ReadOutcome {
    /// There may be more.
    More,
    /// The directory was read to its end.
    End,
    /// The visitor stopped it.
    Broken,
}

/// Receives the entries of a directory.
pub(crate) trait Visit {
    /// Looks at an entry.
    fn visit(&mut self, name: &CStr, kind: Kind) -> Step;
    /// Keeps an entry for later.
    fn put_off(&mut self, name: &CStr, kind: Kind);
}

/// How to go on after an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Next,
    /// Put off this entry and the others that were read with it.
    PutOff,
    /// Stop: no more entries are wanted.
    Break,
}

/// How much to read at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Amount {
    /// Little: the first entry should not wait for a thousand names.
    First,
    /// Less: a scan with bounded demand may be parked with what was read.
    Half,
    Full,
}

/// Whether an opened directory is a mount point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mounted {
    No,
    /// Only Linux says so.
    #[allow(dead_code)]
    Yes,
    /// The system does not say.
    Unknown,
}

/// How long changes may share a ctime where the resolution is unknown: vfat and exfat keep times in steps of 2 s.
const COARSE_TICK: Duration = Duration::from_secs(2);

const OPEN: OFlags = OFlags::RDONLY
    .union(OFlags::DIRECTORY)
    .union(OFlags::CLOEXEC)
    .union(OFlags::NONBLOCK);

/// Opens a root. A link is followed, as the path is the caller's own. O_DIRECTORY keeps FIFOs and devices from being
/// opened.
pub(crate) fn open_root(path: &CStr) -> Result<OwnedFd, Errno> {
    retry_on_intr(|| openat(CWD, path, OPEN, Mode::empty()))
}

/// Opens a directory's child; a link gives ELOOP or ENOTDIR.
pub(crate) fn open_dir(parent: BorrowedFd<'_>, name: &CStr) -> Result<OwnedFd, Errno> {
    retry_on_intr(|| openat(parent, name, OPEN | OFlags::NOFOLLOW, Mode::empty()))
}

/// Where a link leads.
pub(crate) fn read_link_at(dir: BorrowedFd<'_>, name: &CStr) -> Result<Vec<u8>, Errno> {
    retry_on_intr(|| readlinkat(dir, name, Vec::new())).map(CString::into_bytes)
}

fn kind_of(file_type: FileType) -> Kind {
    match file_type {
        FileType::RegularFile => Kind::File,
        FileType::Directory => Kind::Directory,
        FileType::Symlink => Kind::Symlink,
        FileType::Unknown => Kind::Unknown,
        _ => Kind::Other,
    }
}

/// Bytes of blocks as stat counts them.
fn bytes_of(blocks: u64) -> u64 {
    blocks.saturating_mul(512)
}

/// Nanoseconds since the epoch, saturating where i64 cannot hold them.
fn nanoseconds(seconds: i64, nanos: i64) -> i64 {
    match seconds
        .checked_mul(1_000_000_000)
        .and_then(|ns| ns.checked_add(nanos))
    {
        Some(ns) => ns,
        // -9223372037 s overflows the product, although the sum with the fraction may fit.
        None => i64::try_from(i128::from(seconds) * 1_000_000_000 + i128::from(nanos))
            .unwrap_or(if seconds < 0 { i64::MIN } else { i64::MAX }),
    }
}

/// `.` and `..`, and strings that are no names: not every kernel refuses those from a damaged or hostile file system,
/// and using one would lead out of the directory.
#[inline(always)]
fn is_dot(name: &CStr) -> bool {
    let name = name.to_bytes();
    matches!(name, b"." | b"..") || (!verifies_names() && (name.is_empty() || name.contains(&b'/')))
}

#[cfg(test)]
mod tests {
    use super::nanoseconds;

    #[test]
    fn instants_are_exact_or_saturated() {
        let rows = [
            (0, 0, 0),
            (-2, 500_000_000, -1_500_000_000),
            (1_700_000_000, 123_456_789, 1_700_000_000_123_456_789),
            (9_223_372_036, 854_775_807, i64::MAX),
            (9_223_372_036, 854_775_808, i64::MAX),
            (-9_223_372_037, 145_224_192, i64::MIN),
            (-9_223_372_037, 145_224_191, i64::MIN),
            (-9_223_372_037, 145_224_193, i64::MIN + 1),
            (i64::MAX, 999_999_999, i64::MAX),
            (i64::MIN, 0, i64::MIN),
        ];
        for (seconds, nanos, expected) in rows {
            assert_eq!(
                nanoseconds(seconds, nanos),
                expected,
                "{seconds} s {nanos} ns"
            );
        }
    }
}
