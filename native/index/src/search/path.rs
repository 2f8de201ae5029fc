//! Matching full paths segment by segment: how far the query has come is known for every folder, from its parent's
//! and its name, so each name is looked at once and no path is put together. An entry matches by its path only if its
//! own name takes part: what is in a folder is not found by the folder's name alone; the folder is.

use std::sync::atomic::{AtomicBool, Ordering};

use super::fuzzy::Fuzzy;
use super::glob::Glob;
use super::letters::{has, letters};
use super::names::{Names, State};
use super::rank::short;
use super::{BLOCK, Refused};

/// A query that goes down paths.
pub(super) trait Steps: Sync {
    /// How far it has come.
    type At: Copy + Send + Sync;
    /// Nowhere: nothing below can match.
    const NOWHERE: Self::At;
    /// In a root.
    fn root(&self) -> Self::At;
    /// In a folder that has this name.
    fn step(&self, at: Self::At, name: &[u8], letters: u32) -> Self::At;
    /// What the name of an entry must have, or nothing if none can match.
    fn wanted(&self, at: Self::At) -> Option<u32>;
    /// Whether an entry matches, and how well.
    fn matches(&self, at: Self::At, name: &[u8]) -> Option<i32>;
}

/// Where each folder stands.
pub(super) fn stand<S: Steps>(
    names: &Names,
    steps: &S,
    exact: bool,
    cancel: &AtomicBool,
) -> Result<Vec<S::At>, Refused> {
    let mut all = vec![S::NOWHERE; names.folders.len()];
    let mut room = Vec::new();
    for (count, (place, folder)) in names.downwards().enumerate() {
        if count % BLOCK == 0 && cancel.load(Ordering::Relaxed) {
            return Err(Refused::Cancelled);
        }
        if folder.state == State::Gone {
            continue;
        }
        let at = match (all.get(folder.parent as usize), names.place(folder.entry)) {
            (Some(&at), Some((shard, entry))) => {
                let letters = shard.letters(entry, entry + 1);
                let letters = letters.first().copied().unwrap_or_default();
                let name = match exact {
                    true => shard.name(entry, &mut room),
                    false => shard.small(entry),
                };
                steps.step(at, name, letters)
            }
            _ => steps.root(),
        };
        if let Some(place) = all.get_mut(place) {
            *place = at;
        }
    }
    Ok(all)
}

/// Letters taken so far.
impl Steps for Fuzzy {
    type At = u8;
    // The root's, in fact: letters may come from anywhere further down.
    const NOWHERE: u8 = 0;

    fn root(&self) -> u8 {
        self.take_slash(0) as u8
    }

    fn step(&self, at: u8, name: &[u8], letters: u32) -> u8 {
        let from = usize::from(at);
        // Without the next letter, the name cannot take any; most names end here.
        let reached = match self.may_take(from, letters) {
            true => self.take(from, name).0,
            false => from,
        };
        // The last letter is for the entry's own name.
        let most = self.len().saturating_sub(1);
        self.take_slash(reached).min(most) as u8
    }

    fn wanted(&self, at: u8) -> Option<u32> {
        // Where the path gave nothing, the name alone has been looked at already.
        (at > 0).then(|| self.rest_from(usize::from(at)))
    }

    fn matches(&self, at: u8, name: &[u8]) -> Option<i32> {
        let from = usize::from(at);
        let (reached, end) = self.take(from, name);
        if reached < self.len() || self.take(0, name).0 == self.len() {
            return None;
        }
        let span = self.span(from, end, name);
        Some(8 * (self.len() - from).min(8) as i32 - span.gaps.min(24) as i32)
    }
}

/// A glob over whole paths.
#[derive(Debug)]
pub(super) struct PathGlob {
    segments: Vec<Segment>,
}

#[derive(Debug)]
enum Segment {
    /// `**`: any number of folders.
    Deep,
    Name(Glob),
    /// The text is at the name's end, its beginning, or all of it.
    Text {
        text: Vec<u8>,
        letters: u32,
        before: bool,
        after: bool,
    },
}

impl Segment {
    fn letters(&self) -> u32 {
        match self {
            Segment::Deep => 0,
            Segment::Name(glob) => glob.letters,
            Segment::Text { letters, .. } => *letters,
        }
    }

    fn matches(&self, name: &[u8]) -> bool {
        match self {
            Segment::Deep => true,
            Segment::Name(glob) => glob.matches(name),
            Segment::Text {
                text,
                before,
                after,
                ..
            } => {
                let fits = *before || *after || name.len() == text.len();
                fits && (*after || name.ends_with(text)) && (*before || name.starts_with(text))
            }
        }
    }
}

impl PathGlob {
    /// With a slash in front it begins at the root, otherwise in any folder.
    pub(super) fn new(text: &[u8]) -> Result<PathGlob, &'static str> {
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
                _ => segments.push(Segment::Name(Glob::new(segment)?)),
            }
        }
        // At the end it stands for everything beneath, not for the folder itself.
        if let Some(Segment::Deep) = segments.last() {
            segments.push(Segment::Name(Glob::new(b"*")?));
        }
        PathGlob::of(segments)
    }

    /// Paths that contain a text with slashes in it.
    pub(super) fn containing(text: &[u8]) -> Result<PathGlob, &'static str> {
        // A path begins as if a slash came before it.
        let (whole, text) = match text.strip_prefix(b"/") {
            Some(text) => (true, text),
            None => (false, text),
        };
        let mut segments = vec![Segment::Deep];
        let count = text.split(|&byte| byte == b'/').count();
        for (at, name) in text.split(|&byte| byte == b'/').enumerate() {
            segments.push(Segment::Text {
                text: name.to_vec(),
                letters: letters(name),
                before: at == 0 && !whole,
                after: at + 1 == count,
            });
        }
        PathGlob::of(segments)
    }

    fn of(segments: Vec<Segment>) -> Result<PathGlob, &'static str> {
        if segments.len() > 63 {
            return Err("it has more than 63 segments");
        }
        Ok(PathGlob { segments })
    }

    /// Positions reached from these without a name.
    fn close(&self, mut at: u64) -> u64 {
        for (place, segment) in self.segments.iter().enumerate() {
            if let Segment::Deep = segment {
                at |= (at >> place & 1) << (place + 1);
            }
        }
        at
    }

    fn last(&self) -> u64 {
        1 << self.segments.len()
    }
}

/// A bit for every segment that may come next.
impl Steps for PathGlob {
    type At = u64;
    const NOWHERE: u64 = 0;

    fn root(&self) -> u64 {
        self.close(1)
    }

    fn step(&self, at: u64, name: &[u8], bits: u32) -> u64 {
        let mut next = 0;
        let mut left = at & (self.last() - 1);
        while left != 0 {
            let place = left.trailing_zeros();
            left &= left - 1;
            next |= match self.segments.get(place as usize) {
                Some(Segment::Deep) => 1 << place,
                Some(segment) => {
                    let matches = has(bits, segment.letters()) && segment.matches(name);
                    u64::from(matches) << (place + 1)
                }
                None => 0,
            };
        }
        self.close(next)
    }

    fn wanted(&self, at: u64) -> Option<u32> {
        // Only who has come to the last segment can be there after one more name.
        let last = self.segments.len().checked_sub(1)?;
        let segment = self.segments.get(last)?;
        (at >> last & 1 == 1).then(|| segment.letters())
    }

    fn matches(&self, _at: u64, name: &[u8]) -> Option<i32> {
        let segment = self.segments.last()?;
        segment.matches(name).then(|| short(name))
    }
}
