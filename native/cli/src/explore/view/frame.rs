//! Frames, and questions to the user in them.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::super::layer::Dialog;
use super::super::theme;
use super::put;
use crate::cells;
use crate::words;

/// A frame with a title at the left and a hint at the right; what was beneath is gone.
pub fn frame(buffer: &mut Buffer, area: Rect, title: &str, hint: &str) {
    let blank = " ".repeat(usize::from(area.width));
    for y in area.top()..area.bottom() {
        buffer.set_stringn(
            area.x,
            y,
            &blank,
            blank.len(),
            ratatui::style::Style::reset(),
        );
    }
    let inner = usize::from(area.width.saturating_sub(2));
    let hint_width = match hint {
        "" => 0,
        hint => cells::width(hint) + 3,
    };
    let title = cells::cut(title, inner.saturating_sub(hint_width + 3));
    let line = inner.saturating_sub(cells::width(&title) + 2 + hint_width);
    let mut top = format!("┌ {title} {}", "─".repeat(line));
    if !hint.is_empty() {
        top.push_str(&format!(" {hint} ─"));
    }
    top.push('┐');
    put(buffer, area.x, area.y, area.width, &top, theme::PLAIN);
    for y in area.top() + 1..area.bottom().saturating_sub(1) {
        put(buffer, area.x, y, 1, "│", theme::PLAIN);
        put(buffer, area.right() - 1, y, 1, "│", theme::PLAIN);
    }
    let bottom = format!("└{}┘", "─".repeat(inner));
    put(
        buffer,
        area.x,
        area.bottom() - 1,
        area.width,
        &bottom,
        theme::PLAIN,
    );
}

/// What a frame surrounds.
pub fn inside(area: Rect) -> Rect {
    Rect::new(
        area.x + 2,
        area.y + 1,
        area.width.saturating_sub(4),
        area.height.saturating_sub(2),
    )
}

/// An area in the middle of the screen.
pub fn middle(screen: Rect, width: u16, height: u16) -> Rect {
    let (width, height) = (width.min(screen.width), height.min(screen.height));
    Rect::new(
        (screen.width - width) / 2,
        (screen.height - height) / 2,
        width,
        height,
    )
}

/// A text in lines of so many cells, broken between words where it can be.
pub fn wrapped(text: &str, cells: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let mut word = word.to_owned();
        while cells::width(&word) > cells {
            let part = cells::cut(&word, cells + 1);
            let part = part.trim_end_matches('…').to_owned();
            if part.is_empty() {
                break;
            }
            word = word.get(part.len()..).unwrap_or_default().to_owned();
            lines.push(part);
        }
        let Some(last) = lines.last_mut() else {
            continue;
        };
        let gap = usize::from(!last.is_empty());
        match cells::width(last) + gap + cells::width(&word) <= cells {
            true => {
                last.push_str(if gap == 1 { " " } else { "" });
                last.push_str(&word);
            }
            false => lines.push(word),
        }
    }
    lines.retain(|line| !line.is_empty());
    lines
}

/// Takes lines away, the first of what is said last if need be, until so many are left, and says how many are not there.
fn shorten(lines: &mut Vec<String>, last: &mut Vec<String>, most: usize) {
    let all = lines.len() + last.len();
    if all <= most {
        return;
    }
    let rest = most.saturating_sub(1);
    last.drain(..last.len().saturating_sub(rest));
    lines.truncate(rest - last.len());
    let missing = all - lines.len() - last.len();
    lines.push(format!(
        "… {}",
        words::counted(missing as u64, "line more", "lines more")
    ));
}

/// Draws a question. What may be chosen is dim while no key chooses it.
pub fn dialog(dialog: &Dialog, is_unread: bool, buffer: &mut Buffer) {
    let width = buffer.area.width.min(70);
    let room = usize::from(width.saturating_sub(4));
    let wrap = |lines: &[String]| {
        let lines = lines.iter().flat_map(|line| wrapped(line, room));
        lines.collect::<Vec<_>>()
    };
    let (mut lines, mut last) = (wrap(&dialog.lines), wrap(&dialog.last));
    let height = u16::try_from(lines.len() + last.len())
        .unwrap_or(u16::MAX)
        .saturating_add(4);
    let area = middle(buffer.area, width, height);
    frame(buffer, area, &dialog.title, "");
    let inside = inside(area);
    // What may be chosen has a line of its own; before it, what must not be missed.
    let most = usize::from(inside.height.saturating_sub(1));
    shorten(&mut lines, &mut last, most);
    let lines = lines.iter().chain(&last);
    for (y, line) in (inside.y..inside.bottom().saturating_sub(1)).zip(lines) {
        put(buffer, inside.x, y, inside.width, line, theme::PLAIN);
    }
    let mut x = inside.x;
    let y = inside.bottom().saturating_sub(1);
    for (at, (label, _)) in dialog.choices.iter().enumerate() {
        let (text, style) = match at == dialog.at {
            _ if is_unread => (format!("  {label}"), theme::DIM),
            true => (format!("[ {label} ]"), theme::CURSOR),
            false => (format!("  {label}"), theme::PLAIN),
        };
        put(buffer, x, y, inside.right().saturating_sub(x), &text, style);
        // As wide as with its brackets, so that nothing moves.
        x = x.saturating_add(u16::try_from(cells::width(label) + 5).unwrap_or(u16::MAX));
    }
}
