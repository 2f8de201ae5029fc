//! A new index.

use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use rusqlite::OpenFlags;

use super::remove_if_there;
use crate::error::{Error, Operation};
use crate::location::Location;
use crate::{lock, schema, unfinished};

/// Makes an empty index beside its place and moves it there, so that a file half made is never
/// found under its name.
pub fn create(location: &Location) -> Result<(), Error> {
    create_as(location, lock::MODE)
}

pub(super) fn create_as(location: &Location, mode: u32) -> Result<(), Error> {
    let directory = location.database.parent().unwrap_or(Path::new("/"));
    location.check_file_system(directory)?;
    let new = unfinished::path(&location.database);
    // SQLite gives its other files the permissions of this one.
    let _claim = unfinished::claim(&new, mode).map_err(|error| {
        let path = new.as_os_str().as_bytes();
        Error::io(&error, Operation::Open, path)
            .with("it is where a new index is written; move it away")
    })?;
    let failed = |error: &std::io::Error| location.io(error);
    // What a log without its database holds belongs to nothing, and would be taken for the new
    // one's. So would the shared memory of those who still have the old one open.
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
