//! A copy of the index at one moment, made through SQLite while scans and readers go on. Copying
//! the file is not enough: the latest commits may be in the log alone.

use std::fs::File;
use std::io::{self, ErrorKind};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OpenFlags};

use super::{Task, connect, failed};
use crate::error::{Error, Operation, Reason};
use crate::location::Location;
use crate::token;
use crate::unfinished::{self, claim, mode, remove, sync_directory};

/// Pages copied between two looks at whether to go on: 4 MiB.
const PAGES: i32 = 1024;

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
/// The copy is of one moment: a read transaction stays open for as long as it takes, while the log
/// grows.
pub fn backup(location: &Location, to: &Path, task: &mut Task) -> Result<Copied, Error> {
    let path = to.as_os_str().as_bytes();
    let failed_io = |error: &std::io::Error, path: &Path| {
        Error::io(error, Operation::Maintain, path.as_os_str().as_bytes())
    };
    let connection = connect(location, task)?;
    let copy = unfinished::path(to);
    if std::fs::symlink_metadata(to).is_ok() {
        let error = Error::new(
            Reason::Errno(aether_core::errno::EXIST),
            Operation::Maintain,
            path,
        );
        return Err(error.with("something is already there"));
    }
    // Locked until it has its name.
    let mode = mode(&location.database);
    let _claim = claim(&copy, mode).map_err(|error| failed_io(&error, &copy))?;
    let result = fill(location, &connection, &copy, task)
        .and_then(|()| publish(&copy, to).map_err(|error| failed_io(&error, to)));
    if result.is_err() {
        remove(&copy);
    }
    result
}

/// Writes all of an index into an empty file. The copy has a token of its own, so that it is not
/// taken for what it was made from.
pub(super) fn fill(
    location: &Location,
    source: &Connection,
    copy: &Path,
    task: &mut Task,
) -> Result<(), Error> {
    let failed_to_write = |error: rusqlite::Error| {
        Error::sqlite(&error, Operation::Maintain, copy.as_os_str().as_bytes())
    };
    // An open read transaction keeps the moment: without one, SQLite starts again after each commit
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
            task.step(location)?;
            let step = backup.step(PAGES).map_err(failed_to_write)?;
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
