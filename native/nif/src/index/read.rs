//! Short reads of an index: one page each, within a time limit, on threads of the index. Answered by
//! message.

use aether_index::reader::{
    ChangesCursor, ChangesOptions, ChildrenOptions, Cursor, LargestBy, Sort, SortKey,
};
use rustler::{Binary, Env, NifResult, Term};

use super::calls::Answer;
use super::{IndexHandle, Started, read};
use crate::terms::Failure;
use crate::to_term::Out;

/// How a root is indexed, or nil.
#[rustler::nif]
fn index_rules(
    env: Env<'_>,
    answer: Answer,
    handle: &IndexHandle,
    root: Binary<'_>,
    source_id: Option<String>,
) -> Started {
    let root = root.to_vec();
    read(env, answer, handle, move |state| {
        state.rules(&root, source_id.as_deref())
    })
}

/// The source of a root, by whatever path it is given, or nil.
#[rustler::nif]
fn index_source_at(
    env: Env<'_>,
    answer: Answer,
    handle: &IndexHandle,
    root: Binary<'_>,
) -> Started {
    let root = root.to_vec();
    read(env, answer, handle, move |state| state.source_at(&root))
}

/// The source that has looked last at what lies at a path, or nil.
#[rustler::nif]
fn index_place(env: Env<'_>, answer: Answer, handle: &IndexHandle, path: Binary<'_>) -> Started {
    let path = path.to_vec();
    read(env, answer, handle, move |state| state.place(&path))
}

/// All sources.
#[rustler::nif]
fn index_sources(env: Env<'_>, answer: Answer, handle: &IndexHandle) -> Started {
    read(env, answer, handle, |state| state.pool()?.sources())
}

/// One source.
#[rustler::nif]
fn index_source(env: Env<'_>, answer: Answer, handle: &IndexHandle, source: String) -> Started {
    read(env, answer, handle, move |state| {
        state.pool()?.source(&source)
    })
}

/// A page of a folder's children.
#[rustler::nif]
fn index_children(
    env: Env<'_>,
    answer: Answer,
    handle: &IndexHandle,
    source: String,
    folder: Binary<'_>,
    limit: usize,
    after: Option<Binary<'_>>,
    sort: Term<'_>,
    descending: bool,
) -> NifResult<Started> {
    let key = sort_key(sort)?;
    let sort = Sort { key, descending };
    let cursor = after.as_deref().and_then(Cursor::decode);
    let cursor = cursor.filter(|cursor| cursor.sort() == sort);
    if after.is_some() && cursor.is_none() {
        return Ok(bad_cursor(&folder));
    }
    let options = ChildrenOptions {
        limit,
        after: cursor,
        sort,
        filter: None,
    };
    let folder = folder.to_vec();
    Ok(read(env, answer, handle, move |state| {
        state.pool()?.children(&source, &folder, &options)
    }))
}

fn bad_cursor(folder: &[u8]) -> Started {
    Out(Err(Failure::new("bad_cursor", "read", folder)))
}

fn sort_key(sort: Term<'_>) -> NifResult<SortKey> {
    match sort.atom_to_string()?.as_str() {
        "name" => Ok(SortKey::Name),
        "size" => Ok(SortKey::Size),
        "count" => Ok(SortKey::Count),
        "mtime" => Ok(SortKey::Mtime),
        "disk" => Ok(SortKey::Disk),
        _ => Err(rustler::Error::BadArg),
    }
}

/// One entry, or nil.
#[rustler::nif]
fn index_stat(
    env: Env<'_>,
    answer: Answer,
    handle: &IndexHandle,
    source: String,
    path: Binary<'_>,
) -> Started {
    let path = path.to_vec();
    read(env, answer, handle, move |state| {
        state.pool()?.stat(&source, &path)
    })
}

/// A folder's totals.
#[rustler::nif]
fn index_totals(
    env: Env<'_>,
    answer: Answer,
    handle: &IndexHandle,
    source: String,
    folder: Binary<'_>,
) -> Started {
    let folder = folder.to_vec();
    read(env, answer, handle, move |state| {
        state.pool()?.totals(&source, &folder)
    })
}

/// The largest folders and files beneath a folder.
#[rustler::nif]
fn index_largest(
    env: Env<'_>,
    answer: Answer,
    handle: &IndexHandle,
    source: String,
    folder: Binary<'_>,
    limit: usize,
    by: Term<'_>,
) -> NifResult<Started> {
    let by = match by.atom_to_string()?.as_str() {
        "size" => LargestBy::Bytes,
        "disk" => LargestBy::Disk,
        _ => return Err(rustler::Error::BadArg),
    };
    let folder = folder.to_vec();
    Ok(read(env, answer, handle, move |state| {
        state.pool()?.largest(&source, &folder, limit, by)
    }))
}

/// The other names of a file, or nil.
#[rustler::nif]
fn index_links(
    env: Env<'_>,
    answer: Answer,
    handle: &IndexHandle,
    source: String,
    path: Binary<'_>,
    limit: usize,
) -> Started {
    let path = path.to_vec();
    read(env, answer, handle, move |state| {
        state.pool()?.links(&source, &path, limit)
    })
}

/// The changes of the generations after `from`, up to and including `to`.
#[rustler::nif]
fn index_changes(
    env: Env<'_>,
    answer: Answer,
    handle: &IndexHandle,
    source: String,
    from: i64,
    to: i64,
    folder: Binary<'_>,
    limit: usize,
    after: Option<Binary<'_>>,
    files: bool,
) -> Started {
    let cursor = after.as_deref().and_then(ChangesCursor::decode);
    let cursor = cursor.filter(|cursor| cursor.is_of(from, to));
    if after.is_some() && cursor.is_none() {
        return bad_cursor(&folder);
    }
    let options = ChangesOptions {
        folder: folder.to_vec(),
        limit,
        after: cursor,
        files,
    };
    read(env, answer, handle, move |state| {
        state.pool()?.changes(&source, from, to, &options)
    })
}

/// The notes on an entry, as pairs.
#[rustler::nif]
fn index_notes(
    env: Env<'_>,
    answer: Answer,
    handle: &IndexHandle,
    source: String,
    path: Binary<'_>,
) -> Started {
    let path = path.to_vec();
    read(env, answer, handle, move |state| {
        state.pool()?.notes(&source, &path)
    })
}
