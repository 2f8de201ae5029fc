//! The search, while it is typed.

use ratatui::buffer::Buffer;

use super::super::layer::FindLayer;
use super::super::state::State;
use super::super::theme;
use super::{line, list, put, put_right};
use crate::cells;

/// Draws it over the whole screen.
pub fn draw(find: &FindLayer, state: &State, buffer: &mut Buffer) {
    let area = buffer.area;
    let root = cells::shown(&state.place.root);
    let about = match (find.is_waiting, find.text.is_empty()) {
        (_, true) => String::new(),
        (true, _) => "searching… ".to_owned(),
        _ => format!("{} ", find.about),
    };
    let taken = put_right(buffer, line(area, 0), &about, theme::DIM);
    let title = format!("Find · {root}");
    put(
        buffer,
        1,
        0,
        area.width.saturating_sub(taken + 2),
        &title,
        theme::HEAD,
    );
    let mode = if find.is_glob { "glob" } else { "fuzzy" };
    let whether = if find.is_here { "here" } else { "everywhere" };
    let hint = match area.width {
        60.. => format!("{mode} ^G  {whether} ^T "),
        _ => format!("{mode} "),
    };
    let taken = put_right(buffer, line(area, 1), &hint, theme::DIM);
    let text = aether_core::printable::escape(find.text.as_bytes());
    let text = cells::cut_start(
        &format!("{text}█"),
        usize::from(area.width.saturating_sub(taken + 4)),
    );
    put(
        buffer,
        1,
        1,
        area.width.saturating_sub(taken + 1),
        &format!("> {text}"),
        theme::PLAIN,
    );
    for at in 0..area.height.saturating_sub(3) {
        let row = find.top + usize::from(at);
        let Some(item) = find.items.get(row) else {
            break;
        };
        list::item_line(item, 2 + at, row == find.cursor, buffer);
    }
    put(
        buffer,
        1,
        area.height - 1,
        area.width,
        "Enter goes there · Esc back",
        theme::DIM,
    );
}
