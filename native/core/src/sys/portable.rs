//! `readdir` and `fstatat`, for Unixes other than Linux.

use std::ffi::CStr;
use std::time::Duration;

use parking_lot::Mutex;
use rustix::fd::{BorrowedFd, OwnedFd};
use rustix::fs::{AtFlags, Dir, FileType, Mode, fstat, openat, statat};
use rustix::io::{Errno, fcntl_dupfd_cloexec, retry_on_intr};

use super::{
    Amount, COARSE_TICK, Mounted, OPEN, Peek, PendingCall, ReadOutcome, Stat, Step, Visit,
    bytes_of, is_dot, kind_of, nanoseconds, open_dir,
};
use crate::slab::{Groups, Kind, Metadata, NO_BTIME, SizeAndTime};
use crate::{Identity, MountIdentity};

/// Number of entries in a piece: about a slab.
const PIECE: usize = 1000;

/// Names of a piece, read under the directory's lock and visited outside of it.
pub(crate) struct Scratch {
    names: Vec<u8>,
    entries: Vec<(usize, Kind)>,
}

impl Scratch {
    pub(crate) fn new() -> Scratch {
        Scratch {
            names: Vec::new(),
            entries: Vec::new(),
        }
    }
}

/// A directory stream, read by one thread at a time.
pub(crate) struct Reader(Mutex<Dir>);

/// Opens a directory by a path, which may leave the mount of `dir` here.
pub(crate) fn open_within_mount(dir: BorrowedFd<'_>, path: &[u8]) -> Result<OwnedFd, Errno> {
    retry_on_intr(|| openat(dir, path, OPEN, Mode::empty()))
}

/// Whether the position after an entry tells that it was the last; here nothing is known of it.
pub(crate) fn marks_end(_: BorrowedFd<'_>) -> bool {
    false
}

impl Reader {
    pub(crate) fn new(fd: BorrowedFd<'_>, _: bool) -> Result<Reader, Errno> {
        // Not reopened as ".", which would need search permission.
        Ok(Reader(Mutex::new(Dir::new(fcntl_dupfd_cloexec(fd, 0)?)?)))
    }

    /// Goes back to the beginning.
    pub(crate) fn rewind(&self, _: BorrowedFd<'_>) -> Result<(), Errno> {
        self.0.lock().rewind();
        Ok(())
    }

    /// Where to go on after it is reopened: unknown here.
    pub(crate) fn position(&self, _: BorrowedFd<'_>) -> Option<u64> {
        None
    }

    pub(crate) fn go_to(&self, _: BorrowedFd<'_>, _: u64) -> Result<(), Errno> {
        Err(Errno::NOTSUP)
    }

    /// Reads the next piece, without `.` and `..`.
    pub(crate) fn read(
        &self,
        _: BorrowedFd<'_>,
        scratch: &mut Scratch,
        amount: Amount,
        visitor: &mut impl Visit,
    ) -> Result<ReadOutcome, Errno> {
        scratch.names.clear();
        scratch.entries.clear();
        let most = match amount {
            Amount::First => PIECE / 10,
            Amount::Half => PIECE / 2,
            Amount::Full => PIECE,
        };
        let mut end = Ok(ReadOutcome::More);
        {
            let mut dir = self.0.lock();
            while scratch.entries.len() < most {
                match dir.next() {
                    Some(Ok(entry)) if is_dot(entry.file_name()) => {}
                    Some(Ok(entry)) => {
                        scratch
                            .names
                            .extend_from_slice(entry.file_name().to_bytes_with_nul());
                        scratch
                            .entries
                            .push((scratch.names.len(), kind_of(entry.file_type())));
                    }
                    Some(Err(Errno::INTR)) => {}
                    Some(Err(errno)) => {
                        end = Err(errno);
                        break;
                    }
                    None => {
                        end = Ok(ReadOutcome::End);
                        break;
                    }
                }
            }
        }
        let (mut start, mut put_off) = (0, false);
        for &(stop, kind) in &scratch.entries {
            let name = scratch
                .names
                .get(start..stop)
                .and_then(|n| CStr::from_bytes_with_nul(n).ok());
            start = stop;
            let Some(name) = name else { continue };
            if !put_off {
                match visitor.visit(name, kind) {
                    Step::Next => continue,
                    Step::PutOff => put_off = true,
                    Step::Break => return Ok(ReadOutcome::Broken),
                }
            }
            visitor.put_off(name, kind);
        }
        end
    }
}

/// Opens a directory's child and says whether it is a mount point, which is unknown here.
pub(crate) fn open_unless_mounted(
    parent: BorrowedFd<'_>,
    name: &CStr,
    _: impl FnOnce() -> Result<(), Errno>,
) -> Result<(OwnedFd, Mounted), Errno> {
    Ok((open_dir(parent, name)?, Mounted::Unknown))
}

/// Whether the kernel checks names before it passes them on.
pub(crate) fn verifies_names() -> bool {
    false
}

/// Identity of an open directory, and whether it is a mount point, which is unknown here.
pub(crate) fn identify(fd: BorrowedFd<'_>) -> Result<(Identity, Mounted), Errno> {
    Ok((stat_fd(fd)?.identity, Mounted::Unknown))
}

/// What to ask for of each entry: fstatat gives all that it has.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wanted;

impl Wanted {
    pub(crate) fn new(_: Groups) -> Wanted {
        Wanted
    }
}

/// Kind, size and mtime of an entry, without following a link.
pub(crate) fn stat_at(dir: BorrowedFd<'_>, name: &CStr) -> Result<(Kind, SizeAndTime), Errno> {
    let found = retry_on_intr(|| statat(dir, name, AtFlags::SYMLINK_NOFOLLOW))?;
    let Metadata { size, mtime, .. } = metadata(&found);
    Ok((kind_of_stat(&found), SizeAndTime { size, mtime }))
}

/// Kind and more of an entry.
pub(crate) fn stat_more_at(
    dir: BorrowedFd<'_>,
    name: &CStr,
    _: Wanted,
) -> Result<(Kind, Metadata), Errno> {
    let found = retry_on_intr(|| statat(dir, name, AtFlags::SYMLINK_NOFOLLOW))?;
    Ok((kind_of_stat(&found), metadata(&found)))
}

/// Kind and device of an entry, without opening it.
pub(crate) fn peek(dir: BorrowedFd<'_>, name: &CStr) -> Result<Peek, Errno> {
    let found = retry_on_intr(|| statat(dir, name, AtFlags::SYMLINK_NOFOLLOW))?;
    let identity = read_stat(&found).identity;
    Ok(Peek {
        kind: kind_of_stat(&found),
        device: identity.device,
        automount: false,
        mount: MountIdentity {
            inode: identity.inode,
            birth: None,
            file_system: None,
        },
    })
}

/// How long two changes of a directory can have the same ctime: unknown here.
pub(crate) fn tick(_: BorrowedFd<'_>) -> Duration {
    COARSE_TICK
}

/// The ctime of an open directory, in ns.
#[allow(clippy::unnecessary_cast)]
pub(crate) fn changed(fd: BorrowedFd<'_>) -> Result<(i64, u32), Errno> {
    let found = retry_on_intr(|| fstat(fd))?;
    let changed = nanoseconds(found.st_ctime as i64, found.st_ctime_nsec as i64);
    Ok((changed, metadata(&found).device))
}

/// What distinguishes this directory from one mounted in its place: here only its inode number.
pub(crate) fn mount_identity(fd: BorrowedFd<'_>) -> Result<MountIdentity, Errno> {
    Ok(MountIdentity {
        inode: stat_fd(fd)?.identity.inode,
        birth: None,
        file_system: None,
    })
}

/// Allocated bytes of an open directory itself.
pub(crate) fn disk_of(fd: BorrowedFd<'_>) -> Result<u64, Errno> {
    retry_on_intr(|| fstat(fd)).map(|found| metadata(&found).disk)
}

/// The same of an open directory.
pub(crate) fn stat_open(fd: BorrowedFd<'_>, _: Wanted) -> Result<(Kind, Metadata), Errno> {
    let found = retry_on_intr(|| fstat(fd))?;
    Ok((kind_of_stat(&found), metadata(&found)))
}

/// Identity and links of an open directory.
pub(crate) fn stat_fd(fd: BorrowedFd<'_>) -> Result<Stat, Errno> {
    retry_on_intr(|| fstat(fd)).map(|found| read_stat(&found))
}

// The fields' types differ between systems.
#[allow(clippy::unnecessary_cast, clippy::useless_conversion)]
fn read_stat(found: &rustix::fs::Stat) -> Stat {
    Stat {
        identity: Identity {
            device: found.st_dev as u64,
            inode: found.st_ino as u64,
        },
        links: found.st_nlink as u64,
    }
}

fn kind_of_stat(found: &rustix::fs::Stat) -> Kind {
    kind_of(FileType::from_raw_mode(found.st_mode))
}

#[allow(clippy::unnecessary_cast, clippy::useless_conversion)]
fn metadata(found: &rustix::fs::Stat) -> Metadata {
    Metadata {
        size: u64::try_from(found.st_size).unwrap_or(0),
        mtime: nanoseconds(found.st_mtime as i64, found.st_mtime_nsec as i64),
        disk: bytes_of(u64::try_from(found.st_blocks).unwrap_or(0)),
        inode: found.st_ino as u64,
        device: device_number(found.st_dev as u64),
        nlink: u32::try_from(found.st_nlink).unwrap_or(u32::MAX),
        mode: found.st_mode as u16,
        ctime: nanoseconds(found.st_ctime as i64, found.st_ctime_nsec as i64),
        btime: birth_time(found),
        uid: found.st_uid,
        gid: found.st_gid,
    }
}

/// A device's number as the kernel has it.
#[cfg(any(target_os = "linux", target_os = "android"))]
pub(crate) fn device_number(device: u64) -> u32 {
    rustix::fs::major(device) << 20 | rustix::fs::minor(device)
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
pub(crate) fn device_number(device: u64) -> u32 {
    device as u32
}

#[cfg(any(target_vendor = "apple", target_os = "freebsd", target_os = "netbsd"))]
#[allow(clippy::unnecessary_cast)]
fn birth_time(found: &rustix::fs::Stat) -> i64 {
    nanoseconds(found.st_birthtime as i64, found.st_birthtime_nsec as i64)
}

#[cfg(not(any(target_vendor = "apple", target_os = "freebsd", target_os = "netbsd")))]
fn birth_time(_: &rustix::fs::Stat) -> i64 {
    NO_BTIME
}

/// This thread's id in the system: not used here.
pub(crate) fn thread_id() -> i32 {
    0
}

/// What a thread's system call was given; only Linux says so.
pub(crate) fn asked_of_kernel(_thread: i32) -> Option<PendingCall> {
    None
}

/// Whether a thread of this process sleeps in a system call: unknown here.
pub(crate) fn is_asleep(_: i32) -> Option<bool> {
    None
}
