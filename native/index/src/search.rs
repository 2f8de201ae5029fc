//! Go to File over every indexed name. The names are held in memory and searched for a text, by a
//! glob, or for letters in order. The engine itself knows no SQL: `load` reads the names from an
//! index, and `hits` looks up what was found.

mod build;
mod by_name;
mod by_path;
mod char_mask;
mod collector;
mod filter;
mod fold;
mod folders;
mod forms;
mod fuzzy;
mod glob;
mod hits;
mod interner;
mod kind_mtime;
mod load;
mod name_cache;
pub mod name_filter;
mod names;
mod nested_sources;
mod packed;
mod path;
mod pattern;
mod places;
mod plain;
mod plan;
mod rank;
mod ranked_bits;
mod row_chunks;
mod row_sort;
mod rows;
mod run;
mod segments;
pub mod service;
mod session;
mod shard;
mod swar;
mod work;

use std::cmp::Reverse;
use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};

pub use build::{Builder, Directory, Entry, SearchRoot};
pub use filter::Filters;
pub use hits::{Failed, Hit, Hits, find};
pub use load::{Access, Loaded, load};
pub use name_cache::NameCache;
pub use names::Names;
pub use nested_sources::CompletedScan;
pub use run::search;
pub use session::Session;

/// Number of names that are searched in one go.
const BLOCK: usize = 4096;

/// How to read a query. Case never decides what is found, but matches with the query's capitals
/// come first. Combining marks count only if the query has them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Mode {
    /// The first of these that finds anything:
    ///
    /// - a text in a name, or in a path if it has a slash; several words, in any order, each in the
    ///   name or in a folder above it; words that begin with `!` must not occur in the path;
    /// - the same without `:line` or `:line:column` at the end and, for paths, without a root or
    ///   its name at the beginning;
    /// - a glob;
    /// - letters in order: close together in a name; if no name has them together, in a path, in
    ///   few pieces; otherwise anywhere in a name. If fewer than 100 names contain the text, names
    ///   that have its letters close to each other are found as well.
    #[default]
    Auto,
    /// Names that contain the text; with a slash in it, paths.
    Substring,
    /// Names that match. If the glob has a slash, paths: from any folder on, or from the root if it
    /// begins with a slash.
    Glob,
    /// Names that have the letters in this order; if there are fewer than 100, paths as well. If
    /// the query has a slash, only paths. Spaces are ignored.
    Fuzzy,
}

impl Mode {
    /// By its name in a request.
    pub fn from_name(name: &str) -> Option<Mode> {
        match name {
            "auto" => Some(Mode::Auto),
            "substring" => Some(Mode::Substring),
            "glob" => Some(Mode::Glob),
            "fuzzy" => Some(Mode::Fuzzy),
            _ => None,
        }
    }
}

/// What a pasted path may begin with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Roots {
    /// The path of a searched root, or its name.
    #[default]
    Stored,
    /// This path, which is how the client knows the searched root, or its name.
    KnownAs(Vec<u8>),
    /// Nothing, so that nobody can find out by trying where a root lies.
    Hidden,
}

/// Where in a file, as the query says: `src/main.rs:42:7`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// Counted from 1, as usual.
    pub line: u32,
    /// The same.
    pub column: Option<u32>,
}

/// A position in the order of a query's matches, from which to continue. It is valid only for the
/// names that were searched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HitCursor {
    serial: u64,
    /// A hash of the query, so that it is not taken for one of another query.
    query: u64,
    now: u32,
    score: i32,
    kind_mtime: u32,
    entry: u32,
}

impl HitCursor {
    fn new(names: &Names, ranked: &rank::Ranked, query: u64, now: u32) -> HitCursor {
        HitCursor {
            serial: names.serial,
            query,
            now,
            score: ranked.score,
            kind_mtime: ranked.kind_mtime,
            entry: ranked.entry,
        }
    }

    fn key(self) -> rank::RankKey {
        (
            Reverse(self.score),
            Reverse(self.kind_mtime >> 3),
            self.entry,
        )
    }

    /// The same as bytes, for callers to hand back.
    pub fn to_bytes(self) -> Vec<u8> {
        let numbers = [self.now, self.score as u32, self.kind_mtime, self.entry];
        let mut bytes = [self.serial, self.query].map(u64::to_le_bytes).concat();
        bytes.extend(numbers.iter().flat_map(|number| number.to_le_bytes()));
        bytes
    }

    /// Reads a cursor from its bytes, if they are one.
    pub fn from_bytes(bytes: &[u8]) -> Option<HitCursor> {
        let (serial, rest) = bytes.split_first_chunk()?;
        let (query, rest) = rest.split_first_chunk()?;
        let (numbers, rest) = rest.as_chunks();
        let [now, score, kind_mtime, entry] = *numbers else {
            return None;
        };
        rest.is_empty().then(|| HitCursor {
            serial: u64::from_le_bytes(*serial),
            query: u64::from_le_bytes(*query),
            now: u32::from_le_bytes(now),
            score: u32::from_le_bytes(score) as i32,
            kind_mtime: u32::from_le_bytes(kind_mtime),
            entry: u32::from_le_bytes(entry),
        })
    }
}

/// What to search for.
#[derive(Clone, Debug)]
pub struct Query<'a> {
    /// As it was typed.
    pub text: &'a [u8],
    /// How it is meant.
    pub mode: Mode,
    /// Only in this source.
    pub source: Option<i64>,
    /// Include what another source has as well, and knows better.
    pub all: bool,
    /// A folder (its row in `dirs`) near which matches are preferred. Without one, matches near a
    /// root are.
    pub near: Option<i64>,
    /// Further conditions.
    pub filters: Filters,
    /// What pasted paths may begin with.
    pub roots: Roots,
    /// What `~` stands for in them.
    pub home: Option<&'a [u8]>,
    /// Maximum number of matches.
    pub limit: usize,
    /// Only what comes after this match of the same query.
    pub after: Option<HitCursor>,
    /// Maximum number of threads.
    pub threads: usize,
    /// The current time in ns, by which recent files are preferred; the system clock's if not
    /// given.
    pub now: Option<i64>,
}

impl<'a> Query<'a> {
    /// A query as typed, over everything.
    pub fn new(text: &'a [u8]) -> Self {
        Query {
            text,
            mode: Mode::Auto,
            source: None,
            all: false,
            near: None,
            filters: Filters::default(),
            roots: Roots::Stored,
            home: None,
            limit: 200,
            after: None,
            threads: 2,
            now: None,
        }
    }

    /// A number for what it asks, whichever page of it.
    fn key(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        let asked = (self.text, self.mode, self.source, self.all, self.near);
        (asked, &self.filters).hash(&mut hasher);
        hasher.finish()
    }
}

/// What a search found.
#[derive(Clone, Debug)]
pub struct Found {
    /// The best first.
    pub matches: Vec<Match>,
    /// How many match, on all pages, before the filters that need the index.
    pub matched: u64,
    /// Where in the file, if the query said so.
    pub position: Option<Position>,
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
    /// Higher is better; comparable only within one answer.
    pub score: i32,
    /// To continue after this one.
    pub cursor: HitCursor,
}

impl Match {
    fn new(names: &Names, ranked: &rank::Ranked, query: u64, now: u32) -> Option<Match> {
        let folders = &names.folders;
        let (mut path, mut room) = (Vec::new(), Vec::new());
        names.path(ranked.folder, &mut path);
        let name = names.name(ranked.name, &mut room).to_vec();
        Some(Match {
            source: *names.sources.get(folders.source(ranked.folder) as usize)?,
            folder: folders.id(ranked.folder),
            path,
            name,
            kind: kind_mtime::kind(ranked.kind_mtime),
            score: ranked.score,
            cursor: HitCursor::new(names, ranked, query, now),
        })
    }
}

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// It was cancelled.
    Cancelled,
    /// The query has more than 1,000 bytes (4,096 with a slash), 250 letters, 120 folders or 40
    /// words.
    TooLong,
    /// The query is not a valid glob.
    Glob(&'static str),
    /// The names have been loaded again since the cursor's page.
    CursorOutdated,
    /// The cursor is of another query.
    BadCursor,
    /// A thread panicked; a defect of this library.
    Panic,
}

impl Refused {
    /// Its name, as in messages.
    pub fn name(self) -> &'static str {
        match self {
            Refused::Cancelled => "cancelled",
            Refused::TooLong => "query_too_long",
            Refused::Glob(_) => "bad_glob",
            Refused::CursorOutdated => "cursor_outdated",
            Refused::BadCursor => "bad_cursor",
            Refused::Panic => "panic",
        }
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refused::Cancelled => f.write_str("the search was cancelled"),
            Refused::TooLong => f.write_str(
                "the query is too long: at most 1,000 bytes, 4,096 with a slash; 250 letters, 120 folders, 40 words",
            ),
            Refused::Glob(reason) => write!(f, "no valid glob: {reason}"),
            Refused::CursorOutdated => f.write_str("the names have been read again since"),
            Refused::BadCursor => f.write_str("a cursor of another query"),
            Refused::Panic => f.write_str("a thread of the search panicked"),
        }
    }
}

impl std::error::Error for Refused {}
