//! The sidecar `<db>-writer`: an exclusive lock on it makes one writer of the database at a path,
//! and shows others that somebody writes. What is written in it is in `record`. The lock on the
//! database's own inode is in `registry`.
//!
//! The database itself is never opened here: closing it would drop the locks that SQLite holds on
//! it in this process.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{FileExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use parking_lot::Mutex;

use crate::error::{Error, Operation, Reason};
use crate::record::{Generations, Record};
use crate::registry::FileId;

/// The lock, held until it is dropped.
#[derive(Debug)]
pub struct WriterLock {
    file: File,
    record: Mutex<Record>,
    /// As the writer before left it.
    found: Record,
    has_replaced: bool,
    mode: u32,
}

/// Permissions of an index: its names may be those of folders that only their owner may read.
pub(crate) const MODE: u32 = 0o600;

/// Between two attempts; nothing tells when a lock becomes free but trying.
const RETRY: Duration = Duration::from_millis(10);
/// Looks in a row that must find the lock held for another file than the one that lies at the path.
const LOOKS: u32 = 3;

impl WriterLock {
    /// Takes the lock, waiting for the old writer up to `timeout`. One that holds it for a file
    /// that does not lie there any more is not waited for: it gets a sidecar that has no name.
    pub fn take(sidecar: &Path, timeout: Duration) -> Result<WriterLock, Error> {
        WriterLock::take_as(sidecar, timeout, MODE)
    }

    /// The same, with the permissions that an index is made with, where there is none. The sidecar
    /// has those of its database.
    pub fn take_as(sidecar: &Path, timeout: Duration, mode: u32) -> Result<WriterLock, Error> {
        let there = std::fs::metadata(database(sidecar));
        let mode = there.map_or(mode, |there| there.mode() & 0o777);
        let path = sidecar.as_os_str().as_bytes();
        let failed = |error: &io::Error| Error::io(error, Operation::Open, path);
        let since = Instant::now();
        let (mut stale, mut has_replaced) = (0, false);
        loop {
            let file = open(sidecar, mode).map_err(|error| failed(&error))?;
            match file.try_lock() {
                Ok(()) if is_there(&file, sidecar).map_err(|error| failed(&error))? => {
                    let found = Record::read(sidecar);
                    let record = Mutex::new(found.clone());
                    let lock = WriterLock {
                        file,
                        record,
                        found,
                        has_replaced,
                        mode,
                    };
                    if lock.found.is_of_another(&database(sidecar)) {
                        // Nobody is to believe that this writer holds that one.
                        let said = lock.update(|record| record.is_opening = true);
                        said.map_err(|error| failed(&error))?;
                    }
                    return Ok(lock);
                }
                // Its name was taken from it in the meantime.
                Ok(()) => continue,
                Err(TryLockError::WouldBlock) => {}
                Err(TryLockError::Error(error)) => return Err(failed(&error)),
            }
            let record = Record::read(sidecar);
            let is_stale = !record.is_opening && record.is_of_another(&database(sidecar));
            stale = if is_stale { stale + 1 } else { 0 };
            if stale >= LOOKS {
                replace(sidecar, &file, &record, mode).map_err(|error| failed(&error))?;
                (stale, has_replaced) = (0, true);
                continue;
            }
            if !is_stale && since.elapsed() >= timeout {
                let error = Error::new(Reason::Busy, Operation::Open, path);
                return Err(error.with("another writer has the index open"));
            }
            std::thread::sleep(RETRY);
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

    /// What was remembered.
    pub fn generations(sidecar: &Path) -> Generations {
        Record::read(sidecar).generations
    }

    /// Remembers these instead.
    pub fn remember(&self, generations: &Generations) -> io::Result<()> {
        self.update(|record| record.generations = generations.clone())
    }

    /// As the writer before left it.
    pub(crate) fn found(&self) -> &Record {
        &self.found
    }

    pub(crate) fn tokens(&self) -> Vec<String> {
        self.record.lock().tokens.clone()
    }

    /// Permissions for the database.
    pub(crate) fn mode(&self) -> u32 {
        self.mode
    }

    /// Whether a writer of a file that lay at the path before may be alive.
    pub(crate) fn has_replaced(&self) -> bool {
        self.has_replaced
    }

    /// Writes what has changed.
    pub(crate) fn update(&self, change: impl FnOnce(&mut Record)) -> io::Result<()> {
        let mut record = self.record.lock();
        let before = record.clone();
        change(&mut record);
        if *record == before {
            return Ok(());
        }
        let text = record.text();
        self.file.write_all_at(text.as_bytes(), 0)?;
        self.file.set_len(text.len() as u64)
    }

    /// What was written lasts.
    pub(crate) fn sync(&self) -> io::Result<()> {
        self.file.sync_data()
    }
}

/// Closing would do only if nobody had a copy of the descriptor: a child that was forked has one
/// until it runs its program.
impl Drop for WriterLock {
    fn drop(&mut self) {
        let _ = self.file.unlock();
    }
}

fn open(sidecar: &Path, mode: u32) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    options.mode(mode).open(sidecar)
}

fn is_there(file: &File, sidecar: &Path) -> io::Result<bool> {
    Ok(FileId::at(sidecar) == Some(FileId::new(&file.metadata()?)))
}

fn database(sidecar: &Path) -> PathBuf {
    let bytes = sidecar.as_os_str().as_bytes();
    let name = bytes.strip_suffix(b"-writer").unwrap_or(bytes);
    PathBuf::from(std::ffi::OsStr::from_bytes(name))
}

/// Takes the name from a sidecar that somebody holds for a file that is not there any more. Of
/// several who do so at once one gets the lock of the database's inode.
fn replace(sidecar: &Path, held: &File, record: &Record, mode: u32) -> io::Result<()> {
    if !is_there(held, sidecar)? {
        return Ok(());
    }
    match std::fs::remove_file(sidecar) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let file = open(sidecar, mode)?;
    file.write_all_at(record.text().as_bytes(), 0)
}
