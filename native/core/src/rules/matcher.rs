//! The patterns of one ignore file, ready to match. The last line that matches decides.
//!
//! A line is split at its first and last wildcard of any length (`*`, `**`). The parts before and
//! after are compared with the text's beginning and end, byte by byte, which is enough for most
//! lines; `positions` matches the part between. Lines are examined in blocks, last block first.
//! Beyond the first few, lines without a wildcard are looked up.
//!
//! The cost of a decision is known beforehand and bounded: `Builder` refuses lines that would
//! exceed it.

use super::block::{Block, Hit, Line};
use super::line::Token;
use super::literals::Literals;
use super::positions::Positions;
use super::set::Set;

/// The patterns of one file. Empty by default.
#[derive(Debug, Default)]
pub(super) struct Matcher {
    pub(super) tokens: Box<[Token]>,
    pub(super) sets: Box<[Set]>,
    /// In the order of the file.
    pub(super) lines: Box<[Line]>,
    pub(super) blocks: Box<[Block]>,
    pub(super) names: Literals,
    pub(super) paths: Literals,
    pub(super) by_path: bool,
    pub(super) fold: bool,
}

/// An entry, as one file sees it.
#[derive(Clone, Copy)]
pub(super) struct Query<'a> {
    /// Relative to the file's directory. Only the name, if no line needs more.
    pub path: &'a [u8],
    pub name: &'a [u8],
    pub is_dir: bool,
}

/// Buffers for decisions.
#[derive(Debug, Default)]
pub(super) struct Work {
    positions: Positions,
    /// Length of the text that the positions are of: the name or the path.
    taken: Option<usize>,
}

impl Work {
    /// Prepares for another entry.
    pub(super) fn reset(&mut self) {
        self.taken = None;
    }
}

impl Matcher {
    pub(super) fn is_empty(&self) -> bool {
        self.lines.is_empty() && self.names.is_empty() && self.paths.is_empty()
    }

    /// Whether the name alone is enough to decide.
    pub(super) fn by_name(&self) -> bool {
        !self.by_path
    }

    /// Whether names and paths must be given in lower case.
    pub(super) fn folds(&self) -> bool {
        self.fold
    }

    /// Whether an entry is left out; `None` if no line matches it.
    #[inline]
    pub(super) fn decide(&self, query: Query<'_>, work: &mut Work) -> Option<bool> {
        let mut hit = Hit::NONE;
        for (literals, text) in [(&self.names, query.name), (&self.paths, query.path)] {
            if !literals.is_empty()
                && let Some(last) = literals.get(text)
            {
                hit = hit.max(if query.is_dir {
                    last.of_dirs
                } else {
                    last.of_any
                });
            }
        }
        for (block, lines) in self.blocks.iter().zip(self.lines.chunks(64)).rev() {
            if lines.last().is_none_or(|line| line.hit < hit) {
                break;
            }
            let mut left = block.candidates(query.path, query.name);
            while left != 0 {
                let at = 63 - left.leading_zeros();
                left ^= 1 << at;
                let Some(line) = lines.get(at as usize) else {
                    continue;
                };
                if line.hit < hit {
                    break;
                }
                if self.matches(line, query, work) {
                    return line.hit.leaves_out();
                }
            }
        }
        hit.leaves_out()
    }

    fn matches(&self, line: &Line, query: Query<'_>, work: &mut Work) -> bool {
        if line.dir_only && !query.is_dir {
            return false;
        }
        let text = match line.by_name {
            true => query.name,
            false => query.path,
        };
        let [head, middle, tail] = line.parts(&self.tokens);
        let Some(rest) = text.len().checked_sub(head.len() + tail.len()) else {
            return false;
        };
        let end = head.len() + rest;
        let single = |(token, byte): (&Token, &u8)| match token {
            Token::Byte(own) => own == byte,
            Token::One => *byte != b'/',
            Token::Class(number) => self
                .sets
                .get(usize::from(*number))
                .is_some_and(|set| set.contains(*byte)),
            _ => false,
        };
        if !head.iter().zip(text).all(single)
            || !tail
                .iter()
                .zip(text.get(end..).unwrap_or_default())
                .all(single)
        {
            return false;
        }
        let gap = text.get(head.len()..end).unwrap_or_default();
        match middle {
            [] => gap.is_empty(),
            [Token::Star] => line.by_name || !gap.contains(&b'/'),
            [Token::Deep] => true,
            [Token::DeepSlash] => gap.last().is_none_or(|byte| *byte == b'/'),
            _ => {
                if work.taken != Some(text.len()) {
                    work.positions.take(text);
                    work.taken = Some(text.len());
                }
                work.positions
                    .matches(middle, &self.sets, text, head.len(), end)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::builder::{MAX_COST, MatcherBuilder};
    use super::super::line::{self, Text, Tokens};
    use super::*;

    /// Matches token by token, trying all possibilities: a simple oracle.
    fn slowly(tokens: &[Token], sets: &[Set], text: &[u8]) -> bool {
        let Some((token, rest)) = tokens.split_first() else {
            return text.is_empty();
        };
        let single = |matches: fn(u8, u8) -> bool, own: u8| {
            text.split_first()
                .is_some_and(|(byte, text)| matches(own, *byte) && slowly(rest, sets, text))
        };
        let many = |goes_on: fn(u8) -> bool| {
            let most = text.iter().take_while(|byte| goes_on(**byte)).count();
            (0..=most).any(|at| slowly(rest, sets, &text[at..]))
        };
        match token {
            Token::Byte(own) => single(|own, byte| own == byte, *own),
            Token::One => single(|_, byte| byte != b'/', 0),
            Token::Class(set) => text.split_first().is_some_and(|(byte, text)| {
                sets[usize::from(*set)].contains(*byte) && slowly(rest, sets, text)
            }),
            Token::Star => many(|byte| byte != b'/'),
            Token::Deep => many(|_| true),
            Token::DeepSlash => {
                let after = |at: usize| at == 0 || text[at - 1] == b'/';
                (0..=text.len()).any(|at| after(at) && slowly(rest, sets, &text[at..]))
            }
        }
    }

    const PIECES: &[&str] = &[
        "a",
        "b",
        "a",
        "b",
        "/",
        "/",
        "*",
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
        "{a,b}",
        ".",
        "[[:alnum:]]",
        "\u{e9}",
        " ",
        "!",
        "A",
        "[A-B]",
    ];
    const PARTS: &[&str] = &[
        "a", "b", "a", "b", "ab", ".a", "/", "/", "\u{e9}", "\n", "*", "-", "!", "{", "A", "B",
    ];

    fn lines() -> impl Strategy<Value = Vec<String>> {
        let piece = prop::sample::select(PIECES);
        let line = prop::collection::vec(piece, 1..8).prop_map(|pieces| pieces.concat());
        prop::collection::vec(line, 1..6)
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, cases: 8_000, ..Default::default() })]

        #[test]
        fn the_last_line_that_matches_decides(
            lines in lines(),
            before in prop::sample::select(&[0, 1, 63, 64, 200][..]),
            parts in prop::collection::vec(prop::sample::select(PARTS), 1..12),
            long in prop::sample::select(&[0, 0, 0, 61, 200][..]),
            is_dir: bool,
            fold: bool,
        ) {
            let path = parts.concat();
            let path: Vec<_> = path.split('/').filter(|name| !name.is_empty()).collect();
            if path.is_empty() { return Ok(()) }
            let mut path = "ab".repeat(long) + &path.join("/");
            if fold { path.make_ascii_lowercase(); }
            let name = path.rsplit('/').next().unwrap_or_default();
            let mut builder = MatcherBuilder::new(MAX_COST, fold);
            let mut tokens = Tokens::default();
            let mut expected = None;
            // Others, so that literals are looked up and there are several blocks.
            let others = (0..before).map(|number| format!("other{number}{}", ["", "*"][number % 2]));
            for line in others.chain(lines.iter().cloned()) {
                if builder.add(line.as_bytes()).is_err() { return Ok(()) }
                let start = tokens.list.len();
                let Ok(Some((pattern, own))) = line::parse(line.as_bytes(), fold, &mut tokens) else { continue };
                let text = if pattern.by_name { name } else { &path };
                let matches = match own {
                    Text::Plain(own) if fold => own.eq_ignore_ascii_case(text.as_bytes()),
                    Text::Plain(own) => own == text.as_bytes(),
                    Text::Tokens => slowly(&tokens.list[start..], &tokens.sets, text.as_bytes()),
                };
                if matches && (is_dir || !pattern.dir_only) {
                    expected = Some(!pattern.negated);
                }
            }
            let query = Query { path: path.as_bytes(), name: name.as_bytes(), is_dir };
            let found = builder.build().0.decide(query, &mut Work::default());
            prop_assert_eq!(found, expected);
        }
    }
}
