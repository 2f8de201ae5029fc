//! The patterns of one ignore file, made ready. What decides is the last line that matches.
//!
//! A line is split at its first and last wildcard of any length (`*`, `**`): what stands before
//! and behind is held against the text's beginning and end, byte by byte, which is all there is to
//! most lines; what stands between is followed by `positions`. Lines are looked at in blocks, last
//! first. Beyond some of them, lines without a wildcard are looked up.
//!
//! What a decision can cost is known beforehand, and bounded: [`Builder::add`] takes no line that
//! would go beyond.

use super::block::{Block, Hit, Line};
use super::line::{self, Pattern, Text, Token, Tokens};
use super::literals::{Last, Literals};
use super::positions::Positions;
use super::set::Set;

/// What the rules in effect in one place may cost at the most, in steps of about a nanosecond.
pub(super) const MAX_COST: u32 = 1_000_000;
/// Of each file: it has to be come to.
pub(super) const FILE_COST: u32 = 16;
/// Of each line: it costs time to be read, and its first bytes are looked at if its block cannot tell.
const LINE_COST: u32 = 16;
/// Of a class before the first wildcard or behind the last: a block has to know its bytes.
const CLASS_COST: u32 = 32;
/// Words of a name's positions, and of a path's, as far as a system takes them.
const NAME_WORDS: u32 = 4;
const PATH_WORDS: u32 = 64;

/// So many lines without a wildcard are kept among the others.
const FEW: usize = 64;
/// From the first wildcard of a pattern to its last.
const MAX_TOKENS: usize = 4096;

pub(super) const TOO_LONG: &str = "more than 4,096 pieces from its first * to its last";

/// The patterns of one file. Empty by default.
#[derive(Debug, Default)]
pub(super) struct Matcher {
    tokens: Box<[Token]>,
    sets: Box<[Set]>,
    /// In the order of the file.
    lines: Box<[Line]>,
    blocks: Box<[Block]>,
    names: Literals,
    paths: Literals,
    by_path: bool,
    fold: bool,
}

/// What is asked about: an entry, in the words of one file.
#[derive(Clone, Copy)]
pub(super) struct Query<'a> {
    /// Relative to the file's directory. Just the name, if no line needs more.
    pub path: &'a [u8],
    pub name: &'a [u8],
    pub is_dir: bool,
}

/// What decisions need room for.
#[derive(Debug, Default)]
pub(super) struct Work {
    positions: Positions,
    /// The length of what these are of: the name alone, or the path.
    taken: Option<usize>,
}

impl Work {
    /// Another entry comes, or the words of another file.
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

    /// Whether it has to be asked about small letters.
    pub(super) fn folds(&self) -> bool {
        self.fold
    }

    /// Whether an entry is left out, if a line speaks of it at all.
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

/// Takes the lines of a file in their order.
#[derive(Default)]
pub(super) struct Builder {
    tokens: Tokens,
    lines: Vec<Line>,
    /// Lines of plain text among the others.
    plain: usize,
    names: Literals,
    paths: Literals,
    folded: Vec<u8>,
    number: u32,
    by_path: bool,
    fold: bool,
    cost: u32,
    /// What it may cost at the most.
    room: u32,
}

/// Why a line was not taken.
pub(super) enum Refusal {
    /// It is broken.
    Bad(&'static str),
    /// It would cost too much beside those before.
    TooMuch,
}

impl Builder {
    /// For a file that may cost so much; with `fold` capitals count as small letters.
    pub(super) fn new(room: u32, fold: bool) -> Builder {
        Builder {
            room,
            fold,
            cost: FILE_COST,
            ..Builder::default()
        }
    }

    /// Takes a line in, without its end.
    pub(super) fn add(&mut self, line: &[u8]) -> Result<(), Refusal> {
        let start = self.tokens.list.len();
        let (pattern, text) = match line::parse(line, self.fold, &mut self.tokens) {
            Ok(Some(parsed)) => parsed,
            Ok(None) => return Ok(()),
            Err(why) => return Err(Refusal::Bad(why)),
        };
        let hit = Hit::new(self.number + 1, pattern.negated);
        let taken = match text {
            Text::Plain(text) => self.take_plain(text, pattern, start, hit),
            Text::Tokens => self.take(pattern, start, hit),
        };
        if taken.is_err() {
            self.tokens.list.truncate(start);
            return taken;
        }
        self.number += 1;
        self.by_path |= !pattern.by_name;
        Ok(())
    }

    fn take_plain(
        &mut self,
        text: &[u8],
        pattern: Pattern,
        start: usize,
        hit: Hit,
    ) -> Result<(), Refusal> {
        let mut folded = std::mem::take(&mut self.folded);
        folded.clear();
        folded.extend_from_slice(text);
        if self.fold {
            folded.make_ascii_lowercase();
        }
        let taken = if self.plain < FEW {
            let tokens = folded.iter().map(|byte| Token::Byte(*byte));
            self.tokens.list.extend(tokens);
            self.plain += 1;
            self.take(pattern, start, hit)
        } else {
            self.look_up(&folded, pattern, hit)
        };
        self.folded = folded;
        taken
    }

    /// A line whose tokens are there.
    fn take(&mut self, pattern: Pattern, start: usize, hit: Hit) -> Result<(), Refusal> {
        let tokens = self.tokens.list.get(start..).unwrap_or_default();
        let (line, cost) = split(tokens, pattern, start, hit)?;
        self.spend(cost)?;
        self.lines.push(line);
        Ok(())
    }

    /// A line that will be looked up.
    fn look_up(&mut self, text: &[u8], pattern: Pattern, hit: Hit) -> Result<(), Refusal> {
        let literals = match pattern.by_name {
            true => &mut self.names,
            false => &mut self.paths,
        };
        if let Some(last) = literals.get_mut(text) {
            last.of_dirs = hit;
            if !pattern.dir_only {
                last.of_any = hit;
            }
            return Ok(());
        }
        let of_any = if pattern.dir_only { Hit::NONE } else { hit };
        let of_dirs = hit;
        self.spend(LINE_COST)?;
        let literals = match pattern.by_name {
            true => &mut self.names,
            false => &mut self.paths,
        };
        literals.add(text, Last { of_any, of_dirs });
        Ok(())
    }

    fn spend(&mut self, cost: u32) -> Result<(), Refusal> {
        if cost > self.room.saturating_sub(self.cost) {
            return Err(Refusal::TooMuch);
        }
        self.cost += cost;
        Ok(())
    }

    /// The matcher, and what it can cost.
    pub(super) fn build(self) -> (Matcher, u32) {
        let Tokens { list, sets, .. } = self.tokens;
        let block = |lines| Block::new(lines, &list, &sets);
        let blocks = self.lines.chunks(64).map(block).collect();
        let matcher = Matcher {
            blocks,
            tokens: list.into_boxed_slice(),
            sets: sets.into_boxed_slice(),
            lines: self.lines.into_boxed_slice(),
            names: self.names,
            paths: self.paths,
            by_path: self.by_path,
            fold: self.fold,
        };
        (matcher, self.cost)
    }
}

/// Splits a line at its wildcards, and says what it can cost.
fn split(
    tokens: &[Token],
    pattern: Pattern,
    start: usize,
    hit: Hit,
) -> Result<(Line, u32), Refusal> {
    let wild = |token: &Token| !token.is_single();
    let head = tokens.iter().position(wild).unwrap_or(tokens.len());
    let tail = tokens.iter().rev().position(wild).unwrap_or(0);
    let middle = tokens.len() - head - tail;
    let words = match pattern.by_name {
        true => NAME_WORDS,
        false => PATH_WORDS,
    };
    let of = |token: &Token| match token {
        // All places are asked, one by one.
        Token::Class(_) => words * 128,
        _ => words,
    };
    let follow = match middle {
        0 | 1 => 0,
        2..=MAX_TOKENS => tokens.iter().skip(head).take(middle).map(of).sum(),
        _ => return Err(Refusal::Bad(TOO_LONG)),
    };
    let outside = |(at, token): &(usize, &Token)| {
        matches!(token, Token::Class(_)) && !(head..head + middle).contains(at)
    };
    let classes = tokens.iter().enumerate().filter(outside).count();
    let count = |number: usize| u32::try_from(number).map_err(|_| Refusal::TooMuch);
    let (head, middle, tail) = (count(head)?, count(middle)?, count(tail)?);
    let cost = LINE_COST + follow + (head / 4).saturating_add(tail / 4);
    let cost = cost.saturating_add(count(classes)?.saturating_mul(CLASS_COST));
    let line = Line {
        hit,
        start: count(start)?,
        head,
        middle,
        tail,
        dir_only: pattern.dir_only,
        by_name: pattern.by_name,
    };
    Ok((line, cost))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A line, token by token, with all that it could mean tried in turn.
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
            let mut builder = Builder::new(MAX_COST, fold);
            let mut tokens = Tokens::default();
            let mut expected = None;
            // Others, so that literals are looked up and blocks are several.
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

    fn asks(builder: Builder, name: &[u8]) -> Option<bool> {
        let query = Query {
            path: name,
            name,
            is_dir: false,
        };
        builder.build().0.decide(query, &mut Work::default())
    }

    #[test]
    fn what_would_cost_too_much_is_refused_and_the_rest_holds() {
        let mut builder = Builder::new(1_000, false);
        let line = b"*a*b*c*";
        let taken = (0..1_000).take_while(|_| builder.add(line).is_ok()).count();
        // Seven tokens of four words each, and what every line costs.
        assert_eq!(
            taken,
            (1_000 - FILE_COST as usize) / (7 * 4 + LINE_COST as usize)
        );
        assert!(builder.add(b"!x").is_ok(), "cheaper ones may follow");
        assert_eq!(asks(builder, b"x"), Some(false));
        let mut builder = Builder::new(1_000, false);
        for number in 0..1_000 {
            let _ = builder.add(format!("literal{number}").as_bytes());
        }
        assert!(builder.cost <= 1_000);
        assert_eq!(asks(builder, b"literal5"), Some(true));
    }

    #[test]
    fn a_class_too_many_is_refused() {
        let mut tokens = Tokens::default();
        for number in 0..=u16::MAX {
            let mut set = Set::default();
            (0..16)
                .filter(|bit| number >> bit & 1 == 1)
                .for_each(|bit| set.insert(bit));
            assert!(tokens.class(set).is_ok());
        }
        let mut set = Set::default();
        set.insert(b'z');
        assert!(tokens.class(set).is_err());
    }
}
