//! The lists of a cache as they lie in its bytes: numbers are taken out where they are asked for.
//! What they refer to is checked here, but for the tree of folders.

use super::ImportRefused;

/// Stands for no reference.
pub(super) const NONE: u32 = u32::MAX;

/// A list in the bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct List {
    pub(super) start: usize,
    pub(super) len: usize,
}

pub(super) struct Tags {
    pub(super) name: List,
    pub(super) count: List,
    pub(super) special: List,
}

/// The lists, as they lie in the bytes.
#[derive(Debug)]
pub(super) struct Lists {
    pub(super) raw: Vec<u8>,
    /// Where the length of each lies.
    pub(super) segments: Vec<u32>,
    pub(super) prefix_segment: List,
    pub(super) prefix_parent: List,
    pub(super) children_start: List,
    pub(super) children_len: List,
    pub(super) entry_start: List,
    pub(super) entry_len: List,
    pub(super) children: List,
    pub(super) entry_segment: List,
    pub(super) entry_count: List,
    pub(super) entry_is_file: List,
}

impl Lists {
    fn array<const N: usize>(&self, list: List, index: usize) -> Option<&[u8; N]> {
        let start = index.checked_mul(N)?.checked_add(list.start)?;
        self.raw.get(start..)?.first_chunk()
    }

    pub(super) fn u32(&self, list: List, index: usize) -> u32 {
        self.array(list, index)
            .map_or(NONE, |bytes| u32::from_le_bytes(*bytes))
    }

    fn u16(&self, list: List, index: usize) -> usize {
        self.array(list, index)
            .map_or(0, |bytes| usize::from(u16::from_le_bytes(*bytes)))
    }

    pub(super) fn u8(&self, list: List, index: usize) -> u8 {
        self.array::<1>(list, index).map_or(0, |[byte]| *byte)
    }

    pub(super) fn folders(&self) -> usize {
        self.prefix_parent.len
    }

    /// A part of a path; empty for none.
    pub(super) fn segment(&self, index: u32) -> &[u8] {
        let text = || {
            let at = *self.segments.get(index as usize)? as usize;
            let (length, text) = self.raw.get(at..)?.split_first_chunk()?;
            text.get(..u64::from_le_bytes(*length) as usize)
        };
        text().unwrap_or_default()
    }

    /// Where a folder's children are among all, and how many.
    pub(super) fn children(&self, folder: usize) -> (usize, usize) {
        let start = self.u32(self.children_start, folder) as usize;
        (start, self.u16(self.children_len, folder))
    }

    /// Where a folder's entries are among all, and how many.
    pub(super) fn entries(&self, folder: usize) -> (usize, usize) {
        let start = self.u32(self.entry_start, folder) as usize;
        (start, self.u16(self.entry_len, folder))
    }

    pub(super) fn check_tags(&self, tags: &Tags, strings: usize) -> Result<(), ImportRefused> {
        let mut names = (0..tags.name.len).map(|at| self.u32(tags.name, at));
        if tags.name.len != tags.count.len || tags.name.len != tags.special.len {
            return Err(ImportRefused::Damaged(
                "the tags",
                "have lists of unequal length",
            ));
        }
        match names.all(|name| (name as usize) < strings) && self.are_bools(tags.special) {
            true => Ok(()),
            false => Err(ImportRefused::Damaged(
                "the tags",
                "refer to what is not there",
            )),
        }
    }

    fn are_bools(&self, list: List) -> bool {
        (0..list.len).all(|at| self.u8(list, at) <= 1)
    }

    pub(super) fn check_lengths(&self) -> Result<(), ImportRefused> {
        let folders = [
            self.prefix_segment,
            self.children_start,
            self.children_len,
            self.entry_start,
            self.entry_len,
        ];
        if folders.iter().any(|list| list.len != self.folders()) {
            return Err(ImportRefused::Damaged(
                "the folders",
                "have lists of unequal length",
            ));
        }
        let entries = [self.entry_count, self.entry_is_file];
        if entries
            .iter()
            .any(|list| list.len != self.entry_segment.len)
        {
            return Err(ImportRefused::Damaged(
                "the entries",
                "have lists of unequal length",
            ));
        }
        Ok(())
    }

    /// Each is in one folder, and has a name that can be one.
    pub(super) fn check_entries(&self) -> Result<(), ImportRefused> {
        let damaged = |why| Err(ImportRefused::Damaged("an entry", why));
        if !self.are_bools(self.entry_is_file) {
            return damaged("is neither file nor folder");
        }
        let mut taken = vec![false; self.entry_segment.len];
        for folder in 0..self.folders() {
            let (start, length) = self.entries(folder);
            if length == 0 {
                continue;
            }
            let Some(range) = taken.get_mut(start..start.saturating_add(length)) else {
                return damaged("is not there");
            };
            if range.contains(&true) {
                return damaged("is in two folders");
            }
            range.fill(true);
        }
        // As the predecessor counts them in 16 bits, a folder of more than 65,535 would lose some
        // without a word.
        if taken.contains(&false) {
            return damaged("is in no folder");
        }
        let name = |at| self.segment(self.u32(self.entry_segment, at));
        match (0..self.entry_segment.len).all(|at| is_name(name(at))) {
            true => Ok(()),
            false => damaged("has no name, or none that can be"),
        }
    }
}

/// Whether it can be a name in a folder. None is longer on any system; a bound on the length also
/// bounds what one text costs that many refer to.
pub(super) fn is_name(name: &[u8]) -> bool {
    name.len() <= 1024
        && !matches!(name, b"" | b"." | b"..")
        && !name.iter().any(|byte| matches!(byte, 0 | b'/'))
}
