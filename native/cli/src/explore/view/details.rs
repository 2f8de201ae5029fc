//! All that is known of an entry.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::super::layer::Details;
use super::super::state::State;
use super::super::theme;
use super::{frame, put};
use crate::cells;

/// Cells of what stands before each text.
const LABEL: u16 = 10;

/// Draws them in a frame.
pub fn draw(details: &Details, buffer: &mut Buffer) {
    let width = buffer.area.width.min(90);
    let room = usize::from(width.saturating_sub(4 + LABEL)).max(1);
    let lines = wrapped(details, room);
    let height = u16::try_from(lines.len())
        .unwrap_or(u16::MAX)
        .saturating_add(2);
    let area = frame::middle(buffer.area, width, height);
    frame::frame(buffer, area, &details.title, "Esc");
    write(&lines, frame::inside(area), buffer);
}

/// Draws those of the row under the cursor, beside the rows.
pub fn aside(state: &State, area: Rect, buffer: &mut Buffer) {
    if area.width <= 2 + LABEL {
        return;
    }
    for y in area.y..area.bottom() {
        put(buffer, area.x, y, 1, "│", theme::DIM);
    }
    let place = state.drawn().map(|drawn| drawn.place);
    let Some(aside) = state.aside.as_ref() else {
        return;
    };
    if place != Some(&aside.place) {
        return;
    }
    let inside = Rect::new(area.x + 2, area.y, area.width - 2, area.height);
    let name = cells::cut_middle(&cells::shown(&aside.child.name), usize::from(inside.width));
    put(buffer, inside.x, inside.y, inside.width, &name, theme::HEAD);
    if let Some(details) = &aside.details {
        let lines = wrapped(details, usize::from(inside.width - LABEL));
        let height = inside.height.saturating_sub(1);
        let beneath = Rect::new(inside.x, inside.y + 1, inside.width, height);
        write(&lines, beneath, buffer);
    }
}

fn wrapped(details: &Details, room: usize) -> Vec<(&str, String)> {
    let mut lines = Vec::new();
    for (label, text) in &details.lines {
        let mut label = label.as_str();
        for part in frame::wrapped(text, room) {
            lines.push((label, part));
            label = "";
        }
    }
    lines
}

fn write(lines: &[(&str, String)], inside: Rect, buffer: &mut Buffer) {
    for (y, (label, text)) in (inside.y..inside.bottom()).zip(lines) {
        put(buffer, inside.x, y, LABEL, label, theme::DIM);
        let rest = inside.width.saturating_sub(LABEL);
        put(buffer, inside.x + LABEL, y, rest, text, theme::PLAIN);
    }
}
