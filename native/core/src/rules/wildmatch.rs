//! Matching byte by byte, for the lines that a set of globs cannot hold: those that are not UTF-8
//! above all. All positions in the pattern that the text read so far may have reached are followed
//! at once, so the time is bounded by the product of both lengths, whatever the pattern.

use super::line::Token;

/// A set of bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Set([u64; 4]);

impl Set {
    pub(super) fn insert(&mut self, first: u8, last: u8) {
        for byte in first..=last {
            if let Some(word) = self.0.get_mut(usize::from(byte >> 6)) {
                *word |= 1 << (byte & 63);
            }
        }
    }

    /// A class by its POSIX name, as git knows it: of ASCII only, `space` without the vertical
    /// tab and the form feed.
    pub(super) fn insert_named(&mut self, name: &[u8]) -> Result<(), &'static str> {
        let ranges: &[(u8, u8)] = match name {
            b"alnum" => &[(b'0', b'9'), (b'A', b'Z'), (b'a', b'z')],
            b"alpha" => &[(b'A', b'Z'), (b'a', b'z')],
            b"blank" => &[(b' ', b' '), (b'\t', b'\t')],
            b"cntrl" => &[(0, 0x1f), (0x7f, 0x7f)],
            b"digit" => &[(b'0', b'9')],
            b"graph" => &[(0x21, 0x7e)],
            b"lower" => &[(b'a', b'z')],
            b"print" => &[(0x20, 0x7e)],
            b"punct" => &[(0x21, 0x2f), (0x3a, 0x40), (0x5b, 0x60), (0x7b, 0x7e)],
            b"space" => &[(b' ', b' '), (b'\t', b'\n'), (b'\r', b'\r')],
            b"upper" => &[(b'A', b'Z')],
            b"xdigit" => &[(b'0', b'9'), (b'A', b'F'), (b'a', b'f')],
            _ => return Err("a character class of unknown name"),
        };
        ranges
            .iter()
            .for_each(|&(first, last)| self.insert(first, last));
        Ok(())
    }

    /// The set, or all others; never what no name contains.
    pub(super) fn finish(self, negated: bool) -> Set {
        let mut words = if negated {
            self.0.map(|word| !word)
        } else {
            self.0
        };
        if let Some(low) = words.first_mut() {
            *low &= !(1 | 1 << b'/');
        }
        Set(words)
    }

    pub(super) fn contains(&self, byte: u8) -> bool {
        self.0
            .get(usize::from(byte >> 6))
            .is_some_and(|word| word >> (byte & 63) & 1 == 1)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0 == [0; 4]
    }
}

/// Positions reached; kept between calls for their capacity.
#[derive(Debug, Default)]
pub(super) struct States {
    now: Vec<bool>,
    next: Vec<bool>,
}

/// Whether the whole text matches.
pub(super) fn matches(tokens: &[Token], text: &[u8], states: &mut States) -> bool {
    let wrong = |(token, byte): (&Token, &u8)| matches!(token, Token::Byte(own) if own != byte);
    let literal = |token: &&Token| matches!(token, Token::Byte(_));
    // Most lines fail here, and cost little.
    if tokens.iter().take_while(literal).zip(text).any(wrong)
        || tokens
            .iter()
            .rev()
            .take_while(literal)
            .zip(text.iter().rev())
            .any(wrong)
    {
        return false;
    }
    // Two positions a token: before it, and within a `DeepSlash` that has taken a byte and so has
    // to go on to a slash.
    let size = tokens.len().saturating_add(1).saturating_mul(2);
    let States { now, next } = states;
    now.clear();
    now.resize(size, false);
    reach(tokens, 0, now);
    for &byte in text {
        next.clear();
        next.resize(size, false);
        let mut alive = false;
        for (at, (token, here)) in tokens.iter().zip(now.chunks_exact(2)).enumerate() {
            let (before, within) = (here.first() == Some(&true), here.last() == Some(&true));
            if !before && !within {
                continue;
            }
            let (stay, go_on) = match token {
                Token::Byte(expected) => (false, byte == *expected),
                Token::One => (false, byte != b'/'),
                Token::Class(set) => (false, set.contains(byte)),
                Token::Star => (byte != b'/', false),
                Token::Deep => (true, false),
                Token::DeepSlash => (true, byte == b'/'),
            };
            if stay {
                match token {
                    Token::DeepSlash => set(next, at.saturating_mul(2).saturating_add(1)),
                    _ => reach(tokens, at, next),
                }
            }
            if go_on {
                reach(tokens, at.saturating_add(1), next);
            }
            alive |= stay || go_on;
        }
        if !alive {
            return false;
        }
        std::mem::swap(now, next);
    }
    now.get(size.saturating_sub(2)) == Some(&true)
}

/// Marks a position, and those that follow it without a byte.
fn reach(tokens: &[Token], mut at: usize, states: &mut [bool]) {
    loop {
        set(states, at.saturating_mul(2));
        match tokens.get(at) {
            Some(Token::Star | Token::Deep | Token::DeepSlash) => at = at.saturating_add(1),
            _ => return,
        }
    }
}

fn set(states: &mut [bool], at: usize) {
    if let Some(state) = states.get_mut(at) {
        *state = true;
    }
}
