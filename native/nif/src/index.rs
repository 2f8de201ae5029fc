//! The handle of an index, and the calls that open and close it and change what is in it. What reads is in `read`.
//!
//! Whatever can wait for a disk or for a lock runs on a thread of its own and answers by message.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use aether_index::reader::{Pool, PoolOptions};
use aether_index::{Error, Index, OpenOptions, Operation, Reason};
use parking_lot::Mutex;
use rustler::types::atom::{error, ok};
use rustler::{Atom, Binary, Encoder, Env, Reference, Resource, ResourceArc, Term};

use crate::send::Answer;
use crate::{atoms, terms};

/// An open index: its writer, until it is closed, and its readers.
pub struct Cell {
    /// None when closed. Locked for no longer than it takes to send the writer's thread a command.
    index: Mutex<Option<Index>>,
    /// For pages, on dirty schedulers.
    pub readers: Pool,
}

/// What Elixir holds of it.
pub struct Handle(pub Arc<Cell>);

#[rustler::resource_impl(name = "index")]
impl Resource for Handle {}

impl Cell {
    /// Does something with the writer, if it is open. Not for what waits.
    pub fn with<T>(&self, act: impl FnOnce(&Index) -> T) -> Result<T, Error> {
        match &*self.index.lock() {
            Some(index) => Ok(act(index)),
            None => Err(Error::new(Reason::Closed, Operation::Write, &[])),
        }
    }
}

/// Runs what may take its time on a thread of its own. Its answer goes to the caller as `{:index_answer, reference, result}`.
pub fn aside<'a, T: 'static>(
    env: Env<'a>,
    reference: Reference<'a>,
    run: impl FnOnce() -> Result<T, Error> + Send + 'static,
    write: impl for<'e> FnOnce(Env<'e>, T) -> Term<'e> + Send + 'static,
) -> Term<'a> {
    let answer = Answer::new(reference, env.pid());
    let body = move || {
        // Nothing of what panicked is used again.
        let result = catch_unwind(AssertUnwindSafe(run))
            .unwrap_or_else(|_| Err(Error::new(Reason::Panic, Operation::Maintain, &[])));
        answer.send(|env| match result {
            Ok(value) => (ok(), write(env, value)).encode(env),
            Err(reason) => (error(), terms::index_error(env, &reason)).encode(env),
        });
    };
    match thread::Builder::new()
        .name("aether-aside".into())
        .spawn(body)
    {
        Ok(_) => ok().encode(env),
        Err(_) => (error(), terms::start_error(env, atoms::eagain(), &[])).encode(env),
    }
}

/// Opens or makes an index.
#[rustler::nif]
fn index_open<'a>(
    env: Env<'a>,
    reference: Reference<'a>,
    path: Binary<'a>,
    busy_timeout: u64,
    history: u32,
) -> Term<'a> {
    let path = path.to_vec();
    let open = move || {
        let options = OpenOptions {
            busy_timeout: Duration::from_millis(busy_timeout),
            history,
            // Each scan is bounded by its own credit.
            queue: u32::MAX,
            ..OpenOptions::default()
        };
        let index = Index::open(Path::new(OsStr::from_bytes(&path)), options)?;
        let (location, gate) = (index.location().clone(), index.gate().clone());
        Ok(Arc::new(Cell {
            readers: Pool::new(location, gate, PoolOptions::default()),
            index: Mutex::new(Some(index)),
        }))
    };
    aside(env, reference, open, |env, cell| {
        ResourceArc::new(Handle(cell)).encode(env)
    })
}

/// Writes what is queued, and lets go of the file. A second time it does nothing.
#[rustler::nif]
fn index_close<'a>(env: Env<'a>, reference: Reference<'a>, handle: &Handle) -> Term<'a> {
    let cell = handle.0.clone();
    let close = move || {
        cell.readers.close();
        let index = cell.index.lock().take();
        index.map_or(Ok(()), Index::close)
    };
    aside(env, reference, close, |env, ()| ok().encode(env))
}

/// Whether it is open.
#[rustler::nif]
fn index_is_open(handle: &Handle) -> Atom {
    match handle.0.with(|_| ()) {
        Ok(()) => rustler::types::atom::true_(),
        Err(_) => rustler::types::atom::false_(),
    }
}
