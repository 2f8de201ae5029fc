//! The database files that this process has open, by device and inode.
//!
//! A file's name may change, or lead to another file; its inode is what a lock has to be on. But
//! closing any descriptor of a file drops the locks that SQLite holds on it in this process (POSIX
//! locks belong to the process). So each inode is opened once, before SQLite opens it, and closed
//! after SQLite's last connection to it. Nothing else in this crate opens or closes a database
//! file.

use std::collections::BTreeMap;
use std::fs::{File, Metadata, OpenOptions, TryLockError};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::Path;
use std::sync::{Arc, OnceLock};

use parking_lot::Mutex;
use rustix::fs::OFlags;

use crate::error::{Error, Operation};

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

    /// Of what lies at a path, if something does. Links have been resolved.
    pub fn at(path: &Path) -> Option<FileId> {
        std::fs::symlink_metadata(path)
            .ok()
            .map(|metadata| FileId::new(&metadata))
    }
}

/// One inode.
#[derive(Debug)]
struct Entry {
    id: FileId,
    /// The first one carries the writer's lock. There are more if a file was moved to a path just
    /// while that was opened.
    files: Mutex<Vec<File>>,
    moved: OnceLock<String>,
}

#[derive(Debug)]
struct Slot {
    claims: usize,
    is_written: bool,
    entry: Arc<Entry>,
}

static OPEN: Mutex<BTreeMap<FileId, Slot>> = Mutex::new(BTreeMap::new());

/// Keeps an inode open. Each connection of SQLite has one, and is closed before it.
#[derive(Debug)]
pub(crate) struct Claim {
    entry: Arc<Entry>,
    /// Whether this one holds the writer's lock.
    writes: bool,
}

impl Claim {
    /// Of the file that lies there. If this process does not have it open yet, it is checked before
    /// SQLite opens it.
    pub fn open(
        path: &Path,
        check: impl FnOnce(&File) -> Result<(), Error>,
    ) -> Result<Claim, Error> {
        let mut open = OPEN.lock();
        if let Some(slot) = FileId::at(path).and_then(|id| open.get_mut(&id)) {
            return Ok(slot.claim());
        }
        let opened = open_file(path).and_then(|file| Ok((FileId::new(&file.metadata()?), file)));
        let failed = |error| Error::io(&error, Operation::Open, path.as_os_str().as_bytes());
        let (id, file) = opened.map_err(failed)?;
        if let Some(slot) = open.get_mut(&id) {
            // It was moved to this path just now. This descriptor must not be closed before the
            // last connection.
            slot.entry.files.lock().push(file);
            return Ok(slot.claim());
        }
        check(&file)?;
        let slot = open.entry(id).or_insert_with(|| Slot::new(id));
        slot.entry.files.lock().push(file);
        Ok(slot.claim())
    }

    /// Of a file that this process has just made, opened and locked.
    pub fn adopt(file: File) -> io::Result<Claim> {
        let id = FileId::new(&file.metadata()?);
        let mut open = OPEN.lock();
        let slot = open.entry(id).or_insert_with(|| Slot::new(id));
        slot.entry.files.lock().push(file);
        slot.is_written = true;
        let mut claim = slot.claim();
        claim.writes = true;
        Ok(claim)
    }

    pub fn id(&self) -> FileId {
        self.entry.id
    }

    /// Whether nobody else in this process has the file open.
    pub fn is_only(&self) -> bool {
        OPEN.lock()
            .get(&self.entry.id)
            .is_none_or(|slot| slot.claims == 1)
    }

    /// Does something while this process has no other database open, nor this one a second time, and
    /// can open none.
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

    /// Takes the writer's lock on the inode; `false` if somebody has it, in this process or
    /// another.
    pub fn lock(&mut self) -> io::Result<bool> {
        let mut open = OPEN.lock();
        let Some(slot) = open.get_mut(&self.entry.id) else {
            return Ok(false);
        };
        if slot.is_written {
            return Ok(false);
        }
        let files = slot.entry.files.lock();
        let Some(file) = files.first() else {
            return Ok(false);
        };
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(false),
            Err(TryLockError::Error(error)) => return Err(error),
        }
        drop(files);
        slot.is_written = true;
        self.writes = true;
        Ok(true)
    }

    /// Does something with the open file, whatever its name is now.
    pub fn with_file<T>(&self, act: impl FnOnce(&File) -> io::Result<T>) -> io::Result<T> {
        let files = self.entry.files.lock();
        let file = files.first().ok_or(io::ErrorKind::NotFound)?;
        act(file)
    }

    /// Why the file is not to be used any more, if it has been found to be another than the one
    /// that was opened. Once so, always so: what was written in the meantime by others is not
    /// known.
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

    /// Whether that has been found out.
    pub fn is_moved(&self) -> bool {
        self.entry.moved.get().is_some()
    }

    /// Says so to every handle in this process.
    pub fn set_moved(&self, why: String) -> String {
        self.entry.moved.get_or_init(|| why).clone()
    }
}

/// For writing where that is allowed, so that an overlay file system copies the file up now and not
/// when SQLite opens it.
fn open_file(path: &Path) -> io::Result<File> {
    let with = |write| {
        let flags = OFlags::NONBLOCK | OFlags::NOFOLLOW;
        let mut options = OpenOptions::new();
        options.read(true).write(write);
        options.custom_flags(flags.bits().cast_signed()).open(path)
    };
    with(true).or_else(|_| with(false))
}

impl Slot {
    fn new(id: FileId) -> Slot {
        Slot {
            claims: 0,
            is_written: false,
            entry: Arc::new(Entry {
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
        let mut open = OPEN.lock();
        let Some(slot) = open.get_mut(&self.entry.id) else {
            return;
        };
        slot.claims -= 1;
        let mut files = self.entry.files.lock();
        if self.writes {
            slot.is_written = false;
            // Closing would do only if nobody had a copy of the descriptor: a child that was forked
            // has one until it runs its program.
            let _ = files.first().map(File::unlock);
        }
        if slot.claims == 0 {
            // Before anybody can open the file again, and take locks that this would drop.
            files.clear();
            open.remove(&self.entry.id);
        }
    }
}

/// Whether this process has the file open as a database: then no descriptor of it may be opened,
/// since closing that would drop SQLite's locks.
pub(crate) fn is_open(id: FileId) -> bool {
    OPEN.lock().contains_key(&id)
}
