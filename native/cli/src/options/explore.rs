//! `explore`, the screen.

use std::ffi::OsString;

use clap::{Args, ValueEnum, ValueHint};

use super::Walk;

/// Browse a tree full-screen, while it is scanned and afterwards
///
/// Shows what is known of PATH, and scans it in the background. The key ? lists all keys.
#[derive(Debug, Args)]
pub struct Explore {
    /// A directory [default: .]
    #[arg(value_hint = ValueHint::DirPath)]
    pub path: Option<OsString>,
    #[command(flatten)]
    pub walk: Walk,
    /// The index [default: PATH's own in the state folder]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub index: Option<OsString>,
    /// Show what is known, and scan only when asked to
    #[arg(long)]
    pub no_scan: bool,
    /// Write the tree as ncdu's JSON, when it is scanned, and show no screen; - is stdout
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath, conflicts_with = "once")]
    pub output: Option<OsString>,
    /// Let d move entries to the trash, and D delete them
    #[arg(long)]
    pub allow_delete: bool,
    /// Draw with nothing but ASCII, as where the locale has no UTF-8
    #[arg(long)]
    pub ascii: bool,
    /// Whether to use colours; auto does unless NO_COLOR is set
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub color: ColorWhen,
    /// Leave the mouse to the terminal
    #[arg(long)]
    pub no_mouse: bool,
    /// Print the screen as text after these keys, named as for tmux, each pressed when the scan is over
    #[arg(long, value_name = "KEYS", num_args = 0..=1, require_equals = true, default_missing_value = "")]
    pub once: Option<String>,
    /// Size of the printed screen, e.g. 100x30
    #[arg(long, value_name = "WxH", requires = "once", value_parser = parse_screen)]
    pub size: Option<(u16, u16)>,
    /// Do not wait for the scan
    #[arg(long, requires = "once")]
    pub live: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ColorWhen {
    Auto,
    Always,
    Never,
}

/// Reads the size of a screen: `100x30`.
fn parse_screen(text: &str) -> Result<(u16, u16), String> {
    let size = text.split_once('x');
    let size = size.and_then(|(columns, lines)| Some((columns.parse().ok()?, lines.parse().ok()?)));
    let is_drawn =
        |(columns, lines): &(u16, u16)| (1..=1000).contains(columns) && (1..=1000).contains(lines);
    size.filter(is_drawn)
        .ok_or_else(|| "a size is columns and lines, 1 to 1000 each, such as 100x30".into())
}
