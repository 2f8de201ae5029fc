//! Lists: a head, the rows, and what is to be said of them.

use ratatui::buffer::Buffer;

use super::super::layer::{Item, List, ListKind, ListState};
use super::super::state::State;
use super::super::theme;
use super::{frame, line, put, put_right};
use crate::cells;

/// Draws it over the whole screen.
pub fn draw(list: &List, state: &State, buffer: &mut Buffer) {
    let area = buffer.area;
    let place = cells::shown(&crate::place::full(&state.place.root, &state.place.folder));
    let title = match list.kind {
        ListKind::Trees => list.kind.title().to_owned(),
        _ => format!("{} · {place}", list.kind.title()),
    };
    let taken = put_right(
        buffer,
        line(area, 0),
        &format!("{} ", list.about),
        theme::DIM,
    );
    put(
        buffer,
        1,
        0,
        area.width.saturating_sub(taken + 2),
        &title,
        theme::HEAD,
    );
    let room = area.height.saturating_sub(3);
    for at in 0..room {
        let row = list.top + usize::from(at);
        let Some(item) = list.items.get(row) else {
            break;
        };
        item_line(item, 1 + at, row == list.cursor, buffer);
    }
    let text = match &list.state {
        ListState::Reading => "reading…",
        ListState::Failed(why) => why,
        _ if list.items.is_empty() => "nothing",
        _ => "",
    };
    let lines = frame::wrapped(text, usize::from(area.width.saturating_sub(2)));
    let y = 1 + u16::try_from(list.items.len())
        .unwrap_or(u16::MAX)
        .min(room);
    for (y, text) in (y..area.height - 1).zip(&lines) {
        put(buffer, 1, y, area.width, text, theme::DIM);
    }
    let last = line(area, area.height - 1);
    let hint = match (list.kind, area.width) {
        (ListKind::Changes, 70..) => {
            "Enter goes there · [ ] { } other scans · Tab as a column · Esc back"
        }
        _ => "Enter goes there · Esc back",
    };
    let hint = state.notice.as_deref().unwrap_or(hint);
    put(buffer, 1, last.y, last.width, hint, theme::DIM);
}

/// A row of a list.
pub fn item_line(item: &Item, y: u16, is_chosen: bool, buffer: &mut Buffer) {
    let width = buffer.area.width;
    let x = match width {
        60.. => 1 + put(buffer, 1, y, width, &item.text, theme::PLAIN) + 2,
        _ => 1,
    };
    let room = usize::from(width.saturating_sub(x)).saturating_sub(cells::width(item.mark));
    let path = match item.path.as_slice() {
        [] => "the top of the tree".to_owned(),
        path => cells::shown(path),
    };
    let path = cells::cut_start(&path, room);
    let style = if item.mark.starts_with('/') {
        theme::FOLDER
    } else {
        theme::PLAIN
    };
    put(buffer, x, y, width, &format!("{path}{}", item.mark), style);
    if is_chosen {
        buffer.set_style(ratatui::layout::Rect::new(0, y, width, 1), theme::CURSOR);
    }
}
