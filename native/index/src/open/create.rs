//! Creating an index.

use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use rusqlite::OpenFlags;

use crate::error::{Error, Operation};
use crate::location::{Location, remove_if_there};
use crate::{schema, unfinished};

/// Creates an empty index, with the permissions of every other.
#[cfg(any(test, feature = "test-support"))]
pub fn create(location: &Location) -> Result<(), Error> {
    create_as(location, crate::lock::MODE)
}

/// Creates an empty index beside its place and moves it there, so that a half-made file never has
/// its name.
pub(super) fn create_as(location: &Location, mode: u32) -> Result<(), Error> {
    let directory = location.database.parent().unwrap_or(Path::new("/"));
    location.check_file_system(directory)?;
    let new = unfinished::path(&location.database);
    // SQLite gives its other files the permissions of this one.
    let _claim = unfinished::claim(&new, mode).map_err(|error| {
        let path = new.as_os_str().as_bytes();
        Error::io(&error, Operation::Open, path)
            .with("a new index is written there first; move this file away")
    })?;
    let failed = |error: &std::io::Error| location.io(error);
    // A log without its database belongs to nothing, and would be taken for that of the new one. So
    // would the shared memory of processes that still have the old one open.
    remove_if_there(&location.log()).map_err(|error| failed(&error))?;
    remove_if_there(&location.shared_memory()).map_err(|error| failed(&error))?;
    let make = || -> rusqlite::Result<()> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut connection = rusqlite::Connection::open_with_flags(&new, flags)?;
        schema::create(&mut connection)?;
        connection.pragma_update(None, "journal_mode", "wal")?;
        connection.close().map_err(|(_, error)| error)
    };
    if let Err(error) = make() {
        unfinished::remove(&new);
        return Err(location.sqlite(&error));
    }
    std::fs::rename(&new, &location.database).map_err(|error| failed(&error))
}
