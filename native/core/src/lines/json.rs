//! JSON strings that are also safe to display: besides what JSON requires, everything that could control a terminal or
//! deceive the eye is escaped. Numbers and structure are not written here.

use data_encoding::BASE64;

use crate::printable::is_invisible;

/// Appends text escaped for a JSON string. Returns false if it is not UTF-8; `out` then holds part of it.
pub fn escape(bytes: &[u8], out: &mut Vec<u8>) -> bool {
    // The usual case. No branch per byte, so that the compiler can vectorize it.
    if bytes
        .iter()
        .fold(true, |plain, &byte| plain & is_plain(byte))
    {
        out.extend_from_slice(bytes);
        return true;
    }
    let Ok(text) = std::str::from_utf8(bytes) else {
        return false;
    };
    for char in text.chars() {
        escape_char(char, out);
    }
    true
}

/// Appends bytes in base64 with padding (RFC 4648, section 4).
pub fn base64(bytes: &[u8], out: &mut Vec<u8>) {
    let start = out.len();
    out.resize(start + BASE64.encode_len(bytes.len()), 0);
    if let Some(room) = out.get_mut(start..) {
        BASE64.encode_mut(bytes, room);
    }
}

fn is_plain(byte: u8) -> bool {
    (0x20..0x7f).contains(&byte) & (byte != b'"') & (byte != b'\\')
}

fn escape_char(char: char, out: &mut Vec<u8>) {
    let mut buffer = [0; 4];
    match char {
        '"' => out.extend_from_slice(b"\\\""),
        '\\' => out.extend_from_slice(b"\\\\"),
        '\n' => out.extend_from_slice(b"\\n"),
        '\r' => out.extend_from_slice(b"\\r"),
        '\t' => out.extend_from_slice(b"\\t"),
        char if char.is_control() || is_invisible(char) => {
            let mut units = [0; 2];
            for unit in char.encode_utf16(&mut units) {
                out.extend_from_slice(b"\\u");
                out.extend(unit.to_be_bytes().iter().flat_map(|byte| hex(*byte)));
            }
        }
        char => out.extend_from_slice(char.encode_utf8(&mut buffer).as_bytes()),
    }
}

fn hex(byte: u8) -> [u8; 2] {
    [byte >> 4, byte & 15].map(|digit| digit + if digit < 10 { b'0' } else { b'a' - 10 })
}
