//! A read transaction, with statements that stay prepared; and whether a scan whose row says
//! "running" still runs.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeSet, HashMap};
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rusqlite::{CachedStatement, Connection, ErrorCode, OptionalExtension, Params, Row};

use super::query::{self, Sql};
use crate::error::{Error, Operation, Reason};
use crate::lock::WriterLock;
use crate::owner::Owner;
use crate::record::Generations;

pub(crate) struct ReadTxn<'a> {
    db: &'a Connection,
    path: &'a [u8],
    pub(super) generations: &'a Generations,
    pub(super) liveness: &'a WriterLiveness<'a>,
    /// How long a page may take.
    pub(super) limit: Duration,
    /// ms since the epoch.
    pub(super) now: i64,
    /// Those that were looked up.
    owners: RefCell<HashMap<i64, Option<Owner>>>,
}

impl<'a> ReadTxn<'a> {
    pub fn new(
        db: &'a Connection,
        path: &'a [u8],
        generations: &'a Generations,
        liveness: &'a WriterLiveness<'a>,
        limit: Duration,
    ) -> ReadTxn<'a> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        let now = now.map_or(0, |since| since.as_millis() as i64);
        ReadTxn {
            db,
            path,
            generations,
            liveness,
            limit,
            now,
            owners: RefCell::default(),
        }
    }

    pub fn transaction<T>(
        &self,
        read: &mut impl FnMut(&ReadTxn<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let transaction = self.db.unchecked_transaction();
        let transaction = transaction.map_err(|error| self.failed(&error))?;
        let value = read(self)?;
        transaction.commit().map_err(|error| self.failed(&error))?;
        Ok(value)
    }

    pub fn error(&self, reason: Reason) -> Error {
        Error::new(reason, Operation::Read, self.path)
    }

    fn failed(&self, error: &rusqlite::Error) -> Error {
        match error.sqlite_error_code() {
            Some(ErrorCode::OperationInterrupted) => {
                let detail = format!("reading took longer than {:?}", self.limit);
                self.error(Reason::Busy).with(detail)
            }
            _ => Error::sqlite(error, Operation::Read, self.path),
        }
    }

    /// The first row, if there is one.
    pub fn first<T>(
        &self,
        query: Sql,
        params: impl Params,
        read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>, Error> {
        let run = || {
            let mut statement = self.prepare(query)?;
            let mut rows = statement.query(params)?;
            rows.next()?.map(read).transpose()
        };
        run().map_err(|error| self.failed(&error))
    }

    /// All rows.
    pub fn all<T>(
        &self,
        query: Sql,
        params: impl Params,
        mut read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, Error> {
        let mut found = Vec::new();
        self.each(query, params, |row| {
            found.push(read(row)?);
            Ok(true)
        })?;
        Ok(found)
    }

    /// Row by row, until `read` returns false.
    pub fn each(
        &self,
        query: Sql,
        params: impl Params,
        mut read: impl FnMut(&Row<'_>) -> rusqlite::Result<bool>,
    ) -> Result<(), Error> {
        let run = || -> rusqlite::Result<()> {
            let mut statement = self.prepare(query)?;
            let mut rows = statement.query(params)?;
            while let Some(row) = rows.next()? {
                if !read(row)? {
                    break;
                }
            }
            Ok(())
        };
        run().map_err(|error| self.failed(&error))
    }

    /// A statement to run many times: looking it up by its text costs as much as reading a row.
    pub fn statement(&self, query: Sql) -> Result<CachedStatement<'a>, Error> {
        self.prepare(query).map_err(|error| self.failed(&error))
    }

    /// The result of running such a statement.
    pub fn found<T>(&self, result: rusqlite::Result<T>) -> Result<T, Error> {
        result.map_err(|error| self.failed(&error))
    }

    /// The owner with an id of `owners`.
    pub fn owner(&self, id: Option<i64>) -> rusqlite::Result<Option<Owner>> {
        let Some(id) = id else {
            return Ok(None);
        };
        let mut known = self.owners.borrow_mut();
        if let Some(owner) = known.get(&id) {
            return Ok(*owner);
        }
        let mut statement = self.prepare(query::OWNER)?;
        let owner = statement.query_row([id], Owner::read).optional()?;
        known.insert(id, owner);
        Ok(owner)
    }

    fn prepare(&self, query: Sql) -> rusqlite::Result<CachedStatement<'a>> {
        self.db.prepare_cached(query.0)
    }
}

/// Whether a writer is alive, checked only when a scan's row says "running".
pub(crate) struct WriterLiveness<'a> {
    sidecar: &'a Path,
    held: Cell<Option<bool>>,
    /// Scans that have crashed if there is no writer.
    suspects: BTreeSet<i64>,
    doubtful: RefCell<BTreeSet<i64>>,
    crashed: RefCell<BTreeSet<i64>>,
}

impl<'a> WriterLiveness<'a> {
    pub fn new(sidecar: &'a Path, suspects: BTreeSet<i64>) -> WriterLiveness<'a> {
        WriterLiveness {
            sidecar,
            held: Cell::new(None),
            suspects,
            doubtful: RefCell::default(),
            crashed: RefCell::default(),
        }
    }

    /// Whether a scan whose row says "running" still runs.
    pub fn runs(&self, scan: i64) -> bool {
        let held = self.held.get();
        let held = held.unwrap_or_else(|| WriterLock::is_held(self.sidecar));
        self.held.set(Some(held));
        if !held && self.suspects.contains(&scan) {
            self.crashed.borrow_mut().insert(scan);
        } else if !held {
            self.doubtful.borrow_mut().insert(scan);
        }
        held
    }

    /// Scans found "running" without a writer for the first time.
    pub fn doubtful(&self) -> BTreeSet<i64> {
        self.doubtful.borrow().clone()
    }

    /// Scans found so for the second time.
    pub fn crashed(&self) -> BTreeSet<i64> {
        self.crashed.borrow().clone()
    }
}
