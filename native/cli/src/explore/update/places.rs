//! Where the view is: which folder, which rows of it, where the cursor stands.

use std::time::Duration;

use aether_core::path;
use aether_core::{Status, Summary};
use aether_index::reader::RunningScan;

use super::super::message::{Ask, FolderQuestion, Want};
use super::super::order::Rows;
use super::super::state::{Former, Panel, Place, State};
use crate::place::full;
use crate::words;

/// How long the rows of the folder that one came from stay while those of another are read: most are there sooner.
const FORMER: Duration = Duration::from_millis(30);

/// Asks about the folder in view.
pub fn ask_folder(state: &mut State, want: Want) -> Ask {
    state.number += 1;
    state.is_waiting = true;
    state.is_due = false;
    Ask::Folder(FolderQuestion {
        number: state.number,
        place: state.place.clone(),
        sort: state.sort,
        is_apparent: state.is_apparent,
        filter: state.filter.text.clone(),
        want,
    })
}

/// The folder as it is now, the cursor on the name where it is.
pub fn read_again(state: &mut State) -> Ask {
    let want = match state.held() {
        Some(child) => Want::Named(child.name.clone(), state.cursor),
        None => Want::At(state.cursor),
    };
    ask_folder(state, want)
}

/// Rows in another order, or of another folder: they show from the top once they are there.
pub fn read_at(state: &mut State, want: Want) -> Vec<Ask> {
    state.reordered = None;
    state.moved_to = true;
    vec![ask_folder(state, want)]
}

/// Goes to a folder, the cursor on a name.
pub fn go(state: &mut State, place: Place, name: Option<Vec<u8>>) -> Vec<Ask> {
    state.filter = Default::default();
    state.is_asking_details = false;
    if place != state.place {
        let (before, head) = (
            std::mem::replace(&mut state.place, place),
            state.head.take(),
        );
        if let (Some(rows), false) = (state.rows.take(), state.settings.is_once) {
            state.former = Some(Former {
                place: before,
                head,
                rows,
                cursor: state.cursor,
                top: state.top,
                until: state.at + FORMER,
            });
        }
        state.trouble = None;
    }
    (state.cursor, state.top) = (0, 0);
    let want = name.map_or(Want::At(0), |name| Want::Named(name, 0));
    read_at(state, want)
}

/// To the folder above, the cursor on where one came from.
pub fn up(state: &mut State) -> Vec<Ask> {
    if state.place.folder.is_empty() {
        return Vec::new();
    }
    let (above, name) = path::split(&state.place.folder);
    let (above, name) = (above.to_vec(), name.to_vec());
    let place = Place {
        root: state.place.root.clone(),
        folder: above,
    };
    go(state, place, Some(name))
}

/// Shows rows, the cursor on the line of the screen where it was. Where the top was in view it stays there as long as it
/// can: what turns out to be the largest appears above the cursor.
pub fn show(state: &mut State, rows: Rows, cursor: usize) {
    let line = state.cursor.saturating_sub(state.top);
    state.cursor = cursor.min(rows.total.saturating_sub(1));
    let stays = state.top == 0 && state.cursor < state.room();
    state.top = if stays {
        0
    } else {
        state.cursor.saturating_sub(line)
    };
    state.rows = Some(rows);
    fit(state);
}

/// Rows take the places that they have by now.
pub fn put_in_order(state: &mut State) {
    let Some(rows) = state.reordered.take() else {
        return;
    };
    let found = state.held().and_then(|child| rows.find(&child.name));
    let cursor = found.unwrap_or(state.cursor);
    show(state, rows, cursor);
}

/// The cursor is in view, and no line is empty that needs not be.
pub fn fit(state: &mut State) {
    let (room, total) = (
        state.room(),
        state.rows.as_ref().map_or(0, |rows| rows.total),
    );
    state.cursor = state.cursor.min(total.saturating_sub(1));
    state.top = state
        .top
        .min(state.cursor)
        .max((state.cursor + 1).saturating_sub(room));
    state.top = state.top.min(total.saturating_sub(room));
}

/// After a move: the rows in view are asked for, if they are not here.
pub fn follow(state: &mut State) -> Vec<Ask> {
    fit(state);
    let (top, end) = (state.top, state.top + state.room());
    match &state.rows {
        Some(rows) if !rows.has(top, end) => {
            state.reordered = None;
            vec![ask_folder(state, Want::At(state.cursor))]
        }
        _ => Vec::new(),
    }
}

/// What a running scan of ours or of another process looks like.
pub fn running(state: &mut State, running: Vec<RunningScan>) {
    if state
        .panel
        .as_ref()
        .is_some_and(|panel| panel.is_ours && panel.ended.is_none())
    {
        return;
    }
    let Some(scan) = running.into_iter().next() else {
        if let Some(panel) = state.panel.as_mut().filter(|panel| panel.ended.is_none()) {
            panel.ended = Some(state.at);
            state.is_due = true;
        }
        return;
    };
    let seconds = scan.progress.elapsed.as_secs_f64();
    let rate = if seconds > 0.0 {
        scan.progress.found as f64 / seconds
    } else {
        0.0
    };
    let root = match &state.head {
        Some(head) if head.source.uuid == scan.source => state.place.root.clone(),
        _ => Vec::new(),
    };
    state.panel = Some(Panel {
        of: full(&root, &scan.folder),
        is_ours: false,
        progress: scan.progress,
        rate,
        ended: None,
        is_stopping: false,
    });
}

/// The place that a full path is in this tree.
pub fn place_of(state: &State, of: &[u8]) -> Place {
    let root = &state.place.root;
    let rest = of.strip_prefix(root.as_slice()).unwrap_or_default();
    Place {
        root: root.clone(),
        folder: rest.strip_prefix(b"/").unwrap_or(rest).to_vec(),
    }
}

/// How a scan ended.
pub fn said(summary: &Summary) -> String {
    let how = match summary.status {
        Status::Complete => "scanned",
        Status::Partial => "scanned, but for what could not be read",
        Status::Cancelled => "stopped, and kept what was found",
        Status::Failed => "failed",
    };
    let counts = &summary.counts;
    let entries = words::counted(counts.entries(), "entry", "entries");
    format!("{how}: {entries} in {}", words::time(summary.duration))
}
