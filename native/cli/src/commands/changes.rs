//! `aether changes`: what appeared, vanished and grew between two scans of a root.

use aether_index::reader::{Change, Changes, ChangesOptions, Source};
use aether_index::{Answer, scan_status};

use super::answers;
use super::known::OpenIndex;
use crate::cells;
use crate::failure::{Done, Exit, Failure};
use crate::options;
use crate::output::Stdout;
use crate::output::json::{Object, Value};
use crate::words;

/// Tells what changed.
pub fn run(options: &options::Changes) -> Done {
    let index = OpenIndex::open(&options.known, options.folder.as_deref())?;
    let (source, folder) = index.place(&options.known)?;
    let source = source.value;
    let to = options.to.unwrap_or(source.generation);
    let from = options.from.unwrap_or((to - 1).max(0));
    if from > to {
        return Err(Failure::usage(format!(
            "--from {from} comes after --to {to}"
        )));
    }
    let answer = read(&index, &source, (from, to), &folder, options.limit as usize)?;
    let mut out = Stdout::default();
    match options.json {
        true => objects(&answer, &source, (from, to), &mut out)?,
        false => out.text(&text(&answer, &source, (from, to)))?,
    }
    out.flush()?;
    Ok(Exit::COMPLETE)
}

/// A page may end before its limit.
fn read(
    index: &OpenIndex,
    source: &Source,
    (from, to): (i64, i64),
    folder: &[u8],
    limit: usize,
) -> Result<Answer<Changes>, Failure> {
    let mut options = ChangesOptions {
        folder: folder.to_vec(),
        limit,
        ..ChangesOptions::default()
    };
    let mut found = Vec::new();
    loop {
        let mut answer = index.pool()?.changes(&source.uuid, from, to, &options)?;
        found.append(&mut answer.value.folders);
        options.limit = limit - found.len();
        if options.limit == 0 || answer.value.next.is_none() {
            answer.value.folders = found;
            return Ok(answer);
        }
        options.after = answer.value.next;
    }
}

fn objects(
    answer: &Answer<Changes>,
    source: &Source,
    (from, to): (i64, i64),
    out: &mut Stdout,
) -> Result<(), Failure> {
    let changes = &answer.value;
    let scans = changes.generations.iter().map(|one| {
        let object = Object::default()
            .set("generation", one.generation)
            .set("status", answers::scan_status(Some(one.status)))
            .set("ended_at", one.ended_at.and_then(words::iso8601));
        Value::from(object)
    });
    let about = Object::default()
        .path("root", &source.root)
        .set("source", source.uuid.as_str())
        .set("from", from)
        .set("to", to)
        .set("generations", scans.collect::<Vec<_>>())
        .set("pruned", changes.pruned)
        .set("first_load", changes.first_load)
        .set("more", changes.next.is_some())
        .with(answers::object(answer));
    Object::default().set("answer", about).line(out.buffer());
    for change in &changes.folders {
        let object = Object::default()
            .path("path", &change.path)
            .set("gone", change.gone)
            .set("file_count", change.file_count)
            .set("bytes", change.bytes)
            .set("added", change.added)
            .set("removed", change.removed)
            .set("changed", change.changed)
            .set("generation", change.generation);
        object.line(out.buffer());
        out.pass()?;
    }
    Ok(())
}

fn text(answer: &Answer<Changes>, source: &Source, (from, to): (i64, i64)) -> String {
    let changes = &answer.value;
    let root = cells::shown(&source.root);
    let age = answers::age(answer);
    let mut text = format!("{root}: what changed after scan {from} up to scan {to}, {age}\n");
    let pruned = "not all of these scans are remembered";
    let first = "the first scan is among them: everything was new, and is not listed";
    let own = [
        changes.pruned.then(|| pruned.to_owned()),
        changes.first_load.then(|| first.to_owned()),
        unfinished(changes),
    ];
    text.push_str(&answers::doubts(answer, &own));
    if changes.folders.is_empty() {
        text.push_str("  nothing\n");
    }
    for change in &changes.folders {
        text.push_str(&line(change));
    }
    if changes.next.is_some() {
        text.push_str("… and more\n");
    }
    text
}

fn line(change: &Change) -> String {
    let bytes = words::signed_size(change.bytes);
    let files = words::signed_count(change.file_count);
    let entries = format!("+{} -{} ~{}", change.added, change.removed, change.changed);
    let path = match change.path.as_slice() {
        [] => ".".to_owned(),
        path => cells::shown(path),
    };
    let gone = if change.gone { " (gone)" } else { "" };
    format!("{bytes:>12}{files:>12} files  {entries:<14}  {path}/{gone}\n")
}

fn unfinished(changes: &Changes) -> Option<String> {
    let scans = changes.generations.iter();
    let scans = scans.filter(|one| one.status != scan_status::COMPLETE);
    let scans = scans.map(|one| {
        format!(
            "{} ({})",
            one.generation,
            answers::scan_status(Some(one.status))
        )
    });
    let scans = scans.collect::<Vec<_>>();
    (!scans.is_empty()).then(|| format!("did not see everything: scan {}", scans.join(", ")))
}
