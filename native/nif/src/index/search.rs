//! Searches: a query in, a message with the results out.

use std::sync::Arc;

use aether_index::search::service::{Request, SearchSession};
use aether_index::search::{Failed, Filters, HitCursor, Mode, Roots};
use rustler::types::atom::nil;
use rustler::{Binary, Env, NifMap, NifResult, Resource, ResourceArc, Term};

use super::calls::{Answer, Cancel, Started};
use super::{IndexHandle, named};
use crate::atoms;
use crate::terms::Failure;
use crate::to_term::Out;

/// The Elixir term of a search session.
#[derive(Default)]
pub struct SessionHandle(Arc<SearchSession>);

#[rustler::resource_impl(name = "search_session")]
impl Resource for SessionHandle {}

#[derive(NifMap)]
#[rustler(decode)]
struct SearchMap<'a> {
    mode: Term<'a>,
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
fn index_search(
    env: Env<'_>,
    answer: Answer,
    handle: &IndexHandle,
    text: Binary<'_>,
    options: SearchMap<'_>,
) -> NifResult<Started> {
    let after = options.after.map(|bytes| HitCursor::from_bytes(&bytes));
    if let Some(None) = after {
        return Ok(Out(Err(Failure::new("bad_cursor", "search", &text))));
    }
    let extensions = options.extensions.iter();
    let request = Request {
        text: text.to_vec(),
        mode: named(options.mode, Mode::from_name)?,
        limit: options.limit,
        source: options.source,
        near: options
            .near
            .map(|(source, folder)| (source, folder.to_vec())),
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
    if let Err(reason) = state.pool() {
        return Ok(Out(Err(reason.into())));
    }
    let cancel = Cancel::new(env, &state.calls);
    let answer = answer.to(&cancel.0);
    let (flag, kept) = (Arc::clone(cancel.0.cancel_flag()), cancel.clone());
    let reply = move |request: &Request, outcome: Result<_, Failed>| {
        // Keep the monitor, and the index open, until the answer is sent.
        let _kept = (kept, state);
        answer.send(outcome.map_err(|reason| failure(reason, &request.text)));
    };
    let session = options.session.map(|session| Arc::clone(&session.0));
    let submitted = handle.0.searches.submit(request, session, flag, reply);
    Ok(Out(submitted.map(|()| cancel).map_err(Failure::no_thread)))
}

fn failure(reason: Failed, text: &[u8]) -> Failure {
    match reason {
        Failed::Index(error) => Failure::from(error),
        Failed::Refused(refused) => Failure::new(refused.name(), "search", text).with(refused),
    }
}

/// `:root`, a path, or nil.
fn roots(known_as: Term<'_>) -> NifResult<Roots> {
    match known_as {
        atom if atoms::root() == atom => Ok(Roots::Stored),
        atom if nil() == atom => Ok(Roots::Hidden),
        path => Ok(Roots::KnownAs(Binary::from_term(path)?.to_vec())),
    }
}

/// A session, for one user who is typing.
#[rustler::nif]
fn index_session() -> Out<ResourceArc<SessionHandle>> {
    Out(ResourceArc::new(SessionHandle::default()))
}
