//! Keys and the mouse, as the rest of the explorer knows them, and the names that keys have for tmux.

use crossterm::event::{
    Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEventKind,
};

/// A key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Key {
    Char(char),
    Ctrl(char),
    Enter,
    Esc,
    Backspace,
    Tab,
    Up,
    Down,
    Left,
    Right,
    Home,
    End,
    PageUp,
    PageDown,
}

/// What the mouse did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pointer {
    /// Up or down.
    Wheel(bool),
    /// At a column and a line.
    Click(u16, u16),
}

/// Names that are not a single character.
const NAMES: &[(&str, Key)] = &[
    ("Enter", Key::Enter),
    ("Escape", Key::Esc),
    ("Esc", Key::Esc),
    ("BSpace", Key::Backspace),
    ("Tab", Key::Tab),
    ("Space", Key::Char(' ')),
    ("Up", Key::Up),
    ("Down", Key::Down),
    ("Left", Key::Left),
    ("Right", Key::Right),
    ("Home", Key::Home),
    ("End", Key::End),
    ("PageUp", Key::PageUp),
    ("PPage", Key::PageUp),
    ("PageDown", Key::PageDown),
    ("NPage", Key::PageDown),
];

/// Reads keys by their names, apart by spaces; or says which is none.
pub fn parse(text: &str) -> Result<Vec<Key>, String> {
    let one = |name: &str| {
        let known = NAMES.iter().find(|(known, _)| *known == name);
        let mut chars = name.chars();
        match (known, chars.next(), chars.next()) {
            (Some((_, key)), _, _) => Ok(*key),
            (None, Some(char), None) if !char.is_control() => Ok(Key::Char(char)),
            _ => match name
                .strip_prefix("C-")
                .map(|rest| rest.chars().collect::<Vec<_>>())
            {
                Some(rest) if rest.len() == 1 => {
                    Ok(Key::Ctrl(rest.into_iter().next().unwrap_or(' ')))
                }
                _ => Err(name.to_owned()),
            },
        }
    };
    text.split_ascii_whitespace().map(one).collect()
}

/// A key that was pressed, if it is one that anything is done with.
pub fn key(event: &KeyEvent) -> Option<Key> {
    if event.kind == KeyEventKind::Release {
        return None;
    }
    let is_ctrl = event.modifiers.contains(KeyModifiers::CONTROL);
    Some(match event.code {
        KeyCode::Char(char) if is_ctrl => Key::Ctrl(char.to_ascii_lowercase()),
        KeyCode::Char(char) => Key::Char(char),
        KeyCode::Enter => Key::Enter,
        KeyCode::Esc => Key::Esc,
        KeyCode::Backspace => Key::Backspace,
        KeyCode::Tab => Key::Tab,
        KeyCode::Up => Key::Up,
        KeyCode::Down => Key::Down,
        KeyCode::Left => Key::Left,
        KeyCode::Right => Key::Right,
        KeyCode::Home => Key::Home,
        KeyCode::End => Key::End,
        KeyCode::PageUp => Key::PageUp,
        KeyCode::PageDown => Key::PageDown,
        _ => return None,
    })
}

/// The message that an event is, if it is one.
pub fn message(event: &Event) -> Option<super::message::Message> {
    use super::message::Message;
    match event {
        Event::Key(event) => key(event).map(Message::Key),
        Event::Resize(columns, lines) => Some(Message::Resized(*columns, *lines)),
        Event::Mouse(mouse) => match mouse.kind {
            MouseEventKind::ScrollUp => Some(Message::Pointer(Pointer::Wheel(true))),
            MouseEventKind::ScrollDown => Some(Message::Pointer(Pointer::Wheel(false))),
            MouseEventKind::Down(MouseButton::Left) => {
                Some(Message::Pointer(Pointer::Click(mouse.column, mouse.row)))
            }
            _ => None,
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_named_as_tmux_names_them() {
        let expected = [
            Key::Char('j'),
            Key::Enter,
            Key::Ctrl('p'),
            Key::Char('/'),
            Key::Char(' '),
        ];
        assert_eq!(parse("j Enter C-p / Space").unwrap(), expected);
        assert_eq!(parse("").unwrap(), []);
        for wrong in ["Foo", "C-", "C-ab", "\u{1b}"] {
            assert_eq!(parse(wrong).unwrap_err(), wrong);
        }
    }
}
