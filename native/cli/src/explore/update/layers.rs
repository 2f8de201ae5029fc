//! The keys of the layers on the browser, and the answers for them.

use super::super::input::Key;
use super::super::layer::{Choice, Dialog, FindLayer, Layer, List, ListKind, ListState};
use super::super::message::{Ask, FindAnswer, ListAnswer, Want};
use super::super::state::{State, Work};
use super::{browse, growth, places, removal};

/// Rows of a list before whose end the next page is asked for.
const NEAR: usize = 50;

/// What a key does.
pub fn key(state: &mut State, key: Key) -> Vec<Ask> {
    state.last_key = state.at;
    state.notice = None;
    state.has_followed = false;
    match key {
        Key::Ctrl('c') => return browse::interrupt(state),
        Key::Ctrl('l') => return vec![Ask::Redraw],
        Key::Ctrl('z') => return vec![Ask::Suspend],
        _ => state.is_interrupted = false,
    }
    if key == Key::Esc && matches!(state.work, Some(Work::Removing(_))) {
        return browse::stop(state);
    }
    if let Some(Layer::Dialog(dialog)) = state.layers.last()
        && state.is_unread(dialog)
    {
        return Vec::new();
    }
    if key == Key::Esc
        && let Some(asks) = close(state)
    {
        state.last_close = Some(state.at);
        return asks;
    }
    let Some(layer) = state.layers.pop() else {
        return match state.filter.is_open {
            true => typing(state, key),
            false => browse::key(state, key),
        };
    };
    match layer {
        Layer::Help(top) if is_move(key) => {
            // Where it ends is known where it is drawn.
            let page = usize::from(state.size.1.saturating_sub(2)).max(1);
            let last = super::super::view::last_of_help(state);
            keep(state, Layer::Help(moved(top.min(last), key, page, last)))
        }
        Layer::Help(_) | Layer::Details(_) => match key {
            Key::Char('q' | '?' | 'i' | 'h') | Key::Enter | Key::Left => Vec::new(),
            _ => keep(state, layer),
        },
        Layer::Dialog(dialog) => dialog_key(state, dialog, key),
        Layer::List(list) => list_key(state, list, key),
        Layer::Find(find) => find_key(state, find, key),
    }
}

/// Takes the topmost away, the filter last; none if nothing is there.
fn close(state: &mut State) -> Option<Vec<Ask>> {
    if state.layers.pop().is_some() {
        return Some(Vec::new());
    }
    let is_filtered = state.filter.is_open || !state.filter.text.is_empty();
    is_filtered.then(|| narrow(state, String::new(), false))
}

fn keep(state: &mut State, layer: Layer) -> Vec<Ask> {
    state.layers.push(layer);
    Vec::new()
}

/// Keys into the line of the filter.
fn typing(state: &mut State, key: Key) -> Vec<Ask> {
    let mut text = state.filter.text.clone();
    match key {
        Key::Char(char) => text.push(char),
        Key::Backspace if text.is_empty() => {
            state.filter.is_open = false;
            return Vec::new();
        }
        Key::Backspace => drop(text.pop()),
        Key::Ctrl('u') => text.clear(),
        Key::Enter => {
            state.filter.is_open = false;
            return Vec::new();
        }
        key => return browse::key(state, key),
    }
    narrow(state, text, true)
}

fn narrow(state: &mut State, text: String, is_open: bool) -> Vec<Ask> {
    state.filter.text = text;
    state.filter.is_open = is_open;
    let name = state.chosen().map(|child| child.name.clone());
    (state.cursor, state.top) = (0, 0);
    let want = name.map_or(Want::At(0), |name| Want::Named(name, 0));
    places::read_at(state, want)
}

fn dialog_key(state: &mut State, mut dialog: Dialog, key: Key) -> Vec<Ask> {
    let last = dialog.choices.len().saturating_sub(1);
    let is_removal = !dialog.targets.is_empty();
    match key {
        // `ll` and Enter is what many type most often, into whatever window.
        Key::Tab | Key::Char('h' | 'l') if is_removal => return Vec::new(),
        Key::Left | Key::Char('h') => dialog.at = dialog.at.saturating_sub(1),
        Key::Right | Key::Tab | Key::Char('l') => dialog.at = (dialog.at + 1).min(last),
        Key::Char('q' | 'n') => return Vec::new(),
        Key::Enter => {
            let chosen = dialog.choices.get(dialog.at);
            return match chosen.and_then(|(_, choice)| choice.clone()) {
                Some(Choice::Scan(wanted)) => vec![super::scan(state, wanted)],
                Some(Choice::Remove(how)) => removal::begin(state, how, dialog),
                Some(Choice::Offer(how, targets)) => removal::ask(state, how, targets),
                None => Vec::new(),
            };
        }
        // Words that were meant for another window must not answer a question about removal.
        _ if is_removal => return Vec::new(),
        _ => {}
    }
    keep(state, Layer::Dialog(dialog))
}

fn is_move(key: Key) -> bool {
    let letters = Key::Char('j') == key || Key::Char('k') == key;
    let ends = Key::Char('g') == key || Key::Char('G') == key;
    let arrows = matches!(key, Key::Down | Key::Up | Key::Home | Key::End);
    letters || ends || arrows || matches!(key, Key::PageDown | Key::PageUp)
}

fn moved(cursor: usize, key: Key, page: usize, last: usize) -> usize {
    let cursor = match key {
        Key::Down | Key::Char('j') => cursor + 1,
        Key::Up | Key::Char('k') => cursor.saturating_sub(1),
        Key::PageDown | Key::Ctrl('d') => cursor + page,
        Key::PageUp | Key::Ctrl('u') => cursor.saturating_sub(page),
        Key::Home | Key::Char('g') => 0,
        Key::End | Key::Char('G') => last,
        _ => cursor,
    };
    cursor.min(last)
}

fn list_key(state: &mut State, mut list: List, key: Key) -> Vec<Ask> {
    let room = usize::from(state.size.1.saturating_sub(3)).max(1);
    match key {
        Key::Char('q' | 'h') | Key::Left | Key::Backspace => return Vec::new(),
        Key::Char('?') => {
            state.layers.push(Layer::List(list));
            return keep(state, Layer::Help(0));
        }
        Key::Enter | Key::Right | Key::Char('l') => {
            let chosen = list.items.get(list.cursor);
            return match chosen.and_then(|item| item.goes.clone()) {
                Some((place, name)) => {
                    state.layers.clear();
                    places::go(state, place, (!name.is_empty()).then_some(name))
                }
                None => keep(state, Layer::List(list)),
            };
        }
        key if list.kind == ListKind::Changes && growth::is_key(key) => {
            return growth::list_key(state, list, key);
        }
        key => list.cursor = moved(list.cursor, key, room, list.items.len().saturating_sub(1)),
    }
    list.top = list
        .top
        .min(list.cursor)
        .max((list.cursor + 1).saturating_sub(room));
    let is_near = list.cursor + NEAR >= list.items.len();
    let next = match (&list.state, is_near) {
        (ListState::More(next), true) => Some(next.clone()),
        _ => None,
    };
    let asks = next.map(|next| {
        list.state = ListState::Reading;
        Ask::List {
            number: state.list_number,
            kind: list.kind,
            place: state.place.clone(),
            is_apparent: state.is_apparent,
            pair: list.pair.map(|(pair, _)| pair),
            next: Some(next),
        }
    });
    state.layers.push(Layer::List(list));
    asks.into_iter().collect()
}

/// A page of a list.
pub fn list(state: &mut State, number: u64, kind: ListKind, answer: ListAnswer) -> Vec<Ask> {
    if number == state.list_number
        && let Some(Layer::List(list)) = state.layers.last_mut()
        && list.kind == kind
    {
        list.about = answer.about;
        list.pair = answer.pair.or(list.pair);
        list.items.extend(answer.items);
        list.state = answer.state;
    }
    Vec::new()
}

fn find_key(state: &mut State, mut find: FindLayer, key: Key) -> Vec<Ask> {
    let room = usize::from(state.size.1.saturating_sub(4)).max(1);
    match key {
        Key::Char(char) => find.text.push(char),
        Key::Backspace => drop(find.text.pop()),
        Key::Ctrl('u') => find.text.clear(),
        Key::Ctrl('g') => find.is_glob = !find.is_glob,
        Key::Ctrl('t') => find.is_here = !find.is_here,
        Key::Enter => {
            let chosen = find.items.get(find.cursor);
            return match chosen.and_then(|item| item.goes.clone()) {
                Some((place, name)) => {
                    state.layers.clear();
                    places::go(state, place, Some(name))
                }
                None => keep(state, Layer::Find(find)),
            };
        }
        key => {
            let last = find.items.len().saturating_sub(1);
            find.cursor = moved(find.cursor, key, room, last);
            find.top = find
                .top
                .min(find.cursor)
                .max((find.cursor + 1).saturating_sub(room));
            return keep(state, Layer::Find(find));
        }
    }
    find.number += 1;
    (find.cursor, find.top) = (0, 0);
    find.is_waiting = !find.text.is_empty();
    if !find.is_waiting {
        (find.items, find.about) = (Vec::new(), String::new());
        return keep(state, Layer::Find(find));
    }
    let ask = Ask::Find {
        number: find.number,
        place: state.place.clone(),
        text: find.text.clone(),
        is_glob: find.is_glob,
        is_here: find.is_here,
    };
    state.layers.push(Layer::Find(find));
    vec![ask]
}

/// What a search found, if it is the newest.
pub fn found(state: &mut State, number: u64, answer: FindAnswer) -> Vec<Ask> {
    if let Some(Layer::Find(find)) = state.layers.last_mut()
        && find.number == number
    {
        find.is_waiting = false;
        (find.items, find.about) = (answer.items, answer.about);
    }
    Vec::new()
}
