//! `aether find`: entries by name, as the index knows them; where there is no index, in one that is made for this search.

mod hits;
mod unkept;

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;

use self::hits::Hits;
use self::unkept::Unkept;
use super::answers;
use super::known::OpenIndex;
use super::{LocalIndex, scan};
use crate::cells;
use crate::failure::{Done, Exit};
use crate::messages::shown;
use crate::options::{Find, Known};
use crate::output::json::Object;
use crate::output::{self, Stdout, colors::Colors};
use crate::words;

/// Finds entries.
pub fn run(options: &Find) -> Done {
    let folder = options.folder.as_deref();
    if let Some(index) = OpenIndex::find(&options.known, folder)? {
        let place = match index.place(&options.known) {
            Ok((source, folder)) => Some((source.value.uuid, folder)),
            // All roots of an index that was named.
            Err(_) if is_open_question(&options.known, folder) => None,
            Err(failure) => return Err(failure),
        };
        return answer(options, &index.state, place);
    }
    let path = folder.unwrap_or(OsStr::new("."));
    output::say(&format!(
        "aether: nothing is kept of \"{}\", so that it is scanned first; `aether scan --keep` makes this quick\n",
        shown(path.as_bytes())
    ));
    match Unkept::scan(path.as_bytes())? {
        Ok(unkept) => answer(options, &unkept.state, None),
        Err(signal) => Ok(Exit::Signal(signal)),
    }
}

fn is_open_question(known: &Known, folder: Option<&OsStr>) -> bool {
    known.index.is_some() && known.source.is_none() && folder.is_none()
}

fn answer(options: &Find, state: &LocalIndex, place: Option<(String, Vec<u8>)>) -> Done {
    let found = Hits::search(options, state, place)?;
    let mut out = Stdout::default();
    if options.format.json {
        head(&found).line(out.buffer());
    }
    let matcher = Colors::of_terminal();
    let is_for_eyes = output::is_terminal() && !options.format.print0;
    for hit in &found.hits {
        if options.format.json {
            let object = Object::default()
                .path("path", &hit.path)
                .set("kind", answers::kind(hit.kind))
                .set("bytes", hit.bytes)
                .set("mtime_ns", hit.mtime)
                .set("score", hit.score)
                .set("source", hit.source.as_str());
            object.line(out.buffer());
        } else if is_for_eyes {
            let name = matcher.paint(cells::shown(&hit.path), &hit.path, hit.kind);
            out.line(&format!("{name}{}", answers::mark(hit.kind)))?;
        } else {
            out.buffer().extend_from_slice(&hit.path);
            out.buffer()
                .push(if options.format.print0 { 0 } else { b'\n' });
        }
        out.pass()?;
    }
    out.flush()?;
    if !options.format.json {
        output::say(&tail(&found, options));
    }
    Ok(if found.hits.is_empty() {
        Exit::ERRORS
    } else {
        Exit::COMPLETE
    })
}

fn head(found: &Hits) -> Object {
    let about = Object::default()
        .set("matched", found.matched)
        .set("more", found.more)
        .set("truncated", found.truncated)
        .set("outdated", found.outdated)
        .with(answers::object(&found.answer));
    Object::default().set("answer", about)
}

/// What a person reads beneath the hits, apart from them.
fn tail(found: &Hits, options: &Find) -> String {
    let shown = words::count(found.hits.len() as u64);
    let of = match found.matched {
        Some(matched) => format!("{shown} of {}", words::counted(matched, "match", "matches")),
        None => words::counted(found.hits.len() as u64, "match", "matches"),
    };
    let mut text = format!("{of}, {}\n", answers::age(&found.answer));
    if found.more {
        let next = options.after.saturating_add(options.limit);
        text.push_str(&format!("… and more: --after {next}\n"));
    }
    let own = [
        (
            found.truncated,
            "not all names fit into memory: there may be more matches",
        ),
        (
            found.outdated,
            "results may be out of date: names were added since they were loaded",
        ),
        (
            !found.answer.exhaustive,
            "some folders are not known: there may be more matches",
        ),
    ];
    let own = own.map(|(is_so, what)| is_so.then(|| what.to_owned()));
    text.push_str(&answers::doubts(&found.answer, &own));
    text
}

/// What is walked where nothing is kept.
fn walked() -> aether_core::Options {
    scan::walked(&crate::options::Walk::default())
}
