//! A glob for one name: `*` for any text, `?` for one character, `[a-z]` and `[!a-z]` for one of a set, `\` before
//! a character that stands for itself. What is not UTF-8 in a name counts byte by byte as characters of their own.

use super::letters::letters;

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Char(u32),
    One,
    Star,
    Set {
        negated: bool,
        ranges: Vec<(u32, u32)>,
    },
}

#[derive(Clone, Debug)]
pub(super) struct Glob {
    tokens: Vec<Token>,
    /// Plain bytes at its end.
    tail: Vec<u8>,
    /// What a name must have.
    pub(super) letters: u32,
}

impl Glob {
    /// Reads a glob, or says what is wrong with it.
    pub(super) fn new(text: &[u8]) -> Result<Glob, &'static str> {
        let mut tokens = Vec::new();
        let mut rest = text;
        while let Some((char, after)) = next_char(rest) {
            rest = after;
            let token = match u8::try_from(char) {
                Ok(b'*') if tokens.last() == Some(&Token::Star) => continue,
                Ok(b'*') => Token::Star,
                Ok(b'?') => Token::One,
                Ok(b'[') => read_set(&mut rest)?,
                Ok(b'\\') => {
                    let (char, after) = next_char(rest).ok_or("it ends with a backslash")?;
                    rest = after;
                    Token::Char(char)
                }
                _ => Token::Char(char),
            };
            tokens.push(token);
        }
        Ok(Glob::of(tokens))
    }

    fn of(tokens: Vec<Token>) -> Glob {
        // Beyond ASCII the bytes differ, but all have the same bit.
        let bits = tokens.iter().map(|token| match token {
            Token::Char(char) => letters(&[u8::try_from(*char).unwrap_or(u8::MAX)]),
            _ => 0,
        });
        let mut tail: Vec<u8> = tokens.iter().rev().map_while(Token::ascii).collect();
        tail.reverse();
        Glob {
            tail,
            letters: bits.fold(0, |all, bit| all | bit),
            tokens,
        }
    }

    /// Whether the whole name matches. On a mismatch only the last star is tried again, a character further on:
    /// time is bounded by the product of both lengths.
    pub(super) fn matches(&self, name: &[u8]) -> bool {
        // Most end differently, and the last byte tells.
        if let Some(last) = self.tail.last()
            && (name.last() != Some(last) || !name.ends_with(&self.tail))
        {
            return false;
        }
        let mut tokens = self.tokens.as_slice();
        let mut rest = name;
        let mut retry: Option<(&[Token], &[u8])> = None;
        loop {
            if let Some((Token::Star, after)) = tokens.split_first() {
                if after.is_empty() {
                    return true;
                }
                retry = Some((after, rest));
                tokens = after;
                continue;
            }
            let step = match (tokens.split_first(), next_char(rest)) {
                (None, None) => return true,
                (Some((token, next)), Some((char, after))) if token.takes(char) => {
                    Some((next, after))
                }
                _ => None,
            };
            if let Some((next, after)) = step {
                (tokens, rest) = (next, after);
                continue;
            }
            match retry {
                Some((after_star, from)) => match next_char(from) {
                    Some((_, from)) => {
                        retry = Some((after_star, from));
                        (tokens, rest) = (after_star, from);
                    }
                    None => return false,
                },
                None => return false,
            }
        }
    }
}

impl Token {
    fn ascii(&self) -> Option<u8> {
        match self {
            Token::Char(char) => u8::try_from(*char).ok().filter(u8::is_ascii),
            _ => None,
        }
    }

    fn takes(&self, char: u32) -> bool {
        match self {
            Token::Char(own) => *own == char,
            Token::One => true,
            Token::Star => false,
            Token::Set { negated, ranges } => {
                let within = ranges.iter().any(|&(a, b)| a <= char && char <= b);
                within != *negated
            }
        }
    }
}

/// Reads the rest of a set, after its bracket.
fn read_set(rest: &mut &[u8]) -> Result<Token, &'static str> {
    let open = "a bracket is not closed";
    let negated = matches!(rest.first(), Some(b'!' | b'^'));
    if negated {
        *rest = rest.get(1..).unwrap_or_default();
    }
    let mut ranges = Vec::new();
    loop {
        let (char, after) = next_char(rest).ok_or(open)?;
        *rest = after;
        // A bracket that comes first is a member.
        if char == u32::from(b']') && !ranges.is_empty() {
            return Ok(Token::Set { negated, ranges });
        }
        let first = member(char, rest).ok_or(open)?;
        let mut last = first;
        if let [b'-', after @ ..] = *rest
            && !matches!(after, [b']', ..] | [])
        {
            let (char, after) = next_char(after).ok_or(open)?;
            *rest = after;
            last = member(char, rest).ok_or(open)?;
            if last < first {
                return Err("a range in brackets runs backwards");
            }
        }
        ranges.push((first, last));
    }
}

fn member(char: u32, rest: &mut &[u8]) -> Option<u32> {
    if char != u32::from(b'\\') {
        return Some(char);
    }
    let (char, after) = next_char(rest)?;
    *rest = after;
    Some(char)
}

/// The first character and what follows; a byte that is none gets a number beyond all characters.
fn next_char(text: &[u8]) -> Option<(u32, &[u8])> {
    let (&first, after) = text.split_first()?;
    if first.is_ascii() {
        return Some((u32::from(first), after));
    }
    let length = match first {
        0xc2..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf4 => 4,
        _ => 1,
    };
    if let Some((char, after)) = text.split_at_checked(length)
        && let Ok(char) = std::str::from_utf8(char)
        && let Some(char) = char.chars().next()
    {
        return Some((char.into(), after));
    }
    Some((0x0011_0000 + u32::from(first), after))
}
