//! Whether a directory is the top of a repository's work tree, and what the repository says besides its `.gitignore`
//! files: `info/exclude` and `core.ignorecase` of the common git directory.
//!
//! `.git` may be a file, or a link, that points elsewhere, as in work trees and submodules. A pointer
//! is followed only to a directory of the same owner. Otherwise a user who can write to a tree could
//! learn what another user's file says, by what is left out of the tree. Nor is it followed to
//! another mount that a server or a process answers for: if that hangs, the walk would.

use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use rustix::fs::{AtFlags, CWD, FileType, Mode, OFlags, fstat, openat, readlinkat, statat};
use rustix::io::Errno;

use super::file::{self, Content, Failure, Links};
use super::{config, join};
use crate::{Error, Operation, Reason, mounts, sys};

/// What a repository says besides its `.gitignore` files.
#[derive(Debug)]
pub(super) struct Repository {
    pub exclude: Option<Content>,
    /// Whether case is ignored.
    pub fold: bool,
}

/// The repository whose work tree begins in this directory; `path` is for errors.
pub(super) fn find(
    dir: BorrowedFd<'_>,
    path: &[u8],
    errors: &mut Vec<Error>,
) -> Option<Repository> {
    match common_directory(dir) {
        Ok(common) => common.map(|common| read(common.as_fd(), path, errors)),
        Err(failure) => {
            errors.push(failure.error(&join(path, b".git")));
            None
        }
    }
}

/// What a `.git` says that is not a complete repository.
pub(super) fn find_broken(
    dir: BorrowedFd<'_>,
    path: &[u8],
    errors: &mut Vec<Error>,
) -> Option<Repository> {
    let git = open(dir, b".git").ok()?;
    Some(read(git.as_fd(), path, errors))
}

fn read(common: BorrowedFd<'_>, path: &[u8], errors: &mut Vec<Error>) -> Repository {
    let name = |name: &[u8]| join(&join(path, b".git"), name);
    let at = || name(b"info/exclude");
    let exclude = match open(common, b"info") {
        Ok(info) => file::content(info.as_fd(), b"exclude", Links::Refused, at, errors),
        Err(Errno::NOENT | Errno::NOTDIR | Errno::LOOP) => None,
        Err(errno) => {
            errors.push(Error::from_errno(errno, Operation::Ignore, &at()));
            None
        }
    };
    let config = file::content(
        common,
        b"config",
        Links::Refused,
        || name(b"config"),
        errors,
    );
    let fold = match config.map(|content| config::core(&content.bytes, b"ignorecase")) {
        None | Some(Ok(None)) => false,
        Some(Ok(Some(value))) => config::is_true(value.as_deref()) == Some(true),
        Some(Err(line)) => {
            let error = Error::new(Reason::BadPattern, Operation::Ignore, &name(b"config"));
            errors.push(Error {
                detail: Some(format!("line {line} is not valid in a git configuration")),
                ..error
            });
            false
        }
    };
    Repository { exclude, fold }
}

/// The common git directory, if there is a repository.
fn common_directory(dir: BorrowedFd<'_>) -> Result<Option<OwnedFd>, Failure> {
    let found = match statat(dir, ".git", AtFlags::SYMLINK_NOFOLLOW) {
        // A directory that cannot be searched is reported for its `.gitignore`.
        Err(Errno::NOENT | Errno::NOTDIR | Errno::ACCESS) => return Ok(None),
        found => found?,
    };
    let git = match FileType::from_raw_mode(found.st_mode) {
        FileType::Directory => none_if_absent(open(dir, b".git"))?,
        FileType::Symlink => follow(dir, b".git", found.st_uid)?,
        FileType::RegularFile => match pointer(dir, b".git")? {
            Some(text) => match text.strip_prefix(b"gitdir: ") {
                Some(target) => follow(dir, target, found.st_uid)?,
                None => None,
            },
            None => None,
        },
        _ => None,
    };
    let Some(git) = git else { return Ok(None) };
    let common = match pointer(git.as_fd(), b"commondir")? {
        Some(target) => match follow(git.as_fd(), &target, fstat(&git)?.st_uid)? {
            Some(common) => common,
            None => return Ok(None),
        },
        None => git
            .try_clone()
            .map_err(|error| Failure::from(Errno::from_io_error(&error).unwrap_or(Errno::MFILE)))?,
    };
    // If it is a link, wherever that leads.
    let is_there = |name| statat(&common, name, AtFlags::SYMLINK_NOFOLLOW).is_ok();
    let is_git = has_head(git.as_fd())? && is_there("objects") && is_there("refs");
    Ok(is_git.then_some(common))
}

/// Opens a directory, not a link to one.
fn open(dir: BorrowedFd<'_>, name: &[u8]) -> Result<OwnedFd, Errno> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NONBLOCK | OFlags::CLOEXEC;
    openat(dir, name, flags | OFlags::NOFOLLOW, Mode::empty())
}

fn none_if_absent(opened: Result<OwnedFd, Errno>) -> Result<Option<OwnedFd>, Errno> {
    match opened {
        Ok(fd) => Ok(Some(fd)),
        Err(Errno::NOENT | Errno::NOTDIR | Errno::LOOP | Errno::NAMETOOLONG) => Ok(None),
        Err(errno) => Err(errno),
    }
}

/// Opens the target of a pointer with this owner.
fn follow(dir: BorrowedFd<'_>, target: &[u8], owner: u32) -> Result<Option<OwnedFd>, Failure> {
    let opened = match sys::open_within_mount(dir, target) {
        Err(Errno::XDEV) => open_elsewhere(dir, target),
        opened => opened,
    };
    if opened.as_ref().is_err_and(|errno| *errno == Errno::XDEV) {
        let detail = "not followed: it leads to another file system, which must be a local one and not be reached by a link";
        return Err(Failure::new(Errno::XDEV, detail));
    }
    let Some(fd) = none_if_absent(opened)? else {
        return Ok(None);
    };
    if fstat(&fd)?.st_uid != owner {
        let detail = "not followed: it leads to a directory of another owner";
        return Err(Failure::new(Errno::PERM, detail));
    }
    Ok(Some(fd))
}

/// Opens a directory on another mount, if no server or other process serves a mount on the way.
fn open_elsewhere(dir: BorrowedFd<'_>, path: &[u8]) -> Result<OwnedFd, Errno> {
    let (mount, rest) = mounts::way_to(dir, path).ok_or(Errno::XDEV)?;
    let mount = open(CWD, &mount)?;
    sys::open_within_mount(mount.as_fd(), &rest)
}

/// The path in a file that has nothing else, up to its line's end.
fn pointer(dir: BorrowedFd<'_>, name: &[u8]) -> Result<Option<Vec<u8>>, Failure> {
    let Some(content) = file::read(dir, name, Links::Refused)? else {
        return Ok(None);
    };
    let bytes = content.bytes.as_slice();
    let is_end = |byte: &u8| b"\r\n".contains(byte);
    let end = bytes.iter().rposition(|byte| !is_end(byte));
    let text = bytes.get(..end.map_or(0, |end| end + 1)).unwrap_or(bytes);
    let usable = !text.is_empty() && !text.contains(&0);
    Ok(usable.then(|| text.to_vec()))
}

/// Whether a git directory has a plausible HEAD.
fn has_head(git: BorrowedFd<'_>) -> Result<bool, Failure> {
    if let Ok(target) = readlinkat(git, "HEAD", Vec::new()) {
        return Ok(target.to_bytes().starts_with(b"refs/"));
    }
    let Some(content) = file::read(git, b"HEAD", Links::Refused)? else {
        return Ok(false);
    };
    let names = |text: &[u8]| text.trim_ascii_start().starts_with(b"refs/");
    let bytes = content.bytes.as_slice();
    let digits = bytes.iter().take_while(|byte| byte.is_ascii_hexdigit());
    Ok(bytes.strip_prefix(b"ref:").is_some_and(names) || digits.count() >= 40)
}
