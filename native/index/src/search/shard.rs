//! Up to 65,536 entries: their names in one blob, and what a search asks about each in arrays beside it.
//! Names are kept in small letters with a bit per byte that was a capital, so that one pass of an exact search
//! finds any spelling; the entries of one folder that came together share one note of their folder.

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
    }

    pub(super) fn push(&mut self, folder: u32, name: &[u8], stamp: u32) {
        if self.runs.last().is_none_or(|run| run.folder != folder) {
            let start = self.len() as u32;
            self.runs.push(Run { start, folder });
        }
        for &byte in name {
            if byte.is_ascii_uppercase() {
                self.mark_capital(self.blob.len());
            }
            self.blob.push(byte.to_ascii_lowercase());
        }
        self.blob.push(END);
        self.ends.push(self.blob.len() as u32);
        self.letters.push(letters(name));
        self.stamps.push(stamp);
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

    /// A name in small letters.
    pub(super) fn small(&self, entry: usize) -> &[u8] {
        let end = self.end(entry).saturating_sub(1);
        self.blob.get(self.start(entry)..end).unwrap_or_default()
    }

    /// A name as it is; put together in `room`, if it has capitals.
    #[must_use]
    pub(super) fn name<'a>(&'a self, entry: usize, room: &'a mut Vec<u8>) -> &'a [u8] {
        if !self.has_capitals(self.start(entry), self.end(entry)) {
            return self.small(entry);
        }
        room.clear();
        self.append_name(entry, room);
        room
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
        let start = self.start(entry);
        to.extend(self.small(entry).iter().enumerate().map(|(i, &byte)| {
            let word = self.capitals.get((start + i) / 64).copied().unwrap_or(0);
            byte ^ ((word >> ((start + i) % 64) & 1) as u8) << 5
        }));
    }

    /// The blob of the entries in a range, in small letters, and where it begins.
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
