//! What is done to an index as a whole and may take long: check, back up, restore, make smaller. Each goes on a connection of its own, or
//! on the writer's, tells how far it is, and ends soon after it was told to.

mod ancestry;
mod backup;
mod check;
mod orphans;
mod pages;
mod recount;
mod report;
mod restore;
mod vacuum;
#[cfg(feature = "test-support")]
mod vacuum_closed;

pub use backup::{Copied, backup};
pub use check::{CheckOptions, check};
pub use report::{Finding, Problem, Report};
pub use restore::restore;
pub use vacuum::{Vacuumed, vacuum};
#[cfg(feature = "test-support")]
pub use vacuum_closed::vacuum_closed;

use std::os::unix::ffi::OsStrExt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rusqlite::ErrorCode;

use crate::connection::Connection;
use crate::error::{Error, Operation, Reason};
use crate::location::Location;
use crate::open::open_reader;

/// How long another process's recovery of the log is waited for.
const BUSY: Duration = Duration::from_secs(5);
/// Virtual machine instructions between two looks at whether to go on.
const OPS: i32 = 10_000;

/// What is being done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// SQLite looks at its own pages; how far it is it does not say.
    Pages,
    /// Every directory's totals are counted anew.
    Totals,
    /// Rows are looked for that belong to nothing.
    Orphans,
    /// Pages are copied.
    Copy,
    /// The file is written anew; how far that is is not said.
    Vacuum,
}

/// How far it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// What is being done.
    pub phase: Phase,
    /// So much of it is done: directories, rows or pages.
    pub done: u64,
    /// Of so much, as far as that is known.
    pub total: Option<u64>,
}

/// By which who asked for something watches it, and ends it.
pub struct Task<'a> {
    /// Set it, and the work ends with `Reason::Ended`.
    pub cancel: Arc<AtomicBool>,
    /// Called every now and then.
    pub progress: &'a mut dyn FnMut(Progress),
}

impl Task<'_> {
    fn tell(&mut self, phase: Phase, done: u64, total: Option<u64>) {
        (self.progress)(Progress { phase, done, total });
    }

    fn check(&self, location: &Location) -> Result<(), Error> {
        match self.cancel.load(Ordering::Relaxed) {
            true => Err(cancelled(location)),
            false => Ok(()),
        }
    }

    /// Ends statements of the connection too.
    fn attach(&self, location: &Location, connection: &mut Connection) -> Result<(), Error> {
        self.attach_to(connection)
            .map_err(|error| failed(location, &error))
    }

    fn attach_to(&self, connection: &mut rusqlite::Connection) -> rusqlite::Result<()> {
        let cancel = Arc::clone(&self.cancel);
        let handler = move || cancel.load(Ordering::Relaxed);
        connection.progress_handler(OPS, Some(handler))
    }
}

fn cancelled(location: &Location) -> Error {
    let path = location.database.as_os_str().as_bytes();
    Error::new(Reason::Ended, Operation::Maintain, path).with("cancelled")
}

fn failed(location: &Location, error: &rusqlite::Error) -> Error {
    match error.sqlite_error_code() {
        Some(ErrorCode::OperationInterrupted) => cancelled(location),
        _ => Error::sqlite(
            error,
            Operation::Maintain,
            location.database.as_os_str().as_bytes(),
        ),
    }
}

fn connect(location: &Location, task: &Task<'_>) -> Result<Connection, Error> {
    let mut connection = open_reader(location, BUSY)?;
    connection.set_prepared_statement_cache_capacity(32);
    task.attach(location, &mut connection)?;
    Ok(connection)
}
