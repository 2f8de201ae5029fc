//! The spelling of names that differ from their folded form in more than ASCII capitals, recorded
//! letter by letter: no name is stored twice, and none is folded again to find its marks. There are
//! few different forms, each used by many letters.

use std::collections::HashMap;

use super::fold;
use super::ranked_bits::RankedBits;

/// The spelling of a letter that differs from its folded form.
#[derive(Debug, Default)]
struct Form {
    /// As in the name. Empty for the second letter that one character folds to, as in `ß`.
    written: Box<[u8]>,
    marks: Box<[u8]>,
    /// How many bytes it has, folded.
    length: u8,
}

/// How many folded bytes lie between a form and the one before it; then the form's number, low byte
/// first.
type FormEntry = [u8; 3];

/// A folded letter, and its form if it is spelled differently.
type FoldedLetter = (Box<[u8]>, Option<u16>);

/// Maximum bytes of `known`: the parts of some 10,000 letters.
const KNOWN: usize = 2 << 20;

/// The forms of the names of a shard.
#[derive(Debug, Default)]
pub(super) struct Forms {
    /// The names that have any.
    has: RankedBits,
    /// Where the places of each of these names end.
    ends: Vec<u32>,
    places: Vec<FormEntry>,
    /// The first is empty: it bridges gaps of more than 255 bytes.
    forms: Vec<Form>,
    /// Bytes of text in the forms.
    text: usize,
    /// What parts of names fold to; only while names are added.
    known: HashMap<Box<[u8]>, Box<[FoldedLetter]>>,
    /// Bytes that `known` holds besides its table.
    known_bytes: usize,
}

impl Forms {
    /// Whether another name might need more form numbers than are left.
    pub(super) fn is_full(&self) -> bool {
        self.forms.len() > usize::from(u16::MAX) - 1_024
    }

    /// What it holds in memory.
    pub(super) fn bytes(&self) -> usize {
        self.has.bytes()
            + self.ends.capacity() * 4
            + self.places.capacity() * size_of::<FormEntry>()
            + self.forms.capacity() * size_of::<Form>()
            + self.text
            + self.known_bytes()
    }

    fn known_bytes(&self) -> usize {
        // A table is at most seven eighths full, and has a byte for each slot besides.
        let slot = size_of::<(Box<[u8]>, Box<[FoldedLetter]>)>() + 1;
        self.known.capacity() * 8 / 7 * slot + self.known_bytes
    }

    /// Frees spare capacity. No more names are added.
    pub(super) fn shrink(&mut self) {
        self.forget();
        self.has.shrink();
        self.ends.shrink_to_fit();
        self.places.shrink_to_fit();
        self.forms.shrink_to_fit();
    }

    fn forget(&mut self) {
        self.known = HashMap::new();
        self.known_bytes = 0;
    }

    /// Folds a part of a name onto the end of `blob`. `last` is where the letter of the last form
    /// ended.
    pub(super) fn fold(&mut self, part: &[u8], blob: &mut Vec<u8>, last: &mut usize) {
        if !self.known.contains_key(part) {
            if self.known_bytes() > KNOWN {
                self.forget();
            }
            let letters = self.read(part);
            let folded = letters.iter().map(|(folded, _)| folded.len());
            self.known_bytes += part.len() + size_of_val(&*letters) + folded.sum::<usize>();
            self.known.insert(part.into(), letters);
        }
        for (folded, form) in self.known.get(part).into_iter().flatten() {
            if let Some(form) = form {
                let [low, high] = form.to_le_bytes();
                let mut skip = blob.len() - *last;
                while skip > usize::from(u8::MAX) {
                    self.places.push([u8::MAX, 0, 0]);
                    skip -= usize::from(u8::MAX);
                }
                self.places.push([skip as u8, low, high]);
                *last = blob.len() + folded.len();
            }
            blob.extend_from_slice(folded);
        }
    }

    fn read(&mut self, part: &[u8]) -> Box<[FoldedLetter]> {
        if self.forms.is_empty() {
            self.forms.push(Form::default());
        }
        let marked = fold::marked(part);
        let letters = fold::letters(&marked).enumerate();
        let letters = letters.map(|(count, letter)| {
            let written = if count == 0 { part } else { &[] };
            let differs = written != letter.base || !letter.marks.is_empty();
            // If the numbers run out, the name is still found, but its exact spelling is lost.
            let number = u16::try_from(self.forms.len()).ok().filter(|_| differs);
            if number.is_some() {
                self.text += written.len() + letter.marks.len();
                self.forms.push(Form {
                    written: written.into(),
                    marks: letter.marks.into(),
                    length: letter.base.len() as u8,
                });
            }
            (letter.base.into(), number)
        });
        letters.collect()
    }

    /// Ends a name whose parts have been folded.
    pub(super) fn end(&mut self, name: usize) {
        let end = self.places.len() as u32;
        if self.ends.last().copied().unwrap_or_default() == end {
            return;
        }
        self.has.set(name);
        self.ends.push(end);
    }

    /// The forms of a name, each with the number of folded bytes since the one before.
    fn of(&self, name: usize) -> impl Iterator<Item = (usize, &Form)> {
        self.places(name).iter().filter_map(|&[skip, low, high]| {
            let form = self
                .forms
                .get(usize::from(u16::from_le_bytes([low, high])))?;
            Some((usize::from(skip), form))
        })
    }

    fn places(&self, name: usize) -> &[FormEntry] {
        let Some(at) = self.has.get(name) else {
            return &[];
        };
        let end = |at: usize| self.ends.get(at).map_or(0, |&end| end as usize);
        let start = at.checked_sub(1).map_or(0, end);
        self.places.get(start..end(at)).unwrap_or_default()
    }

    /// Whether a name differs from its folded form in more than ASCII capitals.
    pub(super) fn has(&self, name: usize) -> bool {
        !self.places(name).is_empty()
    }

    /// Whether a name has marks.
    pub(super) fn is_marked(&self, name: usize) -> bool {
        self.of(name).any(|(_, form)| !form.marks.is_empty())
    }

    /// Where a name has letters with these marks, and maybe more: a bit for each of the first 128
    /// bytes of its folded form. Marks without a letter are not included.
    pub(super) fn with_marks(&self, name: usize, marks: &[u8]) -> u128 {
        let (mut at, mut places) = (0, 0);
        for (skip, form) in self.of(name) {
            at += skip;
            if at < 128 && form.length > 0 && fold::has_marks(&form.marks, marks) {
                places |= 1 << at;
            }
            at += usize::from(form.length);
        }
        places
    }

    /// Appends a name as spelled. `plain` appends the bytes of a range that has no forms.
    pub(super) fn append(
        &self,
        name: usize,
        length: usize,
        to: &mut Vec<u8>,
        plain: impl Fn(usize, usize, &mut Vec<u8>),
    ) {
        let mut at = 0;
        for (skip, form) in self.of(name) {
            plain(at, at + skip, to);
            to.extend_from_slice(&form.written);
            at += skip + usize::from(form.length);
        }
        plain(at, length, to);
    }

    /// Appends a folded name with its marks.
    pub(super) fn append_marked(&self, name: usize, key: &[u8], to: &mut Vec<u8>) {
        let mut at = 0;
        for (skip, form) in self.of(name) {
            let end = at + skip + usize::from(form.length);
            to.extend_from_slice(key.get(at..end).unwrap_or_default());
            to.extend_from_slice(&form.marks);
            at = end;
        }
        to.extend_from_slice(key.get(at..).unwrap_or_default());
    }
}
