//! All that the index knows of an entry, in words.

use aether_core::path;
use aether_index::reader::{Child, Pool};
use aether_index::{Answer, Error};

use super::super::layer::Details;
use super::super::measure::Measure;
use super::super::state::Place;
use crate::commands::{LocalIndex as Index, answers};
use crate::place::full;
use crate::{cells, messages, words};

/// Reads them.
pub fn read(index: &Index, place: &Place, name: &[u8]) -> Details {
    let at = path::join(&place.folder, name);
    let title = cells::shown(name);
    match lines(index, place, &at) {
        Ok(lines) => Details { title, lines },
        Err(error) => Details {
            title,
            lines: vec![("trouble".to_owned(), messages::index(&error))],
        },
    }
}

fn lines(index: &Index, place: &Place, at: &[u8]) -> Result<Vec<(String, String)>, Error> {
    let pool = index.pool()?;
    let mut lines = vec![("path".to_owned(), cells::shown(&full(&place.root, at)))];
    let mut say = |what: &str, text: String| lines.push((what.to_owned(), text));
    let Some(source) = pool.source_at(&place.root, None)? else {
        return Ok(lines);
    };
    let answer = pool.stat(&source.value.uuid, at)?;
    let Some(child) = &answer.value else {
        say("state", "it is not there any more".to_owned());
        return Ok(lines);
    };
    say("kind", answers::kind(child.kind).to_owned());
    sizes(pool, &source.value.uuid, at, child, &mut say)?;
    say("changed", time(child));
    if let Some(status) = child.status {
        say("listing", answers::status_text(status));
    }
    if let Some(lacks) = child.unknown_below.and_then(answers::unknown) {
        say("lacks", lacks);
    }
    seen(&answer, &mut say);
    Ok(lines)
}

/// What it takes up, what it contains, and what is freed with it.
fn sizes(
    pool: &Pool,
    source: &str,
    at: &[u8],
    child: &Child,
    say: &mut impl FnMut(&str, String),
) -> Result<(), Error> {
    let exact = |bytes: Option<u64>, unknown: &str| {
        bytes.map_or_else(|| unknown.to_owned(), words::exact_size)
    };
    let is_folder = child.kind == 2;
    let totals = match is_folder {
        true => Some(pool.totals(source, at)?.value),
        false => None,
    };
    let unknown = match child.status {
        Some(_) => "not known before the first whole scan",
        None => "not known",
    };
    let pending = totals.is_some_and(|totals| totals.disk_pending);
    let most = match pending && child.disk.is_some() {
        true => "; at most, until removed files are deleted from the index",
        false => "",
    };
    say("on disk", format!("{}{most}", exact(child.disk, unknown)));
    say(
        "apparent",
        exact(Measure::Apparent.size(child), "not known"),
    );
    if let (Some(disk), Some(alone)) = (child.disk, child.disk_unshared) {
        let shared = match disk.saturating_sub(alone) {
            0 => String::new(),
            shared => format!("; {} has names elsewhere", words::size(shared)),
        };
        say("frees", format!("{}{shared}", words::exact_size(alone)));
    }
    if let Some(nlink) = child.nlink.filter(|nlink| *nlink > 1) {
        let others = "freed with the last of them";
        say("names", format!("{}, {others}", words::count(nlink)));
    }
    if is_folder {
        say("files", words::count(child.file_count));
    }
    Ok(())
}

fn time(child: &Child) -> String {
    match child.mtime {
        Some(ns) => format!(
            "{}, {}.{:09} s since 1970",
            words::date(Some(ns), false),
            ns.div_euclid(1_000_000_000),
            ns.rem_euclid(1_000_000_000)
        ),
        None => "not known".to_owned(),
    }
}

fn seen(answer: &Answer<Option<Child>>, say: &mut impl FnMut(&str, String)) {
    let at = answer.scanned_at.map(|ms| ms.saturating_mul(1_000_000));
    match at {
        Some(ns) => say("seen", words::date(Some(ns), false)),
        None => say("seen", "never by a scan".to_owned()),
    }
    if answer.imported {
        say(
            "from",
            "an old cache, which no scan has confirmed".to_owned(),
        );
    }
    if answer.scanning {
        say("now", "a scan of it is running".to_owned());
    }
}
