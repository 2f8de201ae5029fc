//! The handle of an index, and the calls that open and close it and change what is in it. What reads is in `read`.
//!
//! Whatever can wait for a disk or for a lock runs on a thread of its own, or on the writer's, and answers by message.

use std::collections::HashSet;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use aether_index::reader::{Pool, PoolOptions};
use aether_index::{Error, Index, OpenOptions, Operation, Reason};
use parking_lot::Mutex;
use rustler::types::atom::{error, ok};
use rustler::{Binary, Encoder, Env, NifMap, Reference, Resource, ResourceArc, Term};

use crate::aside;
use crate::cancel::Running;
use crate::live::Live;
use crate::read::failed;
use crate::search::Searcher;
use crate::send::{Answer, Promise};
use crate::{atoms, terms};

/// An index: its writer and its readers, from when it was opened to when it is closed.
pub struct Cell {
    /// None before and after, and where it is open for reading only. Locked for no longer than it takes to send the
    /// writer's thread a command.
    index: Mutex<Option<Arc<Index>>>,
    /// For pages, on dirty schedulers.
    readers: OnceLock<Pool>,
    is_closed: AtomicBool,
    /// How closing went. Locked while it lasts, so that whoever closes a second time waits for the same end.
    end: Mutex<Option<Result<(), Error>>>,
    reads_only: bool,
    /// Sources whose caches were found, by id: each is tried once.
    pub caches: Mutex<HashSet<String>>,
    /// What takes long.
    pub running: Running,
    /// Who watches.
    pub live: Arc<Live>,
    /// Who searches.
    pub searcher: Arc<Searcher>,
}

/// What Elixir holds of it.
pub struct Handle(pub Arc<Cell>);

#[rustler::resource_impl(name = "index")]
impl Resource for Handle {}

impl Drop for Handle {
    fn drop(&mut self) {
        let cell = std::mem::replace(&mut self.0, Arc::new(Cell::new(false, 0)));
        drop(Held(Some(cell)));
    }
}

/// A hold on an index that may be let go of anywhere: closing files is not for the scheduler that happens to collect the last
/// term, nor for a thread that has others to serve.
#[derive(Clone, Default)]
pub struct Held(pub Option<Arc<Cell>>);

impl Drop for Held {
    fn drop(&mut self) {
        if let Some(cell) = self.0.take().and_then(Arc::into_inner) {
            aside::must_run(move || drop(cell));
        }
    }
}

impl Cell {
    /// Does something with the writer, if it is open. Not for what waits.
    pub fn with<T>(&self, act: impl FnOnce(&Index) -> T) -> Result<T, Error> {
        match &*self.index.lock() {
            Some(index) => Ok(act(index)),
            None => Err(self.no_writer()),
        }
    }

    /// The writer, for what waits for it.
    pub fn writer(&self) -> Result<Arc<Index>, Error> {
        self.index.lock().clone().ok_or_else(|| self.no_writer())
    }

    /// For a page, and for what else reads.
    pub fn readers(&self) -> Result<&Pool, Error> {
        let open = self
            .readers
            .get()
            .filter(|_| !self.is_closed.load(Ordering::Acquire));
        open.ok_or_else(|| Error::new(Reason::Closed, Operation::Read, self.path()))
    }

    fn no_writer(&self) -> Error {
        match self.reads_only {
            true => Error::new(Reason::ReadOnly, Operation::Write, self.path())
                .with("it was opened with mode: :read"),
            false => Error::new(Reason::Closed, Operation::Write, self.path()),
        }
    }

    fn path(&self) -> &[u8] {
        let location = self.readers.get().map(Pool::location);
        location.map_or(&[], |location| location.database.as_os_str().as_bytes())
    }

    fn new(reads_only: bool, search_memory: usize) -> Cell {
        Cell {
            index: Mutex::default(),
            readers: OnceLock::new(),
            is_closed: AtomicBool::new(false),
            end: Mutex::default(),
            reads_only,
            caches: Mutex::default(),
            running: Running::default(),
            live: Arc::default(),
            searcher: Arc::new(Searcher::new(search_memory)),
        }
    }

    fn open(&self, path: &Path, options: OpenOptions) -> Result<(), Error> {
        if self.reads_only {
            let _ = self.readers.set(Pool::open(path, PoolOptions::default())?);
            return Ok(());
        }
        let index = Index::open(path, options)?;
        let (location, gate) = (index.location().clone(), index.gate().clone());
        let pool = Pool::new(location, gate, PoolOptions::default());
        let _ = self.readers.set(pool);
        *self.index.lock() = Some(Arc::new(index));
        Ok(())
    }

    fn close(&self) -> Result<(), Error> {
        self.is_closed.store(true, Ordering::Release);
        self.running.cancel();
        self.searcher.close();
        self.live.close();
        if let Some(readers) = self.readers.get() {
            readers.close();
        }
        let mut end = self.end.lock();
        let close = || {
            let index = self.index.lock().take();
            index.map_or(Ok(()), |index| index.close())
        };
        end.get_or_insert_with(close).clone()
    }
}

impl Drop for Cell {
    fn drop(&mut self) {
        self.searcher.close();
        self.live.close();
    }
}

/// Runs what may take its time on a thread of its own. The answer is what `write` makes, or `{:error, error}`.
pub fn run_aside<'a, T: 'static>(
    env: Env<'a>,
    answer: Answer,
    run: impl FnOnce() -> Result<T, Error> + Send + 'static,
    write: impl for<'e> FnOnce(Env<'e>, T) -> Term<'e> + Send + 'static,
) -> Result<(), Term<'a>> {
    let started = aside::thread(move || {
        // Nothing of what panicked is used again.
        let result = catch_unwind(AssertUnwindSafe(run))
            .unwrap_or_else(|_| Err(Error::new(Reason::Panic, Operation::Maintain, &[])));
        answer.send(|env| match result {
            Ok(value) => write(env, value),
            Err(reason) => failed(env, &reason),
        });
    });
    started.map_err(|_| (error(), terms::start_error(env, atoms::eagain(), &[])).encode(env))
}

fn begun<'a>(env: Env<'a>, started: Result<(), Term<'a>>) -> Term<'a> {
    match started {
        Ok(()) => ok().encode(env),
        Err(failed) => failed,
    }
}

/// Opens or makes an index, or opens one that is there for reading only.
#[rustler::nif]
fn index_open<'a>(
    env: Env<'a>,
    reference: Reference<'a>,
    path: Binary<'a>,
    reads_only: bool,
    busy_timeout: u64,
    history: u32,
    search_memory: usize,
) -> Term<'a> {
    let path = path.to_vec();
    // Made here: no other thread may make a resource.
    let cell = Cell::new(reads_only, search_memory);
    let handle = ResourceArc::new(Handle(Arc::new(cell)));
    let live = Arc::clone(&handle.0.live);
    let open = move || {
        // Perhaps this very file is still to be closed.
        aside::catch_up();
        let options = OpenOptions {
            busy_timeout: Duration::from_millis(busy_timeout),
            history,
            // Each scan is bounded by its own credit.
            queue: u32::MAX,
            on_commit: Some(Arc::new(move |sources: &[i64]| live.touch(sources))),
            ..OpenOptions::default()
        };
        handle
            .0
            .open(Path::new(OsStr::from_bytes(&path)), options)?;
        Ok(handle)
    };
    let started = run_aside(
        env,
        Answer::new(reference, env.pid()),
        open,
        |env, handle| (ok(), handle).encode(env),
    );
    begun(env, started)
}

/// Writes what is queued, and lets go of the file. A second time it waits for the first.
#[rustler::nif]
fn index_close<'a>(env: Env<'a>, reference: Reference<'a>, handle: &Handle) -> Term<'a> {
    let cell = handle.0.clone();
    let started = run_aside(
        env,
        Answer::new(reference, env.pid()),
        move || cell.close(),
        |env, ()| ok().encode(env),
    );
    begun(env, started)
}

#[derive(NifMap)]
#[rustler(encode)]
struct InfoMap<'a> {
    wal_bytes: u64,
    wal_blocked_since: Option<i64>,
    stalled: Option<Term<'a>>,
    search_bytes: usize,
    subscriptions: usize,
}

/// Where it stands.
#[rustler::nif]
fn index_info<'a>(env: Env<'a>, handle: &Handle) -> Term<'a> {
    let cell = &handle.0;
    let writer = cell.with(|index| {
        let (log, stalled) = (index.log(), index.stalled());
        let stalled = stalled.map(|reason| terms::index_error(env, &reason));
        (log.wal_bytes(), log.wal_blocked_since(), stalled)
    });
    let (wal_bytes, wal_blocked_since, stalled) = writer.unwrap_or_default();
    InfoMap {
        wal_bytes,
        wal_blocked_since,
        stalled,
        search_bytes: cell.searcher.bytes(),
        subscriptions: cell.live.count(),
    }
    .encode(env)
}

/// Takes a source out, or what is known beneath one of its folders.
#[rustler::nif]
fn index_forget<'a>(
    env: Env<'a>,
    reference: Reference<'a>,
    handle: &Handle,
    source: &str,
    folder: Option<Binary<'a>>,
) -> Term<'a> {
    let index = match handle.0.writer() {
        Ok(index) => index,
        Err(reason) => return failed(env, &reason),
    };
    let promise = Promise::new(reference, env.pid());
    let folder = folder.as_ref().map(Binary::as_slice);
    index.forget_with(source, folder, |result| promise.keep(result));
    ok().encode(env)
}

/// Attaches a fact to an entry, or takes it away.
#[rustler::nif]
#[expect(
    clippy::too_many_arguments,
    reason = "the arguments of the NIF, each named"
)]
fn index_put_note<'a>(
    env: Env<'a>,
    reference: Reference<'a>,
    handle: &Handle,
    source: &str,
    folder: Binary<'a>,
    name: Binary<'a>,
    key: Binary<'a>,
    value: Option<Binary<'a>>,
) -> Term<'a> {
    let index = match handle.0.writer() {
        Ok(index) => index,
        Err(reason) => return failed(env, &reason),
    };
    let promise = Promise::new(reference, env.pid());
    let value = value.as_ref().map(Binary::as_slice);
    index.put_note_with(source, &folder, &name, &key, value, |result| {
        promise.keep(result)
    });
    ok().encode(env)
}
