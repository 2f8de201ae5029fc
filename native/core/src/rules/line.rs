//! One line of an ignore file, read as git reads it (`dir.c` and `wildmatch.c` say how; the manual
//! leaves corners open). Bytes in, a pattern out; nothing is matched here.

use super::wildmatch::Set;

/// What a line says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pattern {
    /// `!`: brings back what an earlier line left out.
    pub negated: bool,
    /// A slash at the end: directories only.
    pub dir_only: bool,
    /// No slash within: matched against the name alone, at any depth.
    pub by_name: bool,
    pub tokens: Vec<Token>,
}

/// A piece of a pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    Byte(u8),
    /// Any byte but a slash.
    One,
    /// One byte out of a set, which never has the slash.
    Class(Box<Set>),
    /// Any bytes but slashes.
    Star,
    /// Any bytes.
    Deep,
    /// Nothing, or any bytes and a slash.
    DeepSlash,
}

/// The lines of a file that hold something, with their numbers from 1.
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

/// Reads a line without its end: `None` for a comment or one that can match nothing by its
/// nature, an error for a pattern that is broken.
pub(super) fn parse(line: &[u8]) -> Result<Option<Pattern>, &'static str> {
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
    if rest.is_empty() {
        return Ok(None);
    }
    let Some(tokens) = tokens(rest, by_name)? else {
        return Ok(None);
    };
    // No path ends with a slash.
    if let Some(Token::Byte(b'/') | Token::DeepSlash) = tokens.last() {
        return Ok(None);
    }
    Ok(Some(Pattern {
        negated,
        dir_only,
        by_name,
        tokens,
    }))
}

/// Drops spaces at the end that no backslash protects.
fn trim(line: &[u8]) -> &[u8] {
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

/// `None` if no name can match.
fn tokens(pattern: &[u8], by_name: bool) -> Result<Option<Vec<Token>>, &'static str> {
    // git compares what precedes the first special byte on its own, and gives the rest to its
    // matcher, for which `**` then stands at the beginning, slash or not.
    let literal = pattern
        .iter()
        .take_while(|byte| !b"*?[\\".contains(byte))
        .count();
    let mut tokens = Vec::with_capacity(pattern.len());
    let mut bytes = Bytes {
        bytes: pattern,
        at: 0,
    };
    while let Some(byte) = bytes.next() {
        match byte {
            b'*' => {
                let start = bytes.at.saturating_sub(1);
                let at_boundary = start == literal || tokens.last() == Some(&Token::Byte(b'/'));
                while bytes.peek() == Some(b'*') {
                    bytes.next();
                }
                let many = bytes.at.saturating_sub(start) > 1;
                tokens.push(match (many && at_boundary && !by_name, bytes.peek()) {
                    (true, None) => Token::Deep,
                    (true, Some(b'\\')) if bytes.peek_second() == Some(b'/') => Token::Deep,
                    (true, Some(b'/')) => {
                        bytes.next();
                        Token::DeepSlash
                    }
                    _ => Token::Star,
                });
            }
            b'?' => tokens.push(Token::One),
            b'[' => match class(&mut bytes)? {
                set if set.is_empty() => return Ok(None),
                set => tokens.push(Token::Class(Box::new(set))),
            },
            b'\\' => {
                let escaped = bytes.next().ok_or("a backslash at its end")?;
                tokens.push(Token::Byte(escaped));
            }
            byte => tokens.push(Token::Byte(byte)),
        }
    }
    Ok(Some(tokens))
}

const UNCLOSED: &str = "a [ that is not closed";

/// What stands between brackets; the opening one is read already.
fn class(bytes: &mut Bytes<'_>) -> Result<Set, &'static str> {
    let mut set = Set::default();
    let mut byte = bytes.next().ok_or(UNCLOSED)?;
    let negated = byte == b'!' || byte == b'^';
    if negated {
        byte = bytes.next().ok_or(UNCLOSED)?;
    }
    // What a range may begin with. The first byte is a member even if it is the closing bracket.
    let mut previous = None;
    loop {
        previous = match byte {
            b'\\' => {
                let escaped = bytes.next().ok_or(UNCLOSED)?;
                set.insert(escaped, escaped);
                Some(escaped)
            }
            b'-' if previous.is_some() && !matches!(bytes.peek(), None | Some(b']')) => {
                let mut last = bytes.next().ok_or(UNCLOSED)?;
                if last == b'\\' {
                    last = bytes.next().ok_or(UNCLOSED)?;
                }
                set.insert(previous.unwrap_or(last), last);
                None
            }
            b'[' if bytes.peek() == Some(b':') => match bytes.class_name()? {
                Some(name) => {
                    set.insert_named(name)?;
                    None
                }
                None => {
                    set.insert(b'[', b'[');
                    Some(b'[')
                }
            },
            byte => {
                set.insert(byte, byte);
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

    /// Reads `:name:]`; reads nothing and answers `None` if the next closing bracket does not
    /// follow a colon.
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
