//! Builds a matcher from the lines of an ignore file, and computes what it can cost.

use super::block::{Block, Hit, Line};
use super::line::{self, Pattern, Text, Token, Tokens};
use super::literals::{Last, Literals};
use super::matcher::Matcher;

/// Maximum cost of the rules in effect in one place, in steps of about a nanosecond.
pub(super) const MAX_COST: u32 = 1_000_000;
/// Cost of each file, for getting to it.
pub(super) const FILE_COST: u32 = 16;
/// Cost of each line: reading it, and comparing its first bytes if its block does not rule it out.
const LINE_COST: u32 = 16;
/// Cost of each class before the first wildcard or after the last: a block must know its bytes.
const CLASS_COST: u32 = 32;
/// Number of words of positions in a name and in a path, of the lengths that systems accept.
const NAME_WORDS: u32 = 4;
const PATH_WORDS: u32 = 64;

/// Maximum number of lines without a wildcard that are kept among the others.
const FEW: usize = 64;
/// Maximum number of tokens from a pattern's first wildcard to its last.
const MAX_TOKENS: usize = 4096;

pub(super) const TOO_LONG: &str = "more than 4,096 pieces from the first * to the last";

/// Takes the lines of a file in order.
#[derive(Default)]
pub(super) struct MatcherBuilder {
    tokens: Tokens,
    lines: Vec<Line>,
    /// Lines of plain text among `lines`.
    plain: usize,
    names: Literals,
    paths: Literals,
    folded: Vec<u8>,
    number: u32,
    by_path: bool,
    fold: bool,
    cost: u32,
    /// Maximum cost.
    room: u32,
}

/// Why a line was not taken.
pub(super) enum Refusal {
    /// It is broken.
    Bad(&'static str),
    /// With the lines before it, it would cost too much.
    TooMuch,
}

impl MatcherBuilder {
    /// For a file with a maximum cost; with `fold` case is ignored.
    pub(super) fn new(room: u32, fold: bool) -> MatcherBuilder {
        MatcherBuilder {
            room,
            fold,
            cost: FILE_COST,
            ..MatcherBuilder::default()
        }
    }

    /// Adds a line, given without its end.
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

    /// Adds a line whose tokens are already appended.
    fn take(&mut self, pattern: Pattern, start: usize, hit: Hit) -> Result<(), Refusal> {
        let tokens = self.tokens.list.get(start..).unwrap_or_default();
        let (line, cost) = split(tokens, pattern, start, hit)?;
        self.spend(cost)?;
        self.lines.push(line);
        Ok(())
    }

    /// Adds a line that is matched by lookup.
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

/// Splits a line at its wildcards, and computes what it can cost.
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
        // A class is checked at all positions, one by one.
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
    use super::super::matcher::{Query, Work};
    use super::super::set::Set;
    use super::*;

    fn asks(builder: MatcherBuilder, name: &[u8]) -> Option<bool> {
        let query = Query {
            path: name,
            name,
            is_dir: false,
        };
        builder.build().0.decide(query, &mut Work::default())
    }

    #[test]
    fn lines_that_cost_too_much_are_refused_and_the_rest_applies() {
        let mut builder = MatcherBuilder::new(1_000, false);
        let line = b"*a*b*c*";
        let taken = (0..1_000).take_while(|_| builder.add(line).is_ok()).count();
        // Seven tokens of four words each, and the cost of every line.
        assert_eq!(
            taken,
            (1_000 - FILE_COST as usize) / (7 * 4 + LINE_COST as usize)
        );
        assert!(builder.add(b"!x").is_ok(), "cheaper ones may follow");
        assert_eq!(asks(builder, b"x"), Some(false));
        let mut builder = MatcherBuilder::new(1_000, false);
        for number in 0..1_000 {
            let _ = builder.add(format!("literal{number}").as_bytes());
        }
        assert!(builder.cost <= 1_000);
        assert_eq!(asks(builder, b"literal5"), Some(true));
    }

    #[test]
    fn too_many_classes_are_refused() {
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
