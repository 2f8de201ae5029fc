//! A glob for one name: `*` for any text, `?` for one character, `[a-z]` and `[!a-z]` for one of a set, `{a,b}` for one of
//! several texts, `\` before a character that stands for itself. Case does not count, nor do marks that the glob lacks.
//! What is not UTF-8 in a name counts byte by byte as characters of their own.

use unicode_normalization::char::compose;

use super::fold::{self, Letter};
use super::letters::letters;

/// How many texts the braces of a glob may stand for.
const MOST: usize = 256;

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    /// A letter and its marks.
    Letter(Vec<u8>, Vec<u8>),
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
    /// What names end with, where marks do not count.
    tail: Vec<u8>,
    /// There is nothing but a star before that.
    is_ending: bool,
    /// What a name must have.
    pub(super) letters: u32,
    /// It has marks: names are to be given in their marked form.
    pub(super) is_marked: bool,
    /// Case counts: names are to be given as they are spelled.
    is_exact: bool,
}

impl Glob {
    /// Reads a glob without braces, or says what is wrong with it.
    pub(super) fn new(text: &[u8]) -> Result<Glob, &'static str> {
        Glob::read(text, false)
    }

    /// One to which case counts.
    pub(super) fn exact(text: &[u8]) -> Result<Glob, &'static str> {
        Glob::read(text, true)
    }

    fn read(text: &[u8], is_exact: bool) -> Result<Glob, &'static str> {
        let spelled = fold::spelled(text);
        let mut tokens = Vec::new();
        let mut rest = spelled.as_slice();
        while let Some((unit, after)) = fold::unit(rest) {
            rest = after;
            match unit {
                b"*" if tokens.last() == Some(&Token::Star) => {}
                b"*" => tokens.push(Token::Star),
                b"?" => tokens.push(Token::One),
                b"[" => tokens.push(read_set(&mut rest)?),
                b"\\" => {
                    let (unit, after) = fold::unit(rest).ok_or("it ends with a backslash")?;
                    rest = after;
                    push(&mut tokens, unit, is_exact);
                }
                _ => push(&mut tokens, unit, is_exact),
            }
        }
        Ok(Glob::of(tokens, is_exact))
    }

    fn of(tokens: Vec<Token>, is_exact: bool) -> Glob {
        let bits = tokens.iter().map(|token| match token {
            Token::Letter(base, _) => letters(base),
            _ => 0,
        });
        let is_marked = tokens.iter().any(Token::is_marked);
        let plain =
            |token| Token::plain(token).filter(|l| !is_marked && (!is_exact || l.is_ascii()));
        let mut tail: Vec<&[u8]> = tokens.iter().rev().map_while(plain).collect();
        tail.reverse();
        let is_ending = tail.len() + 1 == tokens.len() && tokens.first() == Some(&Token::Star);
        Glob {
            letters: bits.fold(0, |all, bit| all | bit),
            tail: tail.concat(),
            is_ending,
            tokens,
            is_marked: is_marked || is_exact,
            is_exact,
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
        if self.is_ending {
            return true;
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
            let step = match (tokens.split_first(), self.next(rest)) {
                (None, None) => return true,
                (Some((token, next)), Some((letter, after))) if self.takes(token, letter) => {
                    Some((next, after))
                }
                _ => None,
            };
            if let Some((next, after)) = step {
                (tokens, rest) = (next, after);
                continue;
            }
            match retry {
                Some((after_star, from)) => match self.next(from) {
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

    fn next<'a>(&self, name: &'a [u8]) -> Option<(Letter<'a>, &'a [u8])> {
        if self.is_marked {
            return fold::letter(name);
        }
        let (base, rest) = fold::unit(name)?;
        Some((Letter { base, marks: &[] }, rest))
    }

    fn takes(&self, token: &Token, letter: Letter<'_>) -> bool {
        match token {
            Token::Letter(base, marks) => Letter { base, marks }.takes(letter),
            Token::One => true,
            Token::Star => false,
            Token::Set { negated, ranges } => {
                let number = fold::number(letter.base);
                let within = self.is_within(ranges, number)
                    || !letter.marks.is_empty() && self.is_within(ranges, composed(letter));
                within != *negated
            }
        }
    }

    fn is_within(&self, ranges: &[(u32, u32)], number: u32) -> bool {
        let has = |number: u32| ranges.iter().any(|&(a, b)| a <= number && number <= b);
        let capital = |number: u32| {
            let mut capital = char::from_u32(number)?.to_uppercase();
            capital.next().filter(|_| capital.len() == 0).map(u32::from)
        };
        has(number) || !self.is_exact && capital(number).is_some_and(has)
    }
}

impl Token {
    /// A letter without marks.
    fn plain(&self) -> Option<&[u8]> {
        match self {
            Token::Letter(base, marks) if marks.is_empty() => Some(base),
            _ => None,
        }
    }

    fn is_marked(&self) -> bool {
        match self {
            Token::Letter(_, marks) => !marks.is_empty(),
            Token::Set { ranges, .. } => ranges.iter().any(|&(first, last)| {
                let is_marked = |number| {
                    let text = char::from_u32(number).map(String::from).unwrap_or_default();
                    fold::is_marked(&fold::marked(text.as_bytes()))
                };
                is_marked(first) || is_marked(last)
            }),
            _ => false,
        }
    }
}

/// The number of a letter and its marks in one.
fn composed(letter: Letter<'_>) -> u32 {
    let mut number = fold::number(letter.base);
    let mut rest = letter.marks;
    while let Some((mark, after)) = fold::unit(rest) {
        rest = after;
        let mark = char::from_u32(fold::number(mark));
        let both = char::from_u32(number)
            .zip(mark)
            .and_then(|(a, b)| compose(a, b));
        number = both.map_or(number, u32::from);
    }
    number
}

/// A character of the glob, which may be several letters, or marks of the letter before.
fn push(tokens: &mut Vec<Token>, unit: &[u8], is_exact: bool) {
    let stray = unit.len() == 2 && fold::number(unit) > u32::from(char::MAX);
    let folded = match stray || is_exact {
        true => unit.to_vec(),
        false => fold::marked(unit),
    };
    for letter in fold::letters(&folded) {
        match tokens.last_mut() {
            Some(Token::Letter(_, marks)) if letter.base.is_empty() => {
                marks.extend_from_slice(letter.marks);
            }
            _ => tokens.push(Token::Letter(letter.base.to_vec(), letter.marks.to_vec())),
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
        let (unit, after) = fold::unit(rest).ok_or(open)?;
        *rest = after;
        // A bracket that comes first is a member.
        if unit == b"]" && !ranges.is_empty() {
            return Ok(Token::Set { negated, ranges });
        }
        let first = member(unit, rest).ok_or(open)?;
        let mut last = first;
        if let [b'-', after @ ..] = *rest
            && !matches!(after, [b']', ..] | [])
        {
            let (unit, after) = fold::unit(after).ok_or(open)?;
            *rest = after;
            last = member(unit, rest).ok_or(open)?;
            if last < first {
                return Err("a range in brackets runs backwards");
            }
        }
        ranges.push((first, last));
    }
}

fn member(unit: &[u8], rest: &mut &[u8]) -> Option<u32> {
    if unit != b"\\" {
        return Some(fold::number(unit));
    }
    let (unit, after) = fold::unit(rest)?;
    *rest = after;
    Some(fold::number(unit))
}

/// Whether a text has what makes it a glob.
pub(super) fn is_glob(text: &[u8]) -> bool {
    text.iter()
        .any(|byte| matches!(byte, b'*' | b'?' | b'[' | b'{'))
}

/// The texts that a glob with braces stands for.
pub(super) fn expand(text: &[u8]) -> Result<Vec<Vec<u8>>, &'static str> {
    let mut done = Vec::new();
    let mut open = vec![text.to_vec()];
    while let Some(text) = open.pop() {
        match alternatives(&text)? {
            None => done.push(text),
            // The last one is taken first.
            Some(texts) => open.extend(texts.into_iter().rev()),
        }
        if done.len() + open.len() > MOST {
            return Err("its braces stand for more than 256 texts");
        }
    }
    Ok(done)
}

/// What the first braces of a text stand for, each with what is before and after them.
fn alternatives(text: &[u8]) -> Result<Option<Vec<Vec<u8>>>, &'static str> {
    let (mut start, mut depth, mut is_in_set) = (None, 0_usize, false);
    let mut cuts = Vec::new();
    let mut bytes = text.iter().enumerate();
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'\\' => {
                bytes.next();
            }
            b']' if is_in_set => is_in_set = false,
            _ if is_in_set => {}
            b'[' => {
                is_in_set = is_set(text.get(at + 1..).unwrap_or_default());
                if is_in_set && matches!(text.get(at + 1), Some(b'!' | b'^')) {
                    bytes.next();
                }
                if is_in_set {
                    bytes.next();
                }
            }
            b'{' => {
                depth += 1;
                if depth == 1 {
                    start = Some(at);
                    cuts.push(at);
                }
            }
            b',' if depth == 1 => cuts.push(at),
            b'}' if depth == 1 => {
                cuts.push(at);
                let before = text.get(..start.unwrap_or(0)).unwrap_or_default();
                let after = text.get(at + 1..).unwrap_or_default();
                let between = cuts.windows(2).filter_map(|cut| match cut {
                    [from, to] => text.get(from + 1..*to),
                    _ => None,
                });
                let texts = between.map(|part| [before, part, after].concat());
                return Ok(Some(texts.collect()));
            }
            b'}' if depth > 0 => depth -= 1,
            _ => {}
        }
    }
    match depth {
        0 => Ok(None),
        _ => Err("a brace is not closed"),
    }
}

/// Whether a bracket's text ends: one that does not is told by `read_set`.
fn is_set(text: &[u8]) -> bool {
    let text = text
        .strip_prefix(b"!")
        .or(text.strip_prefix(b"^"))
        .unwrap_or(text);
    text.get(1..).is_some_and(|rest| rest.contains(&b']'))
}
