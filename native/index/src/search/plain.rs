//! Letters that Unicode does not decompose but that people type plain: `lodz` is to find `Łódź`. A
//! stroke through a letter becomes a mark, a ligature two letters, and a full-width form its ASCII
//! character.

/// Strokes as marks.
const LONG: char = '\u{338}';
const SHORT: char = '\u{335}';

/// Small letters with a stroke, each with its plain letter and its mark.
const STROKES: [(char, char, char); 16] = [
    ('ø', 'o', LONG),
    ('ł', 'l', LONG),
    ('đ', 'd', SHORT),
    ('ħ', 'h', SHORT),
    ('ŧ', 't', SHORT),
    ('ƀ', 'b', SHORT),
    ('ǥ', 'g', SHORT),
    ('ɨ', 'i', SHORT),
    ('ɉ', 'j', SHORT),
    ('ɍ', 'r', SHORT),
    ('ʉ', 'u', SHORT),
    ('ƶ', 'z', SHORT),
    ('ɏ', 'y', LONG),
    ('ɇ', 'e', LONG),
    ('ȼ', 'c', LONG),
    ('ⱥ', 'a', LONG),
];

/// What a lower-case character is replaced by.
pub(super) fn apart(c: char) -> impl Iterator<Item = char> {
    let (first, second) = match c {
        ..'\u{80}' => (c, None),
        'æ' => ('a', Some('e')),
        'œ' => ('o', Some('e')),
        'ı' => ('i', None),
        'ȷ' => ('j', None),
        _ => match STROKES.iter().find(|(whole, ..)| *whole == c) {
            Some((_, plain, mark)) => (*plain, Some(*mark)),
            None => (narrow(c), None),
        },
    };
    std::iter::once(first).chain(second)
}

/// Composes a letter and a mark.
pub(super) fn together(plain: char, mark: char) -> Option<char> {
    let own = STROKES.iter().find(|(_, p, m)| (*p, *m) == (plain, mark));
    own.map(|(whole, ..)| *whole)
}

/// The ASCII character of a full-width form. A slash is kept, since slashes separate names.
pub(super) fn narrow(c: char) -> char {
    match c {
        '\u{ff0f}' => c,
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        '\u{3000}' => ' ',
        _ => c,
    }
}
