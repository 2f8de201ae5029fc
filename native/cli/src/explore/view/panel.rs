//! How far a scan is: in a frame, or in one line where there is no room for it.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::super::state::{Panel, State};
use super::super::theme;
use super::{frame, line, put};
use crate::cells;
use crate::words;

/// Cells of the bar, and where the frame is too narrow.
const BAR: usize = 26;
const NARROW: u16 = 70;
/// A bar without an end is this long, and moves one cell in this many ms.
const BLOCK: usize = 6;
const STEP_MS: u128 = 250;

/// Draws it.
pub fn draw(panel: &Panel, state: &State, area: Rect, buffer: &mut Buffer) {
    match area.height {
        0 => {}
        1..4 => {
            let text = format!(" {}", numbers(panel, usize::from(area.width) < 50));
            put(buffer, area.x, area.y, area.width, &text, theme::BADGE);
        }
        _ => whole(panel, state, area, buffer),
    }
}

fn whole(panel: &Panel, state: &State, area: Rect, buffer: &mut Buffer) {
    let title = format!("Scan of {}", cells::shown(&panel.of));
    let hint = match (panel.is_ours, panel.ended.is_some(), panel.is_stopping) {
        (_, true, _) => "ended",
        (true, _, true) => "stopping…",
        (true, _, false) => "Esc stops, keeps",
        (false, ..) => "by another process",
    };
    frame::frame(buffer, area, &title, hint);
    let inside = frame::inside(area);
    let first = line(inside, 0);
    let is_narrow = area.width < NARROW;
    let bar_cells = match is_narrow {
        true => 8,
        false => BAR,
    };
    let bar = bar(panel, state, bar_cells);
    let taken = put(buffer, first.x, first.y, bar_cells as u16, &bar, theme::BAR);
    let x = first.x + taken.max(bar_cells as u16) + 1;
    let percent = match percent(panel) {
        Some(percent) => format!("{percent:>3} %"),
        None => "     ".to_owned(),
    };
    let text = format!("{percent}  {}", numbers(panel, is_narrow));
    put(
        buffer,
        x,
        first.y,
        inside.right().saturating_sub(x),
        &text,
        theme::PLAIN,
    );
    let second = line(inside, 1);
    let current = cells::cut_start(
        &cells::shown(&panel.progress.current),
        usize::from(second.width),
    );
    put(
        buffer,
        second.x,
        second.y,
        second.width,
        &current,
        theme::DIM,
    );
}

fn numbers(panel: &Panel, is_narrow: bool) -> String {
    let progress = &panel.progress;
    let (found, kept) = (words::count(progress.found), words::count(progress.kept));
    if is_narrow {
        return format!("{found} found  {kept} kept");
    }
    let seconds = progress.elapsed.as_secs();
    let mut text = format!(
        "{found} found  {kept} kept  {}/s  {}:{:02}",
        words::count(panel.rate as u64),
        seconds / 60,
        seconds % 60
    );
    if progress.errors > 0 {
        let errors = words::counted(progress.errors, "error", "errors");
        text.push_str(&format!("  {errors}"));
    }
    text
}

/// Only with something to compare with, and never all of it before the end.
fn percent(panel: &Panel) -> Option<u64> {
    if panel.ended.is_some() && !panel.is_stopping {
        return None;
    }
    let expected = panel.progress.expected.filter(|expected| *expected > 0)?;
    let percent = panel.progress.found.saturating_mul(100) / expected;
    (percent <= 100).then_some(percent.min(99))
}

fn bar(panel: &Panel, state: &State, cells: usize) -> String {
    if panel.ended.is_some() {
        return String::new();
    }
    if let Some(percent) = percent(panel) {
        return super::rows::bar(percent as f64 / 100.0, cells);
    }
    let at = (state.at.as_millis() / STEP_MS) as usize;
    let span = cells.saturating_sub(BLOCK).max(1);
    let at = at % (2 * span);
    let at = if at < span { at } else { 2 * span - at };
    format!("{}{}", " ".repeat(at), "█".repeat(BLOCK.min(cells)))
}
