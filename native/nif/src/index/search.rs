//! Searches: a query in, a message with the results out.

use std::sync::Arc;

use aether_index::Answer as Answered;
use aether_index::search::service::{Request, SearchResult, SearchSession};
use aether_index::search::{Cursor, Failed, Filters, Mode, Refused, Roots};
use rustler::types::atom::{error, nil, ok};
use rustler::{
    Atom, Binary, Encoder, Env, NifMap, NifResult, Reference, Resource, ResourceArc, Term,
};

use super::answer::{Answer, failed, no_thread};
use super::cancel::Cancel;
use super::cell::IndexHandle;
use super::terms::{answer, search_result};
use crate::{atoms, terms};

/// The Elixir term of a search session.
#[derive(Default)]
pub struct SessionHandle(Arc<SearchSession>);

#[rustler::resource_impl(name = "search_session")]
impl Resource for SessionHandle {}

#[derive(NifMap)]
#[rustler(decode)]
struct OptionsMap<'a> {
    mode: Atom,
    limit: usize,
    source: Option<String>,
    near: Option<(String, Binary<'a>)>,
    all: bool,
    kinds: Vec<u8>,
    extensions: Vec<Binary<'a>>,
    larger: Option<i64>,
    newer: Option<i64>,
    known_as: Term<'a>,
    after: Option<Binary<'a>>,
    session: Option<ResourceArc<SessionHandle>>,
}

/// Searches. In a session, the newest query ends those before it.
#[rustler::nif]
fn index_search<'a>(
    env: Env<'a>,
    reference: Reference<'a>,
    handle: &IndexHandle,
    text: Binary<'a>,
    options: OptionsMap<'a>,
) -> NifResult<Term<'a>> {
    let near = options.near;
    let after = options.after.map(|bytes| Cursor::from_bytes(&bytes));
    if let Some(None) = after {
        let reason = terms::own_error(env, atoms::bad_cursor(), atoms::search(), &text, None);
        return Ok((error(), reason).encode(env));
    }
    let extensions = options.extensions.iter();
    let request = Request {
        text: text.to_vec(),
        mode: mode(options.mode)?,
        limit: options.limit,
        source: options.source,
        near: near.map(|(source, folder)| (source, folder.to_vec())),
        all: options.all,
        filters: Filters {
            kinds: options.kinds,
            extensions: extensions.map(|text| text.to_vec()).collect(),
            larger: options.larger,
            newer: options.newer,
        },
        roots: roots(options.known_as)?,
        after: after.flatten(),
    };
    let state = Arc::clone(&handle.0);
    if let Err(reason) = state.readers() {
        return Ok(failed(env, &reason));
    }
    let cancel = Cancel::new(env, &state.running);
    let answer = Answer::new(reference, env.pid()).unless(&cancel.is_settled);
    let (flag, kept) = (Arc::clone(&cancel.flag), cancel.clone());
    let reply = move |request: &Request, outcome| {
        // Keep the monitor, and the index open, until the answer is sent.
        let _kept = (kept, state);
        answer.send(|env| write(env, request, outcome));
    };
    let session = options.session.map(|session| Arc::clone(&session.0));
    match handle.0.searches.submit(request, session, flag, reply) {
        Ok(()) => Ok((ok(), cancel).encode(env)),
        Err(_) => Ok(no_thread(env)),
    }
}

fn write<'a>(
    env: Env<'a>,
    request: &Request,
    outcome: Result<Answered<SearchResult>, Failed>,
) -> Term<'a> {
    match outcome {
        Ok(found) => (ok(), answer(env, found, search_result)).encode(env),
        Err(Failed::Index(reason)) => failed(env, &reason),
        Err(Failed::Refused(reason)) => (error(), refused(env, reason, &request.text)).encode(env),
    }
}

fn refused<'a>(env: Env<'a>, reason: Refused, text: &[u8]) -> Term<'a> {
    let name = match reason {
        Refused::Cancelled => atoms::cancelled(),
        Refused::TooLong => atoms::query_too_long(),
        Refused::Glob(_) => atoms::bad_glob(),
        Refused::CursorOutdated => atoms::cursor_outdated(),
        Refused::Panic => atoms::panic(),
    };
    let detail = reason.to_string();
    terms::own_error(env, name, atoms::search(), text, Some(&detail))
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

/// `:root`, a path, or nil.
fn roots(known_as: Term<'_>) -> NifResult<Roots> {
    if let Ok(path) = known_as.decode::<Binary<'_>>() {
        return Ok(Roots::KnownAs(path.to_vec()));
    }
    match known_as.decode::<Atom>()? {
        atom if atom == atoms::root() => Ok(Roots::Stored),
        atom if atom == nil() => Ok(Roots::Hidden),
        _ => Err(rustler::Error::BadArg),
    }
}

/// A session, for one user who types.
#[rustler::nif]
fn index_session(env: Env<'_>) -> Term<'_> {
    ResourceArc::new(SessionHandle::default()).encode(env)
}
