//! The sidecar `<db>-writer`. An exclusive lock on it allows one writer for the database at a path,
//! and shows others that there is one. Its contents are in `record`; the lock on the database's own
//! inode is in `registry`.
//!
//! The database itself is never opened here: closing it would drop the locks that SQLite holds on it
//! in this process.

use std::fs::{File, OpenOptions, Permissions, TryLockError};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{FileExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use parking_lot::Mutex;
use rustix::fs::OFlags;

use crate::error::{Error, Operation, Reason};
use crate::record::{self, FileState, Generations, Record, RecordPlace};
use crate::registry::FileId;

/// The lock, held until it is dropped.
#[derive(Debug)]
pub struct WriterLock {
    file: File,
    path: PathBuf,
    written: Mutex<WrittenRecord>,
    /// The record as the previous writer left it.
    found: Record,
    has_replaced: bool,
    mode: u32,
}

/// What is in the sidecar.
#[derive(Debug)]
struct WrittenRecord {
    record: Record,
    place: RecordPlace,
    is_synced: bool,
    /// Updates can be appended: this writer wrote the record, and nothing has failed since.
    may_follow: bool,
}

impl WrittenRecord {
    fn takes_update(&self) -> bool {
        self.may_follow && !self.place.is_long()
    }
}

/// Permissions of a new index. Its names may come from folders that only their owner may read.
pub(crate) const MODE: u32 = 0o600;

/// The time between two attempts to lock: only trying shows whether a lock is free.
const RETRY: Duration = Duration::from_millis(10);
/// The minimum wait for processes that hold the lock only to see whether there is a writer.
const GLANCE: Duration = Duration::from_secs(1);
/// How many times in a row the lock must be found held for another file than the one at the path.
const LOOKS: u32 = 3;

impl WriterLock {
    /// Takes the lock, waiting up to `timeout` for the old writer. A writer whose file no longer lies
    /// there is not waited for: its sidecar is unlinked.
    pub fn take(sidecar: &Path, timeout: Duration) -> Result<WriterLock, Error> {
        WriterLock::take_as(sidecar, timeout, MODE)
    }

    /// The same, with the permissions for a new index. The sidecar has those of its database.
    pub fn take_as(sidecar: &Path, timeout: Duration, mode: u32) -> Result<WriterLock, Error> {
        let there = std::fs::metadata(database(sidecar));
        let there = there.ok().map(|there| there.mode() & 0o777);
        let mode = there.unwrap_or(mode);
        let path = sidecar.as_os_str().as_bytes();
        let failed = |error: &io::Error| Error::io(error, Operation::Open, path);
        let since = Instant::now();
        let (mut stale, mut has_replaced) = (0, false);
        loop {
            let file = open(sidecar, mode).map_err(|error| failed(&error))?;
            match file.try_lock() {
                Ok(()) if is_there(&file, sidecar).map_err(|error| failed(&error))? => {
                    if let Some(mode) = there {
                        follow_mode(&file, mode).map_err(|error| failed(&error))?;
                    }
                    let lock = WriterLock::read(file, sidecar, has_replaced, mode);
                    let lock = lock.map_err(|error| failed(&error))?;
                    let is_open = lock.found.state != FileState::Restoring;
                    if is_open && lock.found.is_of_another(&database(sidecar), sidecar) {
                        // Nobody may believe that this writer holds that file.
                        let said = lock.update(|record| record.state = FileState::Opening);
                        said.map_err(|error| failed(&error))?;
                    }
                    return Ok(lock);
                }
                // It was unlinked in the meantime.
                Ok(()) => continue,
                Err(TryLockError::WouldBlock) => {}
                Err(TryLockError::Error(error)) => return Err(failed(&error)),
            }
            let record = Record::read(sidecar);
            let is_stale = matches!(record.state, FileState::Open | FileState::Closed)
                && record.is_of_another(&database(sidecar), sidecar);
            stale = if is_stale { stale + 1 } else { 0 };
            if stale >= LOOKS {
                replace(sidecar, &file, &record, mode).map_err(|error| failed(&error))?;
                (stale, has_replaced) = (0, true);
                continue;
            }
            let timeout = if is_looked_at(&file) {
                timeout.max(GLANCE)
            } else {
                timeout
            };
            if !is_stale && since.elapsed() >= timeout {
                let error = Error::new(Reason::Busy, Operation::Open, path);
                return Err(error.with("another writer has the index open"));
            }
            std::thread::sleep(RETRY);
        }
    }

    fn read(file: File, sidecar: &Path, has_replaced: bool, mode: u32) -> io::Result<WriterLock> {
        let (record, place) = Record::parse(&std::fs::read(sidecar)?);
        let found = Record {
            generations: Arc::default(),
            ..record.clone()
        };
        let written = Mutex::new(WrittenRecord {
            record,
            place,
            is_synced: false,
            may_follow: false,
        });
        Ok(WriterLock {
            file,
            path: sidecar.to_owned(),
            written,
            found,
            has_replaced,
            mode,
        })
    }

    /// Whether somebody holds the lock: then scans marked as running do run.
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

    /// The generations that the record remembers.
    pub fn generations(sidecar: &Path) -> Arc<Generations> {
        Record::read(sidecar).generations
    }

    /// Replaces the remembered generations.
    pub fn remember(&self, generations: &Generations) -> io::Result<()> {
        self.update(|record| {
            if *record.generations != *generations {
                record.generations = Arc::new(generations.clone());
            }
        })
    }

    /// Remembers the generation of one source.
    pub(crate) fn remember_one(&self, uuid: &str, generation: i64) -> io::Result<()> {
        let mut written = self.written.lock();
        let one = (uuid.to_owned(), generation);
        if written.record.generations.get(uuid) == Some(&generation) {
            return Ok(());
        }
        let mut record = written.record.clone();
        if written.takes_update() {
            self.follow(&mut written, &record, Some((&one.0, &one.1)))?;
            drop(record);
            Arc::make_mut(&mut written.record.generations).extend([one]);
            return Ok(());
        }
        Arc::make_mut(&mut record.generations).extend([one]);
        self.write(&mut written, record)
    }

    /// The record as the previous writer left it, apart from the generations.
    pub(crate) fn found(&self) -> &Record {
        &self.found
    }

    pub(crate) fn tokens(&self) -> Vec<String> {
        self.written.lock().record.tokens.clone()
    }

    /// Permissions for the database.
    pub(crate) fn mode(&self) -> u32 {
        self.mode
    }

    /// Whether the writer of an earlier file at this path may still be alive.
    pub(crate) fn has_replaced(&self) -> bool {
        self.has_replaced
    }

    /// Whether this file is the record's.
    pub(crate) fn is_of(&self, file: FileId) -> bool {
        self.found.is_of(file, &self.path)
    }

    /// Whether the database, which has this token, may be older than what was last written: an older
    /// one was put there, or the machine crashed.
    pub(crate) fn is_later(&self, token: &str) -> bool {
        let found = &self.found;
        let is_known = found.tokens.iter().any(|known| known == token);
        found.file.is_some() && (!is_known || !found.is_closed() && found.boot != record::boot())
    }

    /// Writes what has changed. If that fails, nothing counts as changed.
    pub(crate) fn update(&self, change: impl FnOnce(&mut Record)) -> io::Result<()> {
        let mut written = self.written.lock();
        let mut record = written.record.clone();
        change(&mut record);
        if record == written.record {
            return Ok(());
        }
        if !written.takes_update() || record.generations != written.record.generations {
            return self.write(&mut written, record);
        }
        self.follow(&mut written, &record, None)?;
        written.record = record;
        Ok(())
    }

    /// Writes a whole record. It goes over the one before the last, and then over what follows the
    /// last: one of the two must survive a crash.
    fn write(&self, written: &mut WrittenRecord, record: Record) -> io::Result<()> {
        if !written.is_synced {
            self.file.sync_data()?;
        }
        written.may_follow = false;
        let text = record.text(written.place.next_number());
        let place = written.place.next(text.len() as u64);
        self.file.write_all_at(text.as_bytes(), place.from())?;
        self.file.sync_data()?;
        *written = WrittenRecord {
            record,
            place,
            is_synced: true,
            may_follow: true,
        };
        Ok(())
    }

    /// Writes what has changed.
    fn follow(
        &self,
        written: &mut WrittenRecord,
        record: &Record,
        generation: Option<(&String, &i64)>,
    ) -> io::Result<()> {
        let text = record.update(written.place.next_number(), generation);
        written.may_follow = false;
        self.file
            .write_all_at(text.as_bytes(), written.place.end())?;
        written.may_follow = true;
        written.is_synced = false;
        written.place = written.place.longer(text.len() as u64);
        Ok(())
    }

    /// Syncs what was written.
    pub(crate) fn sync(&self) -> io::Result<()> {
        let mut written = self.written.lock();
        if !written.is_synced {
            self.file.sync_data()?;
            written.is_synced = true;
        }
        Ok(())
    }
}

/// Unlocked explicitly. Closing is not enough while a forked child, which has not run its program
/// yet, has a copy of the descriptor.
impl Drop for WriterLock {
    fn drop(&mut self) {
        let _ = self.file.unlock();
    }
}

fn open(sidecar: &Path, mode: u32) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    // A link would lead to a file with another name, and nobody could tell whose it is.
    options.custom_flags(OFlags::NOFOLLOW.bits().cast_signed());
    options.mode(mode).open(sidecar)
}

/// Lets whoever may read an index see whether it has a writer. Only the file's owner can set that.
pub(crate) fn follow_mode(file: &File, mode: u32) -> io::Result<()> {
    if file.metadata()?.mode() & 0o777 != mode {
        let _ = file.set_permissions(Permissions::from_mode(mode));
    }
    Ok(())
}

/// Whether there is no writer. Whoever checks that shares the lock for a moment.
fn is_looked_at(file: &File) -> bool {
    let is_shared = file.try_lock_shared().is_ok();
    is_shared && file.unlock().is_ok()
}

fn is_there(file: &File, sidecar: &Path) -> io::Result<bool> {
    Ok(FileId::at(sidecar) == Some(FileId::new(&file.metadata()?)))
}

fn database(sidecar: &Path) -> PathBuf {
    let bytes = sidecar.as_os_str().as_bytes();
    let name = bytes.strip_suffix(b"-writer").unwrap_or(bytes);
    PathBuf::from(std::ffi::OsStr::from_bytes(name))
}

/// Unlinks a sidecar that somebody holds for a file that is gone. Of several that do so at once, one
/// gets the lock of the database's inode.
fn replace(sidecar: &Path, held: &File, record: &Record, mode: u32) -> io::Result<()> {
    if !is_there(held, sidecar)? {
        return Ok(());
    }
    match std::fs::remove_file(sidecar) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let file = open(sidecar, mode)?;
    file.write_all_at(record.text(1).as_bytes(), 0)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn what_is_remembered_of_one_source_costs_no_more_where_there_are_many() {
        let directory = tempfile::tempdir().unwrap();
        let sidecar = directory.path().join("index.db-writer");
        let lock = WriterLock::take(&sidecar, Duration::ZERO).unwrap();
        let uuid = |at: i64| format!("source {at}");
        let mut generations: Generations = (0..10_000).map(|at| (uuid(at), 1)).collect();
        lock.remember(&generations).unwrap();
        let length = || std::fs::metadata(&sidecar).unwrap().len();
        let before = length();
        for at in 0..100 {
            lock.remember_one(&uuid(at), 2).unwrap();
            generations.insert(uuid(at), 2);
        }
        assert!(length() - before < 100 * 200);
        assert_eq!(*WriterLock::generations(&sidecar), generations);
        // So that it does not grow without end.
        for generation in 3..20_000 {
            lock.remember_one("source 0", generation).unwrap();
        }
        assert!(length() < 6 * before);
        generations.insert(uuid(0), 19_999);
        assert_eq!(*WriterLock::generations(&sidecar), generations);
        drop(lock);
        let lock = WriterLock::take(&sidecar, Duration::ZERO).unwrap();
        lock.remember_one("source 1", 7).unwrap();
        generations.insert(uuid(1), 7);
        assert_eq!(*WriterLock::generations(&sidecar), generations);
    }
}
