//! The rules that a source is scanned by, as canonical text: two texts are equal when the same entries are left out.

use aether_core::{Ignore, Options};

/// What is left out of a source. Stored when the source is made; a scan by other rules would delete what it does not see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rules {
    /// Whether names that begin with a dot are included.
    pub hidden: bool,
    /// Rules by which entries are left out.
    pub ignore: Ignore,
    /// Names of directories that are left out; sorted, each once.
    pub exclude: Vec<Vec<u8>>,
    /// Whether other file systems are not entered.
    pub same_file_system: bool,
}

impl Default for Rules {
    fn default() -> Rules {
        Rules::from(&Options::default())
    }
}

impl From<&Options> for Rules {
    fn from(options: &Options) -> Rules {
        let mut exclude = options.exclude.clone();
        exclude.sort();
        exclude.dedup();
        Rules {
            hidden: options.hidden,
            ignore: options.ignore.clone(),
            exclude,
            same_file_system: options.same_file_system,
        }
    }
}

impl Rules {
    /// One word for each rule, separated by spaces; bytes outside of a small set are escaped as %XX.
    pub fn to_text(&self) -> String {
        let (hidden, same) = (u8::from(self.hidden), u8::from(self.same_file_system));
        let mut text = format!("hidden={hidden} same_file_system={same}");
        match &self.ignore {
            Ignore::None => {}
            Ignore::Git => text.push_str(" ignore=git"),
            Ignore::Globs(globs) => {
                text.push_str(" ignore=globs");
                for glob in globs {
                    text.push_str(" glob=");
                    escape(glob, &mut text);
                }
            }
        }
        for name in &self.exclude {
            text.push_str(" exclude=");
            escape(name, &mut text);
        }
        text
    }

    /// Reads what `to_text` writes.
    pub fn parse(text: &str) -> Option<Rules> {
        let mut rules = Rules::default();
        for word in text.split(' ') {
            match word.split_once('=')? {
                ("hidden", value) => rules.hidden = value == "1",
                ("same_file_system", value) => rules.same_file_system = value == "1",
                ("ignore", "git") => rules.ignore = Ignore::Git,
                ("ignore", "globs") => rules.ignore = Ignore::Globs(Vec::new()),
                ("glob", value) => match &mut rules.ignore {
                    Ignore::Globs(globs) => globs.push(unescape(value)?),
                    _ => return None,
                },
                ("exclude", value) => rules.exclude.push(unescape(value)?),
                _ => return None,
            }
        }
        Some(rules)
    }
}

fn escape(bytes: &[u8], text: &mut String) {
    for &byte in bytes {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'_' | b'-' | b'*' | b'/' | b'!' => {
                text.push(char::from(byte));
            }
            _ => text.push_str(&format!("%{byte:02X}")),
        }
    }
}

fn unescape(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        rest = after;
        if first == b'%' {
            let (digits, after) = rest.split_at_checked(2)?;
            let digits = std::str::from_utf8(digits).ok()?;
            bytes.push(u8::from_str_radix(digits, 16).ok()?);
            rest = after;
        } else {
            bytes.push(first);
        }
    }
    Some(bytes)
}
