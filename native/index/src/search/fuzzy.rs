//! A query whose letters may lie apart, but not be swapped. Taking each letter as early as possible
//! finds a match if there is one. It also says how many letters a folder's path has taken, so that
//! paths are matched without being assembled.

use memchr::memmem::{self, Finder};

use super::char_mask::char_mask;
use super::fold::{self, Letter};
use super::places::{self, Places};
use super::rank::{CLOSEST, Fit, MatchKind, Spelling};

/// Maximum number of letters of a query.
pub(super) const MAX_LETTERS: usize = 250;

#[derive(Debug)]
pub(super) struct Fuzzy {
    letters: Vec<Vec<u8>>,
    /// The same, if all are single bytes, as most are: most of a search's time is spent on these.
    plain: Option<Vec<u8>>,
    /// The marks of each letter, if there are any.
    marks: Option<Vec<Vec<u8>>>,
    bits: Vec<u32>,
    /// The combined mask of all letters from each position on.
    rest: Vec<u32>,
    whole: Finder<'static>,
}

impl Fuzzy {
    pub(super) fn new(text: &[u8]) -> Fuzzy {
        let marked = fold::marked(text);
        let whole = fold::key(text);
        let is_marked = fold::is_marked(&marked);
        // One for each letter of the marked form; marks without a letter count as one.
        let all = fold::letters(if is_marked { &marked } else { &whole });
        let found: Vec<Vec<u8>> = all.clone().map(|l| l.base.to_vec()).collect();
        let marks = is_marked.then(|| all.map(|l| l.marks.to_vec()).collect());
        let rest = (0..=found.len()).map(|from| {
            let rest = found.get(from..).unwrap_or_default();
            // A slash is never in a name.
            let names = rest.iter().filter(|letter| *letter != b"/");
            names.fold(0, |bits, letter| bits | char_mask(letter))
        });
        Fuzzy {
            rest: rest.collect(),
            bits: found.iter().map(|letter| char_mask(letter)).collect(),
            plain: found
                .iter()
                .all(|letter| letter.len() == 1)
                .then(|| found.concat()),
            whole: Finder::new(&whole).into_owned(),
            letters: found,
            marks,
        }
    }

    pub(super) fn len(&self) -> usize {
        self.letters.len()
    }

    /// Maximum spread of a name that counts as having the letters close together.
    pub(super) fn close(&self) -> u8 {
        (2 * self.len() + 1).min(CLOSEST - 1) as u8
    }

    /// Whether it matches only paths.
    pub(super) fn has_slash(&self) -> bool {
        self.letters.iter().any(|letter| letter == b"/")
    }

    /// The mask that a name must have to take all letters from one on.
    pub(super) fn rest_from(&self, from: usize) -> u32 {
        self.rest.get(from).copied().unwrap_or_default()
    }

    /// Whether a name with this mask can have a letter.
    pub(super) fn may_take(&self, letter: usize, bits: u32) -> bool {
        let own = self.bits.get(letter);
        own.is_some_and(|own| bits & own == *own)
    }

    /// Where the last letter ends, each taken as early as possible, if the name has all of them.
    pub(super) fn end(&self, name: &Spelling<'_>) -> Option<usize> {
        // Most names lack a letter, regardless of marks.
        if let (Some(plain), Some(_)) = (&self.plain, &self.marks)
            && places::take(plain, name.key).is_some_and(|(count, _)| count < plain.len())
        {
            return None;
        }
        let (reached, end) = self.take(0, name);
        (reached == self.len()).then_some(end)
    }

    fn has_lone_marks(&self) -> bool {
        let marks = self.marks.iter().flatten();
        let mut letters = self.letters.iter().zip(marks);
        letters.any(|(letter, marks)| !marks.is_empty() && fold::is_no_character(letter))
    }

    /// Takes letters from a name, each as early as possible. Returns the first letter that is left,
    /// and where the last one taken ends.
    pub(super) fn take(&self, letter: usize, name: &Spelling<'_>) -> (usize, usize) {
        let letters = self.letters.get(letter..).unwrap_or_default();
        let places = || Places::whole(name.key).filter(|_| !self.has_lone_marks());
        let taken = match (&self.plain, &self.marks) {
            (Some(plain), None) => places::take(plain.get(letter..).unwrap_or_default(), name.key),
            (_, None) => places()
                .map(|places| places.take(letters.iter().map(|letter| (letter.as_slice(), !0)))),
            (_, Some(marks)) => places().map(|places| {
                let marks = marks.get(letter..).unwrap_or_default();
                places.take(letters.iter().zip(marks).map(|(letter, marks)| {
                    let own = if marks.is_empty() {
                        !0
                    } else {
                        name.with_marks(marks)
                    };
                    (letter.as_slice(), own)
                }))
            }),
        };
        if let Some((count, end)) = taken {
            return (letter + count, end);
        }
        // A long name, or marks that any letter may have.
        let marked = self.marks.as_ref().and_then(|_| name.marked());
        let (letter, end) = self.take_text(letter, marked.as_deref().unwrap_or(name.key));
        (
            letter,
            if marked.is_some() {
                name.key.len()
            } else {
                end
            },
        )
    }

    /// The same for a folded text, in its marked form if the query has marks.
    fn take_text(&self, mut letter: usize, text: &[u8]) -> (usize, usize) {
        let mut at = 0;
        while let Some(wanted) = self.letters.get(letter) {
            let rest = text.get(at..).unwrap_or_default();
            let marks = self.marks.as_ref().and_then(|marks| marks.get(letter));
            match marks {
                Some(marks) => match find_marked(
                    rest,
                    Letter {
                        base: wanted,
                        marks,
                    },
                ) {
                    Some(end) => at += end,
                    None => break,
                },
                None => match find(rest, wanted) {
                    Some(found) => at += found + wanted.len(),
                    None => break,
                },
            }
            letter += 1;
        }
        (letter, at)
    }

    /// Goes on from a folder's name into the folder.
    pub(super) fn take_slash(&self, letter: usize) -> usize {
        letter + usize::from(self.letters.get(letter).is_some_and(|l| l == b"/"))
    }

    /// The best possible rank of a name that has the letters.
    fn at_most(&self, key: &[u8]) -> MatchKind {
        let first = self.letters.first().and_then(|letter| letter.first());
        match key.first() == first {
            true => MatchKind::Exact,
            false => MatchKind::Word,
        }
    }

    /// How well a name matches whose letters, taken early, end at `end`. A match that scores less
    /// than `least` need only be counted.
    pub(super) fn fit(&self, name: &Spelling<'_>, end: usize, least: i32) -> Fit {
        let is_low = |rank| Fit::at_most(rank) < least;
        if is_low(self.at_most(name.key)) {
            return Fit::BELOW;
        }
        if let Some((rank, _)) = best_place(name, &self.whole, 0) {
            return Fit::new(rank, 0, name.key);
        }
        if is_low(MatchKind::WordStart) {
            return Fit::BELOW;
        }
        if self.is_initials(name) {
            return Fit::new(MatchKind::WordStart, 1, name.key);
        }
        if is_low(MatchKind::Close) {
            return Fit::BELOW;
        }
        // Backwards from the end, each letter as late as possible: as close together as this end
        // allows.
        let mut start = end;
        for letter in self.letters.iter().rev() {
            let before = name.key.get(..start).unwrap_or_default();
            start = find_last(before, letter).unwrap_or(0);
        }
        let length = self.whole.needle().len();
        let gaps = (end - start).saturating_sub(length);
        let rank = match gaps <= self.len() {
            true => MatchKind::Close,
            false => MatchKind::Strewn,
        };
        let spread = 2 * gaps + usize::from(!name.begins_word(start));
        Fit::new(rank, spread, name.key)
    }

    /// Whether each letter begins a word of the name, or follows the one before it. Only the
    /// beginning of a long name is looked at.
    fn is_initials(&self, name: &Spelling<'_>) -> bool {
        let places = Places::new(name.key);
        // Where the letters so far can end.
        let mut ends: u128 = 0;
        for (count, letter) in self.letters.iter().enumerate() {
            let from = if count == 0 {
                !0
            } else {
                ends | ends.wrapping_neg()
            };
            let mut left = places.of(letter) & from;
            let mut taken = 0;
            while left != 0 {
                let at = left & left.wrapping_neg();
                if ends & at != 0 || name.begins_word(at.trailing_zeros() as usize) {
                    taken |= at;
                }
                left ^= at;
            }
            if taken == 0 {
                return false;
            }
            ends = taken << letter.len();
        }
        true
    }

    /// In how many pieces a name has a range of letters, taken early. Pieces that do not begin a
    /// word count twice.
    pub(super) fn pieces(&self, from: usize, to: usize, name: &Spelling<'_>) -> usize {
        let (mut at, mut pieces) = (0, 0);
        for letter in self.letters.get(from..to).unwrap_or_default() {
            let rest = name.key.get(at..).unwrap_or_default();
            let Some(found) = find(rest, letter) else {
                break;
            };
            let place = at + found;
            if found > 0 || at == 0 {
                pieces += if name.begins_word(place) { 1 } else { 2 };
            }
            at = place + letter.len();
        }
        pieces
    }

    /// Whether everything that matches this query also matched `before`.
    pub(super) fn extends(text: &[u8], before: &Fuzzy) -> bool {
        let text = match before.marks {
            Some(_) => fold::marked(text),
            None => fold::key(text),
        };
        before.take_text(0, &text).0 == before.len()
    }
}

/// The best place of a text in a name, from `from` on, and its rank.
pub(super) fn best_place(
    name: &Spelling<'_>,
    finder: &Finder<'_>,
    from: usize,
) -> Option<(MatchKind, usize)> {
    let length = finder.needle().len();
    let mut best: Option<(MatchKind, usize)> = None;
    let mut from = from;
    while let Some(found) = name.key.get(from..).and_then(|rest| finder.find(rest)) {
        let at = from + found;
        let rank = name.rank(at, length);
        if best.is_none_or(|(best, _)| rank > best) {
            best = Some((rank, at));
        }
        // No later place is better than these.
        if rank >= MatchKind::Word || length == 0 {
            break;
        }
        from = at + 1;
    }
    best
}

/// Where the first letter that matches ends in a marked text.
fn find_marked(text: &[u8], wanted: Letter<'_>) -> Option<usize> {
    let mut rest = text;
    loop {
        let (own, after) = fold::letter(rest)?;
        rest = after;
        if wanted.takes(own) {
            return Some(text.len() - rest.len());
        }
    }
}

/// The same from the end.
fn find_last(text: &[u8], letter: &[u8]) -> Option<usize> {
    match *letter {
        [byte] => text.iter().rposition(|b| *b == byte),
        [first, second] => text.windows(2).rposition(|pair| *pair == [first, second]),
        _ => memmem::rfind(text, letter),
    }
}

/// Where a text has a letter. For most texts, setting up a searcher would take longer.
fn find(text: &[u8], letter: &[u8]) -> Option<usize> {
    match *letter {
        [byte] => text.iter().position(|b| *b == byte),
        [first, second] => text.windows(2).position(|pair| *pair == [first, second]),
        _ => memmem::find(text, letter),
    }
}
