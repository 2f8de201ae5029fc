//! Up to 65,536 entries: their names in one blob, and what a search asks about each in arrays beside it.
//! Names are kept folded, with a bit per byte that was an ASCII capital, so that one pass of an exact search finds any
//! spelling. What cannot be made of that again is kept as it is, too. The entries of one folder that came together
//! share one note of their folder.

use super::fold;
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

/// A name that differs from its folded form in more than ASCII capitals.
#[derive(Clone, Copy, Debug)]
struct Raw {
    entry: u16,
    /// It has combining marks.
    is_marked: bool,
    /// Where it ends in the blob of such names.
    end: u32,
}

#[derive(Debug, Default)]
pub(super) struct Shard {
    blob: Vec<u8>,
    capitals: Vec<u64>,
    raw: Vec<u8>,
    /// By entry.
    raws: Vec<Raw>,
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
        self.len() >= FULL
    }

    /// What it holds in memory.
    pub(super) fn bytes(&self) -> usize {
        self.blob.capacity()
            + self.capitals.capacity() * 8
            + (self.ends.capacity() + self.letters.capacity() + self.stamps.capacity()) * 4
            + self.runs.capacity() * size_of::<Run>()
            + self.raw.capacity()
            + self.raws.capacity() * size_of::<Raw>()
    }

    pub(super) fn push(&mut self, folder: u32, name: &[u8], stamp: u32) {
        if self.runs.last().is_none_or(|run| run.folder != folder) {
            let start = self.len() as u32;
            self.runs.push(Run { start, folder });
        }
        let start = self.blob.len();
        if name.is_ascii() {
            self.push_folded(name);
        } else {
            let key = fold::key(name);
            let is_same = |(own, key): (&u8, &u8)| own.to_ascii_lowercase() == *key;
            if key.len() == name.len() && name.iter().zip(&key).all(is_same) {
                self.push_folded(name);
            } else {
                self.blob.extend_from_slice(&key);
                self.raw.extend_from_slice(name);
                self.raws.push(Raw {
                    entry: self.ends.len() as u16,
                    is_marked: fold::is_marked(&fold::marked(name)),
                    end: self.raw.len() as u32,
                });
            }
        }
        let letters = letters(self.blob.get(start..).unwrap_or_default());
        self.blob.push(END);
        self.ends.push(self.blob.len() as u32);
        self.letters.push(letters);
        self.stamps.push(stamp);
    }

    /// A name that is folded but for ASCII capitals.
    fn push_folded(&mut self, name: &[u8]) {
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
        self.raw.shrink_to_fit();
        self.raws.shrink_to_fit();
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

    /// A name, folded.
    pub(super) fn key(&self, entry: usize) -> &[u8] {
        let end = self.end(entry).saturating_sub(1);
        self.blob.get(self.start(entry)..end).unwrap_or_default()
    }

    /// A name as it is; put together in `room`, if it has capitals.
    #[must_use]
    pub(super) fn name<'a>(&'a self, entry: usize, room: &'a mut Vec<u8>) -> &'a [u8] {
        if let Some((raw, _)) = self.raw(entry) {
            return raw;
        }
        if !self.has_capitals(self.start(entry), self.end(entry)) {
            return self.key(entry);
        }
        room.clear();
        self.append_name(entry, room);
        room
    }

    /// A name that is kept as it is, and whether it has marks.
    fn raw(&self, entry: usize) -> Option<(&[u8], bool)> {
        if self.raws.is_empty() {
            return None;
        }
        let entry = u16::try_from(entry).ok()?;
        let at = self
            .raws
            .binary_search_by_key(&entry, |raw| raw.entry)
            .ok()?;
        let raw = self.raws.get(at)?;
        let before = at.checked_sub(1).and_then(|before| self.raws.get(before));
        let start = before.map_or(0, |before| before.end as usize);
        let name = self.raw.get(start..raw.end as usize).unwrap_or_default();
        Some((name, raw.is_marked))
    }

    /// A name with combining marks, as it is.
    pub(super) fn marked(&self, entry: usize) -> Option<&[u8]> {
        self.raw(entry).filter(|raw| raw.1).map(|raw| raw.0)
    }

    /// Whether a byte of the blob is an ASCII capital in its name. Not known of names that are kept as they are.
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
        if let Some((raw, _)) = self.raw(entry) {
            to.extend_from_slice(raw);
            return;
        }
        let start = self.start(entry);
        let key = self.key(entry).iter().enumerate();
        to.extend(key.map(|(i, &byte)| byte ^ u8::from(self.is_capital(start + i)) << 5));
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
