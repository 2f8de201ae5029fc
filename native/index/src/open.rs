//! Opening the database file: where it lies, what it must be, and connections to it. A file that is refused is left untouched,
//! byte for byte; none is ever rebuilt in silence.

use std::ffi::OsString;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use crate::error::{Error, Operation, Reason};
use crate::lock::WriterLock;
use crate::schema::{self, APPLICATION_ID, VERSION};

/// Links followed on the way to a file that is not there yet; what the kernel follows.
const MAX_LINKS: usize = 40;

/// Where an index lies, links resolved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    /// The database.
    pub database: PathBuf,
    /// Beside it, the file with the writer's lock.
    pub sidecar: PathBuf,
}

impl Location {
    /// Resolves links; the file itself need not exist, its directory must.
    pub fn resolve(path: &Path) -> Result<Location, Error> {
        let bytes = path.as_os_str().as_bytes();
        let failed = |error: &std::io::Error| Error::io(error, Operation::Open, bytes);
        let mut path = path.to_path_buf();
        for _ in 0..MAX_LINKS {
            let Ok(target) = std::fs::read_link(&path) else {
                let name = path
                    .file_name()
                    .ok_or_else(|| Error::new(Reason::Errno(21), Operation::Open, bytes))?;
                let directory = match path.parent() {
                    Some(parent) if !parent.as_os_str().is_empty() => parent,
                    _ => Path::new("."),
                };
                let directory = directory.canonicalize().map_err(|error| failed(&error))?;
                let database = directory.join(name);
                let sidecar = beside(&database, "-writer");
                return Ok(Location { database, sidecar });
            };
            path = match path.parent() {
                Some(parent) => parent.join(target),
                None => target,
            };
        }
        Err(Error::new(Reason::Errno(40), Operation::Open, bytes))
    }

    fn bytes(&self) -> &[u8] {
        self.database.as_os_str().as_bytes()
    }

    pub(crate) fn error(&self, reason: Reason) -> Error {
        Error::new(reason, Operation::Open, self.bytes())
    }

    pub(crate) fn sqlite(&self, error: &rusqlite::Error) -> Error {
        Error::sqlite(error, Operation::Open, self.bytes())
    }
}

/// The path with something added to its last name.
pub(crate) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    PathBuf::from(name)
}

/// Opens for reading only. Works while another process writes; the file must be an index of this version.
pub fn open_reader(location: &Location, timeout: Duration) -> Result<Connection, Error> {
    let (connection, version) = probe(location, timeout)?;
    if version < VERSION {
        let detail = format!("version {version}, older than the {VERSION} that is read here");
        return Err(location.error(Reason::Version).with(detail));
    }
    tune(&connection).map_err(|error| location.sqlite(&error))?;
    Ok(connection)
}

/// Opens for writing; makes the file where there is none. The caller holds the lock, which shows that no other writer lives.
pub fn open_writer(
    location: &Location,
    _lock: &WriterLock,
    timeout: Duration,
) -> Result<Connection, Error> {
    let version = match std::fs::symlink_metadata(&location.database) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            create(location)?;
            VERSION
        }
        _ => {
            // Read-only first: a writable connection would write the log of a foreign database back when it is closed.
            let (_probe, version) = probe(location, timeout)?;
            version
        }
    };
    let mut connection = connect(location, OpenFlags::SQLITE_OPEN_READ_WRITE, timeout)?;
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

/// A file that will be refused is refused before the lock is taken, so that nothing is left beside what is no index.
pub(crate) fn check_before_lock(location: &Location, timeout: Duration) -> Result<(), Error> {
    match std::fs::symlink_metadata(&location.database) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        _ => probe(location, timeout).map(drop),
    }
}

/// A connection that reads, to an index of any version up to this one, and that version.
fn probe(location: &Location, timeout: Duration) -> Result<(Connection, i32), Error> {
    check_file(location)?;
    let connection = connect(location, OpenFlags::SQLITE_OPEN_READ_ONLY, timeout)?;
    let version = check_database(location, &connection)?;
    Ok((connection, version))
}

/// Makes an empty index beside its place and moves it there, so that a file half made is never found under its name.
pub fn create(location: &Location) -> Result<(), Error> {
    let directory = location.database.parent().unwrap_or(Path::new("/"));
    check_file_system(location, directory)?;
    let new = Location {
        database: beside(&location.database, "-new"),
        sidecar: location.sidecar.clone(),
    };
    let failed = |error: &std::io::Error| Error::io(error, Operation::Open, location.bytes());
    remove_if_there(&new.database).map_err(|error| failed(&error))?;
    remove_if_there(&beside(&new.database, "-journal")).map_err(|error| failed(&error))?;
    // What a log without its database holds belongs to nothing, and would be taken for the new one's.
    remove_if_there(&beside(&location.database, "-wal")).map_err(|error| failed(&error))?;
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
    let make = || -> rusqlite::Result<()> {
        let flags = flags | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut connection = Connection::open_with_flags(&new.database, flags)?;
        schema::create(&mut connection)?;
        connection.pragma_update(None, "journal_mode", "wal")?;
        connection.close().map_err(|(_, error)| error)
    };
    if let Err(error) = make() {
        let _ = remove_if_there(&new.database);
        let error = location.sqlite(&error);
        // SQLite only says that it could not open what it could not create.
        return Err(match error.reason {
            Reason::Io if !is_writable(directory) => location.error(Reason::ReadOnly),
            _ => error,
        });
    }
    std::fs::rename(&new.database, &location.database).map_err(|error| failed(&error))
}

fn connect(location: &Location, flags: OpenFlags, timeout: Duration) -> Result<Connection, Error> {
    let flags = flags | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let open = || -> rusqlite::Result<Connection> {
        let connection = Connection::open_with_flags(&location.database, flags)?;
        connection.busy_timeout(timeout)?;
        // A file that is refused must not be changed by closing it; the writer checkpoints when it says so.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
        // Plans that do not depend on bound values: otherwise, as SQLite is built here, binding another one prepares a statement
        // anew.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        Ok(connection)
    };
    open().map_err(|error| location.sqlite(&error))
}

/// What is the same for every connection.
fn tune(connection: &Connection) -> rusqlite::Result<()> {
    connection.pragma_update(None, "cache_size", -8000)?;
    connection.pragma_update(None, "temp_store", "file")
}

/// What can be told without opening the file.
fn check_file(location: &Location) -> Result<(), Error> {
    let failed = |error: &std::io::Error| Error::io(error, Operation::Open, location.bytes());
    let metadata = std::fs::metadata(&location.database).map_err(|error| failed(&error))?;
    if metadata.is_dir() {
        return Err(location.error(Reason::Errno(21)));
    }
    if !metadata.is_file() {
        return Err(location
            .error(Reason::NotADatabase)
            .with("not a regular file"));
    }
    if metadata.len() == 0 {
        return Err(location
            .error(Reason::NotADatabase)
            .with("the file is empty"));
    }
    check_file_system(location, &location.database)
}

/// Whether it is ours, of a version we know or can migrate, and whole enough to be read. Gives the version.
fn check_database(location: &Location, connection: &Connection) -> Result<i32, Error> {
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

fn check_file_system(location: &Location, path: &Path) -> Result<(), Error> {
    let failed = |error| {
        Error::io(
            &std::io::Error::from(error),
            Operation::Open,
            location.bytes(),
        )
    };
    let kind = rustix::fs::statfs(path).map_err(failed)?.f_type as u32;
    if is_network(kind) {
        let detail = format!("a network file system, type {kind:#x}");
        return Err(location.error(Reason::UnsupportedFs).with(detail));
    }
    Ok(())
}

/// By f_type (statfs(2) and linux/magic.h): file systems whose files other machines may hold as well.
fn is_network(kind: u32) -> bool {
    matches!(
        kind,
        0x6969 // nfs
            | 0x517b | 0xff53_4d42 | 0xfe53_4d42 // smb, cifs, smb2
            | 0x0102_1997 // 9p
            | 0x5346_414f | 0x6b41_4653 // afs, both of them
            | 0x7375_7245 // coda
            | 0x564c // ncp
            | 0x00c3_6400 // ceph
            | 0x0bd0_0bd0 // lustre
            | 0x4750_4653 // gpfs
            | 0x0116_1970 // gfs2
            | 0x7461_636f // ocfs2
    )
}

fn is_writable(directory: &Path) -> bool {
    rustix::fs::access(directory, rustix::fs::Access::WRITE_OK).is_ok()
}

fn remove_if_there(path: &Path) -> std::io::Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::is_network;

    #[test]
    fn file_systems_of_other_machines_are_known() {
        for kind in [0x6969, 0xff53_4d42, 0xfe53_4d42, 0x0102_1997, 0x00c3_6400] {
            assert!(is_network(kind), "{kind:#x}");
        }
        // ext4, xfs, btrfs, tmpfs, overlay, zfs.
        for kind in [
            0xef53,
            0x5846_5342,
            0x9123_683e,
            0x0102_1994,
            0x794c_7630,
            0x2fc1_2fc1,
        ] {
            assert!(!is_network(kind), "{kind:#x}");
        }
    }
}
