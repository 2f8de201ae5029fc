//! The database files that this process has open, by device and inode.
//!
//! A file's name may change or lead to another file, so locks are taken on its inode. But closing
//! any descriptor of a file drops the locks that SQLite holds on it in this process (POSIX locks
//! belong to the process). So each inode is opened once, before SQLite opens it, and closed after
//! SQLite's last connection to it. Nothing else in this crate opens or closes a database file.

use std::collections::BTreeMap;
use std::fs::{File, Metadata, OpenOptions, TryLockError};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::time::SystemTime;

use parking_lot::{Condvar, Mutex};
use rustix::fs::OFlags;

use crate::error::{Error, Operation};

/// Length and time of change of a file.
pub(crate) type Stamp = (u64, Option<SystemTime>);

/// Device and inode.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct FileId {
    pub device: u64,
    pub inode: u64,
}

impl FileId {
    pub fn new(metadata: &Metadata) -> FileId {
        FileId {
            device: metadata.dev(),
            inode: metadata.ino(),
        }
    }

    pub fn of(file: &File) -> io::Result<FileId> {
        Ok(FileId::new(&file.metadata()?))
    }

    /// The id of the file at a path, if there is one. Links must have been resolved.
    pub fn at(path: &Path) -> Option<FileId> {
        std::fs::symlink_metadata(path)
            .ok()
            .map(|metadata| FileId::new(&metadata))
    }
}

/// One inode.
#[derive(Debug)]
struct OpenFile {
    id: FileId,
    /// The first one carries the writer's lock. There are more if the file was moved to a path
    /// while that path was being opened.
    files: Mutex<Vec<Arc<File>>>,
    moved: OnceLock<String>,
}

#[derive(Debug)]
struct OpenInode {
    claims: usize,
    is_written: bool,
    /// A thread is opening or closing the file; other threads that want it wait.
    is_busy: bool,
    /// The file's path when it was opened.
    path: PathBuf,
    entry: Arc<OpenFile>,
}

type FileSlots = BTreeMap<FileId, OpenInode>;

/// Never held during I/O: a disk that hangs must not block access to files on other disks.
static OPEN: Mutex<FileSlots> = Mutex::new(BTreeMap::new());
/// Notified when a slot is no longer busy.
static FREE: Condvar = Condvar::new();

/// Keeps an inode open. Each SQLite connection has a claim and is closed before it.
#[derive(Debug)]
pub(crate) struct Claim {
    entry: Arc<OpenFile>,
    /// Whether this claim holds the writer's lock.
    writes: bool,
}

impl Claim {
    /// Claims the file at a path. If this process does not have it open yet, `check` runs before
    /// SQLite opens it.
    pub fn open(
        path: &Path,
        check: impl FnOnce(&File) -> Result<(), Error>,
    ) -> Result<Claim, Error> {
        let failed = |error| Error::io(&error, Operation::Open, path.as_os_str().as_bytes());
        let there = std::fs::symlink_metadata(path).map_err(failed)?;
        let (mut claim, mut is_new) = Claim::of(FileId::new(&there), path);
        if !is_new {
            return Ok(claim);
        }
        let opened = open_file(path).and_then(|file| Ok((FileId::of(&file)?, file)));
        let (id, file) = opened.map_err(failed)?;
        if id != claim.id() {
            // Another file was moved to this path just now. Its descriptor must not be closed while
            // SQLite has it open.
            drop(claim);
            (claim, is_new) = Claim::of(id, path);
        }
        let file = claim.keep(file);
        if is_new {
            check(&file)?;
            claim.opened();
        }
        Ok(claim)
    }

    /// Claims a file that this process has just created, opened and locked.
    pub fn adopt(file: File, path: &Path) -> io::Result<Claim> {
        let (mut claim, _) = Claim::of(FileId::of(&file)?, path);
        claim.keep(file);
        claim.writes = true;
        if let Some(slot) = OPEN.lock().get_mut(&claim.entry.id) {
            slot.is_written = true;
        }
        claim.opened();
        Ok(claim)
    }

    /// Waits while another thread opens or closes the file. The second value says whether the file
    /// was not open in this process: then other threads wait until `opened` is called or the claim
    /// is dropped.
    fn of(id: FileId, path: &Path) -> (Claim, bool) {
        let mut open = OPEN.lock();
        while open.get(&id).is_some_and(|slot| slot.is_busy) {
            FREE.wait(&mut open);
        }
        let is_new = !open.contains_key(&id);
        let slot = open.entry(id).or_insert_with(|| OpenInode::new(id, path));
        (slot.claim(), is_new)
    }

    fn opened(&self) {
        if let Some(slot) = OPEN.lock().get_mut(&self.entry.id) {
            slot.is_busy = false;
        }
        FREE.notify_all();
    }

    /// Keeps a descriptor until the last claim is dropped.
    fn keep(&self, file: File) -> Arc<File> {
        let file = Arc::new(file);
        self.entry.files.lock().push(Arc::clone(&file));
        file
    }

    pub fn id(&self) -> FileId {
        self.entry.id
    }

    /// Whether this is the only claim on the file in this process.
    pub fn is_only(&self) -> bool {
        OPEN.lock()
            .get(&self.entry.id)
            .is_none_or(|slot| slot.claims == 1)
    }

    /// The other path by which this process has opened the file: it was moved since.
    pub fn opened_as(&self, path: &Path) -> Option<PathBuf> {
        let open = OPEN.lock();
        let opened = open.get(&self.entry.id).map(|slot| &slot.path);
        opened.filter(|opened| *opened != path).cloned()
    }

    /// Whether this process has another file open that was at this path.
    pub fn has_predecessor(&self, path: &Path) -> bool {
        let open = OPEN.lock();
        let mut others = open.iter().filter(|(id, _)| **id != self.entry.id);
        others.any(|(_, slot)| slot.path == path)
    }

    /// Runs `act` if this process has no other database open, nor this one a second time; none can
    /// be opened while it runs. `act` must do no I/O.
    pub fn if_alone(&self, act: impl FnOnce()) {
        let open = OPEN.lock();
        let is_alone = open.len() == 1
            && open
                .get(&self.entry.id)
                .is_some_and(|slot| slot.claims == 1);
        if is_alone {
            act();
        }
    }

    /// Takes the writer's lock on the inode; `false` if it is taken, in this process or another.
    pub fn lock(&mut self) -> io::Result<bool> {
        match OPEN.lock().get_mut(&self.entry.id) {
            Some(slot) if !slot.is_written => slot.is_written = true,
            _ => return Ok(false),
        }
        let locked = self.with_file(|file| match file.try_lock() {
            Ok(()) => Ok(true),
            Err(TryLockError::WouldBlock) => Ok(false),
            Err(TryLockError::Error(error)) => Err(error),
        });
        self.writes = matches!(locked, Ok(true));
        if !self.writes
            && let Some(slot) = OPEN.lock().get_mut(&self.entry.id)
        {
            slot.is_written = false;
        }
        locked
    }

    /// Runs `act` on the open file, whatever its name is now.
    pub fn with_file<T>(&self, act: impl FnOnce(&File) -> io::Result<T>) -> io::Result<T> {
        let first = self.entry.files.lock().first().map(Arc::clone);
        act(&*first.ok_or(io::ErrorKind::NotFound)?)
    }

    /// What the open file looks like now.
    pub fn stamp(&self) -> Option<Stamp> {
        let metadata = self.with_file(File::metadata).ok()?;
        Some((metadata.len(), metadata.modified().ok()))
    }

    /// Why the file must no longer be used, if its path has ever led to another file since it was
    /// opened. This never changes back, since other writers may have been at work in between.
    pub fn moved(&self, path: &Path) -> Option<String> {
        if let Some(moved) = self.entry.moved.get() {
            return Some(moved.clone());
        }
        let moved = match std::fs::symlink_metadata(path) {
            Ok(there) if FileId::new(&there) == self.entry.id => return None,
            Ok(_) => "another file lies at its path".to_owned(),
            Err(error) => format!("nothing is found at its path: {error}"),
        };
        Some(self.set_moved(moved))
    }

    /// Whether `moved` has ever returned a reason.
    pub fn is_moved(&self) -> bool {
        self.entry.moved.get().is_some()
    }

    /// Makes `moved` return this reason, for every claim in this process.
    pub fn set_moved(&self, why: String) -> String {
        self.entry.moved.get_or_init(|| why).clone()
    }
}

/// Opens for writing where that is allowed, so that an overlay file system copies the file up now
/// and not when SQLite opens it.
fn open_file(path: &Path) -> io::Result<File> {
    let with = |write| {
        let flags = OFlags::NONBLOCK | OFlags::NOFOLLOW;
        let mut options = OpenOptions::new();
        options.read(true).write(write);
        options.custom_flags(flags.bits().cast_signed()).open(path)
    };
    with(true).or_else(|_| with(false))
}

impl OpenInode {
    fn new(id: FileId, path: &Path) -> OpenInode {
        OpenInode {
            claims: 0,
            is_written: false,
            is_busy: true,
            path: path.to_owned(),
            entry: Arc::new(OpenFile {
                id,
                files: Mutex::default(),
                moved: OnceLock::new(),
            }),
        }
    }

    fn claim(&mut self) -> Claim {
        self.claims += 1;
        Claim {
            entry: Arc::clone(&self.entry),
            writes: false,
        }
    }
}

impl Clone for Claim {
    fn clone(&self) -> Claim {
        let mut open = OPEN.lock();
        match open.get_mut(&self.entry.id) {
            Some(slot) => slot.claim(),
            // Not possible: `self` is a claim.
            None => Claim {
                entry: Arc::clone(&self.entry),
                writes: false,
            },
        }
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        if self.writes {
            // Closing alone does not unlock if there is a copy of the descriptor: a forked child
            // has one until it runs its program.
            let _ = self.with_file(File::unlock);
        }
        let id = self.entry.id;
        {
            let mut open = OPEN.lock();
            let Some(slot) = open.get_mut(&id) else {
                return;
            };
            slot.is_written &= !self.writes;
            slot.claims -= 1;
            if slot.claims > 0 {
                return;
            }
            // Until it is closed the file cannot be opened again: closing would drop the new locks.
            slot.is_busy = true;
        }
        let files = std::mem::take(&mut *self.entry.files.lock());
        drop(files);
        OPEN.lock().remove(&id);
        FREE.notify_all();
    }
}

/// Whether this process has the file open as a database. Then no other descriptor of it may be
/// opened: closing it would drop SQLite's locks.
pub(crate) fn is_open(id: FileId) -> bool {
    OPEN.lock().contains_key(&id)
}

#[cfg(test)]
mod tests;
