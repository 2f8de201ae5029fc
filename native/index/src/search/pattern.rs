//! A query, ready to be held against names: what kind it is, whether capitals matter, which letters a name must have.

use memchr::memmem::{self, Finder};

use super::fuzzy::{self, Fuzzy};
use super::glob::Glob;
use super::path::PathGlob;
use super::rank;
use super::{Mode, Refused};

#[derive(Debug)]
pub(super) struct Pattern {
    pub(super) kind: Kind,
    /// Whether capitals matter: they do if the query has one.
    pub(super) exact: bool,
    /// What a name must have. Nothing for one that goes by paths.
    pub(super) letters: u32,
    text: Vec<u8>,
    /// The same in small letters, where capitals matter and a look at small letters saves one at the name.
    small: Option<Fuzzy>,
}

#[derive(Debug)]
pub(super) enum Kind {
    Substring(Finder<'static>),
    Glob(Glob),
    Path(PathGlob),
    Fuzzy(Fuzzy),
}

impl Pattern {
    pub(super) fn new(text: &[u8], mode: Mode) -> Result<Pattern, Refused> {
        let special = |byte: &u8| matches!(byte, b'*' | b'?' | b'[');
        let mode = match mode {
            Mode::Auto if text.iter().any(special) => Mode::Glob,
            Mode::Auto => Mode::Fuzzy,
            mode => mode,
        };
        if text.len() > 4 * fuzzy::LONGEST {
            return Err(Refused::TooLong);
        }
        let slash = text.contains(&b'/');
        let exact = text.iter().any(u8::is_ascii_uppercase);
        let refuse = |reason| Refused::Glob(reason);
        let kind = match mode {
            Mode::Glob if slash => Kind::Path(PathGlob::new(text).map_err(refuse)?),
            Mode::Glob => Kind::Glob(Glob::new(text).map_err(refuse)?),
            Mode::Substring if slash => Kind::Path(PathGlob::containing(text).map_err(refuse)?),
            Mode::Substring => {
                Kind::Substring(Finder::new(&text.to_ascii_lowercase()).into_owned())
            }
            Mode::Fuzzy | Mode::Auto => Kind::Fuzzy(Fuzzy::new(&squeezed(text))),
        };
        let letters = match &kind {
            Kind::Substring(_) => super::letters::letters(text),
            Kind::Glob(glob) => glob.letters,
            Kind::Path(_) => 0,
            Kind::Fuzzy(fuzzy) if fuzzy.len() > fuzzy::LONGEST => return Err(Refused::TooLong),
            Kind::Fuzzy(fuzzy) => fuzzy.rest_from(0),
        };
        let small = match &kind {
            Kind::Fuzzy(_) if exact => Some(Fuzzy::new(&squeezed(&text.to_ascii_lowercase()))),
            _ => None,
        };
        Ok(Pattern {
            kind,
            small,
            exact,
            letters,
            text: text.to_vec(),
        })
    }

    /// Whether a name can match, by what it is in small letters.
    pub(super) fn may_match(&self, small: &[u8]) -> bool {
        self.small
            .as_ref()
            .is_none_or(|fuzzy| fuzzy.take(0, small).0 == fuzzy.len())
    }

    /// Whether a name matches, and how well: as it is if capitals matter, otherwise in small letters.
    /// Below `least`, it need not be told exactly how well.
    pub(super) fn score(&self, name: &[u8], least: i32) -> Option<i32> {
        match &self.kind {
            Kind::Substring(finder) => {
                let at = match self.exact {
                    true => memmem::find(name, &self.text),
                    false => finder.find(name),
                };
                at.map(|at| rank::substring(name, at, self.text.len()))
            }
            Kind::Glob(glob) => glob.matches(name).then(|| rank::short(name)),
            Kind::Fuzzy(fuzzy) => {
                let (reached, end) = fuzzy.take(0, name);
                if reached < fuzzy.len() {
                    return None;
                }
                let most = rank::fuzzy_at_most(name, fuzzy.first());
                if most < least {
                    return Some(most);
                }
                Some(rank::fuzzy(name, fuzzy.span(0, end, name)))
            }
            Kind::Path(_) => None,
        }
    }

    /// What the matches are ranked by more exactly.
    pub(super) fn needle(&self) -> Option<Vec<u8>> {
        match self.kind {
            Kind::Fuzzy(_) => Some(squeezed(&self.text)),
            _ => None,
        }
    }

    /// Whether every name that matches this one matched `before`, too.
    pub(super) fn extends(&self, before: &Pattern) -> bool {
        if before.exact && !self.exact {
            return false;
        }
        match (&self.kind, &before.kind) {
            (Kind::Substring(_), Kind::Substring(finder)) => match before.exact {
                true => memmem::find(&self.text, &before.text).is_some(),
                false => finder.find(&self.text.to_ascii_lowercase()).is_some(),
            },
            (Kind::Fuzzy(_), Kind::Fuzzy(fuzzy)) => {
                let text = match before.exact {
                    true => squeezed(&self.text),
                    false => squeezed(&self.text.to_ascii_lowercase()),
                };
                Fuzzy::new(&text).extends(fuzzy)
            }
            _ => false,
        }
    }
}

/// Without spaces, which only divide a fuzzy query for its writer, and without slashes at the end, after which
/// more is still to be typed.
fn squeezed(text: &[u8]) -> Vec<u8> {
    let mut text: Vec<u8> = text.iter().copied().filter(|&byte| byte != b' ').collect();
    while text.last() == Some(&b'/') {
        text.pop();
    }
    text
}
