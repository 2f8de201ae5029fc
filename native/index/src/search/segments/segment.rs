//! One segment of a path: a glob or a text for one name, or any number of folders.

use memchr::memmem::Finder;

use crate::search::char_mask::{char_mask, has};
use crate::search::fold;
use crate::search::fuzzy::best_place;
use crate::search::glob::Glob;
use crate::search::path::PathName;
use crate::search::rank::MatchKind;

#[derive(Debug)]
pub(super) enum Segment {
    /// `**`: any number of folders.
    Deep,
    Glob(Box<Glob>),
    Text(Box<NameText>),
}

/// A text at a name's end or beginning, anywhere in it, or the whole name.
#[derive(Debug)]
pub(super) struct NameText {
    finder: Finder<'static>,
    /// The text with its marks, if it has any.
    marked: Option<Vec<u8>>,
    mask: u32,
    before: bool,
    after: bool,
}

impl NameText {
    pub(super) fn new(text: &[u8], before: bool, after: bool) -> NameText {
        let marked = fold::marked(text);
        let key = fold::key(text);
        NameText {
            mask: char_mask(&key),
            finder: Finder::new(&key).into_owned(),
            marked: fold::is_marked(&marked).then_some(marked),
            before,
            after,
        }
    }

    pub(super) fn matches(&self, name: &PathName<'_>) -> bool {
        let (own, key) = (name.spelling().key, self.finder.needle());
        let fits = match (self.before, self.after) {
            (true, true) => self.finder.find(own).is_some(),
            (false, true) => own.starts_with(key),
            (true, false) => own.ends_with(key),
            (false, false) => own == key,
        };
        fits && self
            .marked
            .as_ref()
            .is_none_or(|marked| match (self.before, self.after) {
                (true, true) => fold::contains(name.marked(), marked),
                (false, true) => fold::starts_with(name.marked(), marked),
                (true, false) => fold::ends_with(name.marked(), marked, false),
                (false, false) => fold::ends_with(name.marked(), marked, true),
            })
    }

    pub(super) fn rank(&self, name: &PathName<'_>) -> MatchKind {
        let length = self.finder.needle().len();
        match self.before {
            true => {
                best_place(name.spelling(), &self.finder, 0).map_or(MatchKind::Together, |b| b.0)
            }
            false => name.spelling().rank(0, length),
        }
    }
}

impl Segment {
    pub(super) fn text(text: &[u8], before: bool, after: bool) -> Segment {
        Segment::Text(Box::new(NameText::new(text, before, after)))
    }

    pub(super) fn mask(&self) -> u32 {
        match self {
            Segment::Deep => 0,
            Segment::Glob(glob) => glob.mask,
            Segment::Text(text) => text.mask,
        }
    }

    pub(super) fn matches(&self, name: &PathName<'_>) -> bool {
        has(name.mask, self.mask())
            && match self {
                Segment::Deep => true,
                Segment::Glob(glob) if glob.is_marked => glob.matches(name.marked()),
                Segment::Glob(glob) => glob.matches(name.spelling().key),
                Segment::Text(text) => text.matches(name),
            }
    }

    pub(super) fn weight(&self) -> usize {
        match self {
            Segment::Glob(glob) => glob.weight(),
            Segment::Text(text) => 1 + text.finder.needle().len(),
            Segment::Deep => 1,
        }
    }
}

/// A glob: with a slash in front it begins at the root, otherwise in any folder.
pub(super) fn glob_chain(text: &[u8]) -> Result<Vec<Segment>, &'static str> {
    let (floats, text) = match text.strip_prefix(b"/") {
        Some(text) => (false, text),
        None => (true, text),
    };
    let mut segments = Vec::new();
    segments.extend(floats.then_some(Segment::Deep));
    for segment in text.split(|&byte| byte == b'/') {
        match (segment, segments.last()) {
            (b"**", Some(Segment::Deep)) | (b"", _) => {}
            (b"**", _) => segments.push(Segment::Deep),
            _ => segments.push(glob(segment)?),
        }
    }
    // A `**` at the end means everything beneath the folder, not the folder itself.
    if let Some(Segment::Deep) | None = segments.last() {
        segments.push(glob(b"*")?);
    }
    Ok(segments)
}

fn glob(text: &[u8]) -> Result<Segment, &'static str> {
    Ok(Segment::Glob(Box::new(Glob::new(text)?)))
}

/// Paths that contain a text, as if each path began with a slash.
pub(super) fn text_chain(text: &[u8]) -> Vec<Segment> {
    let (whole, text) = match text.strip_prefix(b"/") {
        Some(text) => (true, text),
        None => (false, text),
    };
    std::iter::once(Segment::Deep)
        .chain(texts(text, !whole))
        .collect()
}

/// The names of a path. The first may begin, and the last may end, within a name.
pub(super) fn texts(text: &[u8], before: bool) -> impl Iterator<Item = Segment> {
    let count = text.split(|&byte| byte == b'/').count();
    let names = text.split(|&byte| byte == b'/').enumerate();
    names.map(move |(at, name)| Segment::text(name, at == 0 && before, at + 1 == count))
}
