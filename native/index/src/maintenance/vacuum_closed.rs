//! A VACUUM of an index that no process has open for writing: for tests, which do it beside other
//! processes.

use std::os::unix::ffi::OsStrExt;
use std::time::Duration;

use super::{Phase, Task, Vacuumed, vacuum};
use crate::error::{Error, Operation, Reason};
use crate::location::Location;
use crate::lock::WriterLock;
use crate::open::open_writer;
use crate::record::State;
use crate::token;

/// For an index that nobody has open for writing.
pub fn vacuum_closed(
    location: &Location,
    wait: Duration,
    task: &mut Task<'_>,
) -> Result<Vacuumed, Error> {
    location.check_file()?;
    let lock = WriterLock::take(&location.sidecar, wait)?;
    let mut connection = open_writer(location, &lock, wait)?;
    task.tell(Phase::Vacuum, 0, None);
    let done = vacuum(&mut connection, &task.cancel)?;
    let path = location.database.as_os_str().as_bytes();
    // If only half of this checkpoint is done, the token of the database is unknown.
    let cleared = lock.update(|record| record.tokens.clear());
    let cleared = cleared.and_then(|()| lock.sync());
    cleared.map_err(|error| Error::io(&error, Operation::Maintain, path))?;
    let failed = |error: &rusqlite::Error| Error::sqlite(error, Operation::Checkpoint, path);
    let checkpoint = "PRAGMA wal_checkpoint(TRUNCATE)";
    let busy = connection.query_row(checkpoint, (), |row| row.get::<_, bool>(0));
    if busy.map_err(|error| failed(&error))? {
        let error = Error::new(Reason::Busy, Operation::Checkpoint, path);
        return Err(error.with(
            "a reader keeps the file as long as it was until it is next opened for writing",
        ));
    }
    let read = || Ok((token::read(&connection)?, token::page(&connection)?));
    let (token, page) = read().map_err(|error| failed(&error))?;
    let known = lock.update(|record| {
        (record.tokens, record.page, record.state) = (vec![token], page, State::Closed);
    });
    known.map_err(|error| Error::io(&error, Operation::Maintain, path))?;
    Ok(done)
}
