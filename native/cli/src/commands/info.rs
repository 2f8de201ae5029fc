//! `aether info`: which roots an index knows.

use std::os::unix::ffi::OsStrExt;

use aether_index::Answer;
use aether_index::reader::Source;

use super::answers;
use super::known::OpenIndex;
use crate::cells;
use crate::failure::{Done, Exit};
use crate::options::Info;
use crate::output::Stdout;
use crate::output::json::Object;
use crate::words;

/// Lists roots.
pub fn run(options: &Info) -> Done {
    let index = OpenIndex::at(&options.at)?;
    let sources = index.pool()?.sources()?;
    let file = index.file.as_os_str().as_bytes();
    let mut out = Stdout::default();
    if options.json {
        let about = Object::default()
            .path("file", file)
            .set("roots", sources.len());
        Object::default().set("answer", about).line(out.buffer());
        for source in &sources {
            object(source).line(out.buffer());
            out.pass()?;
        }
    } else {
        let size = std::fs::metadata(&index.file).map_or(0, |found| found.len());
        let roots = words::counted(sources.len() as u64, "root", "roots");
        out.line(&format!(
            "{}: {}, {roots}",
            cells::shown(file),
            words::size(size)
        ))?;
        for source in &sources {
            out.text(&text(source))?;
        }
    }
    out.flush()?;
    Ok(Exit::COMPLETE)
}

fn object(answer: &Answer<Source>) -> Object {
    let source = &answer.value;
    Object::default()
        .set("source", source.uuid.as_str())
        .path("root", &source.root)
        .path("rules", &source.rules)
        .set("file_count", source.file_count)
        .set("bytes", source.bytes)
        .set("generation", source.generation)
        .set("status", answers::scan_status(source.last_scan_status))
        .set("last_scan_at", source.last_scan_at.and_then(words::iso8601))
        .set(
            "last_complete_at",
            source.last_complete_at.and_then(words::iso8601),
        )
        .set("within", source.within.as_deref())
        .with(answers::object(answer))
}

fn text(answer: &Answer<Source>) -> String {
    let source = &answer.value;
    let totals = answers::totals(source.file_count, Some(source.bytes), answer.exhaustive);
    let mut text = format!(
        "{}: {totals}, {}\n  id {}, scan {} {}, rules {}\n",
        cells::shown(&source.root),
        answers::age(answer),
        cells::shown(source.uuid.as_bytes()),
        source.generation,
        answers::scan_status(source.last_scan_status),
        cells::shown(&source.rules),
    );
    text.push_str(&answers::doubts(
        answer,
        &[answers::unknown(source.unknown_below)],
    ));
    text
}
