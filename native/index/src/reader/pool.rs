//! A few read-only connections, opened on demand, each used by one page at a time; and what bounds
//! a page: the gate and a deadline.

use std::collections::BTreeSet;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use parking_lot::{Condvar, Mutex};

use super::bounds::{Bounds, GIVES_WAY, SHORT};
use super::read_txn::{ReadTxn, WriterLiveness};
use crate::connection::Connection;
use crate::error::{Error, Operation, Reason};
use crate::gate::Gate;
use crate::location::Location;
use crate::lock::WriterLock;
use crate::open::open_reader;
use crate::record::Generations;
use crate::registry::{self, Claim, FileId, Stamp};
use crate::token;

/// Virtual machine instructions of SQLite between two looks at the clock: some tens of
/// microseconds.
const OPS: i32 = 1000;

/// How a pool behaves.
#[derive(Clone, Copy, Debug)]
pub struct PoolOptions {
    /// Maximum number of connections.
    pub connections: usize,
    /// How long SQLite waits where it cannot read at once: while another process opens or recovers
    /// the log.
    pub busy: Duration,
    /// How long a page may take, and how long it may wait for a connection first.
    pub limit: Duration,
    /// SQLite's page cache of each connection, in KiB.
    pub cache_kib: u32,
}

impl Default for PoolOptions {
    fn default() -> PoolOptions {
        PoolOptions {
            connections: 4,
            busy: Duration::from_millis(250),
            limit: Duration::from_secs(2),
            cache_kib: 2048,
        }
    }
}

/// Read-only connections to one index.
#[derive(Debug)]
pub struct Pool {
    location: Location,
    gate: Arc<Gate>,
    options: PoolOptions,
    slots: Mutex<Slots>,
    returned: Condvar,
    remembered: Mutex<SidecarSeen>,
    /// Scans that say "running", but were seen so twice with nobody holding the writer's lock.
    crashed: Mutex<BTreeSet<i64>>,
    /// The connection that notices commits: see `version`.
    pub(super) watching: Mutex<Option<PooledConnection>>,
    /// Deadlines are counted from here.
    epoch: Instant,
}

#[derive(Debug, Default)]
struct Slots {
    idle: Vec<PooledConnection>,
    lent: usize,
    closed: bool,
    /// The file that was opened first. No other is read.
    claim: Option<Claim>,
    /// What it looked like when it was opened, or when its token was last compared.
    seen: Option<Stamp>,
    /// Why that file is no longer read.
    moved: Option<String>,
}

/// What the sidecar said, and what it looked like then.
#[derive(Debug, Default)]
struct SidecarSeen {
    seen: Option<(SystemTime, u64)>,
    generations: Arc<Generations>,
}

#[derive(Debug)]
pub(super) struct PooledConnection {
    connection: Connection,
    bounds: Arc<Bounds>,
}

/// A connection, returned to the pool when dropped.
struct Checkout<'a> {
    pool: &'a Pool,
    reader: Option<PooledConnection>,
}

impl Pool {
    /// For an index that a writer in this process has open: both share the gate. Opens nothing yet.
    pub fn new(location: Location, gate: Arc<Gate>, options: PoolOptions) -> Pool {
        let is_open = FileId::at(&location.database).is_some_and(registry::is_open);
        let claim = is_open.then(|| Claim::open(&location.database, |_| Ok(())).ok());
        let claim = claim.flatten();
        let slots = Slots {
            seen: claim.as_ref().and_then(Claim::stamp),
            claim,
            ..Slots::default()
        };
        Pool {
            location,
            gate,
            options,
            slots: Mutex::new(slots),
            returned: Condvar::new(),
            remembered: Mutex::default(),
            crashed: Mutex::default(),
            watching: Mutex::default(),
            epoch: Instant::now(),
        }
    }

    /// For an index that another process writes, or none.
    pub fn open(path: &Path, options: PoolOptions) -> Result<Pool, Error> {
        let pool = Pool::new(Location::resolve(path)?, Arc::default(), options);
        pool.page(|_| Ok(()))?;
        Ok(pool)
    }

    /// Where the index lies.
    pub fn location(&self) -> &Location {
        &self.location
    }

    /// Readers that bypass `page` must enter this gate.
    pub fn gate(&self) -> &Arc<Gate> {
        &self.gate
    }

    /// Closes idle connections; the others close when their pages end. Later pages are refused.
    pub fn close(&self) {
        let idle = {
            let mut slots = self.slots.lock();
            slots.closed = true;
            (std::mem::take(&mut slots.idle), slots.claim.take())
        };
        self.returned.notify_all();
        drop((idle, self.watching.lock().take()));
    }

    pub(super) fn is_closed(&self) -> bool {
        self.slots.lock().closed
    }

    /// How many connections are open.
    #[cfg(any(test, feature = "test-support"))]
    pub fn connections(&self) -> usize {
        let slots = self.slots.lock();
        slots.idle.len() + slots.lent
    }

    /// One read transaction: all that is read in it is of one moment.
    ///
    /// A scan that says "running" while nobody writes has crashed, or it ended just after the
    /// moment that this page shows: then the page is read once more, which tells the two apart.
    pub(crate) fn page<T>(
        &self,
        mut read: impl FnMut(&ReadTxn<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let mut checkout = self.check_out()?;
        let deadline = self.now(self.options.limit);
        for _ in 0..GIVES_WAY {
            let (value, gave_way) = self.enter(&mut checkout, deadline, true, &mut read)?;
            if !gave_way {
                return value;
            }
        }
        self.enter(&mut checkout, deadline, false, &mut read)?.0
    }

    /// What was read, and whether it is to be read again because the page gave way.
    fn enter<T>(
        &self,
        checkout: &mut Checkout<'_>,
        deadline: u64,
        gives_way: bool,
        read: &mut impl FnMut(&ReadTxn<'_>) -> Result<T, Error>,
    ) -> Result<(Result<T, Error>, bool), Error> {
        let _entered = self.gate.enter();
        self.check_place()?;
        // Before the page's moment: a generation that is remembered later may be newer than the
        // page and no rollback.
        let generations = self.generations();
        let reader = match checkout.reader.take() {
            Some(reader) => reader,
            None => self.connect()?,
        };
        let reader = checkout.reader.insert(reader);
        let gives_way_from = if gives_way { self.now(SHORT) } else { u64::MAX };
        reader.bounds.set(deadline, gives_way_from);
        let value = self.read(&reader.connection, &generations, read);
        Ok((value, reader.bounds.has_given_way()))
    }

    fn read<T>(
        &self,
        connection: &Connection,
        generations: &Generations,
        read: &mut impl FnMut(&ReadTxn<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let (path, limit) = (self.path(), self.options.limit);
        let liveness = WriterLiveness::new(&self.location.sidecar, self.crashed.lock().clone());
        let txn = ReadTxn::new(connection, path, generations, &liveness, limit);
        let value = txn.transaction(read)?;
        let doubtful = liveness.doubtful();
        if doubtful.is_empty() {
            return Ok(value);
        }
        let liveness = WriterLiveness::new(&self.location.sidecar, doubtful);
        let txn = ReadTxn::new(connection, path, generations, &liveness, limit);
        let value = txn.transaction(read)?;
        self.crashed.lock().extend(liveness.crashed());
        Ok(value)
    }

    /// Refuses what was moved away from the index's path, was put there instead, or was written over
    /// what lies there: for readers that bypass `page`, and before each page.
    pub fn check_place(&self) -> Result<(), Error> {
        let (known, claim, seen) = {
            let slots = self.slots.lock();
            (slots.moved.clone(), slots.claim.clone(), slots.seen)
        };
        // Not while the lock is held: the disk may hang.
        let found = || {
            let claim = claim.as_ref()?;
            let moved = claim.moved(&self.location.database);
            moved.or_else(|| self.overwritten(claim, seen))
        };
        let Some(why) = known.or_else(found) else {
            return Ok(());
        };
        let mut slots = self.slots.lock();
        slots.moved.get_or_insert_with(|| why.clone());
        // They would keep others from taking away what lies beside the file that is there now.
        let let_go = (std::mem::take(&mut slots.idle), slots.claim.take());
        drop(slots);
        drop(let_go);
        Err(self.error(Reason::Moved).with(why))
    }

    /// Each checkpoint changes the file. So its token is looked at only then.
    fn overwritten(&self, claim: &Claim, seen: Option<Stamp>) -> Option<String> {
        let stamp = claim.stamp();
        if stamp == seen {
            return None;
        }
        let why = token::check_open(&self.location, claim);
        if why.is_none() {
            self.slots.lock().seen = stamp;
        }
        why
    }

    /// A connection of its own to the very file that the pool reads, for readers that bypass
    /// `page`.
    pub fn open_reader(&self, timeout: Duration) -> Result<Connection, Error> {
        self.check_place()?;
        let connection = open_reader(&self.location, timeout)?;
        let stamp = connection.claim().stamp();
        let mut slots = self.slots.lock();
        if slots.claim.is_none() {
            (slots.claim, slots.seen) = (Some(connection.claim().clone()), stamp);
        }
        let is_same = |claim: &Claim| claim.id() == connection.claim().id();
        if slots.claim.as_ref().is_some_and(is_same) {
            return Ok(connection);
        }
        drop(slots);
        let error = self.error(Reason::Moved);
        Err(error.with("another file lies at its path"))
    }

    /// A time from now, in ns since the epoch.
    fn now(&self, later: Duration) -> u64 {
        (self.epoch.elapsed() + later).as_nanos() as u64
    }

    pub(super) fn path(&self) -> &[u8] {
        self.location.database.as_os_str().as_bytes()
    }

    fn error(&self, reason: Reason) -> Error {
        Error::new(reason, Operation::Read, self.path())
    }

    fn check_out(&self) -> Result<Checkout<'_>, Error> {
        let until = Instant::now() + self.options.limit;
        let mut slots = self.slots.lock();
        loop {
            if slots.closed {
                return Err(self.error(Reason::Closed));
            }
            if slots.lent < self.options.connections.max(1) {
                slots.lent += 1;
                let reader = slots.idle.pop();
                return Ok(Checkout { pool: self, reader });
            }
            if self.returned.wait_until(&mut slots, until).timed_out() {
                let error = self.error(Reason::Busy);
                return Err(error.with("all connections are in use"));
            }
        }
    }

    pub(super) fn connect(&self) -> Result<PooledConnection, Error> {
        let mut connection = self.open_reader(self.options.busy)?;
        connection.set_prepared_statement_cache_capacity(64);
        let (epoch, gate) = (self.epoch, Arc::clone(&self.gate));
        let bounds = Arc::new(Bounds::default());
        let shared = Arc::clone(&bounds);
        let over = move || shared.is_over(epoch.elapsed().as_nanos() as u64, &gate);
        let cache = -i64::from(self.options.cache_kib);
        let mut prepare = || {
            connection.pragma_update(None, "query_only", true)?;
            connection.pragma_update(None, "cache_size", cache)?;
            connection.progress_handler(OPS, Some(over.clone()))
        };
        prepare().map_err(|error| Error::sqlite(&error, Operation::Open, self.path()))?;
        Ok(PooledConnection { connection, bounds })
    }

    /// The generations in the sidecar, read again when it has changed.
    fn generations(&self) -> Arc<Generations> {
        let look = || {
            let metadata = std::fs::metadata(&self.location.sidecar).ok()?;
            Some((metadata.modified().ok()?, metadata.len()))
        };
        let seen = look();
        let mut remembered = self.remembered.lock();
        if remembered.seen != seen || seen.is_none() {
            remembered.generations = WriterLock::generations(&self.location.sidecar);
            remembered.seen = seen;
        }
        Arc::clone(&remembered.generations)
    }
}

impl PooledConnection {
    /// A number that is another one once another connection has committed something.
    pub(super) fn version(&self) -> rusqlite::Result<i64> {
        // A page's bounds do not hold here.
        self.bounds.set(u64::MAX, u64::MAX);
        let sql = "PRAGMA data_version";
        self.connection.query_row(sql, (), |row| row.get(0))
    }
}

impl Drop for Checkout<'_> {
    fn drop(&mut self) {
        let mut slots = self.pool.slots.lock();
        slots.lent -= 1;
        let reader = self.reader.take();
        let over = match slots.closed || slots.moved.is_some() {
            false => {
                slots.idle.extend(reader);
                None
            }
            true => reader,
        };
        drop(slots);
        self.pool.returned.notify_one();
        drop(over);
    }
}

#[cfg(test)]
mod tests;
