//! From a message to the next state, and to what is to be asked. Pure: the same state and message give the same.

mod aside;
mod browse;
mod growth;
mod layers;
mod places;
mod question;
mod removal;

use std::time::Duration;

use aether_core::{Reason, Status, Summary};

use self::places::ask_folder;
use super::layer::{Choice, Dialog, Layer, ListState};
use super::message::{Ask, FolderAnswer, Message, ScanWanted, Want};
use super::state::{Former, Grew, PANEL_AFTER, Panel, Place, State, UNREAD, Work};
use crate::failure::Exit;
use crate::messages;
use crate::place::full;

/// How long nobody may have pressed a key for rows to change places.
const AT_REST: Duration = Duration::from_secs(1);
/// The folder in view is read again no sooner than this, and than four times what it took.
const READ_EVERY: Duration = Duration::from_millis(250);

/// What a message changes. Times are in the state already.
pub fn update(state: &mut State, message: Message) -> Vec<Ask> {
    let mut asks = match message {
        Message::Key(key) => layers::key(state, key),
        Message::Pointer(pointer) => browse::pointer(state, pointer),
        Message::Resized(columns, lines) => {
            state.size = (columns, lines);
            places::follow(state)
        }
        Message::Tick | Message::Continued => Vec::new(),
        Message::Folder(number, answer) => folder(state, number, *answer),
        Message::List(number, kind, answer) => layers::list(state, number, kind, *answer),
        Message::Found(number, answer) => layers::found(state, number, *answer),
        Message::Details(details) => {
            if std::mem::take(&mut state.is_asking_details) {
                state.layers.push(Layer::Details(*details));
            }
            Vec::new()
        }
        Message::Aside(place, name, details) => {
            aside::read(state, &place, &name, *details);
            Vec::new()
        }
        Message::Moved => {
            state.is_due = true;
            Vec::new()
        }
        Message::Running(running) => {
            places::running(state, running);
            Vec::new()
        }
        Message::Progress(progress, rate) => {
            if let Some(panel) = state.panel.as_mut().filter(|panel| panel.is_ours) {
                panel.progress = progress;
                panel.rate = rate;
            }
            Vec::new()
        }
        Message::Ended(ended) => self::ended(state, *ended),
        Message::Free(place, bytes) => {
            if state.free_of.as_ref() == Some(&place) {
                (state.free, state.is_asking_free) = (bytes, false);
            }
            Vec::new()
        }
        Message::Said(text) => {
            state.notice = Some(text);
            Vec::new()
        }
        Message::Grew(grew) => growth::grew(state, *grew),
        Message::Owned(key, owned) => browse::owned(state, key, owned),
        Message::Removing(entries) => {
            if let Some(Work::Removing(so_far)) = &mut state.work {
                *so_far = Some(entries);
            }
            Vec::new()
        }
        Message::Removed(report) => removal::removed(state, *report),
        Message::Looked(number, looked) => removal::looked(state, number, &looked),
        Message::Surveyed(number, surveys) => removal::surveyed(state, number, surveys),
        Message::Signal(signal) => match signal == signal_hook::consts::SIGINT {
            true => browse::interrupt(state),
            false => vec![Ask::Cancel, Ask::Quit(Exit::Signal(signal))],
        },
        Message::Lost => vec![
            Ask::Cancel,
            Ask::Quit(Exit::Signal(signal_hook::consts::SIGHUP)),
        ],
    };
    asks.extend(removal::let_go(state));
    asks.extend(settle(state));
    asks.extend(aside::follow(state));
    asks
}

/// What is due by now: rows in their new places, the folder read again, a panel that goes.
fn settle(state: &mut State) -> Option<Ask> {
    let is_over = |panel: &Panel| {
        panel
            .ended
            .is_some_and(|ended| state.at >= ended + PANEL_AFTER)
    };
    if state.panel.as_ref().is_some_and(is_over) {
        state.panel = None;
    }
    let is_late = |former: &Former| state.at >= former.until;
    if !state.is_waiting || state.former.as_ref().is_some_and(is_late) {
        state.former = None;
    }
    if state.reordered.is_some() && is_at_rest(state) {
        places::put_in_order(state);
    }
    let is_time = state.at >= state.last_read + READ_EVERY.max(state.read_took * 4);
    (state.is_due && !state.is_waiting && is_time).then(|| places::read_again(state))
}

fn is_at_rest(state: &State) -> bool {
    state.settings.is_once || state.at >= state.last_key + AT_REST
}

/// Starts a scan.
pub fn scan(state: &mut State, wanted: ScanWanted) -> Ask {
    state.panel = Some(Panel {
        of: full(&wanted.place.root, &wanted.place.folder),
        is_ours: true,
        ..Panel::default()
    });
    places::fit(state);
    Ask::Scan(wanted)
}

/// When the next thing is due, if nothing happens before.
pub fn next_due(state: &State) -> Option<Duration> {
    let panel = state.panel.as_ref().and_then(|panel| panel.ended);
    let panel = panel.map(|ended| ended + PANEL_AFTER);
    let order = state.reordered.is_some().then(|| state.last_key + AT_REST);
    let read = (state.is_due && !state.is_waiting)
        .then(|| state.last_read + READ_EVERY.max(state.read_took * 4));
    let question = state.layers.last().and_then(|layer| match layer {
        Layer::Dialog(dialog) if state.is_unread(dialog) => dialog.appeared,
        _ => None,
    });
    let question = question.map(|appeared| appeared + UNREAD);
    let former = state.former.as_ref().map(|former| former.until);
    let dues = [panel, order, read, question, former];
    dues.into_iter().flatten().min()
}

fn folder(state: &mut State, number: u64, answer: FolderAnswer) -> Vec<Ask> {
    if number != state.number {
        return Vec::new();
    }
    state.is_waiting = false;
    state.has_answer = true;
    (state.last_read, state.read_took) = (state.at, answer.took);
    if let Some(trouble) = answer.trouble {
        // A folder that has gone while it was in view: what is left of its way up.
        if trouble.is_gone && !state.place.folder.is_empty() && state.head.is_some() {
            state.notice = Some("this folder is gone".to_owned());
            return places::up(state);
        }
        state.trouble = Some(trouble.text);
        return Vec::new();
    }
    state.trouble = None;
    state.head = answer.head;
    let Some((rows, meant)) = answer.rows else {
        state.rows = None;
        return Vec::new();
    };
    let has_moved = std::mem::take(&mut state.moved_to);
    // The cursor may have gone on since the question.
    let found = state.held().and_then(|child| rows.find(&child.name));
    let cursor = match has_moved {
        true => meant,
        false => found.unwrap_or(state.cursor),
    };
    match state.rows.take() {
        Some(old) if !has_moved && !is_at_rest(state) && old.first == rows.first => {
            let (kept, is_other) = old.keep_places(&rows);
            state.reordered = is_other.then_some(rows);
            state.rows = Some(kept);
            places::fit(state);
        }
        _ => {
            state.reordered = None;
            places::show(state, rows, cursor);
        }
    }
    // Once for each key: what the index says may not fit what it has said before.
    let mut asks = match std::mem::replace(&mut state.has_followed, true) {
        true => Vec::new(),
        false => places::follow(state),
    };
    if state.free_of.as_ref() != Some(&state.place) && !state.settings.is_still {
        state.free_of = Some(state.place.clone());
        state.is_asking_free = true;
        asks.push(Ask::Free(state.place.clone()));
    }
    asks.extend(growth::follow(state));
    asks.extend(removal::look_again(state));
    asks
}

fn ended(state: &mut State, ended: Result<Summary, aether_core::Error>) -> Vec<Ask> {
    state.is_due = true;
    state.free_of = None;
    if state.pair.is_none() {
        // It compares the last two scans, which are others now.
        state.grew = state.grew.take().map(|_| Grew {
            of: Some(Place::default()),
            ..Grew::default()
        });
    }
    let at = state.at;
    let panel = state.panel.as_mut().filter(|panel| panel.is_ours);
    let of = panel
        .as_ref()
        .map(|panel| panel.of.clone())
        .unwrap_or_default();
    if let Some(panel) = panel {
        panel.ended = Some(at);
        panel.is_stopping = false;
        if let Ok(summary) = &ended {
            let entries = summary.counts.entries();
            (panel.progress.found, panel.progress.kept) = (entries, entries);
            (panel.progress.elapsed, panel.rate) = (summary.duration, summary.rate);
            panel.progress.errors = summary.errors.count;
            panel.progress.current.clear();
        }
    }
    if state.settings.is_once {
        state.panel = None;
    }
    let error = match ended {
        Ok(summary) if summary.status == Status::Failed => summary.error,
        Ok(summary) => {
            state.notice = Some(places::said(&summary));
            None
        }
        Err(error) => Some(error),
    };
    // What is listed again after a removal may be gone, and a trash may be what the scan leaves out.
    let is_listing = matches!(state.work, Some(Work::Listing { .. }));
    let is_missing =
        |error: &aether_core::Error| ["enoent", "enotdir"].contains(&error.reason.name());
    if let Some(error) = error.filter(|error| !(is_listing && is_missing(error))) {
        state.panel = None;
        refused(state, &error, &of);
    }
    let mut asks = removal::listed(state);
    asks.push(Ask::AtRest);
    // At rest comes first: what follows may begin another scan.
    asks.rotate_right(1);
    asks
}

/// What the index or the walker refuses, with the ways out.
fn refused(state: &mut State, error: &aether_core::Error, of: &[u8]) {
    let wanted = ScanWanted {
        place: places::place_of(state, of),
        ..ScanWanted::default()
    };
    let way = match &error.reason {
        Reason::Errno(_) => None,
        reason => match reason.name() {
            "root_changed" | "root_moved" => Some((
                "scan it all the same",
                ScanWanted {
                    accept_root: true,
                    ..wanted
                },
            )),
            "rules_changed" => Some((
                "scan by these rules",
                ScanWanted {
                    replace_rules: true,
                    ..wanted
                },
            )),
            _ => None,
        },
    };
    let mut choices = vec![("no", None)];
    match way {
        Some((label, wanted)) => choices.push((label, Some(Choice::Scan(wanted)))),
        None => choices = vec![("close", None)],
    }
    state.layers.push(Layer::Dialog(Dialog {
        title: "The scan was refused".to_owned(),
        lines: vec![messages::scan(error)],
        choices,
        appeared: Some(state.at),
        ..Dialog::default()
    }));
}

/// Questions whose answers the screen still lacks.
pub fn is_waiting(state: &State) -> bool {
    let layer = state.layers.last().is_some_and(|layer| match layer {
        Layer::List(list) => matches!(list.state, ListState::Reading),
        Layer::Find(find) => find.is_waiting,
        _ => false,
    });
    let is_growing = |grew: &Grew| grew.of.is_none();
    let is_growing = state.grew.as_ref().is_some_and(is_growing);
    let is_removing = state.work.is_some() || state.is_looking || state.is_surveying;
    let is_removing = is_removing || state.is_asking_free;
    let is_aside = state.aside.as_ref().is_some_and(|aside| aside.is_waiting);
    state.is_waiting
        || state.is_asking_own
        || layer
        || state.is_asking_details
        || is_removing
        || is_growing
        || is_aside
}

/// The first question.
pub fn begin(state: &mut State) -> Vec<Ask> {
    vec![ask_folder(state, Want::At(0))]
}
