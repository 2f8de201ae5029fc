//! A query whose letters may lie apart, but not be swapped. A letter is a whole character where the query is
//! UTF-8, and a byte where it is not: names are looked at as bytes, so every name can be found, and no letter
//! is made of parts of others. Taking each letter as early as possible finds a way if there is one, and tells
//! how far a folder's path has come, so that paths are matched without being put together.

use memchr::memmem::Finder;

use super::letters::letters;

/// How many letters a query may have.
pub(super) const LONGEST: usize = 250;

#[derive(Debug)]
pub(super) struct Fuzzy {
    letters: Vec<Vec<u8>>,
    /// The same, if all are single bytes, as most are: this is what a search spends its time with.
    plain: Option<Vec<u8>>,
    bits: Vec<u32>,
    /// The bits of all letters from each on, none of the last.
    rest: Vec<u32>,
    whole: Finder<'static>,
}

/// Where a name has the letters.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span {
    pub(super) start: usize,
    pub(super) gaps: usize,
}

impl Fuzzy {
    pub(super) fn new(text: &[u8]) -> Fuzzy {
        let mut found = Vec::new();
        for chunk in text.utf8_chunks() {
            found.extend(chunk.valid().chars().map(|c| c.to_string().into_bytes()));
            found.extend(chunk.invalid().iter().map(|&byte| vec![byte]));
        }
        let rest = (0..=found.len()).map(|from| {
            let rest = found.get(from..).unwrap_or_default();
            // A slash is never in a name.
            let names = rest.iter().filter(|letter| *letter != b"/");
            names.fold(0, |bits, letter| bits | letters(letter))
        });
        Fuzzy {
            rest: rest.collect(),
            bits: found.iter().map(|letter| letters(letter)).collect(),
            plain: found
                .iter()
                .all(|letter| letter.len() == 1)
                .then(|| found.concat()),
            whole: Finder::new(text).into_owned(),
            letters: found,
        }
    }

    pub(super) fn len(&self) -> usize {
        self.letters.len()
    }

    /// Whether it goes by paths only.
    pub(super) fn has_slash(&self) -> bool {
        self.letters.iter().any(|letter| letter == b"/")
    }

    /// What a name must have from a letter on.
    pub(super) fn rest_from(&self, from: usize) -> u32 {
        self.rest.get(from).copied().unwrap_or_default()
    }

    /// Whether a name of these bits can have a letter.
    pub(super) fn may_take(&self, letter: usize, bits: u32) -> bool {
        self.bits.get(letter).is_some_and(|own| bits & own != 0)
    }

    /// Takes letters from a name as early as they come, and says up to which letter and byte that went.
    pub(super) fn take(&self, mut letter: usize, name: &[u8]) -> (usize, usize) {
        let mut at = 0;
        if let Some(plain) = &self.plain {
            let mut rest = name;
            for wanted in plain.get(letter..).unwrap_or_default() {
                match rest.iter().position(|byte| byte == wanted) {
                    Some(found) => rest = rest.get(found + 1..).unwrap_or_default(),
                    None => break,
                }
                letter += 1;
            }
            return (letter, name.len() - rest.len());
        }
        while let Some(wanted) = self.letters.get(letter) {
            let rest = name.get(at..).unwrap_or_default();
            match find(rest, wanted) {
                Some(found) => at += found + wanted.len(),
                None => break,
            }
            letter += 1;
        }
        (letter, at)
    }

    /// Goes on from a folder's name into the folder.
    pub(super) fn take_slash(&self, letter: usize) -> usize {
        letter + usize::from(self.letters.get(letter).is_some_and(|l| l == b"/"))
    }

    /// The first byte of all.
    pub(super) fn first(&self) -> Option<&u8> {
        self.letters.first().and_then(|letter| letter.first())
    }

    /// How close together a name has the letters from one on, the last of which was found to end at `end`.
    pub(super) fn span(&self, from: usize, end: usize, name: &[u8]) -> Span {
        let taken = self.letters.get(from..).unwrap_or_default();
        let length: usize = taken.iter().map(Vec::len).sum();
        // Back from where the last was found: as late as possible, so as close together as that end allows.
        let mut start = end;
        for letter in taken.iter().rev() {
            start = find_last(name.get(..start).unwrap_or_default(), letter).unwrap_or(0);
        }
        let gaps = (end - start).saturating_sub(length);
        if gaps > 0
            && from == 0
            && let Some(start) = self.whole.find(name)
        {
            return Span { start, gaps: 0 };
        }
        Span { start, gaps }
    }

    /// Whether every match of this query matched `before`, too.
    pub(super) fn extends(&self, before: &Fuzzy) -> bool {
        let mut own = self.letters.iter();
        before.letters.iter().all(|letter| own.any(|l| l == letter))
    }
}

fn find(text: &[u8], letter: &[u8]) -> Option<usize> {
    match letter {
        [byte] => text.iter().position(|b| b == byte),
        _ => text.windows(letter.len().max(1)).position(|w| w == letter),
    }
}

fn find_last(text: &[u8], letter: &[u8]) -> Option<usize> {
    match letter {
        [byte] => text.iter().rposition(|b| b == byte),
        _ => text.windows(letter.len().max(1)).rposition(|w| w == letter),
    }
}
