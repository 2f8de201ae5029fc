//! What only tests and examples ask a writer: calls that wait for their answer, and what it has come
//! to.

use std::sync::atomic::{AtomicBool, Ordering};

use aether_core::Status;
use crossbeam_channel::bounded;

use super::{Index, wait};
use crate::error::Error;
use crate::record::Generations;
use crate::writer::command::{Command, closed};
use crate::writer::options::{NewNote, OnPersisted, ScanCounts, ScanSpec};
use crate::writer::scan_writer::ScanWriter;

impl Index {
    /// Number of commits: while it stays, nothing has changed.
    pub fn commits(&self) -> u64 {
        self.commits.load(Ordering::Acquire)
    }

    /// Generations that sources had reached when the index was last written. A source with a lower
    /// one in the database was put back in time.
    pub fn remembered(&self) -> &Generations {
        &self.remembered
    }

    /// Starts a scan and waits for the answer.
    pub fn begin(&self, spec: ScanSpec, on_persisted: OnPersisted) -> Result<ScanWriter, Error> {
        let (send, receive) = bounded(1);
        self.begin_with(spec, on_persisted, move |answer| drop(send.send(answer)));
        receive.recv().unwrap_or_else(|_| Err(closed()))
    }

    /// Attaches a note to an entry, or removes it.
    pub fn put_note(&self, note: NewNote) -> Result<(), Error> {
        wait(|reply| self.put_note_with(note, reply))
    }

    /// Waits until all earlier calls are done and everything removed is deleted.
    pub fn settle(&self) -> Result<(), Error> {
        wait(|reply| self.send(Command::Settle(reply)))
    }

    /// Runs a function on the writer's connection, outside of any transaction: for imports and
    /// maintenance.
    pub fn with_connection<T: Send + 'static>(
        &self,
        act: impl FnOnce(&mut rusqlite::Connection) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        self.with_connection_until(&AtomicBool::new(false), act)
    }
}

impl ScanWriter {
    /// Ends the scan and waits for the answer.
    pub fn end(self, status: Status, counts: ScanCounts) -> Result<(), Error> {
        let (send, receive) = bounded(1);
        self.end_with(status, counts, move |answer| drop(send.send(answer)));
        receive.recv().unwrap_or_else(|_| Err(closed()))
    }
}
