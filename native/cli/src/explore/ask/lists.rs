//! Lists: what could not be read, what is largest, which trees there are, what changed.

use aether_core::path;
use aether_index::reader::{Change, ChangesOptions, Pool, Sized, Source, UnreadableOptions};
use aether_index::{Error, listing};

use super::super::layer::{Item, ListKind, ListState, Next};
use super::super::measure::Measure;
use super::super::message::ListAnswer;
use super::super::state::{Pair, Place};
use crate::commands::{LocalIndex as Index, answers};
use crate::{messages, words};

/// Rows of a page.
const PAGE: usize = 500;
/// How many of the largest folders are listed, and of the files.
const LARGEST: usize = 100;

/// Which page of which list.
pub struct ListWanted {
    pub kind: ListKind,
    pub place: Place,
    pub is_apparent: bool,
    pub pair: Option<Pair>,
    pub next: Option<Next>,
}

/// A page of a list.
pub fn read(index: &Index, wanted: ListWanted) -> ListAnswer {
    let ListWanted {
        kind,
        place,
        is_apparent,
        pair,
        next,
    } = wanted;
    let place = &place;
    let result = index.pool().and_then(|pool| {
        if kind == ListKind::Trees {
            return trees(pool, is_apparent);
        }
        let Some(source) = pool.source_at(&place.root, None)? else {
            return Ok(ListAnswer {
                about: "nothing is known yet".to_owned(),
                items: Vec::new(),
                state: ListState::Whole,
                pair: None,
            });
        };
        let source = source.value;
        match kind {
            ListKind::Errors => errors(pool, &source, place, next),
            ListKind::Largest => largest(pool, &source, place, is_apparent),
            _ => changes(pool, &source, place, pair, next),
        }
    });
    result.unwrap_or_else(|error| ListAnswer {
        about: String::new(),
        items: Vec::new(),
        state: ListState::Failed(messages::index(&error)),
        pair: None,
    })
}

/// The place of something in a tree: its folder, and its name there.
fn goes(root: &[u8], at: &[u8]) -> Option<(Place, Vec<u8>)> {
    let (folder, name) = path::split(at);
    let place = Place {
        root: root.to_vec(),
        folder: folder.to_vec(),
    };
    Some((place, name.to_vec()))
}

fn size(bytes: Option<u64>) -> String {
    bytes.map_or("?".to_owned(), words::size)
}

/// Why a folder could not be read, as other tools say it.
fn why(status: i64) -> String {
    match listing::errno(status) {
        Some(errno) => messages::short(aether_core::Reason::Errno(errno)),
        None => answers::status_text(status),
    }
}

fn errors(
    pool: &Pool,
    source: &Source,
    place: &Place,
    next: Option<Next>,
) -> Result<ListAnswer, Error> {
    let after = match next {
        Some(Next::Errors(after)) => Some(after),
        _ => None,
    };
    let options = UnreadableOptions { limit: PAGE, after };
    let answer = pool.unreadable(&source.uuid, &place.folder, &options)?;
    let mut folders = answer.value.folders;
    // Alike beside alike, within the page.
    folders.sort_by_key(|folder| folder.status);
    let items = folders.into_iter().map(|folder| Item {
        text: format!("{:<46}", why(folder.status)),
        goes: goes(&source.root, &folder.path),
        path: folder.path,
        mark: "/",
    });
    let least = if answer.unreadable.at_least {
        "at least "
    } else {
        ""
    };
    Ok(ListAnswer {
        about: format!(
            "{least}{} beneath this folder",
            words::count(answer.unreadable.count)
        ),
        items: items.collect(),
        state: answer
            .value
            .next
            .map_or(ListState::Whole, |next| ListState::More(Next::Errors(next))),
        pair: None,
    })
}

fn largest(
    pool: &Pool,
    source: &Source,
    place: &Place,
    is_apparent: bool,
) -> Result<ListAnswer, Error> {
    let totals = pool.totals(&source.uuid, &place.folder)?.value;
    let measure = Measure::of(&totals, is_apparent);
    let by = measure.largest_by();
    let found = pool
        .largest(&source.uuid, &place.folder, LARGEST, by)?
        .value;
    let item = |sized: Sized, mark: &'static str| {
        let size = size(measure.sized(&sized));
        let count = match mark {
            "/" => words::counted(sized.file_count.max(0).unsigned_abs(), "file", "files"),
            _ => String::new(),
        };
        Item {
            text: format!("{size:>11}{count:>16}"),
            goes: goes(&source.root, &sized.path),
            path: sized.path,
            mark,
        }
    };
    let folders = found.folders.into_iter().map(|sized| item(sized, "/"));
    let mut all = folders.map(|item| (false, item)).collect::<Vec<_>>();
    all.extend(found.files.into_iter().map(|sized| (true, item(sized, ""))));
    let (folders, files): (Vec<_>, Vec<_>) = all.into_iter().partition(|(is_file, _)| !is_file);
    let items = files.into_iter().chain(folders).map(|(_, item)| item);
    let least = if found.complete {
        ""
    } else {
        "; there may be larger ones"
    };
    Ok(ListAnswer {
        about: format!("files, then folders, {}{least}", measure.said()),
        items: items.collect(),
        state: ListState::Whole,
        pair: None,
    })
}

fn trees(pool: &Pool, is_apparent: bool) -> Result<ListAnswer, Error> {
    let sources = pool.sources()?;
    let items = sources.into_iter().map(|answer| {
        let source = answer.value;
        let totals = pool.totals(&source.uuid, b"")?.value;
        let measure = Measure::of(&totals, is_apparent);
        let size = size(measure.total(&totals));
        let files = words::counted(source.file_count.max(0).unsigned_abs(), "file", "files");
        let how = answers::scan_status(source.last_scan_status);
        let place = Place {
            root: source.root.clone(),
            folder: Vec::new(),
        };
        Ok(Item {
            text: format!("{size:>11} {:<8}{files:>18}  {how:<10}", measure.said()),
            path: source.root,
            mark: "",
            goes: Some((place, Vec::new())),
        })
    });
    let items = items.collect::<Result<Vec<_>, Error>>()?;
    Ok(ListAnswer {
        about: words::counted(items.len() as u64, "tree", "trees"),
        items,
        state: ListState::Whole,
        pair: None,
    })
}

fn changes(
    pool: &Pool,
    source: &Source,
    place: &Place,
    pair: Option<Pair>,
    next: Option<Next>,
) -> Result<ListAnswer, Error> {
    let after = match next {
        Some(Next::Changes(after)) => Some(*after),
        _ => None,
    };
    let options = ChangesOptions {
        folder: place.folder.clone(),
        limit: PAGE,
        after,
        files: false,
    };
    let newest = source.generation;
    let (from, to) = pair.unwrap_or(((newest - 1).max(0), newest));
    let answer = pool.changes(&source.uuid, from, to, &options)?;
    let found = answer.value;
    let items = found
        .folders
        .into_iter()
        .map(|change| change_item(source, change));
    let how = found.generations.iter().find(|one| one.generation == to);
    let how = how.map_or("none", |one| answers::scan_status(Some(one.status)));
    let mut about = format!("contents, from scan {from} to scan {to} of {newest}, {how}");
    if found.first_load {
        about.push_str("; the first has nothing to compare with, and is not listed");
    }
    if found.pruned {
        about.push_str("; not all of it is remembered");
    }
    let state = match found.next {
        Some(next) => ListState::More(Next::Changes(Box::new(next))),
        None => ListState::Whole,
    };
    Ok(ListAnswer {
        about,
        items: items.collect(),
        state,
        pair: Some(((from, to), newest)),
    })
}

fn change_item(source: &Source, change: Change) -> Item {
    let bytes = words::signed_size(change.bytes);
    let files = words::signed_count(change.file_count);
    let entries = format!("+{} -{} ~{}", change.added, change.removed, change.changed);
    Item {
        text: format!("{bytes:>12}{files:>10} files  {entries:<14}"),
        goes: (!change.gone).then(|| {
            let place = Place {
                root: source.root.clone(),
                folder: change.path.clone(),
            };
            (place, Vec::new())
        }),
        path: change.path,
        mark: if change.gone { "/  gone" } else { "/" },
    }
}
