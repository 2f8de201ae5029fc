//! Whether a directory's child is a mount point: what the kernel says, and how to go on where it says nothing.
//!
//! openat2 (Linux 5.6) can refuse to cross a mount, so that most directories need no other call. Without it, on an
//! older kernel or in a sandbox that blocks it, a statx of the open directory says whether it is the root of a mount
//! (5.8). Before that nothing does, and the caller must compare identities.

use std::ffi::CStr;
use std::sync::atomic::{AtomicU8, Ordering};

use rustix::fd::{BorrowedFd, OwnedFd};
use rustix::fs::{
    AtFlags, CWD, FileType, Mode, OFlags, ResolveFlags, Statx, StatxAttributes, StatxFlags,
    makedev, openat, openat2, statx,
};
use rustix::io::{Errno, retry_on_intr};

use crate::sys::{Mounted, OPEN, Peek, kind_of, nanoseconds, open_dir};
use crate::{Identity, MountIdentity};

/// Whether openat2 can be called, for the whole process.
static OPENAT2: AtomicU8 = AtomicU8::new(UNASKED);
const UNASKED: u8 = 0;
const WORKS: u8 = 1;
const MISSING: u8 = 2;

/// Opens a directory's child and says whether it is a mount point.
///
/// Only a mount can make a directory lie on another file system or be one of its own ancestors. With RESOLVE_NO_XDEV
/// the kernel refuses to cross one, so that only those few need a stat. `cross` may refuse before one is opened, where
/// the kernel says so. RESOLVE_BENEATH would cost 60 ns more of 1 µs and add nothing: no name has a slash (see
/// [`verifies_names`]), and links are not followed.
#[inline(always)]
pub(crate) fn open_unless_mounted(
    parent: BorrowedFd<'_>,
    name: &CStr,
    cross: impl FnOnce() -> Result<(), Errno>,
) -> Result<(OwnedFd, Mounted), Errno> {
    if has_openat2() {
        let flags = OPEN | OFlags::NOFOLLOW;
        let opened =
            retry_on_intr(|| openat2(parent, name, flags, Mode::empty(), ResolveFlags::NO_XDEV));
        match opened {
            Ok(fd) => return Ok((fd, Mounted::No)),
            Err(Errno::XDEV) => {
                cross()?;
                return Ok((open_dir(parent, name)?, Mounted::Yes));
            }
            // About this directory or about the call: a sandbox may have been set up since.
            Err(errno @ (Errno::NOSYS | Errno::PERM)) if ask_openat2() => return Err(errno),
            Err(Errno::NOSYS | Errno::PERM) => {}
            Err(errno) => return Err(errno),
        }
    }
    Ok((open_dir(parent, name)?, Mounted::Unknown))
}

/// Opens a directory by a path that must not leave the mount of `dir`, else EXDEV. Follows links, except those of proc(5).
/// Without openat2 the path may lead anywhere.
pub(crate) fn open_within_mount(dir: BorrowedFd<'_>, path: &[u8]) -> Result<OwnedFd, Errno> {
    if has_openat2() {
        let resolve = ResolveFlags::NO_XDEV | ResolveFlags::NO_MAGICLINKS;
        match retry_on_intr(|| openat2(dir, path, OPEN, Mode::empty(), resolve)) {
            Err(Errno::NOSYS | Errno::PERM) if !ask_openat2() => {}
            opened => return opened,
        }
    }
    retry_on_intr(|| openat(dir, path, OPEN, Mode::empty()))
}

/// Whether the kernel refuses names with a slash, and empty ones, whatever file system they are from
/// (`verify_dirent_name` in fs/readdir.c, Linux 5.4). One that has openat2 does.
#[inline(always)]
pub(crate) fn verifies_names() -> bool {
    has_openat2()
}

#[inline(always)]
fn has_openat2() -> bool {
    match OPENAT2.load(Ordering::Relaxed) {
        WORKS => true,
        MISSING => false,
        _ => ask_openat2(),
    }
}

/// Calls it with an empty path, which a kernel that knows the call answers with ENOENT. Sandboxes answer first, with
/// ENOSYS, EPERM or whatever they are configured to. No file system is involved.
#[cold]
fn ask_openat2() -> bool {
    let answer =
        retry_on_intr(|| openat2(CWD, c"", OFlags::PATH, Mode::empty(), ResolveFlags::NO_XDEV));
    let works = matches!(answer, Err(Errno::NOENT));
    OPENAT2.store(if works { WORKS } else { MISSING }, Ordering::Relaxed);
    works
}

/// Identity of an open directory, and whether it is a mount point.
pub(crate) fn identify(fd: BorrowedFd<'_>) -> Result<(Identity, Mounted), Errno> {
    let found = retry_on_intr(|| statx(fd, c"", AtFlags::EMPTY_PATH, StatxFlags::INO))?;
    let mounted = if !found
        .stx_attributes_mask
        .contains(StatxAttributes::MOUNT_ROOT)
    {
        Mounted::Unknown
    } else if found.stx_attributes.contains(StatxAttributes::MOUNT_ROOT) {
        Mounted::Yes
    } else {
        Mounted::No
    };
    Ok((identity(&found), mounted))
}

/// Kind and device of an entry, without opening it, triggering a mount or asking a server.
pub(crate) fn peek(dir: BorrowedFd<'_>, name: &CStr) -> Result<Peek, Errno> {
    let flags = AtFlags::SYMLINK_NOFOLLOW | AtFlags::NO_AUTOMOUNT | AtFlags::STATX_DONT_SYNC;
    let mask = StatxFlags::TYPE | StatxFlags::INO | StatxFlags::BTIME;
    let found = retry_on_intr(|| statx(dir, name, flags, mask))?;
    let born = StatxFlags::from_bits_retain(found.stx_mask).contains(StatxFlags::BTIME);
    let birth = nanoseconds(found.stx_btime.tv_sec, i64::from(found.stx_btime.tv_nsec));
    Ok(Peek {
        kind: kind_of(FileType::from_raw_mode(found.stx_mode.into())),
        device: identity(&found).device,
        automount: found.stx_attributes.contains(StatxAttributes::AUTOMOUNT),
        mount: MountIdentity {
            inode: found.stx_ino,
            birth: born.then_some(birth),
            file_system: None,
        },
    })
}

pub(super) fn identity(found: &Statx) -> Identity {
    Identity {
        device: makedev(found.stx_dev_major, found.stx_dev_minor),
        inode: found.stx_ino,
    }
}
