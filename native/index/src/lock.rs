//! The sidecar `<db>-writer`: an exclusive lock on it makes one writer of a database, and it remembers how far each source had
//! come, so that a database that was put back in time gives itself away.
//!
//! The database itself is never opened here: closing it would drop the locks that SQLite holds on it in this process.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::Path;
use std::time::{Duration, Instant};

use crate::error::{Error, Operation, Reason};
use std::os::unix::ffi::OsStrExt;

/// The generation of each source, by uuid.
pub type Generations = BTreeMap<String, i64>;

/// The lock, held until it is dropped.
#[derive(Debug)]
pub struct WriterLock {
    file: File,
}

/// Between two attempts; nothing tells when a lock becomes free but trying.
const RETRY: Duration = Duration::from_millis(10);

impl WriterLock {
    /// Takes the lock, waiting for the old writer up to `timeout`.
    pub fn take(sidecar: &Path, timeout: Duration) -> Result<WriterLock, Error> {
        let path = sidecar.as_os_str().as_bytes();
        let failed = |error: &io::Error| Error::io(error, Operation::Open, path);
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o644)
            .open(sidecar)
            .map_err(|error| failed(&error))?;
        let since = Instant::now();
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(WriterLock { file }),
                Err(TryLockError::WouldBlock) if since.elapsed() >= timeout => {
                    let error = Error::new(Reason::Busy, Operation::Open, path);
                    return Err(error.with("another writer has the index open"));
                }
                Err(TryLockError::WouldBlock) => std::thread::sleep(RETRY),
                Err(TryLockError::Error(error)) => return Err(failed(&error)),
            }
        }
    }

    /// Whether somebody holds the lock, so that scans that say "running" do run.
    pub fn is_held(sidecar: &Path) -> bool {
        let Ok(file) = File::open(sidecar) else {
            return false;
        };
        match file.try_lock_shared() {
            Ok(()) => {
                let _ = file.unlock();
                false
            }
            Err(error) => matches!(error, TryLockError::WouldBlock),
        }
    }

    /// What was remembered. Lines that cannot be read are left out.
    pub fn generations(sidecar: &Path) -> Generations {
        let text = std::fs::read_to_string(sidecar).unwrap_or_default();
        let pairs = text.lines().filter_map(|line| line.rsplit_once(' '));
        pairs
            .filter_map(|(uuid, generation)| Some((uuid.to_owned(), generation.parse().ok()?)))
            .collect()
    }

    /// Remembers these instead.
    pub fn remember(&self, generations: &Generations) -> io::Result<()> {
        let mut text = String::new();
        for (uuid, generation) in generations {
            text.push_str(&format!("{uuid} {generation}\n"));
        }
        self.file.write_all_at(text.as_bytes(), 0)?;
        self.file.set_len(text.len() as u64)
    }
}

/// Closing would do only if nobody had a copy of the descriptor: a child that was forked has one until it runs its program.
impl Drop for WriterLock {
    fn drop(&mut self) {
        let _ = self.file.unlock();
    }
}
