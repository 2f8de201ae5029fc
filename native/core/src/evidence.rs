//! What an index has to know beyond a slab before it may delete anything: when each directory was read, whether it
//! changed in between, and which directories are mount points.
//!
//! If something is renamed into a directory while it is read, names that were there all along can be missed
//! (readdir(3) promises no more). So the directory's ctime is read before the first getdents and after the last.
//! `walk/` does the reading; this file holds the results and the verdict.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use rustix::fd::BorrowedFd;
use rustix::io::Errno;

use crate::slab::status;
use crate::sys;

/// Maximum number of times a directory that changed while it was read is read again at once.
const AGAIN: u32 = 2;

/// Identifies a directory of a file system across reboots, when device numbers may differ. Two are the same if they
/// agree in all parts that both have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MountIdentity {
    /// st_ino.
    pub inode: u64,
    /// Birth time in ns since the epoch, where the file system has one.
    pub birth: Option<i64>,
    /// f_fsid, where it belongs to the file system and is not a device number.
    pub file_system: Option<u64>,
}

impl MountIdentity {
    /// Whether all parts that both have are equal.
    pub fn is_same(&self, other: &MountIdentity) -> bool {
        fn agree<T: PartialEq>(a: Option<T>, b: Option<T>) -> bool {
            a.is_none() || b.is_none() || a == b
        }
        self.inode == other.inode
            && agree(self.birth, other.birth)
            && agree(self.file_system, other.file_system)
    }
}

/// Evidence beside a slab: one value for each of its directory records.
#[derive(Clone, Debug, Default)]
pub struct Evidence {
    /// When the directory's listing began, by a counter that all scans of the process share: higher is newer.
    pub stamps: Vec<u64>,
    /// The records' statuses for an index: [`status::CHANGING`] where the slab says complete and that is not proven.
    pub statuses: Vec<u32>,
    /// Record numbers and identities of mount points.
    pub mounts: Vec<(u32, MountIdentity)>,
    /// The device that each directory lies on, as entries of a slab have it; 0 where it is not known.
    pub devices: Vec<u32>,
    /// Record numbers and identities of directories that are no mount points and yet lie on another device than the one
    /// around them.
    pub subvolumes: Vec<(u32, MountIdentity)>,
}

/// Evidence of one directory.
#[derive(Clone, Copy, Debug, Default)]
pub struct Attested {
    /// See [`Evidence::stamps`].
    pub stamp: u64,
    /// See [`Evidence::devices`].
    pub device: u32,
    /// See [`Evidence::mounts`].
    pub mount: Option<MountIdentity>,
    /// See [`Evidence::subvolumes`].
    pub subvolume: Option<MountIdentity>,
}

/// A stamp newer than all before.
pub(crate) fn stamp() -> u64 {
    static NEWEST: AtomicU64 = AtomicU64::new(0);
    NEWEST.fetch_add(1, Ordering::AcqRel) + 1
}

/// A directory's ctime, read before its first getdents, and the device that came along.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CtimeSample {
    changed: i64,
    device: u32,
}

impl CtimeSample {
    pub(crate) fn at(fd: BorrowedFd<'_>) -> Result<CtimeSample, Errno> {
        let (changed, device) = sys::changed(fd)?;
        Ok(CtimeSample { changed, device })
    }
}

/// What one listing of a directory is judged by.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pass {
    /// When it began.
    pub stamp: u64,
    /// The directory before its first getdents; `None` if it could not be read.
    pub before: Option<CtimeSample>,
    /// How many listings of this directory came before. Only those of pass 0 go to the receiver; later ones are for the
    /// index.
    pub pass: u32,
    /// Whether it has waited for the clock's tick.
    pub deferred: bool,
    pub mount: Option<MountIdentity>,
    pub subvolume: Option<MountIdentity>,
}

impl Pass {
    /// For a directory's first listing, which is about to begin. `around` is the device of the directory around it.
    pub(crate) fn begin(fd: BorrowedFd<'_>, mount: Option<MountIdentity>, around: u32) -> Pass {
        let begun = Pass {
            stamp: stamp(),
            before: CtimeSample::at(fd).ok(),
            pass: 0,
            deferred: false,
            mount,
            subvolume: None,
        };
        let subvolume = match mount.is_none() && begun.device() != around {
            true => sys::mount_identity(fd).ok(),
            false => None,
        };
        Pass { subvolume, ..begun }
    }

    pub(crate) fn device(&self) -> u32 {
        self.before.map_or(0, |before| before.device)
    }

    /// Whether another device begins here, which an index has to learn before anything beneath it.
    pub(crate) fn begins_device(&self) -> bool {
        self.mount.is_some() || self.subvolume.is_some()
    }

    pub(crate) fn attested(&self) -> Attested {
        Attested {
            stamp: self.stamp,
            device: self.device(),
            mount: self.mount,
            subvolume: self.subvolume,
        }
    }
}

/// What the ctimes before and after a listing prove.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It did not change.
    Proven,
    /// It changed: read it again.
    Recheck,
    /// A change within the clock's tick would not show: read it again after this long.
    After(Duration),
    /// It keeps changing.
    Unproven,
}

/// Judges pass number `pass` over a directory; `deferred` if it has waited for a tick before.
pub(crate) fn judge(
    before: CtimeSample,
    after: CtimeSample,
    pass: u32,
    deferred: bool,
    tick: Duration,
) -> Verdict {
    if before.changed != after.changed {
        return match pass < AGAIN {
            true => Verdict::Recheck,
            false => Verdict::Unproven,
        };
    }
    let now = SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .map_or(0, |now| i64::try_from(now.as_nanos()).unwrap_or(i64::MAX));
    let tick_ns = i64::try_from(tick.as_nanos()).unwrap_or(i64::MAX);
    // After the clock was set back a ctime may lie in the future; it then proves nothing.
    if now.saturating_sub(after.changed) > tick_ns {
        Verdict::Proven
    } else if deferred {
        Verdict::Unproven
    } else {
        Verdict::After(tick)
    }
}

impl Verdict {
    /// Whether the directory must be read once more.
    pub(crate) fn is_open(self) -> bool {
        matches!(self, Verdict::Recheck | Verdict::After(_))
    }

    /// The status for an index.
    pub(crate) fn status(self) -> u32 {
        match self {
            Verdict::Proven => status::COMPLETE,
            _ => status::CHANGING,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_directory_unchanged_for_a_tick_is_proven() {
        let look = |changed| CtimeSample { changed, device: 1 };
        let (old, tick) = (1_000, Duration::from_millis(10));
        let future = i64::MAX;
        let rows = [
            (old, old, 0, false, Verdict::Proven),
            (old, old, 2, true, Verdict::Proven),
            (old, old + 1, 0, false, Verdict::Recheck),
            (old, old + 1, 1, true, Verdict::Recheck),
            (old, old + 1, 2, false, Verdict::Unproven),
            (future, future, 0, false, Verdict::After(tick)),
            (future, future, 1, true, Verdict::Unproven),
        ];
        for (before, after, pass, deferred, expected) in rows {
            let verdict = judge(look(before), look(after), pass, deferred, tick);
            assert_eq!(verdict, expected, "{before} {after} {pass} {deferred}");
        }
    }
}
