//! Long work on a whole index: check, backup, restore, vacuum. Each runs on a connection of its own
//! or on the writer's, reports its progress, and ends soon after it was cancelled.

mod ancestry;
mod backup;
mod check;
mod links;
mod orphans;
mod pages;
mod recount;
mod report;
mod restore;
mod vacuum;

pub use backup::{Copied, backup};
pub use check::{CheckOptions, check};
pub use report::{Finding, Problem, Report};
pub use restore::restore;
pub use vacuum::{Vacuumed, vacuum};

use std::os::unix::ffi::OsStrExt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rusqlite::ErrorCode;

use crate::connection::Connection;
use crate::error::{Error, Operation, Reason};
use crate::location::Location;
use crate::open::open_reader;

/// How long to wait while another process recovers the log.
const BUSY: Duration = Duration::from_secs(5);
/// SQLite's instructions between two checks for a cancellation.
const OPS: i32 = 10_000;

/// What is being done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// SQLite checks its pages, without saying how far it is.
    Pages,
    /// The totals of all directories are counted again.
    Totals,
    /// Names of inodes that have several are counted again, without saying how far it is.
    Links,
    /// Rows without their directory are searched for.
    Orphans,
    /// Pages are copied.
    Copy,
    /// The file is rewritten, without saying how far it is.
    Vacuum,
}

/// The progress of a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// What is being done.
    pub phase: Phase,
    /// How much is done: directories, rows or pages.
    pub done: u64,
    /// How much there is, if known.
    pub total: Option<u64>,
}

/// A caller's hold on long work: to follow and to cancel it.
pub struct Task<'a> {
    /// Set it, and the work ends with `Reason::Ended`.
    pub cancel: Arc<AtomicBool>,
    /// Called from time to time.
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

    /// Also interrupts statements of the connection.
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
