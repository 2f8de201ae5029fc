//! Searches of one index, in turn on one thread; of each session only the newest query is answered.
//! The thread starts with the first query. When none has come for a while it ends, and the names
//! are freed.

mod freshness;
mod merge;
mod reload;

use std::collections::VecDeque;
use std::ffi::OsString;
use std::io;
use std::os::unix::ffi::OsStringExt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use parking_lot::{Condvar, Mutex, MutexGuard};

use self::freshness::KnownFreshness;
use self::merge::merge;
use self::reload::Reloader;
use super::load::Asked;
use super::{Access, Failed, Filters, HitCursor, Hits, Mode, Query, Refused, Roots, Session, find};
use crate::answer;
use crate::background;
use crate::connection::Connection;
use crate::error::{Error, Reason};
use crate::reader::Pool;
use crate::readers::Readers;

/// How long SQLite waits when it cannot read at once.
const BUSY: Duration = Duration::from_millis(250);
/// How often an idle thread checks whether its open file is still the index.
const CHECK_EVERY: Duration = Duration::from_secs(1);
/// Maximum threads of one search, the service's own included.
const MAX_THREADS: usize = 4;

/// How a service behaves.
#[derive(Clone, Copy, Debug)]
pub struct ServiceOptions {
    /// About how many bytes the names may take in memory, also while they are loaded. When they are
    /// loaded again, the old ones answer until the new ones are there: both together take up to
    /// twice as much.
    pub memory: usize,
    /// How long after the last query the names are freed.
    pub idle: Duration,
    /// Names that may have changed are read again before a search if that takes no longer than
    /// this; otherwise in the background, while searches use the old ones.
    pub quick: Duration,
}

impl Default for ServiceOptions {
    fn default() -> ServiceOptions {
        ServiceOptions {
            memory: usize::MAX,
            idle: Duration::from_secs(60),
            quick: Duration::from_millis(50),
        }
    }
}

/// What to search for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// As it was typed.
    pub text: Vec<u8>,
    /// How it is meant.
    pub mode: Mode,
    /// Maximum number of hits.
    pub limit: usize,
    /// The uuid of the only source to search.
    pub source: Option<String>,
    /// A source and a folder in it near which matches are preferred.
    pub near: Option<(String, Vec<u8>)>,
    /// Include what another source has as well, and knows better.
    pub all: bool,
    /// Further conditions.
    pub filters: Filters,
    /// What pasted paths may begin with.
    pub roots: Roots,
    /// Only what comes after this hit of the same query.
    pub after: Option<HitCursor>,
}

/// What a search found.
#[derive(Clone, Debug)]
pub struct SearchResult {
    /// The hits, and how far they are to be trusted.
    pub answer: Hits,
    /// The names were loaded for this query.
    pub has_loaded: bool,
}

/// The answer to a query, or why there is none.
pub type SearchOutcome = Result<answer::Answer<SearchResult>, Failed>;

/// The queries of one user who is typing: each may build on the one before, and replaces it.
#[derive(Debug, Default)]
pub struct SearchSession {
    session: Mutex<Session>,
    /// Cancels the newest query.
    newest: Mutex<Option<Arc<AtomicBool>>>,
}

/// The searches of one index. Dropping it closes it.
pub struct SearchService(Arc<Shared>);

struct Shared {
    readers: Arc<Readers>,
    reloader: Arc<Reloader>,
    idle: Duration,
    queue: Mutex<Queue>,
    wake: Condvar,
    is_closed: Arc<AtomicBool>,
}

#[derive(Default)]
struct Queue {
    jobs: VecDeque<Job>,
    has_thread: bool,
}

type Reply = Box<dyn FnOnce(&Request, SearchOutcome) + Send>;

/// The thread's connection, and what it knows from earlier queries.
#[derive(Default)]
struct SearchState {
    connection: Option<Connection>,
    asked: Asked,
    freshness: KnownFreshness,
}

struct Job {
    request: Request,
    session: Option<Arc<SearchSession>>,
    cancel: Arc<AtomicBool>,
    reply: Reply,
}

impl SearchService {
    /// A service whose names are loaded when first needed.
    pub fn new(readers: Arc<Readers>, options: ServiceOptions) -> SearchService {
        let is_closed = Arc::<AtomicBool>::default();
        let reloader = Reloader::new(Arc::clone(&readers), options, Arc::clone(&is_closed));
        SearchService(Arc::new(Shared {
            readers,
            reloader: Arc::new(reloader),
            idle: options.idle,
            queue: Mutex::default(),
            wake: Condvar::new(),
            is_closed,
        }))
    }

    /// How many bytes the names take in memory now.
    pub fn bytes(&self) -> usize {
        self.0.reloader.bytes()
    }

    /// Ends the thread as soon as the queued queries are answered.
    pub fn close(&self) {
        self.0.is_closed.store(true, Ordering::Release);
        let _queue = self.0.queue.lock();
        self.0.wake.notify_all();
    }

    /// Queues a query, which cancels the session's earlier one. Setting `cancel` ends it. Unless
    /// this fails, `reply` is called with the outcome, on the service's thread: even if the service
    /// is closed or dropped before. What `reply` owns can keep an index open until then.
    pub fn submit(
        &self,
        request: Request,
        session: Option<Arc<SearchSession>>,
        cancel: Arc<AtomicBool>,
        reply: impl FnOnce(&Request, SearchOutcome) + Send + 'static,
    ) -> io::Result<()> {
        if let Some(session) = &session {
            let older = session.newest.lock().replace(Arc::clone(&cancel));
            if let Some(older) = older {
                older.store(true, Ordering::Release);
            }
        }
        let shared = &self.0;
        let mut queue = shared.queue.lock();
        if !queue.has_thread {
            let shared = Arc::clone(shared);
            background::spawn(move || shared.run())?;
            queue.has_thread = true;
        }
        queue.jobs.push_back(Job {
            request,
            session,
            cancel,
            reply: Box::new(reply),
        });
        shared.wake.notify_one();
        Ok(())
    }
}

impl Drop for SearchService {
    fn drop(&mut self) {
        self.close();
    }
}

impl Shared {
    fn run(&self) {
        let mut reader = SearchState::default();
        while let Some(job) = self.next(&mut reader) {
            let search = || self.search(&mut reader, &job);
            // Nothing that panicked is used again.
            let outcome = catch_unwind(AssertUnwindSafe(search));
            let outcome = outcome.unwrap_or(Err(Failed::Refused(Refused::Panic)));
            let is_moved = |error: &Failed| matches!(error, Failed::Index(error) if error.reason == Reason::Moved);
            if outcome.as_ref().is_err_and(is_moved) {
                // Keeping it open would hold up others at the file that is there now.
                reader = SearchState::default();
            }
            let reply = || (job.reply)(&job.request, outcome);
            // The next query is answered even if this reply panics.
            drop(catch_unwind(AssertUnwindSafe(reply)));
        }
        self.reloader.free();
    }

    /// The next query; None when the thread is to end.
    fn next(&self, reader: &mut SearchState) -> Option<Job> {
        let since = Instant::now();
        let mut queue = self.queue.lock();
        loop {
            if let Some(job) = queue.jobs.pop_front() {
                return Some(job);
            }
            let left = self.idle.saturating_sub(since.elapsed());
            // If it was closed while a search ran, no wake-up will come.
            if left.is_zero() || self.is_closed.load(Ordering::Acquire) {
                queue.has_thread = false;
                return None;
            }
            let wait = match reader.connection {
                Some(_) => left.min(CHECK_EVERY),
                None => left,
            };
            let is_idle = self.wake.wait_for(&mut queue, wait).timed_out();
            if is_idle && reader.connection.is_some() {
                MutexGuard::unlocked(&mut queue, || self.close_if_moved(reader));
            }
        }
    }

    /// Closes a file that was moved away from the index's path: keeping it open would hold up
    /// others at the file that is there now.
    fn close_if_moved(&self, reader: &mut SearchState) {
        let place = self.readers.pool().and_then(Pool::check_place);
        if place.is_err() {
            *reader = SearchState::default();
        }
    }

    fn search(&self, reader: &mut SearchState, job: &Job) -> SearchOutcome {
        let (request, cancel) = (&job.request, &job.cancel);
        let pool = self.readers.pool()?;
        if cancel.load(Ordering::Acquire) {
            return Err(Failed::Refused(Refused::Cancelled));
        }
        // Asked first, so that the pool reports a closed index.
        let source = match &request.source {
            Some(uuid) => Some(pool.source(uuid)?),
            None => pool.roots(&[]).map(|_| None)?,
        };
        let near = match &request.near {
            Some((source, folder)) => Some(pool.row(source, folder)?),
            None => None,
        };
        let connection = match &reader.connection {
            Some(connection) => connection,
            None => reader.connection.insert(pool.open_reader(BUSY)?),
        };
        let access = Access::again(connection, pool.gate(), &reader.asked);
        let freshness = match &source {
            Some(source) => merge(vec![source.clone()]),
            None => reader.freshness.read(pool, access)?,
        };
        let (names, has_loaded) = Reloader::names(&self.reloader, access, cancel)?;
        // Clients that must not learn where roots lie must not learn where home is.
        let home = std::env::var_os("HOME").filter(|_| request.roots == Roots::Stored);
        let home = home.map(OsString::into_vec);
        let query = Query {
            mode: request.mode,
            source: source.map(|source| source.value.id()),
            all: request.all,
            near,
            filters: request.filters.clone(),
            roots: request.roots.clone(),
            home: home.as_deref(),
            limit: request.limit,
            after: request.after,
            threads: std::thread::available_parallelism().map_or(1, |n| n.get().min(MAX_THREADS)),
            ..Query::new(&request.text)
        };
        let mut session = job.session.as_ref().map(|session| session.session.lock());
        let answer = find(access, &names, &query, session.as_deref_mut(), cancel)?;
        let freshness = answer::Answer {
            exhaustive: freshness.exhaustive && !answer.truncated,
            ..freshness
        };
        Ok(freshness.map(|()| SearchResult { answer, has_loaded }))
    }
}

impl From<Error> for Failed {
    fn from(error: Error) -> Failed {
        Failed::Index(error)
    }
}
