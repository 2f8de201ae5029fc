//! Short reads of an index: one page each, within a time limit, on threads of the index. Answered by
//! message.

use aether_index::calls::Calls;
use aether_index::reader::{
    ChangesCursor, ChangesOptions, ChildrenOptions, Cursor, LargestBy, Sort, SortKey,
};
use aether_index::{Error, Operation, Reason};
use rustler::{Binary, Decoder, Env, NifResult, NifTaggedEnum, Term};

use super::calls::{Answer, Cancel};
use super::{IndexHandle, Started, State, named, read};
use crate::to_term::ToTerm;

/// A path, a name or a cursor, kept for another thread.
struct Bytes(Vec<u8>);

impl<'a> Decoder<'a> for Bytes {
    fn decode(term: Term<'a>) -> NifResult<Bytes> {
        Ok(Bytes(term.decode::<Binary<'_>>()?.to_vec()))
    }
}

/// An order that is given by its name.
struct By<T>(T);

impl<'a> Decoder<'a> for By<SortKey> {
    fn decode(term: Term<'a>) -> NifResult<Self> {
        named(term, SortKey::from_name).map(By)
    }
}

impl<'a> Decoder<'a> for By<LargestBy> {
    fn decode(term: Term<'a>) -> NifResult<Self> {
        named(term, LargestBy::from_name).map(By)
    }
}

/// What is asked: a name, and its arguments. Most begin with a source and a path in it.
#[derive(NifTaggedEnum)]
#[rustler(decode)]
enum Request {
    /// Whether the index is open and its file still in place.
    CheckPlace,
    /// How a root is indexed, or nil. A root, a source.
    Rules(Bytes, Option<String>),
    /// The source of a root, by whatever path it is given, or nil.
    SourceAt(Bytes),
    /// The source that has looked last at what lies at a path, or nil.
    Place(Bytes),
    Sources,
    Source(String),
    /// A page: how many, after which cursor, in what order, descending.
    Children(String, Bytes, usize, Option<Bytes>, By<SortKey>, bool),
    Stat(String, Bytes),
    Totals(String, Bytes),
    Largest(String, Bytes, usize, By<LargestBy>),
    Links(String, Bytes, usize),
    /// The changes of the generations after one, up to and including another: a page, with files.
    Changes(String, Bytes, i64, i64, usize, Option<Bytes>, bool),
    Notes(String, Bytes),
}

/// Reads a page.
#[rustler::nif]
fn index_read(
    env: Env<'_>,
    answer: Answer,
    handle: &IndexHandle,
    request: Term<'_>,
) -> NifResult<Started> {
    let request: Request = request.decode().map_err(|_| rustler::Error::BadArg)?;
    // No call of the index's: when that closes, the answer says so.
    let cancel = Cancel::new(env, &Calls::default());
    Ok(read(cancel, answer, handle, move |state| {
        request.run(state)
    }))
}

type Answered = Result<Box<dyn ToTerm>, Error>;

impl Request {
    fn run(self, state: &State) -> Answered {
        let pool = state.pool()?;
        match self {
            Request::CheckPlace => boxed(pool.check_place()),
            Request::Rules(root, id) => boxed(state.rules(&root.0, id.as_deref())),
            Request::SourceAt(root) => boxed(state.source_at(&root.0)),
            Request::Place(path) => boxed(state.place(&path.0)),
            Request::Sources => boxed(pool.sources()),
            Request::Source(source) => boxed(pool.source(&source)),
            Request::Children(source, folder, limit, after, By(key), descending) => {
                let sort = Sort { key, descending };
                let decode = |bytes: &[u8]| Cursor::decode(bytes).filter(|it| it.sort() == sort);
                let options = ChildrenOptions {
                    limit,
                    after: cursor(after, &folder, decode)?,
                    sort,
                    filter: None,
                };
                boxed(pool.children(&source, &folder.0, &options))
            }
            Request::Stat(source, path) => boxed(pool.stat(&source, &path.0)),
            Request::Totals(source, folder) => boxed(pool.totals(&source, &folder.0)),
            Request::Largest(source, folder, limit, By(by)) => {
                boxed(pool.largest(&source, &folder.0, limit, by))
            }
            Request::Links(source, path, limit) => boxed(pool.links(&source, &path.0, limit)),
            Request::Changes(source, folder, from, to, limit, after, files) => {
                let decode =
                    |bytes: &[u8]| ChangesCursor::decode(bytes).filter(|it| it.is_of(from, to));
                let options = ChangesOptions {
                    limit,
                    after: cursor(after, &folder, decode)?,
                    folder: folder.0,
                    files,
                };
                boxed(pool.changes(&source, from, to, &options))
            }
            Request::Notes(source, path) => boxed(pool.notes(&source, &path.0)),
        }
    }
}

fn boxed(result: Result<impl ToTerm + 'static, Error>) -> Answered {
    result.map(|value| Box::new(value) as Box<dyn ToTerm>)
}

fn cursor<T>(
    after: Option<Bytes>,
    folder: &Bytes,
    decode: impl FnOnce(&[u8]) -> Option<T>,
) -> Result<Option<T>, Error> {
    let bad = || Error::new(Reason::BadCursor, Operation::Read, &folder.0);
    let decode = |bytes: Bytes| decode(&bytes.0).ok_or_else(bad);
    after.map(decode).transpose()
}
