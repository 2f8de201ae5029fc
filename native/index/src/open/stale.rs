//! What a file that lay at the path before has left beside it.

use std::path::Path;

use super::remove_if_there;
use crate::error::{Error, Reason};
use crate::location::Location;
use crate::lock::WriterLock;
use crate::registry::Claim;

/// Takes away what the file that lay here before has left beside it, and what those who still have
/// that one open go on using.
pub(super) fn remove_stale(
    location: &Location,
    lock: &WriterLock,
    claim: &Claim,
) -> Result<(), Error> {
    if !claim.is_only() {
        return Ok(());
    }
    let memory = location.shared_memory();
    // Where the old writer is gone, those who use it may be readers of this very file.
    if !lock.has_replaced() && is_used(&memory) {
        let error = location.error(Reason::Busy);
        let detail = "readers elsewhere have the file open that lay there before, or this one; close them first";
        return Err(error.with(detail));
    }
    let remove = || {
        remove_if_there(&memory)?;
        let log = location.log();
        match std::fs::metadata(&log) {
            Ok(found) if found.len() == 0 => remove_if_there(&log),
            _ => Ok(()),
        }
    };
    remove().map_err(|error| location.io(&error))
}

/// Whether another process has this as SQLite's shared memory: all who do hold a lock on one byte
/// of it.
fn is_used(memory: &Path) -> bool {
    use rustix::process::{Flock, FlockOffsetType, FlockType, fcntl_getlk};
    let Ok(file) = std::fs::OpenOptions::new()
        .read(true)
        .write(true)
        .open(memory)
    else {
        return false;
    };
    let byte = Flock {
        start: 128,
        length: 1,
        pid: None,
        typ: FlockType::WriteLock,
        offset_type: FlockOffsetType::Set,
    };
    matches!(fcntl_getlk(&file, &byte), Ok(Some(_)))
}
