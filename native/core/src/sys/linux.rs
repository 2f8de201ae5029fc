//! getdents64 and statx.

mod mount;

use std::ffi::CStr;
use std::mem::MaybeUninit;
use std::time::Duration;

use rustix::fd::BorrowedFd;
use rustix::fs::{
    AtFlags, FileType, Mode, OFlags, RawDir, SeekFrom, Statx, StatxFlags, fstatfs, fstatvfs, statx,
};
use rustix::io::{Errno, retry_on_intr};

use super::{Amount, COARSE_TICK, ReadOutcome, Stat, Step, Visit, is_dot, kind_of, nanoseconds};
use crate::MountIdentity;
use crate::slab::Metadata;
pub(crate) use mount::{identify, open_unless_mounted, open_within_mount, peek, verifies_names};

/// Holds about a slab's worth of names: enough to hide the price of the call, and threads that share a directory take
/// turns at that grain.
const BUFFER: usize = 32 * 1024;

/// A thread's buffer for getdents64.
pub(crate) struct Scratch(Vec<u8>);

impl Scratch {
    pub(crate) fn new() -> Scratch {
        Scratch(Vec::with_capacity(BUFFER))
    }
}

/// Where a listing is read from: the position is the descriptor's own.
pub(crate) struct Reader {
    marks_end: bool,
}

/// Where the ext4 driver, which serves ext2 and ext3 as well, stands after the last entry of a directory with an index or
/// of one block: EXT4_HTREE_EOF_64BIT in fs/ext4/ext4.h. No entry stands there, since no hash is as great
/// (`ext4fs_dirhash` in fs/ext4/hash.c), and where a position is an offset it is a multiple of 4.
const END: u64 = i64::MAX.unsigned_abs();

/// Whether this file system tells by the position after an entry that it was the last. It saves a call for each
/// directory, which would only say that this is the end. That a buffer has room left tells nothing: the kernel also
/// breaks off when a signal is pending.
///
/// Others have such positions too, but an entry can stand there. btrfs stops at 0x7fffffff, where its 2,147,483,647th
/// name would stand (`btrfs_real_readdir`); xfs at an eighth of the directory's block size, which nothing tells, and
/// where a larger directory has entries (fs/xfs/xfs_dir2_readdir.c); tmpfs at 0x7fffffff, kept free only by newer
/// kernels (`DIR_OFFSET_EOD` in fs/libfs.c). overlayfs counts entries, or hands on what lies below it.
pub(crate) fn marks_end(fd: BorrowedFd<'_>) -> bool {
    file_system(fd) == Ok(EXT)
}

const EXT: u32 = 0xef53;
const BTRFS: u32 = 0x9123_683e;
const TMPFS: u32 = 0x0102_1994;
const XFS: u32 = 0x5846_5342;
const F2FS: u32 = 0xf2f5_2010;

/// The number of the file system's type. Its field is i64, i32 or u32, as the machine has it, and the numbers have 32 bits.
#[allow(clippy::unnecessary_cast)]
fn file_system(fd: BorrowedFd<'_>) -> Result<u32, Errno> {
    fstatfs(fd).map(|found| found.f_type as u32)
}

/// The kernel's clock for ctimes stands still between two ticks, of 10 ms at most.
const TICK: Duration = Duration::from_millis(10);

/// How long two changes of a directory can have the same ctime.
pub(crate) fn tick(fd: BorrowedFd<'_>) -> Duration {
    match file_system(fd) {
        Ok(magic) if [EXT, BTRFS, TMPFS, XFS, F2FS].contains(&magic) => TICK,
        _ => COARSE_TICK,
    }
}

/// The ctime of an open directory, in ns.
pub(crate) fn changed(fd: BorrowedFd<'_>) -> Result<i64, Errno> {
    let found = retry_on_intr(|| statx(fd, c"", AtFlags::EMPTY_PATH, StatxFlags::CTIME))?;
    let nanos = i64::from(found.stx_ctime.tv_nsec);
    Ok(nanoseconds(found.stx_ctime.tv_sec, nanos))
}

/// What tells this directory from another's that is mounted in its place.
pub(crate) fn mount_identity(fd: BorrowedFd<'_>) -> Result<MountIdentity, Errno> {
    let mask = StatxFlags::INO | StatxFlags::BTIME;
    let found = retry_on_intr(|| statx(fd, c"", AtFlags::EMPTY_PATH, mask))?;
    let born = StatxFlags::from_bits_retain(found.stx_mask).contains(StatxFlags::BTIME);
    let birth = nanoseconds(found.stx_btime.tv_sec, i64::from(found.stx_btime.tv_nsec));
    // f_fsid of others is made of the device number, which changes from boot to boot.
    let file_system = file_system(fd)
        .ok()
        .filter(|magic| [EXT, BTRFS, TMPFS].contains(magic))
        .and_then(|_| fstatvfs(fd).ok())
        .map(|system| system.f_fsid);
    Ok(MountIdentity {
        inode: found.stx_ino,
        birth: born.then_some(birth),
        file_system,
    })
}

impl Reader {
    pub(crate) fn new(_: BorrowedFd<'_>, marks_end: bool) -> Result<Reader, Errno> {
        Ok(Reader { marks_end })
    }

    /// Goes back to the beginning. Nobody may be reading.
    pub(crate) fn rewind(&self, fd: BorrowedFd<'_>) -> Result<(), Errno> {
        rustix::fs::seek(fd, SeekFrom::Start(0)).map(|_| ())
    }

    /// Where to go on in the same directory after it was closed, where a position stays what it is: on ext4 it is the
    /// hash of a name. Others may count entries. Nobody may be reading.
    pub(crate) fn position(&self, fd: BorrowedFd<'_>) -> Option<u64> {
        let here = || rustix::fs::seek(fd, SeekFrom::Current(0)).ok();
        self.marks_end.then(here).flatten()
    }

    /// Goes on from a position.
    pub(crate) fn go_to(&self, fd: BorrowedFd<'_>, position: u64) -> Result<(), Errno> {
        rustix::fs::seek(fd, SeekFrom::Start(position)).map(|_| ())
    }

    /// Reads the next piece, `.` and `..` left out. One thread at a time.
    ///
    /// Inlined, and so is all that it calls for an entry: each function that returns between two system calls costs
    /// about 0.3 µs where the kernel empties the return predictor (AMD's "Safe RET"), a fifth of a whole stat.
    #[inline(always)]
    pub(crate) fn read(
        &self,
        fd: BorrowedFd<'_>,
        scratch: &mut Scratch,
        amount: Amount,
        visitor: &mut impl Visit,
    ) -> Result<ReadOutcome, Errno> {
        let buffer: &mut [MaybeUninit<u8>] = scratch.0.spare_capacity_mut();
        let size = match amount {
            Amount::First => BUFFER / 8,
            Amount::Half => BUFFER / 2,
            Amount::Full => BUFFER,
        };
        let (buffer, _) = buffer.split_at_mut(size.min(buffer.len()));
        let mut entries = RawDir::new(fd, buffer);
        let (mut begun, mut put_off) = (false, false);
        let mut position = 0;
        loop {
            if begun && entries.is_buffer_empty() {
                let last = self.marks_end && position == END;
                return Ok(if last {
                    ReadOutcome::End
                } else {
                    ReadOutcome::More
                });
            }
            let entry = match entries.next() {
                Some(Ok(entry)) => entry,
                Some(Err(Errno::INTR)) => continue,
                Some(Err(errno)) => return Err(errno),
                None => return Ok(ReadOutcome::End),
            };
            begun = true;
            let name = entry.file_name();
            position = entry.next_entry_cookie();
            if is_dot(name) {
                continue;
            }
            let kind = kind_of(entry.file_type());
            if !put_off {
                match visitor.visit(name, kind) {
                    Step::Next => continue,
                    Step::PutOff => put_off = true,
                    Step::Break => return Ok(ReadOutcome::Broken),
                }
            }
            visitor.put_off(name, kind);
        }
    }
}

/// Metadata of an entry, links not followed and nothing mounted for it.
#[inline(always)]
pub(crate) fn stat_at(dir: BorrowedFd<'_>, name: &CStr) -> Result<Stat, Errno> {
    let flags = AtFlags::SYMLINK_NOFOLLOW | AtFlags::NO_AUTOMOUNT;
    let mask = StatxFlags::TYPE | StatxFlags::SIZE | StatxFlags::MTIME;
    retry_on_intr(|| statx(dir, name, flags, mask)).map(read_statx)
}

/// Metadata of an open directory.
#[inline(always)]
pub(crate) fn stat_fd(fd: BorrowedFd<'_>) -> Result<Stat, Errno> {
    let mask = StatxFlags::TYPE | StatxFlags::INO | StatxFlags::NLINK;
    retry_on_intr(|| statx(fd, c"", AtFlags::EMPTY_PATH, mask)).map(read_statx)
}

#[inline(always)]
fn read_statx(found: Statx) -> Stat {
    Stat {
        identity: mount::identity(&found),
        links: u64::from(found.stx_nlink),
        kind: kind_of(FileType::from_raw_mode(found.stx_mode.into())),
        metadata: Metadata {
            size: found.stx_size,
            mtime: nanoseconds(found.stx_mtime.tv_sec, i64::from(found.stx_mtime.tv_nsec)),
        },
    }
}

/// The system's number of this thread.
pub(crate) fn thread_id() -> i32 {
    rustix::thread::gettid().as_raw_nonzero().get()
}

/// Whether a thread of this process sleeps in a system call; none where the system does not tell. One that waits for a
/// processor does not sleep, nor does one that was stopped.
pub(crate) fn is_asleep(thread: i32) -> Option<bool> {
    let path = format!("/proc/self/task/{thread}/stat");
    let flags = OFlags::RDONLY | OFlags::CLOEXEC;
    let file = rustix::fs::open(path, flags, Mode::empty()).ok()?;
    let mut start = [0; 64];
    let read = rustix::io::read(&file, &mut start).ok()?;
    let start = start.get(..read)?;
    // The name stands in brackets before it, and is one of ours: short.
    let after = start.iter().rposition(|byte| *byte == b')')?;
    // A tracer may hold it up as well as a file system may.
    start.get(after + 2).map(|state| b"SDt".contains(state))
}
