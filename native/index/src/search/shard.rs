//! Up to 65,536 entries: their names in one blob, and what a search asks about each in arrays beside it.
//! Names are kept folded, with a bit per byte that was an ASCII capital, so that one pass of an exact search finds any
//! spelling. How other letters are written is in `forms`. The entries of one folder that came together share one note of
//! their folder.

use super::fold;
use super::forms::Forms;
use super::letters::letters;

/// As many entries as a shard takes.
pub(super) const FULL: usize = 1 << 16;

/// Ends every name in the blob; no name has one.
pub(super) const END: u8 = b'/';

/// Entries of one folder, from `start` to the next run.
#[derive(Clone, Copy, Debug)]
pub(super) struct Run {
    pub(super) start: u32,
    pub(super) folder: u32,
}

#[derive(Debug, Default)]
pub(super) struct Shard {
    blob: Vec<u8>,
    capitals: Vec<u64>,
    forms: Forms,
    /// Where each name ends, its end mark included.
    ends: Vec<u32>,
    letters: Vec<u32>,
    stamps: Vec<u32>,
    pub(super) runs: Vec<Run>,
}

impl Shard {
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(super) fn is_full(&self) -> bool {
        self.len() >= FULL || self.forms.is_full()
    }

    /// What it holds in memory.
    pub(super) fn bytes(&self) -> usize {
        self.blob.capacity()
            + self.capitals.capacity() * 8
            + (self.ends.capacity() + self.letters.capacity() + self.stamps.capacity()) * 4
            + self.runs.capacity() * size_of::<Run>()
            + self.forms.bytes()
    }

    pub(super) fn push(&mut self, folder: u32, name: &[u8], stamp: u32) {
        if self.runs.last().is_none_or(|run| run.folder != folder) {
            let start = self.len() as u32;
            self.runs.push(Run { start, folder });
        }
        let start = self.blob.len();
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
        let letters = letters(self.blob.get(start..).unwrap_or_default());
        self.blob.push(END);
        self.ends.push(self.blob.len() as u32);
        self.letters.push(letters);
        self.stamps.push(stamp);
    }

    fn push_ascii(&mut self, name: &[u8]) {
        for &byte in name {
            if byte.is_ascii_uppercase() {
                self.mark_capital(self.blob.len());
            }
            self.blob.push(byte.to_ascii_lowercase());
        }
    }

    fn mark_capital(&mut self, at: usize) {
        if self.capitals.len() <= at / 64 {
            self.capitals.resize(at / 64 + 1, 0);
        }
        if let Some(word) = self.capitals.get_mut(at / 64) {
            *word |= 1 << (at % 64);
        }
    }

    /// Gives back what it has too much.
    pub(super) fn shrink(&mut self) {
        self.blob.shrink_to_fit();
        self.capitals.shrink_to_fit();
        self.ends.shrink_to_fit();
        self.letters.shrink_to_fit();
        self.stamps.shrink_to_fit();
        self.runs.shrink_to_fit();
        self.forms.shrink();
    }

    /// Letters of the entries in a range.
    pub(super) fn letters(&self, from: usize, to: usize) -> &[u32] {
        self.letters.get(from..to).unwrap_or_default()
    }

    pub(super) fn stamp(&self, entry: usize) -> u32 {
        self.stamps.get(entry).copied().unwrap_or_default()
    }

    fn start(&self, entry: usize) -> usize {
        entry
            .checked_sub(1)
            .and_then(|before| self.ends.get(before))
            .map_or(0, |&end| end as usize)
    }

    fn end(&self, entry: usize) -> usize {
        self.ends.get(entry).map_or(0, |&end| end as usize)
    }

    /// How many steps it may take to hold a name against something of this weight.
    pub(super) fn steps(&self, entry: usize, weight: usize) -> usize {
        8 + self.key(entry).len() * weight
    }

    /// A name, folded.
    pub(super) fn key(&self, entry: usize) -> &[u8] {
        let end = self.end(entry).saturating_sub(1);
        self.blob.get(self.start(entry)..end).unwrap_or_default()
    }

    /// A name as it is; put together in `room`, if it has capitals.
    #[must_use]
    pub(super) fn name<'a>(&'a self, entry: usize, room: &'a mut Vec<u8>) -> &'a [u8] {
        let has_capitals = || self.has_capitals(self.start(entry), self.end(entry));
        if !self.forms.has(entry) && !has_capitals() {
            return self.key(entry);
        }
        room.clear();
        self.append_name(entry, room);
        room
    }

    /// Where a name has letters with these marks, a bit for each of the first places of its folded form.
    pub(super) fn with_marks(&self, entry: usize, marks: &[u8]) -> u128 {
        self.forms.with_marks(entry, marks)
    }

    /// A name with its combining marks, folded; put together in `room`. None if it has none.
    pub(super) fn marked<'a>(&self, entry: usize, room: &'a mut Vec<u8>) -> Option<&'a [u8]> {
        if !self.forms.is_marked(entry) {
            return None;
        }
        room.clear();
        self.forms.append_marked(entry, self.key(entry), room);
        Some(room)
    }

    /// Whether a byte of the blob is an ASCII capital in its name.
    pub(super) fn is_capital(&self, at: usize) -> bool {
        let word = self.capitals.get(at / 64).copied().unwrap_or_default();
        word >> (at % 64) & 1 == 1
    }

    /// Whether there is a capital between two places of the blob.
    fn has_capitals(&self, mut start: usize, end: usize) -> bool {
        while start < end {
            let word = self.capitals.get(start / 64).copied().unwrap_or_default();
            let here = (64 - start % 64).min(end - start);
            if (word >> (start % 64)) << (64 - here) != 0 {
                return true;
            }
            start += here;
        }
        false
    }

    /// Appends a name as it is.
    pub(super) fn append_name(&self, entry: usize, to: &mut Vec<u8>) {
        let (start, key) = (self.start(entry), self.key(entry));
        self.forms.append(entry, key.len(), to, |from, end, to| {
            let bytes = key.get(from..end).unwrap_or_default().iter();
            let places = start + from..;
            to.extend(
                bytes
                    .zip(places)
                    .map(|(byte, at)| byte ^ u8::from(self.is_capital(at)) << 5),
            );
        });
    }

    /// The blob of the entries in a range, folded, and where it begins.
    pub(super) fn blob(&self, from: usize, to: usize) -> (&[u8], usize) {
        let (start, end) = (self.start(from), self.start(to));
        (self.blob.get(start..end).unwrap_or_default(), start)
    }

    /// The entry that has the byte at `position` of the blob; none before `from` has it.
    pub(super) fn entry_at(&self, position: usize, from: usize) -> usize {
        let rest = self.ends.get(from..).unwrap_or_default();
        let before = |&end: &u32| end as usize <= position;
        let mut reach = 4;
        while rest.get(reach).is_some_and(before) {
            reach *= 2;
        }
        let near = rest.get(..=reach).unwrap_or(rest);
        let skip = if reach > 4 { reach / 2 } else { 0 };
        let near = near.get(skip..).unwrap_or_default();
        from + skip + near.partition_point(before)
    }

    /// Where the name after an entry's begins.
    pub(super) fn next_start(&self, entry: usize) -> usize {
        self.end(entry)
    }

    /// Where a name begins.
    pub(super) fn name_start(&self, entry: usize) -> usize {
        self.start(entry)
    }

    /// Its runs, each with the entries it covers.
    pub(super) fn spans(&self) -> impl Iterator<Item = (u32, usize, usize)> {
        let ends = self.runs.iter().skip(1).map(|run| run.start as usize);
        self.runs
            .iter()
            .zip(ends.chain([self.len()]))
            .map(|(run, end)| (run.folder, run.start as usize, end))
    }

    /// The folder of an entry. `hint` is the run of an earlier entry, and becomes that of this one.
    pub(super) fn folder(&self, entry: usize, hint: &mut usize) -> u32 {
        let rest = self.runs.get(*hint..).unwrap_or_default();
        let upto = |run: &Run| run.start as usize <= entry;
        // Most are in the run that was last asked about, or in one of the next.
        let ahead = match rest.iter().take(8).position(|run| !upto(run)) {
            Some(ahead) => ahead,
            None => rest.partition_point(upto),
        };
        *hint += ahead.saturating_sub(1);
        self.runs.get(*hint).map_or(u32::MAX, |run| run.folder)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Letters of many scripts, in both normal forms, marks in any order, ligatures, parts of syllables, stray bytes.
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
                shard.push(0, &name, 0);
            }
            shard.shrink();
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
