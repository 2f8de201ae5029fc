//! What lies in a directory by a name, without following a link; and the way down from the root, by descriptors alone.

use std::os::fd::{AsFd, OwnedFd};

use aether_core::path;
use aether_index::reader::Child;
use rustix::fs::{AtFlags, CWD, FileType, Mode, OFlags, fstatvfs, openat};
use rustix::io::Errno;

use crate::place::os;

/// The entry that was found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Look {
    /// The device number of the file system, and the inode number in it.
    pub identity: (u64, u64),
    /// As in a slab.
    pub kind: u8,
    pub size: u64,
    /// ns since the epoch.
    pub mtime: i64,
    /// The same: when anything about it changed last, or it came to be there.
    pub ctime: i64,
    /// When it was made, where the file system knows.
    pub birth: Option<i64>,
    /// Names that it has.
    pub names: u64,
    /// Bytes that are allocated.
    pub disk: u64,
    pub uid: u32,
    /// All 16 bits.
    pub mode: u32,
    /// A file system is mounted on it.
    pub is_mount: bool,
}

const DIRECTORY: u8 = 2;
/// What st_blocks counts.
const BLOCK: u64 = 512;
/// Paths are given to the system in parts no longer than this: it takes none of 4,096 bytes.
const PART: usize = 2_048;
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
    // As the server has it, where there is one: what others have just written is not to be deleted.
    let flags = flags | AtFlags::NO_AUTOMOUNT | AtFlags::STATX_FORCE_SYNC;
    let mask = StatxFlags::BASIC_STATS | StatxFlags::BTIME;
    let found = statx(folder, name, flags, mask)?;
    let device = u64::from(found.stx_dev_major) << 32 | u64::from(found.stx_dev_minor);
    let (mtime, ctime, birth) = (found.stx_mtime, found.stx_ctime, found.stx_btime);
    let is_born = StatxFlags::from_bits_retain(found.stx_mask).contains(StatxFlags::BTIME);
    Ok(Look {
        identity: (device, found.stx_ino),
        kind: kind(FileType::from_raw_mode(found.stx_mode.into())),
        size: found.stx_size,
        mtime: nanoseconds(mtime.tv_sec, mtime.tv_nsec.into()),
        ctime: nanoseconds(ctime.tv_sec, ctime.tv_nsec.into()),
        birth: is_born.then(|| nanoseconds(birth.tv_sec, birth.tv_nsec.into())),
        names: found.stx_nlink.into(),
        disk: found.stx_blocks.saturating_mul(BLOCK),
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
        ctime: nanoseconds(found.st_ctime as i64, found.st_ctime_nsec as i64),
        birth: None,
        names: found.st_nlink as u64,
        disk: (found.st_blocks as u64).saturating_mul(BLOCK),
        uid: found.st_uid,
        mode: found.st_mode.into(),
        is_mount: false,
    })
}

fn kind(found: FileType) -> u8 {
    match found {
        FileType::RegularFile => Look::FILE,
        FileType::Directory => DIRECTORY,
        FileType::Symlink => 3,
        _ => 4,
    }
}

fn nanoseconds(seconds: i64, rest: i64) -> i64 {
    seconds.saturating_mul(1_000_000_000).saturating_add(rest)
}

impl Look {
    /// The kind of a regular file.
    pub const FILE: u8 = 1;

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

/// Opens one only to reach its entries, which takes no permission to read it.
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
    let mut at = open_root(root)?;
    for name in path::names(folder) {
        at = open_way(&at, name)?;
    }
    Ok(at)
}

/// Opens a root, in parts where its path is too long for the system.
pub fn open_root(root: &[u8]) -> Result<OwnedFd, Errno> {
    let flags = FOLDER | OFlags::RDONLY;
    let mut rest = root;
    let mut at = None;
    while rest.len() > PART {
        let (most, _) = rest.split_at(PART);
        let slash = most.iter().rposition(|byte| *byte == b'/');
        let end = slash.filter(|end| *end > 0).ok_or(Errno::NAMETOOLONG)?;
        let (part, behind) = rest.split_at(end);
        at = Some(open_part(at.as_ref(), part, flags)?);
        let slashes = behind.iter().take_while(|byte| **byte == b'/').count();
        rest = behind.get(slashes..).unwrap_or_default();
    }
    let part = if rest.is_empty() { b"." } else { rest };
    open_part(at.as_ref(), part, flags)
}

fn open_part(at: Option<&OwnedFd>, part: &[u8], flags: OFlags) -> Result<OwnedFd, Errno> {
    match at {
        Some(at) => openat(at, os(part), flags, Mode::empty()),
        None => openat(CWD, os(part), flags, Mode::empty()),
    }
}

/// Whether an open root is the directory that the index has it to be: `inode:birth:file system`, with `-` for what is not
/// known. A copy at the same path differs in at least one.
pub fn is_root(open: &OwnedFd, stored: &[u8]) -> Result<bool, Errno> {
    let found = look_at(open)?;
    let Ok(stored) = std::str::from_utf8(stored) else {
        return Ok(true);
    };
    let mut parts = stored.split(':');
    let inode = parts.next().and_then(|inode| inode.parse().ok());
    let birth = parts.next().and_then(|birth| birth.parse().ok());
    let system = parts.next();
    let system = system.and_then(|system| u64::from_str_radix(system, 16).ok());
    // Stored only where it belongs to the file system, whatever number its device has.
    let other_system = match system {
        Some(system) => fstatvfs(open)?.f_fsid != system,
        None => false,
    };
    let is_other =
        |stored: Option<i64>| stored.is_some() && found.birth.is_some() && stored != found.birth;
    Ok(inode.is_none_or(|inode: u64| inode == found.identity.1)
        && !is_other(birth)
        && !other_system)
}
