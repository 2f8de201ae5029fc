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
    match what(status) {
        Some((name, _)) => name.to_owned(),
        None => format!("error: {}", reason(status)),
    }
}

/// The same, for people.
pub fn status_text(status: i64) -> String {
    match what(status) {
        Some((_, text)) => text.to_owned(),
        None => format!("could not be read: {}", reason(status)),
    }
}

/// Whether all its entries are known.
pub fn is_complete(status: i64) -> bool {
    status == i64::from(status::COMPLETE)
}

fn what(status: i64) -> Option<(&'static str, &'static str)> {
    let of_index = match status {
        listing::UNREAD => Some(("unread", "not read")),
        listing::UNMOUNTED => Some((
            "unmounted",
            "another file system than the one that was kept, or not entered any more",
        )),
        _ => None,
    };
    of_index.or_else(|| match u32::try_from(status).ok()? {
        status::COMPLETE => Some(("complete", "complete")),
        status::VANISHED => Some(("vanished", "vanished")),
        status::OTHER_FILE_SYSTEM => {
            Some(("other_file_system", "another file system, not entered"))
        }
        status::LOOP => Some(("loop", "one of its own ancestors, not entered")),
        status::CHANGING => Some(("changing", "kept changing while it was read")),
        _ => None,
    })
}

fn reason(status: i64) -> &'static str {
    let number = u32::try_from(status).ok().and_then(status::to_errno);
    number.and_then(errno_name).unwrap_or("unknown_errno")
}

/// How a scan ended.
pub fn scan_status(status: Option<i64>) -> &'static str {
    match status {
        Some(scan_status::RUNNING) => "running",
        Some(scan_status::COMPLETE) => "complete",
        Some(scan_status::PARTIAL) => "partial",
        Some(scan_status::CANCELLED) => "cancelled",
        Some(scan_status::FAILED) => "failed",
        Some(scan_status::CRASHED) => "crashed",
        _ => "none",
    }
}
