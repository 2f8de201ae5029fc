//! `du`, whose options are those of du.

use std::ffi::OsString;

use clap::{ArgAction, Args, ValueHint};

/// Say what takes up space on disk, as du does: a folder's line comes after those beneath it
///
/// Scans, unless --known asks the index. A file with several names counts once, also across PATHs. Sizes are in KiB, on a
/// terminal in units.
#[derive(Debug, Args)]
#[command(disable_help_flag = true)]
pub struct Du {
    /// Directories or files; a link is not followed [default: .]
    #[arg(value_hint = ValueHint::AnyPath)]
    pub path: Vec<OsString>,
    /// Print sizes in readable units
    #[arg(short = 'h', long, overrides_with_all = ["kib", "human_readable"])]
    pub human_readable: bool,
    /// Sizes in KiB
    #[arg(short = 'k', overrides_with_all = ["kib", "human_readable"])]
    pub kib: bool,
    /// What files contain and not what they take up, in bytes
    #[arg(short = 'b', long)]
    pub bytes: bool,
    /// One line for each PATH
    #[arg(short, long, conflicts_with_all = ["all", "depth"])]
    pub summarize: bool,
    /// A line for the sum of all PATHs as well
    #[arg(short = 'c', long)]
    pub total: bool,
    /// Lines for files as well
    #[arg(short, long)]
    pub all: bool,
    /// Lines down to this many levels beneath PATH
    #[arg(short, long = "max-depth", value_name = "N")]
    pub depth: Option<u32>,
    /// Stay out of other file systems
    #[arg(short = 'x', long)]
    pub one_file_system: bool,
    /// Only the N largest, the largest first
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub top: Option<u32>,
    /// Leave out what matches, by the rules of .gitignore; may be repeated
    #[arg(short = 'E', long, value_name = "GLOB")]
    pub exclude: Vec<OsString>,
    /// Work with at most N threads
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1024))]
    pub threads: Option<u32>,
    /// Answer from the index, at once; its age goes to stderr. Each folder is counted as du would count it alone: a file
    /// with names in two of them is in both, and once in the folder around them. -b has regular files alone, each name
    #[arg(long, conflicts_with_all = ["one_file_system", "exclude", "threads"])]
    pub known: bool,
    /// The index for --known [default: the one in the state folder that knows PATH]
    #[arg(long, value_name = "FILE", requires = "known", value_hint = ValueHint::FilePath)]
    pub index: Option<OsString>,
    /// The root for --known, by its id or its path, where an index knows several
    #[arg(long, value_name = "ROOT", requires = "known")]
    pub source: Option<OsString>,
    /// Print help
    #[arg(long, action = ArgAction::Help)]
    pub help: Option<bool>,
}
