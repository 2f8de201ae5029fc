//! Which mount a path lies on, by its text and the system's mount table alone: the path itself may lie on a file system that
//! does not answer, so nothing here touches it.

use std::ffi::CString;
use std::os::fd::{AsRawFd, BorrowedFd};

use rustix::fs::readlink;
use rustix::process::getcwd;

pub use table::mount_points;
use table::{Mount, read_table};

mod table;

/// Links on the way of a path, as many as the kernel follows.
const MAX_LINKS: u32 = 40;

/// File systems of which the kernel answers for directories and links by itself, or with the help of a local disk.
const LOCAL: &[&[u8]] = &[
    b"bcachefs",
    b"bpf",
    b"btrfs",
    b"cgroup",
    b"cgroup2",
    b"configfs",
    b"debugfs",
    b"devpts",
    b"devtmpfs",
    b"efivarfs",
    b"erofs",
    b"exfat",
    b"ext2",
    b"ext3",
    b"ext4",
    b"f2fs",
    b"hugetlbfs",
    b"iso9660",
    b"jfs",
    b"mqueue",
    b"nilfs2",
    b"ntfs3",
    b"overlay",
    b"proc",
    b"pstore",
    b"ramfs",
    b"reiserfs",
    b"rootfs",
    b"securityfs",
    b"squashfs",
    b"sysfs",
    b"tmpfs",
    b"tracefs",
    b"udf",
    b"vfat",
    b"xfs",
    b"zfs",
];

/// The mount point that `path` lies at or beneath. A relative path starts from the current directory of the process; `..`
/// and links are taken by the letter, so a path that leads elsewhere through a link gives the mount of the link.
///
/// `None` where the system has no `/proc`, and for a relative path where the current directory has no path. Costs one read
/// of the mount table, which asks no file system.
pub fn mount_of(path: &[u8]) -> Option<Vec<u8>> {
    let table = read_table()?;
    let path = normalize(&absolute(path)?);
    Some(mount_in(&table, &path).point)
}

fn absolute(path: &[u8]) -> Option<Vec<u8>> {
    if path.starts_with(b"/") {
        return Some(path.to_vec());
    }
    // The system call, which keeps to what the kernel knows. The C library's function would read directories where
    // that fails.
    let current = getcwd(Vec::new()).ok()?.into_bytes();
    // Not so outside of the process's root.
    let is_reachable = current.starts_with(b"/");
    is_reachable.then(|| [&current, b"/".as_slice(), path].concat())
}

/// [`mount_of`], if no link leads elsewhere: what lies there is on the mount's device, if it is known, or else something
/// other than this machine's kernel answers for the mount, a server or another process.
pub(crate) fn sure_mount_of(path: &[u8], device: Option<u64>) -> Option<Vec<u8>> {
    let table = read_table()?;
    let found = mount_in(&table, &normalize(&absolute(path)?));
    let is_sure = match device {
        Some(device) => found.device == Some(device),
        None => found.is_foreign,
    };
    is_sure.then_some(found.point)
}

/// The mount that `path` leads to, links followed: as [`mount_of`], but links are read where they lie on a file system of
/// this machine. The first mount on the way that something else answers for (a server, another process) is the answer,
/// whatever lies beneath: nothing in it is touched.
pub(crate) fn mount_behind(path: &[u8]) -> Option<Vec<u8>> {
    Some(follow(path)?.mount)
}

/// Whether `path`, taken from a directory that is open, leads to a mount that something else than this machine's kernel
/// answers for, unless it is the one that the directory lies on: what somebody wrote into a tree must not make the walk
/// wait for another machine.
pub(crate) fn leads_abroad(dir: BorrowedFd<'_>, path: &[u8]) -> bool {
    let own = readlink(format!("/proc/self/fd/{}", dir.as_raw_fd()), Vec::new());
    let own = own.map(CString::into_bytes).unwrap_or_default();
    let path = match path.starts_with(b"/") {
        true => path.to_vec(),
        false => [&own, b"/".as_slice(), path].concat(),
    };
    // Only from the file system's root is it known which way a path takes.
    let Some(end) = path.starts_with(b"/").then(|| follow(&path)).flatten() else {
        return false;
    };
    let lies_beside = || follow(&own).is_some_and(|own| own.mount == end.mount);
    end.is_foreign && !lies_beside()
}

/// Where `path` leads, links followed as for [`mount_behind`], what lies beyond taken by the letter.
pub(crate) fn lead_by(path: &[u8]) -> Option<Vec<u8>> {
    Some(normalize(&follow(path)?.path))
}

/// Where a path leads.
struct End {
    /// Not always normal.
    path: Vec<u8>,
    mount: Vec<u8>,
    is_foreign: bool,
}

fn follow(path: &[u8]) -> Option<End> {
    let table = read_table()?;
    let mut pending: Vec<Vec<u8>> = names(&absolute(path)?);
    let mut at: Vec<u8> = Vec::new();
    let mut links = 0;
    let whole = |at: &[u8], pending: &[Vec<u8>]| {
        let rest = pending.iter().rev();
        let rest = rest.flat_map(|name| [b"/".as_slice(), name]);
        [at].into_iter().chain(rest).collect::<Vec<_>>().concat()
    };
    loop {
        let here = if at.is_empty() { b"/" } else { &at[..] };
        let mount = mount_in(&table, here);
        let end = |path, mount: Found| End {
            path,
            mount: mount.point,
            is_foreign: mount.is_foreign,
        };
        if mount.is_foreign {
            return Some(end(whole(&at, &pending), mount));
        }
        let Some(name) = pending.pop() else {
            return Some(end(at, mount));
        };
        if name == b".." {
            let parent = at.iter().rposition(|byte| *byte == b'/');
            at.truncate(parent.unwrap_or(0));
            continue;
        }
        let above = at.len();
        at.push(b'/');
        at.extend_from_slice(&name);
        // A mount point is a directory, and asking it might be asking whoever answers for the mount.
        if mount_in(&table, &at).point == at {
            continue;
        }
        let Ok(target) = readlink(at.as_slice(), Vec::new()) else {
            continue;
        };
        links += 1;
        if links > MAX_LINKS {
            return Some(end(whole(&at, &pending), mount));
        }
        let target = target.into_bytes();
        at.truncate(if target.starts_with(b"/") { 0 } else { above });
        pending.extend(names(&target));
    }
}

/// The components of a path, the last one first.
fn names(path: &[u8]) -> Vec<Vec<u8>> {
    path.split(|byte| *byte == b'/')
        .rev()
        .filter(|name| !matches!(*name, b"" | b"."))
        .map(<[u8]>::to_vec)
        .collect()
}

/// An absolute path without empty, `.` and `..` components; the root is `/`.
fn normalize(path: &[u8]) -> Vec<u8> {
    let mut normal = Vec::with_capacity(path.len());
    for component in path.split(|byte| *byte == b'/') {
        match component {
            b"" | b"." => {}
            b".." => {
                let parent = normal.iter().rposition(|byte| *byte == b'/');
                normal.truncate(parent.unwrap_or(0));
            }
            name => {
                normal.push(b'/');
                normal.extend_from_slice(name);
            }
        }
    }
    if normal.is_empty() {
        normal.push(b'/');
    }
    normal
}

/// Where a path lies.
#[derive(Debug, PartialEq, Eq)]
struct Found {
    point: Vec<u8>,
    device: Option<u64>,
    /// Whether something else than this machine's kernel answers for it.
    is_foreign: bool,
}

/// The mount point that a normal path lies at or beneath.
///
/// The kernel's way, from mount to mount: of those mounted on the one that it has come to, the nearest on the path is next. So a
/// mount that a later one hides is not found, though its mount point may be the longest.
fn mount_in(table: &[u8], path: &[u8]) -> Found {
    let lines = table.split(|byte| *byte == b'\n');
    let mounts: Vec<Mount<'_>> = lines.filter_map(Mount::parse).collect();
    let is_listed = |id| mounts.iter().any(|mount| mount.id == id);
    let on_path: Vec<&Mount<'_>> = mounts.iter().filter(|mount| mount.holds(path)).collect();
    let mut at: Option<&Mount<'_>> = None;
    // No further than there are mounts: the table may have changed while it was read.
    for _ in &on_path {
        let next = on_path.iter().filter(|mount| match at {
            Some(at) => mount.parent == at.id && mount.id != at.id,
            // What lies on a mount that is not listed: the one at `/`, or, after a chroot, those beneath it.
            None => mount.parent == mount.id || !is_listed(mount.parent),
        });
        match next.min_by_key(|mount| mount.point.len()) {
            Some(next) => at = Some(next),
            None => break,
        }
    }
    match at {
        Some(mount) => Found {
            point: mount.point.to_vec(),
            device: mount.device,
            is_foreign: !LOCAL.contains(&mount.file_system),
        },
        None => Found {
            point: b"/".to_vec(),
            device: None,
            is_foreign: false,
        },
    }
}

#[cfg(test)]
mod tests;
