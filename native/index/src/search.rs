//! Go to File over everything known: names stay in memory, apart from the database, and are searched for a text, by a glob,
//! or for letters in their order. The engine knows no SQL: `load` reads the names from an index, `hits` asks it for what is
//! found.

mod build;
mod cover;
mod dense;
mod fuzzy;
mod gather;
mod glob;
mod hits;
mod letters;
mod load;
mod names;
mod path;
mod pattern;
mod rank;
mod refine;
mod resident;
mod run;
pub mod service;
mod session;
mod shard;
mod stamp;

use std::fmt;

pub use build::{Builder, Directory, Entry, Source};
pub use hits::{Answer, Failed, Hit, find, hits};
pub use load::{Access, Loaded, load};
pub use names::Names;
pub use resident::Resident;
pub use run::search;
pub use session::Session;

/// Between two looks at whether a search is cancelled, at most so many names are held against it.
const BLOCK: usize = 4096;

/// How a query is meant. Capitals matter if it has one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// A glob if it has `*`, `?` or `[`, otherwise fuzzy.
    #[default]
    Auto,
    /// Names that contain the text; with a slash in it, paths.
    Substring,
    /// Names that match; with a slash in it, paths, from any folder on, or from the root if it begins with one.
    Glob,
    /// Names that have its letters in this order, then paths that do; with a slash in it, paths only. Spaces do not count.
    Fuzzy,
}

/// What is looked for.
#[derive(Clone, Debug)]
pub struct Query<'a> {
    /// As it was typed.
    pub text: &'a [u8],
    /// How it is meant.
    pub mode: Mode,
    /// Only in this source.
    pub source: Option<i64>,
    /// Also what another source has, too, with a root nearer to it.
    pub all: bool,
    /// A folder (its row in `dirs`) near which matches are preferred; without, shallow ones are.
    pub near: Option<i64>,
    /// At most so many matches.
    pub limit: usize,
    /// On at most so many threads.
    pub threads: usize,
    /// The time in ns, from which new ones are preferred; the clock's if not given.
    pub now: Option<i64>,
}

impl<'a> Query<'a> {
    /// A query as it is typed, over everything.
    pub fn new(text: &'a [u8]) -> Self {
        Query {
            text,
            mode: Mode::Auto,
            source: None,
            all: false,
            near: None,
            limit: 200,
            threads: 2,
            now: None,
        }
    }
}

/// What a search found.
#[derive(Clone, Debug)]
pub struct Found {
    /// The best first.
    pub matches: Vec<Match>,
    /// How many match. Where names alone gave enough, paths are not counted.
    pub matched: u64,
}

/// One that matches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Match {
    /// Its source's row.
    pub source: i64,
    /// Its folder's row in `dirs`.
    pub folder: i64,
    /// Its folder's path; empty for the root.
    pub path: Vec<u8>,
    /// Its name.
    pub name: Vec<u8>,
    /// The low bits of a slab's kind.
    pub kind: u8,
    /// Higher is better; compares within one answer.
    pub score: i32,
}

impl Match {
    fn new(names: &Names, ranked: &rank::Ranked) -> Option<Match> {
        let folder = names.folder(ranked.folder)?;
        let (mut path, mut room) = (Vec::new(), Vec::new());
        names.path(ranked.folder, &mut path);
        let name = names.name(ranked.entry, &mut room).to_vec();
        Some(Match {
            source: *names.sources.get(usize::from(folder.source))?,
            folder: folder.id,
            path,
            name,
            kind: stamp::kind(ranked.stamp),
            score: ranked.score,
        })
    }
}

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// It was cancelled.
    Cancelled,
    /// The query has more than 250 letters, or 1,000 bytes.
    TooLong,
    /// The query is no valid glob.
    Glob(&'static str),
    /// A thread panicked; a defect of this library.
    Panic,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refused::Cancelled => f.write_str("the search was cancelled"),
            Refused::TooLong => f.write_str("the query is too long"),
            Refused::Glob(reason) => write!(f, "no valid glob: {reason}"),
            Refused::Panic => f.write_str("a thread of the search panicked"),
        }
    }
}

impl std::error::Error for Refused {}
