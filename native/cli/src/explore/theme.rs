//! How things look: the user's own 16 colours, bold, dim and reverse. Each colour has a mark or a word beside it, and no
//! background but reverse is used, so that contrast is the user's.

use ratatui::buffer::Buffer;
use ratatui::style::{Color, Modifier, Style};

pub const PLAIN: Style = Style::new();
pub const HEAD: Style = Style::new().add_modifier(Modifier::BOLD);
pub const DIM: Style = Style::new().add_modifier(Modifier::DIM);
pub const CURSOR: Style = Style::new().add_modifier(Modifier::REVERSED);
pub const FOLDER: Style = Style::new().fg(Color::Blue).add_modifier(Modifier::BOLD);
pub const LINK: Style = Style::new().fg(Color::Cyan);
pub const BAR: Style = Style::new().fg(Color::Green);
pub const TROUBLE: Style = Style::new().fg(Color::Red);
pub const BADGE: Style = Style::new().fg(Color::Yellow);

/// What stands for a character where there is nothing but ASCII.
const ASCII: &[(&str, &str)] = &[
    ("›", "/"),
    ("…", "~"),
    ("≥", "+"),
    ("·", "-"),
    ("↓", "v"),
    ("↑", "^"),
    ("↕", "*"),
    ("▸", ">"),
    ("→", ">"),
    ("─", "-"),
    ("│", "|"),
    ("┌", "+"),
    ("┐", "+"),
    ("└", "+"),
    ("┘", "+"),
    ("█", "#"),
    ("▉", "#"),
    ("▊", "#"),
    ("▋", "#"),
    ("▌", "#"),
    ("▍", " "),
    ("▎", " "),
    ("▏", " "),
];

/// Leaves nothing but ASCII on a screen, each cell where it was.
pub fn to_ascii(buffer: &mut Buffer) {
    for cell in &mut buffer.content {
        if cell.symbol().is_ascii() {
            continue;
        }
        let known = ASCII.iter().find(|(from, _)| *from == cell.symbol());
        cell.set_symbol(known.map_or("?", |(_, to)| to));
    }
}

/// Leaves no colour on a screen.
pub fn without_color(buffer: &mut Buffer) {
    for cell in &mut buffer.content {
        (cell.fg, cell.bg) = (Color::Reset, Color::Reset);
    }
}
