//! What an earlier file at the path has left beside it.

use std::fs::File;
use std::path::Path;

use crate::error::{Error, Reason};
use crate::location::{Location, remove_if_there};
use crate::lock::WriterLock;
use crate::registry::Claim;

/// Removes what an earlier file at the path has left beside it. Processes that still have that file
/// open go on using what was removed.
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
            // The process reads the new file: see `readers`.
            return Ok(());
        }
        let detail = format!(
            "process {process} still has the earlier file at this path open; close it there first"
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

/// Which process reads an earlier file at the path, if that can be told: a reader of the new file
/// would share its memory. Processes that read the new file do not count: they found none.
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

/// Another process that uses this file as SQLite's shared memory: each holds a lock on one byte of
/// it.
fn user(memory: &Path) -> Option<i32> {
    let file = std::fs::OpenOptions::new()
        .read(true)
        .write(true)
        .open(memory)
        .ok()?;
    holder(&file, 128, 1)
}

/// Whether another process reads the file through SQLite, which locks some of these bytes for as
/// long as it does.
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
