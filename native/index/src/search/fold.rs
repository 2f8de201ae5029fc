//! Names as a search compares them: with full case folding (`ß` is `ss`), in one normal form,
//! without combining marks, and with the replacements of `plain`. Bytes that are not UTF-8 are
//! kept: each becomes two bytes that occur in no UTF-8 text, so that a text is only ever found
//! where a character begins.
//!
//! A query with marks is also compared with the marked form, in which each letter is followed by
//! its marks.

use caseless::Caseless;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::{compose, is_combining_mark};

use super::plain;

/// A text as it is compared.
pub(super) fn key(text: &[u8]) -> Vec<u8> {
    match text.is_ascii() {
        true => text.to_ascii_lowercase(),
        false => fold(text, false),
    }
}

/// The same with its marks.
pub(super) fn marked(text: &[u8]) -> Vec<u8> {
    match text.is_ascii() {
        true => text.to_ascii_lowercase(),
        false => fold(text, true),
    }
}

/// A text in one normal form, with its case and its marks.
pub(super) fn spelled(text: &[u8]) -> Vec<u8> {
    let mut spelled = Vec::with_capacity(text.len());
    for chunk in text.utf8_chunks() {
        chunk.valid().nfc().for_each(|c| push(&mut spelled, c));
        chunk.invalid().iter().for_each(|&b| stray(&mut spelled, b));
    }
    spelled
}

/// The parts of a text that are folded independently: a character with its marks, a Korean
/// syllable, a stray byte.
pub(super) fn parts(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.utf8_chunks().flat_map(|chunk| {
        let mut rest = chunk.valid();
        let parts = std::iter::from_fn(move || {
            let mut chars = rest.char_indices();
            chars.next()?;
            let end = chars
                .find(|(_, c)| !goes_on(*c))
                .map_or(rest.len(), |(at, _)| at);
            let (part, after) = rest.split_at(end);
            rest = after;
            Some(part.as_bytes())
        });
        parts.chain(chunk.invalid().chunks(1))
    })
}

/// Whether a character belongs to the one before it: a mark, or the vowel or final consonant of a
/// Korean syllable.
fn goes_on(c: char) -> bool {
    is_mark(c) || ('\u{1160}'..='\u{11ff}').contains(&c)
}

/// Whether a character is a combining mark. Those in Latin, Greek and most Cyrillic names are
/// decided without a table.
fn is_mark(c: char) -> bool {
    match c {
        ..'\u{300}' => false,
        '\u{300}'..'\u{370}' => true,
        '\u{370}'..'\u{483}' => false,
        _ => is_combining_mark(c),
    }
}

fn fold(text: &[u8], marks: bool) -> Vec<u8> {
    let mut folded = Vec::with_capacity(text.len() + text.len() / 2);
    for chunk in text.utf8_chunks() {
        let mut last = None;
        // Canonical caseless matching: The Unicode Standard, D145.
        let small = chunk.valid().nfd().default_case_fold();
        for c in small.flat_map(plain::apart).nfd() {
            if is_mark(c) {
                folded_push(&mut folded, last.take());
                folded_push(&mut folded, marks.then_some(c));
                continue;
            }
            // Without marks, only the parts of a Korean syllable can be composed.
            last = match last.and_then(|last| compose(last, c)) {
                Some(both) => Some(both),
                None => {
                    folded_push(&mut folded, last);
                    Some(c)
                }
            };
        }
        folded_push(&mut folded, last);
        chunk.invalid().iter().for_each(|&b| stray(&mut folded, b));
    }
    folded
}

fn folded_push(to: &mut Vec<u8>, c: Option<char>) {
    if let Some(c) = c {
        push(to, c);
    }
}

fn push(to: &mut Vec<u8>, c: char) {
    to.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
}

/// A byte that is not part of a character.
fn stray(to: &mut Vec<u8>, byte: u8) {
    to.extend([0xc0 | (byte >> 6 & 1), 0x80 | (byte & 0x3f)]);
}

/// Stray bytes are numbered from here, beyond all characters.
const STRAY: u32 = 0x11_0000;

/// The first character of a folded text, and the rest.
pub(super) fn unit(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let length = match text.first()? {
        0..=0x7f => 1,
        0x80..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0.. => 4,
    };
    Some(text.split_at(length.min(text.len())))
}

/// The last character of a folded text, and what precedes it.
pub(super) fn last_unit(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let is_first = |byte: &u8| !(0x80..0xc0).contains(byte);
    text.split_at_checked(text.iter().rposition(is_first)?)
}

/// The code point of a character of a folded text.
pub(super) fn number(unit: &[u8]) -> u32 {
    match unit {
        [byte] => u32::from(*byte),
        [lead @ (0xc0 | 0xc1), low] => {
            STRAY + (0x80 | u32::from(lead & 1) << 6 | u32::from(low & 0x3f))
        }
        _ => std::str::from_utf8(unit)
            .ok()
            .and_then(|text| text.chars().next())
            .map_or(STRAY, u32::from),
    }
}

/// The ASCII code point of a full-width form, or the same code point.
pub(super) fn narrow(number: u32) -> u32 {
    char::from_u32(number).map_or(number, |c| u32::from(plain::narrow(c)))
}

/// The code point of a letter composed with its marks.
pub(super) fn composed(letter: Letter<'_>) -> u32 {
    let mut whole = number(letter.base);
    let mut rest = letter.marks;
    while let Some((mark, after)) = unit(rest) {
        rest = after;
        let parts = char::from_u32(whole).zip(char::from_u32(number(mark)));
        let both = parts.and_then(|(a, b)| compose(a, b).or_else(|| plain::together(a, b)));
        whole = both.map_or(whole, u32::from);
    }
    whole
}

/// A letter of a marked text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Letter<'a> {
    /// Its character; nothing for marks at the beginning.
    pub(super) base: &'a [u8],
    pub(super) marks: &'a [u8],
}

impl Letter<'_> {
    /// Whether a letter of a name matches this one: it may have more marks.
    pub(super) fn takes(&self, name: Letter<'_>) -> bool {
        (self.base.is_empty() || self.base == name.base) && has_marks(name.marks, self.marks)
    }
}

/// Whether marks after this are not recorded with names: marks without a letter, or after a stray
/// byte.
pub(super) fn is_no_character(base: &[u8]) -> bool {
    matches!(base, [] | [0xc0 | 0xc1, _])
}

fn is_mark_unit(unit: &[u8]) -> bool {
    unit.len() > 1 && char::from_u32(number(unit)).is_some_and(is_mark)
}

/// Whether all wanted marks are there. Marks have the same order in every text.
pub(super) fn has_marks(mut marks: &[u8], mut wanted: &[u8]) -> bool {
    if wanted.is_empty() {
        return true;
    }
    if marks.len() <= wanted.len() {
        return marks == wanted;
    }
    while let Some((mark, rest)) = unit(wanted) {
        loop {
            let Some((own, after)) = unit(marks) else {
                return false;
            };
            marks = after;
            if own == mark {
                break;
            }
        }
        wanted = rest;
    }
    true
}

/// The first letter of a marked text, and what follows.
pub(super) fn letter(text: &[u8]) -> Option<(Letter<'_>, &[u8])> {
    let (first, _) = unit(text)?;
    let (base, mut rest) = text.split_at(if is_mark_unit(first) { 0 } else { first.len() });
    let all = rest;
    while let Some((mark, after)) = unit(rest)
        && is_mark_unit(mark)
    {
        rest = after;
    }
    let marks = all.get(..all.len() - rest.len()).unwrap_or_default();
    Some((Letter { base, marks }, rest))
}

/// The last letter of a marked text, and what is before it.
pub(super) fn last_letter(text: &[u8]) -> Option<(Letter<'_>, &[u8])> {
    let (mut before, mut first) = last_unit(text)?;
    while is_mark_unit(first)
        && let Some((rest, unit)) = last_unit(before)
    {
        (before, first) = (rest, unit);
    }
    let own = text.get(before.len()..)?;
    Some((letter(own)?.0, before))
}

/// The letters of a marked text.
pub(super) fn letters(text: &[u8]) -> impl Iterator<Item = Letter<'_>> + Clone {
    let mut rest = text;
    std::iter::from_fn(move || {
        let (letter, after) = letter(rest)?;
        rest = after;
        Some(letter)
    })
}

/// Whether a folded text has marks.
pub(super) fn is_marked(text: &[u8]) -> bool {
    !text.is_ascii() && letters(text).any(|letter| !letter.marks.is_empty())
}

/// Whether a marked text begins with these letters.
pub(super) fn starts_with(text: &[u8], wanted: &[u8]) -> bool {
    let mut own = letters(text);
    letters(wanted).all(|wanted| own.next().is_some_and(|own| wanted.takes(own)))
}

/// Whether a marked text contains these letters, one after the other.
pub(super) fn contains(text: &[u8], wanted: &[u8]) -> bool {
    let mut rest = text;
    loop {
        if starts_with(rest, wanted) {
            return true;
        }
        match letter(rest) {
            Some((_, after)) => rest = after,
            None => return false,
        }
    }
}

/// Whether a marked text ends with these letters or, if `whole`, consists of them.
pub(super) fn ends_with(text: &[u8], wanted: &[u8], whole: bool) -> bool {
    let (own, count) = (letters(text).count(), letters(wanted).count());
    let Some(skip) = own.checked_sub(count) else {
        return false;
    };
    let mut pairs = letters(text).skip(skip).zip(letters(wanted));
    (!whole || skip == 0) && pairs.all(|(own, wanted)| wanted.takes(own))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_any_script_have_one_key() {
        for (a, b) in [
            ("Ünïcödé.TXT", "unicode.txt"),
            ("u\u{308}", "Ü"),
            ("МЕТАФИЗИКА", "метафизика"),
            ("Straße", "STRASSE"),
            ("ΣΊΣΥΦΟΣ", "σίσυφος"),
            ("İstanbul", "istanbul"),
            ("ﬁle", "FILE"),
            ("한글", "\u{1112}\u{1161}\u{11ab}\u{1100}\u{1173}\u{11af}"),
            ("ᾼ", "αι"),
            ("Å", "\u{212b}"),
        ] {
            assert_eq!(key(a.as_bytes()), key(b.as_bytes()), "{a} {b}");
        }
        assert_ne!(key("и".as_bytes()), key("ы".as_bytes()));
        assert_ne!(key(b"\xe9"), key("é".as_bytes()));
        assert_ne!(key(b"\xc3"), key(b"\xe9"));
    }

    #[test]
    fn marks_are_those_of_unicode() {
        for c in '\0'..=char::MAX {
            assert_eq!(is_mark(c), is_combining_mark(c), "{c:?}");
        }
    }

    /// Names are divided by slashes.
    #[test]
    fn no_letter_becomes_a_slash() {
        for c in ('\0'..=char::MAX).filter(|c| *c != '/') {
            assert!(!key(c.to_string().as_bytes()).contains(&b'/'), "{c:?}");
        }
    }

    #[test]
    fn marks_that_are_wanted_must_be_there() {
        let has = |name: &str, wanted: &str| {
            contains(&marked(name.as_bytes()), &marked(wanted.as_bytes()))
        };
        assert!(has("CAFÉ", "café") && has("cafe\u{301}", "É") && has("ế", "ê"));
        assert!(has("café", "cafe") && !has("cafe", "café") && !has("ecaf\u{301}", "é"));
        assert!(has("é", "\u{301}") && !has("e", "\u{301}"));
    }
}
