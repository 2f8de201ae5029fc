//! What a typed query may mean, the likeliest first: a text, words in any order, a pasted path with
//! a line, a glob, letters. Each is tried only if those before it found nothing.

use aether_core::path;

use super::fold;
use super::glob;
use super::names::Names;
use super::pattern::Pattern;
use super::{Position, Query, Refused, Roots};

/// Maximum number of bytes of a query, and of a path.
const MAX_BYTES: usize = 1_000;
const MAX_PATH_BYTES: usize = 4_096;

/// One of the meanings of a query.
#[derive(Debug)]
pub(super) struct Meaning {
    pub(super) pattern: Pattern,
    /// The letters of the same text, tried if few names contain the text.
    pub(super) letters: Option<Pattern>,
    /// Where in the file, if the query says so.
    pub(super) position: Option<Position>,
}

/// The meanings of a query.
#[derive(Debug, Default)]
pub(super) struct Meanings {
    pub(super) found: Vec<Meaning>,
    /// A meaning was too long to be tried, so that finding nothing proves nothing.
    pub(super) is_cut: bool,
}

/// Refuses a query that is too long whatever it means.
pub(super) fn check(text: &[u8]) -> Result<(), Refused> {
    let longest = match text.contains(&b'/') {
        true => MAX_PATH_BYTES,
        false => MAX_BYTES,
    };
    match text.len() > longest {
        true => Err(Refused::TooLong),
        false => Ok(()),
    }
}

/// The meanings of a query.
pub(super) fn meanings(names: &Names, query: &Query<'_>) -> Meanings {
    let text = query.text;
    // A single `!` at the end is the start of an excluded word.
    let text = text.trim_ascii();
    let text = text.strip_suffix(b" !").unwrap_or(text).trim_ascii();
    let words = words(text);
    let has_slash = text.contains(&b'/');
    let mut plan = Plan {
        roots: if has_slash {
            roots(names, query)
        } else {
            Vec::new()
        },
        home: query.home,
        meanings: Meanings::default(),
    };
    let is_wanted = words.iter().all(|(_, is_excluded)| !is_excluded);
    let is_one = words.len() < 2 && is_wanted;
    if !is_wanted {
        // A name may contain the `!` itself.
        plan.push(Pattern::substring(text), None);
    }
    if !is_one {
        plan.push(Pattern::words(text, &words, false), None);
        if glob::is_glob(text) {
            // Too many words were reported already.
            plan.try_letters(Pattern::words(text, &words, true), None);
        }
    }
    let bare = bare(text);
    if has_slash {
        plan.paths(text, None);
        if let Some((text, position)) = bare {
            plan.paths(text, Some(position));
        }
    } else if is_one {
        plan.push(Pattern::substring(text), None);
    }
    if glob::is_glob(text) {
        plan.globs(text, None);
    }
    // Letters are searched for without the line and column.
    let (text, position) = bare.map_or((text, None), |(text, at)| (text, Some(at)));
    if !is_wanted {
        return plan.meanings;
    }
    if glob::is_glob(text) {
        // What a compiler says behind it may be words.
        if position.is_some() && !text.contains(&b' ') {
            if !has_slash {
                plan.push(Pattern::substring(text), position);
            }
            plan.globs(text, position);
        }
        return plan.meanings;
    }
    match (is_one, text.contains(&b'/')) {
        (_, true) => plan.try_letters(Pattern::fuzzy(&clean(text)), position),
        (true, false) => plan.letters(text, position),
        // What a compiler says of a place in a file.
        (false, false) if position.is_some() && !text.contains(&b' ') => {
            plan.letters(text, position);
        }
        (false, false) => plan.try_letters(Pattern::fuzzy(text), position),
    }
    plan.meanings
}

/// What pasted paths may begin with, by the place of the source.
fn roots<'a>(names: &'a Names, query: &'a Query<'_>) -> Vec<(u32, &'a [u8])> {
    (0..)
        .zip(&names.roots)
        .zip(&names.sources)
        .filter(|(_, source)| query.source.is_none_or(|only| only == **source))
        .filter_map(|((place, stored), _)| match &query.roots {
            Roots::Stored => Some((place, stored.as_slice())),
            Roots::KnownAs(path) => Some((place, path.as_slice())),
            Roots::Hidden => None,
        })
        .collect()
}

struct Plan<'a> {
    roots: Vec<(u32, &'a [u8])>,
    home: Option<&'a [u8]>,
    meanings: Meanings,
}

impl Plan<'_> {
    /// Adds a meaning. What is no glob has none.
    fn push(&mut self, pattern: Result<Pattern, Refused>, position: Option<Position>) {
        self.meanings.is_cut |= matches!(pattern, Err(Refused::TooLong));
        self.try_letters(pattern, position);
    }

    /// The same of letters; no name has this many.
    fn try_letters(&mut self, pattern: Result<Pattern, Refused>, position: Option<Position>) {
        self.meanings
            .found
            .extend(pattern.ok().map(|pattern| Meaning {
                pattern,
                letters: None,
                position,
            }));
    }

    /// Adds letters to the text that has them, or both, if a position was taken from it.
    fn letters(&mut self, text: &[u8], position: Option<Position>) {
        if position.is_some() {
            self.push(Pattern::substring(text), position);
        }
        if let Some(last) = self.meanings.found.last_mut() {
            last.letters = Pattern::fuzzy(text).ok();
        }
    }

    /// Adds the meanings of a text with slashes.
    fn paths(&mut self, text: &[u8], position: Option<Position>) {
        if let Some(text) = text.strip_prefix(b"file://") {
            // After the host name, which may be empty.
            let path = text.iter().position(|&byte| byte == b'/').unwrap_or(0);
            let text = text.get(path..).unwrap_or_default();
            self.path(&decoded(text), position);
            return self.path(text, position);
        }
        if let Some(below) = text.strip_prefix(b"~/") {
            // A folder may have this name.
            self.path(text, position);
            if let Some(home) = self.home {
                self.path(&[home, b"/", below].concat(), position);
            }
            return self.path(&[b"./", below].concat(), position);
        }
        self.path(text, position);
    }

    /// Adds the meanings of a glob: as it is, and as a path from the root down.
    fn globs(&mut self, text: &[u8], position: Option<Position>) {
        self.push(Pattern::glob(text), position);
        if let Some(path) = text.strip_prefix(b"./") {
            self.push(Pattern::glob(&[b"/", path].concat()), position);
        }
        for (source, path) in self.beneath_roots(text) {
            self.push(Pattern::glob_within(vec![source], &path), position);
        }
    }

    /// Where a full path leads in the sources that it lies in, the innermost first.
    fn beneath_roots(&mut self, text: &[u8]) -> Vec<(u32, Vec<u8>)> {
        if !text.starts_with(b"/") {
            return Vec::new();
        }
        let clean = clean(text);
        self.roots
            .sort_by_key(|(_, root)| std::cmp::Reverse(root.len()));
        let roots = self.roots.iter();
        let beneath = roots.filter_map(|&(source, root)| {
            let path = below(&clean, root)?;
            Some((source, path.to_vec()))
        });
        beneath.collect()
    }

    fn path(&mut self, text: &[u8], position: Option<Position>) {
        let is_relative = text.starts_with(b"./") || text.starts_with(b"../");
        let clean = clean(text);
        for (source, path) in self.beneath_roots(text) {
            // A root itself has no name by which it could be found, only what is in it.
            let pattern = match path.is_empty() {
                true => Pattern::glob_within(vec![source], b"*"),
                false => Pattern::within(vec![source], &path),
            };
            self.push(pattern, position);
        }
        let whole = [b"/", clean.as_slice()].concat();
        match is_relative && !clean.starts_with(b"/") {
            true => self.push(Pattern::substring(&whole), position),
            false if clean.is_empty() => {}
            false => self.push(Pattern::substring(&clean), position),
        }
        let Some(at) = clean.iter().position(|&byte| byte == b'/') else {
            return;
        };
        // `project/src/main.rs`, where the project is a root.
        let (first, rest) = clean.split_at(at);
        let path = rest.get(1..).unwrap_or_default();
        if first.is_empty() || path.is_empty() {
            return;
        }
        let first = fold::key(first);
        let is_root = |root: &[u8]| fold::key(path::split(root).1) == first;
        let roots = self.roots.iter().filter(|(_, root)| is_root(root));
        let mut roots: Vec<u32> = roots.map(|(source, _)| *source).collect();
        if !roots.is_empty() {
            roots.sort_unstable();
            self.push(Pattern::within(roots, path), position);
        }
    }
}

/// Decodes the escapes of a URL's path.
fn decoded(text: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((&first, after)) = rest.split_first() {
        let digits = after.get(..2).filter(|_| first == b'%');
        let digits = digits.filter(|digits| digits.iter().all(u8::is_ascii_hexdigit));
        let byte = digits
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.push(byte.unwrap_or(first));
        rest = after
            .get(if byte.is_some() { 2 } else { 0 }..)
            .unwrap_or_default();
    }
    bytes
}

/// The words of a text, each with whether it is excluded.
fn words(text: &[u8]) -> Vec<(&[u8], bool)> {
    let words = text.split(|byte| matches!(byte, b' ' | b'\t'));
    let words = words.filter(|word| !word.is_empty());
    let words = words.map(|word| match word.strip_prefix(b"!") {
        Some(word) => (word, true),
        None => (word, false),
    });
    // After a single `!` the word is still to be typed.
    words.filter(|(word, _)| !word.is_empty()).collect()
}

/// The path below a root; empty for the root itself.
fn below<'a>(path: &'a [u8], root: &[u8]) -> Option<&'a [u8]> {
    let root = root.strip_suffix(b"/").unwrap_or(root);
    match path.strip_prefix(root)? {
        b"" => Some(b""),
        path => path.strip_prefix(b"/"),
    }
}

/// A path without `//`, `./`, and folders that `../` leaves again.
fn clean(path: &[u8]) -> Vec<u8> {
    let mut kept: Vec<&[u8]> = Vec::new();
    for name in path::names(path) {
        match name {
            b"." => {}
            b".." => {
                kept.pop();
            }
            _ => kept.push(name),
        }
    }
    let start: &[u8] = if path.starts_with(b"/") { b"/" } else { b"" };
    // A trailing slash asks for what is in a folder.
    let is_open = path.ends_with(b"/") && !kept.is_empty();
    let end: &[u8] = if is_open { b"/" } else { b"" };
    [start, &kept.join(&b'/'), end].concat()
}

/// A text without the position behind it, as editors, compilers and web pages write one: `:42`, `:42:7`, either with
/// `: what is wrong there` behind it, `:42-50`, `(42)`, `(42,7)`, `#L42`, `#L42-L50`. And the position.
fn bare(text: &[u8]) -> Option<(&[u8], Position)> {
    let starts = text.iter().enumerate().skip(1);
    let mut starts = starts.filter(|(_, byte)| matches!(byte, b':' | b'(' | b'#'));
    starts.find_map(|(at, _)| {
        let (before, behind) = text.split_at(at);
        Some((before, position(behind)?))
    })
}

fn position(text: &[u8]) -> Option<Position> {
    let at = |line, column| Some(Position { line, column });
    if let Some(rest) = text.strip_prefix(b"#L") {
        let (line, rest) = number(rest)?;
        let end = rest.strip_prefix(b"-L").and_then(number);
        let is_whole = rest.is_empty() || matches!(end, Some((_, b"")));
        return at(line, None).filter(|_| is_whole);
    }
    if let Some(rest) = text.strip_prefix(b"(") {
        let (line, rest) = number(rest)?;
        let column = rest.strip_prefix(b",").and_then(number);
        let (column, rest) = column.map_or((None, rest), |(column, rest)| (Some(column), rest));
        let rest = rest.strip_prefix(b")")?;
        return at(line, column).filter(|_| rest.is_empty() || rest.starts_with(b":"));
    }
    let (line, rest) = number(text.strip_prefix(b":")?)?;
    let last = rest.strip_prefix(b"-").and_then(number);
    if let Some((_, b"" | b":")) = last {
        return at(line, None);
    }
    let column = rest.strip_prefix(b":").and_then(number);
    let (column, rest) = column.map_or((None, rest), |(column, rest)| (Some(column), rest));
    let is_whole = matches!(rest, b"" | b":") || rest.starts_with(b": ");
    at(line, column).filter(|_| is_whole)
}

fn number(text: &[u8]) -> Option<(u32, &[u8])> {
    let is_digit = |byte: &u8| byte.is_ascii_digit();
    let end = text.iter().position(|byte| !is_digit(byte));
    let (digits, rest) = text.split_at(end.unwrap_or(text.len()));
    let number = std::str::from_utf8(digits).ok()?.parse().ok()?;
    Some((number, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_cleaned() {
        for (path, expected) in [
            ("a//b", "a/b"),
            ("./a/./b", "a/b"),
            ("/a/../b/", "/b/"),
            ("../a", "a"),
            ("/", "/"),
            ("a/..", ""),
        ] {
            assert_eq!(clean(path.as_bytes()), expected.as_bytes(), "{path}");
        }
    }

    #[test]
    fn positions_are_taken_from_the_end() {
        let read = |text: &'static str| bare(text.as_bytes()).map(|(t, p)| (t, p.line, p.column));
        assert_eq!(read("a.rs:42"), Some((&b"a.rs"[..], 42, None)));
        assert_eq!(read("a.rs:42:7"), Some((&b"a.rs"[..], 42, Some(7))));
        assert_eq!(read("a.rs:42:7:"), Some((&b"a.rs"[..], 42, Some(7))));
        assert_eq!(read("a:b:3"), Some((&b"a:b"[..], 3, None)));
        let at = |line, column| Some((&b"a.rs"[..], line, column));
        assert_eq!(read("a.rs:42:7: error[E0308]: 3:4"), at(42, Some(7)));
        assert_eq!(read("a.rs:42: warning"), at(42, None));
        assert_eq!(read("a.rs:42-50"), at(42, None));
        assert_eq!(read("a.rs(42)"), at(42, None));
        assert_eq!(read("a.rs(42,7): error"), at(42, Some(7)));
        assert_eq!(read("a.rs#L42"), at(42, None));
        assert_eq!(read("a.rs#L42-L50"), at(42, None));
        assert_eq!(read("a(1)#L2"), Some((&b"a(1)"[..], 2, None)));
        for none in [
            "a.rs",
            "a.rs:",
            ":42",
            "a.rs:x",
            "a:99999999999",
            "a(1)b",
            "a#L",
            "a:1b",
        ] {
            assert_eq!(read(none), None, "{none}");
        }
    }
}
