//! Matches the middle of a pattern with two or more wildcards: all positions in the text that the tokens so far can
//! have reached, as bits, 64 to a word. A token advances all of them at once, so the time is the number of tokens times
//! the text's words, whatever they contain.

use super::line::Token;
use super::set::Set;

/// Where each byte occurs in a text. Reused for its buffers.
#[derive(Debug, Default)]
pub(super) struct Positions {
    /// The positions of each byte, in the byte's row.
    table: Vec<u64>,
    /// The row of each byte that occurs, from 1.
    rows: Vec<u8>,
    /// The bytes that occur.
    seen: Vec<u8>,
    words: usize,
    /// The positions that are not a slash.
    plain: Vec<u64>,
    reached: Vec<u64>,
    room: Vec<u64>,
}

/// Number of words for a name, unless it is short.
const NAME: usize = 4;
/// Maximum number of words of a table that are kept for the next text; the rest is freed.
const KEPT: usize = 1 << 14;

impl Positions {
    /// Takes another text.
    pub(super) fn take(&mut self, text: &[u8]) {
        for byte in self.seen.drain(..) {
            if let Some(row) = self.rows.get_mut(usize::from(byte)) {
                *row = 0;
            }
        }
        self.rows.resize(256, 0);
        self.table.clear();
        self.table.shrink_to(KEPT);
        // There is a position after the last byte, too.
        self.words = match text.len() / 64 + 1 {
            1 => 1,
            words => words.max(NAME),
        };
        self.plain.clear();
        self.plain.resize(self.words, 0);
        for (at, &byte) in text.iter().enumerate() {
            let (word, bit) = (at / 64, 1 << (at % 64));
            let row = match self.rows.get(usize::from(byte)) {
                None | Some(0) => self.add(byte),
                Some(row) => usize::from(*row),
            };
            or(&mut self.table, (row - 1) * self.words + word, bit);
            if byte != b'/' {
                or(&mut self.plain, word, bit);
            }
        }
    }

    /// A row for a byte not seen before. At most 255, as no name has a zero byte.
    fn add(&mut self, byte: u8) -> usize {
        self.seen.push(byte);
        let row = self.seen.len();
        if let Some(own) = self.rows.get_mut(usize::from(byte)) {
            *own = u8::try_from(row).unwrap_or(u8::MAX);
        }
        self.table.resize(row * self.words, 0);
        row
    }

    /// Whether the tokens match what lies between two positions of the text taken last.
    pub(super) fn matches(
        &mut self,
        tokens: &[Token],
        sets: &[Set],
        text: &[u8],
        start: usize,
        end: usize,
    ) -> bool {
        let (mut reached, mut room) = (
            std::mem::take(&mut self.reached),
            std::mem::take(&mut self.room),
        );
        let follow = Follow {
            positions: self,
            tokens,
            sets,
            text,
        };
        let found = match self.words {
            1 => follow.run(&mut [0; 1], &mut [0; 1], start, end),
            NAME => follow.run(&mut [0; NAME], &mut [0; NAME], start, end),
            words => {
                reached.clear();
                reached.resize(words, 0);
                room.resize(words, 0);
                follow.run(reached.as_mut_slice(), room.as_mut_slice(), start, end)
            }
        };
        (self.reached, self.room) = (reached, room);
        found
    }

    fn row(&self, byte: u8) -> &[u64] {
        match self.rows.get(usize::from(byte)) {
            None | Some(0) => &[],
            Some(row) => {
                let start = (usize::from(*row) - 1) * self.words;
                self.table
                    .get(start..start + self.words)
                    .unwrap_or_default()
            }
        }
    }
}

/// Positions in a text: an array if the number of words is known, so that all steps are a few instructions.
trait Places: AsRef<[u64]> + AsMut<[u64]> {
    /// As many words, from a slice.
    fn of(words: &[u64]) -> Option<&Self>;
}

impl<const WORDS: usize> Places for [u64; WORDS] {
    fn of(words: &[u64]) -> Option<&Self> {
        words.try_into().ok()
    }
}

impl Places for [u64] {
    fn of(words: &[u64]) -> Option<&Self> {
        Some(words)
    }
}

struct Follow<'a> {
    positions: &'a Positions,
    tokens: &'a [Token],
    sets: &'a [Set],
    text: &'a [u8],
}

impl Follow<'_> {
    fn run<P: Places + ?Sized>(
        &self,
        reached: &mut P,
        room: &mut P,
        start: usize,
        end: usize,
    ) -> bool {
        or(reached.as_mut(), start / 64, 1 << (start % 64));
        for token in self.tokens {
            self.step(*token, reached, room);
            if reached
                .as_ref()
                .iter()
                .fold(0, |all, word| all | word)
                .eq(&0)
            {
                return false;
            }
        }
        reached
            .as_ref()
            .get(end / 64)
            .is_some_and(|word| word >> (end % 64) & 1 == 1)
    }

    #[inline(always)]
    fn step<P: Places + ?Sized>(&self, token: Token, reached: &mut P, room: &mut P) {
        let plain = P::of(&self.positions.plain);
        match token {
            Token::Byte(byte) => {
                keep(reached, P::of(self.positions.row(byte)));
                advance(reached);
            }
            Token::One => {
                keep(reached, plain);
                advance(reached);
            }
            Token::Class(number) => {
                let set = self.sets.get(usize::from(number));
                keep_class(
                    reached.as_mut(),
                    &set.copied().unwrap_or_default(),
                    self.text,
                );
                advance(reached);
            }
            Token::Star => spread(reached, plain),
            Token::Deep => flood(reached),
            Token::DeepSlash => {
                room.as_mut().copy_from_slice(reached.as_ref());
                flood(room);
                keep(room, P::of(self.positions.row(b'/')));
                advance(room);
                for (reached, more) in reached.as_mut().iter_mut().zip(room.as_ref()) {
                    *reached |= more;
                }
            }
        }
    }
}

fn or(words: &mut [u64], at: usize, bits: u64) {
    if let Some(word) = words.get_mut(at) {
        *word |= bits;
    }
}

/// Keeps the positions that are in both.
#[inline(always)]
fn keep<P: Places + ?Sized>(places: &mut P, others: Option<&P>) {
    match others {
        // A byte that does not occur has no row.
        Some(others) if !others.as_ref().is_empty() => {
            for (word, other) in places.as_mut().iter_mut().zip(others.as_ref()) {
                *word &= other;
            }
        }
        _ => places.as_mut().fill(0),
    }
}

/// Keeps the positions of bytes in the set.
fn keep_class(places: &mut [u64], set: &Set, text: &[u8]) {
    for (word, first) in places.iter_mut().zip((0..).step_by(64)) {
        let mut left = *word;
        while left != 0 {
            let bit = left & left.wrapping_neg();
            left ^= bit;
            let at = first + bit.trailing_zeros() as usize;
            if !text.get(at).is_some_and(|byte| set.contains(*byte)) {
                *word ^= bit;
            }
        }
    }
}

/// Moves all positions one further.
#[inline(always)]
fn advance<P: Places + ?Sized>(places: &mut P) {
    let mut carry = 0;
    for word in places.as_mut() {
        let over = *word >> 63;
        *word = *word << 1 | carry;
        carry = over;
    }
}

/// Extends each position through the consecutive ones in `plain` from there on, and one further: the carry of a sum
/// goes exactly as far.
#[inline(always)]
fn spread<P: Places + ?Sized>(places: &mut P, plain: Option<&P>) {
    let Some(plain) = plain else { return };
    let mut carry = false;
    for (word, plain) in places.as_mut().iter_mut().zip(plain.as_ref()) {
        let (sum, first) = (*word & plain).overflowing_add(*plain);
        let (sum, second) = sum.overflowing_add(u64::from(carry));
        carry = first || second;
        *word |= sum ^ plain;
    }
}

/// Sets all positions from the first one on.
#[inline(always)]
fn flood<P: Places + ?Sized>(places: &mut P) {
    let mut over = false;
    for word in places.as_mut() {
        if over {
            *word = u64::MAX;
        } else if *word != 0 {
            *word = (*word & word.wrapping_neg()).wrapping_neg();
            over = true;
        }
    }
}
