//! The repository that a root lies in, if it is not the top of one: searched from directory to directory upwards, as
//! git does, and not beyond the file system.

use std::ffi::OsStr;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::path::{Component, Path, PathBuf};

use rustix::fs::{Mode, OFlags, Stat, fstat, openat};
use rustix::io::Errno;

use super::repository::{self, Repository};
use crate::{Error, Operation};

/// A repository above a root.
pub(super) struct Above {
    pub repository: Repository,
    /// From its top down to the parent of the root.
    pub levels: Vec<Level>,
}

/// A directory above the root.
pub(super) struct Level {
    pub fd: OwnedFd,
    /// Path, for errors.
    pub path: Vec<u8>,
    /// Name of the next level below.
    pub name: Vec<u8>,
}

/// Looks for a repository above a root, whose path is as the caller gave it.
pub(super) fn find(root: BorrowedFd<'_>, path: &[u8], errors: &mut Vec<Error>) -> Option<Above> {
    let failed = |errno| Error::from_errno(errno, Operation::Ignore, path);
    let real = real_paths(root, path);
    match climb(root, &real, errors) {
        Ok(None) => None,
        Ok(Some((repository, found))) => {
            let levels = real.iter().find_map(|real| descend(real, &found));
            if levels.is_none() {
                let error = failed(Errno::NOENT);
                let detail =
                    "rules above the root are not used: its path within its repository is unknown"
                        .to_owned();
                errors.push(Error {
                    detail: Some(detail),
                    ..error
                });
            }
            let levels = levels?;
            // A git directory has no work tree.
            let inside = levels.iter().any(|level| level.name == b".git");
            (!inside).then_some(Above { repository, levels })
        }
        Err(errno) => {
            errors.push(failed(errno));
            None
        }
    }
}

/// The repository, its top, and the identities of the directories from the root up to that.
type FoundRepository = (Repository, (OwnedFd, Vec<(u64, u64)>));

fn climb(
    root: BorrowedFd<'_>,
    real: &[PathBuf],
    errors: &mut Vec<Error>,
) -> Result<Option<FoundRepository>, Errno> {
    let mut found = vec![identity(&fstat(root)?)];
    let mut at = root.try_clone_to_owned().map_err(|_| Errno::MFILE)?;
    let mut shown = real.first().map(PathBuf::as_path);
    loop {
        at = match open(at.as_fd(), b"..") {
            // Without read permission there are no rules.
            Err(Errno::ACCESS | Errno::PERM | Errno::NOENT) => return Ok(None),
            at => at?,
        };
        shown = shown.and_then(Path::parent);
        let here = identity(&fstat(&at)?);
        let (first, last) = (found.first(), found.last());
        if last == Some(&here) || first.is_some_and(|first| first.0 != here.0) {
            return Ok(None);
        }
        found.push(here);
        let path = shown.map_or(&b".."[..], |path| path.as_os_str().as_bytes());
        if let Some(repository) = repository::find(at.as_fd(), path, errors) {
            return Ok(Some((repository, (at, found))));
        }
    }
}

/// The directories from the top down to the root's parent, by the names in a path. The path may be out of date: each
/// directory must be one that was passed on the way up.
fn descend(real: &Path, (top, found): &(OwnedFd, Vec<(u64, u64)>)) -> Option<Vec<Level>> {
    let levels = found.len().checked_sub(1)?;
    let names: Vec<&OsStr> = real
        .components()
        .filter_map(|component| match component {
            Component::Normal(name) => Some(name),
            _ => None,
        })
        .collect();
    let names = names.get(names.len().checked_sub(levels)?..)?;
    let mut path = real;
    for _ in 0..levels {
        path = path.parent()?;
    }
    let mut path = path.to_path_buf();
    let mut fd = top.try_clone().ok()?;
    let mut down = Vec::new();
    for (name, expected) in names.iter().zip(found.iter().rev().skip(1)) {
        let next = open(fd.as_fd(), name.as_bytes()).ok()?;
        if identity(&fstat(&next).ok()?) != *expected {
            return None;
        }
        down.push(Level {
            fd,
            path: path.as_os_str().as_bytes().to_vec(),
            name: name.as_bytes().to_vec(),
        });
        path.push(name);
        fd = next;
    }
    Some(down)
}

/// Candidates for the root's path without links: the system's own, and where the given path leads.
fn real_paths(root: BorrowedFd<'_>, path: &[u8]) -> Vec<PathBuf> {
    let by_descriptor = std::fs::read_link(format!("/proc/self/fd/{}", root.as_raw_fd()));
    let by_path = std::fs::canonicalize(OsStr::from_bytes(path));
    by_descriptor.into_iter().chain(by_path).collect()
}

// The fields' types differ between systems.
#[allow(clippy::unnecessary_cast)]
fn identity(found: &Stat) -> (u64, u64) {
    (found.st_dev as u64, found.st_ino as u64)
}

/// Opens a directory to start from, without read access where the system offers that.
fn open(dir: BorrowedFd<'_>, name: &[u8]) -> Result<OwnedFd, Errno> {
    #[cfg(any(target_os = "linux", target_os = "android", target_os = "freebsd"))]
    let access = OFlags::PATH;
    #[cfg(not(any(target_os = "linux", target_os = "android", target_os = "freebsd")))]
    let access = OFlags::RDONLY | OFlags::NONBLOCK;
    let flags = access | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    openat(dir, name, flags, Mode::empty())
}
