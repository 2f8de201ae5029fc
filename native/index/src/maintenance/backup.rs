//! A copy of the index as it is at one moment, made through SQLite while scans and readers go on. Copying the files would not do:
//! what was committed last may be in the log alone.

use std::fs::File;
use std::io::ErrorKind;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};

use super::{Phase, Watch, connect, failed};
use crate::error::{Error, Operation, Reason};
use crate::open::{Location, beside};

/// Pages copied between two looks at whether to go on: 4 MiB.
const PAGES: i32 = 1024;

/// What was copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Copied {
    /// The copy's length.
    pub bytes: u64,
}

/// Copies the index to a file that is not there yet. It is written beside that name, and appears under it when it is whole and on
/// the disk.
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
    File::create_new(&copy).map_err(|error| failed_io(&error, &copy))?;
    let result = fill(location, &connection, &copy, watch)
        .and_then(|()| publish(&copy, to).map_err(|error| failed_io(&error, to)));
    if result.is_err() {
        let _ = std::fs::remove_file(&copy);
        let _ = std::fs::remove_file(beside(&copy, "-journal"));
    }
    result
}

fn fill(
    location: &Location,
    source: &Connection,
    copy: &Path,
    watch: &mut Watch<'_>,
) -> Result<(), Error> {
    let failed_to_write = |error: rusqlite::Error| {
        Error::sqlite(&error, Operation::Maintain, copy.as_os_str().as_bytes())
    };
    // An open read transaction keeps the moment: without one, SQLite begins anew after each commit of the writer.
    let moment = source.unchecked_transaction();
    let moment = moment.map_err(|error| failed(location, &error))?;
    moment
        .query_row("SELECT count(*) FROM sources", (), |_| Ok(()))
        .map_err(|error| failed(location, &error))?;
    let mut target = Connection::open(copy).map_err(failed_to_write)?;
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
    target.close().map_err(|(_, error)| failed_to_write(error))
}

fn publish(copy: &Path, to: &Path) -> std::io::Result<Copied> {
    let file = File::open(copy)?;
    file.sync_all()?;
    let bytes = file.metadata()?.len();
    // Unlike a renaming, a link is never made over something that came in the meantime; not every file system has links.
    match std::fs::hard_link(copy, to) {
        Ok(()) => std::fs::remove_file(copy)?,
        Err(error) if error.kind() == ErrorKind::AlreadyExists => return Err(error),
        Err(_) => std::fs::rename(copy, to)?,
    }
    let directory = to.parent().filter(|path| !path.as_os_str().is_empty());
    File::open(directory.unwrap_or(Path::new(".")))?.sync_all()?;
    Ok(Copied { bytes })
}
