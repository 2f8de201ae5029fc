//! The part of git's configuration files that ignore rules depend on: the last value of one key of `[core]`. Includes
//! are not followed.

/// The value of a key of `[core]`, given in lower case: `None` if it is absent, an inner `None` if it is there without
/// a value, which means true. An error is the number of the broken line.
pub(super) fn core(content: &[u8], key: &[u8]) -> Result<Option<Option<Vec<u8>>>, usize> {
    let content = content.strip_prefix(b"\xef\xbb\xbf").unwrap_or(content);
    let mut reader = ConfigReader {
        bytes: content,
        at: 0,
        line: 1,
    };
    let (mut in_core, mut found) = (false, None);
    while let Some(byte) = reader.next() {
        match byte {
            b'#' | b';' => reader.skip_line(),
            b'[' => in_core = reader.section().ok_or(reader.line)?,
            byte if byte.is_ascii_alphabetic() => {
                let line = reader.line;
                let (name, value) = reader.entry(byte).ok_or(line)?;
                if in_core && name == key {
                    found = Some(value);
                }
            }
            byte if byte.is_ascii_whitespace() => {}
            _ => return Err(reader.line),
        }
    }
    Ok(found)
}

/// Whether a value means true, in git's words; `None` if it is not a boolean.
pub(super) fn is_true(value: Option<&[u8]>) -> Option<bool> {
    let Some(value) = value else {
        return Some(true);
    };
    match value.to_ascii_lowercase().as_slice() {
        b"true" | b"yes" | b"on" => Some(true),
        b"false" | b"no" | b"off" | b"" => Some(false),
        number => {
            let number = std::str::from_utf8(number).ok()?;
            let digits = number.strip_suffix(['k', 'm', 'g']).unwrap_or(number);
            digits.parse::<i64>().ok().map(|number| number != 0)
        }
    }
}

struct ConfigReader<'a> {
    bytes: &'a [u8],
    at: usize,
    line: usize,
}

impl ConfigReader<'_> {
    /// The next byte. A line end of either kind is one newline.
    fn next(&mut self) -> Option<u8> {
        let byte = *self.bytes.get(self.at)?;
        self.at += 1;
        if byte == b'\r' && self.bytes.get(self.at) == Some(&b'\n') {
            return self.next();
        }
        self.line += usize::from(byte == b'\n');
        Some(byte)
    }

    fn skip_line(&mut self) {
        while !matches!(self.next(), None | Some(b'\n')) {}
    }

    /// Whether a section is `[core]` itself; its opening bracket was read.
    fn section(&mut self) -> Option<bool> {
        let mut name = Vec::new();
        loop {
            match self.next()? {
                b']' => return Some(name.eq_ignore_ascii_case(b"core")),
                byte if byte.is_ascii_alphanumeric() || b"-.".contains(&byte) => name.push(byte),
                b' ' | b'\t' => break,
                _ => return None,
            }
        }
        // The name of a subsection follows, in quotes.
        let mut quoted = false;
        loop {
            match self.next()? {
                b'\n' => return None,
                b'"' => quoted = !quoted,
                b'\\' if quoted => drop(self.next()?),
                b']' if !quoted => return Some(false),
                _ => {}
            }
        }
    }

    /// A key in lower case, whose first letter was read, and its value.
    fn entry(&mut self, first: u8) -> Option<(Vec<u8>, Option<Vec<u8>>)> {
        let mut name = vec![first.to_ascii_lowercase()];
        loop {
            match self.next() {
                Some(byte) if byte.is_ascii_alphanumeric() || byte == b'-' => {
                    name.push(byte.to_ascii_lowercase());
                }
                Some(b' ' | b'\t') => {}
                Some(b'=') => return Some((name, Some(self.value()?))),
                None | Some(b'\n') => return Some((name, None)),
                Some(b'#' | b';') => {
                    self.skip_line();
                    return Some((name, None));
                }
                Some(_) => return None,
            }
        }
    }

    fn value(&mut self) -> Option<Vec<u8>> {
        let mut value = Vec::new();
        // Trailing spaces do not count, unless they are in quotes.
        let (mut quoted, mut end) = (false, 0);
        loop {
            match self.next() {
                None | Some(b'\n') if quoted => return None,
                None | Some(b'\n') => break,
                Some(b'#' | b';') if !quoted => {
                    self.skip_line();
                    break;
                }
                Some(b'"') => {
                    quoted = !quoted;
                    end = value.len();
                }
                Some(b'\\') => {
                    match self.next()? {
                        b'\n' => continue,
                        b't' => value.push(b'\t'),
                        b'b' => value.push(8),
                        b'n' => value.push(b'\n'),
                        byte @ (b'\\' | b'"') => value.push(byte),
                        _ => return None,
                    }
                    end = value.len();
                }
                Some(byte) if byte.is_ascii_whitespace() && !quoted => {
                    if !value.is_empty() {
                        value.push(byte);
                    }
                }
                Some(byte) => {
                    value.push(byte);
                    end = value.len();
                }
            }
        }
        value.truncate(end);
        Some(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_value_in_core_wins() {
        let text = |value: &str| Some(Some(value.as_bytes().to_vec()));
        let rows: &[(&str, Option<Option<Vec<u8>>>)] = &[
            ("", None),
            ("[core]\n\tignorecase = true\n", text("true")),
            ("[Core]\r\n IgnoreCase=yes\r\n", text("yes")),
            ("[core] ignorecase", Some(None)),
            ("[core]\nignorecase\nbare = false", Some(None)),
            (
                "[core]\nignorecase = true\n[core]\nignorecase = no",
                text("no"),
            ),
            ("[core \"x\"]\nignorecase = true", None),
            ("[core.x]\nignorecase = true", None),
            ("[a \"]\"]\nignorecase = true", None),
            ("# [core]\n; x\n[user]\nignorecase = true", None),
            ("[core]\nignorecase = true ; why\n", text("true")),
            ("[core]\nignorecase = \" a \" b  # c\n", text(" a  b")),
            ("[core]\nignorecase = a\\\n  b\\t\\\"\n", text("a  b\t\"")),
            ("[core]\nignorecase =\n", text("")),
            ("\u{feff}[core]\nignorecase = 1\n", text("1")),
        ];
        for (content, expected) in rows {
            let found = core(content.as_bytes(), b"ignorecase");
            assert_eq!(found.as_ref(), Ok(expected), "{content:?}");
        }
        for (content, line) in [
            ("[core\n", 2),
            ("[core]\n=", 2),
            ("[core]\n\nignorecase = \"", 3),
            ("[core]\nignorecase = \\x", 2),
        ] {
            assert_eq!(core(content.as_bytes(), b"x"), Err(line), "{content:?}");
        }
    }

    #[test]
    fn yes_and_no() {
        for (value, expected) in [
            ("TRUE", Some(true)),
            ("on", Some(true)),
            ("1", Some(true)),
            ("-2k", Some(true)),
            ("0", Some(false)),
            ("", Some(false)),
            ("No", Some(false)),
            ("maybe", None),
        ] {
            assert_eq!(is_true(Some(value.as_bytes())), expected, "{value}");
        }
        assert_eq!(is_true(None), Some(true));
    }
}
