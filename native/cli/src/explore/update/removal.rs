//! Marks, and what is removed: asked first, then done by others, then listed again, so that totals fall on proof.

use aether_core::path;

use super::super::layer::{Choice, Dialog, Layer};
use super::super::message::{Ask, ScanWanted};
use super::super::removal::{self, How, Looked, RemoveWanted, Report, Surveyed, Target, key};
use super::super::state::{State, Work};
use super::{browse, places, question};
use crate::cells;
use crate::words;

/// What was left that an answer names.
const LEFT: usize = 8;

/// Marks the row under the cursor, or takes its mark away, and goes on.
pub fn mark(state: &mut State) -> Vec<Ask> {
    if let Some(child) = state.chosen().cloned() {
        let place = state.place.clone();
        let key = key(&place, &child.name);
        if state.marks.remove(&key).is_none() {
            state.marks.insert(key, Target::new(place, child));
        }
    }
    browse::step(state, 1)
}

/// Asks whether to remove what is marked or, with nothing marked, what is under the cursor.
pub fn wish(state: &mut State, how: How) -> Vec<Ask> {
    let place = state.place.clone();
    let targets = match state.marks.is_empty() {
        true => state
            .chosen()
            .cloned()
            .map(|child| Target::new(place, child)),
        false => None,
    };
    let targets = targets.map_or_else(|| removal::outermost(&state.marks), |target| vec![target]);
    ask(state, how, targets)
}

/// The question, with what is known of the targets, which is queried again.
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
    let mut dialog = question_of(how, targets.clone(), Vec::new());
    question::fill(state, &mut dialog);
    state.layers.push(Layer::Dialog(dialog));
    vec![look(state, root, targets)]
}

fn question_of(how: How, targets: Vec<Target>, surveys: Vec<Surveyed>) -> Dialog {
    let (title, yes) = match how {
        How::Trash => ("Move to the trash?", "yes"),
        How::Delete => ("Delete for good?", "delete"),
    };
    Dialog {
        title: title.to_owned(),
        choices: vec![("no", None), (yes, Some(Choice::Remove(how)))],
        targets,
        surveys,
        ..Dialog::default()
    }
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

/// The question is rewritten when the folder moves.
pub fn look_again(state: &mut State) -> Option<Ask> {
    let Some(Layer::Dialog(dialog)) = state.layers.last() else {
        return None;
    };
    let targets = dialog.targets.clone();
    let root = targets.first()?.place.root.clone();
    Some(look(state, root, targets))
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
    let Some(Layer::Dialog(mut dialog)) = state.layers.pop() else {
        return Vec::new();
    };
    if dialog.targets.is_empty() {
        state.layers.push(Layer::Dialog(dialog));
        return Vec::new();
    }
    let mut targets = Vec::new();
    let mut is_other = false;
    let ages = looked.seen.iter().copied().chain(std::iter::repeat(None));
    let whole = looked.whole_since.iter().copied();
    let ages = ages.zip(whole.chain(std::iter::repeat(None)));
    let roots = looked.roots.iter().cloned().chain(std::iter::repeat(None));
    let now = looked.targets.iter().zip(ages.zip(roots));
    for (target, (child, ((seen, whole_since), root))) in dialog.targets.iter().zip(now) {
        let Some(child) = child.clone() else {
            is_other = true;
            continue;
        };
        is_other |= child != target.child;
        let place = target.place.clone();
        targets.push(Target {
            place,
            child,
            seen,
            whole_since,
            root,
        });
    }
    if targets.is_empty() {
        state.notice = Some("it is gone".to_owned());
        return Vec::new();
    }
    if is_other {
        dialog.note = Some("It has changed since it was shown.");
        dialog.at = 0;
        dialog.appeared = Some(state.at);
    }
    let has_none = dialog.surveys.is_empty() && !state.is_surveying;
    let survey = (has_none || targets != dialog.targets).then(|| {
        dialog.surveys.clear();
        survey(state, targets.clone())
    });
    dialog.targets = targets;
    question::fill(state, &mut dialog);
    state.layers.push(Layer::Dialog(dialog));
    survey.into_iter().collect()
}

fn survey(state: &mut State, targets: Vec<Target>) -> Ask {
    state.survey_number += 1;
    state.is_surveying = true;
    Ask::Survey {
        number: state.survey_number,
        targets,
    }
}

/// What lies at the targets on the disk.
pub fn surveyed(state: &mut State, number: u64, surveys: Vec<Surveyed>) -> Vec<Ask> {
    if number != state.survey_number || !std::mem::take(&mut state.is_surveying) {
        return Vec::new();
    }
    if let Some(Layer::Dialog(mut dialog)) = state.layers.pop() {
        dialog.surveys = surveys;
        // Nobody has seen these numbers yet.
        dialog.at = 0;
        question::fill(state, &mut dialog);
        state.layers.push(Layer::Dialog(dialog));
    }
    Vec::new()
}

/// Nobody counts on for a question that was taken away.
pub fn let_go(state: &mut State) -> Option<Ask> {
    let is_question = |layer: &Layer| match layer {
        Layer::Dialog(dialog) => !dialog.targets.is_empty(),
        _ => false,
    };
    if !state.is_surveying || state.layers.last().is_some_and(is_question) {
        return None;
    }
    state.is_surveying = false;
    Some(Ask::StopRemoving)
}

/// The user said yes. Before all is counted, that is no answer yet.
pub fn begin(state: &mut State, how: How, dialog: Dialog) -> Vec<Ask> {
    if let Some(why) = busy(state) {
        state.notice = Some(why.to_owned());
        return Vec::new();
    }
    if dialog.surveys.len() != dialog.targets.len() {
        state.layers.push(Layer::Dialog(dialog));
        return Vec::new();
    }
    state.work = Some(Work::Removing(None));
    vec![Ask::Remove(RemoveWanted {
        how,
        targets: dialog.targets,
        surveys: dialog.surveys,
    })]
}

/// It is done: marks of what is gone go, and what was removed is looked for again.
pub fn removed(state: &mut State, report: Report) -> Vec<Ask> {
    if let Some(wanted) = report.changed {
        state.work = None;
        let mut dialog = question_of(wanted.how, wanted.targets, wanted.surveys);
        dialog.note = Some("It has changed since the question, and nothing was removed.");
        dialog.appeared = Some(state.at);
        question::fill(state, &mut dialog);
        state.layers.push(Layer::Dialog(dialog));
        return Vec::new();
    }
    for target in &report.gone {
        let (root, gone) = (&target.place.root, target.path());
        let is_gone = |mark: &Target| path::is_within(&mark.path(), &gone);
        state
            .marks
            .retain(|_, mark| mark.place.root != *root || !is_gone(mark));
    }
    if report.left_count > 0 {
        state.layers.push(Layer::Dialog(Dialog {
            appeared: Some(state.at),
            ..left(&report)
        }));
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
        lines.push(format!("{}: {}", cells::named(&left.path), left.why));
    }
    let more = report.left_count.saturating_sub(lines.len() as u64);
    let more = (more > 0).then(|| format!("and {} more", words::count(more)));
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
        last: more.into_iter().collect(),
        choices,
        ..Dialog::default()
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
