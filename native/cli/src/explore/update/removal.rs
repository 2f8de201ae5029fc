//! Marks, and what is removed: asked first, then done by others, then listed again, so that totals fall on proof.

use aether_core::path;

use super::super::layer::{Choice, Dialog, Layer};
use super::super::message::{Ask, ScanWanted};
use super::super::removal::{self, How, Looked, RemoveWanted, Report, Target, key};
use super::super::state::{State, Work};
use super::{browse, places};
use crate::cells;
use crate::place::full;
use crate::words;

/// Targets that a question names, and what was left that an answer does.
const NAMED: usize = 5;
const LEFT: usize = 8;

/// Marks the row under the cursor, or takes its mark away, and goes on.
pub fn mark(state: &mut State) -> Vec<Ask> {
    if let Some(child) = state.chosen().cloned() {
        let place = state.place.clone();
        let key = key(&place, &child.name);
        if state.marks.remove(&key).is_none() {
            state.marks.insert(key, Target { place, child });
        }
    }
    browse::step(state, 1)
}

/// Asks whether to remove what is marked or, with nothing marked, what is under the cursor.
pub fn wish(state: &mut State, how: How) -> Vec<Ask> {
    let place = state.place.clone();
    let targets = match state.marks.is_empty() {
        true => state.chosen().cloned().map(|child| Target { place, child }),
        false => None,
    };
    let targets = targets.map_or_else(|| removal::outermost(&state.marks), |target| vec![target]);
    ask(state, how, targets)
}

/// The question, with what is known of the targets, which is asked for anew.
pub fn ask(state: &mut State, how: How, targets: Vec<Target>) -> Vec<Ask> {
    let refused = match (state.settings.may_delete, state.settings.only_reads) {
        (false, _) => Some("nothing is removed unless started with --allow-delete".to_owned()),
        (true, Some(why)) => Some(format!("cannot remove: {why}")),
        _ => None,
    };
    let refused = refused.or_else(|| busy(state).map(str::to_owned));
    if refused.is_some() {
        state.notice = refused;
        return Vec::new();
    }
    let Some(first) = targets.first() else {
        return Vec::new();
    };
    let root = first.place.root.clone();
    let (title, yes) = match how {
        How::Trash => ("Move to the trash?", "yes"),
        How::Delete => ("Delete for good?", "delete"),
    };
    let lines = lines(state, &targets, &[]);
    state.layers.push(Layer::Dialog(Dialog {
        title: title.to_owned(),
        lines,
        choices: vec![("no", None), (yes, Some(Choice::Remove(how)))],
        at: 0,
        targets: targets.clone(),
    }));
    vec![look(state, root, targets)]
}

/// Why nothing else may begin now.
pub fn busy(state: &State) -> Option<&'static str> {
    match (&state.work, state.is_moving()) {
        (Some(_), _) => Some("something is being removed: Esc stops it"),
        (None, true) => Some("a scan is running: Esc stops it"),
        (None, false) => None,
    }
}

fn look(state: &mut State, root: Vec<u8>, targets: Vec<Target>) -> Ask {
    state.look_number += 1;
    state.is_looking = true;
    Ask::Look {
        number: state.look_number,
        root,
        targets,
    }
}

/// The question is read anew when the folder moves.
pub fn look_again(state: &mut State) -> Option<Ask> {
    let Some(Layer::Dialog(dialog)) = state.layers.last() else {
        return None;
    };
    let targets = dialog.targets.clone();
    let root = targets.first()?.place.root.clone();
    Some(look(state, root, targets))
}

fn lines(state: &State, targets: &[Target], seen: &[Option<i64>]) -> Vec<String> {
    let measure = state.measure();
    let mut lines = Vec::new();
    for (at, target) in targets.iter().take(NAMED).enumerate() {
        let child = &target.child;
        let is_folder = child.kind == 2;
        let slash = if is_folder { "/" } else { "" };
        let least = if child.unknown_below > Some(0) {
            "at least "
        } else {
            ""
        };
        let files = match is_folder {
            true => {
                let files = child.file_count.max(0).unsigned_abs();
                format!("{}, ", words::counted(files, "file", "files"))
            }
            false => String::new(),
        };
        let size = measure.size(child);
        let size = size.map_or("unknown size".to_owned(), words::size);
        let age = seen.get(at).copied().flatten();
        let age = age.map(|at| words::brief_age((state.now - at) / 1000));
        let age = age.filter(|age| !age.is_empty());
        let age = age.map_or(String::new(), |age| format!(", seen {age} ago"));
        let name = cells::shown(&child.name);
        lines.push(format!("{name}{slash}  {least}{files}{size}{age}"));
        let folder = full(&target.place.root, &target.place.folder);
        let is_last_of_it = targets
            .get(at + 1)
            .is_none_or(|next| next.place != target.place || at + 1 == NAMED);
        if is_last_of_it {
            lines.push(format!("in {}", cells::shown(&folder)));
        }
    }
    if targets.len() > NAMED {
        let more = words::count((targets.len() - NAMED) as i128);
        lines.push(format!("and {more} more"));
    }
    if targets.len() > 1 {
        let sizes = targets
            .iter()
            .filter_map(|target| measure.size(&target.child));
        let sum = sizes.fold(0_u64, u64::saturating_add);
        lines.push(format!("{} in all", words::size(sum)));
    }
    lines
}

/// What the index says of targets by now, or of the whole tree after a removal.
pub fn looked(state: &mut State, number: u64, looked: &Looked) -> Vec<Ask> {
    if number != state.look_number {
        return Vec::new();
    }
    state.is_looking = false;
    if let Some(Work::Counting(report)) = &state.work {
        let text = said(report, state.whole, looked.whole, looked.is_pending);
        state.notice = Some(text);
        state.work = None;
        return Vec::new();
    }
    state.whole = looked.whole;
    let Some(Layer::Dialog(dialog)) = state.layers.last() else {
        return Vec::new();
    };
    if dialog.targets.is_empty() {
        return Vec::new();
    }
    let mut targets = Vec::new();
    let mut seen = Vec::new();
    let mut is_other = false;
    let ages = looked.seen.iter().copied().chain(std::iter::repeat(None));
    let now = looked.targets.iter().zip(ages);
    for (target, (child, age)) in dialog.targets.iter().zip(now) {
        let Some(child) = child.clone() else {
            is_other = true;
            continue;
        };
        is_other |= child != target.child;
        let place = target.place.clone();
        targets.push(Target { place, child });
        seen.push(age);
    }
    let mut lines = lines(state, &targets, &seen);
    if is_other {
        lines.push("It has changed meanwhile.".to_owned());
    }
    if targets.is_empty() {
        state.layers.pop();
        state.notice = Some("it is gone".to_owned());
        return Vec::new();
    }
    if let Some(Layer::Dialog(dialog)) = state.layers.last_mut() {
        (dialog.targets, dialog.lines) = (targets, lines);
        if is_other {
            dialog.at = 0;
        }
    }
    Vec::new()
}

/// The user said yes.
pub fn begin(state: &mut State, how: How, targets: Vec<Target>) -> Vec<Ask> {
    if let Some(why) = busy(state) {
        state.notice = Some(why.to_owned());
        return Vec::new();
    }
    state.work = Some(Work::Removing(0));
    vec![Ask::Remove(RemoveWanted { how, targets })]
}

/// It is done: marks of what is gone go, and what was removed is looked for again.
pub fn removed(state: &mut State, report: Report) -> Vec<Ask> {
    for target in &report.gone {
        let (root, gone) = (&target.place.root, target.path());
        let is_gone = |mark: &Target| path::is_within(&mark.path(), &gone);
        state
            .marks
            .retain(|_, mark| mark.place.root != *root || !is_gone(mark));
    }
    if report.left_count > 0 {
        state.layers.push(Layer::Dialog(left(&report)));
    }
    let mut again = report.again.clone();
    again.reverse();
    state.work = Some(Work::Listing { report, again });
    listed(state)
}

/// The next folder is listed again, or all totals are counted on.
pub fn listed(state: &mut State) -> Vec<Ask> {
    let Some(Work::Listing { report, again }) = &mut state.work else {
        return Vec::new();
    };
    if let Some((place, depth)) = again.pop() {
        let wanted = ScanWanted {
            place,
            depth,
            ..ScanWanted::default()
        };
        return vec![super::scan(state, wanted)];
    }
    let report = report.clone();
    state.panel = None;
    places::fit(state);
    let root = report.again.first().map(|(place, _)| place.root.clone());
    match root {
        Some(root) => {
            state.work = Some(Work::Counting(report));
            vec![look(state, root, Vec::new())]
        }
        None => {
            state.notice = Some(said(&report, None, None, false));
            state.work = None;
            Vec::new()
        }
    }
}

fn left(report: &Report) -> Dialog {
    let mut lines = Vec::new();
    for left in report.left.iter().take(LEFT) {
        lines.push(format!("{}: {}", cells::shown(&left.path), left.why));
    }
    let more = report.left_count.saturating_sub(lines.len() as u64);
    if more > 0 {
        lines.push(format!("and {} more", words::count(more)));
    }
    let choices = match report.untrashed.as_slice() {
        [] => vec![("close", None)],
        untrashed => {
            let offer = Choice::Offer(How::Delete, untrashed.to_vec());
            vec![("no", None), ("delete for good", Some(offer))]
        }
    };
    let count = words::count(report.left_count);
    Dialog {
        title: format!("Not removed: {count}"),
        lines,
        choices,
        at: 0,
        targets: Vec::new(),
    }
}

/// What was done, what totals lost by it, and what the file system gained: these may differ.
fn said(report: &Report, before: Option<u64>, after: Option<u64>, is_pending: bool) -> String {
    let entries = words::counted(report.entries, "entry", "entries");
    let what = match report.how {
        How::Trash => format!("{entries} moved to the trash"),
        How::Delete => format!("{entries} deleted"),
    };
    let mut parts = Vec::new();
    if report.is_stopped {
        parts.push("stopped".to_owned());
    }
    if report.entries > 0 {
        let lost = before.zip(after);
        let lost = lost.map(|(before, after)| before.saturating_sub(after));
        let least = if is_pending { "at least " } else { "" };
        parts.extend(lost.map(|lost| format!("totals {least}{} less", words::size(lost))));
        match (report.how, report.freed) {
            (How::Trash, _) => parts.push("the trash has it".to_owned()),
            (How::Delete, Some(freed)) => {
                let more = if freed < 0 { "less" } else { "more" };
                parts.push(format!("{} {more} free", words::size(freed.unsigned_abs())));
            }
            (How::Delete, None) => {}
        }
    }
    if report.left_count > 0 {
        parts.push(format!("{} left", words::count(report.left_count)));
    }
    match parts.is_empty() {
        true => what,
        false => format!("{what}: {}", parts.join(", ")),
    }
}
