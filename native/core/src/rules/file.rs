//! Opening and reading ignore files, relative to a directory's descriptor: only regular files are
//! opened, no link is followed except a user's own, and at most 1 MiB is read.

use std::fs::File;
use std::io::Read;
use std::os::fd::BorrowedFd;

use rustix::fs::{AtFlags, FileType, Mode, OFlags, fstat, openat, statat};
use rustix::io::Errno;

use super::builder::{MatcherBuilder, Refusal};
use super::line;
use super::matcher::Matcher;
use crate::{Error, Operation, Reason};

const MAX_RULES_BYTES: usize = 1 << 20;
/// Maximum number of bad patterns reported for a file: one that is no ignore file at all may have
/// one in every line.
const MAX_REPORTED: usize = 16;

/// Contents of a file.
#[derive(Debug)]
pub(super) struct Content {
    pub bytes: Vec<u8>,
    /// Whether the file is longer.
    pub is_cut: bool,
}

/// Whether to follow a link, if the file is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Links {
    Followed,
    Refused,
}

#[derive(Debug)]
pub(super) struct Failure {
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

impl Failure {
    pub(super) fn new(errno: Errno, detail: &str) -> Failure {
        Failure {
            errno,
            detail: Some(detail.to_owned()),
        }
    }

    pub(super) fn error(self, path: &[u8]) -> Error {
        Error {
            detail: self.detail,
            ..Error::from_errno(self.errno, Operation::Ignore, path)
        }
    }
}

/// Reads a file, if there is one. A failure is reported with the given path.
pub(super) fn content(
    dir: BorrowedFd<'_>,
    name: &[u8],
    links: Links,
    path: impl FnOnce() -> Vec<u8>,
    errors: &mut Vec<Error>,
) -> Option<Content> {
    read(dir, name, links).unwrap_or_else(|failure| {
        errors.push(failure.error(&path()));
        None
    })
}

/// Reads a file, if there is one.
pub(super) fn read(
    dir: BorrowedFd<'_>,
    name: &[u8],
    links: Links,
) -> Result<Option<Content>, Failure> {
    let (at, no_follow) = match links {
        Links::Followed => (AtFlags::empty(), OFlags::empty()),
        Links::Refused => (AtFlags::SYMLINK_NOFOLLOW, OFlags::NOFOLLOW),
    };
    // A stat before the open costs no more if there is no file, and opens no FIFO or device; the
    // flags are for one that replaces the file in between.
    let found = match statat(dir, name, at) {
        Err(Errno::NOENT) => return Ok(None),
        found => found?,
    };
    check(FileType::from_raw_mode(found.st_mode))?;
    let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC | no_follow;
    let file = match openat(dir, name, flags, Mode::empty()) {
        Err(Errno::NOENT) => return Ok(None),
        file => file?,
    };
    check(FileType::from_raw_mode(fstat(&file)?.st_mode))?;
    let mut bytes = Vec::new();
    let limit = u64::try_from(MAX_RULES_BYTES)
        .unwrap_or(u64::MAX)
        .saturating_add(1);
    File::from(file)
        .take(limit)
        .read_to_end(&mut bytes)
        .map_err(|error| Failure::from(Errno::from_io_error(&error).unwrap_or(Errno::IO)))?;
    let is_cut = bytes.len() > MAX_RULES_BYTES;
    if is_cut {
        // A line cut short would mean something else.
        bytes.truncate(MAX_RULES_BYTES);
        let end = bytes.iter().rposition(|byte| *byte == b'\n').unwrap_or(0);
        bytes.truncate(end);
    }
    Ok(Some(Content { bytes, is_cut }))
}

fn check(kind: FileType) -> Result<(), Failure> {
    let errno = match kind {
        FileType::RegularFile => return Ok(()),
        FileType::Symlink => Errno::LOOP,
        FileType::Directory => Errno::ISDIR,
        _ => Errno::INVAL,
    };
    let detail = "not used: an ignore file must be a regular file";
    Err(Failure::new(errno, detail))
}

/// The patterns of a file, at most as expensive as `room`, and their cost. Errors are reported with
/// its path.
pub(super) fn matcher(
    content: &Content,
    room: u32,
    fold: bool,
    path: impl Fn() -> Vec<u8>,
    errors: &mut Vec<Error>,
) -> (Matcher, u32) {
    let mut builder = MatcherBuilder::new(room, fold);
    let (mut bad, mut unused) = (Bad::default(), None);
    for (number, line) in line::lines(&content.bytes) {
        match builder.add(line) {
            Ok(()) => {}
            Err(Refusal::Bad(why)) => bad.push(number, why),
            Err(Refusal::TooMuch) => {
                unused = Some(number);
                break;
            }
        }
    }
    report(&bad, &path, errors);
    let detail = match unused {
        Some(number) => format!(
            "not used from line {number} on: with the rules above it, matching would take too long"
        ),
        None if content.is_cut => "only the lines in its first MiB are used".to_owned(),
        None => return builder.build(),
    };
    errors.push(Error {
        detail: Some(detail),
        ..Error::from_errno(Errno::FBIG, Operation::Ignore, &path())
    });
    builder.build()
}

/// Broken lines.
#[derive(Default)]
struct Bad {
    first: Vec<(usize, &'static str)>,
    count: usize,
}

impl Bad {
    fn push(&mut self, number: usize, why: &'static str) {
        self.count += 1;
        if self.first.len() <= MAX_REPORTED {
            self.first.push((number, why));
        }
    }
}

fn report(bad: &Bad, path: impl Fn() -> Vec<u8>, errors: &mut Vec<Error>) {
    let mut push = |detail| {
        let error = Error::new(Reason::BadPattern, Operation::Ignore, &path());
        errors.push(Error {
            detail: Some(detail),
            ..error
        });
    };
    for (number, why) in bad.first.iter().take(MAX_REPORTED) {
        push(format!("line {number}: {why}"));
    }
    if let Some((number, _)) = bad.first.get(MAX_REPORTED) {
        let count = bad.count.saturating_sub(MAX_REPORTED);
        push(format!(
            "line {number} and others, {count} in all, are not valid patterns either"
        ));
    }
}
