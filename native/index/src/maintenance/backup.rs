//! A copy of the index as it is at one moment, made through SQLite while scans and readers go on.
//! Copying the files would not do: what was committed last may be in the log alone.

use std::fs::{File, Metadata, OpenOptions, TryLockError};
use std::io::{self, ErrorKind};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{FileExt, MetadataExt, OpenOptionsExt};
use std::path::Path;

use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OpenFlags};

use super::{Phase, Watch, connect, failed};
use crate::error::{Error, Operation, Reason};
use crate::location::{Location, beside};
use crate::lock::MODE;
use crate::open::remove_if_there;
use crate::registry::{Claim, FileId, is_open};
use crate::schema::APPLICATION_ID;
use crate::token;

/// Pages copied between two looks at whether to go on: 4 MiB.
const PAGES: i32 = 1024;

/// What a database begins with, up to the number of whose it is.
const MAGIC: &[u8] = b"SQLite format 3\0";
const HEADER: usize = 72;

/// What was copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Copied {
    /// The copy's length.
    pub bytes: u64,
}

/// Copies the index to a file that is not there yet. It is written beside that name, and appears
/// under it when it is whole and on the disk. What a backup left there that was killed is written
/// over.
///
/// The moment that is copied is held for as long as it takes, and the log grows meanwhile.
pub fn backup(location: &Location, to: &Path, watch: &mut Watch<'_>) -> Result<Copied, Error> {
    let path = to.as_os_str().as_bytes();
    let failed_io = |error: &std::io::Error, path: &Path| {
        Error::io(error, Operation::Maintain, path.as_os_str().as_bytes())
    };
    let connection = connect(location, watch)?;
    let copy = beside(to, "-new");
    if std::fs::symlink_metadata(to).is_ok() {
        let error = Error::new(Reason::Errno(17), Operation::Maintain, path);
        return Err(error.with("there is something already"));
    }
    // Locked until it has its name.
    let mode = mode(&location.database);
    let _claim = claim(&copy, mode).map_err(|error| failed_io(&error, &copy))?;
    let result = fill(location, &connection, &copy, watch)
        .and_then(|()| publish(&copy, to).map_err(|error| failed_io(&error, to)));
    if result.is_err() {
        remove(&copy);
    }
    result
}

/// Takes away what is not to become a backup, with what SQLite left beside it.
pub(super) fn remove(copy: &Path) {
    for suffix in ["", "-journal", "-wal"] {
        let _ = remove_if_there(&beside(copy, suffix));
    }
}

/// Makes the file that is written, or takes over what a killed backup left, and locks it: whoever
/// holds the lock is at work. Nothing else that may lie there is touched.
pub(super) fn claim(copy: &Path, mode: u32) -> io::Result<Claim> {
    Claim::adopt(make(copy, mode)?)
}

/// A copy shows what the index shows, to no more people.
pub(super) fn mode(database: &Path) -> u32 {
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
                // Nor one that this process has open: closing it again would drop SQLite's locks.
                let is_ours = |there: Metadata| there.is_file() && !is_open(FileId::new(&there));
                if there.is_ok_and(|there| !is_ours(there)) {
                    return taken();
                }
                match options.open(copy) {
                    // Whose it was has finished meanwhile.
                    Err(error) if error.kind() == ErrorKind::NotFound => continue,
                    opened => (opened?, false),
                }
            }
            Err(error) => return Err(error),
        };
        match file.try_lock() {
            Ok(()) => {}
            // A file system without locks.
            Err(TryLockError::Error(_)) if is_new => return Ok(file),
            Err(_) => return taken(),
        }
        // Whose it was may have finished between the opening and the lock: then it is a backup now,
        // under its name.
        let (mine, there) = (file.metadata()?, std::fs::symlink_metadata(copy));
        if !there.is_ok_and(|there| (there.dev(), there.ino()) == (mine.dev(), mine.ino())) {
            continue;
        }
        if !is_new {
            if !is_leftover(&file)? {
                return taken();
            }
            remove_if_there(&beside(copy, "-journal"))?;
            remove_if_there(&beside(copy, "-wal"))?;
            file.set_len(0)?;
        }
        return Ok(file);
    }
}

/// Whether it can have been left by a backup: an index, or one whose first page had not been
/// written yet.
pub(super) fn is_leftover(file: &File) -> io::Result<bool> {
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

/// Writes all of an index into an empty file. The copy has a token of its own, so that it is not
/// taken for what it was made from.
pub(super) fn fill(
    location: &Location,
    source: &Connection,
    copy: &Path,
    watch: &mut Watch<'_>,
) -> Result<(), Error> {
    let failed_to_write = |error: rusqlite::Error| {
        Error::sqlite(&error, Operation::Maintain, copy.as_os_str().as_bytes())
    };
    // An open read transaction keeps the moment: without one, SQLite begins anew after each commit
    // of the writer.
    let moment = source.unchecked_transaction();
    let moment = moment.map_err(|error| failed(location, &error))?;
    moment
        .query_row("SELECT count(*) FROM sources", (), |_| Ok(()))
        .map_err(|error| failed(location, &error))?;
    // The file is locked as a whole already, which on some file systems SQLite's own locks would be
    // refused for.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let target = Connection::open_with_flags_and_vfs(copy, flags, "unix-none");
    let mut target = target.map_err(failed_to_write)?;
    {
        let backup = Backup::new(source, &mut target).map_err(failed_to_write)?;
        loop {
            watch.check(location)?;
            let step = backup.step(PAGES).map_err(failed_to_write)?;
            let progress = backup.progress();
            let total = u64::from(progress.pagecount.unsigned_abs());
            let left = u64::from(progress.remaining.unsigned_abs());
            watch.tell(Phase::Copy, total.saturating_sub(left), Some(total));
            if step == StepResult::Done {
                break;
            }
        }
    }
    give_token(&target).map_err(failed_to_write)?;
    target.close().map_err(|(_, error)| failed_to_write(error))
}

fn give_token(copy: &Connection) -> rusqlite::Result<()> {
    // Without shared memory, which files without locks do not have.
    copy.pragma_update(None, "locking_mode", "exclusive")?;
    let sql = "SELECT count(*) FROM sqlite_schema WHERE name = 'state'";
    if copy.query_row(sql, (), |row| row.get::<_, i64>(0))? > 0 {
        copy.execute("UPDATE state SET token = ?1", [token::draw()])?;
    }
    Ok(())
}

fn publish(copy: &Path, to: &Path) -> io::Result<Copied> {
    let bytes = sync(copy)?;
    rename_to_new(copy, to)?;
    sync_directory(to)?;
    Ok(Copied { bytes })
}

/// Gives its length.
pub(super) fn sync(copy: &Path) -> io::Result<u64> {
    let file = File::open(copy)?;
    file.sync_all()?;
    Ok(file.metadata()?.len())
}

pub(super) fn sync_directory(of: &Path) -> io::Result<()> {
    let directory = of.parent().filter(|path| !path.as_os_str().is_empty());
    File::open(directory.unwrap_or(Path::new(".")))?.sync_all()
}

/// Never over something that came in the meantime, where the file system can promise that.
fn rename_to_new(copy: &Path, to: &Path) -> io::Result<()> {
    #[cfg(target_os = "linux")]
    {
        use rustix::fs::{CWD, RenameFlags, renameat_with};
        use rustix::io::Errno;
        match renameat_with(CWD, copy, CWD, to, RenameFlags::NOREPLACE) {
            Err(Errno::INVAL | Errno::NOSYS) => {}
            renamed => return renamed.map_err(io::Error::from),
        }
    }
    match std::fs::hard_link(copy, to) {
        Ok(()) => std::fs::remove_file(copy),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Err(error),
        Err(_) => std::fs::rename(copy, to),
    }
}
