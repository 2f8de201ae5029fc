//! One line of an ignore file, parsed as git parses it (by `dir.c` and `wildmatch.c`, as the manual leaves corner
//! cases open). Bytes in, tokens out; nothing is matched here.

use std::collections::HashMap;

use super::set::Set;

/// What a line says besides its tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Pattern {
    /// `!`: brings back what an earlier line left out.
    pub negated: bool,
    /// A trailing slash: directories only.
    pub dir_only: bool,
    /// No slash within: matched against the name alone, at any depth.
    pub by_name: bool,
}

/// A piece of a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token {
    Byte(u8),
    /// Any byte but a slash.
    One,
    /// One byte of a set, by the set's number. The set never contains the slash.
    Class(u16),
    /// Any bytes but slashes.
    Star,
    /// Any bytes.
    Deep,
    /// Nothing, or any bytes and a slash.
    DeepSlash,
}

impl Token {
    /// Whether it matches exactly one byte.
    pub(super) fn is_single(self) -> bool {
        matches!(self, Token::Byte(_) | Token::One | Token::Class(_))
    }
}

/// The tokens of all patterns in sequence, and the sets that they refer to.
#[derive(Debug, Default)]
pub(super) struct Tokens {
    pub list: Vec<Token>,
    pub sets: Vec<Set>,
    known: HashMap<Set, u16>,
}

impl Tokens {
    pub(super) fn class(&mut self, set: Set) -> Result<Token, &'static str> {
        if let Some(number) = self.known.get(&set) {
            return Ok(Token::Class(*number));
        }
        let number = u16::try_from(self.sets.len()).map_err(|_| "too many different classes")?;
        self.sets.push(set);
        self.known.insert(set, number);
        Ok(Token::Class(number))
    }
}

/// The non-empty lines of a file, with their numbers from 1.
pub(super) fn lines(content: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let content = content.strip_prefix(b"\xef\xbb\xbf").unwrap_or(content);
    content
        .split(|&byte| byte == b'\n')
        .zip(1..)
        .map(|(line, number)| {
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            // git handles lines as C strings.
            let end = line
                .iter()
                .position(|&byte| byte == 0)
                .unwrap_or(line.len());
            (number, line.get(..end).unwrap_or(line))
        })
        .filter(|(_, line)| !line.is_empty())
}

/// What a line matches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Text<'a> {
    /// Exactly this text.
    Plain(&'a [u8]),
    /// What its tokens match, which were appended.
    Tokens,
}

/// Parses a line, given without its end, and appends its tokens unless it is plain text. `None` for a comment or a
/// pattern that can never match; an error for a broken pattern. With `fold`, the text to match has no ASCII capitals.
pub(super) fn parse<'a>(
    line: &'a [u8],
    fold: bool,
    tokens: &mut Tokens,
) -> Result<Option<(Pattern, Text<'a>)>, &'static str> {
    let before = tokens.list.len();
    let parsed = parse_line(line, fold, tokens);
    if !matches!(parsed, Ok(Some(_))) {
        tokens.list.truncate(before);
    }
    parsed
}

fn parse_line<'a>(
    line: &'a [u8],
    fold: bool,
    tokens: &mut Tokens,
) -> Result<Option<(Pattern, Text<'a>)>, &'static str> {
    if line.first() == Some(&b'#') {
        return Ok(None);
    }
    let line = trim(line);
    let (negated, rest) = match line.strip_prefix(b"!") {
        Some(rest) => (true, rest),
        None => (false, line),
    };
    let (dir_only, rest) = match rest.strip_suffix(b"/") {
        Some(rest) => (true, rest),
        None => (false, rest),
    };
    let by_name = !rest.contains(&b'/');
    let rest = rest.strip_prefix(b"/").unwrap_or(rest);
    let pattern = Pattern {
        negated,
        dir_only,
        by_name,
    };
    // The part before the first special byte.
    let plain = rest.iter().take_while(|byte| !is_special(**byte)).count();
    if plain == rest.len() {
        // No path ends with a slash.
        let can_match = !rest.is_empty() && !rest.ends_with(b"/");
        return Ok(can_match.then_some((pattern, Text::Plain(rest))));
    }
    if !tokenize(rest, plain, by_name, fold, tokens)? {
        return Ok(None);
    }
    if let Some(Token::Byte(b'/') | Token::DeepSlash) = tokens.list.last() {
        return Ok(None);
    }
    Ok(Some((pattern, Text::Tokens)))
}

fn is_special(byte: u8) -> bool {
    matches!(byte, b'*' | b'?' | b'[' | b'\\')
}

/// Drops trailing spaces that no backslash protects.
fn trim(line: &[u8]) -> &[u8] {
    if line.last() != Some(&b' ') {
        return line;
    }
    let mut end = 0;
    let mut bytes = line.iter().enumerate();
    while let Some((at, &byte)) = bytes.next() {
        match byte {
            b' ' => {}
            b'\\' => {
                bytes.next();
                end = at.saturating_add(2);
            }
            _ => end = at.saturating_add(1),
        }
    }
    line.get(..end).unwrap_or(line)
}

/// Appends the tokens of a pattern that begins with `plain` plain bytes; false if no name can match.
fn tokenize(
    pattern: &[u8],
    plain: usize,
    by_name: bool,
    fold: bool,
    tokens: &mut Tokens,
) -> Result<bool, &'static str> {
    let folded = |byte: u8| match fold {
        true => byte.to_ascii_lowercase(),
        false => byte,
    };
    let first = tokens.list.len();
    let mut bytes = Bytes {
        bytes: pattern,
        at: 0,
    };
    while let Some(byte) = bytes.next() {
        let token = match byte {
            b'*' => {
                let start = bytes.at.saturating_sub(1);
                let own = tokens.list.get(first..).unwrap_or_default();
                let slash = matches!(own.last(), Some(Token::Byte(b'/') | Token::DeepSlash));
                // git compares the plain bytes separately and gives the rest to its matcher, for which `**` is then at
                // the beginning, slash or not.
                let at_boundary = start == plain || slash;
                while bytes.peek() == Some(b'*') {
                    bytes.next();
                }
                let many = bytes.at.saturating_sub(start) > 1;
                match (many && at_boundary && !by_name, bytes.peek()) {
                    (true, None) => Token::Deep,
                    (true, Some(b'\\')) if bytes.peek_second() == Some(b'/') => Token::Deep,
                    (true, Some(b'/')) => {
                        bytes.next();
                        Token::DeepSlash
                    }
                    _ => Token::Star,
                }
            }
            b'?' => Token::One,
            b'[' => match class(&mut bytes, fold)? {
                set if set.is_empty() => return Ok(false),
                set => tokens.class(set)?,
            },
            b'\\' => {
                let escaped = bytes.next().ok_or("a backslash at the end")?;
                // As in git: an escaped byte is not folded, but the text is.
                if folded(escaped) != escaped {
                    return Ok(false);
                }
                Token::Byte(escaped)
            }
            byte => Token::Byte(folded(byte)),
        };
        tokens.list.push(token);
    }
    Ok(true)
}

const UNCLOSED: &str = "a [ is not closed";

/// Parses what is between brackets; the opening one was read.
fn class(bytes: &mut Bytes<'_>, fold: bool) -> Result<Set, &'static str> {
    let mut set = Set::default();
    let mut byte = bytes.next().ok_or(UNCLOSED)?;
    let negated = byte == b'!' || byte == b'^';
    if negated {
        byte = bytes.next().ok_or(UNCLOSED)?;
    }
    // The start of a possible range. The first byte is a member even if it is the closing bracket.
    let mut previous = None;
    loop {
        previous = match byte {
            b'\\' => {
                let escaped = bytes.next().ok_or(UNCLOSED)?;
                set.insert(escaped);
                Some(escaped)
            }
            b'-' if previous.is_some() && !matches!(bytes.peek(), None | Some(b']')) => {
                let mut last = bytes.next().ok_or(UNCLOSED)?;
                if last == b'\\' {
                    last = bytes.next().ok_or(UNCLOSED)?;
                }
                set.insert_range(previous.unwrap_or(last), last, fold);
                None
            }
            b'[' if bytes.peek() == Some(b':') => match bytes.class_name()? {
                Some(name) => {
                    set.insert_named(name, fold)?;
                    None
                }
                None => {
                    set.insert(b'[');
                    Some(b'[')
                }
            },
            byte => {
                set.insert(byte);
                Some(byte)
            }
        };
        byte = bytes.next().ok_or(UNCLOSED)?;
        if byte == b']' {
            return Ok(set.finish(negated));
        }
    }
}

struct Bytes<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Bytes<'a> {
    fn next(&mut self) -> Option<u8> {
        let byte = self.peek()?;
        self.at = self.at.saturating_add(1);
        Some(byte)
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn peek_second(&self) -> Option<u8> {
        self.bytes.get(self.at.saturating_add(1)).copied()
    }

    /// Reads `:name:]`; reads nothing and returns `None` if the next closing bracket does not follow a colon.
    fn class_name(&mut self) -> Result<Option<&'a [u8]>, &'static str> {
        let rest = self
            .bytes
            .get(self.at.saturating_add(1)..)
            .unwrap_or_default();
        let end = rest.iter().position(|&byte| byte == b']').ok_or(UNCLOSED)?;
        let Some(name) = rest.get(..end).and_then(|name| name.strip_suffix(b":")) else {
            return Ok(None);
        };
        self.at = self.at.saturating_add(end).saturating_add(2);
        Ok(Some(name))
    }
}
