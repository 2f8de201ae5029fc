//! Short reads of an index: one page each, within a time limit, on a dirty I/O scheduler.

use aether_index::reader::{
    ChangesCursor, ChangesOptions, ChildrenOptions, Cursor, Pool, Sort, SortKey, Source,
};
use aether_index::{Answer, Error, Reason, Rules};
use rustler::types::atom::{error, ok};
use rustler::{Atom, Binary, Encoder, Env, NifResult, Term};

use super::answer::failed;
use super::cell::IndexHandle;
use super::terms;
use crate::atoms;
use crate::terms::{Bytes, own_error};

/// The rules with which a root is indexed, and its source's uuid, or nil.
#[rustler::nif(schedule = "DirtyIo")]
fn index_rules<'a>(
    env: Env<'a>,
    handle: &IndexHandle,
    root: Binary<'a>,
    source_id: Option<&str>,
) -> Term<'a> {
    // As the writer looks it up: a source known by its root takes over the id.
    let find = |pool: &Pool| match source_id.map(|id| pool.source(id)) {
        Some(Err(error)) if error.reason == Reason::NoSource => source_at(handle, pool, &root),
        Some(found) => found.map(Some),
        None => source_at(handle, pool, &root),
    };
    read(env, handle, find, |found| {
        let rules = found.and_then(|answer| {
            let rules = std::str::from_utf8(&answer.value.rules).ok()?;
            let rules = terms::rules(env, &Rules::parse(rules)?);
            Some((rules, answer.value.uuid))
        });
        rules.encode(env)
    })
}

/// The source of a root, by whatever path it is given, or nil.
#[rustler::nif(schedule = "DirtyIo")]
fn index_source_at<'a>(env: Env<'a>, handle: &IndexHandle, root: Binary<'a>) -> Term<'a> {
    let find = |pool: &Pool| source_at(handle, pool, &root);
    read(env, handle, find, |found| {
        let found = found.map(|answer| terms::answer(env, answer, terms::source));
        found.encode(env)
    })
}

fn source_at(
    handle: &IndexHandle,
    pool: &Pool,
    root: &[u8],
) -> Result<Option<Answer<Source>>, Error> {
    let writer = handle.0.writer().ok();
    pool.source_at(root, writer.and_then(|writer| writer.source_called(root)))
}

/// All sources.
#[rustler::nif(schedule = "DirtyIo")]
fn index_sources<'a>(env: Env<'a>, handle: &IndexHandle) -> Term<'a> {
    read(env, handle, Pool::sources, |sources| {
        let answers = sources.into_iter();
        let answers = answers.map(|answer| terms::answer(env, answer, terms::source));
        answers.collect::<Vec<_>>().encode(env)
    })
}

/// One source.
#[rustler::nif(schedule = "DirtyIo")]
fn index_source<'a>(env: Env<'a>, handle: &IndexHandle, source: &str) -> Term<'a> {
    answer(env, handle, |pool| pool.source(source), terms::source)
}

/// A page of a folder's children.
#[rustler::nif(schedule = "DirtyIo")]
#[expect(
    clippy::too_many_arguments,
    reason = "the arguments of the NIF, each named"
)]
fn index_children<'a>(
    env: Env<'a>,
    handle: &IndexHandle,
    source: &str,
    folder: Binary<'a>,
    limit: usize,
    after: Option<Binary<'a>>,
    sort: Atom,
    descending: bool,
) -> NifResult<Term<'a>> {
    let key = sort_key(sort)?;
    let sort = Sort { key, descending };
    let cursor = after.as_ref().and_then(|bytes| Cursor::decode(bytes));
    if after.is_some() && cursor.as_ref().is_none_or(|cursor| cursor.sort() != sort) {
        let reason = own_error(env, atoms::bad_cursor(), atoms::read(), &folder, None);
        return Ok((error(), reason).encode(env));
    }
    let options = ChildrenOptions {
        limit,
        after: cursor,
        sort,
    };
    let children = |pool: &Pool| pool.children(source, &folder, &options);
    Ok(answer(env, handle, children, terms::children))
}

fn sort_key(sort: Atom) -> NifResult<SortKey> {
    let keys = [
        (atoms::name(), SortKey::Name),
        (atoms::size(), SortKey::Size),
        (atoms::count(), SortKey::Count),
        (atoms::mtime(), SortKey::Mtime),
    ];
    let found = keys.into_iter().find(|(name, _)| *name == sort);
    found.map(|(_, key)| key).ok_or(rustler::Error::BadArg)
}

/// One entry, or nil.
#[rustler::nif(schedule = "DirtyIo")]
fn index_stat<'a>(env: Env<'a>, handle: &IndexHandle, source: &str, path: Binary<'a>) -> Term<'a> {
    let stat = |pool: &Pool| pool.stat(source, &path);
    answer(env, handle, stat, |env, found| {
        found.map(|child| terms::child(env, &child)).encode(env)
    })
}

/// A folder's totals.
#[rustler::nif(schedule = "DirtyIo")]
fn index_totals<'a>(
    env: Env<'a>,
    handle: &IndexHandle,
    source: &str,
    folder: Binary<'a>,
) -> Term<'a> {
    let totals = |pool: &Pool| pool.totals(source, &folder);
    answer(env, handle, totals, terms::totals)
}

/// The largest folders and files beneath a folder.
#[rustler::nif(schedule = "DirtyIo")]
fn index_largest<'a>(
    env: Env<'a>,
    handle: &IndexHandle,
    source: &str,
    folder: Binary<'a>,
    limit: usize,
) -> Term<'a> {
    let largest = |pool: &Pool| pool.largest(source, &folder, limit);
    answer(env, handle, largest, terms::largest)
}

/// The changes of the generations after `from`, up to and including `to`.
#[rustler::nif(schedule = "DirtyIo")]
#[expect(
    clippy::too_many_arguments,
    reason = "the arguments of the NIF, each named"
)]
fn index_changes<'a>(
    env: Env<'a>,
    handle: &IndexHandle,
    source: &str,
    from: i64,
    to: i64,
    folder: Binary<'a>,
    limit: usize,
    after: Option<Binary<'a>>,
    files: bool,
) -> Term<'a> {
    let cursor = after
        .as_ref()
        .and_then(|bytes| ChangesCursor::decode(bytes));
    if after.is_some() && cursor.as_ref().is_none_or(|cursor| !cursor.is_of(from, to)) {
        let reason = own_error(env, atoms::bad_cursor(), atoms::read(), &folder, None);
        return (error(), reason).encode(env);
    }
    let options = ChangesOptions {
        folder: folder.to_vec(),
        limit,
        after: cursor,
        files,
    };
    let changes = |pool: &Pool| pool.changes(source, from, to, &options);
    answer(env, handle, changes, terms::changes)
}

/// The notes on an entry, as pairs.
#[rustler::nif(schedule = "DirtyIo")]
fn index_notes<'a>(env: Env<'a>, handle: &IndexHandle, source: &str, path: Binary<'a>) -> Term<'a> {
    let notes = |pool: &Pool| pool.notes(source, &path);
    answer(env, handle, notes, |env, notes| {
        let pairs = notes
            .iter()
            .map(|note| (Bytes(&note.key), Bytes(&note.value)));
        pairs.collect::<Vec<_>>().encode(env)
    })
}

/// `{:ok, %Aether.Index.Answer{}}` or `{:error, %Aether.Error{}}`.
fn answer<'a, T>(
    env: Env<'a>,
    handle: &IndexHandle,
    ask: impl FnOnce(&Pool) -> Result<Answer<T>, Error>,
    write: impl FnOnce(Env<'a>, T) -> Term<'a>,
) -> Term<'a> {
    read(env, handle, ask, |answer| terms::answer(env, answer, write))
}

/// `{:ok, value}` or `{:error, %Aether.Error{}}`.
fn read<'a, T>(
    env: Env<'a>,
    handle: &IndexHandle,
    read: impl FnOnce(&Pool) -> Result<T, Error>,
    write: impl FnOnce(T) -> Term<'a>,
) -> Term<'a> {
    match handle.0.readers().and_then(read) {
        Ok(value) => (ok(), write(value)).encode(env),
        Err(reason) => failed(env, &reason),
    }
}
