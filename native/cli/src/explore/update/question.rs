//! What a question about removal says: of each target what the index knows, and of all together what was counted on the disk.

use super::super::layer::Dialog;
use super::super::measure::Measure;
use super::super::removal::{Survey, Target};
use super::super::state::State;
use crate::cells;
use crate::place::full;
use crate::words;

/// Targets that a question names.
const NAMED: usize = 5;
const DIRECTORY: u8 = 2;

/// Rewrites the text of a question.
pub fn fill(state: &State, dialog: &mut Dialog) {
    dialog.lines = named(state, &dialog.targets);
    dialog.last = all(state.measure(), dialog);
}

fn named(state: &State, targets: &[Target]) -> Vec<String> {
    let measure = state.measure();
    let mut lines = Vec::new();
    for (at, target) in targets.iter().take(NAMED).enumerate() {
        let child = &target.child;
        let is_folder = child.kind == DIRECTORY;
        let slash = if is_folder { "/" } else { "" };
        let least = if child.unknown_below > Some(0) {
            "at least "
        } else {
            ""
        };
        let files = match is_folder {
            true => format!("{}, ", counted(files(target))),
            false => String::new(),
        };
        let size = measure.size(child);
        let size = size.map_or("unknown size".to_owned(), words::size);
        let age = target
            .seen
            .map(|at| words::brief_age((state.now - at) / 1000));
        let age = age.filter(|age| !age.is_empty());
        let age = age.map_or(String::new(), |age| format!(", seen {age} ago"));
        let name = cells::named(&child.name);
        lines.push(format!("{name}{slash}  {least}{files}{size}{age}"));
        let folder = full(&target.place.root, &target.place.folder);
        let is_last_of_it = targets
            .get(at + 1)
            .is_none_or(|next| next.place != target.place || at + 1 == NAMED);
        if is_last_of_it {
            lines.push(format!("in {}", cells::named(&folder)));
        }
    }
    lines
}

/// What is said of all targets together, and must not be missed.
fn all(measure: Measure, dialog: &Dialog) -> Vec<String> {
    let (targets, surveys) = (&dialog.targets, &dialog.surveys);
    let mut lines = Vec::new();
    if targets.len() > NAMED {
        let more = words::count((targets.len() - NAMED) as i128);
        lines.push(format!("and {more} more"));
    }
    lines.extend(dialog.note.map(str::to_owned));
    let is_counted = surveys.len() == targets.len();
    let differences = match is_counted {
        true => differences(measure, dialog),
        false => Vec::new(),
    };
    let is_as_shown = differences.is_empty();
    lines.extend(differences);
    let stay = surveys.iter().filter_map(|survey| survey.as_ref().err());
    let count = words::count(stay.clone().count() as i128);
    lines.extend(stay.clone().next().map(|why| match targets.len() {
        1 => format!("It will stay: {why}"),
        _ => format!("{count} of these will stay, the first because {why}"),
    }));
    if !is_counted {
        lines.push("counting what lies there…".to_owned());
    }
    if targets.len() > 1 || !is_as_shown {
        let shown = targets.iter().map(|target| {
            let size = measure.size(&target.child).unwrap_or_default();
            (files(target), size)
        });
        let found = surveys.iter().flatten();
        let found = found.map(|survey| (survey.files, size(measure, survey)));
        let (files, bytes) = match is_counted {
            true => sum(found),
            false => sum(shown),
        };
        let files = counted(files);
        lines.push(format!("{files}, {} in all", words::size(bytes)));
    }
    lines
}

/// How what was counted differs from what the index knows.
fn differences(measure: Measure, dialog: &Dialog) -> Vec<String> {
    let mut lines = Vec::new();
    let (mut more, mut more_bytes, mut fewer) = (0_u64, Some(0_u64), 0_u64);
    let (mut newer, mut unread, mut is_known) = ((0_u64, 0_u64), 0_u64, true);
    for (target, survey) in dialog.targets.iter().zip(&dialog.surveys) {
        let Ok(survey) = survey else {
            continue;
        };
        let shown = files(target);
        fewer = fewer.saturating_add(shown.saturating_sub(survey.files));
        newer.0 = newer.0.saturating_add(survey.newer);
        newer.1 = newer.1.saturating_add(survey.newer_folders);
        unread = unread.saturating_add(survey.unread);
        is_known &= target.child.unknown_below.unwrap_or_default() == 0;
        is_known &= !survey.is_newer_than_whole;
        if survey.files > shown {
            more = more.saturating_add(survey.files - shown);
            let bytes = measure.size(&target.child);
            let bytes = bytes.map(|bytes| size(measure, survey).saturating_sub(bytes));
            more_bytes = more_bytes
                .zip(bytes)
                .map(|(all, bytes)| all.saturating_add(bytes));
        }
    }
    if more > 0 {
        let bytes = more_bytes.filter(|bytes| *bytes > 0);
        let bytes = bytes.map_or(String::new(), |bytes| format!(", {},", words::size(bytes)));
        let why = match is_known {
            true => "that this scan left out",
            false => "not shown: left out, or new",
        };
        lines.push(format!("also {}{bytes} {why}", counted(more)));
    }
    if fewer > 0 {
        lines.push(format!("{} fewer than shown", counted(fewer)));
    }
    // Where as many went as came, this alone tells it.
    let newer_folders = words::counted(newer.1, "folder", "folders");
    let changed = match newer {
        (0, 0) => None,
        (_, 0) => Some(counted(newer.0)),
        (0, _) => Some(newer_folders),
        _ => Some(format!("{} and {newer_folders}", counted(newer.0))),
    };
    lines.extend(changed.map(|changed| format!("{changed} changed after this was seen")));
    if unread > 0 {
        let folders = words::counted(unread, "folder", "folders");
        lines.push(format!(
            "{folders} cannot be read: what lies there is not counted"
        ));
    }
    lines
}

fn files(target: &Target) -> u64 {
    target.child.file_count.max(0).unsigned_abs()
}

fn counted(files: u64) -> String {
    words::counted(files, "file", "files")
}

fn size(measure: Measure, survey: &Survey) -> u64 {
    match measure {
        Measure::Disk => survey.disk,
        Measure::Apparent => survey.bytes,
    }
}

fn sum(numbers: impl Iterator<Item = (u64, u64)>) -> (u64, u64) {
    numbers.fold((0, 0), |(files, bytes), (more_files, more_bytes)| {
        let files: u64 = files;
        let bytes: u64 = bytes;
        (
            files.saturating_add(more_files),
            bytes.saturating_add(more_bytes),
        )
    })
}
