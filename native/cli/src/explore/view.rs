//! From the state to the cells of a screen: pure, a file for each part.

mod details;
mod find;
mod frame;
mod head;
mod help;
mod list;
mod panel;
mod rows;
mod status;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::layer::Layer;
use super::state::State;
use super::theme;
use crate::cells;

/// Smaller screens say so, and nothing else.
const LEAST: (u16, u16) = (20, 5);

pub use help::last as last_of_help;
pub use rows::name_column;

/// Draws the whole screen.
pub fn draw(state: &State, buffer: &mut Buffer) {
    buffer.reset();
    let area = buffer.area;
    if area.width < LEAST.0 || area.height < LEAST.1 {
        put(
            buffer,
            area.x,
            area.y,
            area.width,
            "too small",
            theme::PLAIN,
        );
    } else {
        match state.layers.iter().rev().find(|layer| fills(layer)) {
            Some(Layer::List(list)) => list::draw(list, state, buffer),
            Some(Layer::Find(find)) => find::draw(find, state, buffer),
            _ => browser(state, buffer),
        }
        match state.layers.last() {
            Some(Layer::Help(top)) => help::draw(*top, state, buffer),
            Some(Layer::Details(details)) => details::draw(details, buffer),
            Some(Layer::Dialog(dialog)) => frame::dialog(dialog, state.is_unread(dialog), buffer),
            _ => {}
        }
    }
    if state.settings.ascii {
        theme::to_ascii(buffer);
    }
    if !state.settings.color {
        theme::without_color(buffer);
    }
}

fn fills(layer: &Layer) -> bool {
    matches!(layer, Layer::List(_) | Layer::Find(_))
}

fn browser(state: &State, buffer: &mut Buffer) {
    let area = buffer.area;
    head::draw(state, line(area, 0), buffer);
    let lines = state.panel_lines();
    if let Some(panel) = &state.panel {
        panel::draw(panel, state, Rect::new(0, 1, area.width, lines), buffer);
    }
    let top = 1 + lines;
    let height = area.height.saturating_sub(top + 1);
    let width = state.rows_width().min(area.width);
    rows::draw(state, Rect::new(0, top, width, height), buffer);
    let rest = Rect::new(width, top, area.width - width, height);
    details::aside(state, rest, buffer);
    status::draw(state, line(area, area.height - 1), buffer);
}

/// A line of an area.
fn line(area: Rect, at: u16) -> Rect {
    Rect::new(area.x, area.y + at, area.width, 1)
}

/// Writes a text into so many cells at the most, and says how many it took. It is safe to show by now.
fn put(buffer: &mut Buffer, x: u16, y: u16, width: u16, text: &str, style: Style) -> u16 {
    if y >= buffer.area.bottom() || x >= buffer.area.right() {
        return 0;
    }
    let width = width.min(buffer.area.right() - x);
    let text = cells::cut(text, usize::from(width));
    let (end, _) = buffer.set_stringn(x, y, &text, usize::from(width), style);
    end - x
}

/// The same at the right end of an area.
fn put_right(buffer: &mut Buffer, area: Rect, text: &str, style: Style) -> u16 {
    let width = u16::try_from(cells::width(text))
        .unwrap_or(u16::MAX)
        .min(area.width);
    put(buffer, area.right() - width, area.y, width, text, style)
}
