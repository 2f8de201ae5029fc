//! Whether anything was committed, for readers that show what is there now.

use super::pool::Pool;
use crate::error::{Error, Operation, Reason};

impl Pool {
    /// A number that changes with each commit, whichever process made it. Takes some tens of
    /// microseconds; may wait for the writer as a page does.
    pub fn version(&self) -> Result<i64, Error> {
        // SQLite counts for each connection, so it is always the same one.
        let mut watching = self.watching.lock();
        let _entered = self.gate().enter();
        if let Err(error) = self.check_place() {
            *watching = None;
            return Err(error);
        }
        if self.is_closed() {
            return Err(Error::new(Reason::Closed, Operation::Read, self.path()));
        }
        let connection = match watching.take() {
            Some(connection) => connection,
            None => self.connect()?,
        };
        let version = watching.insert(connection).version();
        version.map_err(|error| Error::sqlite(&error, Operation::Read, self.path()))
    }
}
