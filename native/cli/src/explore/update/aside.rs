//! Details of the row under the cursor, where the screen has room for them beside the rows.

use super::super::layer::Details;
use super::super::message::Ask;
use super::super::state::{Aside, Place, State};

/// Asks for those of another row, or of one whose values are others by now.
pub fn follow(state: &mut State) -> Option<Ask> {
    if state.aside_width() == 0 || !state.layers.is_empty() {
        return None;
    }
    // With the rows beside it.
    if state.former.is_some() {
        return None;
    }
    let Some(child) = state.chosen().cloned() else {
        state.aside = None;
        return None;
    };
    let place = state.place.clone();
    let before = state.aside.take().filter(|aside| aside.place == place);
    if before.as_ref().is_some_and(|aside| aside.child == child) {
        state.aside = before;
        return None;
    }
    // Of the same entry they stay until there are newer ones.
    let before = before.filter(|aside| aside.child.name == child.name);
    let name = child.name.clone();
    state.aside = Some(Aside {
        place: place.clone(),
        child,
        details: before.and_then(|aside| aside.details),
        is_waiting: true,
    });
    Some(Ask::Aside { place, name })
}

/// What was read, if it is of the row that is meant by now.
pub fn read(state: &mut State, place: &Place, name: &[u8], details: Details) {
    let is_of = |aside: &&mut Aside| aside.place == *place && aside.child.name == name;
    if let Some(aside) = state.aside.as_mut().filter(is_of) {
        aside.details = Some(details);
        aside.is_waiting = false;
    }
}
