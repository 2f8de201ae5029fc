//! Lending the writer's connection to imports and maintenance, between two commands.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crossbeam_channel::{RecvTimeoutError, bounded};

use super::Index;
use crate::error::{Error, Operation, Reason};
use crate::writer::command::{Command, closed};

/// How long to wait before checking for cancellation again.
const POLL: Duration = Duration::from_millis(20);

impl Index {
    /// Runs a function on the writer's connection, outside of any transaction: for imports and
    /// maintenance. It is not begun if it is cancelled before its turn. Once it runs, it has to check
    /// for that itself.
    pub fn with_connection_until<T: Send + 'static>(
        &self,
        cancel: &AtomicBool,
        act: impl FnOnce(&mut rusqlite::Connection) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let (send, receive) = bounded(1);
        // Set by whichever comes first: the writer that begins, or the caller that gives up.
        let decided = Arc::new(AtomicBool::new(false));
        let theirs = Arc::clone(&decided);
        self.send(Command::Exec(Box::new(move |connection| {
            let is_wanted = !theirs.swap(true, Ordering::AcqRel);
            let answer = is_wanted.then(|| connection.and_then(act));
            Box::new(move || {
                if let Some(answer) = answer {
                    drop(send.send(answer));
                }
            })
        })));
        loop {
            match receive.recv_timeout(POLL) {
                Ok(answer) => return answer,
                Err(RecvTimeoutError::Disconnected) => return Err(closed()),
                Err(RecvTimeoutError::Timeout) => {
                    if cancel.load(Ordering::Acquire) && !decided.swap(true, Ordering::AcqRel) {
                        let ended = Error::new(Reason::Ended, Operation::Maintain, &[]);
                        return Err(ended.with("cancelled"));
                    }
                }
            }
        }
    }
}
