//! The folder: a line of heads, and a row for each entry.

use aether_index::listing;
use aether_index::reader::{Child, SortKey};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::super::removal::key;
use super::super::state::{Drawn, State};
use super::super::theme;
use super::{line, put, put_right};
use crate::cells;
use crate::commands::answers;
use crate::words;

const DIRECTORY: u8 = 2;
const SYMLINK: u8 = 3;
/// Widths of columns: marks and size, bar and share, count, age.
const SIZE: u16 = 15;
const BAR: usize = 10;
const SHARE: u16 = 19;
const COUNT: u16 = 13;
const AGE: u16 = 7;
const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/// Which columns there is room for: age, count and share go, in this order.
fn columns(state: &State) -> (bool, bool, bool) {
    let (width, wanted) = (state.rows_width(), state.columns);
    (
        wanted.share && width >= 50,
        wanted.count && width >= 60,
        wanted.age && width >= 80,
    )
}

/// Where names begin.
pub fn name_column(state: &State) -> u16 {
    let (share, count, age) = columns(state);
    let wide = [(share, SHARE), (count, COUNT), (age, AGE)];
    SIZE + 2
        + wide
            .iter()
            .map(|(is, width)| if *is { *width } else { 0 })
            .sum::<u16>()
}

/// Draws heads and rows.
pub fn draw(state: &State, area: Rect, buffer: &mut Buffer) {
    heads(state, line(area, 0), buffer);
    let body = Rect::new(
        area.x,
        area.y + 1,
        area.width,
        area.height.saturating_sub(1),
    );
    let Some(drawn) = state.drawn() else {
        let text = match (&state.trouble, state.has_answer, &state.head) {
            (Some(trouble), ..) => trouble.clone(),
            (None, true, None) if state.is_moving() => "nothing is known yet".to_owned(),
            (None, true, None) if !state.is_waiting => {
                "nothing is known of this folder: r scans it".to_owned()
            }
            _ => "reading…".to_owned(),
        };
        for (y, text) in (body.y..body.bottom()).zip(super::frame::wrapped(
            &text,
            usize::from(area.width.saturating_sub(2)),
        )) {
            put(
                buffer,
                1,
                y,
                area.width.saturating_sub(1),
                &text,
                theme::DIM,
            );
        }
        return;
    };
    let rows = drawn.rows;
    if rows.total == 0 {
        let text = match state.filter.text.is_empty() {
            true => "empty",
            false => "no name matches",
        };
        put(buffer, 1, body.y, area.width, text, theme::DIM);
    }
    for at in 0..body.height {
        let row = drawn.top + usize::from(at);
        if row >= rows.total {
            break;
        }
        let place = line(body, at);
        match rows.get(row) {
            Some(child) => entry(state, &drawn, child, place, buffer),
            None => drop(put(buffer, 1, place.y, area.width, "reading…", theme::DIM)),
        }
        if row == drawn.cursor {
            buffer.set_style(place, theme::CURSOR);
        }
    }
}

fn heads(state: &State, area: Rect, buffer: &mut Buffer) {
    let head = |text: &str, key: SortKey| match state.sort {
        sort if sort.key != key => text.to_owned(),
        sort if sort.descending => format!("{text} ↓"),
        _ => format!("{text} ↑"),
    };
    let size = head(state.measure().head(), SortKey::Size);
    let mut text = format!("{size:>15}");
    let (share, count, age) = columns(state);
    match (share, &state.grew) {
        (true, Some(grew)) => {
            let pair = grew.pair.map(|(from, to)| format!("{from}→{to}"));
            let head = format!("GREW {}", pair.unwrap_or_default());
            text.push_str(&format!("{head:>width$}", width = usize::from(SHARE)));
        }
        (true, None) => text.push_str(&cells::left("  SHARE", usize::from(SHARE))),
        (false, _) => {}
    }
    if count {
        text.push_str(&format!("{:>13}", head("FILES", SortKey::Count)));
    }
    if age {
        text.push_str(&format!("{:>7}", head("AGE", SortKey::Mtime)));
    }
    text.push_str(&format!("  {}", head("NAME", SortKey::Name)));
    put(buffer, area.x, area.y, area.width, &text, theme::HEAD);
    if state.reordered.is_some() {
        put_right(buffer, area, "↕ moving ", theme::BADGE);
    }
}

fn entry(state: &State, drawn: &Drawn<'_>, child: &Child, area: Rect, buffer: &mut Buffer) {
    let y = area.y;
    let (mark, style) = mark(child);
    if state.marks.contains_key(&key(drawn.place, &child.name)) {
        put(buffer, 0, y, 1, "*", theme::BADGE);
    }
    put(buffer, 1, y, 1, mark, style);
    let measure = state.measure();
    let size = measure.size(child);
    if is_at_least(child) {
        put(buffer, 3, y, 1, "≥", theme::PLAIN);
    }
    let text = size.map_or("?".to_owned(), words::size);
    put(buffer, 4, y, SIZE - 4, &format!("{text:>11}"), theme::PLAIN);
    let mut x = SIZE;
    let (share, count, age) = columns(state);
    if let (true, Some(grew)) = (share, &state.grew) {
        let text = match grew.bytes(child) {
            Some(0) => "=".to_owned(),
            Some(bytes) => words::signed_size(bytes),
            None => String::new(),
        };
        let text = format!("{text:>width$}", width = usize::from(SHARE));
        put(buffer, x, y, SHARE, &text, theme::PLAIN);
        x += SHARE;
    } else if share {
        let whole = drawn
            .head
            .and_then(|head| measure.total(&head.totals.value));
        if let (Some(size), Some(whole)) = (size, whole.filter(|whole| *whole > 0)) {
            let part = (size as f64 / whole as f64).min(1.0);
            put(buffer, x + 2, y, BAR as u16, &bar(part, BAR), theme::BAR);
            let percent = format!("{:>3.0} %", part * 100.0);
            put(buffer, x + 2 + BAR as u16 + 1, y, 6, &percent, theme::PLAIN);
        }
        x += SHARE;
    }
    if count {
        let text = words::count(child.file_count);
        put(buffer, x, y, COUNT, &format!("{text:>13}"), theme::PLAIN);
        x += COUNT;
    }
    if age {
        let age = child
            .mtime
            .map(|ns| (state.now - ns.div_euclid(1_000_000)) / 1000);
        let text = age.map_or_else(String::new, words::brief_age);
        put(buffer, x, y, AGE, &format!("{text:>7}"), theme::PLAIN);
        x += AGE;
    }
    name(child, x + 2, area, buffer);
}

fn name(child: &Child, x: u16, area: Rect, buffer: &mut Buffer) {
    let tail = match child.kind {
        DIRECTORY if is_unlisted(child) => "/ …",
        DIRECTORY => "/",
        SYMLINK => "@",
        1 => "",
        _ => "=",
    };
    let room = usize::from(area.right().saturating_sub(x)).saturating_sub(cells::width(tail));
    let name = cells::cut_middle(&cells::shown(&child.name), room);
    let style: Style = match child.kind {
        DIRECTORY => theme::FOLDER,
        SYMLINK => theme::LINK,
        _ => theme::PLAIN,
    };
    let text = format!("{name}{tail}");
    put(
        buffer,
        x,
        area.y,
        area.right().saturating_sub(x),
        &text,
        style,
    );
}

/// Its one letter at the left; details have the words.
fn mark(child: &Child) -> (&'static str, Style) {
    let is = |number: u32| child.status == Some(i64::from(number));
    use aether_core::slab::status;
    match child.status {
        _ if child.imported => ("~", theme::DIM),
        Some(listing::UNREAD) => ("…", theme::DIM),
        Some(listing::UNMOUNTED) => (">", theme::BADGE),
        Some(_) if is(status::OTHER_FILE_SYSTEM) => (">", theme::BADGE),
        Some(status) if !answers::is_complete(status) && listing::is_unknown(status) => {
            ("!", theme::TROUBLE)
        }
        Some(_) if child.unknown_below > Some(0) => (".", theme::TROUBLE),
        Some(_) if child.file_count == 0 && child.bytes == Some(0) => ("e", theme::DIM),
        None if child.nlink > Some(1) => ("H", theme::DIM),
        _ => (" ", theme::PLAIN),
    }
}

fn is_at_least(child: &Child) -> bool {
    child.unknown_below > Some(0)
}

fn is_unlisted(child: &Child) -> bool {
    child.status == Some(listing::UNREAD)
}

/// A part of so many cells, to the eighth of one.
pub fn bar(part: f64, cells: usize) -> String {
    let eighths = (part.clamp(0.0, 1.0) * cells as f64 * 8.0).round() as usize;
    let rest = EIGHTHS.get(eighths % 8).copied().unwrap_or_default();
    format!("{}{rest}", "█".repeat(eighths / 8))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_is_as_long_as_its_part() {
        for (part, expected) in [
            (0.0, ""),
            (1.0, "████"),
            (0.5, "██"),
            (0.28125, "█▏"),
            (7.0, "████"),
        ] {
            assert_eq!(bar(part, 4), expected, "{part}");
        }
    }
}
