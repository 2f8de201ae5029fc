//! NIFs that open, close and change an index. Modules of their own read it, search it, maintain it
//! and subscribe to it.
//!
//! Anything that may wait for a disk or a lock runs on a thread of its own, or on the writer's, and
//! answers by message.

mod answer;
mod cancel;
pub mod cell;
mod maintenance;
mod read;
mod search;
mod subscriptions;
mod terms;

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use aether_index::reader::Pool;
use aether_index::{NewNote, OpenOptions, background};
use rustler::types::atom::ok;
use rustler::{Atom, Binary, Encoder, Env, NifMap, NifResult, Reference, ResourceArc, Term};

use self::answer::{Answer, Promise, failed, in_background};
use self::cell::{IndexHandle, IndexState};
use crate::terms::index_error;

fn begun<'a>(env: Env<'a>, started: Result<(), Term<'a>>) -> Term<'a> {
    match started {
        Ok(()) => ok().encode(env),
        Err(failed) => failed,
    }
}

#[derive(NifMap)]
#[rustler(decode)]
struct OpenMap {
    read_only: bool,
    busy_timeout: u64,
    history: u32,
    search_memory: usize,
    permissions: u32,
    follow: bool,
}

/// Opens or creates an index, or opens an existing one for reading only.
#[rustler::nif]
fn index_open<'a>(
    env: Env<'a>,
    reference: Reference<'a>,
    path: Binary<'a>,
    wanted: OpenMap,
) -> Term<'a> {
    let path = path.to_vec();
    // Created here: no other thread may create a resource.
    let state = IndexState::new(wanted.read_only, wanted.search_memory);
    let handle = ResourceArc::new(IndexHandle(Arc::new(state)));
    let subscriptions = Arc::clone(&handle.0.subscriptions);
    let open = move || {
        // This very file may still be waiting to be closed.
        background::catch_up();
        let options = OpenOptions {
            busy_timeout: Duration::from_millis(wanted.busy_timeout),
            history: wanted.history,
            mode: wanted.permissions,
            follow: wanted.follow,
            // Each scan is bounded by its own credit.
            queue: u32::MAX,
            on_commit: Some(Arc::new(move |sources: &[i64]| {
                subscriptions.on_commit(sources)
            })),
            ..OpenOptions::default()
        };
        let path = Path::new(OsStr::from_bytes(&path));
        handle.0.open(path, options)?;
        Ok(handle)
    };
    let answer = Answer::new(reference, env.pid());
    let started = in_background(env, answer, open, |env, handle| (ok(), handle).encode(env));
    begun(env, started)
}

/// Writes what is queued and closes the file. A second call waits for the first.
#[rustler::nif]
fn index_close<'a>(env: Env<'a>, reference: Reference<'a>, handle: &IndexHandle) -> Term<'a> {
    let state = Arc::clone(&handle.0);
    let answer = Answer::new(reference, env.pid());
    let close = move || state.close();
    let started = in_background(env, answer, close, |env, ()| ok().encode(env));
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

/// The state of an index.
#[rustler::nif]
fn index_info<'a>(env: Env<'a>, handle: &IndexHandle) -> Term<'a> {
    let state = &handle.0;
    let writer = state.writer().map(|index| {
        let (log, stalled) = (index.log(), index.stalled());
        let stalled = stalled.map(|reason| index_error(env, &reason));
        (log.wal_bytes(), log.wal_blocked_since(), stalled)
    });
    let (wal_bytes, wal_blocked_since, stalled) = writer.unwrap_or_default();
    InfoMap {
        wal_bytes,
        wal_blocked_since,
        stalled,
        search_bytes: state.searches.bytes(),
        subscriptions: state.subscriptions.count(),
    }
    .encode(env)
}

/// Whether it is open and its file still in place.
#[rustler::nif(schedule = "DirtyIo")]
fn index_check_place<'a>(env: Env<'a>, handle: &IndexHandle) -> Term<'a> {
    match handle.0.readers().and_then(Pool::check_place) {
        Ok(()) => ok().encode(env),
        Err(reason) => failed(env, &reason),
    }
}

/// Removes a source, or everything known beneath one of its folders.
#[rustler::nif]
fn index_forget<'a>(
    env: Env<'a>,
    reference: Reference<'a>,
    handle: &IndexHandle,
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

#[derive(NifMap)]
#[rustler(decode)]
struct NoteMap<'a> {
    source: String,
    folder: Binary<'a>,
    name: Binary<'a>,
    key: Binary<'a>,
    value: Option<Binary<'a>>,
    /// `kind`, `bytes` and `mtime`, or some of them.
    expected: Vec<(Atom, Term<'a>)>,
}

/// Attaches a note to an entry, or removes it.
#[rustler::nif]
fn index_put_note<'a>(
    env: Env<'a>,
    reference: Reference<'a>,
    handle: &IndexHandle,
    note: NoteMap<'a>,
) -> NifResult<Term<'a>> {
    let note = NewNote {
        source: note.source,
        folder: note.folder.to_vec(),
        name: note.name.to_vec(),
        key: note.key.to_vec(),
        value: note.value.map(|value| value.to_vec()),
        expected: terms::expected(&note.expected)?,
    };
    let index = match handle.0.writer() {
        Ok(index) => index,
        Err(reason) => return Ok(failed(env, &reason)),
    };
    let promise = Promise::new(reference, env.pid());
    index.put_note_with(note, |result| promise.keep(result));
    Ok(ok().encode(env))
}
