//! Makes names safe to show to a person. Anybody may have chosen them: they can contain escape sequences, line breaks,
//! direction overrides, invisible characters. Only for people: programs get the raw bytes, or JSON.
//!
//! `test/fixtures/printable.tsv` holds this and `Aether.Printable` to the same answers.

use std::fmt::Write;

/// Escapes everything that is not plainly visible. The result is on one line, and unambiguous.
pub fn escape(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    push(bytes, &mut text);
    text
}

/// Appends bytes, escaped, to a text.
pub fn push(bytes: &[u8], text: &mut String) {
    for chunk in bytes.utf8_chunks() {
        for char in chunk.valid().chars() {
            push_char(char, text);
        }
        for byte in chunk.invalid() {
            // Writing to a String cannot fail.
            let _ = write!(text, "\\x{byte:02X}");
        }
    }
}

fn push_char(char: char, text: &mut String) {
    match char {
        '\\' => text.push_str("\\\\"),
        '\n' => text.push_str("\\n"),
        '\r' => text.push_str("\\r"),
        '\t' => text.push_str("\\t"),
        '\x1b' => text.push_str("\\e"),
        ' '..='~' => text.push(char),
        '\0'..='\x7f' => drop(write!(text, "\\x{:02X}", u32::from(char))),
        char if char.is_control() || is_invisible(char) => push_code(char, text),
        char => text.push(char),
    }
}

/// Appends a character's code point, for characters that would not be seen where they stand.
pub fn push_code(char: char, text: &mut String) {
    let _ = write!(text, "\\u{{{:X}}}", u32::from(char));
}

/// Soft hyphen, Arabic letter mark, fillers, Mongolian selectors, zero-width and direction marks, line and paragraph
/// separators, embeddings and overrides, invisible operators and isolates, byte order mark, annotations, tags.
pub(crate) fn is_invisible(char: char) -> bool {
    matches!(
        char,
        '\u{ad}'
            | '\u{61c}'
            | '\u{115f}'..='\u{1160}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{3164}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}'
            | '\u{fffe}'..='\u{ffff}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use data_encoding::HEXUPPER;

    /// The same file is read by test/aether/printable_test.exs.
    #[test]
    fn it_answers_as_the_vectors_say() {
        let path = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../test/fixtures/printable.tsv"
        );
        let vectors = std::fs::read_to_string(path).unwrap();
        let mut count = 0;
        for line in vectors.lines().filter(|line| !line.starts_with('#')) {
            let (bytes, expected) = line.split_once('\t').unwrap();
            let bytes = HEXUPPER.decode(bytes.as_bytes()).unwrap();
            assert_eq!(escape(&bytes), expected, "{}", bytes.escape_ascii());
            count += 1;
        }
        assert!(count > 300, "{count}");
    }
}
