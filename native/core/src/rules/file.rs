//! Opening and reading ignore files, relative to a directory's descriptor: no link is followed,
//! nothing but a regular file is opened, and no more than 1 MiB is read.

use std::fs::File;
use std::io::Read;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use rustix::fs::{AtFlags, FileType, Mode, OFlags, fstat, openat, statat};
use rustix::io::Errno;

use super::line;
use super::matcher::{Builder, Matcher};
use crate::{Error, Operation, Reason};

const MAX_BYTES: usize = 1 << 20;
/// A file that is no ignore file at all could have a bad pattern in each of its lines.
const MAX_REPORTED: usize = 16;

/// The `.gitignore` of a directory whose path is given, if it has one with any pattern.
pub(super) fn gitignore(
    dir: BorrowedFd<'_>,
    dir_path: &[u8],
    errors: &mut Vec<Error>,
) -> Option<Matcher> {
    let content = read(dir, ".gitignore");
    if matches!(content, Ok(None)) {
        return None;
    }
    let mut path = dir_path.to_vec();
    if !path.is_empty() {
        path.push(b'/');
    }
    path.extend_from_slice(b".gitignore");
    matcher(content, &path, errors)
}

/// The root's `.git/info/exclude`, if it has one with any pattern.
pub(super) fn exclude(root: BorrowedFd<'_>, errors: &mut Vec<Error>) -> Option<Matcher> {
    let info = subdirectory(root, ".git").and_then(|git| subdirectory(git.as_fd(), "info"));
    let content = match info {
        Ok(info) => read(info.as_fd(), "exclude"),
        // No repository, or one whose `.git` is a file or a link.
        Err(Errno::NOENT | Errno::NOTDIR | Errno::LOOP) => Ok(None),
        Err(errno) => Err(Failure::from(errno)),
    };
    matcher(content, b".git/info/exclude", errors)
}

fn subdirectory(dir: BorrowedFd<'_>, name: &str) -> Result<OwnedFd, Errno> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    openat(dir, name, flags, Mode::empty())
}

struct Failure {
    errno: Errno,
    detail: Option<String>,
}

impl From<Errno> for Failure {
    fn from(errno: Errno) -> Self {
        Failure {
            errno,
            detail: None,
        }
    }
}

fn read(dir: BorrowedFd<'_>, name: &str) -> Result<Option<Vec<u8>>, Failure> {
    // Looking before opening costs no more where there is none, and opens no FIFO or device; the
    // flags are for one that takes the file's place in between.
    let found = match statat(dir, name, AtFlags::SYMLINK_NOFOLLOW) {
        Err(Errno::NOENT) => return Ok(None),
        found => found?,
    };
    check(FileType::from_raw_mode(found.st_mode))?;
    let flags =
        OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
    let file = match openat(dir, name, flags, Mode::empty()) {
        Err(Errno::NOENT) => return Ok(None),
        file => file?,
    };
    check(FileType::from_raw_mode(fstat(&file)?.st_mode))?;
    let mut content = Vec::new();
    let limit = u64::try_from(MAX_BYTES)
        .unwrap_or(u64::MAX)
        .saturating_add(1);
    File::from(file)
        .take(limit)
        .read_to_end(&mut content)
        .map_err(|error| Failure::from(Errno::from_io_error(&error).unwrap_or(Errno::IO)))?;
    if content.len() > MAX_BYTES {
        let detail = Some("an ignore file of more than 1 MiB is not used".to_owned());
        return Err(Failure {
            errno: Errno::FBIG,
            detail,
        });
    }
    Ok(Some(content))
}

fn check(kind: FileType) -> Result<(), Failure> {
    let errno = match kind {
        FileType::RegularFile => return Ok(()),
        FileType::Symlink => Errno::LOOP,
        FileType::Directory => Errno::ISDIR,
        _ => Errno::INVAL,
    };
    let detail = Some("an ignore file that is no regular file is not used".to_owned());
    Err(Failure { errno, detail })
}

fn matcher(
    content: Result<Option<Vec<u8>>, Failure>,
    path: &[u8],
    errors: &mut Vec<Error>,
) -> Option<Matcher> {
    let content = match content {
        Ok(content) => content?,
        Err(Failure { errno, detail }) => {
            errors.push(Error {
                detail,
                ..Error::from_errno(errno, Operation::Ignore, path)
            });
            return None;
        }
    };
    let mut builder = Builder::default();
    let mut bad = Vec::new();
    for (number, line) in line::lines(&content) {
        match line::parse(line) {
            Ok(Some(pattern)) => builder.add(number, pattern),
            Ok(None) => {}
            Err(why) => bad.push((number, why.to_owned())),
        }
    }
    let (matcher, refused) = builder.build();
    bad.extend(refused);
    report(&bad, path, errors);
    (!matcher.is_empty()).then_some(matcher)
}

fn report(bad: &[(usize, String)], path: &[u8], errors: &mut Vec<Error>) {
    let mut push = |detail| {
        let error = Error::new(Reason::BadPattern, Operation::Ignore, path);
        errors.push(Error {
            detail: Some(detail),
            ..error
        });
    };
    for (number, why) in bad.iter().take(MAX_REPORTED) {
        push(format!("line {number}: {why}"));
    }
    if let Some((number, _)) = bad.get(MAX_REPORTED) {
        let count = bad.len().saturating_sub(MAX_REPORTED);
        push(format!(
            "line {number} and others, {count} in all, are no valid patterns either"
        ));
    }
}
