//! The patterns of one ignore file, made ready: runs of lines as one set of the `ignore` crate,
//! and single lines byte by byte between them, so that the later line still wins.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

use super::glob;
use super::line::{Pattern, Token};
use super::wildmatch::{self, States};

const TOO_LONG: &str = "a pattern of more than 4,096 pieces, not UTF-8 or beyond globs";
const MAX_TOKENS: usize = 4096;

/// The patterns of one file. Empty by default.
#[derive(Debug, Default)]
pub(super) struct Matcher {
    /// In the order of the file.
    parts: Vec<Part>,
    by_name: bool,
}

#[derive(Debug)]
enum Part {
    Set(Gitignore),
    Line {
        negated: bool,
        dir_only: bool,
        by_name: bool,
        tokens: Vec<Token>,
    },
}

impl Matcher {
    pub(super) fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    /// Whether the name alone is enough to decide.
    pub(super) fn by_name(&self) -> bool {
        self.by_name
    }

    /// Whether an entry is left out, if a pattern speaks of it at all. The path is relative to
    /// the file's directory; it may be just the name if [`Matcher::by_name`].
    pub(super) fn decide(
        &self,
        path: &[u8],
        name: &[u8],
        is_dir: bool,
        states: &mut States,
    ) -> Option<bool> {
        self.parts.iter().rev().find_map(|part| match part {
            Part::Set(set) => match set.matched(Path::new(OsStr::from_bytes(path)), is_dir) {
                Match::None => None,
                Match::Ignore(_) => Some(true),
                Match::Whitelist(_) => Some(false),
            },
            Part::Line {
                negated,
                dir_only,
                by_name,
                tokens,
            } => {
                let text = if *by_name { name } else { path };
                let hit = (is_dir || !dir_only) && wildmatch::matches(tokens, text, states);
                hit.then_some(!negated)
            }
        })
    }
}

/// Takes the patterns of a file in their order.
#[derive(Default)]
pub(super) struct Builder {
    parts: Vec<Part>,
    /// The run of lines that is to be the next set: number and text.
    run: Vec<(usize, String)>,
    refused: Vec<(usize, String)>,
    by_path: bool,
}

impl Builder {
    pub(super) fn add(&mut self, number: usize, pattern: Pattern) {
        self.by_path |= !pattern.by_name;
        match glob::line(&pattern) {
            Some(line) => self.run.push((number, line)),
            None if pattern.tokens.len() > MAX_TOKENS => {
                self.refused.push((number, TOO_LONG.to_owned()));
            }
            None => {
                self.end_run();
                let Pattern {
                    negated,
                    dir_only,
                    by_name,
                    tokens,
                } = pattern;
                self.parts.push(Part::Line {
                    negated,
                    dir_only,
                    by_name,
                    tokens,
                });
            }
        }
    }

    /// The matcher, and the lines that cannot be used: number and why.
    pub(super) fn build(mut self) -> (Matcher, Vec<(usize, String)>) {
        self.end_run();
        (
            Matcher {
                parts: self.parts,
                by_name: !self.by_path,
            },
            self.refused,
        )
    }

    fn end_run(&mut self) {
        let run = std::mem::take(&mut self.run);
        // The crate bounds the size of a set, and fails as a whole: halve until it fits.
        let mut pending = vec![run.as_slice()];
        while let Some(lines) = pending.pop() {
            match (set(lines), lines) {
                (Ok(set), _) if set.is_empty() => {}
                (Ok(set), _) => self.parts.push(Part::Set(set)),
                (Err(why), [(number, _)]) => self.refused.push((*number, why)),
                (Err(_), _) => {
                    let (first, second) = lines.split_at(lines.len() / 2);
                    pending.extend([second, first]);
                }
            }
        }
    }
}

fn set(lines: &[(usize, String)]) -> Result<Gitignore, String> {
    // No prefix to strip: paths come relative to the file's directory.
    let mut builder = GitignoreBuilder::new("");
    for (_, line) in lines {
        builder
            .add_line(None, line)
            .map_err(|error| error.to_string())?;
    }
    builder.build().map_err(|error| error.to_string())
}

/// What a decision needs room for; one a thread.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    pub path: Vec<u8>,
    pub states: States,
}
