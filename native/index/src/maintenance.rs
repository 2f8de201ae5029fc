//! Long work on a whole index: check, backup, restore, vacuum. Each runs on a connection of its own
//! or on the writer's, and ends soon after it was cancelled.

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

/// A caller's hold on long work: to cancel it.
#[derive(Default)]
pub struct Task {
    /// Set it, and the work ends with `Reason::Ended`.
    pub cancel: Arc<AtomicBool>,
    /// Called before each step.
    #[cfg(feature = "test-support")]
    pub at_step: Option<Box<dyn FnMut()>>,
}

impl Task {
    /// Work that ends when this is set.
    pub fn new(cancel: &Arc<AtomicBool>) -> Task {
        Task {
            cancel: Arc::clone(cancel),
            #[cfg(feature = "test-support")]
            at_step: None,
        }
    }

    /// Fails if the work was cancelled.
    fn step(&mut self, location: &Location) -> Result<(), Error> {
        self.check(location)?;
        #[cfg(feature = "test-support")]
        if let Some(at_step) = &mut self.at_step {
            at_step();
        }
        Ok(())
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

fn connect(location: &Location, task: &Task) -> Result<Connection, Error> {
    let mut connection = open_reader(location, BUSY)?;
    connection.set_prepared_statement_cache_capacity(32);
    task.attach(location, &mut connection)?;
    Ok(connection)
}
