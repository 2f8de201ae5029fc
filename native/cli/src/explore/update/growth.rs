//! The two scans whose differences are shown, and their column in the browser.

use super::super::input::Key;
use super::super::layer::{Layer, List, ListKind};
use super::super::message::Ask;
use super::super::state::{Grew, State};
use super::browse;

/// Keys of the list of changes beside those that all lists have.
pub fn is_key(key: Key) -> bool {
    matches!(key, Key::Tab | Key::Char('[' | ']' | '{' | '}'))
}

/// Other scans, or the column.
pub fn list_key(state: &mut State, list: List, key: Key) -> Vec<Ask> {
    let Some(((from, to), newest)) = list.pair else {
        state.layers.push(Layer::List(list));
        return Vec::new();
    };
    let (from, to) = match key {
        Key::Tab => {
            state.pair = Some((from, to));
            state.grew = None;
            return toggle(state);
        }
        Key::Char('[') => (from - 1, to),
        Key::Char(']') => (from + 1, to),
        Key::Char('{') => (from, to - 1),
        _ => (from, to + 1),
    };
    if from < 0 || from >= to || to > newest {
        state.notice = Some("there is no other scan that way".to_owned());
        state.layers.push(Layer::List(list));
        return Vec::new();
    }
    state.pair = Some((from, to));
    let asks = browse::list(state, ListKind::Changes);
    // Known already, so that keys may go on before the answer.
    if let Some(Layer::List(list)) = state.layers.last_mut() {
        list.pair = Some(((from, to), newest));
    }
    let grew = state.grew.is_some().then(|| ask(state));
    asks.into_iter().chain(grew).collect()
}

/// Shows the column, or takes it away.
pub fn toggle(state: &mut State) -> Vec<Ask> {
    match state.grew.take() {
        Some(_) => Vec::new(),
        None => vec![ask(state)],
    }
}

fn ask(state: &mut State) -> Ask {
    state.grew = Some(Grew {
        pair: state.pair,
        ..Grew::default()
    });
    Ask::Growth {
        place: state.place.clone(),
        pair: state.pair,
    }
}

/// Another folder, or the end of a scan of this one, takes another query.
pub fn follow(state: &mut State) -> Option<Ask> {
    let grew = state.grew.as_ref()?;
    let is_of = |of: &super::super::state::Place| *of == state.place;
    let is_known = grew.of.as_ref().is_none_or(is_of);
    (!is_known).then(|| ask(state))
}

/// What was read of the folder in view.
pub fn grew(state: &mut State, answer: Grew) -> Vec<Ask> {
    let is_of = answer.of.as_ref() == Some(&state.place);
    if state.grew.is_some() && is_of {
        state.notice = answer.trouble.clone().or(state.notice.take());
        state.grew = Some(answer);
    }
    Vec::new()
}
