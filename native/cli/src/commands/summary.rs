//! What a person reads of a scan when it is over. Every name in it is made safe to show.

use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use aether_core::{Counts, Error, ErrorLog, Reason, Status, Summary};

use crate::cells;
use crate::messages;
use crate::words;

/// Paths shown for each reason.
const PATHS: usize = 5;
/// Cells of the first column.
const NAMES: usize = 13;

/// What a summary is about.
pub struct Shown<'a> {
    pub path: &'a [u8],
    pub counts: &'a Counts,
    pub is_filtered: bool,
    pub has_metadata: bool,
    pub kept_in: Option<&'a Path>,
    pub all_errors: bool,
}

/// The summary of one scan.
pub fn text(shown: &Shown<'_>, summary: &Summary) -> String {
    let mut text = format!("{}: {}\n", cells::shown(shown.path), status(summary));
    let mut row = |name: &str, value: String| {
        text.push_str(&format!("  {}{value}\n", cells::left(name, NAMES)));
    };
    counts(shown.counts, shown.has_metadata, &mut row);
    if let (Some(disk), false) = (summary.disk, shown.is_filtered) {
        let about = if summary.is_disk_exact {
            ""
        } else {
            "at most "
        };
        row("disk", format!("{about}{}", words::exact_size(disk)));
    }
    for (name, number, what) in [
        (
            "unread",
            summary.counts.unread,
            "directories deeper than asked for",
        ),
        ("skipped", summary.counts.skipped, "left out by rules"),
        (
            "vanished",
            summary.counts.vanished,
            "gone before they could be read",
        ),
    ] {
        if number > 0 {
            row(name, format!("{} ({what})", words::count(number)));
        }
    }
    row("errors", words::count(summary.errors.count));
    if let Some(file) = shown.kept_in {
        row("kept in", cells::shown(file.as_os_str().as_bytes()));
    }
    if let Some(first) = summary.first_entry {
        row("first entry", words::time(first));
    }
    row("duration", words::time(summary.duration));
    row(
        "rate",
        format!("{} entries/s", words::count(summary.rate.round() as u64)),
    );
    reasons(&summary.errors, shown.all_errors, &mut text);
    text
}

/// The sum of several.
pub fn total(paths: usize, sum: &Counts, has_metadata: bool) -> String {
    let mut text = format!("total of {paths} paths\n");
    counts(sum, has_metadata, &mut |name, value| {
        text.push_str(&format!("  {}{value}\n", cells::left(name, NAMES)));
    });
    text
}

fn counts(counts: &Counts, has_metadata: bool, row: &mut impl FnMut(&str, String)) {
    row("files", words::count(counts.files));
    row("directories", words::count(counts.directories));
    row("symlinks", words::count(counts.symlinks));
    row("others", words::count(counts.others));
    if has_metadata {
        row("bytes", words::exact_size(counts.bytes));
    }
}

fn status(summary: &Summary) -> &'static str {
    match summary.status {
        Status::Complete if summary.errors.count == 0 => "complete",
        Status::Complete => "complete, with errors",
        Status::Partial => "partial, not everything could be read",
        Status::Cancelled => "interrupted, this is what was counted",
        Status::Failed => "failed, this is what was counted",
    }
}

/// Errors by reason, the most frequent first, with their first paths.
fn reasons(errors: &ErrorLog, all: bool, text: &mut String) {
    let mut reasons = errors.by_reason.iter().collect::<Vec<(&Reason, &u64)>>();
    reasons.sort_by_key(|(reason, number)| (std::cmp::Reverse(**number), **reason));
    for (reason, number) in reasons {
        text.push_str(&format!(
            "  {}: {}\n",
            messages::short(*reason),
            words::count(*number)
        ));
        let most = if all { usize::MAX } else { PATHS };
        let of_reason = errors.first.iter().filter(|error| error.reason == *reason);
        let mut shown = 0;
        for error in of_reason.take(most) {
            text.push_str(&format!("    {}\n", place(b"", error)));
            shown += 1;
        }
        if *number > shown {
            text.push_str(&format!("    and {} more\n", words::count(number - shown)));
        }
    }
}

/// Errors, one a line, as other tools tell them.
pub fn errors(prefix: &[u8], errors: &ErrorLog) -> String {
    let mut text = String::new();
    for error in &errors.first {
        let reason = messages::short(error.reason);
        text.push_str(&format!("aether: {}: {reason}\n", place(prefix, error)));
    }
    let more = errors.count.saturating_sub(errors.first.len() as u64);
    if more > 0 {
        text.push_str(&format!(
            "aether: and {} more errors (--errors names all)\n",
            words::count(more)
        ));
    }
    text
}

fn place(prefix: &[u8], error: &Error) -> String {
    let detail = error.detail.as_deref();
    let detail = detail.map(|detail| format!(" ({})", messages::shown(detail.as_bytes())));
    let path = match (prefix, error.path.as_slice()) {
        ([], []) => "the root".to_owned(),
        (prefix, path) => cells::shown(&[prefix, path].concat()),
    };
    format!(
        "{} {path}{}",
        error.operation.name(),
        detail.unwrap_or_default()
    )
}
