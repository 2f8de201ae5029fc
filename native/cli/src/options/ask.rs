//! Commands that answer from an index: `ls`, `find`, `changes`.

use std::ffi::OsString;

use clap::{Args, ValueEnum, ValueHint};

use super::{Filter, Known};

/// List a folder as the index knows it, with the totals of each folder in it
///
/// Sizes are those on disk, as of du, where the index knows them. H marks a file with several names.
#[derive(Debug, Args)]
pub struct Ls {
    /// A path on disk, which need not exist any more [default: .]
    #[arg(value_hint = ValueHint::DirPath)]
    pub folder: Option<OsString>,
    #[command(flatten)]
    pub known: Known,
    /// What to sort by
    #[arg(long, value_name = "KEY", default_value = "name")]
    pub sort: SortKey,
    /// What files contain and not what they take up on disk
    #[arg(long)]
    pub apparent: bool,
    /// Show at most N
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub limit: Option<u32>,
    /// Every entry as one JSON object on a line of its own, after one about the folder
    #[arg(long)]
    pub json: bool,
    /// Times in UTC and not local ones
    #[arg(long)]
    pub utc: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SortKey {
    /// Folders first, by the bytes of their names
    Name,
    /// By the size that is shown
    Size,
    /// By the size on disk
    Disk,
    Count,
    Mtime,
}

/// List the other names of a file, as the index knows them
#[derive(Debug, Args)]
pub struct Links {
    /// A path on disk, which need not exist any more; a link is not followed
    #[arg(value_hint = ValueHint::FilePath)]
    pub path: OsString,
    #[command(flatten)]
    pub known: Known,
    /// Show at most N
    #[arg(long, value_name = "N", default_value = "1000", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub limit: u32,
    #[command(flatten)]
    pub format: FindFormat,
}

/// Find entries by name in the index; where there is none, by scanning
///
/// QUERY is a text in names or paths, words (!word: not with this one), a pasted path, a glob, or letters in their order;
/// the best match comes first.
#[derive(Debug, Args)]
pub struct Find {
    pub query: OsString,
    /// Beneath this path on disk [default: ., or every root, if the index does not have it]
    #[arg(value_hint = ValueHint::DirPath)]
    pub folder: Option<OsString>,
    #[command(flatten)]
    pub known: Known,
    /// How QUERY is meant; auto is the first of the others that finds anything
    #[arg(long, value_name = "MODE", default_value = "auto")]
    pub mode: Mode,
    #[command(flatten)]
    pub filter: Filter,
    /// Show at most N
    #[arg(long, value_name = "N", default_value = "50", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub limit: u32,
    /// Skip the first N
    #[arg(long, value_name = "N", default_value = "0")]
    pub after: u32,
    #[command(flatten)]
    pub format: FindFormat,
}

/// How paths that were found are written.
#[derive(Debug, Args)]
#[group(multiple = false)]
pub struct FindFormat {
    /// Every path ended by a NUL byte
    #[arg(short = '0', long)]
    pub print0: bool,
    /// Every path as one JSON object on a line of its own, after one about the answer
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

/// Show what changed between scans, by folder, the largest change first
#[derive(Debug, Args)]
pub struct Changes {
    /// Beneath this path on disk [default: .]
    #[arg(value_hint = ValueHint::DirPath)]
    pub folder: Option<OsString>,
    #[command(flatten)]
    pub known: Known,
    /// Changes since scan N; 0 is before the first [default: the last but one]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(i64).range(0..))]
    pub from: Option<i64>,
    /// Up to scan N [default: the last]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(i64).range(0..))]
    pub to: Option<i64>,
    /// Show at most N folders
    #[arg(long, value_name = "N", default_value = "50", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub limit: u32,
    /// Every folder as one JSON object on a line of its own, after one about the scans
    #[arg(long)]
    pub json: bool,
}
