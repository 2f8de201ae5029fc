//! The line on stderr that shows how far a scan is, and goes away before anything else is said.

use aether_core::Progress;
use aether_index::sink::Written;
use rustix::termios::{isatty, tcgetwinsize};

use crate::cells;
use crate::output;
use crate::words;

/// Where the terminal does not say how wide it is.
const COLUMNS: usize = 80;

/// The line, if there is a terminal for one.
pub struct Live {
    is_wanted: bool,
    /// Cells of the line that is shown.
    shown: usize,
}

impl Live {
    /// A line, unless it would stand between other output.
    pub fn new(is_wanted: bool) -> Live {
        let is_dumb = std::env::var_os("TERM").is_none_or(|term| term == "dumb" || term.is_empty());
        Live {
            is_wanted: is_wanted && !is_dumb && isatty(rustix::stdio::stderr()),
            shown: 0,
        }
    }

    /// Whether reports are worth asking for.
    pub fn is_wanted(&self) -> bool {
        self.is_wanted
    }

    /// Shows another state. Spaces write over the state before: a sequence for that is not what every terminal has.
    pub fn show(&mut self, progress: &Progress, written: Option<Written>) {
        if !self.is_wanted {
            return;
        }
        let columns = tcgetwinsize(rustix::stdio::stderr()).map_or(0, |size| size.ws_col);
        let columns = if columns == 0 {
            COLUMNS
        } else {
            usize::from(columns)
        };
        let text = line(progress, written, columns.saturating_sub(1));
        let width = cells::width(&text);
        let gap = " ".repeat(
            self.shown
                .min(columns.saturating_sub(1))
                .saturating_sub(width),
        );
        output::say(&format!("\r{text}{gap}"));
        self.shown = width;
    }

    /// Takes the line away.
    pub fn clear(&mut self) {
        if self.shown > 0 {
            output::say(&format!("\r{}\r", " ".repeat(self.shown)));
            self.shown = 0;
        }
    }
}

fn line(progress: &Progress, written: Option<Written>, cells: usize) -> String {
    let mut text = format!("{} entries", words::count(progress.counts.entries()));
    if let Some(written) = written {
        text.push_str(&format!("  {} kept", words::count(written.entries)));
    }
    let rate = words::count(progress.rate as u64);
    text.push_str(&format!(
        "  {rate}/s  {}",
        words::size(progress.counts.bytes)
    ));
    if progress.errors > 0 {
        text.push_str(&format!(
            "  {}",
            words::counted(progress.errors, "error", "errors")
        ));
    }
    text.push_str(&format!("  {}", cells::shown(&progress.current)));
    cells::cut(&text, cells)
}

#[cfg(test)]
mod tests {
    use super::*;
    use aether_core::Counts;
    use std::time::Duration;

    #[test]
    fn it_fits_whatever_is_in_it() {
        let progress = Progress {
            counts: Counts {
                files: 1_234_567,
                bytes: 3 << 30,
                ..Counts::default()
            },
            errors: 2,
            new_errors: Vec::new(),
            rate: 1.5e6,
            current: "日本\x1b".repeat(50).into_bytes(),
            elapsed: Duration::ZERO,
        };
        let whole = line(&progress, None, 400);
        let expected = "1,234,567 entries  1,500,000/s  3.0 GiB  2 errors  日本\\e日本";
        assert!(whole.starts_with(expected), "{whole}");
        for cells in 0..120 {
            assert!(cells::width(&line(&progress, None, cells)) <= cells);
        }
        let written = Written {
            entries: 7,
            expected: None,
        };
        assert!(line(&progress, Some(written), 400).contains("entries  7 kept  1,"));
    }
}
