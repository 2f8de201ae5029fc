//! Loads the names of an index into memory, in pieces by key, each in its own read transaction, so
//! that checkpoints are never held up for long. What is written during the load may be included or
//! not: [`Loaded::is_outdated`] then says so, and hits that no longer exist are not shown.

use std::cell::Cell;
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::SystemTime;

use rusqlite::{Connection, OptionalExtension, params};

use super::{Builder, CompletedScan, Directory, Entry, Names, SearchRoot, nested_sources};
use crate::error::{Error, Operation};
use crate::gate::Gate;
use crate::text::{Bytes, Text, bytes};
use crate::values::scan_status;

/// Rows in a piece: read in a few milliseconds.
const PIECE: i64 = 5_000;

/// A connection, and the gate that every read must enter: the writer shuts it when the log must
/// start over.
#[derive(Clone, Copy, Debug)]
pub struct Access<'a> {
    /// Open for reading, in no transaction.
    pub connection: &'a Connection,
    /// The writer's gate if it is in this process, otherwise an unused one.
    pub gate: &'a Gate,
    /// What this connection found out before.
    asked: Option<&'a Asked>,
}

impl<'a> Access<'a> {
    /// Access through a connection.
    pub fn new(connection: &'a Connection, gate: &'a Gate) -> Access<'a> {
        Access {
            connection,
            gate,
            asked: None,
        }
    }

    /// The same for a connection that is used many times.
    pub(super) fn again(
        connection: &'a Connection,
        gate: &'a Gate,
        asked: &'a Asked,
    ) -> Access<'a> {
        let asked = Some(asked);
        Access {
            asked,
            ..Access::new(connection, gate)
        }
    }
}

/// The serial of names that were found to be up to date, and SQLite's `data_version` at that time.
#[derive(Debug, Default)]
pub(super) struct Asked(Cell<Option<(u64, i64)>>);

/// The names of an index, and when they were read.
#[derive(Debug)]
pub struct Loaded {
    /// The names.
    pub names: Names,
    /// When reading them began.
    pub at: SystemTime,
    marker: Marker,
    /// Once outdated, they stay so.
    is_outdated: AtomicBool,
}

impl Loaded {
    /// Whether names may have come or gone since: a scan has begun, ended, or written. The sources
    /// are read only if something was committed since this connection last asked.
    pub fn is_outdated(&self, access: Access<'_>) -> Result<bool, Error> {
        if self.is_outdated.load(Ordering::Relaxed) {
            return Ok(true);
        }
        let read = || {
            let state = Some((self.names.serial, version(access)?));
            if access.asked.is_some_and(|asked| asked.0.get() == state) {
                return Ok(false);
            }
            let is_outdated = Marker::read(access)? != self.marker;
            match access.asked {
                Some(asked) if !is_outdated => asked.0.set(state),
                _ => self.is_outdated.store(is_outdated, Ordering::Relaxed),
            }
            Ok(is_outdated)
        };
        read().map_err(|error: rusqlite::Error| failed(access, &error))
    }
}

/// What every scan changes when it begins and when it ends.
#[derive(Debug, Default, PartialEq, Eq)]
struct Marker {
    last_directory: Option<i64>,
    last_scan: Option<i64>,
    /// Each source's id, root and generation, and the end and status of its last scan.
    sources: Vec<[Option<i64>; 5]>,
    /// While a scan runs, the log's length and time: what every commit changes.
    log: Option<(u64, SystemTime)>,
}

/// Maximum number of scans, the latest ones, that are checked for whether they run.
pub(super) const LAST: i64 = 1_000;

impl Marker {
    fn read(access: Access<'_>) -> rusqlite::Result<Marker> {
        let _page = access.gate.enter();
        let connection = access.connection;
        let last = |sql| {
            let mut statement = connection.prepare(sql)?;
            let last: Option<Option<i64>> = statement.query_row((), |row| row.get(0)).optional()?;
            Ok::<_, rusqlite::Error>(last.flatten())
        };
        let mut statement = connection.prepare(
            "SELECT id, root_dir, generation, last_scan_at, last_scan_status FROM sources ORDER BY id",
        )?;
        let columns = |row: &rusqlite::Row<'_>| {
            Ok([
                row.get(0)?,
                row.get(1)?,
                row.get(2)?,
                row.get(3)?,
                row.get(4)?,
            ])
        };
        let runs =
            "SELECT 1 FROM (SELECT status FROM scans ORDER BY id DESC LIMIT ?1) WHERE status = ?2";
        let is_running = connection
            .prepare(runs)?
            .exists([LAST, scan_status::RUNNING])?;
        Ok(Marker {
            // Taken before the rest is read, so that later commits make a difference.
            log: is_running.then(|| log(connection)).flatten(),
            last_directory: last("SELECT max(id) FROM dirs")?,
            last_scan: last("SELECT max(id) FROM scans")?,
            sources: statement
                .query_map((), columns)?
                .collect::<Result<_, _>>()?,
        })
    }
}

/// SQLite's `data_version`: it changes with every commit by another connection.
pub(super) fn version(access: Access<'_>) -> rusqlite::Result<i64> {
    let _page = access.gate.enter();
    let connection = access.connection;
    connection.pragma_query_value(None, "data_version", |row| row.get(0))
}

/// Length and time of the write-ahead log.
fn log(connection: &Connection) -> Option<(u64, SystemTime)> {
    let log = std::fs::metadata(format!("{}-wal", connection.path()?)).ok()?;
    Some((log.len(), log.modified().ok()?))
}

/// Loads all names into at most about `limit` bytes, which are not exceeded while they are built
/// either. None if cancelled.
pub fn load(
    access: Access<'_>,
    limit: usize,
    cancel: &AtomicBool,
) -> Result<Option<Loaded>, Error> {
    let at = SystemTime::now();
    let read = || {
        let marker = Marker::read(access)?;
        let mut sources = sources(access)?;
        if nested_sources::overlap(&sources) {
            looks(access, &mut sources)?;
        }
        let mut builder = Builder::new(sources, limit);
        let done =
            directories(access, &mut builder, cancel)? && files(access, &mut builder, cancel)?;
        let names = match done {
            true => builder.finish_unless(cancel),
            false => None,
        };
        Ok(names.map(|names| Loaded {
            names,
            at,
            marker,
            is_outdated: AtomicBool::new(false),
        }))
    };
    read().map_err(|error| failed(access, &error))
}

fn sources(access: Access<'_>) -> rusqlite::Result<Vec<SearchRoot>> {
    let _page = access.gate.enter();
    let connection = access.connection;
    let mut statement =
        connection.prepare("SELECT id, root_dir, root, rules FROM sources ORDER BY id")?;
    let source = |row: &rusqlite::Row<'_>| {
        Ok(SearchRoot {
            id: row.get(0)?,
            root_id: row.get(1)?,
            root: row.get::<_, Bytes>(2)?.0,
            rules: row.get::<_, Bytes>(3)?.0,
            looks: Vec::new(),
            missed: Vec::new(),
        })
    };
    statement.query_map((), source)?.collect()
}

/// Reads the completed scans of each source.
fn looks(access: Access<'_>, sources: &mut [SearchRoot]) -> rusqlite::Result<()> {
    let places: HashMap<i64, usize> = sources.iter().map(|s| s.id).zip(0..).collect();
    let mut statement = access.connection.prepare(
        "SELECT id, source_id, folder, depth, status FROM scans WHERE id > ?1 ORDER BY id LIMIT ?2",
    )?;
    let mut last = i64::MIN;
    loop {
        let mut count = 0;
        let _page = access.gate.enter();
        let mut rows = statement.query([last, PIECE])?;
        while let Some(row) = rows.next()? {
            count += 1;
            last = row.get(0)?;
            let status: i64 = row.get(4)?;
            let has_ended = matches!(status, scan_status::COMPLETE | scan_status::PARTIAL);
            let place = places.get(&row.get(1)?).filter(|_| has_ended);
            if let Some(source) = place.and_then(|place| sources.get_mut(*place)) {
                let depth: Option<i64> = row.get(3)?;
                source.looks.push(CompletedScan {
                    scan: last,
                    folder: row.get::<_, Bytes>(2)?.0,
                    depth: depth.map(|depth| u32::try_from(depth).unwrap_or(u32::MAX)),
                });
            }
        }
        if count < PIECE {
            break;
        }
    }
    missed(access, &places, sources)
}

/// Reads which scans could not enter a directory that others have listed.
fn missed(
    access: Access<'_>,
    places: &HashMap<i64, usize>,
    sources: &mut [SearchRoot],
) -> rusqlite::Result<()> {
    let _page = access.gate.enter();
    let mut statement = access.connection.prepare(
        "SELECT d.source_id, m.dir_id, m.since, m.regained FROM missed m JOIN dirs d ON d.id = m.dir_id",
    )?;
    let mut rows = statement.query(())?;
    while let Some(row) = rows.next()? {
        let place = places.get(&row.get(0)?);
        if let Some(source) = place.and_then(|place| sources.get_mut(*place)) {
            let regained: Option<i64> = row.get(3)?;
            let scans = row.get(2)?..regained.unwrap_or(i64::MAX);
            source.missed.push((row.get(1)?, scans));
        }
    }
    Ok(())
}

/// Returns false if it was cancelled.
fn directories(
    access: Access<'_>,
    builder: &mut Builder,
    cancel: &AtomicBool,
) -> rusqlite::Result<bool> {
    let mut statement = access.connection.prepare(
        "SELECT id, parent_id, source_id, name, mtime, status FROM dirs WHERE id > ?1 ORDER BY id LIMIT ?2",
    )?;
    let mut last = i64::MIN;
    loop {
        if cancel.load(Ordering::Relaxed) {
            return Ok(false);
        }
        let mut count = 0;
        let _page = access.gate.enter();
        let mut rows = statement.query([last, PIECE])?;
        while let Some(row) = rows.next()? {
            count += 1;
            last = row.get(0)?;
            builder.directory(Directory {
                id: last,
                parent: row.get(1)?,
                source: row.get(2)?,
                name: bytes(row.get_ref(3)?)?,
                mtime: row.get(4)?,
                status: row.get(5)?,
            });
        }
        if count < PIECE || builder.is_full() {
            return Ok(true);
        }
    }
}

fn files(access: Access<'_>, builder: &mut Builder, cancel: &AtomicBool) -> rusqlite::Result<bool> {
    let mut statement = access.connection.prepare(
        "SELECT dir_id, name, kind, mtime FROM files WHERE (dir_id, name) > (?1, ?2)
          ORDER BY dir_id, name LIMIT ?3",
    )?;
    let (mut directory, mut last) = (i64::MIN, Vec::new());
    loop {
        if cancel.load(Ordering::Relaxed) {
            return Ok(false);
        }
        let mut count = 0;
        let _page = access.gate.enter();
        let mut rows = statement.query(params![directory, Text(&last), PIECE])?;
        last.clear();
        while let Some(row) = rows.next()? {
            count += 1;
            let in_directory = row.get(0)?;
            if !builder.wants(in_directory) {
                // Skip its other rows, on to the next directory. No name is empty.
                directory = in_directory.saturating_add(1);
                last.clear();
                count = PIECE;
                break;
            }
            directory = in_directory;
            let name = bytes(row.get_ref(1)?)?;
            let kind: i64 = row.get(2)?;
            builder.entry(
                directory,
                Entry {
                    name,
                    kind: u8::try_from(kind).unwrap_or_default(),
                    mtime: row.get(3)?,
                },
            );
            if count == PIECE {
                last.extend_from_slice(name);
            }
        }
        if count < PIECE || builder.is_full() {
            return Ok(true);
        }
    }
}

pub(super) fn failed(access: Access<'_>, error: &rusqlite::Error) -> Error {
    let path = access.connection.path().unwrap_or_default();
    Error::sqlite(error, Operation::Search, path.as_bytes())
}
