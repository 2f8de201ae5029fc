//! Queries about folders as well as names: globs and texts with slashes, and several words in any
//! order. Each is a chain of segments. The state of all chains is one word, with a bit for every
//! segment that may come next.

mod segment;

use memchr::memmem::Finder;

use self::segment::{Segment, glob_chain, text_chain, texts};
use super::fold;
use super::fuzzy::best_place;
use super::glob;
use super::path::{PathName, Steps};
use super::rank::{Fit, MatchKind};

/// A bit for each segment, and one more for each chain.
type Bits = u128;
const MAX_BITS: usize = 127;

const TOO_MANY: &str = "it has too many segments";

/// Set beneath a folder that matches an excluded word.
const EXCLUDED: Bits = 1 << MAX_BITS;

/// A sequence of segments, each with a bit. The bit after the last says that the chain has matched.
#[derive(Debug)]
struct Chain {
    segments: Vec<Segment>,
    first: usize,
    is_excluded: bool,
    /// It begins only at the roots of these sources, which are ascending.
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

/// Chains of which one has to match, or all.
#[derive(Debug)]
pub(super) struct Segments {
    chains: Vec<Chain>,
    /// All have to match, anywhere in the path.
    each: bool,
    /// The words as one text.
    whole: Option<Finder<'static>>,
}

impl Segments {
    /// A glob: with a slash in front it begins at the root, of one of these sources (ascending) if there are any,
    /// otherwise in any folder.
    pub(super) fn glob(text: &[u8], sources: Option<Vec<u32>>) -> Result<Segments, &'static str> {
        let chains = match glob_chain(text) {
            Ok(chain) => vec![chain],
            // Some braces may contain a slash.
            Err(_) => {
                let mut chains = Vec::new();
                let mut bits = 0;
                for text in glob::expand(text)? {
                    // Counted before it is parsed.
                    let names = text.split(|&byte| byte == b'/');
                    bits += 1 + names.filter(|name| !matches!(*name, b"" | b"**")).count();
                    if bits > MAX_BITS {
                        return Err(TOO_MANY);
                    }
                    chains.push(glob_chain(&text)?);
                }
                chains
            }
        };
        let chains = chains.into_iter();
        let chains = chains.map(|chain| (chain, false, sources.clone()));
        Segments::of(chains.collect(), false)
    }

    /// Paths that contain a text with slashes in it.
    pub(super) fn containing(text: &[u8]) -> Result<Segments, &'static str> {
        Segments::of(vec![(text_chain(text), false, None)], false)
    }

    /// A path in these sources, or the beginning of one.
    pub(super) fn within(sources: Vec<u32>, path: &[u8]) -> Result<Segments, &'static str> {
        let segments = texts(path, false).collect();
        Segments::of(vec![(segments, false, Some(sources))], false)
    }

    /// The words of a text, each with whether it is excluded. With `globs`, words may be globs.
    pub(super) fn words(
        text: &[u8],
        words: &[(&[u8], bool)],
        globs: bool,
    ) -> Result<Segments, &'static str> {
        let chains = words.iter().map(|&(word, is_excluded)| {
            let segments = match word.contains(&b'/') {
                _ if globs && glob::is_glob(word) => glob_chain(word)?,
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
        if first > MAX_BITS {
            return Err(TOO_MANY);
        }
        Ok(Segments {
            chains: all,
            each,
            whole: None,
        })
    }

    /// The state after all steps that take no name.
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

    /// The state after a name. A bit for a matched chain is set for this name only.
    fn advance(&self, at: Bits, name: &PathName<'_>) -> Bits {
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

    /// How well a name matches the last segment of a chain.
    fn rank(chain: &Chain, name: &PathName<'_>) -> MatchKind {
        match chain.segments.last() {
            Some(Segment::Text(text)) => text.rank(name),
            _ => MatchKind::Path,
        }
    }
}

/// The segments of a chain, whether it is excluded, and the sources that it may begin in.
type Parts = (Vec<Segment>, bool, Option<Vec<u32>>);

impl Steps for Segments {
    type At = Bits;
    const NOWHERE: Bits = 0;

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

    fn step(&self, at: Bits, name: &PathName<'_>) -> Bits {
        if at & EXCLUDED != 0 {
            return at;
        }
        let mut next = self.advance(at, name);
        if self.is_excluded(next) {
            return EXCLUDED;
        }
        for chain in self.wants() {
            // If all words have to match, what a folder has matched counts for everything beneath
            // it.
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
            is_open.then(|| chain.segments.last().map_or(0, Segment::mask))
        };
        if !self.each {
            // Only a chain at its last segment can match with one more name.
            return self.wants().filter_map(wanted).reduce(|a, b| a & b);
        }
        let mut left = self
            .wants()
            .filter(|chain| at & chain.matched() == 0)
            .peekable();
        if left.peek().is_none() {
            // All words have matched above; the name must have one of them as well.
            return Some(
                self.wants()
                    .filter_map(wanted)
                    .reduce(|a, b| a & b)
                    .unwrap_or(0),
            );
        }
        left.try_fold(0, |all, chain| Some(all | wanted(chain)?))
    }

    fn matches(&self, at: Bits, name: &PathName<'_>) -> Option<Fit> {
        let next = self.advance(at, name);
        if self.is_excluded(next | at) {
            return None;
        }
        let own = self.wants().filter(|chain| next & chain.matched() != 0);
        if !self.each {
            let rank = own.map(|chain| Segments::rank(chain, name)).max()?;
            return Some(Fit::new(rank, 0, name.spelling().key));
        }
        let missing = |chain: &Chain| (at | next) & chain.matched() == 0;
        if self.wants().any(missing) {
            return None;
        }
        let key = name.spelling().key;
        // As good as the word that matches worst; below all names if a word matches only above.
        let count = self.wants().count();
        let (ranks, least) = own.fold((0, None), |(ranks, least), chain| {
            let rank = Segments::rank(chain, name);
            (
                ranks + 1,
                Some(least.map_or(rank, |least: MatchKind| least.min(rank))),
            )
        });
        let whole = self.whole.as_ref();
        if let Some((rank, _)) = whole.and_then(|whole| best_place(name.spelling(), whole, 0)) {
            return Some(Fit::new(rank, 0, key));
        }
        match least {
            Some(least) if ranks == count => Some(Fit::new(least, 1, key)),
            Some(least) => {
                let spread = 10 * (count - ranks) + (MatchKind::Exact as usize - least as usize);
                Some(Fit::new(MatchKind::Path, spread, key))
            }
            // All words are excluded ones.
            None => (count == 0).then(|| Fit::new(MatchKind::Path, 0, key)),
        }
    }
}
