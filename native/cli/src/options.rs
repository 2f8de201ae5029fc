//! The commands, as clap reads them, and the options that several of them have. Words are bytes: a path need not be
//! UTF-8.

mod ask;
mod du;
mod explore;
mod maintain;
mod scan;

use std::ffi::OsString;
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum, ValueHint};

pub use self::ask::{Changes, Find, Links, Ls, Mode, SortKey};
pub use self::du::Du;
pub use self::explore::{ColorWhen, Explore};
pub use self::maintain::{Backup, Check, Completions, Forget, Info, Man, Restore, Vacuum};
pub use self::scan::{Format, Group, Keep, Scan};
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
    Links(Links),
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
