//! The hits of a search: page after page, until there are as many as wanted beneath the folder that is meant.

use std::collections::HashMap;
use std::os::unix::ffi::OsStrExt;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use aether_core::path;
use aether_index::Answer;
use aether_index::search::service::{Request, SearchResult};
use aether_index::search::{Filters, HitCursor, Mode, Roots};
use crossbeam_channel::bounded;

use super::super::LocalIndex;
use crate::failure::Failure;
use crate::options::{self, Find, Kind};
use crate::place;

/// Maximum size of a page of the index.
const PAGE: usize = 10_000;

/// One of them.
pub struct Hit {
    /// From the top.
    pub path: Vec<u8>,
    pub kind: u8,
    pub bytes: Option<i64>,
    pub mtime: Option<i64>,
    pub score: i32,
    pub source: String,
}

/// What was found.
pub struct Hits {
    pub hits: Vec<Hit>,
    /// How many match in all; not known beneath a folder.
    pub matched: Option<u64>,
    /// Whether there are more behind the limit.
    pub more: bool,
    pub truncated: bool,
    pub outdated: bool,
    pub answer: Answer<()>,
}

impl Hits {
    /// Searches in one source, beneath a folder there, or in all.
    pub fn search(
        options: &Find,
        state: &LocalIndex,
        place: Option<(String, Vec<u8>)>,
    ) -> Result<Hits, Failure> {
        let sources = state.pool()?.sources()?.into_iter();
        let roots = sources.map(|source| (source.value.uuid, source.value.root));
        let roots = roots.collect::<HashMap<_, _>>();
        let (wanted, mut skip) = (options.limit as usize, options.after as usize);
        let folder = place.as_ref().map_or(b"".as_slice(), |(_, folder)| folder);
        let mut request = request(options, place.as_ref(), folder.is_empty());
        let mut hits = Vec::new();
        loop {
            let answer = ask(state, request.clone())?;
            let found = &answer.value.answer;
            for hit in &found.hits {
                let within = hit.full_path();
                if !path::is_within(&hit.path, folder) {
                    continue;
                }
                if skip > 0 {
                    skip -= 1;
                    continue;
                }
                let root = roots.get(&hit.uuid).map_or(b"".as_slice(), Vec::as_slice);
                hits.push(Hit {
                    path: place::full(root, &within),
                    kind: hit.kind,
                    bytes: hit.size,
                    mtime: hit.mtime,
                    score: hit.score,
                    source: hit.uuid.clone(),
                });
            }
            let next = found.next;
            // One more than wanted shows that there is more.
            if hits.len() > wanted || next.is_none() {
                let more = hits.len() > wanted;
                hits.truncate(wanted);
                return Ok(Hits {
                    hits,
                    matched: folder.is_empty().then_some(found.matched),
                    more,
                    truncated: found.truncated,
                    outdated: found.outdated,
                    answer: answer.map(drop),
                });
            }
            request.after = next;
        }
    }
}

fn request(options: &Find, place: Option<&(String, Vec<u8>)>, is_whole: bool) -> Request {
    let filter = &options.filter;
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    let since = |age| i64::try_from(now.saturating_sub(age).as_nanos()).unwrap_or(i64::MAX);
    let kind = |kind: &Kind| match kind {
        Kind::File => 1,
        Kind::Directory => 2,
        Kind::Symlink => 3,
        Kind::Other => 4,
    };
    let extension = |text: &std::ffi::OsString| text.as_bytes().to_vec();
    let limit = options.limit as usize + options.after as usize + 1;
    Request {
        text: options.query.as_bytes().to_vec(),
        mode: match options.mode {
            options::Mode::Auto => Mode::Auto,
            options::Mode::Substring => Mode::Substring,
            options::Mode::Glob => Mode::Glob,
            options::Mode::Fuzzy => Mode::Fuzzy,
        },
        limit: if is_whole { limit.min(PAGE) } else { PAGE },
        source: place.map(|(source, _)| source.clone()),
        near: None,
        all: false,
        filters: Filters {
            kinds: filter.kind.iter().map(kind).collect(),
            extensions: filter.extension.iter().map(extension).collect(),
            larger: filter
                .larger
                .map(|size| i64::try_from(size).unwrap_or(i64::MAX)),
            newer: filter.newer.map(since),
        },
        roots: Roots::Stored,
        after: None::<HitCursor>,
    }
}

fn ask(state: &LocalIndex, request: Request) -> Result<Answer<SearchResult>, Failure> {
    let (sender, receiver) = bounded(1);
    let reply = move |_: &Request, outcome| drop(sender.send(outcome));
    let submitted = state.searches.submit(request, None, Arc::default(), reply);
    submitted.map_err(|error| Failure::io(&error, "search", b""))?;
    match receiver.recv() {
        Ok(outcome) => Ok(outcome?),
        Err(_) => Err(Failure::new("the search ended without an answer")),
    }
}
