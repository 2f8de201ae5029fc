//! Where SQLite puts its temporary files: names of long listings, the copy that a VACUUM makes, what is sorted. By itself it takes
//! `/var/tmp`, which need not have the room that the index has.
//!
//! There is one place for the whole process, and SQLite reads it without a lock. So it is set to the directory of an index when that
//! is opened and no other is open; those that are opened beside it have their files there too. If it is full, it is named.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use parking_lot::Mutex;
use rusqlite::Connection;
use rustix::fs::{Access, access, statvfs};

use crate::location::Location;
use crate::registry::Claim;

/// With so many bytes left a file system counts as full.
const FULL: u64 = 1 << 20;

/// The place that was set, as SQLite has it.
static PLACE: Mutex<Option<PathBuf>> = Mutex::new(None);

/// Has temporary files put beside an index, if it is the only one that this process has open. A path that is not UTF-8 cannot be
/// told to SQLite, nor a directory that may not be written to.
pub(crate) fn put_beside(location: &Location, claim: &Claim) {
    let Some(directory) = location.database.parent() else {
        return;
    };
    // SQLite asks as well: then it is known, and takes no time.
    if !is_usable(directory) {
        return;
    }
    claim.if_alone(|| {
        let set = || {
            let db = Connection::open_in_memory().ok()?;
            let text = directory.to_str()?;
            db.pragma_update(None, "temp_store_directory", text).ok()
        };
        if set().is_some() {
            *PLACE.lock() = Some(directory.to_owned());
        }
    });
}

/// Says where temporary files lie if that is full, and not where the index lies.
pub(crate) fn full_place(database: &[u8]) -> Option<String> {
    let database = Path::new(OsStr::from_bytes(database));
    let (place, beside) = (place()?, database.parent()?);
    let device = |path: &Path| fs::metadata(path).ok().map(|found| found.dev());
    let left = |path: &Path| {
        statvfs(path)
            .ok()
            .map(|found| found.f_bavail * found.f_frsize)
    };
    let is_full = |path: &Path| left(path).is_some_and(|left| left < FULL);
    if device(&place) == device(beside) || !is_full(&place) || is_full(beside) {
        return None;
    }
    let place = place.as_os_str().as_bytes().escape_ascii();
    Some(format!(
        "temporary files lie in {place}, where no space is left"
    ))
}

/// As SQLite looks for it.
fn place() -> Option<PathBuf> {
    let of = |name| std::env::var_os(name).map(PathBuf::from);
    let places = [PLACE.lock().clone(), of("SQLITE_TMPDIR"), of("TMPDIR")].into_iter();
    let others = ["/var/tmp", "/usr/tmp", "/tmp", "."];
    let places = places.flatten().chain(others.map(PathBuf::from));
    { places }.find(|place| is_usable(place))
}

fn is_usable(place: &Path) -> bool {
    place.is_dir() && access(place, Access::WRITE_OK | Access::EXEC_OK).is_ok()
}
