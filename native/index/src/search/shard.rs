//! Up to 32,768 different names in one blob, with arrays for what a search needs to know of each.
//! Names are stored folded, so that one pass finds any spelling, with a bit for each byte that was
//! an ASCII capital. `forms` has the spelling of other letters, `rows` the entries that have these
//! names.

mod capitals;
mod entries;
mod starts;

use std::ops::Range;

use self::capitals::Capitals;
pub(super) use self::entries::Entries;
use self::starts::{GROUP, Starts};
use super::char_mask::char_mask;
use super::fold;
use super::forms::Forms;
use super::swar;

/// Maximum number of names in a shard.
pub(super) const FULL: usize = 1 << 15;

/// Maximum number of bytes of a name. Longer ones are left out; no file system has any.
pub(super) const MAX_NAME: usize = 2_000;

/// Ends every name in the blob; it occurs in no name.
pub(super) const END: u8 = b'/';

#[derive(Debug, Default)]
pub(super) struct Shard {
    count: usize,
    blob: Vec<u8>,
    capitals: Capitals,
    forms: Forms,
    starts: Starts,
    masks: Vec<u32>,
    entries: Entries,
}

impl Shard {
    /// Number of names.
    pub(super) fn len(&self) -> usize {
        self.count
    }

    pub(super) fn is_full(&self) -> bool {
        self.len() >= FULL || self.forms.is_full()
    }

    /// What it holds in memory.
    pub(super) fn bytes(&self) -> usize {
        self.blob.capacity()
            + self.capitals.bytes()
            + self.starts.bytes()
            + self.masks.capacity() * 4
            + self.entries.bytes()
            + self.forms.bytes()
    }

    pub(super) fn push(&mut self, name: &[u8]) {
        let start = self.blob.len();
        if self.count.is_multiple_of(GROUP) {
            self.starts.push(start);
        }
        if name.is_ascii() {
            self.push_ascii(name);
        } else {
            let mut last = start;
            for part in fold::parts(name) {
                match part.is_ascii() {
                    true => self.push_ascii(part),
                    false => self.forms.fold(part, &mut self.blob, &mut last),
                }
            }
            self.forms.end(self.len());
        }
        let mask = char_mask(self.blob.get(start..).unwrap_or_default());
        self.blob.push(END);
        self.masks.push(mask);
        self.count += 1;
    }

    fn push_ascii(&mut self, name: &[u8]) {
        for &byte in name {
            if byte.is_ascii_uppercase() {
                self.capitals.set(self.blob.len());
            }
            self.blob.push(byte.to_ascii_lowercase());
        }
    }

    /// Frees spare capacity.
    pub(super) fn shrink(&mut self) {
        self.blob.shrink_to_fit();
        self.capitals.shrink();
        self.starts.pack();
        self.masks.shrink_to_fit();
        self.forms.shrink();
    }

    /// Says which rows the names have.
    pub(super) fn set_entries(&mut self, entries: Entries) {
        self.entries = entries;
    }

    /// The rows that have a name.
    #[inline]
    pub(super) fn rows(&self, name: usize) -> Range<u32> {
        self.entries.rows(name)
    }

    /// The rows of each name, in turn.
    pub(super) fn each_rows(&self) -> impl Iterator<Item = Range<u32>> {
        self.entries.each(self.len())
    }

    /// How many rows the names have whose bits are set, in the word with this number.
    pub(super) fn count_rows(&self, word: usize, names: u64) -> u64 {
        self.entries.count(word, names)
    }

    /// The masks of the names in a range.
    pub(super) fn masks(&self, from: usize, to: usize) -> &[u32] {
        self.masks.get(from..to).unwrap_or_default()
    }

    pub(super) fn mask(&self, name: usize) -> u32 {
        self.masks.get(name).copied().unwrap_or_default()
    }

    /// A folded name.
    #[inline]
    pub(super) fn key(&self, name: usize) -> &[u8] {
        self.start_and_key(name).1
    }

    /// Where a name begins in the blob, and the folded name.
    #[inline]
    pub(super) fn start_and_key(&self, name: usize) -> (usize, &[u8]) {
        let start = self.name_start(name);
        let rest = self.blob.get(start..).unwrap_or_default();
        let end = swar::end(rest, 0).unwrap_or_default();
        (start, rest.get(..end).unwrap_or_default())
    }

    /// Where a name begins.
    #[inline]
    pub(super) fn name_start(&self, name: usize) -> usize {
        if name >= self.count {
            return self.blob.len();
        }
        let start = self.starts.get(name / GROUP);
        match (name % GROUP).checked_sub(1) {
            None => start,
            Some(skip) => {
                let rest = self.blob.get(start..).unwrap_or_default();
                start + 1 + swar::end(rest, skip).unwrap_or_default()
            }
        }
    }

    /// A name as spelled, assembled in `room` if it differs from its folded form.
    #[must_use]
    pub(super) fn name<'a>(&'a self, name: usize, room: &'a mut Vec<u8>) -> &'a [u8] {
        let has_capitals = || {
            let (start, key) = self.start_and_key(name);
            self.capitals.any(start, start + key.len())
        };
        if !self.forms.has(name) && !has_capitals() {
            return self.key(name);
        }
        room.clear();
        self.append_name(name, room);
        room
    }

    /// Where a name has letters with these marks: a bit for each of the first bytes of its folded
    /// form.
    pub(super) fn with_marks(&self, name: usize, marks: &[u8]) -> u128 {
        self.forms.with_marks(name, marks)
    }

    /// A folded name with its combining marks, assembled in `room`. None if it has no marks.
    pub(super) fn marked<'a>(&self, name: usize, room: &'a mut Vec<u8>) -> Option<&'a [u8]> {
        if !self.forms.is_marked(name) {
            return None;
        }
        room.clear();
        self.forms.append_marked(name, self.key(name), room);
        Some(room)
    }

    /// Whether a byte of the blob is an ASCII capital in its name.
    pub(super) fn is_capital(&self, at: usize) -> bool {
        self.capitals.get(at)
    }

    /// Appends a name as spelled.
    pub(super) fn append_name(&self, name: usize, to: &mut Vec<u8>) {
        let (start, key) = self.start_and_key(name);
        self.forms.append(name, key.len(), to, |from, end, to| {
            let bytes = key.get(from..end).unwrap_or_default().iter();
            let places = start + from..;
            to.extend(
                bytes
                    .zip(places)
                    .map(|(byte, at)| byte ^ u8::from(self.is_capital(at)) << 5),
            );
        });
    }

    /// The blob of the names in a range, folded, and where it begins.
    pub(super) fn blob(&self, from: usize, to: usize) -> (&[u8], usize) {
        let (start, end) = (self.name_start(from), self.name_start(to));
        (self.blob.get(start..end).unwrap_or_default(), start)
    }

    /// The name at `position` of the blob, and where the next one begins. It is not before the name
    /// `from`.
    pub(super) fn name_at(&self, position: usize, from: usize) -> (usize, usize) {
        let group = self.starts.last_before(position, from / GROUP);
        let bytes = self.blob.get(self.starts.get(group)..).unwrap_or_default();
        let before = position - self.starts.get(group);
        let name = group * GROUP + swar::count_ends(bytes.get(..before).unwrap_or_default());
        let rest = self.blob.get(position..).unwrap_or_default();
        (name, position + 1 + swar::end(rest, 0).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Letters of many scripts, in both normal forms, marks in any order, ligatures, parts of
    /// syllables, stray bytes.
    fn name() -> impl Strategy<Value = Vec<u8>> {
        let known = "aZß éÉñ\u{301}\u{323}\u{308}\u{345}ﬁŉΐΣςᾴЙйПїガが한글\u{1112}\u{1161}\u{11ab}각각\u{11a8}日\u{e31}İǰẞ.";
        let letter = prop::sample::select(known.chars().collect::<Vec<_>>());
        let letter = prop_oneof![3 => letter, 1 => any::<char>()];
        let bytes = letter.prop_map(|c| c.to_string().into_bytes());
        let part = prop_oneof![9 => bytes, 1 => any::<[u8; 2]>().prop_map(|b| b.to_vec())];
        let parts = prop::collection::vec(part, 0..12).prop_map(|parts| parts.concat());
        parts.prop_map(|name| {
            name.into_iter()
                .filter(|b| ![b'/', 0].contains(b))
                .collect()
        })
    }

    proptest! {
        #[test]
        fn names_are_kept_as_they_are_and_as_they_are_folded(
            names in prop::collection::vec(name(), 1..90),
            far in 0..600_usize,
        ) {
            let mut shard = Shard::default();
            for name in &names {
                // Forms that lie far apart.
                let name = [name.as_slice(), &vec![b'x'; far], name].concat();
                shard.push(&name);
            }
            shard.shrink();
            for (entry, at) in (0..names.len()).flat_map(|entry| {
                let (start, end) = (shard.name_start(entry), shard.name_start(entry + 1));
                (start..end).map(move |at| (entry, at))
            }) {
                prop_assert_eq!(shard.name_at(at, entry / 2), (entry, shard.name_start(entry + 1)));
            }
            let (mut room, mut marked) = (Vec::new(), Vec::new());
            for (entry, name) in names.iter().enumerate() {
                let name = [name.as_slice(), &vec![b'x'; far], name].concat();
                prop_assert_eq!(shard.key(entry), fold::key(&name));
                prop_assert_eq!(shard.name(entry, &mut room), name.as_slice());
                let expected = fold::marked(&name);
                let is_marked = fold::is_marked(&expected);
                let found = shard.marked(entry, &mut marked);
                prop_assert_eq!(found, is_marked.then_some(expected.as_slice()));
            }
        }
    }
}
