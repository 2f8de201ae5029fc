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
/// A megabyte of wildcards takes the crate seconds to compile, and a scan cannot be cancelled
/// meanwhile: what a file has beyond this (some thousand such lines) is matched byte by byte.
const MAX_COMPILED: usize = 1 << 16;

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
    /// Pieces of patterns with wildcards that went into sets.
    compiled: usize,
}

impl Builder {
    pub(super) fn add(&mut self, number: usize, pattern: Pattern) {
        self.by_path |= !pattern.by_name;
        let literal = pattern
            .tokens
            .iter()
            .all(|token| matches!(token, Token::Byte(_)));
        let size = if literal { 0 } else { pattern.tokens.len() };
        let fits = self.compiled.saturating_add(size) <= MAX_COMPILED;
        match fits.then(|| glob::line(&pattern)).flatten() {
            Some(line) => {
                self.compiled = self.compiled.saturating_add(size);
                self.run.push((number, line));
            }
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::rules::line;

    const PIECES: &[&str] = &[
        "a",
        "b",
        "a",
        "b",
        "/",
        "/",
        "*",
        "*",
        "?",
        "**/",
        "/**",
        "/**/",
        "[ab]",
        "[!a]",
        "[]a-]",
        "[^/-]",
        "\\*",
        "\\",
        "{a,b}",
        ".",
        "{",
        ",",
        "[[:alnum:]]",
        "é",
        " ",
        "!",
        "^",
    ];
    const PARTS: &[&str] = &[
        "a", "b", "a", "b", "ab", ".a", "/", "/", "é", "\n", "*", "-", "!", "{",
    ];

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, cases: 4_000, ..Default::default() })]

        /// Two ways to the same answer: what can be put into a set means there what it means byte by byte.
        #[test]
        fn sets_and_bytes_agree(
            pieces in prop::collection::vec(prop::sample::select(PIECES), 1..7),
            parts in prop::collection::vec(prop::sample::select(PARTS), 1..9),
            is_dir: bool,
        ) {
            let Ok(Some(pattern)) = line::parse(pieces.concat().as_bytes()) else { return Ok(()) };
            let path = parts.concat();
            let path: Vec<_> = path.split('/').filter(|name| !name.is_empty()).collect();
            let (path, Some(name)) = (path.join("/"), path.last()) else { return Ok(()) };
            let Some(text) = glob::line(&pattern) else { return Ok(()) };
            let set = set(&[(1, text)]).unwrap();
            let in_set = set.matched(Path::new(&path), is_dir);
            let hit = wildmatch::matches(
                &pattern.tokens,
                if pattern.by_name { name.as_bytes() } else { path.as_bytes() },
                &mut States::default(),
            ) && (is_dir || !pattern.dir_only);
            prop_assert_eq!(in_set.is_ignore() || in_set.is_whitelist(), hit);
            prop_assert_eq!(in_set.is_whitelist(), hit && pattern.negated);
        }
    }

    #[test]
    fn a_set_too_big_for_the_crate_is_split() {
        let many = "?".repeat(100_000);
        let run = vec![
            (1, format!("/**/a{many}")),
            (2, format!("/**/b{many}")),
            (3, "!/**/ab*".into()),
        ];
        let builder = Builder {
            run,
            ..Builder::default()
        };
        let (matcher, refused) = builder.build();
        assert!(refused.is_empty(), "{:?}", refused.first());
        assert!(matcher.parts.len() > 1, "not too big");
        let name = format!("b{many}");
        let decide = |name: &str| {
            matcher.decide(
                name.as_bytes(),
                name.as_bytes(),
                false,
                &mut States::default(),
            )
        };
        assert_eq!(decide(&name), Some(true));
        assert_eq!(decide("abc"), Some(false));
        assert_eq!(decide("other"), None);
    }

    #[test]
    fn beyond_what_is_compiled_lines_still_hold_in_their_order() {
        let mut builder = Builder::default();
        for number in 0..20_000 {
            let text = format!("a?{number}*");
            builder.add(number, line::parse(text.as_bytes()).unwrap().unwrap());
        }
        builder.add(20_000, line::parse(b"!a?19999").unwrap().unwrap());
        let (matcher, refused) = builder.build();
        assert!(refused.is_empty());
        let lines = matcher
            .parts
            .iter()
            .filter(|part| matches!(part, Part::Line { .. }))
            .count();
        assert!(0 < lines && lines < 20_000, "{lines}");
        let decide = |name: &[u8]| matcher.decide(name, name, false, &mut States::default());
        assert_eq!(decide(b"ax0"), Some(true));
        assert_eq!(decide(b"ax19998z"), Some(true));
        assert_eq!(decide(b"ax19999"), Some(false));
        assert_eq!(decide(b"bx1"), None);
    }
}
