//! A backup put in the place of an index that nobody has open, also of a damaged one, or of none.
//!
//! To copy the file there would not do: SQLite would replay a log that was left beside the index
//! into it, even one of another file.

use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::time::Duration;

use super::backup::{claim, fill, is_leftover, mode, remove, sync, sync_directory};
use super::{Copied, Watch};
use crate::error::{Error, Operation, Reason};
use crate::location::{Location, beside};
use crate::lock::WriterLock;
use crate::open::{self, remove_if_there};
use crate::registry::{Claim, FileId};

/// Puts a copy of a backup in the place of an index. Whoever reads the old one is told that it
/// moved; where somebody writes it, this is refused. Killed at any moment, the old index is there,
/// or the new one, or the new one beside the old one's log, which is refused when it is opened and
/// put right by another call.
pub fn restore(
    backup: &Path,
    to: &Path,
    wait: Duration,
    watch: &mut Watch<'_>,
) -> Result<Copied, Error> {
    let from = Location::resolve(backup)?;
    let location = Location::resolve(to)?;
    let written = |error: &std::io::Error| {
        let path = location.database.as_os_str().as_bytes();
        Error::io(error, Operation::Maintain, path)
    };
    if from == location {
        return Err(location
            .error(Reason::Errno(22))
            .with("it is the backup itself"));
    }
    let mut source = open::open_backup(&from, wait)?;
    watch.attach(&from, &mut source)?;
    open::check_replaceable(&location, is_leftover)?;
    let lock = WriterLock::take(&location.sidecar, wait)?;
    let old = match FileId::at(&location.database) {
        Some(_) => Some(open::claim_to_replace(&location, wait)?),
        None => None,
    };
    let copy = beside(&location.database, "-new");
    let like = match old {
        Some(_) => &location.database,
        None => &from.database,
    };
    let new = claim(&copy, mode(like)).map_err(|error| written(&error))?;
    let copied = fill(&from, &source, &copy, watch)
        .and_then(|()| sync(&copy).map_err(|error| written(&error)));
    let put = copied.and_then(|bytes| {
        watch.check(&location)?;
        put(&location, &copy, old.as_ref()).map_err(|error| written(&error))?;
        Ok(Copied { bytes })
    });
    if put.is_err() {
        remove(&copy);
        return put;
    }
    let recorded = lock.update(|record| {
        (record.file, record.is_opening) = (Some(new.id()), false);
        record.tokens.clear();
    });
    recorded.map_err(|error| written(&error))?;
    put
}

/// The log goes after its database: without it that would be half of what it was.
fn put(location: &Location, copy: &Path, old: Option<&Claim>) -> std::io::Result<()> {
    std::fs::rename(copy, &location.database)?;
    if let Some(old) = old {
        old.set_moved("a backup was put in its place".to_owned());
    }
    sync_directory(&location.database)?;
    remove_if_there(&location.log())?;
    remove_if_there(&location.shared_memory())
}
