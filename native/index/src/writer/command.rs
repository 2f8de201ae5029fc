//! What the writer's thread is told.

use std::sync::Arc;

use rusqlite::Connection;

use crate::batch::Batch;
use crate::error::Error;
use crate::writer::api::Reply;
use crate::writer::options::{NewNote, OnPersisted, ScanCounts, ScanSpec, Started};
use crate::writer::scan_writer::Shared;

pub(super) type BeginReply = Box<dyn FnOnce(Result<Started, Error>) + Send>;
/// Gives back what answers its caller: run when the writer has seen what was changed.
pub(super) type Act = Box<dyn FnOnce(Result<&mut Connection, Error>) -> Box<dyn FnOnce()> + Send>;

/// A call of the index, or a part of a scan.
pub(super) enum Command {
    Begin(Box<ScanSpec>, Arc<Shared>, OnPersisted, BeginReply),
    Batch(u64, Batch),
    End(u64, i64, ScanCounts, Reply),
    AddSource(Box<ScanSpec>, Reply),
    Forget(String, Option<Vec<u8>>, Reply),
    PutNote(NewNote, Reply),
    Act(Act),
    Settle(Reply),
    Close(Reply),
}

impl Command {
    /// Answers with an error. Not what a scan is made of: that is given back.
    pub fn refuse(self, error: &Error) -> Option<Command> {
        let error = || error.clone();
        match self {
            Command::Begin(_, _, _, reply) => reply(Err(error())),
            Command::AddSource(_, reply)
            | Command::Forget(_, _, reply)
            | Command::PutNote(_, reply)
            | Command::Settle(reply) => reply(Err(error())),
            Command::Act(act) => act(Err(error()))(),
            Command::Batch(..) | Command::End(..) | Command::Close(_) => return Some(self),
        }
        None
    }
}
