//! What is sent to the writer's thread, and what it shares with its callers.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64};

use parking_lot::Mutex;
use rusqlite::Connection;

use super::options::{NewNote, OnPersisted, ScanCounts, ScanSpec, Started};
use crate::batch::Batch;
use crate::error::{Error, Operation, Reason};
use crate::scan_progress::ScanProgress;

/// Answers without a value.
pub(super) type DoneReply = Box<dyn FnOnce(Result<(), Error>) + Send>;

pub(super) type BeginReply = Box<dyn FnOnce(Result<Started, Error>) + Send>;

/// Runs on the writer's connection. What it returns answers its caller, and runs when the writer
/// has noticed what was changed.
pub(super) type Exec = Box<dyn FnOnce(Result<&mut Connection, Error>) -> Box<dyn FnOnce()> + Send>;

/// A call of the index, or a part of a scan.
pub(super) enum Command {
    Begin(Box<ScanSpec>, Arc<ScanShared>, OnPersisted, BeginReply),
    Batch(u64, Batch),
    End(u64, i64, ScanCounts, DoneReply),
    AddSource(Box<ScanSpec>, DoneReply),
    Forget(String, Option<Vec<u8>>, DoneReply),
    PutNote(NewNote, DoneReply),
    Exec(Exec),
    #[cfg(feature = "test-support")]
    Settle(DoneReply),
    Close(DoneReply),
}

/// What the writer's thread and a scan's owner share.
#[derive(Debug)]
pub(super) struct ScanShared {
    pub key: u64,
    pub tag: String,
    pub is_cancelled: AtomicBool,
    pub persisted: AtomicU64,
    pub error: Mutex<Option<Error>>,
    /// How far the walk said it was.
    pub progress: Mutex<Option<ScanProgress>>,
}

impl Command {
    /// Answers with an error, or returns a command that is a part of a scan.
    pub fn refuse(self, error: &Error) -> Option<Command> {
        let error = || error.clone();
        match self {
            Command::Begin(_, _, _, reply) => reply(Err(error())),
            Command::AddSource(_, reply)
            | Command::Forget(_, _, reply)
            | Command::PutNote(_, reply) => reply(Err(error())),
            #[cfg(feature = "test-support")]
            Command::Settle(reply) => reply(Err(error())),
            Command::Exec(exec) => exec(Err(error()))(),
            Command::Batch(..) | Command::End(..) | Command::Close(_) => return Some(self),
        }
        None
    }
}

/// The error of calls after the index was closed.
pub(super) fn closed() -> Error {
    Error::new(Reason::Closed, Operation::Write, &[])
}
