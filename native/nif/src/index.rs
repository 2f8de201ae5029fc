//! NIFs that open, close and change an index. Its modules read, search and maintain it.
//!
//! Whatever may wait for a disk or a lock runs on another thread, and answers by message.

mod calls;
mod maintenance;
mod read;
mod search;
mod subscriptions;
mod terms;

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use aether_index::{Error, Expected, IndexInfo, IndexState, NewNote, OpenOptions};
use rustler::{Atom, Binary, Env, NifMap, NifResult, Resource, ResourceArc, Term};

use self::calls::{Answer, Cancel, Started, in_background};
use self::subscriptions::SubscriptionSender;
use crate::atoms;
use crate::terms::Failure;
use crate::to_term::{Out, ToTerm};

/// Called with what the writer's thread answers.
type Reply = Box<dyn FnOnce(Result<(), Error>) + Send>;

/// What is behind an index.
pub type State = IndexState<SubscriptionSender>;

/// The Elixir term of an index. May be dropped by any scheduler, as its state may.
pub struct IndexHandle(pub Arc<State>);

#[rustler::resource_impl(name = "index")]
impl Resource for IndexHandle {}

fn path(bytes: Binary<'_>) -> PathBuf {
    OsStr::from_bytes(&bytes).into()
}

/// Decodes an atom that is one of some names.
fn named<T>(atom: Term<'_>, from_name: fn(&str) -> Option<T>) -> NifResult<T> {
    from_name(&atom.atom_to_string()?).ok_or(rustler::Error::BadArg)
}

#[derive(NifMap)]
#[rustler(decode)]
struct OpenMap {
    read_only: bool,
    busy_timeout: u64,
    stall_timeout: u64,
    history: u32,
    search_memory: usize,
    permissions: u32,
    follow: bool,
}

/// Opens or creates an index, or opens an existing one for reading only.
#[rustler::nif]
fn index_open(env: Env<'_>, answer: Answer, path: Binary<'_>, wanted: OpenMap) -> Started {
    let path = self::path(path);
    // Created here: no other thread may create a resource.
    let state = IndexState::new(wanted.read_only, wanted.search_memory);
    let handle = ResourceArc::new(IndexHandle(Arc::new(state)));
    let options = OpenOptions {
        busy_timeout: Duration::from_millis(wanted.busy_timeout),
        stall_timeout: Duration::from_millis(wanted.stall_timeout),
        history: wanted.history,
        mode: wanted.permissions,
        follow: wanted.follow,
        ..OpenOptions::default()
    };
    let cancel = Cancel::new(env, &handle.0.calls);
    in_background(cancel, answer, move |_| {
        handle.0.open(&path, options).map(|()| handle)
    })
}

/// Writes what is queued and closes the file, whether or not the caller waits for it. A second call
/// waits for the first.
#[rustler::nif]
fn index_close(env: Env<'_>, answer: Answer, handle: &IndexHandle) -> Started {
    let state = Arc::clone(&handle.0);
    let cancel = Cancel::new(env, &handle.0.calls);
    in_background(cancel, answer, move |_| state.close())
}

/// The state of an index.
#[rustler::nif]
fn index_info(handle: &IndexHandle) -> Out<IndexInfo> {
    Out(handle.0.info())
}

/// Reads something short on a thread of the index.
fn read<T: ToTerm + 'static>(
    cancel: ResourceArc<Cancel>,
    answer: Answer,
    handle: &IndexHandle,
    read: impl FnOnce(&State) -> Result<T, Error> + Send + 'static,
) -> Started {
    let answer = answer.to(&cancel.0);
    // Keeps the monitor until the call has ended.
    let kept = cancel.clone();
    let reply = move |result: Result<T, Error>| {
        // A late answer is none: a subscription, for example, has ended with the wait for it.
        let late = kept.0.is_cancelled();
        let late = late.then(|| Failure::new("cancelled", "read", &[]));
        answer.send(late.map_or(result.map_err(Failure::from), Err));
    };
    let started = handle.0.read(&cancel.0, read, reply);
    Out(started.map(|()| cancel).map_err(Failure::from))
}

/// Removes a source, or everything known beneath one of its folders.
#[rustler::nif]
fn index_forget(
    env: Env<'_>,
    answer: Answer,
    handle: &IndexHandle,
    source: &str,
    folder: Option<Binary<'_>>,
) -> Started {
    let folder = folder.as_ref().map(Binary::as_slice);
    by_writer(env, answer, handle, |reply| {
        handle.0.forget(source, folder, reply)
    })
}

/// Asks the writer's thread for something, which it does whether or not the caller waits for it.
fn by_writer(
    env: Env<'_>,
    answer: Answer,
    handle: &IndexHandle,
    ask: impl FnOnce(Reply) -> Result<(), Error>,
) -> Started {
    let cancel = Cancel::new(env, &handle.0.calls);
    let answer = answer.to(&cancel.0);
    let asked = ask(Box::new(|result| answer.send(result)));
    Out(asked.map(|()| cancel).map_err(Failure::from))
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
fn index_put_note(
    env: Env<'_>,
    answer: Answer,
    handle: &IndexHandle,
    note: NoteMap<'_>,
) -> NifResult<Started> {
    let note = NewNote {
        source: note.source,
        folder: note.folder.to_vec(),
        name: note.name.to_vec(),
        key: note.key.to_vec(),
        value: note.value.map(|value| value.to_vec()),
        expected: expected(&note.expected)?,
    };
    Ok(by_writer(env, answer, handle, |reply| {
        handle.0.put_note(note, reply)
    }))
}

/// What an entry must be, as given to `Aether.Index.put_note/6`.
fn expected(facts: &[(Atom, Term<'_>)]) -> NifResult<Expected> {
    let mut expected = Expected::default();
    for (name, value) in facts {
        if *name == atoms::kind() {
            let kind: Atom = value.decode()?;
            let is_kind = |number: &u8| terms::kind(*number) == kind;
            expected.kind = (0..=4).find(is_kind).map(i64::from);
        } else if *name == atoms::bytes() {
            expected.bytes = Some(value.decode()?);
        } else if *name == atoms::mtime() {
            expected.mtime = Some(value.decode()?);
        }
    }
    Ok(expected)
}
