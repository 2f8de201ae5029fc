//! The keys.

use ratatui::buffer::Buffer;

use super::super::layer::Layer;
use super::super::state::State;
use super::super::theme;
use super::{frame, put};

/// Keys of the browser, and what they do.
const BROWSER: &[(&str, &str)] = &[
    ("j k arrows", "move; g G first, last; PageUp PageDown ^U ^D"),
    ("l Enter", "into a folder; of a file the details"),
    ("h Backspace", "to the folder above"),
    ("s n C M", "by size, name, count, time; again: reverse"),
    ("c m %", "columns of count, age, share"),
    ("Tab", "by how much folders grew; w chooses the scans"),
    ("a", "what files contain, or take up on disk, as du says"),
    (".", "put the rows in order at once"),
    ("/", "show only names with a text, or by a glob"),
    ("^P", "find in the whole tree"),
    ("i", "details"),
    ("w e L t", "changes, errors, largest, trees"),
    ("Space V", "mark or unmark; unmark all"),
    ("d D", "to the trash, or delete: with --allow-delete"),
    ("r R", "scan this folder again, or all"),
    ("Esc", "close what is open; else stop the scan, keep it"),
    ("^C", "stop the scan; again, or without one, quit"),
    ("^L ^Z", "redraw; suspend"),
    ("o E", "let the desktop open it; or $VISUAL or $EDITOR"),
    ("y Y", "copy the path, or as a shell reads it"),
    ("q Q", "quit; quit and print this folder"),
    ("", ""),
    ("! .", "could not be read; something beneath could not"),
    ("… ≥", "not listed yet; at least"),
    ("> ~ e", "other file system; from an old cache; empty"),
    ("H @ =", "has other names; a link; no file, folder or link"),
];
/// Keys of a list.
const LIST: &[(&str, &str)] = &[
    ("j k arrows", "move; g G first, last; PageUp PageDown"),
    ("Enter l", "go there"),
    ("[ ] { }", "changes: another first, or second, scan"),
    ("Tab", "changes: as a column of the browser"),
    ("q h Esc", "back to the browser"),
];

fn keys(state: &State) -> &'static [(&'static str, &'static str)] {
    let is_list = |layer: &&Layer| !matches!(layer, Layer::Help(_));
    match state.layers.iter().rev().find(is_list) {
        Some(Layer::List(_)) => LIST,
        _ => BROWSER,
    }
}

/// The first line that is shown at the end, where the screen has no room for all.
pub fn last(state: &State) -> usize {
    let room = usize::from(state.size.1.saturating_sub(2));
    keys(state).len().saturating_sub(room)
}

/// Draws them in a frame, from a line on.
pub fn draw(top: usize, state: &State, buffer: &mut Buffer) {
    let keys = keys(state);
    let height = u16::try_from(keys.len())
        .unwrap_or(u16::MAX)
        .saturating_add(2);
    let area = frame::middle(buffer.area, 68, height);
    let hint = match last(state) {
        0 => "Esc",
        _ => "j k · Esc",
    };
    frame::frame(buffer, area, "Keys", hint);
    let inside = frame::inside(area);
    let shown = keys.iter().skip(top.min(last(state)));
    for (y, (key, does)) in (inside.y..inside.bottom()).zip(shown) {
        put(buffer, inside.x, y, 13, key, theme::HEAD);
        let rest = inside.width.saturating_sub(13);
        put(buffer, inside.x + 13, y, rest, does, theme::PLAIN);
    }
}
