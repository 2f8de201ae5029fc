//! Short reads of an index: one page each, within a time limit, on a dirty I/O scheduler.

use aether_index::reader::{
    Changes, ChangesCursor, ChangesOptions, Child, Children, ChildrenOptions, Cursor, Largest,
    LargestBy, Links, Note, Place, Pool, Sort, SortKey, Source, Totals,
};
use aether_index::{Answer, Error, StoredRules};
use rustler::{Binary, NifResult, Term};

use super::{IndexHandle, Returned};
use crate::terms::Failure;
use crate::to_term::Out;

/// An answer about what is read.
type Answered<T> = Returned<Answer<T>>;

fn read<T>(handle: &IndexHandle, read: impl FnOnce(&Pool) -> Result<T, Error>) -> Returned<T> {
    Out(handle.0.pool().and_then(read).map_err(Failure::from))
}

/// How a root is indexed, or nil.
#[rustler::nif(schedule = "DirtyIo")]
fn index_rules(
    handle: &IndexHandle,
    root: Binary<'_>,
    source_id: Option<&str>,
) -> Returned<Option<StoredRules>> {
    read(handle, |_| handle.0.rules(&root, source_id))
}

/// The source of a root, by whatever path it is given, or nil.
#[rustler::nif(schedule = "DirtyIo")]
fn index_source_at(handle: &IndexHandle, root: Binary<'_>) -> Returned<Option<Answer<Source>>> {
    read(handle, |_| handle.0.source_at(&root))
}

/// The source that has looked last at what lies at a path, or nil.
#[rustler::nif(schedule = "DirtyIo")]
fn index_place(handle: &IndexHandle, path: Binary<'_>) -> Returned<Option<Place>> {
    read(handle, |_| handle.0.place(&path))
}

/// All sources.
#[rustler::nif(schedule = "DirtyIo")]
fn index_sources(handle: &IndexHandle) -> Returned<Vec<Answer<Source>>> {
    read(handle, Pool::sources)
}

/// One source.
#[rustler::nif(schedule = "DirtyIo")]
fn index_source(handle: &IndexHandle, source: &str) -> Answered<Source> {
    read(handle, |pool| pool.source(source))
}

/// A page of a folder's children.
#[rustler::nif(schedule = "DirtyIo")]
fn index_children(
    handle: &IndexHandle,
    source: &str,
    folder: Binary<'_>,
    limit: usize,
    after: Option<Binary<'_>>,
    sort: Term<'_>,
    descending: bool,
) -> NifResult<Answered<Children>> {
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
    let children = |pool: &Pool| pool.children(source, &folder, &options);
    Ok(read(handle, children))
}

fn bad_cursor<T>(folder: &[u8]) -> Returned<T> {
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
#[rustler::nif(schedule = "DirtyIo")]
fn index_stat(handle: &IndexHandle, source: &str, path: Binary<'_>) -> Answered<Option<Child>> {
    read(handle, |pool| pool.stat(source, &path))
}

/// A folder's totals.
#[rustler::nif(schedule = "DirtyIo")]
fn index_totals(handle: &IndexHandle, source: &str, folder: Binary<'_>) -> Answered<Totals> {
    read(handle, |pool| pool.totals(source, &folder))
}

/// The largest folders and files beneath a folder.
#[rustler::nif(schedule = "DirtyIo")]
fn index_largest(
    handle: &IndexHandle,
    source: &str,
    folder: Binary<'_>,
    limit: usize,
    by: Term<'_>,
) -> NifResult<Answered<Largest>> {
    let by = match by.atom_to_string()?.as_str() {
        "size" => LargestBy::Bytes,
        "disk" => LargestBy::Disk,
        _ => return Err(rustler::Error::BadArg),
    };
    let largest = |pool: &Pool| pool.largest(source, &folder, limit, by);
    Ok(read(handle, largest))
}

/// The other names of a file, or nil.
#[rustler::nif(schedule = "DirtyIo")]
fn index_links(
    handle: &IndexHandle,
    source: &str,
    path: Binary<'_>,
    limit: usize,
) -> Answered<Option<Links>> {
    read(handle, |pool| pool.links(source, &path, limit))
}

/// The changes of the generations after `from`, up to and including `to`.
#[rustler::nif(schedule = "DirtyIo")]
fn index_changes(
    handle: &IndexHandle,
    source: &str,
    from: i64,
    to: i64,
    folder: Binary<'_>,
    limit: usize,
    after: Option<Binary<'_>>,
    files: bool,
) -> Answered<Changes> {
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
    read(handle, |pool| pool.changes(source, from, to, &options))
}

/// The notes on an entry, as pairs.
#[rustler::nif(schedule = "DirtyIo")]
fn index_notes(handle: &IndexHandle, source: &str, path: Binary<'_>) -> Answered<Vec<Note>> {
    read(handle, |pool| pool.notes(source, &path))
}
