//! The commands and their options, as clap reads them. Words are bytes: a path need not be UTF-8.

use std::ffi::OsString;
use std::time::Duration;

use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum, ValueHint};

use crate::words::{parse_age, parse_size};

/// Shows what is on a disk: scans trees, keeps what was found in an index, and answers from it, also while a scan
/// writes it.
#[derive(Debug, Parser)]
#[command(
    name = "aether",
    version,
    propagate_version = true,
    max_term_width = 100
)]
#[command(
    after_help = "Symbolic links are listed, never followed, except for a PATH that is one. Ctrl+C stops a scan and keeps what was counted.\n\nExit status: 0 complete, 1 errors or unreadable paths or nothing found, 2 wrong usage, 130 interrupted."
)]
pub struct Options {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    Scan(Box<Scan>),
    Du(Du),
    Ls(Ls),
    Find(Box<Find>),
    Changes(Changes),
    Explore(Box<Explore>),
    Check(Check),
    Info(Info),
    Forget(Forget),
    Backup(Backup),
    Restore(Restore),
    Vacuum(Vacuum),
    Completions(Completions),
    Man(Man),
}

/// List everything beneath PATHs, by default as a summary of what is there
#[derive(Debug, Args)]
pub struct Scan {
    /// Directories, or single files [default: .]
    #[arg(value_hint = ValueHint::AnyPath)]
    pub path: Vec<OsString>,
    #[command(flatten)]
    pub format: Format,
    #[command(flatten)]
    pub walk: Walk,
    #[command(flatten)]
    pub filter: Filter,
    /// Read all that lstat(2) tells, or these groups: disk, inode, mode, times, target, owner
    #[arg(long, value_name = "GROUPS", num_args = 0..=1, require_equals = true, value_delimiter = ',', default_missing_value = "disk,inode,mode,times,target,owner")]
    pub attributes: Vec<Group>,
    /// Do not read sizes and times
    #[arg(long, conflicts_with_all = ["attributes", "larger", "newer", "index", "keep"])]
    pub no_metadata: bool,
    /// Print no summary and no live line
    #[arg(short, long)]
    pub quiet: bool,
    /// Name every path that could not be read, not just the first
    #[arg(long)]
    pub errors: bool,
    #[command(flatten)]
    pub keep: Keep,
}

/// What is written of each entry.
#[derive(Debug, Args)]
#[group(multiple = false)]
pub struct Format {
    /// Every path on a line of its own
    #[arg(long)]
    pub list: bool,
    /// Every path, each ended by a NUL byte
    #[arg(short = '0', long)]
    pub print0: bool,
    /// Every entry as one JSON object on a line of its own: path, kind, size, mtime_ns
    #[arg(long)]
    pub json: bool,
}

/// Where a scan goes.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "What is scanned")]
pub struct Walk {
    /// Levels to list; 1 is PATH's own entries
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub depth: Option<u32>,
    /// Do not enter other file systems
    #[arg(short = 'x', long)]
    pub one_file_system: bool,
    /// Leave out what matches, by the rules of .gitignore; may be repeated
    #[arg(short = 'E', long, value_name = "GLOB")]
    pub exclude: Vec<OsString>,
    /// Leave out names that begin with a dot
    #[arg(long)]
    pub no_hidden: bool,
    /// Leave out what git would, also tracked files that its rules match: git's own index is not read
    #[arg(long)]
    pub git_ignore: bool,
    /// Work with at most N threads [default: one for each core, up to 32 where the file system is slow]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1024))]
    pub threads: Option<u32>,
}

/// Which entries are listed and counted.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "What is listed and counted of it")]
pub struct Filter {
    /// Only these kinds
    #[arg(
        short = 't',
        long = "type",
        value_name = "KINDS",
        value_delimiter = ','
    )]
    pub kind: Vec<Kind>,
    /// Only names with this extension; may be repeated
    #[arg(short, long, value_name = "EXT")]
    pub extension: Vec<OsString>,
    /// Only what is larger than this, such as 10M; no directories
    #[arg(long, value_name = "SIZE", value_parser = parse_size)]
    pub larger: Option<u64>,
    /// Only what was changed within this time, such as 2d
    #[arg(long, value_name = "AGE", value_parser = parse_age)]
    pub newer: Option<Duration>,
}

/// Where the result is kept.
#[derive(Debug, Args)]
#[command(next_help_heading = "Keeping it")]
pub struct Keep {
    /// Keep what is found in this index; made if it is not there
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub index: Option<OsString>,
    /// Keep it in PATH's own index in the state folder, where ls, find and others look
    #[arg(long, conflicts_with = "index")]
    pub keep: bool,
    /// Of PATH in the index, if it is new there
    #[arg(long, value_name = "ID")]
    pub id: Option<String>,
    /// Leave out other things than the last time
    #[arg(long)]
    pub replace_rules: bool,
    /// Take what lies at PATH now, and at mount points, for what belongs there
    #[arg(long)]
    pub accept_root: bool,
}

/// Which index is asked.
#[derive(Debug, Args)]
pub struct Known {
    /// The index [default: the one in the state folder that knows FOLDER]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub index: Option<OsString>,
    /// The root, by its id or its path, where an index knows several
    #[arg(long, value_name = "ROOT")]
    pub source: Option<OsString>,
}

/// List a folder as the index knows it, with what lies beneath each of its folders
#[derive(Debug, Args)]
pub struct Ls {
    /// A path on disk, which need not exist any more [default: .]
    #[arg(value_hint = ValueHint::DirPath)]
    pub folder: Option<OsString>,
    #[command(flatten)]
    pub known: Known,
    /// By what
    #[arg(long, value_name = "KEY", default_value = "name")]
    pub sort: SortKey,
    /// So many at the most
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub limit: Option<u32>,
    /// Every entry as one JSON object on a line of its own, after one about the folder
    #[arg(long)]
    pub json: bool,
    /// Times in UTC and not local ones
    #[arg(long)]
    pub utc: bool,
}

/// Say what takes up space on disk, as du does: a folder's line comes after those beneath it
///
/// Always scans. A file with several names counts once, also across PATHs. Sizes are in KiB, on a terminal in units.
#[derive(Debug, Args)]
#[command(disable_help_flag = true)]
pub struct Du {
    /// Directories or files; a link is not followed [default: .]
    #[arg(value_hint = ValueHint::AnyPath)]
    pub path: Vec<OsString>,
    /// Sizes in the unit that suits them
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
    /// Print help
    #[arg(long, action = ArgAction::Help)]
    pub help: Option<bool>,
}

/// Find entries by name in the index; where there is none, by scanning
///
/// QUERY is a text in names or paths, words (!word: not with this one), a pasted path, a glob, or letters in their order;
/// the best match comes first.
#[derive(Debug, Args)]
pub struct Find {
    pub query: OsString,
    /// Beneath this path on disk [default: ., or all that an index knows which does not have it]
    #[arg(value_hint = ValueHint::DirPath)]
    pub folder: Option<OsString>,
    #[command(flatten)]
    pub known: Known,
    /// How QUERY is meant; auto is the first of the others that finds anything
    #[arg(long, value_name = "MODE", default_value = "auto")]
    pub mode: Mode,
    #[command(flatten)]
    pub filter: Filter,
    /// So many at the most
    #[arg(long, value_name = "N", default_value = "50", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub limit: u32,
    /// Go on behind the first N
    #[arg(long, value_name = "N", default_value = "0")]
    pub after: u32,
    #[command(flatten)]
    pub format: FindFormat,
}

/// How hits are written.
#[derive(Debug, Args)]
#[group(multiple = false)]
pub struct FindFormat {
    /// Every path ended by a NUL byte
    #[arg(short = '0', long)]
    pub print0: bool,
    /// Every hit as one JSON object on a line of its own, after one about the search
    #[arg(long)]
    pub json: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Mode {
    Auto,
    Substring,
    Glob,
    Fuzzy,
}

/// Tell what scans of a root have found changed, by folder, the largest change first
#[derive(Debug, Args)]
pub struct Changes {
    /// Beneath this path on disk [default: .]
    #[arg(value_hint = ValueHint::DirPath)]
    pub folder: Option<OsString>,
    #[command(flatten)]
    pub known: Known,
    /// What changed after scan N; 0 is before the first [default: the last but one]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(i64).range(0..))]
    pub from: Option<i64>,
    /// Up to scan N [default: the last]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(i64).range(0..))]
    pub to: Option<i64>,
    /// So many folders at the most
    #[arg(long, value_name = "N", default_value = "50", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub limit: u32,
    /// Every folder as one JSON object on a line of its own, after one about the scans
    #[arg(long)]
    pub json: bool,
}

/// Look around in a tree on the whole screen, while it is scanned and afterwards
///
/// Shows what is known of PATH, and scans it behind that. The key ? lists all keys.
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
    /// Of that screen
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

/// Check an index for damage, and count all its totals anew
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

/// Which index is meant.
#[derive(Debug, Args)]
pub struct At {
    /// A path on disk that the index knows [default: .]
    #[arg(value_hint = ValueHint::DirPath)]
    pub folder: Option<OsString>,
    /// The index [default: the one in the state folder that knows FOLDER]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub index: Option<OsString>,
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

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SortKey {
    /// Folders first, by the bytes of their names
    Name,
    Size,
    Count,
    Mtime,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Kind {
    #[value(name = "f", alias = "file", help = "regular files")]
    File,
    #[value(name = "d", alias = "directory", help = "directories")]
    Directory,
    #[value(name = "l", alias = "symlink", help = "symbolic links")]
    Symlink,
    #[value(name = "o", alias = "other", help = "pipes, sockets, devices")]
    Other,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Group {
    Disk,
    Inode,
    Mode,
    Times,
    Target,
    Owner,
}
