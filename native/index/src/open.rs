//! Opening the database file: what it must be, and connections to it. A file that is refused is
//! left untouched, byte for byte; none is ever rebuilt in silence.

use std::fs::{File, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::OpenFlags;
use rusqlite::config::DbConfig;
use rustix::fs::StatVfsMountFlags;

use crate::connection::Connection;
use crate::error::{Error, Reason};
use crate::immutable;
use crate::location::Location;
use crate::lock::WriterLock;
use crate::record::{self, Record, State};
use crate::registry::Claim;
use crate::schema::{self, APPLICATION_ID, VERSION};
use crate::temporary;
use crate::token;
pub use create::create;
use create::create_as;
use stale::remove_stale;

mod create;
mod stale;

/// Between two attempts at the lock of the database's inode.
const RETRY: Duration = Duration::from_millis(10);

/// Opens for reading only. Works while another process writes; the file must be an index of this
/// version.
pub fn open_reader(location: &Location, timeout: Duration) -> Result<Connection, Error> {
    location.check_file()?;
    let record = Record::read(&location.sidecar);
    let is_of_another = record.is_of_another(&location.database, &location.sidecar);
    if is_of_another && WriterLock::is_held(&location.sidecar) {
        let detail = match record.state {
            State::Restoring => "a backup is being put in its place",
            _ => "a writer still has the file open that lay there before",
        };
        return Err(location.error(Reason::Moved).with(detail));
    }
    let claim = claim(location)?;
    if is_of_another && let Some(who) = stale::readers(location, &claim) {
        let detail = format!("{who} has the file open that lay there before; close it there first");
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

/// Opens for writing; makes the file where there is none, and migrates an older one. The caller
/// holds the lock of the path; the lock of the file is held as long as the connection.
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
    temporary::put_beside(location, &claim);
    if lock.found().file.is_some() && !lock.is_of(claim.id()) {
        remove_stale(location, lock, &claim)?;
    }
    let file = Some(claim.id());
    let updated = lock.update(|record| {
        (record.file, record.state, record.boot) = (file, State::Open, record::boot());
    });
    updated.map_err(|error| written(&error))?;
    // Read-only first: a writable connection would write the log of a foreign database back when it
    // is closed.
    let (probe, version) = probe(location, claim.clone(), timeout)?;
    for beside in [location.log(), location.shared_memory()] {
        follow_mode(&beside, &location.database);
    }
    let connection = connect(location, OpenFlags::SQLITE_OPEN_READ_WRITE, timeout)?;
    drop(probe);
    let mut connection = Connection::new(connection, claim);
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

/// A file that will be refused is refused before the lock is taken, so that nothing is left beside
/// what is no index.
pub(crate) fn check_before_lock(location: &Location, timeout: Duration) -> Result<(), Error> {
    if is_absent(&location.database) {
        return Ok(());
    }
    location.check_file()?;
    let record = Record::read(&location.sidecar);
    if record.is_of_another(&location.database, &location.sidecar) {
        // What lies beside it may belong to another file: SQLite is to see that only when it has
        // been put right, under the lock.
        return Ok(());
    }
    probe(location, claim(location)?, timeout).map(drop)
}

/// For reading an index of any version, to copy it.
pub(crate) fn open_backup(location: &Location, timeout: Duration) -> Result<Connection, Error> {
    location.check_file()?;
    let (connection, _version) = probe(location, claim(location)?, timeout)?;
    Ok(connection)
}

/// Whether a backup may be put there: in the place of nothing, or of an index, also of a damaged
/// one.
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
    // A sidecar shows that an index lay there, of which nothing may be left.
    match is_index || location.sidecar.exists() {
        true => Ok(()),
        false => Err(location.error(Reason::Foreign)),
    }
}

/// The lock of a file that is to be replaced, whatever it holds.
pub(crate) fn claim_to_replace(location: &Location, timeout: Duration) -> Result<Claim, Error> {
    let mut claim = Claim::open(&location.database, |_| Ok(()))?;
    lock_file(location, &mut claim, timeout)?;
    Ok(claim)
}

fn is_absent(path: &Path) -> bool {
    std::fs::symlink_metadata(path).is_err_and(|error| error.kind() == std::io::ErrorKind::NotFound)
}

fn claim(location: &Location) -> Result<Claim, Error> {
    let claim = Claim::open(&location.database, |file| token::check_log(location, file))?;
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

/// A connection that reads, to an index of any version up to this one, and that version.
fn probe(location: &Location, claim: Claim, timeout: Duration) -> Result<(Connection, i32), Error> {
    let connection = connect(location, OpenFlags::SQLITE_OPEN_READ_ONLY, timeout)?;
    let connection = Connection::new(connection, claim);
    let version = check_database(location, &connection)?;
    Ok((connection, version))
}

/// Where nobody can write, SQLite cannot make the memory that readers share, nor does it need to.
fn is_unchangeable(location: &Location) -> bool {
    let file_system = rustix::fs::statvfs(&location.database);
    file_system.is_ok_and(|found| found.f_flag.contains(StatVfsMountFlags::RDONLY))
}

/// As `probe`, of a file that nobody can change.
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
        // A file that is refused must not be changed by closing it; the writer checkpoints when it
        // says so.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
        // Plans that do not depend on bound values: otherwise, as SQLite is built here, binding
        // another one prepares a statement again.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        Ok(connection)
    };
    open().map_err(|error| location.sqlite(&error))
}

/// What is the same for every connection.
fn tune(connection: &rusqlite::Connection) -> rusqlite::Result<()> {
    connection.pragma_update(None, "cache_size", -8000)?;
    connection.pragma_update(None, "temp_store", "file")
}

/// Whether it is ours, of a version we know or can migrate, and whole enough to be read. Gives the
/// version.
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

/// Whoever may read the file is to read its other files too. Only their owner can say so.
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

pub(crate) fn remove_if_there(path: &Path) -> std::io::Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
