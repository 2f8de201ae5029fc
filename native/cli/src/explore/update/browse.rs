//! The keys of the browser.

use std::time::Duration;

use aether_core::path;
use aether_index::reader::{Sort, SortKey};

use super::super::input::{Key, Pointer};
use super::super::layer::{FindLayer, Layer, List, ListKind, ListState};
use super::super::message::{Ask, ScanWanted, Want};
use super::super::open::WRITTEN;
use super::super::quote::quoted;
use super::super::removal::How;
use super::super::state::{Head, Place, State, Work};
use super::{growth, layers, places, removal};
use crate::cells;
use crate::failure::Exit;
use crate::place::full;

/// Rows that a turn of the wheel moves.
const WHEEL: usize = 3;
/// After it closed something, Esc stops no scan for this long.
const CLOSED: Duration = Duration::from_millis(400);
const DIRECTORY: u8 = 2;

/// What a key does where nothing lies on the browser.
pub fn key(state: &mut State, key: Key) -> Vec<Ask> {
    let page = state.room().saturating_sub(1).max(1);
    if state.settings.only_reads == Some(WRITTEN) && writes(state, key) {
        return match std::mem::replace(&mut state.is_asking_own, true) {
            true => Vec::new(),
            false => vec![Ask::Own(key)],
        };
    }
    match key {
        Key::Char('j') | Key::Down => step(state, 1),
        Key::Char('k') | Key::Up => step(state, -1),
        Key::PageDown => step(state, page as isize),
        Key::PageUp => step(state, -(page as isize)),
        Key::Ctrl('d') => step(state, (page as isize / 2).max(1)),
        Key::Ctrl('u') => step(state, -(page as isize / 2).max(1)),
        Key::Char('g') | Key::Home => to(state, 0),
        Key::Char('G') | Key::End => end(state),
        Key::Char('l') | Key::Right | Key::Enter => open(state),
        Key::Char('h') | Key::Left | Key::Backspace => places::up(state),
        Key::Char('s') => sort(state, SortKey::Size),
        Key::Char('n') => sort(state, SortKey::Name),
        Key::Char('C') => sort(state, SortKey::Count),
        Key::Char('M') => sort(state, SortKey::Mtime),
        Key::Char('a') => apparent(state),
        Key::Tab => growth::toggle(state),
        Key::Char('.') => {
            places::put_in_order(state);
            Vec::new()
        }
        Key::Char('c') => toggle(&mut state.columns.count),
        Key::Char('m') => toggle(&mut state.columns.age),
        Key::Char('%') => toggle(&mut state.columns.share),
        Key::Char(' ') => removal::mark(state),
        Key::Char('V') => {
            state.marks.clear();
            Vec::new()
        }
        Key::Char('d') => removal::wish(state, How::Trash),
        Key::Char('D') => removal::wish(state, How::Delete),
        Key::Char('/') => {
            state.filter.is_open = true;
            Vec::new()
        }
        Key::Ctrl('p') => {
            state.layers.push(Layer::Find(FindLayer::default()));
            Vec::new()
        }
        Key::Char('?') => {
            state.layers.push(Layer::Help(0));
            Vec::new()
        }
        Key::Char('i') => details(state),
        Key::Char('e') => list(state, ListKind::Errors),
        Key::Char('L') => list(state, ListKind::Largest),
        Key::Char('t') => list(state, ListKind::Trees),
        Key::Char('w') => list(state, ListKind::Changes),
        Key::Char('r') => scan(state, state.place.clone()),
        Key::Char('R') => {
            let root = state.place.root.clone();
            scan(
                state,
                Place {
                    root,
                    folder: Vec::new(),
                },
            )
        }
        Key::Char('q') => vec![Ask::Cancel, Ask::Quit(Exit::COMPLETE)],
        Key::Char('Q') => {
            state.printed = Some(full(&state.place.root, &state.place.folder));
            vec![Ask::Cancel, Ask::Quit(Exit::COMPLETE)]
        }
        Key::Char('o') => chosen(state, Ask::Open),
        Key::Char('E') => chosen(state, Ask::Edit),
        Key::Char('y') => copy(state, |path| path.to_vec()),
        Key::Char('Y') => copy(state, quoted),
        Key::Ctrl('c') => interrupt(state),
        Key::Ctrl('l') => vec![Ask::Redraw],
        Key::Ctrl('z') => vec![Ask::Suspend],
        Key::Esc => escape(state),
        _ => Vec::new(),
    }
}

/// Whether a key takes that the index is written.
fn writes(state: &State, key: Key) -> bool {
    match key {
        Key::Char('r' | 'R') => true,
        Key::Char('d' | 'D') => state.settings.may_delete,
        _ => false,
    }
}

/// Nobody else writes the index any more, so that the key does what it does; or somebody still does.
pub fn owned(state: &mut State, pressed: Key, owned: Result<(), String>) -> Vec<Ask> {
    state.is_asking_own = false;
    if let Err(why) = owned {
        let what = match pressed {
            Key::Char('r' | 'R') => "scan",
            _ => "remove",
        };
        state.notice = Some(format!("cannot {what}: {why}"));
        return Vec::new();
    }
    (state.settings.only_reads, state.settings.is_attached) = (None, false);
    state.is_due = true;
    // What the other process had begun has ended with it.
    places::running(state, Vec::new());
    match state.layers.is_empty() && !state.filter.is_open {
        true => key(state, pressed),
        false => Vec::new(),
    }
}

/// Moves the cursor by so many rows.
pub fn step(state: &mut State, rows: isize) -> Vec<Ask> {
    to(state, state.cursor.saturating_add_signed(rows))
}

fn to(state: &mut State, row: usize) -> Vec<Ask> {
    state.cursor = row;
    places::follow(state)
}

fn end(state: &mut State) -> Vec<Ask> {
    let total = state.rows.as_ref().map_or(0, |rows| rows.total);
    state.cursor = total.saturating_sub(1);
    places::fit(state);
    let (top, end) = (state.top, state.top + state.room());
    match &state.rows {
        Some(rows) if !rows.has(top, end) => {
            state.reordered = None;
            vec![places::ask_folder(state, Want::End)]
        }
        _ => Vec::new(),
    }
}

/// Into a folder; of anything else the details.
fn open(state: &mut State) -> Vec<Ask> {
    let Some(child) = state.chosen() else {
        return Vec::new();
    };
    if child.kind != DIRECTORY {
        return details(state);
    }
    let folder = path::join(&state.place.folder, &child.name);
    let root = state.place.root.clone();
    places::go(state, Place { root, folder }, None)
}

fn sort(state: &mut State, key: SortKey) -> Vec<Ask> {
    state.sort = match state.sort.key == key {
        true => Sort {
            key,
            descending: !state.sort.descending,
        },
        false => Sort::by(key),
    };
    (state.cursor, state.top) = (0, 0);
    places::read_at(state, Want::At(0))
}

/// What files contain, or what they take up on disk.
fn apparent(state: &mut State) -> Vec<Ask> {
    state.is_apparent = !state.is_apparent;
    let has_disk = |head: &Head| head.totals.value.disk.is_some();
    if !state.is_apparent && !state.head.as_ref().is_none_or(has_disk) {
        state.notice = Some("sizes on disk are known after the first whole scan".to_owned());
    }
    if state.sort.key != SortKey::Size {
        return Vec::new();
    }
    let held = state.held().map(|child| child.name.clone());
    let at = state.cursor;
    let want = held.map_or(Want::At(at), |name| Want::Named(name, at));
    places::read_at(state, want)
}

fn toggle(column: &mut bool) -> Vec<Ask> {
    *column = !*column;
    Vec::new()
}

pub fn list(state: &mut State, kind: ListKind) -> Vec<Ask> {
    state.list_number += 1;
    state.layers.push(Layer::List(List {
        kind,
        about: String::new(),
        items: Vec::new(),
        cursor: 0,
        top: 0,
        state: ListState::Reading,
        pair: None,
    }));
    vec![Ask::List {
        number: state.list_number,
        kind,
        place: state.place.clone(),
        is_apparent: state.is_apparent,
        pair: state.pair,
        next: None,
    }]
}

fn details(state: &mut State) -> Vec<Ask> {
    let Some(child) = state.chosen() else {
        return Vec::new();
    };
    let name = child.name.clone();
    state.is_asking_details = true;
    vec![Ask::Details {
        place: state.place.clone(),
        name,
    }]
}

/// The path under the cursor into the clipboard; many terminals ignore that, so that it is said as well.
fn copy(state: &mut State, how: impl Fn(&[u8]) -> Vec<u8>) -> Vec<Ask> {
    let Some(child) = state.chosen() else {
        return Vec::new();
    };
    let at = path::join(&state.place.folder, &child.name);
    let text = how(&full(&state.place.root, &at));
    state.notice = Some(cells::shown(&text));
    vec![Ask::Copy(text)]
}

/// What is under the cursor, for another program.
fn chosen(state: &State, ask: impl Fn(Vec<u8>) -> Ask) -> Vec<Ask> {
    let chosen = state.chosen().map(|child| {
        let at = path::join(&state.place.folder, &child.name);
        ask(full(&state.place.root, &at))
    });
    chosen.into_iter().collect()
}

/// Scans a folder again.
fn scan(state: &mut State, place: Place) -> Vec<Ask> {
    if let Some(why) = state.settings.only_reads {
        state.notice = Some(format!("cannot scan: {why}"));
        return Vec::new();
    }
    if let Some(why) = removal::busy(state) {
        state.notice = Some(why.to_owned());
        return Vec::new();
    }
    let wanted = ScanWanted {
        place,
        ..ScanWanted::default()
    };
    vec![super::scan(state, wanted)]
}

/// The topmost goes; with nothing there, our scan.
fn escape(state: &mut State) -> Vec<Ask> {
    let is_close = |at: &Duration| state.at < *at + CLOSED;
    if state.last_close.as_ref().is_some_and(is_close) {
        return Vec::new();
    }
    stop(state)
}

pub fn stop(state: &mut State) -> Vec<Ask> {
    if matches!(state.work, Some(Work::Removing(_))) {
        return vec![Ask::StopRemoving];
    }
    if !state.is_scanning() {
        return Vec::new();
    }
    if let Some(panel) = &mut state.panel {
        panel.is_stopping = true;
    }
    vec![Ask::Cancel]
}

/// ^C: stops our scan; again, or without one, quits.
pub fn interrupt(state: &mut State) -> Vec<Ask> {
    let is_second = std::mem::replace(&mut state.is_interrupted, true);
    if (state.is_scanning() || state.work.is_some()) && !is_second {
        return stop(state);
    }
    vec![
        Ask::Cancel,
        Ask::Quit(Exit::Signal(signal_hook::consts::SIGINT)),
    ]
}

/// The wheel moves, a click moves, a second one opens; heads sort, and the first line goes up.
pub fn pointer(state: &mut State, pointer: Pointer) -> Vec<Ask> {
    if !state.layers.is_empty() {
        return match pointer {
            Pointer::Wheel(true) => layers::key(state, Key::Up),
            Pointer::Wheel(false) => layers::key(state, Key::Down),
            Pointer::Click(..) => Vec::new(),
        };
    }
    let first = 2 + state.panel_lines();
    match pointer {
        Pointer::Wheel(true) => step(state, -(WHEEL as isize)),
        Pointer::Wheel(false) => step(state, WHEEL as isize),
        Pointer::Click(_, 0) => places::up(state),
        Pointer::Click(column, _) if column >= state.rows_width() => Vec::new(),
        Pointer::Click(column, line) if line + 1 == first => match column {
            0..16 => sort(state, SortKey::Size),
            _ if column >= crate::explore::view::name_column(state) => sort(state, SortKey::Name),
            _ => Vec::new(),
        },
        Pointer::Click(_, line) => {
            let row = line
                .checked_sub(first)
                .map(|line| state.top + usize::from(line));
            let total = state.rows.as_ref().map_or(0, |rows| rows.total);
            match row.filter(|row| *row < total) {
                Some(row) if row == state.cursor => open(state),
                Some(row) => to(state, row),
                None => Vec::new(),
            }
        }
    }
}
