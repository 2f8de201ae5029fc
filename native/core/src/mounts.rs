//! Which mount a path lies on, by its text and the system's mount table: the path may lie on a file system that does
//! not answer, so its file system is never touched.

use std::os::fd::{AsRawFd, BorrowedFd, RawFd};

use rustix::fs::readlink;
use rustix::process::getcwd;

pub use table::mount_points;
use table::{Mount, read_table};

mod table;

/// Maximum number of links followed in a path: the kernel's own limit.
const MAX_LINKS: u32 = 40;

/// File systems whose directories and links the kernel serves itself, or from a local disk.
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
    b"hfs",
    b"hfsplus",
    b"hugetlbfs",
    b"iso9660",
    b"jffs2",
    b"jfs",
    b"mqueue",
    b"msdos",
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
    b"ubifs",
    b"udf",
    b"vfat",
    b"xfs",
    b"zfs",
];

/// The mount point that `path` lies at or beneath. A relative path starts from the process's current directory. `..`
/// and links are taken literally, so a path that leads elsewhere through a link gives the mount of the link.
///
/// `None` where the system has no `/proc`, and for a relative path if the current directory has no path. Costs one read
/// of the mount table, which touches no file system.
pub fn mount_of(path: &[u8]) -> Option<Vec<u8>> {
    let table = read_table()?;
    let path = normalize(&absolute(path)?);
    Some(mount_in(&parse(&table), &path).point)
}

fn absolute(path: &[u8]) -> Option<Vec<u8>> {
    if path.starts_with(b"/") {
        return Some(path.to_vec());
    }
    // The system call only reads what the kernel knows. The C library's function reads directories if that fails.
    let current = getcwd(Vec::new()).ok()?.into_bytes();
    // It does not outside of the process's root.
    let is_reachable = current.starts_with(b"/");
    is_reachable.then(|| [&current, b"/".as_slice(), path].concat())
}

/// The path of an entry of an open directory, if that is a mount point by the table. Asks nobody but the kernel.
pub(crate) fn mount_point_at(dir: RawFd, name: &[u8]) -> Option<Vec<u8>> {
    let dir = readlink(format!("/proc/self/fd/{dir}"), Vec::new()).ok()?;
    let path = normalize(&[dir.to_bytes(), b"/", name].concat());
    let table = read_table()?;
    (mount_in(&parse(&table), &path).point == path).then_some(path)
}

/// [`mount_of`], if no link can lead elsewhere: the mount has the given device or, without one, is served by something
/// other than this machine's kernel, such as a server or another process.
pub(crate) fn sure_mount_of(path: &[u8], device: Option<u64>) -> Option<Vec<u8>> {
    let table = read_table()?;
    let found = mount_in(&parse(&table), &normalize(&absolute(path)?));
    let is_sure = match device {
        Some(device) => found.device == Some(device),
        None => found.is_foreign,
    };
    is_sure.then_some(found.point)
}

/// The mount that `path` leads to. Unlike [`mount_of`] it follows links, as long as they lie on file systems of this
/// machine. The first mount on the way that something else serves is the answer, whatever lies beneath: nothing in it
/// is touched.
pub(crate) fn mount_behind(path: &[u8]) -> Option<Vec<u8>> {
    Some(follow(path)?.1)
}

/// Splits a path, relative to an open directory, into the mount point that it leads to and the rest from there. `None` if
/// a server or another process serves a mount on the way, or if the way is not known from the text: what someone wrote
/// into a tree must not make a thread wait. Mounts above the directory itself do not count, nor do other mounts of its
/// file system.
pub(crate) fn way_to(dir: BorrowedFd<'_>, path: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    let own = readlink(format!("/proc/self/fd/{}", dir.as_raw_fd()), Vec::new());
    let own = own.ok()?.into_bytes();
    let mut names = path.split(|byte| *byte == b'/');
    let climbs = |name: &&[u8]| matches!(*name, b"" | b"." | b"..");
    let mut beyond = names.by_ref().skip_while(climbs);
    // `..` after a link is not the directory that the text says.
    let is_known = own.starts_with(b"/") && !beyond.any(|name| name == b"..");
    if !is_known {
        return None;
    }
    let path = match path.starts_with(b"/") {
        true => normalize(path),
        false => normalize(&[&own, b"/".as_slice(), path].concat()),
    };
    let text = read_table()?;
    let mounts = parse(&text);
    let above = way(&mounts, &own);
    let device = above.last().and_then(|mount| mount.device);
    let is_open = |mount: &&Mount<'_>| {
        let is_local = LOCAL.contains(&mount.file_system) && mount.file_system != b"proc";
        let is_above = above.iter().any(|other| other.id == mount.id);
        is_local || is_above || (device.is_some() && mount.device == device)
    };
    let way = way(&mounts, &path);
    // Looking up a name in autofs may wait for a server.
    let last = way.last().filter(|last| last.file_system != b"autofs")?;
    if !way.iter().all(is_open) {
        return None;
    }
    let rest = path.get(last.point.len()..)?;
    let rest = rest.strip_prefix(b"/").unwrap_or(rest);
    let rest = if rest.is_empty() { b"." } else { rest };
    Some((last.point.to_vec(), rest.to_vec()))
}

/// Where `path` leads: links are followed as by [`mount_behind`], and the rest is taken literally.
pub(crate) fn lead_by(path: &[u8]) -> Option<Vec<u8>> {
    Some(normalize(&follow(path)?.0))
}

/// Where a path leads, which need not be normal, and the mount.
fn follow(path: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    let text = read_table()?;
    let table = parse(&text);
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
        if mount.is_foreign {
            let path = whole(&at, &pending);
            // No link leads to a mount point: the letter tells which mount beneath this one the path comes to.
            let beneath = mount_in(&table, &normalize(&path));
            let mount = if beneath.is_foreign { beneath } else { mount };
            return Some((path, mount.point));
        }
        let Some(name) = pending.pop() else {
            return Some((at, mount.point));
        };
        if name == b".." {
            let parent = at.iter().rposition(|byte| *byte == b'/');
            at.truncate(parent.unwrap_or(0));
            continue;
        }
        let above = at.len();
        at.push(b'/');
        at.extend_from_slice(&name);
        // A mount point is a directory, and reading it might ask whatever serves the mount.
        if mount_in(&table, &at).point == at {
            continue;
        }
        let Ok(target) = readlink(at.as_slice(), Vec::new()) else {
            continue;
        };
        links += 1;
        if links > MAX_LINKS {
            return Some((whole(&at, &pending), mount.point));
        }
        let target = target.into_bytes();
        at.truncate(if target.starts_with(b"/") { 0 } else { above });
        pending.extend(names(&target));
    }
}

/// The components of a path, last one first.
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

/// The mount that a path lies on.
#[derive(Debug, PartialEq, Eq)]
struct FoundMount {
    point: Vec<u8>,
    device: Option<u64>,
    /// Whether something other than this machine's kernel serves it.
    is_foreign: bool,
}

fn parse(table: &[u8]) -> Vec<Mount<'_>> {
    let lines = table.split(|byte| *byte == b'\n');
    lines.filter_map(Mount::parse).collect()
}

/// The mount point that a normal path lies at or beneath.
fn mount_in(mounts: &[Mount<'_>], path: &[u8]) -> FoundMount {
    match way(mounts, path).last() {
        Some(mount) => FoundMount {
            point: mount.point.to_vec(),
            device: mount.device,
            is_foreign: !LOCAL.contains(&mount.file_system),
        },
        None => FoundMount {
            point: b"/".to_vec(),
            device: None,
            is_foreign: false,
        },
    }
}

/// The mounts that a normal path comes through.
///
/// The kernel's way, from mount to mount: of those mounted on the one that it has come to, the nearest on the path is next. So a
/// mount that a later one hides is not found, though its mount point may be the longest.
fn way<'m, 't>(mounts: &'m [Mount<'t>], path: &[u8]) -> Vec<&'m Mount<'t>> {
    let is_listed = |id| mounts.iter().any(|mount| mount.id == id);
    let on_path: Vec<&Mount<'_>> = mounts.iter().filter(|mount| mount.holds(path)).collect();
    let mut way: Vec<&Mount<'_>> = Vec::new();
    // No further than there are mounts: the table may have changed while it was read.
    for _ in &on_path {
        let next = on_path.iter().filter(|mount| match way.last() {
            Some(at) => mount.parent == at.id && mount.id != at.id,
            // What lies on a mount that is not listed: the one at `/`, or, after a chroot, those beneath it.
            None => mount.parent == mount.id || !is_listed(mount.parent),
        });
        match next.min_by_key(|mount| mount.point.len()) {
            Some(next) => way.push(next),
            None => break,
        }
    }
    way
}

#[cfg(test)]
mod tests;
