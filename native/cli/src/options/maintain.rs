//! Commands about an index as a whole, and about the program itself.

use std::ffi::OsString;

use clap::{Args, ValueHint};

use super::{At, Known};

/// Check an index for damage, and recount all totals
#[derive(Debug, Args)]
pub struct Check {
    #[command(flatten)]
    pub at: At,
    /// Also compare SQLite's own indexes with their tables
    #[arg(long)]
    pub thorough: bool,
    /// Every finding as one JSON object on a line of its own
    #[arg(long)]
    pub json: bool,
}

/// Say which roots an index knows, and how their scans ended
#[derive(Debug, Args)]
pub struct Info {
    #[command(flatten)]
    pub at: At,
    /// Every root as one JSON object on a line of its own
    #[arg(long)]
    pub json: bool,
}

/// Make an index forget a root, or all it knows beneath a folder; nothing on disk is touched
#[derive(Debug, Args)]
pub struct Forget {
    /// A path on disk, which need not exist any more
    #[arg(value_hint = ValueHint::DirPath)]
    pub folder: OsString,
    #[command(flatten)]
    pub known: Known,
}

/// Copy an index, as it is at one moment, also while a scan writes it
#[derive(Debug, Args)]
pub struct Backup {
    /// The copy, which must not be there yet
    #[arg(value_hint = ValueHint::FilePath)]
    pub to: OsString,
    #[command(flatten)]
    pub at: At,
}

/// Put a backup in the place of an index, which may be damaged
#[derive(Debug, Args)]
pub struct Restore {
    #[arg(value_hint = ValueHint::FilePath)]
    pub backup: OsString,
    #[command(flatten)]
    pub at: At,
}

/// Rewrite an index without the space that removed entries have left
#[derive(Debug, Args)]
pub struct Vacuum {
    #[command(flatten)]
    pub at: At,
}

/// Print what a shell needs to complete these commands
#[derive(Debug, Args)]
pub struct Completions {
    pub shell: clap_complete::Shell,
}

/// Print the page for man(1), of one command or of all
#[derive(Debug, Args)]
pub struct Man {
    pub command: Option<String>,
}
