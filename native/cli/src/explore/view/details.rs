//! All that is known of an entry.

use ratatui::buffer::Buffer;

use super::super::layer::Details;
use super::super::theme;
use super::{frame, put};

/// Cells of what stands before each text.
const LABEL: u16 = 10;

/// Draws them in a frame.
pub fn draw(details: &Details, buffer: &mut Buffer) {
    let width = buffer.area.width.min(90);
    let room = usize::from(width.saturating_sub(4 + LABEL)).max(1);
    let mut lines = Vec::new();
    for (label, text) in &details.lines {
        let mut label = label.as_str();
        for part in frame::wrapped(text, room) {
            lines.push((label, part));
            label = "";
        }
    }
    let height = u16::try_from(lines.len())
        .unwrap_or(u16::MAX)
        .saturating_add(2);
    let area = frame::middle(buffer.area, width, height);
    frame::frame(buffer, area, &details.title, "Esc");
    let inside = frame::inside(area);
    for (y, (label, text)) in (inside.y..inside.bottom()).zip(&lines) {
        put(buffer, inside.x, y, LABEL, label, theme::DIM);
        let rest = inside.width.saturating_sub(LABEL);
        put(buffer, inside.x + LABEL, y, rest, text, theme::PLAIN);
    }
}
