//! Lines, and blocks of 64 lines: in a few instructions, a text's first and last bytes select the
//! lines of a block that can match at all.

use super::line::Token;
use super::set::Set;

/// A line with wildcards, or one of the first few without.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line {
    pub hit: Hit,
    /// Index of its first token.
    pub start: u32,
    /// Number of tokens before the first wildcard; all of them, if there is none.
    pub head: u32,
    /// Number of tokens from the first wildcard to the last.
    pub middle: u32,
    /// Number of tokens after that.
    pub tail: u32,
    pub dir_only: bool,
    pub by_name: bool,
}

/// A line's position in the file, from 1, and whether it brings back what it matches.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Hit(u32);

impl Hit {
    pub(super) const NONE: Hit = Hit(0);

    pub(super) fn new(number: u32, negated: bool) -> Hit {
        Hit(number << 1 | u32::from(negated))
    }

    pub(super) fn leaves_out(self) -> Option<bool> {
        (self != Hit::NONE).then_some(self.0 & 1 == 0)
    }
}

/// Which of 64 lines can match: one bit each, by the first byte of the name or path and by the
/// last.
#[derive(Debug)]
pub(super) struct Block {
    names: Table,
    paths: Table,
    ends: Table,
}

#[derive(Debug)]
struct Table {
    /// Lines that accept any byte.
    any: u64,
    by_byte: [u64; 256],
}

impl Table {
    const EMPTY: Table = Table {
        any: 0,
        by_byte: [0; 256],
    };

    /// Marks a line for all bytes that a token matches, or for any byte if there is no token.
    fn mark(&mut self, bit: u64, token: Option<&Token>, sets: &[Set]) {
        match token {
            Some(Token::Byte(byte)) => {
                if let Some(lines) = self.by_byte.get_mut(usize::from(*byte)) {
                    *lines |= bit;
                }
            }
            Some(Token::Class(number)) => {
                let set = sets.get(usize::from(*number)).copied().unwrap_or_default();
                for (lines, byte) in self.by_byte.iter_mut().zip(0..=u8::MAX) {
                    if set.contains(byte) {
                        *lines |= bit;
                    }
                }
            }
            _ => self.any |= bit,
        }
    }

    fn of(&self, byte: Option<&u8>) -> u64 {
        let lines = byte.and_then(|byte| self.by_byte.get(usize::from(*byte)));
        self.any | lines.copied().unwrap_or(0)
    }
}

impl Block {
    pub(super) fn new(lines: &[Line], tokens: &[Token], sets: &[Set]) -> Block {
        let mut block = Block {
            names: Table::EMPTY,
            paths: Table::EMPTY,
            ends: Table::EMPTY,
        };
        for (at, line) in lines.iter().enumerate() {
            let [head, _, tail] = line.parts(tokens);
            let last = match line.middle {
                0 => head.last(),
                _ => tail.last(),
            };
            let starts = match line.by_name {
                true => &mut block.names,
                false => &mut block.paths,
            };
            starts.mark(1 << at, head.first(), sets);
            block.ends.mark(1 << at, last, sets);
        }
        block
    }

    #[inline]
    pub(super) fn candidates(&self, path: &[u8], name: &[u8]) -> u64 {
        (self.names.of(name.first()) | self.paths.of(path.first())) & self.ends.of(name.last())
    }
}

impl Line {
    /// The tokens before the first wildcard, from there to the last, and after it.
    pub(super) fn parts<'a>(&self, tokens: &'a [Token]) -> [&'a [Token]; 3] {
        let [start, head, middle, tail] =
            [self.start, self.head, self.middle, self.tail].map(|count| count as usize);
        let middle = start + head..start + head + middle;
        let tail = middle.end..middle.end + tail;
        [start..middle.start, middle, tail].map(|range| tokens.get(range).unwrap_or_default())
    }
}
