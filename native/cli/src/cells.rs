//! Text in the cells of a terminal: how wide it is, and as much of it as fits.

use aether_core::printable;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// A name as a terminal may show it: escaped, and beginning with a character that has a cell of its own. A combining
/// mark at the start would change what stands before the name.
pub fn shown(name: &[u8]) -> String {
    let text = printable::escape(name);
    match text.chars().next() {
        Some(first) if first.width() == Some(0) => {
            let mut escaped = String::new();
            printable::push_code(first, &mut escaped);
            escaped.push_str(text.get(first.len_utf8()..).unwrap_or_default());
            escaped
        }
        _ => text,
    }
}

/// A name within a sentence: quoted where it has spaces or quotes itself, and those spaces escaped that would not be seen.
pub fn named(name: &[u8]) -> String {
    let text = shown(name);
    let is_space = |char: char| char.is_whitespace();
    if !text.contains(is_space) && !text.contains('"') && !text.is_empty() {
        return text;
    }
    // Also at the ends of the names of a path.
    let is_end = |char: char| is_space(char) || char == '/';
    let mut quoted = String::from("\"");
    let mut chars = text.chars().peekable();
    let mut before = None;
    while let Some(char) = chars.next() {
        let is_alone = before.is_some_and(|before| !is_end(before))
            && chars.peek().is_some_and(|next| !is_end(*next));
        match char {
            '"' => quoted.push_str("\\\""),
            ' ' if !is_alone => quoted.push_str("\\x20"),
            ' ' => quoted.push(' '),
            char if is_space(char) => printable::push_code(char, &mut quoted),
            char => quoted.push(char),
        }
        before = Some(char);
    }
    quoted.push('"');
    quoted
}

/// How many cells a text takes.
pub fn width(text: &str) -> usize {
    text.graphemes(true).map(UnicodeWidthStr::width).sum()
}

/// As much of a text as fits into so many cells, cut at its end.
pub fn cut(text: &str, cells: usize) -> String {
    if width(text) <= cells {
        return text.to_owned();
    }
    let mut taken = String::new();
    let mut left = cells.saturating_sub(1);
    for grapheme in text.graphemes(true) {
        let wide = grapheme.width();
        if wide > left {
            break;
        }
        left -= wide;
        taken.push_str(grapheme);
    }
    if cells > 0 {
        taken.push('…');
    }
    taken
}

/// As much of a text as fits, cut at its start.
pub fn cut_start(text: &str, cells: usize) -> String {
    if width(text) <= cells {
        return text.to_owned();
    }
    let tail = ending(text, cells.saturating_sub(1));
    if cells > 0 {
        format!("…{tail}")
    } else {
        String::new()
    }
}

/// As much of a text as fits, cut in its middle: how it ends tells what a file is.
pub fn cut_middle(text: &str, cells: usize) -> String {
    if width(text) <= cells || cells < 4 {
        return cut(text, cells);
    }
    let tail = ending(text, (cells - 1) / 2);
    let head = cut(text, cells - width(tail));
    format!("{head}{tail}")
}

/// The end of a text, as much as fits.
fn ending(text: &str, cells: usize) -> &str {
    let mut left = cells;
    let mut from = text.len();
    for (at, grapheme) in text.grapheme_indices(true).rev() {
        let wide = grapheme.width();
        if wide > left {
            break;
        }
        left -= wide;
        from = at;
    }
    text.get(from..).unwrap_or_default()
}

/// A text on the left of so many cells.
pub fn left(text: &str, cells: usize) -> String {
    let gap = cells.saturating_sub(width(text));
    format!("{text}{}", " ".repeat(gap))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_does_not_fit_is_cut() {
        for (text, cells, expected) in [
            ("abcdef", 6, "abcdef"),
            ("abcdef", 4, "abc…"),
            ("日本語", 4, "日…"),
            ("日本語", 5, "日本…"),
            ("e\u{301}a\u{301}o", 2, "e\u{301}…"),
            ("ab", 0, ""),
            ("ab", 1, "…"),
        ] {
            assert_eq!(cut(text, cells), expected);
        }
    }

    #[test]
    fn the_start_or_the_middle_may_go_instead() {
        for (text, cells, start, middle) in [
            ("abcdef", 6, "abcdef", "abcdef"),
            ("abcdefgh.rs", 7, "…fgh.rs", "abc….rs"),
            ("日本語日本語", 7, "…日本語", "日本…語"),
            ("abcdef", 0, "", ""),
        ] {
            let expected = (start, middle);
            let found = (cut_start(text, cells), cut_middle(text, cells));
            assert_eq!((found.0.as_str(), found.1.as_str()), expected, "{cells}");
        }
    }

    #[test]
    fn a_combining_mark_at_the_start_is_escaped() {
        assert_eq!(shown("\u{301}a\u{301}".as_bytes()), "\\u{301}a\u{301}");
        assert_eq!(shown(b"\xff\x1b"), "\\xFF\\e");
        assert_eq!(shown("žluť".as_bytes()), "žluť");
    }

    #[test]
    fn a_name_in_a_sentence_ends_where_it_ends() {
        for (name, expected) in [
            ("plain.txt", "plain.txt"),
            ("two words", "\"two words\""),
            (" a  b ", "\"\\x20a\\x20\\x20b\\x20\""),
            ("x  0 files, 0 B", "\"x\\x20\\x200 files, 0 B\""),
            ("say \"no\"", "\"say \\\"no\\\"\""),
            ("/a / b/c d", "\"/a\\x20/\\x20b/c d\""),
            ("wide\u{3000}space", "\"wide\\u{3000}space\""),
            ("", "\"\""),
        ] {
            assert_eq!(named(name.as_bytes()), expected);
        }
    }

    proptest! {
        #[test]
        fn whatever_the_name_it_fits_and_controls_nothing(name: Vec<u8>, cells in 0..40_usize) {
            let whole = shown(&name);
            for shown in [cut(&whole, cells), cut_start(&whole, cells), cut_middle(&whole, cells)] {
                prop_assert!(width(&shown) <= cells, "{shown:?}");
                prop_assert!(!shown.chars().any(char::is_control));
            }
        }
    }
}
