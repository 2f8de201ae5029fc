//! The colours of names that the user has chosen with LS_COLORS, on a terminal that may have them.

use std::collections::HashMap;

use crate::output;

/// What LS_COLORS says of kinds and of endings.
#[derive(Default)]
pub struct Colors {
    kinds: HashMap<String, String>,
    /// Longer ones first.
    endings: Vec<(String, String)>,
}

impl Colors {
    /// Those of the environment, if stdout is a terminal for them.
    pub fn of_terminal() -> Colors {
        let wanted = output::is_terminal() && output::may_escape();
        let text = wanted.then(|| std::env::var("LS_COLORS").ok()).flatten();
        text.map_or_else(Colors::default, |text| Colors::parse(&text))
    }

    fn parse(text: &str) -> Colors {
        let mut colors = Colors::default();
        for (key, value) in text.split(':').filter_map(|item| item.split_once('=')) {
            // Nothing but attributes may reach the terminal.
            let is_plain = value
                .bytes()
                .all(|byte| byte.is_ascii_digit() || byte == b';');
            if value.is_empty() || !is_plain {
                continue;
            }
            match key.strip_prefix('*') {
                Some(ending) => colors.endings.push((ending.to_owned(), value.to_owned())),
                None => drop(colors.kinds.insert(key.to_owned(), value.to_owned())),
            }
        }
        colors
            .endings
            .sort_by_key(|(ending, _)| std::cmp::Reverse(ending.len()));
        colors
    }

    /// A name of this kind (2 a directory, 3 a link), already made safe to show.
    pub fn paint(&self, shown: String, name: &[u8], kind: u8) -> String {
        let kind = match kind {
            2 => Some("di"),
            3 => Some("ln"),
            _ => None,
        };
        let color = match kind {
            Some(kind) => self.kinds.get(kind),
            None => {
                let mut endings = self.endings.iter();
                let found = endings.find(|(ending, _)| name.ends_with(ending.as_bytes()));
                found.map(|(_, color)| color)
            }
        };
        match color {
            Some(color) => format!("\x1b[{color}m{shown}\x1b[0m"),
            None => shown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_painted_by_kind_and_by_ending() {
        let colors = Colors::parse("di=01;34:*.gz=31:*.tar.gz=32:ln=target:*~=\x1b]0;x\x07:");
        let paint = |name: &str, kind| colors.paint(name.to_owned(), name.as_bytes(), kind);
        assert_eq!(paint("d", 2), "\x1b[01;34md\x1b[0m");
        assert_eq!(paint("a.tar.gz", 1), "\x1b[32ma.tar.gz\x1b[0m");
        assert_eq!(paint("l", 3), "l");
        assert_eq!(paint("b~", 1), "b~");
    }
}
