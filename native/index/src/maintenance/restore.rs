//! A backup put in the place of an index that nobody has open, also of a damaged one, or of none.
//!
//! To copy the file there would not do: SQLite would replay a log that was left beside the index
//! into it, even one of another file.

use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::time::Duration;

use super::backup::{fill, sync};
use super::{Copied, Task};
use crate::error::{Error, Operation, Reason};
use crate::location::{Location, remove_if_there};
use crate::lock::WriterLock;
use crate::open;
use crate::record::FileState;
use crate::registry::{Claim, FileId};
use crate::unfinished::{self, claim, is_leftover, mode, remove, sync_directory};

/// Puts a copy of a backup in the place of an index. Readers of the old one learn that it was
/// moved; if it has a writer, the call is refused. A kill at any moment leaves the old index, or
/// the new one, or the new one beside the old one's log, which is refused when it is opened and
/// put right by another call.
pub fn restore(backup: &Path, to: &Path, wait: Duration, task: &mut Task) -> Result<Copied, Error> {
    let from = Location::resolve(backup)?;
    let location = Location::resolve(to)?;
    let written = |error: &std::io::Error| {
        let path = location.database.as_os_str().as_bytes();
        Error::io(error, Operation::Maintain, path)
    };
    if from == location {
        return Err(location
            .error(Reason::Errno(aether_core::errno::INVAL))
            .with("it is the backup itself"));
    }
    let mut source = open::open_backup(&from, wait)?;
    task.attach(&from, &mut source)?;
    open::check_replaceable(&location, is_leftover)?;
    let lock = WriterLock::take(&location.sidecar, wait)?;
    let old = match FileId::at(&location.database) {
        Some(_) => Some(open::claim_to_replace(&location, wait)?),
        None => None,
    };
    let copy = unfinished::path(&location.database);
    let like = match old {
        Some(_) => &location.database,
        None => &from.database,
    };
    let new = claim(&copy, mode(like)).map_err(|error| written(&error))?;
    let copied = fill(&from, &source, &copy, task).and_then(|()| {
        let bytes = sync(&copy).map_err(|error| written(&error))?;
        task.check(&location)?;
        Ok(bytes)
    });
    let put = copied.and_then(|bytes| {
        let put = put(&location, &lock, &copy, old.as_ref());
        put.map(|()| bytes).map_err(|error| written(&error))
    });
    let bytes = put.inspect_err(|_| remove(&copy))?;
    let recorded = lock.update(|record| {
        (record.file, record.state) = (Some(new.id()), FileState::Closed);
        // None: whoever opens it next sees that it is not what was written last.
        record.tokens.clear();
    });
    recorded
        .and_then(|()| lock.sync())
        .map_err(|error| written(&error))?;
    Ok(Copied { bytes })
}

/// The log goes after its database: without it that would be half of what it was. Until it is gone
/// for good, the sidecar says of which file it is.
fn put(
    location: &Location,
    lock: &WriterLock,
    copy: &Path,
    old: Option<&Claim>,
) -> std::io::Result<()> {
    lock.update(|record| {
        // One that was killed may have left the log of what it replaced.
        if record.state != FileState::Restoring {
            (record.file, record.state) = (old.map(Claim::id), FileState::Restoring);
        }
    })?;
    lock.sync()?;
    std::fs::rename(copy, &location.database)?;
    if let Some(old) = old {
        old.set_moved("a backup was put in its place".to_owned());
    }
    sync_directory(&location.database)?;
    remove_if_there(&location.log())?;
    remove_if_there(&location.shared_memory())?;
    sync_directory(&location.database)
}
