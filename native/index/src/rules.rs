//! The rules by which a source is scanned, as canonical text: two texts are equal if they leave out
//! the same entries.

use aether_core::{GitUser, Ignore, Options, path};

/// What is left out of a source. Stored with the source: a scan by other rules would delete what it
/// does not see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rules {
    /// Whether names that begin with a dot are included.
    pub hidden: bool,
    /// Ignore rules. The location of a user's own file is not kept.
    pub ignore: Ignore,
    /// Names of directories to leave out; sorted, each once.
    pub exclude: Vec<Vec<u8>>,
    /// Whether to stay on the root's file system.
    pub same_file_system: bool,
}

impl Default for Rules {
    fn default() -> Rules {
        Rules::from(&Options::default())
    }
}

impl From<&Options> for Rules {
    fn from(options: &Options) -> Rules {
        Rules {
            hidden: options.hidden,
            ignore: Ignore {
                git_user: options.ignore.git_user.is_some().then(GitUser::default),
                ..options.ignore.clone()
            },
            exclude: options.exclude.iter().cloned().collect(),
            same_file_system: options.same_file_system,
        }
    }
}

impl Rules {
    /// From the bytes that a source is stored with; none if they are no such text.
    pub fn from_stored(bytes: &[u8]) -> Option<Rules> {
        std::str::from_utf8(bytes).ok().and_then(Rules::parse)
    }

    /// One word per rule, separated by spaces. Bytes outside of a small set are escaped as %XX.
    pub fn to_text(&self) -> String {
        let (hidden, same) = (u8::from(self.hidden), u8::from(self.same_file_system));
        let mut text = format!("hidden={hidden} same_file_system={same}");
        if self.ignore.git {
            text.push_str(" ignore=git");
        }
        if self.ignore.git_user.is_some() {
            text.push_str(" ignore=user");
        }
        if !self.ignore.patterns.is_empty() {
            text.push_str(" ignore=globs");
        }
        for pattern in &self.ignore.patterns {
            text.push_str(" glob=");
            escape(pattern, &mut text);
        }
        for name in &self.exclude {
            text.push_str(" exclude=");
            escape(name, &mut text);
        }
        text
    }

    /// Whether these rules may leave out something at this path: then not seeing it proves nothing.
    pub(crate) fn may_leave_out(&self, path: &[u8]) -> bool {
        let ignore = &self.ignore;
        if ignore.git || ignore.git_user.is_some() || !ignore.patterns.is_empty() {
            return true;
        }
        path::names(path).any(|name| {
            !self.hidden && name.starts_with(b".") || self.exclude.iter().any(|own| own == name)
        })
    }

    /// Reads what `to_text` writes, and an `ignore=globs` without globs, which it used to write.
    pub fn parse(text: &str) -> Option<Rules> {
        let mut rules = Rules::default();
        for word in text.split(' ') {
            match word.split_once('=')? {
                ("hidden", value) => rules.hidden = value == "1",
                ("same_file_system", value) => rules.same_file_system = value == "1",
                ("ignore", "git") => rules.ignore.git = true,
                ("ignore", "user") => rules.ignore.git_user = Some(GitUser::default()),
                ("ignore", "globs") => {}
                ("glob", value) => rules.ignore.patterns.push(unescape(value)?),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_reads_as_the_rules_it_was_written_from() {
        let user = Some(GitUser::default());
        let patterns = vec![b"!a b/*".to_vec(), b"\xff%=".to_vec()];
        let rows = [
            (Ignore::default(), ""),
            (Ignore::git(), " ignore=git"),
            (
                Ignore::patterns(patterns.clone()),
                " ignore=globs glob=!a%20b/* glob=%FF%25%3D",
            ),
            (
                Ignore {
                    git: true,
                    git_user: user,
                    patterns,
                },
                " ignore=git ignore=user ignore=globs glob=!a%20b/* glob=%FF%25%3D",
            ),
        ];
        for (ignore, expected) in rows {
            let rules = Rules {
                ignore,
                exclude: vec![b"x y".to_vec()],
                ..Rules::default()
            };
            let text = rules.to_text();
            assert_eq!(
                text,
                format!("hidden=1 same_file_system=0{expected} exclude=x%20y")
            );
            assert_eq!(Rules::parse(&text), Some(rules));
        }
        // An empty list is no rule, and used to be written as one.
        let before = Rules::parse("hidden=1 same_file_system=0 ignore=globs");
        assert_eq!(before, Some(Rules::default()));
        assert_eq!(Rules::parse("hidden=1 ignore=what"), None);
    }

    #[test]
    fn the_location_of_a_users_file_is_no_rule() {
        let of = |home: &[u8]| Options {
            ignore: Ignore {
                git_user: Some(GitUser {
                    home: Some(home.to_vec()),
                    config_home: None,
                }),
                ..Ignore::git()
            },
            ..Options::default()
        };
        assert_eq!(Rules::from(&of(b"/a")), Rules::from(&of(b"/b")));
    }
}
