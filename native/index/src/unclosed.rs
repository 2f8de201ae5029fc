//! The mark of a file that a writer has opened and not closed: an extended attribute of the file
//! itself, with the path beside which its log lies. A killed writer leaves it. It goes along when
//! the file is moved, where neither the log nor the sidecar does, so that the file is not taken for
//! all of the index.
//!
//! It is no part of the database: no reader can keep it from being set, and a copy made through
//! SQLite, which is whole, does not have it. Where a file system has no such attributes, files are
//! opened as if nobody had left them open.

use std::ffi::OsStr;
use std::fs::File;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use crate::error::{Error, Reason};
use crate::location::{Location, beside};
use crate::record::Record;
use crate::registry::{Claim, FileId};
use crate::token;

/// Sets the mark, durably, before anything is written to the log. Costs one sync, and none if a
/// writer that was killed has left it.
pub(crate) fn mark(claim: &Claim, location: &Location) -> io::Result<()> {
    claim.with_file(|file| {
        let is_set = attribute::get(file).as_deref() == Some(location.bytes());
        // Not every file system has attributes.
        let is_new = !is_set && attribute::set(file, location.bytes()).is_ok();
        match is_new {
            true => file.sync_all(),
            false => Ok(()),
        }
    })
}

/// Called when all is in the database, and its log is empty for good.
pub(crate) fn clear(claim: &Claim) {
    // If it stays, the file is refused after a move, and never taken for more than it is.
    let _ = claim.with_file(attribute::remove);
}

/// Refuses a file that was moved away from the log of the writer that had it open. Reads the file
/// without SQLite, which would make a log beside it.
pub(crate) fn check(location: &Location, file: &File) -> Result<(), Error> {
    let Some(opened_as) = attribute::get(file) else {
        return Ok(());
    };
    // One that is empty may have been left by another index at this path.
    let is_in_place = opened_as == location.bytes();
    let has_log = std::fs::metadata(location.log()).is_ok_and(|log| is_in_place || log.len() > 0);
    if has_log || is_known(location, file) {
        return Ok(());
    }
    let old = Path::new(OsStr::from_bytes(&opened_as));
    let name = |path: &Path, suffix| {
        let path = beside(path, suffix);
        path.as_os_str()
            .as_encoded_bytes()
            .escape_ascii()
            .to_string()
    };
    let detail = format!(
        "it was opened as {} and not closed, so that the latest changes may be in that file's log alone: move {} \
         to {} and {} to {}, or restore a backup",
        name(old, ""),
        name(old, "-wal"),
        name(&location.database, "-wal"),
        name(old, "-writer"),
        name(&location.database, "-writer"),
    );
    Err(location.error(Reason::NoLog).with(detail))
}

/// Whether the sidecar is this file's own: then the log would be there too, if it had anything.
fn is_known(location: &Location, file: &File) -> bool {
    let record = Record::read(&location.sidecar);
    let is_named = FileId::of(file).is_ok_and(|file| record.is_of(file, &location.sidecar));
    // A copy on another disk has another inode.
    is_named || record.page > 0 && token::is_in_page(file, record.page, &record.tokens)
}

#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
mod attribute {
    use super::{File, io};
    use rustix::fs::{XattrFlags, fgetxattr, fremovexattr, fsetxattr};

    const NAME: &str = "user.aether.open";
    /// Longer than any path.
    const MAX_VALUE: usize = 8192;

    pub fn get(file: &File) -> Option<Vec<u8>> {
        let mut value = vec![0; MAX_VALUE];
        let length = fgetxattr(file, NAME, &mut value).ok()?;
        value.truncate(length);
        Some(value)
    }

    pub fn set(file: &File, value: &[u8]) -> io::Result<()> {
        Ok(fsetxattr(file, NAME, value, XattrFlags::empty())?)
    }

    pub fn remove(file: &File) -> io::Result<()> {
        Ok(fremovexattr(file, NAME)?)
    }
}

#[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
mod attribute {
    use super::{File, io};

    pub fn get(_file: &File) -> Option<Vec<u8>> {
        None
    }

    pub fn set(_file: &File, _value: &[u8]) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    pub fn remove(_file: &File) -> io::Result<()> {
        Ok(())
    }
}
