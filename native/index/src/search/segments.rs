//! Queries that say which folders an entry is in: globs and texts with slashes, and several words, which names and paths
//! have in any order. Each is a chain of segments; where the chains stand is a bit for every segment that may come
//! next, for all of them in one word.

use memchr::memmem::Finder;

use super::fold;
use super::fuzzy::best_place;
use super::glob::{self, Glob};
use super::letters::{has, letters};
use super::path::{Step, Steps};
use super::rank::{Fit, Rank};

/// A bit for each segment, and one more for each chain.
type Bits = u128;
const MOST: usize = 127;

/// Set where something that is not wanted lies above.
const EXCLUDED: Bits = 1 << MOST;

#[derive(Debug)]
enum Segment {
    /// `**`: any number of folders.
    Deep,
    Glob(Box<Glob>),
    Text(Box<Text>),
}

/// A text at a name's end, its beginning, anywhere in it, or all of it.
#[derive(Debug)]
struct Text {
    finder: Finder<'static>,
    /// What the name has with its marks, if the text has any.
    marked: Option<Vec<u8>>,
    letters: u32,
    before: bool,
    after: bool,
}

impl Text {
    fn new(text: &[u8], before: bool, after: bool) -> Text {
        let marked = fold::marked(text);
        let key = fold::key(text);
        Text {
            letters: letters(&key),
            finder: Finder::new(&key).into_owned(),
            marked: fold::is_marked(&marked).then_some(marked),
            before,
            after,
        }
    }

    fn matches(&self, name: &Step<'_>) -> bool {
        let (own, key) = (name.spelling.key, self.finder.needle());
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
                (true, true) => fold::contains(name.text, marked),
                (false, true) => fold::starts_with(name.text, marked),
                (true, false) => fold::ends_with(name.text, marked, false),
                (false, false) => fold::ends_with(name.text, marked, true),
            })
    }

    fn rank(&self, name: &Step<'_>) -> Rank {
        let length = self.finder.needle().len();
        match self.before {
            true => best_place(&name.spelling, &self.finder, 0).map_or(Rank::Together, |b| b.0),
            false => name.spelling.rank(0, length),
        }
    }
}

impl Segment {
    fn text(text: &[u8], before: bool, after: bool) -> Segment {
        Segment::Text(Box::new(Text::new(text, before, after)))
    }

    fn letters(&self) -> u32 {
        match self {
            Segment::Deep => 0,
            Segment::Glob(glob) => glob.letters,
            Segment::Text(text) => text.letters,
        }
    }

    fn matches(&self, name: &Step<'_>) -> bool {
        has(name.letters, self.letters())
            && match self {
                Segment::Deep => true,
                Segment::Glob(glob) if glob.is_marked => glob.matches(name.text),
                Segment::Glob(glob) => glob.matches(name.spelling.key),
                Segment::Text(text) => text.matches(name),
            }
    }

    fn weight(&self) -> usize {
        match self {
            Segment::Glob(glob) => glob.weight(),
            Segment::Text(text) => 1 + text.finder.needle().len(),
            Segment::Deep => 1,
        }
    }

    fn is_marked(&self) -> bool {
        match self {
            Segment::Deep => false,
            Segment::Glob(glob) => glob.is_marked,
            Segment::Text(text) => text.marked.is_some(),
        }
    }
}

/// Segments one after the other. After the last of its bits comes one that says that it has matched.
#[derive(Debug)]
struct Chain {
    segments: Vec<Segment>,
    first: usize,
    is_excluded: bool,
    /// Begins at the roots of these sources alone, which ascend.
    sources: Option<Vec<u32>>,
}

impl Chain {
    fn last(&self) -> usize {
        self.first + self.segments.len() - 1
    }

    fn matched(&self) -> Bits {
        1 << (self.last() + 1)
    }
}

/// Chains of which one is to match, or each.
#[derive(Debug)]
pub(super) struct Segments {
    chains: Vec<Chain>,
    /// Each is to match, anywhere in the path.
    each: bool,
    is_marked: bool,
    /// The words as they stand beside each other.
    whole: Option<Finder<'static>>,
}

impl Segments {
    /// A glob: with a slash in front it begins at the root, otherwise in any folder.
    pub(super) fn glob(text: &[u8]) -> Result<Segments, &'static str> {
        let chains = match glob_chain(text) {
            Ok(chain) => vec![chain],
            // Some braces may go over a slash.
            Err(_) => {
                let texts = glob::expand(text)?;
                let chains = texts.iter().map(|text| glob_chain(text));
                chains.collect::<Result<_, _>>()?
            }
        };
        Segments::of(chains, false)
    }

    /// Paths that contain a text with slashes in it.
    pub(super) fn containing(text: &[u8]) -> Result<Segments, &'static str> {
        Segments::of(vec![(text_chain(text), false, None)], false)
    }

    /// The path of something in some sources, or the beginning of one.
    pub(super) fn within(sources: Vec<u32>, path: &[u8]) -> Result<Segments, &'static str> {
        let segments = texts(path, false).collect();
        Segments::of(vec![(segments, false, Some(sources))], false)
    }

    /// Words of a text, each of them wanted or not.
    /// May be globs, if that is how they are meant.
    pub(super) fn words(
        text: &[u8],
        words: &[(&[u8], bool)],
        globs: bool,
    ) -> Result<Segments, &'static str> {
        let chains = words.iter().map(|&(word, is_excluded)| {
            let segments = match word.contains(&b'/') {
                _ if globs && glob::is_glob(word) => glob_chain(word)?.0,
                true => text_chain(word),
                false => vec![Segment::Deep, Segment::text(word, true, true)],
            };
            Ok((segments, is_excluded, None))
        });
        let chains = chains.collect::<Result<_, &'static str>>()?;
        Ok(Segments {
            whole: Some(Finder::new(&fold::key(text)).into_owned()),
            ..Segments::of(chains, true)?
        })
    }

    fn of(chains: Vec<Parts>, each: bool) -> Result<Segments, &'static str> {
        let mut first = 0;
        let mut all = Vec::new();
        for (segments, is_excluded, sources) in chains {
            let next = first + segments.len() + 1;
            all.push(Chain {
                segments,
                first,
                is_excluded,
                sources,
            });
            first = next;
        }
        if first > MOST {
            return Err("it has too many segments");
        }
        let mut segments = all.iter().flat_map(|chain| &chain.segments);
        Ok(Segments {
            is_marked: segments.any(Segment::is_marked),
            chains: all,
            each,
            whole: None,
        })
    }

    /// Positions reached from these without a name.
    fn close(&self, mut at: Bits) -> Bits {
        for chain in &self.chains {
            for (place, segment) in (chain.first..).zip(&chain.segments) {
                if let Segment::Deep = segment {
                    at |= (at >> place & 1) << (place + 1);
                }
            }
        }
        at
    }

    /// Positions reached from these by a name; what has matched is set for this name alone.
    fn advance(&self, at: Bits, name: &Step<'_>) -> Bits {
        let mut next = 0;
        for chain in &self.chains {
            for (place, segment) in (chain.first..).zip(&chain.segments) {
                if at >> place & 1 == 0 {
                    continue;
                }
                next |= match segment {
                    Segment::Deep => 1 << place,
                    segment => Bits::from(segment.matches(name)) << (place + 1),
                };
            }
        }
        self.close(next)
    }

    fn wants(&self) -> impl Iterator<Item = &Chain> {
        self.chains.iter().filter(|chain| !chain.is_excluded)
    }

    fn is_excluded(&self, at: Bits) -> bool {
        let mut excluded = self.chains.iter().filter(|chain| chain.is_excluded);
        at & EXCLUDED != 0 || excluded.any(|chain| at & chain.matched() != 0)
    }

    /// How well a name fits of which this chain's last segment is to match.
    fn rank(chain: &Chain, name: &Step<'_>) -> Rank {
        match chain.segments.last() {
            Some(Segment::Text(text)) => text.rank(name),
            _ => Rank::Path,
        }
    }
}

type Parts = (Vec<Segment>, bool, Option<Vec<u32>>);

fn glob_chain(text: &[u8]) -> Result<Parts, &'static str> {
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
    // At the end it stands for everything beneath, not for the folder itself.
    if let Some(Segment::Deep) | None = segments.last() {
        segments.push(glob(b"*")?);
    }
    Ok((segments, false, None))
}

fn glob(text: &[u8]) -> Result<Segment, &'static str> {
    Ok(Segment::Glob(Box::new(Glob::new(text)?)))
}

/// Paths that contain a text; a path begins as if a slash came before it.
fn text_chain(text: &[u8]) -> Vec<Segment> {
    let (whole, text) = match text.strip_prefix(b"/") {
        Some(text) => (true, text),
        None => (false, text),
    };
    std::iter::once(Segment::Deep)
        .chain(texts(text, !whole))
        .collect()
}

/// Names one after the other, whole but for what is before the first and after the last.
fn texts(text: &[u8], before: bool) -> impl Iterator<Item = Segment> {
    let count = text.split(|&byte| byte == b'/').count();
    let names = text.split(|&byte| byte == b'/').enumerate();
    names.map(move |(at, name)| Segment::text(name, at == 0 && before, at + 1 == count))
}

impl Steps for Segments {
    type At = Bits;
    const NOWHERE: Bits = 0;

    fn is_marked(&self) -> bool {
        self.is_marked
    }

    fn weight(&self) -> usize {
        let segments = self.chains.iter().flat_map(|chain| &chain.segments);
        segments.map(Segment::weight).sum()
    }

    fn root(&self, source: u32) -> Bits {
        let begins = |chain: &&Chain| {
            let sources = chain.sources.as_ref();
            sources.is_none_or(|own| own.binary_search(&source).is_ok())
        };
        let chains = self.chains.iter().filter(begins);
        self.close(chains.fold(0, |at, chain| at | 1 << chain.first))
    }

    fn step(&self, at: Bits, name: Step<'_>) -> Bits {
        if at & EXCLUDED != 0 {
            return at;
        }
        let mut next = self.advance(at, &name);
        if self.is_excluded(next) {
            return EXCLUDED;
        }
        for chain in self.wants() {
            // What a folder has matched, all beneath it has, if other words are still to come.
            let has_matched = (at | next) & chain.matched();
            next = next & !chain.matched() | if self.each { has_matched } else { 0 };
        }
        next
    }

    fn wanted(&self, at: Bits) -> Option<u32> {
        if at & EXCLUDED != 0 {
            return None;
        }
        let wanted = |chain: &Chain| {
            let is_open = at >> chain.last() & 1 == 1;
            is_open.then(|| chain.segments.last().map_or(0, Segment::letters))
        };
        if !self.each {
            // Only what has come to a last segment can be there after one more name.
            return self.wants().filter_map(wanted).reduce(|a, b| a & b);
        }
        let mut left = self
            .wants()
            .filter(|chain| at & chain.matched() == 0)
            .peekable();
        if left.peek().is_none() {
            // Words above have matched all; the name is to have one of them, too.
            return Some(
                self.wants()
                    .filter_map(wanted)
                    .reduce(|a, b| a & b)
                    .unwrap_or(0),
            );
        }
        left.try_fold(0, |all, chain| Some(all | wanted(chain)?))
    }

    fn matches(&self, at: Bits, name: Step<'_>) -> Option<Fit> {
        let key = name.spelling.key;
        let next = self.advance(at, &name);
        if self.is_excluded(next | at) {
            return None;
        }
        let own = self.wants().filter(|chain| next & chain.matched() != 0);
        if !self.each {
            let rank = own.map(|chain| Segments::rank(chain, &name)).max()?;
            return Some(Fit::new(rank, 0, key));
        }
        let missing = |chain: &Chain| (at | next) & chain.matched() == 0;
        if self.wants().any(missing) {
            return None;
        }
        // As good as the word that fits least; below all names if a word is only above.
        let count = self.wants().count();
        let (ranks, least) = own.fold((0, None), |(ranks, least), chain| {
            let rank = Segments::rank(chain, &name);
            (
                ranks + 1,
                Some(least.map_or(rank, |least: Rank| least.min(rank))),
            )
        });
        let whole = self.whole.as_ref();
        if let Some((rank, _)) = whole.and_then(|whole| best_place(&name.spelling, whole, 0)) {
            return Some(Fit::new(rank, 0, key));
        }
        match least {
            Some(least) if ranks == count => Some(Fit::new(least, 1, key)),
            Some(least) => {
                let spread = 10 * (count - ranks) + (Rank::Exact as usize - least as usize);
                Some(Fit::new(Rank::Path, spread, key))
            }
            // Nothing is wanted but that something is not there.
            None => (count == 0).then(|| Fit::new(Rank::Path, 0, key)),
        }
    }
}
