//! Takes the unpacked bytes apart: bincode 1, little-endian, all numbers of fixed width, every list and text with its length
//! in front as a u64. Lists stay where they are in the bytes, and every length is held against what is left of them, so
//! nothing is allocated but one number per text. That all references lead somewhere is checked here, once; the tree of
//! folders is checked in `tree`.

use super::Refused;
use super::inflate::inflate;
use super::tree::{self, Tree};

/// The version that this reads.
const VERSION: u32 = 3;

/// In place of a reference: none.
pub(super) const NONE: u32 = u32::MAX;

/// What a cache holds, checked.
#[derive(Debug)]
pub struct Cache {
    source_id: String,
    total_files: u64,
    built_at: String,
    pub(super) lists: Lists,
    tree: Tree,
}

/// A child of a folder, as the cache knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row<'a> {
    /// Its folder: empty for the root, otherwise ending in a slash.
    pub prefix: &'a [u8],
    /// Its name.
    pub name: &'a [u8],
    /// How many files are beneath it; 1 for a file.
    pub file_count: u32,
    /// Whether it is a folder.
    pub is_folder: bool,
}

impl Cache {
    /// Takes unpacked bytes apart.
    pub fn decode(raw: Vec<u8>) -> Result<Cache, Refused> {
        let mut reader = Reader { raw: &raw, at: 0 };
        let version = u32::from_le_bytes(reader.array("version")?);
        if version != VERSION {
            return Err(Refused::Version(version));
        }
        let source_id = reader.text("source_id")?.to_owned();
        let total_files = u64::from_le_bytes(reader.array("total_files")?);
        let built_at = reader.text("built_at")?.to_owned();
        let segments = reader.texts("segments")?;
        let tag_strings = reader.texts("tag_strings")?;
        let tags = Tags {
            name: reader.list("tag_name_idx", 4)?,
            count: reader.list("tag_counts", 4)?,
            special: reader.list("tag_is_special", 1)?,
        };
        let mut lists = Lists {
            segments,
            prefix_segment: reader.list("prefix_segment", 4)?,
            prefix_parent: reader.list("prefix_parent", 4)?,
            children_start: reader.list("prefix_children_start", 4)?,
            children_len: reader.list("prefix_children_len", 2)?,
            entry_start: reader.list("prefix_entry_start", 4)?,
            entry_len: reader.list("prefix_entry_len", 2)?,
            children: reader.list("prefix_children", 4)?,
            entry_segment: reader.list("entry_segment_idx", 4)?,
            entry_count: reader.list("entry_file_count", 4)?,
            entry_is_file: reader.list("entry_is_file", 1)?,
            raw: Vec::new(),
        };
        if reader.at != raw.len() {
            return Err(Refused::Damaged("the end", "is followed by more"));
        }
        lists.raw = raw;
        lists.check_tags(&tags, tag_strings.len())?;
        lists.check_lengths()?;
        lists.check_entries()?;
        let tree = Tree::new(&lists)?;
        tree::check_children(&lists)?;
        Ok(Cache {
            source_id,
            total_files,
            built_at,
            lists,
            tree,
        })
    }

    /// Unpacks a cache and takes it apart.
    pub fn unpack(packed: &[u8]) -> Result<Cache, Refused> {
        Cache::decode(inflate(packed, packed.len() as u64)?)
    }

    /// The source's id.
    pub fn source_id(&self) -> &str {
        &self.source_id
    }

    /// How many files the original had counted.
    pub fn total_files(&self) -> u64 {
        self.total_files
    }

    /// When it was made, as the original wrote it.
    pub fn built_at(&self) -> &str {
        &self.built_at
    }

    /// Goes through all rows, folder by folder, until one is refused.
    pub fn rows<E>(&self, mut row: impl FnMut(Row<'_>) -> Result<(), E>) -> Result<(), E> {
        let lists = &self.lists;
        self.tree.walk(lists, |folder, prefix| {
            let (start, length) = lists.entries(folder);
            for entry in start..start.saturating_add(length) {
                row(Row {
                    prefix,
                    name: lists.segment(lists.u32(lists.entry_segment, entry)),
                    file_count: lists.u32(lists.entry_count, entry),
                    is_folder: lists.u8(lists.entry_is_file, entry) == 0,
                })?;
            }
            Ok(())
        })
    }
}

/// A list in the bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct List {
    start: usize,
    pub(super) len: usize,
}

struct Tags {
    name: List,
    count: List,
    special: List,
}

/// The lists, as they lie in the bytes.
#[derive(Debug)]
pub(super) struct Lists {
    raw: Vec<u8>,
    /// Where the length of each lies.
    segments: Vec<u32>,
    pub(super) prefix_segment: List,
    pub(super) prefix_parent: List,
    children_start: List,
    children_len: List,
    entry_start: List,
    entry_len: List,
    pub(super) children: List,
    entry_segment: List,
    entry_count: List,
    entry_is_file: List,
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

    fn u8(&self, list: List, index: usize) -> u8 {
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
    fn entries(&self, folder: usize) -> (usize, usize) {
        let start = self.u32(self.entry_start, folder) as usize;
        (start, self.u16(self.entry_len, folder))
    }

    fn check_tags(&self, tags: &Tags, strings: usize) -> Result<(), Refused> {
        let mut names = (0..tags.name.len).map(|at| self.u32(tags.name, at));
        if tags.name.len != tags.count.len || tags.name.len != tags.special.len {
            return Err(Refused::Damaged("the tags", "have lists of unequal length"));
        }
        match names.all(|name| (name as usize) < strings) && self.are_bools(tags.special) {
            true => Ok(()),
            false => Err(Refused::Damaged("the tags", "refer to what is not there")),
        }
    }

    fn are_bools(&self, list: List) -> bool {
        (0..list.len).all(|at| self.u8(list, at) <= 1)
    }

    fn check_lengths(&self) -> Result<(), Refused> {
        let folders = [
            self.prefix_segment,
            self.children_start,
            self.children_len,
            self.entry_start,
            self.entry_len,
        ];
        if folders.iter().any(|list| list.len != self.folders()) {
            return Err(Refused::Damaged(
                "the folders",
                "have lists of unequal length",
            ));
        }
        let entries = [self.entry_count, self.entry_is_file];
        if entries
            .iter()
            .any(|list| list.len != self.entry_segment.len)
        {
            return Err(Refused::Damaged(
                "the entries",
                "have lists of unequal length",
            ));
        }
        Ok(())
    }

    /// Each is in one folder, and has a name that can be one.
    fn check_entries(&self) -> Result<(), Refused> {
        let damaged = |why| Err(Refused::Damaged("an entry", why));
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
        // As the original counts them in 16 bits, a folder of more than 65,535 would lose some without a word.
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

/// Whether it can be a name in a folder. None is longer on any system; a bound on the length also bounds what one text
/// costs that many refer to.
pub(super) fn is_name(name: &[u8]) -> bool {
    name.len() <= 1024
        && !matches!(name, b"" | b"." | b"..")
        && !name.iter().any(|byte| matches!(byte, 0 | b'/'))
}

struct Reader<'a> {
    raw: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn take(&mut self, length: u64, what: &'static str) -> Result<&'a [u8], Refused> {
        let rest = self.raw.get(self.at..).unwrap_or_default();
        let taken = usize::try_from(length).ok().and_then(|n| rest.get(..n));
        let taken = taken.ok_or(Refused::Damaged(what, "is longer than the file"))?;
        self.at += taken.len();
        Ok(taken)
    }

    fn array<const N: usize>(&mut self, what: &'static str) -> Result<[u8; N], Refused> {
        let taken = self.take(N as u64, what)?.first_chunk();
        taken.copied().ok_or(Refused::Damaged(what, "is cut off"))
    }

    fn list(&mut self, what: &'static str, width: u64) -> Result<List, Refused> {
        let len = u64::from_le_bytes(self.array(what)?);
        let start = self.at;
        self.take(len.saturating_mul(width), what)?;
        Ok(List {
            start,
            len: len as usize,
        })
    }

    fn text(&mut self, what: &'static str) -> Result<&'a str, Refused> {
        let length = u64::from_le_bytes(self.array(what)?);
        std::str::from_utf8(self.take(length, what)?)
            .map_err(|_| Refused::Damaged(what, "is not UTF-8"))
    }

    fn texts(&mut self, what: &'static str) -> Result<Vec<u32>, Refused> {
        let count = u64::from_le_bytes(self.array(what)?);
        let mut places = Vec::new();
        // Each takes at least the 8 bytes of its length, so a count that is not true soon comes to the end.
        for _ in 0..count {
            let place = u32::try_from(self.at);
            places.push(place.map_err(|_| Refused::TooLarge)?);
            self.text(what)?;
        }
        Ok(places)
    }
}
