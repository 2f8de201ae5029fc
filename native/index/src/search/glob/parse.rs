//! Parses a glob into tokens, and which of them may follow each other. Braces may nest, and are not
//! expanded.

use super::{Glob, MAX_TOKENS, Set, Token, WORDS};
use crate::search::char_mask::char_mask;
use crate::search::fold;

/// A part of a glob.
#[derive(Clone)]
struct PatternPart {
    /// The tokens that it may begin and end with.
    first: Set,
    last: Set,
    may_be_empty: bool,
    /// What it must have.
    mask: u32,
}

impl PatternPart {
    const EMPTY: PatternPart = PatternPart {
        first: [0; WORDS],
        last: [0; WORDS],
        may_be_empty: true,
        mask: 0,
    };

    fn or(mut self, other: &PatternPart) -> PatternPart {
        add(&mut self.first, &other.first);
        add(&mut self.last, &other.last);
        self.may_be_empty |= other.may_be_empty;
        self.mask &= other.mask;
        self
    }
}

/// Open braces: what comes before them, and their alternatives so far.
struct Brace {
    outer: PatternPart,
    parts: Option<PatternPart>,
}

#[derive(Default)]
struct PatternReader {
    tokens: Vec<Token>,
    /// The tokens that may come right before each, and right after.
    before: Vec<Set>,
    after: Vec<Set>,
    is_exact: bool,
}

/// Reads a glob, or says what is wrong with it.
pub(super) fn read(text: &[u8], is_exact: bool) -> Result<Glob, &'static str> {
    let spelled = fold::spelled(text);
    let mut reader = PatternReader {
        is_exact,
        ..PatternReader::default()
    };
    let mut part = PatternPart::EMPTY;
    let mut braces: Vec<Brace> = Vec::new();
    let mut rest = spelled.as_slice();
    // Whether a mark that comes now belongs to the last token.
    let mut is_after_letter = false;
    while let Some((unit, after)) = fold::unit(rest) {
        rest = after;
        let goes_on = std::mem::take(&mut is_after_letter);
        match (unit, braces.last_mut()) {
            (b"{", _) => braces.push(Brace {
                outer: std::mem::replace(&mut part, PatternPart::EMPTY),
                parts: None,
            }),
            (b",", Some(brace)) => brace.close(&mut part),
            (b"}", Some(brace)) => {
                brace.close(&mut part);
                if let Some(Brace { outer, parts }) = braces.pop() {
                    part = reader.join(outer, &parts.unwrap_or(PatternPart::EMPTY));
                }
            }
            (b"*", _) => reader.add(&mut part, Token::Star)?,
            (b"?", _) => reader.add(&mut part, Token::One)?,
            (b"[", _) => {
                let set = set(&mut rest, is_exact)?;
                reader.add(&mut part, set)?;
            }
            _ => {
                let mut unit = unit;
                if unit == b"\\" {
                    (unit, rest) = fold::unit(rest).ok_or("it ends with a backslash")?;
                }
                reader.letters(&mut part, unit, goes_on)?;
                is_after_letter = true;
            }
        }
    }
    match braces.is_empty() {
        true => Ok(reader.glob(&part)),
        false => Err("a brace is not closed"),
    }
}

impl Brace {
    /// Ends an alternative.
    fn close(&mut self, part: &mut PatternPart) {
        let part = std::mem::replace(part, PatternPart::EMPTY);
        self.parts = Some(match self.parts.take() {
            Some(parts) => parts.or(&part),
            None => part,
        });
    }
}

impl PatternReader {
    /// One part after the other.
    fn join(&mut self, mut part: PatternPart, next: &PatternPart) -> PatternPart {
        for place in places(&next.first) {
            if let Some(before) = self.before.get_mut(place) {
                add(before, &part.last);
            }
        }
        for place in places(&part.last) {
            if let Some(after) = self.after.get_mut(place) {
                add(after, &next.first);
            }
        }
        if part.may_be_empty {
            add(&mut part.first, &next.first);
        }
        if !next.may_be_empty {
            part.last = [0; WORDS];
        }
        add(&mut part.last, &next.last);
        part.may_be_empty &= next.may_be_empty;
        part.mask |= next.mask;
        part
    }

    fn add(&mut self, part: &mut PatternPart, token: Token) -> Result<(), &'static str> {
        let place = self.tokens.len();
        if place >= MAX_TOKENS {
            return Err("it has more than 1,024 characters");
        }
        let mut own = [0; WORDS];
        set_bit(&mut own, place);
        let is_star = token == Token::Star;
        let next = PatternPart {
            first: own,
            last: own,
            may_be_empty: is_star,
            mask: match &token {
                Token::Letter(base, _) => char_mask(base),
                _ => 0,
            },
        };
        self.tokens.push(token);
        let again = if is_star { own } else { [0; WORDS] };
        self.before.push(again);
        self.after.push(again);
        *part = self.join(std::mem::replace(part, PatternPart::EMPTY), &next);
        Ok(())
    }

    /// Adds a character of the glob, which may fold to several letters, or be a mark of the letter
    /// before.
    fn letters(
        &mut self,
        part: &mut PatternPart,
        unit: &[u8],
        goes_on: bool,
    ) -> Result<(), &'static str> {
        let stray = unit.len() == 2 && fold::number(unit) > u32::from(char::MAX);
        let folded = match stray || self.is_exact {
            true => unit.to_vec(),
            false => fold::marked(unit),
        };
        for letter in fold::letters(&folded) {
            match self.tokens.last_mut() {
                Some(Token::Letter(_, marks)) if goes_on && letter.base.is_empty() => {
                    marks.extend_from_slice(letter.marks);
                }
                _ => {
                    let token = Token::Letter(letter.base.to_vec(), letter.marks.to_vec());
                    self.add(part, token)?;
                }
            }
        }
        Ok(())
    }

    fn glob(self, part: &PatternPart) -> Glob {
        let words = self.tokens.len().div_ceil(64);
        let of = |set: &Set, is_wanted: fn(&Token) -> bool| {
            let mut found = [0; WORDS];
            for place in places(set) {
                if self.tokens.get(place).is_some_and(is_wanted) {
                    set_bit(&mut found, place);
                }
            }
            found
        };
        // A star at an end matches most names there.
        let is_star = |token: &Token| *token == Token::Star;
        let has_star = |set: &Set| of(set, is_star) != [0; WORDS];
        let is_backward = !has_star(&part.last) || has_star(&part.first);
        let (first, last, next) = match is_backward {
            true => (part.last, part.first, &self.before),
            false => (part.first, part.last, &self.after),
        };
        let rows = next.iter().flat_map(|row| row.iter().take(words));
        let short = |token: &Token| match token {
            Token::Letter(base, marks) if marks.is_empty() => match base.as_slice() {
                [byte] => Token::Byte(*byte),
                _ => token.clone(),
            },
            _ => token.clone(),
        };
        Glob {
            words,
            next: rows.copied().collect(),
            first,
            last,
            takes_all: of(&last, is_star),
            is_backward,
            mask: part.mask,
            is_marked: self.is_exact || self.tokens.iter().any(Token::is_marked),
            is_exact: self.is_exact,
            tokens: self.tokens.iter().map(short).collect(),
        }
    }
}

fn add(to: &mut Set, more: &Set) {
    to.iter_mut().zip(more).for_each(|(to, bits)| *to |= bits);
}

fn set_bit(set: &mut Set, place: usize) {
    if let Some(bits) = set.get_mut(place / 64) {
        *bits |= 1 << (place % 64);
    }
}

fn places(set: &Set) -> impl Iterator<Item = usize> {
    let words = set.iter().enumerate();
    words.flat_map(|(word, &bits)| {
        let mut rest = bits;
        std::iter::from_fn(move || {
            let place = (rest != 0).then(|| word * 64 + rest.trailing_zeros() as usize)?;
            rest &= rest - 1;
            Some(place)
        })
    })
}

/// Reads the rest of a set, after its bracket.
fn set(rest: &mut &[u8], is_exact: bool) -> Result<Token, &'static str> {
    let open = "a bracket is not closed";
    let negated = matches!(rest.first(), Some(b'!' | b'^'));
    if negated {
        *rest = rest.get(1..).unwrap_or_default();
    }
    let mut ranges = Vec::new();
    loop {
        let (unit, after) = fold::unit(rest).ok_or(open)?;
        *rest = after;
        // A closing bracket in first position is a member.
        if unit == b"]" && !ranges.is_empty() {
            return Ok(Token::Set { negated, ranges });
        }
        let first = member(unit, rest, is_exact).ok_or(open)?;
        let mut last = first;
        if let [b'-', after @ ..] = *rest
            && !matches!(after, [b']', ..] | [])
        {
            let (unit, after) = fold::unit(after).ok_or(open)?;
            *rest = after;
            last = member(unit, rest, is_exact).ok_or(open)?;
            if last < first {
                return Err("a range in brackets runs backwards");
            }
        }
        ranges.push((first, last));
    }
}

fn member<'a>(mut unit: &'a [u8], rest: &mut &'a [u8], is_exact: bool) -> Option<u32> {
    if unit == b"\\" {
        (unit, *rest) = fold::unit(rest)?;
    }
    let number = fold::number(unit);
    Some(if is_exact {
        number
    } else {
        fold::narrow(number)
    })
}
