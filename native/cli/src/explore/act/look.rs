//! What lies in a directory by a name, without following a link; and the way down from the root, by descriptors alone.

use std::os::fd::{AsFd, OwnedFd};

use aether_core::path;
use aether_index::reader::Child;
use rustix::fs::{AtFlags, CWD, FileType, Mode, OFlags, openat};
use rustix::io::Errno;

use crate::place::os;

/// What lies there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// Of the file system, and in it.
    pub identity: (u64, u64),
    /// As in a slab.
    pub kind: u8,
    pub size: u64,
    /// ns since the epoch.
    pub mtime: i64,
    pub uid: u32,
    /// All 16 bits.
    pub mode: u32,
    /// A file system is mounted on it.
    pub is_mount: bool,
}

const DIRECTORY: u8 = 2;
const FOLDER: OFlags = OFlags::DIRECTORY.union(OFlags::CLOEXEC);

/// Looks at a name.
pub fn look(folder: impl AsFd, name: &[u8]) -> Result<Look, Errno> {
    seen(folder, name, AtFlags::SYMLINK_NOFOLLOW)
}

/// Looks at what is open.
pub fn look_at(open: impl AsFd) -> Result<Look, Errno> {
    seen(open, b"", AtFlags::EMPTY_PATH)
}

#[cfg(target_os = "linux")]
fn seen(folder: impl AsFd, name: &[u8], flags: AtFlags) -> Result<Look, Errno> {
    use rustix::fs::{StatxAttributes, StatxFlags, statx};
    let flags = flags | AtFlags::NO_AUTOMOUNT;
    let found = statx(folder, name, flags, StatxFlags::BASIC_STATS)?;
    let device = u64::from(found.stx_dev_major) << 32 | u64::from(found.stx_dev_minor);
    let mtime = found.stx_mtime;
    Ok(Look {
        identity: (device, found.stx_ino),
        kind: kind(FileType::from_raw_mode(found.stx_mode.into())),
        size: found.stx_size,
        mtime: nanoseconds(mtime.tv_sec, mtime.tv_nsec.into()),
        uid: found.stx_uid,
        mode: found.stx_mode.into(),
        is_mount: found.stx_attributes.contains(StatxAttributes::MOUNT_ROOT),
    })
}

/// Where nothing else tells mount points, another device does.
#[cfg(not(target_os = "linux"))]
fn seen(folder: impl AsFd, name: &[u8], flags: AtFlags) -> Result<Look, Errno> {
    let found = match name {
        [] => rustix::fs::fstat(folder)?,
        name => rustix::fs::statat(folder, name, flags)?,
    };
    Ok(Look {
        identity: (found.st_dev as u64, found.st_ino as u64),
        kind: kind(FileType::from_raw_mode(found.st_mode)),
        size: found.st_size as u64,
        mtime: nanoseconds(found.st_mtime as i64, found.st_mtime_nsec as i64),
        uid: found.st_uid,
        mode: found.st_mode.into(),
        is_mount: false,
    })
}

fn kind(found: FileType) -> u8 {
    match found {
        FileType::RegularFile => 1,
        FileType::Directory => DIRECTORY,
        FileType::Symlink => 3,
        _ => 4,
    }
}

fn nanoseconds(seconds: i64, rest: i64) -> i64 {
    seconds.saturating_mul(1_000_000_000).saturating_add(rest)
}

impl Look {
    pub fn is_directory(&self) -> bool {
        self.kind == DIRECTORY
    }

    /// Whether it is on the same file system, and nothing is mounted on it.
    pub fn is_within(&self, folder: &Look) -> bool {
        self.identity.0 == folder.identity.0 && !self.is_mount
    }

    /// Whether this is what was shown: of a folder by kind and time, since what it contains is no number of its own.
    pub fn is_as_shown(&self, child: &Child) -> bool {
        let is_size = self.is_directory()
            || child.bytes.and_then(|bytes| u64::try_from(bytes).ok()) == Some(self.size);
        self.kind == child.kind && child.mtime == Some(self.mtime) && is_size
    }
}

/// Opens a directory to read it, if the name is one and no link.
pub fn open_folder(folder: impl AsFd, name: &[u8]) -> Result<OwnedFd, Errno> {
    let flags = FOLDER | OFlags::RDONLY | OFlags::NOFOLLOW;
    openat(folder, name, flags, Mode::empty())
}

/// Opens one as a way to what lies in it, which takes no permission to read it.
pub fn open_way(folder: impl AsFd, name: &[u8]) -> Result<OwnedFd, Errno> {
    #[cfg(target_os = "linux")]
    let access = OFlags::PATH;
    #[cfg(not(target_os = "linux"))]
    let access = OFlags::RDONLY;
    openat(
        folder,
        name,
        FOLDER | access | OFlags::NOFOLLOW,
        Mode::empty(),
    )
}

/// Opens a folder beneath a root. The root may have been named by a link; nothing beneath it may be one.
pub fn descend(root: &[u8], folder: &[u8]) -> Result<OwnedFd, Errno> {
    let mut at = openat(CWD, os(root), FOLDER | OFlags::RDONLY, Mode::empty())?;
    for name in path::names(folder) {
        at = open_way(&at, name)?;
    }
    Ok(at)
}
