//! A few read-only connections, opened when they are needed, each lent to one page at a time; and what bounds a page: the gate,
//! and a deadline. What a page asks is elsewhere.

use std::collections::BTreeSet;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime};

use parking_lot::{Condvar, Mutex};
use rusqlite::Connection;

use super::page::{Page, Pulse};
use crate::error::{Error, Operation, Reason};
use crate::gate::Gate;
use crate::lock::{Generations, WriterLock};
use crate::open::{Location, open_reader};

/// Virtual machine instructions of SQLite between two looks at the clock: some tens of microseconds.
const OPS: i32 = 1000;

/// How a pool behaves.
#[derive(Clone, Copy, Debug)]
pub struct PoolOptions {
    /// At most so many connections.
    pub connections: usize,
    /// How long SQLite waits where it cannot read at once: while another process opens or recovers the log.
    pub busy: Duration,
    /// No page takes longer, waiting for a connection apart, which takes no longer either.
    pub limit: Duration,
    /// Memory for each connection's pages, in KiB.
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
    remembered: Mutex<Remembered>,
    /// Scans that say "running", but were seen so twice with nobody holding the writer's lock.
    crashed: Mutex<BTreeSet<i64>>,
    /// Deadlines are counted from here.
    epoch: Instant,
}

#[derive(Debug, Default)]
struct Slots {
    idle: Vec<Reader>,
    lent: usize,
    closed: bool,
}

/// What the sidecar said, and what it looked like then.
#[derive(Debug, Default)]
struct Remembered {
    seen: Option<(SystemTime, u64)>,
    generations: Arc<Generations>,
}

#[derive(Debug)]
struct Reader {
    connection: Connection,
    /// In ns since the pool's epoch.
    deadline: Arc<AtomicU64>,
}

/// A place in the pool, given back when dropped.
struct Lent<'a> {
    pool: &'a Pool,
    reader: Option<Reader>,
}

impl Pool {
    /// For an index that a writer in this process has open: both share the gate. Opens nothing yet.
    pub fn new(location: Location, gate: Arc<Gate>, options: PoolOptions) -> Pool {
        Pool {
            location,
            gate,
            options,
            slots: Mutex::default(),
            returned: Condvar::new(),
            remembered: Mutex::default(),
            crashed: Mutex::default(),
            epoch: Instant::now(),
        }
    }

    /// For reading an index that others write, or nobody.
    pub fn open(path: &Path, options: PoolOptions) -> Result<Pool, Error> {
        let pool = Pool::new(Location::resolve(path)?, Arc::default(), options);
        pool.page(|_| Ok(()))?;
        Ok(pool)
    }

    /// Where the index lies.
    pub fn location(&self) -> &Location {
        &self.location
    }

    /// Lets the connections go; those that are lent go when their pages end. Later pages are refused.
    pub fn close(&self) {
        let idle = {
            let mut slots = self.slots.lock();
            slots.closed = true;
            std::mem::take(&mut slots.idle)
        };
        self.returned.notify_all();
        drop(idle);
    }

    /// How many connections are open.
    pub fn connections(&self) -> usize {
        let slots = self.slots.lock();
        slots.idle.len() + slots.lent
    }

    /// One read transaction: all that is read in it is of one moment.
    ///
    /// A scan that says "running" while nobody writes has crashed, or it ended just after the moment that this page shows: then
    /// the page is read once more, which tells the two apart.
    pub(crate) fn page<T>(
        &self,
        mut read: impl FnMut(&Page<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let mut lent = self.lend()?;
        let _entered = self.gate.enter();
        // Before the page's moment: a generation that is remembered later may be newer than the page and no rollback.
        let generations = self.generations();
        let reader = match lent.reader.take() {
            Some(reader) => reader,
            None => self.connect()?,
        };
        let reader = lent.reader.insert(reader);
        let limit = self.options.limit;
        let deadline = (self.epoch.elapsed() + limit).as_nanos();
        reader.deadline.store(deadline as u64, Ordering::Relaxed);

        let pulse = Pulse::new(&self.location.sidecar, self.crashed.lock().clone());
        let page = Page::new(&reader.connection, self.path(), &generations, &pulse, limit);
        let mut value = page.transaction(&mut read)?;
        let doubtful = pulse.doubtful();
        if !doubtful.is_empty() {
            let pulse = Pulse::new(&self.location.sidecar, doubtful);
            let page = Page::new(&reader.connection, self.path(), &generations, &pulse, limit);
            value = page.transaction(&mut read)?;
            self.crashed.lock().extend(pulse.crashed());
        }
        Ok(value)
    }

    fn path(&self) -> &[u8] {
        self.location.database.as_os_str().as_bytes()
    }

    fn error(&self, reason: Reason) -> Error {
        Error::new(reason, Operation::Read, self.path())
    }

    fn lend(&self) -> Result<Lent<'_>, Error> {
        let until = Instant::now() + self.options.limit;
        let mut slots = self.slots.lock();
        loop {
            if slots.closed {
                return Err(self.error(Reason::Closed));
            }
            if slots.lent < self.options.connections.max(1) {
                slots.lent += 1;
                let reader = slots.idle.pop();
                return Ok(Lent { pool: self, reader });
            }
            if self.returned.wait_until(&mut slots, until).timed_out() {
                let error = self.error(Reason::Busy);
                return Err(error.with("all connections are in use"));
            }
        }
    }

    fn connect(&self) -> Result<Reader, Error> {
        let mut connection = open_reader(&self.location, self.options.busy)?;
        connection.set_prepared_statement_cache_capacity(64);
        let (epoch, deadline) = (self.epoch, Arc::new(AtomicU64::new(u64::MAX)));
        let shared = Arc::clone(&deadline);
        let over = move || epoch.elapsed().as_nanos() as u64 > shared.load(Ordering::Relaxed);
        let cache = -i64::from(self.options.cache_kib);
        let mut prepare = || {
            connection.pragma_update(None, "query_only", true)?;
            connection.pragma_update(None, "cache_size", cache)?;
            connection.progress_handler(OPS, Some(over.clone()))
        };
        prepare().map_err(|error| Error::sqlite(&error, Operation::Open, self.path()))?;
        Ok(Reader {
            connection,
            deadline,
        })
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
            remembered.generations = Arc::new(WriterLock::generations(&self.location.sidecar));
            remembered.seen = seen;
        }
        Arc::clone(&remembered.generations)
    }
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        let mut slots = self.pool.slots.lock();
        slots.lent -= 1;
        let reader = self.reader.take();
        let over = match slots.closed {
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
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::open::create;
    use crate::reader::query;
    use std::sync::atomic::{AtomicBool, AtomicUsize};

    fn pool(directory: &Path, options: PoolOptions) -> Pool {
        let location = Location::resolve(&directory.join("index.db")).unwrap();
        create(&location).unwrap();
        Pool::new(location, Arc::default(), options)
    }

    /// As if a page went through many rows.
    fn read_for_long(pool: &Pool) -> Result<(), Error> {
        pool.page(|page| {
            loop {
                page.all(query::ROOTS, (), |_| Ok(()))?;
            }
        })
    }

    #[test]
    fn a_page_ends_at_its_deadline_and_its_connection_goes_on() {
        let directory = tempfile::tempdir().unwrap();
        let pool = pool(
            directory.path(),
            PoolOptions {
                limit: Duration::from_millis(20),
                connections: 1,
                ..PoolOptions::default()
            },
        );
        assert_eq!(read_for_long(&pool).unwrap_err().reason, Reason::Busy);
        assert!(pool.sources().unwrap().is_empty());
        assert_eq!(pool.connections(), 1);
    }

    #[test]
    fn no_more_connections_are_open_than_were_asked_for() {
        let directory = tempfile::tempdir().unwrap();
        let pool = pool(
            directory.path(),
            PoolOptions {
                connections: 2,
                ..PoolOptions::default()
            },
        );
        assert_eq!(pool.connections(), 0);
        let (now, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    for _ in 0..50 {
                        let one = |_: &Page<'_>| {
                            most.fetch_max(
                                now.fetch_add(1, Ordering::SeqCst) + 1,
                                Ordering::SeqCst,
                            );
                            std::thread::yield_now();
                            now.fetch_sub(1, Ordering::SeqCst);
                            Ok(())
                        };
                        pool.page(one).unwrap();
                    }
                });
            }
        });
        assert!(most.into_inner() <= 2 && pool.connections() <= 2);
        // While all are lent, the next waits, but not for ever.
        let busy = pool.page(|_| pool.page(|_| Ok(pool.page(|_| Ok(())).unwrap_err().reason)));
        assert_eq!(busy.unwrap(), Reason::Busy);
    }

    #[test]
    fn a_page_waits_while_the_gate_is_shut() {
        let directory = tempfile::tempdir().unwrap();
        let pool = pool(directory.path(), PoolOptions::default());
        let open = AtomicBool::new(false);
        std::thread::scope(|scope| {
            let shut = pool.gate.shut(Duration::ZERO).unwrap();
            let page = scope.spawn(|| pool.page(|_| Ok(open.load(Ordering::SeqCst))));
            // It has a connection's place, so it is at the gate or on its way there.
            while pool.connections() == 0 {
                std::thread::yield_now();
            }
            open.store(true, Ordering::SeqCst);
            drop(shut);
            assert!(page.join().unwrap().unwrap());
        });
        // And the writer waits for the page.
        let entered = pool.page(|_| Ok(pool.gate.shut(Duration::ZERO).is_none()));
        assert!(entered.unwrap());
    }

    #[test]
    fn a_closed_pool_lets_go() {
        let directory = tempfile::tempdir().unwrap();
        let pool = pool(directory.path(), PoolOptions::default());
        let within = pool.page(|_| {
            pool.close();
            Ok(pool.connections())
        });
        assert_eq!((within.unwrap(), pool.connections()), (1, 0));
        assert_eq!(pool.sources().unwrap_err().reason, Reason::Closed);
    }

    #[test]
    fn what_is_no_index_is_refused_untouched() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("index.db");
        let reason = || {
            Pool::open(&path, PoolOptions::default())
                .unwrap_err()
                .reason
        };
        assert_eq!(reason(), Reason::Errno(2));
        for (bytes, expected) in [
            (&b""[..], Reason::NotADatabase),
            (&[b'x'; 5000], Reason::NotADatabase),
        ] {
            std::fs::write(&path, bytes).unwrap();
            assert_eq!(reason(), expected);
            assert_eq!(std::fs::read(&path).unwrap(), bytes);
        }
    }
}
