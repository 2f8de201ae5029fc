//! getdents64 and statx.

mod asked;
mod mount;

use std::ffi::CStr;
use std::mem::MaybeUninit;
use std::time::Duration;

use rustix::fd::BorrowedFd;
use rustix::fs::{
    AtFlags, FileType, Mode, OFlags, RawDir, SeekFrom, Statx, StatxFlags, fstatfs, fstatvfs, major,
    minor, statx,
};
use rustix::io::{Errno, retry_on_intr};

use super::{
    Amount, COARSE_TICK, ReadOutcome, Stat, Step, Visit, bytes_of, is_dot, kind_of, nanoseconds,
};
use crate::MountIdentity;
use crate::slab::{Groups, Kind, Metadata, NO_BTIME, SizeAndTime};
pub(crate) use asked::asked_of_kernel;
pub(crate) use mount::{identify, open_unless_mounted, open_within_mount, peek, verifies_names};

/// Size of the buffer for getdents64: about a slab's worth of names, enough to hide the cost of the call. Threads that
/// share a directory take turns of this size.
const BUFFER: usize = 32 * 1024;

/// A thread's buffer for getdents64.
pub(crate) struct Scratch(Vec<u8>);

impl Scratch {
    pub(crate) fn new() -> Scratch {
        Scratch(Vec::with_capacity(BUFFER))
    }
}

/// State of a listing. The position is the descriptor's own.
pub(crate) struct Reader {
    marks_end: bool,
}

/// Position of the ext4 driver, which also serves ext2 and ext3, after the last entry of a directory that is indexed or
/// has one block: EXT4_HTREE_EOF_64BIT in fs/ext4/ext4.h. No entry has it: no hash is as large (`ext4fs_dirhash` in
/// fs/ext4/hash.c), and where a position is an offset it is a multiple of 4.
const END: u64 = i64::MAX.unsigned_abs();

/// Whether the position after an entry shows on this file system that the entry was the last. This saves a call per
/// directory, which would only report the end. Room left in the buffer proves nothing: the kernel also returns early
/// when a signal is pending.
///
/// Other file systems have such positions too, but an entry can have them. btrfs stops at 0x7fffffff, the position of
/// its 2,147,483,647th name (`btrfs_real_readdir`); xfs at an eighth of the directory's block size, which cannot be
/// found out, and where a larger directory has entries (fs/xfs/xfs_dir2_readdir.c); tmpfs at 0x7fffffff, which only
/// newer kernels keep free (`DIR_OFFSET_EOD` in fs/libfs.c). overlayfs counts entries, or passes on the positions of
/// the layer below.
pub(crate) fn marks_end(fd: BorrowedFd<'_>) -> bool {
    file_system(fd) == Ok(EXT)
}

const EXT: u32 = 0xef53;
const BTRFS: u32 = 0x9123_683e;
const TMPFS: u32 = 0x0102_1994;
const XFS: u32 = 0x5846_5342;
const F2FS: u32 = 0xf2f5_2010;

/// The type of a file system. The field is i64, i32 or u32 depending on the machine; the numbers have 32 bits.
#[allow(clippy::unnecessary_cast)]
fn file_system(fd: BorrowedFd<'_>) -> Result<u32, Errno> {
    fstatfs(fd).map(|found| found.f_type as u32)
}

/// Maximum time between two ticks of the kernel's clock for ctimes.
const TICK: Duration = Duration::from_millis(10);

/// How long two changes of a directory can have the same ctime.
pub(crate) fn tick(fd: BorrowedFd<'_>) -> Duration {
    match file_system(fd) {
        Ok(magic) if [EXT, BTRFS, TMPFS, XFS, F2FS].contains(&magic) => TICK,
        _ => COARSE_TICK,
    }
}

/// The ctime of an open directory, in ns, and its device.
pub(crate) fn changed(fd: BorrowedFd<'_>) -> Result<(i64, u32), Errno> {
    let found = retry_on_intr(|| statx(fd, c"", AtFlags::EMPTY_PATH, StatxFlags::CTIME))?;
    let nanos = i64::from(found.stx_ctime.tv_nsec);
    let changed = nanoseconds(found.stx_ctime.tv_sec, nanos);
    Ok((changed, found.stx_dev_major << 20 | found.stx_dev_minor))
}

/// What distinguishes this directory from one mounted in its place.
pub(crate) fn mount_identity(fd: BorrowedFd<'_>) -> Result<MountIdentity, Errno> {
    let mask = StatxFlags::INO | StatxFlags::BTIME;
    let found = retry_on_intr(|| statx(fd, c"", AtFlags::EMPTY_PATH, mask))?;
    let born = StatxFlags::from_bits_retain(found.stx_mask).contains(StatxFlags::BTIME);
    let birth = nanoseconds(found.stx_btime.tv_sec, i64::from(found.stx_btime.tv_nsec));
    // Other file systems derive f_fsid from the device number, which changes from boot to boot.
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

    /// Goes back to the beginning. No thread may be reading.
    pub(crate) fn rewind(&self, fd: BorrowedFd<'_>) -> Result<(), Errno> {
        rustix::fs::seek(fd, SeekFrom::Start(0)).map(|_| ())
    }

    /// Where to go on in the same directory after it is reopened, if positions are stable: on ext4 they are hashes of
    /// names; other file systems may count entries. No thread may be reading.
    pub(crate) fn position(&self, fd: BorrowedFd<'_>) -> Option<u64> {
        let here = || rustix::fs::seek(fd, SeekFrom::Current(0)).ok();
        self.marks_end.then(here).flatten()
    }

    /// Continues from a position.
    pub(crate) fn go_to(&self, fd: BorrowedFd<'_>, position: u64) -> Result<(), Errno> {
        rustix::fs::seek(fd, SeekFrom::Start(position)).map(|_| ())
    }

    /// Reads the next piece, without `.` and `..`. One thread at a time.
    ///
    /// Inlined, like everything that it calls for an entry: each function that returns between two system calls costs
    /// about 0.3 µs where the kernel flushes the return predictor (AMD's "Safe RET"), a fifth of a whole stat.
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

/// What to ask for of each entry: a server need not be asked for what nobody wants.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wanted(StatxFlags);

impl Wanted {
    pub(crate) fn new(groups: Groups) -> Wanted {
        let of = |group: Groups, mask: StatxFlags| match groups.intersects(group) {
            true => mask,
            false => StatxFlags::empty(),
        };
        let mask = BRIEF
            | of(Groups::DISK, StatxFlags::BLOCKS)
            // Disk use needs to know which names are of one inode.
            | of(Groups::DISK | Groups::INODE, StatxFlags::INO | StatxFlags::NLINK)
            | of(Groups::MODE, StatxFlags::MODE)
            | of(Groups::TIMES, StatxFlags::CTIME | StatxFlags::BTIME)
            | of(Groups::OWNER, StatxFlags::UID | StatxFlags::GID);
        Wanted(mask)
    }
}

const BRIEF: StatxFlags = StatxFlags::TYPE
    .union(StatxFlags::SIZE)
    .union(StatxFlags::MTIME);

/// Without following a link or triggering a mount.
const AS_LISTED: AtFlags = AtFlags::SYMLINK_NOFOLLOW.union(AtFlags::NO_AUTOMOUNT);

/// Kind, size and mtime of an entry.
#[inline(always)]
pub(crate) fn stat_at(dir: BorrowedFd<'_>, name: &CStr) -> Result<(Kind, SizeAndTime), Errno> {
    let found = retry_on_intr(|| statx(dir, name, AS_LISTED, BRIEF))?;
    Ok((kind_of_statx(&found), read_size_and_time(&found)))
}

/// Kind and more of an entry.
#[inline(always)]
pub(crate) fn stat_more_at(
    dir: BorrowedFd<'_>,
    name: &CStr,
    wanted: Wanted,
) -> Result<(Kind, Metadata), Errno> {
    let found = retry_on_intr(|| statx(dir, name, AS_LISTED, wanted.0))?;
    Ok((kind_of_statx(&found), read_metadata(&found)))
}

/// The same of an open directory.
pub(crate) fn stat_open(fd: BorrowedFd<'_>, wanted: Wanted) -> Result<(Kind, Metadata), Errno> {
    let found = retry_on_intr(|| statx(fd, c"", AtFlags::EMPTY_PATH, wanted.0))?;
    Ok((kind_of_statx(&found), read_metadata(&found)))
}

/// Identity and links of an open directory.
#[inline(always)]
pub(crate) fn stat_fd(fd: BorrowedFd<'_>) -> Result<Stat, Errno> {
    let mask = StatxFlags::TYPE | StatxFlags::INO | StatxFlags::NLINK;
    retry_on_intr(|| statx(fd, c"", AtFlags::EMPTY_PATH, mask)).map(|found| read_statx(&found))
}

/// Allocated bytes of an open directory itself.
pub(crate) fn disk_of(fd: BorrowedFd<'_>) -> Result<u64, Errno> {
    let found = retry_on_intr(|| statx(fd, c"", AtFlags::EMPTY_PATH, StatxFlags::BLOCKS))?;
    Ok(bytes_of(found.stx_blocks))
}

#[inline(always)]
fn read_statx(found: &Statx) -> Stat {
    Stat {
        identity: mount::identity(found),
        links: u64::from(found.stx_nlink),
    }
}

fn kind_of_statx(found: &Statx) -> Kind {
    kind_of(FileType::from_raw_mode(found.stx_mode.into()))
}

#[inline(always)]
fn read_size_and_time(found: &Statx) -> SizeAndTime {
    SizeAndTime {
        size: found.stx_size,
        mtime: nanoseconds(found.stx_mtime.tv_sec, i64::from(found.stx_mtime.tv_nsec)),
    }
}

/// A device's number as the kernel has it, which statx reports in two parts.
pub(crate) fn device_number(device: u64) -> u32 {
    major(device) << 20 | minor(device)
}

#[inline(always)]
fn read_metadata(found: &Statx) -> Metadata {
    let has_btime = StatxFlags::from_bits_retain(found.stx_mask).contains(StatxFlags::BTIME);
    let born = nanoseconds(found.stx_btime.tv_sec, i64::from(found.stx_btime.tv_nsec));
    let SizeAndTime { size, mtime } = read_size_and_time(found);
    Metadata {
        size,
        mtime,
        disk: bytes_of(found.stx_blocks),
        inode: found.stx_ino,
        device: found.stx_dev_major << 20 | found.stx_dev_minor,
        nlink: found.stx_nlink,
        mode: found.stx_mode,
        ctime: nanoseconds(found.stx_ctime.tv_sec, i64::from(found.stx_ctime.tv_nsec)),
        btime: if has_btime { born } else { NO_BTIME },
        uid: found.stx_uid,
        gid: found.stx_gid,
    }
}

/// This thread's id in the system.
pub(crate) fn thread_id() -> i32 {
    rustix::thread::gettid().as_raw_nonzero().get()
}

/// Whether a thread of this process sleeps in a system call; `None` where the system does not say. A thread that waits
/// for a processor, or was stopped, does not sleep.
pub(crate) fn is_asleep(thread: i32) -> Option<bool> {
    let path = format!("/proc/self/task/{thread}/stat");
    let flags = OFlags::RDONLY | OFlags::CLOEXEC;
    let file = rustix::fs::open(path, flags, Mode::empty()).ok()?;
    let mut start = [0; 64];
    let read = rustix::io::read(&file, &mut start).ok()?;
    let start = start.get(..read)?;
    // The state follows the thread's name in parentheses, which is short as it is one of ours.
    let after = start.iter().rposition(|byte| *byte == b')')?;
    // Sleeping, in disk sleep, or traced: a tracer can delay it as a file system can.
    start.get(after + 2).map(|state| b"SDt".contains(state))
}
