//! Opening the database file: what it must be, and connections to it. A file that is refused stays
//! as it is, byte for byte; none is ever rebuilt silently.

use std::fs::{File, Permissions};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rusqlite::OpenFlags;
use rusqlite::config::DbConfig;
use rustix::fs::StatVfsMountFlags;

use crate::connection::Connection;
use crate::error::{Error, Reason};
use crate::immutable;
use crate::location::Location;
use crate::lock::WriterLock;
use crate::record::{self, FileState, Record};
use crate::registry::Claim;
use crate::schema::{self, APPLICATION_ID, VERSION};
use crate::temporary;
use crate::token;
use crate::unclosed;
use crate::unfinished;
#[cfg(any(test, feature = "test-support"))]
pub use create::create;
use create::create_as;
use stale::remove_stale;

mod create;
mod stale;

/// How long to wait before trying the lock of the database's inode again.
const RETRY: Duration = Duration::from_millis(10);

/// Opens an index of this version for reading. Another process may be writing it.
pub fn open_reader(location: &Location, timeout: Duration) -> Result<Connection, Error> {
    location.check_file()?;
    let record = Record::read(&location.sidecar);
    let is_of_another = record.is_of_another(&location.database, &location.sidecar);
    if is_of_another && WriterLock::is_held(&location.sidecar) {
        let detail = match record.state {
            FileState::Restoring => "a backup is being put in its place",
            _ => "a writer still has an earlier file at this path open",
        };
        return Err(location.error(Reason::Moved).with(detail));
    }
    let claim = claim(location)?;
    if is_of_another && let Some(who) = stale::readers(location, &claim) {
        let detail =
            format!("{who} still has an earlier file at this path open; close it there first");
        return Err(location.error(Reason::Moved).with(detail));
    }
    let (connection, version) = match probe(location, claim, timeout) {
        Err(error) if is_unchangeable(location) => probe_alone(location, error)?,
        probed => probed?,
    };
    if version < VERSION {
        let detail = format!("version {version}, older than the {VERSION} that is read here");
        return Err(location.error(Reason::Version).with(detail));
    }
    tune(&connection).map_err(|error| location.sqlite(&error))?;
    Ok(connection)
}

/// Opens an index for writing. Creates the file where there is none, and migrates an older one. The
/// caller holds the lock of the path; the connection holds the lock of the file.
pub fn open_writer(
    location: &Location,
    lock: &WriterLock,
    timeout: Duration,
) -> Result<Connection, Error> {
    let written = |error: &std::io::Error| location.io(error);
    if is_absent(&location.database) {
        create_as(location, lock.mode())?;
        let cleared = lock.update(|record| record.tokens.clear());
        cleared.map_err(|error| written(&error))?;
    }
    location.check_file()?;
    let mut claim = claim(location)?;
    lock_file(location, &mut claim, timeout)?;
    if let Some(directory) = temporary::usable_beside(&location.database) {
        claim.if_alone(|| temporary::use_directory(directory));
    }
    if lock.found().file.is_some() && !lock.is_of(claim.id()) {
        remove_stale(location, lock, &claim)?;
    }
    let file = Some(claim.id());
    let updated = lock.update(|record| {
        (record.file, record.state, record.boot) = (file, FileState::Open, record::boot());
    });
    updated.map_err(|error| written(&error))?;
    // Read-only first: closing a writable connection would copy the log of a foreign database into
    // it.
    let (probe, version) = probe(location, claim.clone(), timeout)?;
    for beside in [location.log(), location.shared_memory()] {
        follow_mode(&beside, &location.database);
    }
    let connection = connect(location, OpenFlags::SQLITE_OPEN_READ_WRITE, timeout)?;
    drop(probe);
    let mut connection = Connection::new(connection, claim);
    unclosed::mark(connection.claim(), location).map_err(|error| written(&error))?;
    let prepare = |connection: &mut Connection| {
        connection.pragma_update(None, "journal_mode", "wal")?;
        connection.pragma_update(None, "synchronous", "normal")?;
        // The writer decides when pages go from the log into the database.
        connection.pragma_update(None, "wal_autocheckpoint", 0)?;
        tune(connection)?;
        schema::migrate(connection, version)
    };
    prepare(&mut connection).map_err(|error| location.sqlite(&error))?;
    if connection.is_readonly("main").unwrap_or(true) {
        return Err(location.error(Reason::ReadOnly));
    }
    Ok(connection)
}

/// Refuses a file before the lock is taken, so that nothing is left beside a file that is no index.
pub(crate) fn check_before_lock(location: &Location, timeout: Duration) -> Result<(), Error> {
    if is_absent(&location.database) {
        return Ok(());
    }
    location.check_file()?;
    let record = Record::read(&location.sidecar);
    if record.is_of_another(&location.database, &location.sidecar) {
        // The log beside it may belong to another file: SQLite must not see it before that is put
        // right, under the lock.
        return Ok(());
    }
    probe(location, claim(location)?, timeout).map(drop)
}

/// Opens an index of any version for reading, to copy it.
pub(crate) fn open_backup(location: &Location, timeout: Duration) -> Result<Connection, Error> {
    location.check_file()?;
    let (connection, _version) = probe(location, claim(location)?, timeout)?;
    Ok(connection)
}

/// Whether a backup may be put there: where nothing is, or in place of an index, which may be
/// damaged.
pub(crate) fn check_replaceable(
    location: &Location,
    is_index: impl FnOnce(&File) -> std::io::Result<bool>,
) -> Result<(), Error> {
    if is_absent(&location.database) {
        return location.check_file_system(location.database.parent().unwrap_or(Path::new("/")));
    }
    match location.check_file() {
        Err(error) if error.reason != Reason::NotADatabase || !location.database.is_file() => {
            return Err(error);
        }
        _ => {}
    }
    let claim = Claim::open(&location.database, |_| Ok(()))?;
    let is_index = claim
        .with_file(is_index)
        .map_err(|error| location.io(&error))?;
    // A sidecar shows that there was an index, even if nothing of it is left.
    match is_index || location.sidecar.exists() {
        true => Ok(()),
        false => Err(location.error(Reason::Foreign)),
    }
}

/// Locks a file that is to be replaced, whatever it holds.
pub(crate) fn claim_to_replace(location: &Location, timeout: Duration) -> Result<Claim, Error> {
    let mut claim = Claim::open(&location.database, |_| Ok(()))?;
    lock_file(location, &mut claim, timeout)?;
    Ok(claim)
}

fn is_absent(path: &Path) -> bool {
    std::fs::symlink_metadata(path).is_err_and(|error| error.kind() == std::io::ErrorKind::NotFound)
}

fn claim(location: &Location) -> Result<Claim, Error> {
    let check = |file: &File| {
        token::check_log(location, file)?;
        unclosed::check(location, file)
    };
    let claim = Claim::open(&location.database, check)?;
    // SQLite would look for its log by the name that it had.
    let earlier = claim.opened_as(&location.database);
    // One that has just been made is still open by the name that it had until then.
    let is_old = |path: &PathBuf| *path != unfinished::path(&location.database);
    if let Some(path) = earlier.filter(is_old) {
        let path = path.as_os_str().as_bytes().escape_ascii();
        let detail =
            format!("this process still has the file open as {path}; close it there first");
        return Err(location.error(Reason::Busy).with(detail));
    }
    match claim.moved(&location.database) {
        None => Ok(claim),
        Some(why) => Err(location.error(Reason::Moved).with(why)),
    }
}

fn lock_file(location: &Location, claim: &mut Claim, timeout: Duration) -> Result<(), Error> {
    let since = Instant::now();
    while !claim.lock().map_err(|error| location.io(&error))? {
        if since.elapsed() >= timeout {
            let error = location.error(Reason::Busy);
            return Err(error.with("another writer has the file open, by this name or another"));
        }
        std::thread::sleep(RETRY);
    }
    Ok(())
}

/// A reading connection to an index of any version up to this one, and its version.
fn probe(location: &Location, claim: Claim, timeout: Duration) -> Result<(Connection, i32), Error> {
    let connection = connect(location, OpenFlags::SQLITE_OPEN_READ_ONLY, timeout)?;
    let connection = Connection::new(connection, claim);
    let version = check_database(location, &connection)?;
    Ok((connection, version))
}

/// Whether nobody can write there: then SQLite can create no shared memory, and needs none.
fn is_unchangeable(location: &Location) -> bool {
    let file_system = rustix::fs::statvfs(&location.database);
    file_system.is_ok_and(|found| found.f_flag.contains(StatVfsMountFlags::RDONLY))
}

/// The same as `probe`, for a file that nobody can change.
fn probe_alone(location: &Location, error: Error) -> Result<(Connection, i32), Error> {
    if !matches!(error.reason, Reason::Io | Reason::ReadOnly) {
        return Err(error);
    }
    if std::fs::metadata(location.log()).is_ok_and(|log| log.len() > 0) {
        let detail = "its log cannot be read on a read-only file system: copy both to another one";
        return Err(location.error(Reason::ReadOnly).with(detail));
    }
    let connection = immutable::open(&location.database);
    let connection = connection.map_err(|error| location.sqlite(&error))?;
    let connection = Connection::new(connection, claim(location)?);
    let version = check_database(location, &connection)?;
    Ok((connection, version))
}

fn connect(
    location: &Location,
    flags: OpenFlags,
    timeout: Duration,
) -> Result<rusqlite::Connection, Error> {
    let flags = flags | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let open = || -> rusqlite::Result<rusqlite::Connection> {
        let connection = rusqlite::Connection::open_with_flags(&location.database, flags)?;
        connection.busy_timeout(timeout)?;
        // Closing must not change a file that is refused; the writer decides when to checkpoint.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
        // Keep plans independent of bound values: otherwise, as SQLite is built here, binding
        // another value prepares the statement again.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        Ok(connection)
    };
    open().map_err(|error| location.sqlite(&error))
}

/// Settings of every connection.
fn tune(connection: &rusqlite::Connection) -> rusqlite::Result<()> {
    connection.pragma_update(None, "cache_size", -8000)?;
    connection.pragma_update(None, "temp_store", "file")
}

/// Checks that the file is an index of a known version and can be read. Returns the version.
fn check_database(location: &Location, connection: &rusqlite::Connection) -> Result<i32, Error> {
    let failed = |error: rusqlite::Error| location.sqlite(&error);
    let pragma = |name| connection.pragma_query_value(None, name, |row| row.get::<_, i32>(0));
    if pragma("application_id").map_err(failed)? != APPLICATION_ID {
        return Err(location.error(Reason::Foreign));
    }
    let version = pragma("user_version").map_err(failed)?;
    if version > VERSION {
        let detail = format!("version {version}, newer than the {VERSION} that is read here");
        return Err(location.error(Reason::Version).with(detail));
    }
    for table in schema::tables(version) {
        let sql = format!("SELECT * FROM {table} LIMIT 1");
        let read = || connection.prepare(&sql)?.query(())?.next().map(|_| ());
        if let Err(error) = read() {
            let error = location.sqlite(&error);
            return Err(match error.reason {
                Reason::Sqlite => Error {
                    reason: Reason::Corrupt,
                    ..error
                },
                _ => error,
            });
        }
    }
    Ok(version)
}

/// Gives one of the database's other files its permissions. Only their owner can do that.
fn follow_mode(path: &Path, database: &Path) {
    let mode = |path| {
        let there = std::fs::symlink_metadata(path).ok()?;
        there.is_file().then(|| there.mode() & 0o777)
    };
    if let (Some(mode), Some(there)) = (mode(database), mode(path))
        && mode != there
    {
        let _ = std::fs::set_permissions(path, Permissions::from_mode(mode));
    }
}
