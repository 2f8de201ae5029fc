//! The pool of an index as its services share it. It exists from when the index is opened until it
//! is closed, while the services themselves may exist before and after.

use std::os::unix::ffi::OsStrExt;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::background;
use crate::error::{Error, Operation, Reason};
use crate::reader::Pool;

/// A pool that is not there yet, open, or closed.
#[derive(Debug, Default)]
pub struct Readers {
    pool: OnceLock<Pool>,
    is_closed: AtomicBool,
}

impl Readers {
    /// Readers of an index that is open already.
    pub fn new(pool: Pool) -> Readers {
        let readers = Readers::default();
        readers.open(pool);
        readers
    }

    /// The index is open. A second pool is ignored.
    pub fn open(&self, pool: Pool) {
        let _ = self.pool.set(pool);
    }

    /// The pool, while the index is open.
    pub fn pool(&self) -> Result<&Pool, Error> {
        let is_closed = self.is_closed.load(Ordering::Acquire);
        let pool = self.pool.get().filter(|_| !is_closed);
        pool.ok_or_else(|| Error::new(Reason::Closed, Operation::Read, self.path()))
    }

    /// Refuses all later reads. Those that run go on to their ends.
    pub fn close(&self) {
        self.is_closed.store(true, Ordering::Release);
        if let Some(pool) = self.pool.get() {
            pool.close();
        }
    }

    /// Where the index lies, for errors; empty before it was opened.
    pub fn path(&self) -> &[u8] {
        let location = self.pool.get().map(Pool::location);
        location.map_or(&[], |location| location.database.as_os_str().as_bytes())
    }
}

impl Drop for Readers {
    fn drop(&mut self) {
        // Closing files may hang, and the last owner may be a scheduler of the BEAM, or a thread
        // that serves others.
        if let Some(pool) = self.pool.take() {
            background::must_run(move || drop(pool));
        }
    }
}
