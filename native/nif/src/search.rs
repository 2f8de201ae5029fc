//! Searches: one thread for an index takes one query after the other, of each who types the newest alone. It starts with the
//! first query and ends, and the names with it, when none has come for a while.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use aether_index::reader::Source;
use aether_index::search::{Access, Failed, Loaded, Mode, Query, Refused, Resident, Session, find};
use aether_index::{Answer as Told, Connection, Error, Unreadable, open_reader};
use parking_lot::{Condvar, Mutex};
use rustler::types::atom::{error, ok};
use rustler::{
    Atom, Binary, Encoder, Env, NifMap, NifResult, Reference, Resource, ResourceArc, Term,
};

use crate::aside;
use crate::cancel::{Cancel, Flag};
use crate::index::{Cell, Handle};
use crate::known::{self, Found};
use crate::read::failed;
use crate::send::Answer;
use crate::{atoms, terms};

/// Without a query for so long, the names are given back.
const IDLE: Duration = Duration::from_secs(60);
/// Names that are read in less are read again before a search, if they may have changed; others behind it.
const QUICK: Duration = Duration::from_millis(50);
/// Behind searches, names are read at most this part of the time.
const PART: u32 = 5;
/// How long SQLite waits where it cannot read at once.
const BUSY: Duration = Duration::from_millis(250);
/// Threads that one search uses, the one of the index included.
const THREADS: usize = 4;

/// The memory of one who types.
#[derive(Default)]
pub struct Typing {
    session: Mutex<Session>,
    /// Of the newest query.
    newest: Mutex<Option<Flag>>,
}

#[rustler::resource_impl(name = "typing")]
impl Resource for Typing {}

/// What is searched for.
struct Wanted {
    text: Vec<u8>,
    mode: Mode,
    limit: usize,
    source: Option<String>,
    near: Option<(String, Vec<u8>)>,
    all: bool,
}

struct Job {
    /// Held, so that it stays open meanwhile.
    cell: Arc<Cell>,
    wanted: Wanted,
    typing: Option<ResourceArc<Typing>>,
    cancel: ResourceArc<Cancel>,
    answer: Answer,
}

/// The searches of one index.
pub struct Searcher {
    waiting: Mutex<Waiting>,
    wake: Condvar,
    resident: Resident,
    /// How long the names took to read, and when they had been read.
    reading: Mutex<(Duration, Option<Instant>)>,
    is_reloading: AtomicBool,
    closed: Flag,
}

#[derive(Default)]
struct Waiting {
    jobs: VecDeque<Job>,
    /// There is a thread.
    is_awake: bool,
}

/// Why there is no answer.
enum Failure {
    Refused(Refused),
    Index(Error),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        Failure::Index(error)
    }
}

impl From<Failed> for Failure {
    fn from(failed: Failed) -> Failure {
        match failed {
            Failed::Refused(refused) => Failure::Refused(refused),
            Failed::Index(error) => Failure::Index(error),
        }
    }
}

impl Searcher {
    /// For names that take at most about so many bytes.
    pub fn new(limit: usize) -> Searcher {
        Searcher {
            waiting: Mutex::default(),
            wake: Condvar::new(),
            resident: Resident::new(limit),
            reading: Mutex::default(),
            is_reloading: AtomicBool::new(false),
            closed: Flag::default(),
        }
    }

    /// What the names take in memory now.
    pub fn bytes(&self) -> usize {
        self.resident.bytes()
    }

    /// Ends the thread. Queries that wait get an answer from it.
    pub fn close(&self) {
        self.closed.store(true, Ordering::Release);
        let _waiting = self.waiting.lock();
        self.wake.notify_all();
    }

    fn ask(self: &Arc<Self>, job: Job) -> std::io::Result<()> {
        let mut waiting = self.waiting.lock();
        if !waiting.is_awake {
            let searcher = Arc::clone(self);
            aside::thread(move || searcher.run())?;
            waiting.is_awake = true;
        }
        waiting.jobs.push_back(job);
        self.wake.notify_one();
        Ok(())
    }

    fn run(&self) {
        let mut connection = None;
        while let Some(job) = self.next() {
            let Job {
                cell,
                wanted,
                typing,
                cancel,
                answer,
            } = job;
            let search = || {
                self.search(
                    &cell,
                    &mut connection,
                    &wanted,
                    typing.as_deref(),
                    &cancel.flag,
                )
            };
            // Nothing of what panicked is used again.
            let found = catch_unwind(AssertUnwindSafe(search));
            let found = found.unwrap_or(Err(Failure::Refused(Refused::Panic)));
            let tell = || {
                answer.send(|env| match found {
                    Ok(found) => (ok(), known::answer(env, found, known::found)).encode(env),
                    Err(Failure::Index(reason)) => failed(env, &reason),
                    Err(Failure::Refused(reason)) => {
                        (error(), refused(env, reason, &wanted)).encode(env)
                    }
                });
            };
            // Whoever waits next is to be answered all the same.
            drop(catch_unwind(AssertUnwindSafe(tell)));
        }
        self.resident.drop_idle(Duration::ZERO);
    }

    /// The next query; None when the thread is to end.
    fn next(&self) -> Option<Job> {
        let mut waiting = self.waiting.lock();
        loop {
            if let Some(job) = waiting.jobs.pop_front() {
                return Some(job);
            }
            // Closed while a search ran: nobody wakes this again.
            let is_over = self.closed.load(Ordering::Acquire)
                || self.wake.wait_for(&mut waiting, IDLE).timed_out()
                || self.closed.load(Ordering::Acquire);
            if is_over && waiting.jobs.is_empty() {
                waiting.is_awake = false;
                return None;
            }
        }
    }

    fn search(
        &self,
        cell: &Arc<Cell>,
        connection: &mut Option<Connection>,
        wanted: &Wanted,
        typing: Option<&Typing>,
        cancel: &Flag,
    ) -> Result<Told<Found>, Failure> {
        let pool = cell.readers()?;
        if cancel.load(Ordering::Acquire) {
            return Err(Failure::Refused(Refused::Cancelled));
        }
        // First, so that a closed index is told by the pool.
        let sources = match &wanted.source {
            Some(uuid) => vec![pool.source(uuid)?],
            None => pool.sources()?,
        };
        let near = match &wanted.near {
            Some((source, folder)) => Some(pool.row(source, folder)?),
            None => None,
        };
        let connection = match connection {
            Some(connection) => connection,
            None => connection.insert(open_reader(pool.location(), BUSY)?),
        };
        let access = Access {
            connection,
            gate: pool.gate(),
        };
        let (loaded, is_new) = self.names(cell, access, cancel)?;
        let source = wanted.source.as_ref().and(sources.first());
        let query = Query {
            mode: wanted.mode,
            source: source.map(|answer| answer.value.id()),
            all: wanted.all,
            near,
            limit: wanted.limit,
            threads: std::thread::available_parallelism().map_or(1, |n| n.get().min(THREADS)),
            ..Query::new(&wanted.text)
        };
        let mut session = typing.map(|typing| typing.session.lock());
        let found = find(access, &loaded, &query, session.as_deref_mut(), cancel)?;
        Ok(told(sources, Found { found, is_new }))
    }

    /// The names, and whether they were read for this query.
    fn names(
        &self,
        cell: &Arc<Cell>,
        access: Access<'_>,
        cancel: &Flag,
    ) -> Result<(Arc<Loaded>, bool), Failure> {
        let cancelled = || Failure::Refused(Refused::Cancelled);
        let Some(loaded) = self.resident.get() else {
            // Not given up with the query: the next one, of somebody who goes on typing, needs the names too.
            let loaded = self.timed(|| self.resident.get_or_load(access, &self.closed))?;
            if cancel.load(Ordering::Acquire) {
                return Err(cancelled());
            }
            return Ok((loaded.ok_or_else(cancelled)?, true));
        };
        if !loaded.is_outdated(access)? {
            return Ok((loaded, false));
        }
        let (took, at) = *self.reading.lock();
        if took <= QUICK && !self.is_reloading.load(Ordering::Acquire) {
            self.timed(|| self.resident.reload(access, &self.closed))?;
            return Ok((self.resident.get().ok_or_else(cancelled)?, true));
        }
        if at.is_none_or(|at| at.elapsed() >= took * PART) {
            self.reload_behind(cell);
        }
        Ok((loaded, false))
    }

    fn timed<T>(&self, read: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
        let start = Instant::now();
        let result = read();
        *self.reading.lock() = (start.elapsed(), Some(Instant::now()));
        result
    }

    /// Reads the names again while searches go on in the old ones. One such thread at a time.
    fn reload_behind(&self, cell: &Arc<Cell>) {
        if self.is_reloading.swap(true, Ordering::AcqRel) {
            return;
        }
        let weak = Arc::downgrade(cell);
        let reload = move || {
            // Held from here on, so that the names have an owner.
            let Some(cell) = weak.upgrade() else { return };
            let searcher = &cell.searcher;
            let read = || {
                let pool = cell.readers()?;
                let connection = open_reader(pool.location(), BUSY)?;
                let access = Access {
                    connection: &connection,
                    gate: pool.gate(),
                };
                searcher.timed(|| searcher.resident.reload(access, &searcher.closed))
            };
            // If it fails, the next query tries again.
            let _ = catch_unwind(AssertUnwindSafe(read));
            searcher.is_reloading.store(false, Ordering::Release);
        };
        if aside::thread(reload).is_err() {
            self.is_reloading.store(false, Ordering::Release);
        }
    }
}

#[derive(NifMap)]
#[rustler(decode)]
struct OptionsMap<'a> {
    mode: Atom,
    limit: usize,
    source: Option<String>,
    near: Option<(String, Binary<'a>)>,
    all: bool,
    session: Option<ResourceArc<Typing>>,
}

/// Searches. Of one session, the newest query ends those before it.
#[rustler::nif]
fn index_search<'a>(
    env: Env<'a>,
    reference: Reference<'a>,
    handle: &Handle,
    text: Binary<'a>,
    options: OptionsMap<'a>,
) -> NifResult<Term<'a>> {
    let near = options
        .near
        .map(|(source, folder)| (source, folder.to_vec()));
    let wanted = Wanted {
        text: text.to_vec(),
        mode: mode(options.mode)?,
        limit: options.limit,
        source: options.source,
        near,
        all: options.all,
    };
    let cell = &handle.0;
    if let Err(reason) = cell.readers() {
        return Ok(failed(env, &reason));
    }
    let cancel = Cancel::new(env, &cell.running);
    if let Some(typing) = &options.session {
        let older = typing.newest.lock().replace(Flag::clone(&cancel.flag));
        if let Some(older) = older {
            older.store(true, Ordering::Release);
        }
    }
    let job = Job {
        cell: Arc::clone(cell),
        wanted,
        typing: options.session,
        answer: Answer::new(reference, env.pid()).unless(&cancel.settled),
        cancel: cancel.clone(),
    };
    match cell.searcher.ask(job) {
        Ok(()) => Ok((ok(), cancel).encode(env)),
        Err(_) => Ok((error(), terms::start_error(env, atoms::eagain(), &[])).encode(env)),
    }
}

/// The memory of one who types.
#[rustler::nif]
fn index_session(env: Env<'_>) -> Term<'_> {
    ResourceArc::new(Typing::default()).encode(env)
}

fn mode(mode: Atom) -> NifResult<Mode> {
    let modes = [
        (atoms::auto(), Mode::Auto),
        (atoms::substring(), Mode::Substring),
        (atoms::glob(), Mode::Glob),
        (atoms::fuzzy(), Mode::Fuzzy),
    ];
    let found = modes.into_iter().find(|(name, _)| *name == mode);
    found.map(|(_, mode)| mode).ok_or(rustler::Error::BadArg)
}

/// What is found in several sources is as true as the least of them.
fn told(mut sources: Vec<Told<Source>>, found: Found) -> Told<Found> {
    let is_cut = found.found.truncated;
    // Paths of several roots would not tell which.
    let first = match sources.as_mut_slice() {
        [one] => std::mem::take(&mut one.unreadable.first),
        _ => Vec::new(),
    };
    let mut told = Told {
        value: found,
        scanned_at: sources.iter().map(|one| one.scanned_at).min().flatten(),
        // None, which is never, is not the largest.
        age: sources
            .iter()
            .map(|one| one.age)
            .collect::<Option<Vec<_>>>()
            .and_then(|ages| ages.into_iter().max()),
        stale: sources.is_empty(),
        scanning: false,
        exhaustive: !sources.is_empty() && !is_cut,
        unreadable: Unreadable::default(),
        imported: false,
        rolled_back: false,
        newer: None,
    };
    for one in sources {
        told.stale |= one.stale;
        told.scanning |= one.scanning;
        told.exhaustive &= one.exhaustive;
        told.rolled_back |= one.rolled_back;
        told.unreadable.count += one.unreadable.count;
        told.unreadable.at_least |= one.unreadable.at_least;
    }
    told.unreadable.first = first;
    told
}

fn refused<'a>(env: Env<'a>, reason: Refused, wanted: &Wanted) -> Term<'a> {
    let name = match reason {
        Refused::Cancelled => atoms::cancelled(),
        Refused::TooLong => atoms::query_too_long(),
        Refused::Glob(_) => atoms::bad_glob(),
        Refused::Panic => atoms::panic(),
    };
    let detail = reason.to_string();
    terms::own_error(env, name, atoms::search(), &wanted.text, Some(&detail))
}
