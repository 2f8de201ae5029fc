//! Where SQLite puts its temporary files: names of long listings, the copy that a VACUUM makes,
//! rows being sorted. By default that is `/var/tmp`, which may have less room than the index.
//!
//! There is one place per process, and SQLite reads it without a lock. So it is set to the
//! directory of an index when that is opened while no other is open; indexes opened later have
//! their files there too. If the place is full, the error names it.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use parking_lot::Mutex;
use rusqlite::Connection;
use rustix::fs::{Access, access, statvfs};

/// A file system with fewer bytes left counts as full.
const FULL: u64 = 1 << 20;

/// The place that was set, as SQLite has it.
static PLACE: Mutex<Option<PathBuf>> = Mutex::new(None);

/// The directory of an index, if temporary files can lie there. SQLite takes no path that is not
/// UTF-8, and no directory that it may not write to.
pub(crate) fn usable_beside(database: &Path) -> Option<&str> {
    let directory = database.parent()?;
    // SQLite asks the file system as well, then without waiting.
    is_usable(directory).then(|| directory.to_str())?
}

/// Has SQLite put its temporary files there. Only while no other connection is open.
pub(crate) fn use_directory(directory: &str) {
    let set = || {
        let db = Connection::open_in_memory().ok()?;
        db.pragma_update(None, "temp_store_directory", directory)
            .ok()
    };
    if set().is_some() {
        *PLACE.lock() = Some(directory.into());
    }
}

/// Says where temporary files lie, if that place is full and that of the index is not.
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

/// The place, found as SQLite finds it.
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
