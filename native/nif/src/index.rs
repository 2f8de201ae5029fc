//! The handle of an index, and the calls that open and close it and change what is in it. What reads is in `read`.
//!
//! Whatever can wait for a disk or for a lock runs on a thread of its own, or on the writer's, and answers by message.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::{Arc, OnceLock};
use std::thread;
use std::time::Duration;

use aether_index::reader::{Pool, PoolOptions};
use aether_index::{Error, Index, OpenOptions, Operation, Reason};
use parking_lot::Mutex;
use rustler::types::atom::{error, false_, ok, true_};
use rustler::{Atom, Binary, Encoder, Env, Reference, Resource, ResourceArc, Term};

use crate::read::failed;
use crate::send::{Answer, Promise};
use crate::{atoms, terms};

/// An index: its writer and its readers, from when it was opened to when it is closed.
#[derive(Default)]
pub struct Cell {
    /// None before and after, and where it is open for reading only. Locked for no longer than it takes to send the
    /// writer's thread a command.
    index: Mutex<Option<Arc<Index>>>,
    /// For pages, on dirty schedulers.
    readers: OnceLock<Pool>,
    reads_only: bool,
}

/// What Elixir holds of it.
pub struct Handle(pub Arc<Cell>);

#[rustler::resource_impl(name = "index")]
impl Resource for Handle {}

impl Drop for Handle {
    /// Closing files is not for the scheduler that happens to collect the last term.
    fn drop(&mut self) {
        let cell = std::mem::take(&mut self.0);
        let _ = aside_thread(move || drop(cell));
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

    /// For a page.
    pub fn readers(&self) -> Result<&Pool, Error> {
        let closed = || Error::new(Reason::Closed, Operation::Read, &[]);
        self.readers.get().ok_or_else(closed)
    }

    fn no_writer(&self) -> Error {
        let path = self.readers.get().map(Pool::location);
        let path = path.map_or(&[][..], |location| location.database.as_os_str().as_bytes());
        match self.reads_only {
            true => Error::new(Reason::ReadOnly, Operation::Write, path)
                .with("it was opened with mode: :read"),
            false => Error::new(Reason::Closed, Operation::Write, path),
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
        if let Some(readers) = self.readers.get() {
            readers.close();
        }
        let index = self.index.lock().take();
        index.map_or(Ok(()), |index| index.close())
    }
}

/// Starts a thread for what may take its time.
pub fn aside_thread(body: impl FnOnce() + Send + 'static) -> std::io::Result<()> {
    let named = thread::Builder::new().name("aether-aside".into());
    named.spawn(body).map(drop)
}

/// Runs what may take its time on a thread of its own. Its answer goes to the caller as `{:index_answer, reference, result}`.
pub fn aside<'a, T: 'static>(
    env: Env<'a>,
    reference: Reference<'a>,
    run: impl FnOnce() -> Result<T, Error> + Send + 'static,
    write: impl for<'e> FnOnce(Env<'e>, T) -> Term<'e> + Send + 'static,
) -> Term<'a> {
    let answer = Answer::new(reference, env.pid());
    let started = aside_thread(move || {
        // Nothing of what panicked is used again.
        let result = catch_unwind(AssertUnwindSafe(run))
            .unwrap_or_else(|_| Err(Error::new(Reason::Panic, Operation::Maintain, &[])));
        answer.send(|env| match result {
            Ok(value) => (ok(), write(env, value)).encode(env),
            Err(reason) => failed(env, &reason),
        });
    });
    match started {
        Ok(()) => ok().encode(env),
        Err(_) => (error(), terms::start_error(env, atoms::eagain(), &[])).encode(env),
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
) -> Term<'a> {
    let path = path.to_vec();
    // Made here: no other thread may make a resource.
    let handle = ResourceArc::new(Handle(Arc::new(Cell {
        reads_only,
        ..Cell::default()
    })));
    let open = move || {
        let options = OpenOptions {
            busy_timeout: Duration::from_millis(busy_timeout),
            history,
            // Each scan is bounded by its own credit.
            queue: u32::MAX,
            ..OpenOptions::default()
        };
        handle
            .0
            .open(Path::new(OsStr::from_bytes(&path)), options)?;
        Ok(handle)
    };
    aside(env, reference, open, |env, handle| handle.encode(env))
}

/// Writes what is queued, and lets go of the file. A second time it does nothing.
#[rustler::nif]
fn index_close<'a>(env: Env<'a>, reference: Reference<'a>, handle: &Handle) -> Term<'a> {
    let cell = handle.0.clone();
    aside(
        env,
        reference,
        move || cell.close(),
        |env, ()| ok().encode(env),
    )
}

/// Whether it is open for writing.
#[rustler::nif]
fn index_is_open(handle: &Handle) -> Atom {
    match handle.0.with(|_| ()) {
        Ok(()) => true_(),
        Err(_) => false_(),
    }
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
