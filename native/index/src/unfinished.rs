//! A file that is to become an index: written beside its place, and moved there when it is
//! complete.

use std::fs::{File, Metadata, OpenOptions, TryLockError};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{FileExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use crate::location::{beside, remove_if_there};
use crate::lock::MODE;
use crate::registry::{Claim, FileId, is_open};
use crate::schema::APPLICATION_ID;

/// The suffix of its name, one that people do not give to files.
pub(crate) const SUFFIX: &str = "-unfinished";

/// The beginning of a SQLite database.
const MAGIC: &[u8] = b"SQLite format 3\0";
/// Bytes of a database's header up to and including its application id.
const HEADER: usize = 72;

/// Path of the unfinished file for an index at this path.
pub(crate) fn path(of: &Path) -> PathBuf {
    beside(of, SUFFIX)
}

/// Removes an unfinished file and the files that SQLite left beside it.
pub(crate) fn remove(copy: &Path) {
    for suffix in ["", "-journal", "-wal", "-shm"] {
        let _ = remove_if_there(&beside(copy, suffix));
    }
}

/// Creates the file, or takes over one that a killed process left, and locks it: the holder of the
/// lock is at work. Any other file that lies there is left alone.
pub(crate) fn claim(copy: &Path, mode: u32) -> io::Result<Claim> {
    Claim::adopt(make(copy, mode)?, copy)
}

/// Permissions for a copy of an index: those of the index, so that nobody else can read it.
pub(crate) fn mode(database: &Path) -> u32 {
    let there = std::fs::metadata(database);
    there.map_or(MODE, |there| there.mode() & 0o777)
}

fn make(copy: &Path, mode: u32) -> io::Result<File> {
    let taken = || Err(io::Error::from(rustix::io::Errno::EXIST));
    loop {
        let mut options = OpenOptions::new();
        options.read(true).write(true).mode(mode);
        let (file, is_new) = match options.clone().create_new(true).open(copy) {
            Ok(file) => (file, true),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                let there = std::fs::symlink_metadata(copy);
                // Not one that this process has open: closing it again would drop SQLite's locks.
                let is_ours = |there: Metadata| there.is_file() && !is_open(FileId::new(&there));
                // Not an index that is used by this name.
                if std::fs::symlink_metadata(beside(copy, "-writer")).is_ok() {
                    return taken();
                }
                if there.is_ok_and(|there| !is_ours(there)) {
                    return taken();
                }
                match options.open(copy) {
                    // Its process has just finished.
                    Err(error) if error.kind() == ErrorKind::NotFound => continue,
                    opened => (opened?, false),
                }
            }
            Err(error) => return Err(error),
        };
        match file.try_lock() {
            Ok(()) => {}
            // The file system has no locks.
            Err(TryLockError::Error(_)) if is_new => return Ok(file),
            Err(_) => return taken(),
        }
        // Its process may have finished between the opening and the lock: then it is an index now,
        // by its own name.
        let (mine, there) = (file.metadata()?, std::fs::symlink_metadata(copy));
        if !there.is_ok_and(|there| (there.dev(), there.ino()) == (mine.dev(), mine.ino())) {
            continue;
        }
        if !is_new {
            if !is_leftover(&file)? {
                return taken();
            }
            for suffix in ["-journal", "-wal", "-shm"] {
                remove_if_there(&beside(copy, suffix))?;
            }
            file.set_len(0)?;
        }
        return Ok(file);
    }
}

/// Whether a killed process can have left it: it is an index, or its first page was not written
/// yet.
pub(crate) fn is_leftover(file: &File) -> io::Result<bool> {
    let mut header = [0; HEADER];
    let mut read = 0;
    while let Some(rest) = header.get_mut(read..).filter(|rest| !rest.is_empty()) {
        match file.read_at(rest, read as u64)? {
            0 => break,
            more => read += more,
        }
    }
    let is_empty = header.iter().all(|byte| *byte == 0);
    let is_index = header.starts_with(MAGIC) && header.ends_with(&APPLICATION_ID.to_be_bytes());
    Ok(is_empty || is_index)
}

/// Makes the renames and removals in the directory of this path durable.
pub(crate) fn sync_directory(of: &Path) -> io::Result<()> {
    let directory = of.parent().filter(|path| !path.as_os_str().is_empty());
    File::open(directory.unwrap_or(Path::new(".")))?.sync_all()
}
