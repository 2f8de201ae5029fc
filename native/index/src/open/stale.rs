//! What a file that lay at the path before has left beside it.

use std::fs::File;
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
    if !lock.has_replaced()
        && let Some(process) = user(&memory)
    {
        if is_read_elsewhere(claim) {
            // Where the old writer is gone, and nobody reads the old file: see below.
            return Ok(());
        }
        let detail = format!(
            "process {process} has the file open that lay there before; close it there first"
        );
        return Err(location.error(Reason::Busy).with(detail));
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

/// Who reads the file that lay here before, if that can be told. Those who come to read another one
/// would share its memory. Whoever reads this very file did not find any.
pub(super) fn readers(location: &Location, claim: &Claim) -> Option<String> {
    if !claim.is_only() {
        return None;
    }
    if claim.has_predecessor(&location.database) {
        return Some("this process".to_owned());
    }
    let process = user(&location.shared_memory())?;
    (!is_read_elsewhere(claim)).then(|| format!("process {process}"))
}

/// The process that has this as SQLite's shared memory, if another one has: all who do hold a lock
/// on one byte of it.
fn user(memory: &Path) -> Option<i32> {
    let file = std::fs::OpenOptions::new()
        .read(true)
        .write(true)
        .open(memory)
        .ok()?;
    holder(&file, 128, 1)
}

/// Whether another process has the file open through SQLite, which holds a lock on some of these
/// bytes for as long.
fn is_read_elsewhere(claim: &Claim) -> bool {
    let holder = claim.with_file(|file| Ok(holder(file, 0x4000_0002, 510)));
    holder.is_ok_and(|holder| holder.is_some())
}

fn holder(file: &File, start: u64, length: u64) -> Option<i32> {
    use rustix::process::{Flock, FlockOffsetType, FlockType, Pid, fcntl_getlk};
    let bytes = Flock {
        start,
        length,
        pid: None,
        typ: FlockType::WriteLock,
        offset_type: FlockOffsetType::Set,
    };
    let found = fcntl_getlk(file, &bytes).ok().flatten()?;
    Some(found.pid.map_or(0, Pid::as_raw_pid))
}
