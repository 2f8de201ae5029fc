//! A pattern put into the words of the `ignore` crate, so that it means to that crate what it
//! means to git. The crate has more specials than git (`{a,b}`), fewer (`[[:alpha:]]`), and trims
//! more at a line's end; where a pattern has no such words, there is no answer.

use super::line::{Pattern, Token};
use super::wildmatch::Set;

/// The pattern as a line for `GitignoreBuilder::add_line`.
pub(super) fn line(pattern: &Pattern) -> Option<String> {
    let mut line = Vec::with_capacity(pattern.tokens.len().saturating_add(8));
    if pattern.negated {
        line.push(b'!');
    }
    // With a slash in front the crate adds nothing of its own, and takes no byte for a mark.
    line.push(b'/');
    if pattern.by_name {
        line.extend_from_slice(b"**/");
    }
    let mut boundary = true;
    let last = pattern.tokens.len().saturating_sub(1);
    for (at, token) in pattern.tokens.iter().enumerate() {
        match token {
            Token::Byte(byte) => literal(*byte, &mut line),
            Token::One => line.push(b'?'),
            Token::Class(set) => class(set, &mut line)?,
            Token::Star => line.push(b'*'),
            Token::Deep if boundary && at == last => line.extend_from_slice(b"**/*"),
            Token::DeepSlash if boundary => line.extend_from_slice(b"**/"),
            Token::Deep | Token::DeepSlash => return None,
        }
        boundary = matches!(token, Token::Byte(b'/') | Token::DeepSlash);
    }
    let line = String::from_utf8(line).ok()?;
    // The crate would trim this end, or take a backslash before the slash for an escape.
    if line.ends_with(|end: char| end.is_whitespace() || end == '\\') {
        return None;
    }
    Some(if pattern.dir_only { line + "/" } else { line })
}

fn literal(byte: u8, line: &mut Vec<u8>) {
    if b"*?[]{},\\".contains(&byte) {
        line.push(b'\\');
    }
    line.push(byte);
}

/// Brackets, in which the crate knows no escapes: what is special there goes where it is not. It
/// has no way to name a single byte beyond ASCII; all of them, or none, it can.
fn class(set: &Set, line: &mut Vec<u8>) -> Option<()> {
    let high = (0x80..=u8::MAX).filter(|&byte| set.contains(byte)).count();
    let negated = match high {
        0 => false,
        128 => true,
        _ => return None,
    };
    // The zero byte is in no name; the slash has to be kept out by name.
    let member = |byte: u8| byte != 0 && set.contains(byte) != negated;
    line.push(b'[');
    if negated {
        line.push(b'^');
    }
    let start = line.len();
    line.extend(member(b']').then_some(b']'));
    let plain = |byte: u8| member(byte) && !b"]-!^".contains(&byte);
    let mut byte = 1;
    while byte < 0x80 {
        let length = (byte..0x80).take_while(|&byte| plain(byte)).count();
        let end = u8::try_from(usize::from(byte).saturating_add(length)).ok()?;
        match length {
            0 => {}
            1 | 2 => line.extend(byte..end),
            _ => line.extend([byte, b'-', end.saturating_sub(1)]),
        }
        byte = end.saturating_add(1);
    }
    line.extend([b'!', b'^', b'-'].into_iter().filter(|&byte| member(byte)));
    match line.get(start) {
        None => None,
        Some(b'!' | b'^') if !negated => None,
        Some(_) => {
            line.push(b']');
            Some(())
        }
    }
}
