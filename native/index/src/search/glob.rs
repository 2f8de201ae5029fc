//! A glob for one name: `*` for any text, `?` for one character, `[a-z]` and `[!a-z]` for one of a
//! set, `{a,b}` for one of several texts, `\` before a character that stands for itself. Case is
//! ignored, and so are marks that the glob does not have. Bytes of a name that are not UTF-8 count
//! as one character each.

mod parse;

use super::fold::{self, Letter};

/// Maximum number of texts that braces around a slash expand to.
const MAX_TEXTS: usize = 256;
/// Maximum number of bytes of these texts, intermediate ones included: expanding them cannot be
/// cancelled.
const MAX_EXPANDED: usize = 1 << 16;

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    /// A letter of one byte.
    Byte(u8),
    /// A letter and its marks.
    Letter(Vec<u8>, Vec<u8>),
    One,
    Star,
    Set {
        negated: bool,
        ranges: Vec<(u32, u32)>,
    },
}

/// Maximum number of tokens of a glob, and words that have a bit for each.
const MAX_TOKENS: usize = 1_024;
const WORDS: usize = MAX_TOKENS / 64;

/// A set of tokens, a bit each.
type Set = [u64; WORDS];

/// A glob is matched from the end at which most names fail. The tokens that may take the next
/// letter are a set, so time is bounded by the product of both lengths, whatever stars and braces
/// there are.
#[derive(Clone, Debug)]
pub(super) struct Glob {
    tokens: Vec<Token>,
    /// Number of words of a set that are in use.
    words: usize,
    /// For each token, the tokens that may come next in matching direction: a set of `words` words.
    next: Vec<u64>,
    /// The tokens that may come first and last, in matching direction.
    first: Set,
    last: Set,
    /// Stars that may come last: they take the rest of the name.
    takes_all: Set,
    /// Matches from the end of the name.
    is_backward: bool,
    /// The mask that a name must have.
    pub(super) mask: u32,
    /// It has marks: names must be given in their marked form.
    pub(super) is_marked: bool,
    /// Case counts: names must be given as they are spelled.
    is_exact: bool,
}

impl Glob {
    /// Reads a glob, or says what is wrong with it.
    pub(super) fn new(text: &[u8]) -> Result<Glob, &'static str> {
        parse::read(text, false)
    }

    /// Reads a glob that respects case.
    pub(super) fn exact(text: &[u8]) -> Result<Glob, &'static str> {
        parse::read(text, true)
    }

    /// Maximum number of steps for each byte of a name.
    pub(super) fn weight(&self) -> usize {
        self.tokens.len()
    }

    /// Whether the whole name matches.
    pub(super) fn matches(&self, name: &[u8]) -> bool {
        match self.words {
            ..=1 => self.walk::<1>(name),
            _ => self.walk::<WORDS>(name),
        }
    }

    /// The same with sets of `W` words.
    fn walk<const W: usize>(&self, name: &[u8]) -> bool {
        let bits = |set: &Set, word: usize| set.get(word).copied().unwrap_or_default();
        let mut open: [u64; W] = std::array::from_fn(|word| bits(&self.first, word));
        let mut rest = name;
        let mut is_whole = false;
        while let Some((letter, left)) = self.pop(rest) {
            rest = left;
            is_whole = false;
            let mut next = [0; W];
            for (word, &tokens) in open.iter().enumerate() {
                if tokens & bits(&self.takes_all, word) != 0 {
                    return true;
                }
                let mut taken = 0;
                let mut tokens = tokens;
                while tokens != 0 {
                    let bit = tokens & tokens.wrapping_neg();
                    tokens ^= bit;
                    let place = word * 64 + bit.trailing_zeros() as usize;
                    let token = self.tokens.get(place);
                    if token.is_some_and(|token| self.takes(token, letter)) {
                        taken |= bit;
                        let row = self.next.get(place * self.words..).unwrap_or_default();
                        let row = row.iter().take(self.words);
                        next.iter_mut().zip(row).for_each(|(to, bits)| *to |= bits);
                    }
                }
                is_whole |= taken & bits(&self.last, word) != 0;
            }
            if next == [0; W] {
                return is_whole && rest.is_empty();
            }
            open = next;
        }
        is_whole
    }

    /// The next letter of a name in matching direction, and the rest.
    fn pop<'a>(&self, name: &'a [u8]) -> Option<(Letter<'a>, &'a [u8])> {
        match (self.is_marked, self.is_backward) {
            (true, true) => return fold::last_letter(name),
            (true, false) => return fold::letter(name),
            _ => {}
        }
        let (base, rest) = match self.is_backward {
            true => fold::last_unit(name).map(|(rest, base)| (base, rest)),
            false => fold::unit(name),
        }?;
        Some((Letter { base, marks: &[] }, rest))
    }

    fn takes(&self, token: &Token, letter: Letter<'_>) -> bool {
        match token {
            Token::Byte(byte) => letter.base == [*byte],
            Token::Letter(base, marks) => Letter { base, marks }.takes(letter),
            Token::One | Token::Star => true,
            Token::Set { negated, ranges } => {
                let number = fold::number(letter.base);
                let within = self.is_within(ranges, number)
                    || !letter.marks.is_empty() && self.is_within(ranges, fold::composed(letter));
                within != *negated
            }
        }
    }

    fn is_within(&self, ranges: &[(u32, u32)], number: u32) -> bool {
        let has = |number: u32| ranges.iter().any(|&(a, b)| a <= number && number <= b);
        let capital = |number: u32| {
            let mut capital = char::from_u32(number)?.to_uppercase();
            capital.next().filter(|_| capital.len() == 0).map(u32::from)
        };
        has(number) || !self.is_exact && capital(number).is_some_and(has)
    }
}

impl Token {
    fn is_marked(&self) -> bool {
        match self {
            Token::Letter(_, marks) => !marks.is_empty(),
            Token::Set { ranges, .. } => ranges.iter().any(|&(first, last)| {
                let is_marked = |number| {
                    let text = char::from_u32(number).map(String::from).unwrap_or_default();
                    fold::is_marked(&fold::marked(text.as_bytes()))
                };
                is_marked(first) || is_marked(last)
            }),
            _ => false,
        }
    }
}

/// Whether a text has characters that make it a glob.
pub(super) fn is_glob(text: &[u8]) -> bool {
    text.iter()
        .any(|byte| matches!(byte, b'*' | b'?' | b'[' | b'{'))
}

/// The texts that a glob with braces expands to.
pub(super) fn expand(text: &[u8]) -> Result<Vec<Vec<u8>>, &'static str> {
    let mut done = Vec::new();
    let mut open = vec![text.to_vec()];
    let mut written = 0;
    while let Some(text) = open.pop() {
        written += text.len();
        if written > MAX_EXPANDED {
            return Err("its braces stand for too long texts");
        }
        match alternatives(&text)? {
            None => done.push(text),
            // The last one is popped first.
            Some(texts) => open.extend(texts.into_iter().rev()),
        }
        if done.len() + open.len() > MAX_TEXTS {
            return Err("its braces stand for more than 256 texts");
        }
    }
    Ok(done)
}

/// The alternatives of a text's first braces, each with what precedes and follows them.
fn alternatives(text: &[u8]) -> Result<Option<Vec<Vec<u8>>>, &'static str> {
    let (mut start, mut depth, mut is_in_set) = (None, 0_usize, false);
    let mut cuts = Vec::new();
    let mut bytes = text.iter().enumerate();
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'\\' => {
                bytes.next();
            }
            b']' if is_in_set => is_in_set = false,
            _ if is_in_set => {}
            b'[' => {
                is_in_set = is_set(text.get(at + 1..).unwrap_or_default());
                if is_in_set && matches!(text.get(at + 1), Some(b'!' | b'^')) {
                    bytes.next();
                }
                if is_in_set {
                    bytes.next();
                }
            }
            b'{' => {
                depth += 1;
                if depth == 1 {
                    start = Some(at);
                    cuts.push(at);
                }
            }
            b',' if depth == 1 => cuts.push(at),
            b'}' if depth == 1 => {
                cuts.push(at);
                let before = text.get(..start.unwrap_or(0)).unwrap_or_default();
                let after = text.get(at + 1..).unwrap_or_default();
                let between = cuts.windows(2).filter_map(|cut| match cut {
                    [from, to] => text.get(from + 1..*to),
                    _ => None,
                });
                let texts = between.map(|part| [before, part, after].concat());
                return Ok(Some(texts.collect()));
            }
            b'}' if depth > 0 => depth -= 1,
            _ => {}
        }
    }
    match depth {
        0 => Ok(None),
        _ => Err("a brace is not closed"),
    }
}

/// Whether a bracket is closed; if not, `parse::set` says so.
fn is_set(text: &[u8]) -> bool {
    let text = text
        .strip_prefix(b"!")
        .or(text.strip_prefix(b"^"))
        .unwrap_or(text);
    text.get(1..).is_some_and(|rest| rest.contains(&b']'))
}
