//! `scan`: what is scanned, what is said of it, where it is kept.

use std::ffi::OsString;

use clap::{Args, ValueEnum, ValueHint};

use super::{Filter, Walk};

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
    /// Id for PATH, if it is new to the index
    #[arg(long, value_name = "ID")]
    pub id: Option<String>,
    /// Replace the stored ignore rules
    #[arg(long)]
    pub replace_rules: bool,
    /// Accept what is at PATH and its mount points now as the same tree
    #[arg(long)]
    pub accept_root: bool,
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
