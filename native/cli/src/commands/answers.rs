//! What every answer of an index says of itself: its age, and what it does not know.

use aether_core::errno_name;
use aether_core::slab::status;
use aether_index::{Answer, listing, scan_status};

use crate::cells;
use crate::output::json::{Object, Value};
use crate::words;

/// Paths shown of what could not be read.
const UNREADABLE: usize = 5;

/// For programs.
pub fn object<T>(answer: &Answer<T>) -> Object {
    let unreadable = &answer.unreadable;
    let first = unreadable.first.iter();
    let first = first.map(|path| Value::from(Object::default().path("path", path)));
    let found = Object::default()
        .set("count", unreadable.count)
        .set("at_least", unreadable.at_least)
        .set("first", first.collect::<Vec<_>>());
    let age = answer.age.map(|age| age.as_millis() as u64);
    Object::default()
        .set("scanned_at", answer.scanned_at.and_then(words::iso8601))
        .set("age_ms", age)
        .set("stale", answer.stale)
        .set("scanning", answer.scanning)
        .set("exhaustive", answer.exhaustive)
        .set("unreadable", found)
        .set("imported", answer.imported)
        .set("rolled_back", answer.rolled_back)
}

/// How old it is.
pub fn age<T>(answer: &Answer<T>) -> String {
    match (answer.age, answer.scanned_at) {
        (None, None) => "not scanned yet".to_owned(),
        (None, Some(_)) => "seen at a time that is still to come by this clock".to_owned(),
        (Some(age), _) => {
            let stale = if answer.stale && !answer.scanning {
                " (stale)"
            } else {
                ""
            };
            format!("seen {}{stale}", words::ago(age))
        }
    }
}

/// What there is to doubt, a line each; `own` are those of the command.
pub fn doubts<T>(answer: &Answer<T>, own: &[Option<String>]) -> String {
    let mut lines = own.iter().flatten().cloned().collect::<Vec<_>>();
    if answer.scanning {
        lines.push(
            "a scan is running: this is what it has found so far, and what was known before".into(),
        );
    }
    if answer.imported {
        lines.push("some counts are from an old cache, which no scan has confirmed".into());
    }
    if answer.rolled_back {
        lines.push("the file is older than what was kept in it: it was put back, or lost its log. Scan again".into());
    }
    if let Some(newer) = &answer.newer {
        let source = cells::shown(newer.source.as_bytes());
        lines.push(format!(
            "another root of this index has looked here since: --source {source}"
        ));
    }
    let unreadable = &answer.unreadable;
    if unreadable.count > 0 {
        let least = if unreadable.at_least { "at least " } else { "" };
        lines.push(format!(
            "{least}{} could not be read:",
            words::count(unreadable.count)
        ));
    }
    let mut text = lines
        .iter()
        .map(|line| format!("  ! {line}\n"))
        .collect::<String>();
    for path in unreadable.first.iter().take(UNREADABLE) {
        let path = match path.as_slice() {
            [] => "the root".to_owned(),
            path => cells::shown(path),
        };
        text.push_str(&format!("      {path}\n"));
    }
    text
}

/// Folders that are not known.
pub fn unknown(folders: i64) -> Option<String> {
    match folders {
        ..=0 => None,
        1 => Some("1 folder beneath is not known".to_owned()),
        _ => Some(format!(
            "{} folders beneath are not known",
            words::count(folders)
        )),
    }
}

/// Totals, as far as they are known.
pub fn totals(files: i64, bytes: Option<i64>, exhaustive: bool) -> String {
    let least = if exhaustive { "" } else { "at least " };
    let files = words::counted(files.max(0).unsigned_abs(), "file", "files");
    format!("{least}{files}, {}", size(bytes))
}

/// A size on disk, as numbers are elsewhere.
pub fn on_disk(bytes: Option<u64>) -> Option<i64> {
    bytes.map(|bytes| i64::try_from(bytes).unwrap_or(i64::MAX))
}

/// What to say of sizes on disk that an index does not have.
pub const NO_DISK: &str =
    "sizes on disk are not known until a scan of the whole root has run to its end";

/// What to say of one that may be too large for a while.
pub fn pending(is_pending: bool) -> Option<String> {
    is_pending.then(|| {
        "sizes on disk read \"at most\" until what was removed with links elsewhere is cleared away".to_owned()
    })
}

/// A size, or a dash.
pub fn size(bytes: Option<i64>) -> String {
    bytes.map_or("-".to_owned(), |bytes| {
        words::size(bytes.max(0).unsigned_abs())
    })
}

/// The kind of an entry, for programs.
pub fn kind(kind: u8) -> &'static str {
    match kind {
        1 => "file",
        2 => "directory",
        3 => "symlink",
        4 => "other",
        _ => "unknown",
    }
}

/// What stands behind a name.
pub fn mark(kind: u8) -> &'static str {
    match kind {
        2 => "/",
        3 => "@",
        _ => "",
    }
}

/// How a folder's listing ended, for programs.
pub fn status(status: i64) -> String {
    match listing::errno(status) {
        Some(errno) => format!("error: {}", reason(errno)),
        None => listing::name(status).to_owned(),
    }
}

/// The same, for people.
pub fn status_text(status: i64) -> String {
    if let Some(errno) = listing::errno(status) {
        return format!("could not be read: {}", reason(errno));
    }
    let name = listing::name(status);
    let text = match name {
        "unread" => "not read",
        "unmounted" => "another file system than the one that was kept, or not entered any more",
        "other_file_system" => "another file system, not entered",
        "loop" => "one of its own ancestors, not entered",
        "changing" => "kept changing while it was read",
        _ => name,
    };
    text.to_owned()
}

fn reason(errno: i32) -> &'static str {
    errno_name(errno).unwrap_or("unknown_errno")
}

/// Whether all its entries are known.
pub fn is_complete(status: i64) -> bool {
    status == i64::from(status::COMPLETE)
}

/// How a scan ended.
pub fn scan_status(status: Option<i64>) -> &'static str {
    status.map_or("none", scan_status::name)
}
