//! One meaning of a query, ready to be tested against names: its kind, the mask that a name must
//! have, and the preferred spelling.

use aether_core::path::split;
use memchr::memmem::{self, Finder};

use super::Refused;
use super::char_mask::char_mask;
use super::fold;
use super::fuzzy::{self, Fuzzy, best_place};
use super::glob::{self, Glob};
use super::path::Steps;
use super::rank::{Fit, MatchKind, Spelling};
use super::segments::Segments;

#[derive(Debug)]
pub(super) struct Pattern {
    pub(super) kind: Kind,
    /// The mask that a name must have. Nothing for one that goes by paths.
    pub(super) mask: u32,
    text: Vec<u8>,
    prefers: Option<Prefers>,
}

#[derive(Debug)]
pub(super) enum Kind {
    Substring(Substring),
    Glob(Box<Glob>),
    Segments(Segments),
    Fuzzy(Fuzzy),
}

impl Pattern {
    fn new(text: &[u8], kind: Kind) -> Pattern {
        let name = split(text).1;
        let prefers = has_capitals(name).then(|| match &kind {
            Kind::Glob(_) | Kind::Segments(_) if glob::is_glob(name) => {
                Prefers::Glob(Glob::exact(name).ok().map(Box::new))
            }
            Kind::Fuzzy(_) => Prefers::Letters(fold::spelled(name)),
            _ => Prefers::Words(words(name).map(fold::spelled).collect()),
        });
        let mask = match &kind {
            Kind::Substring(_) => char_mask(&fold::key(text)),
            Kind::Glob(glob) => glob.mask,
            Kind::Segments(_) => 0,
            Kind::Fuzzy(fuzzy) => fuzzy.rest_from(0),
        };
        Pattern {
            kind,
            mask,
            text: text.to_vec(),
            prefers,
        }
    }

    /// Names that contain a text; with a slash in it, paths.
    pub(super) fn substring(text: &[u8]) -> Result<Pattern, Refused> {
        if text.contains(&b'/') {
            let segments = Segments::containing(text).map_err(|_| Refused::TooLong)?;
            return Ok(Pattern::new(text, Kind::Segments(segments)));
        }
        Ok(Pattern::new(text, Kind::Substring(Substring::new(text))))
    }

    /// Names that a glob matches; with a slash in it, paths.
    pub(super) fn glob(text: &[u8]) -> Result<Pattern, Refused> {
        let kind = if text.contains(&b'/') {
            Segments::glob(text, None).map(Kind::Segments)
        } else {
            Glob::new(text).map(|glob| Kind::Glob(Box::new(glob)))
        };
        Ok(Pattern::new(text, kind.map_err(Refused::Glob)?))
    }

    /// Paths that a glob matches in these sources (ascending), from their roots down.
    pub(super) fn glob_within(sources: Vec<u32>, path: &[u8]) -> Result<Pattern, Refused> {
        let text = [b"/", path].concat();
        let segments = Segments::glob(&text, Some(sources)).map_err(Refused::Glob)?;
        Ok(Pattern::new(path, Kind::Segments(segments)))
    }

    /// Names that have the letters in their order, or paths.
    pub(super) fn fuzzy(text: &[u8]) -> Result<Pattern, Refused> {
        let text = squeezed(text);
        let fuzzy = Fuzzy::new(&text);
        match fuzzy.len() {
            // A single letter is a substring.
            0 | 1 if !fuzzy.has_slash() => Pattern::substring(&text),
            0..=fuzzy::MAX_LETTERS => Ok(Pattern::new(&text, Kind::Fuzzy(fuzzy))),
            _ => Err(Refused::TooLong),
        }
    }

    /// Names and paths that contain some words and not others.
    pub(super) fn words(
        text: &[u8],
        words: &[(&[u8], bool)],
        globs: bool,
    ) -> Result<Pattern, Refused> {
        let segments = Segments::words(text, words, globs).map_err(|_| Refused::TooLong)?;
        Ok(Pattern::new(text, Kind::Segments(segments)))
    }

    /// Entries whose path, in one of these sources (ascending), is this one or begins with it.
    pub(super) fn within(sources: Vec<u32>, path: &[u8]) -> Result<Pattern, Refused> {
        let segments = Segments::within(sources, path).map_err(|_| Refused::TooLong)?;
        Ok(Pattern::new(path, Kind::Segments(segments)))
    }

    /// Whether names are needed in their marked form.
    pub(super) fn is_marked(&self) -> bool {
        match &self.kind {
            Kind::Glob(glob) => glob.is_marked,
            _ => false,
        }
    }

    /// Maximum number of steps for each byte of a name, including the check of its spelling.
    pub(super) fn weight(&self) -> usize {
        let own = match &self.kind {
            Kind::Glob(glob) => glob.weight(),
            Kind::Fuzzy(fuzzy) => fuzzy.len(),
            Kind::Substring(substring) => substring.finder.needle().len(),
            Kind::Segments(segments) => segments.weight(),
        };
        let spelling = match &self.prefers {
            Some(Prefers::Glob(glob)) => glob.as_ref().map_or(0, |glob| glob.weight()),
            Some(Prefers::Words(words)) => words.len(),
            _ => 0,
        };
        1 + own + spelling
    }

    /// Whether a name matches, and how well, without case. A match that scores less than `least`
    /// need only be counted.
    pub(super) fn fit(&self, text: &[u8], name: &Spelling<'_>, least: i32) -> Option<Fit> {
        match &self.kind {
            Kind::Glob(glob) => {
                let matches = glob.matches(if glob.is_marked { text } else { name.key });
                matches.then(|| Fit::new(MatchKind::Exact, 0, name.key))
            }
            Kind::Fuzzy(fuzzy) => {
                let end = fuzzy.end(name)?;
                Some(fuzzy.fit(name, end, least))
            }
            Kind::Substring(substring) => {
                let at = substring.finder.find(name.key)?;
                Some(substring.fit(name, at, least))
            }
            Kind::Segments(_) => None,
        }
    }

    /// Whether a name that contains the text contains it with its marks.
    pub(super) fn has_marks(&self, name: &Spelling<'_>) -> bool {
        match &self.kind {
            Kind::Substring(substring) => substring.has_marks(name, 0),
            _ => true,
        }
    }

    /// Whether it prefers a spelling.
    pub(super) fn prefers(&self) -> bool {
        self.prefers.is_some()
    }

    /// Whether a name has the preferred spelling.
    pub(super) fn is_preferred(&self, name: &[u8]) -> bool {
        let has = |name: &[u8]| self.prefers.as_ref().is_some_and(|p| p.has(name));
        match name.is_ascii() {
            true => has(name),
            false => has(&fold::spelled(name)),
        }
    }

    /// Whether every name that matches this pattern also matched `before`.
    pub(super) fn extends(&self, before: &Pattern) -> bool {
        match (&self.kind, &before.kind) {
            (Kind::Substring(own), Kind::Substring(before)) => {
                before.finder.find(own.finder.needle()).is_some()
                    && before
                        .marked
                        .as_ref()
                        .is_none_or(|marked| fold::contains(&fold::marked(&self.text), marked))
            }
            (Kind::Substring(_) | Kind::Fuzzy(_), Kind::Fuzzy(before)) => {
                Fuzzy::extends(&self.text, before)
            }
            _ => false,
        }
    }
}

/// A text that names contain.
#[derive(Debug)]
pub(super) struct Substring {
    pub(super) finder: Finder<'static>,
    /// Its marked form, if it has marks.
    marked: Option<Vec<u8>>,
    /// These marks, each with the place of its letter.
    marks: Vec<(usize, Vec<u8>)>,
    has_lone_marks: bool,
}

impl Substring {
    fn new(text: &[u8]) -> Substring {
        let marked = fold::marked(text);
        let is_marked = fold::is_marked(&marked);
        let mut marks = Vec::new();
        let mut has_lone_marks = false;
        let mut at = 0;
        for letter in fold::letters(&marked) {
            if !letter.marks.is_empty() {
                marks.push((at, letter.marks.to_vec()));
                has_lone_marks |= fold::is_no_character(letter.base);
            }
            at += letter.base.len();
        }
        Substring {
            finder: Finder::new(&fold::key(text)).into_owned(),
            marked: is_marked.then_some(marked),
            marks,
            has_lone_marks,
        }
    }

    /// How well a name matches that contains the text at a place, but not before it.
    pub(super) fn fit(&self, name: &Spelling<'_>, at: usize, least: i32) -> Fit {
        let is_low = Fit::at_most(MatchKind::Word) < least;
        if at > 0 && is_low {
            return Fit::BELOW;
        }
        let rank = name.rank(at, self.finder.needle().len());
        let later = match rank < MatchKind::Word && !is_low {
            true => best_place(name, &self.finder, at + 1),
            false => None,
        };
        let rank = later.map_or(rank, |(later, _)| rank.max(later));
        Fit::new(rank, 0, name.key)
    }

    /// Whether it has marks.
    pub(super) fn is_marked(&self) -> bool {
        self.marked.is_some()
    }

    /// Whether a name contains the text with its marks, given that the text does not occur before a
    /// place.
    pub(super) fn has_marks(&self, name: &Spelling<'_>, place: usize) -> bool {
        let Some(marked) = &self.marked else {
            return true;
        };
        if name.key.len() > 128 || self.has_lone_marks {
            return name
                .marked()
                .is_some_and(|name| fold::contains(&name, marked));
        }
        let fits = self.marks.iter().fold(!0, |fits, (at, marks)| {
            fits & name
                .with_marks(marks)
                .checked_shr(*at as u32)
                .unwrap_or_default()
        });
        let mut from = place;
        while fits != 0
            && let Some(found) = name.key.get(from..).and_then(|rest| self.finder.find(rest))
        {
            if fits >> (from + found) & 1 == 1 {
                return true;
            }
            from += found + 1;
        }
        false
    }
}

/// The spelling of a query that has capitals.
#[derive(Debug)]
enum Prefers {
    Words(Vec<Vec<u8>>),
    /// In their order.
    Letters(Vec<u8>),
    /// None if the name alone is no glob.
    Glob(Option<Box<Glob>>),
}

impl Prefers {
    fn has(&self, name: &[u8]) -> bool {
        match self {
            Prefers::Words(words) => words.iter().all(|word| memmem::find(name, word).is_some()),
            Prefers::Letters(letters) => {
                let mut rest = name;
                let mut wanted = letters.as_slice();
                while let Some((unit, after)) = fold::unit(wanted) {
                    let Some(at) = memmem::find(rest, unit) else {
                        return false;
                    };
                    rest = rest.get(at + unit.len()..).unwrap_or_default();
                    wanted = after;
                }
                true
            }
            Prefers::Glob(glob) => glob.as_ref().is_some_and(|glob| glob.matches(name)),
        }
    }
}

fn has_capitals(text: &[u8]) -> bool {
    let mut chunks = text.utf8_chunks();
    chunks.any(|chunk| chunk.valid().chars().any(char::is_uppercase))
}

/// The words of a text that are not excluded.
fn words(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    let words = text.split(|byte| matches!(byte, b' ' | b'\t'));
    words.filter(|word| !word.is_empty() && !word.starts_with(b"!"))
}

/// Without spaces, which only structure a fuzzy query for its author, and without trailing slashes,
/// after which more will be typed.
fn squeezed(text: &[u8]) -> Vec<u8> {
    let mut text: Vec<u8> = text.iter().copied().filter(|&byte| byte != b' ').collect();
    while text.last() == Some(&b'/') {
        text.pop();
    }
    text
}
