//! Takes the unpacked bytes apart: bincode 1, little-endian, all numbers of fixed width, every list
//! and text with its length in front as a u64. Lists stay where they are in the bytes, and every
//! length is held against what is left of them, so nothing is allocated but one number per text.
//! What the lists refer to is checked in `lists` and `tree`.

use super::ImportRefused;
#[cfg(feature = "test-support")]
use super::inflate::inflate;
use super::lists::{List, Lists, Tags};
use super::tree::{self, Tree};

/// The version that this reads.
const VERSION: u32 = 3;

/// What a cache holds, checked.
#[derive(Debug)]
pub struct Cache {
    source_id: String,
    total_files: u64,
    built_at: String,
    lists: Lists,
    tree: Tree,
}

/// A child of a folder, as the cache knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CacheRow<'a> {
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
    pub fn decode(raw: Vec<u8>) -> Result<Cache, ImportRefused> {
        let mut reader = Reader { raw: &raw, at: 0 };
        let version = u32::from_le_bytes(reader.array("version")?);
        if version != VERSION {
            return Err(ImportRefused::Version(version));
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
            return Err(ImportRefused::Damaged("the end", "is followed by more"));
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
    #[cfg(feature = "test-support")]
    pub fn unpack(packed: &[u8]) -> Result<Cache, ImportRefused> {
        Cache::decode(inflate(packed, packed.len() as u64)?)
    }

    /// The source's id.
    pub fn source_id(&self) -> &str {
        &self.source_id
    }

    /// How many files the predecessor had counted.
    pub fn total_files(&self) -> u64 {
        self.total_files
    }

    /// When it was made, as the predecessor wrote it.
    pub fn built_at(&self) -> &str {
        &self.built_at
    }

    /// Goes through all rows, folder by folder, until one is refused.
    pub fn rows<E>(&self, mut row: impl FnMut(CacheRow<'_>) -> Result<(), E>) -> Result<(), E> {
        let lists = &self.lists;
        self.tree.walk(lists, |folder, prefix| {
            let (start, length) = lists.entries(folder);
            for entry in start..start.saturating_add(length) {
                row(CacheRow {
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

struct Reader<'a> {
    raw: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn take(&mut self, length: u64, what: &'static str) -> Result<&'a [u8], ImportRefused> {
        let rest = self.raw.get(self.at..).unwrap_or_default();
        let taken = usize::try_from(length).ok().and_then(|n| rest.get(..n));
        let taken = taken.ok_or(ImportRefused::Damaged(what, "is longer than the file"))?;
        self.at += taken.len();
        Ok(taken)
    }

    fn array<const N: usize>(&mut self, what: &'static str) -> Result<[u8; N], ImportRefused> {
        let taken = self.take(N as u64, what)?.first_chunk();
        taken
            .copied()
            .ok_or(ImportRefused::Damaged(what, "is cut off"))
    }

    fn list(&mut self, what: &'static str, width: u64) -> Result<List, ImportRefused> {
        let len = u64::from_le_bytes(self.array(what)?);
        let start = self.at;
        self.take(len.saturating_mul(width), what)?;
        Ok(List {
            start,
            len: len as usize,
        })
    }

    fn text(&mut self, what: &'static str) -> Result<&'a str, ImportRefused> {
        let length = u64::from_le_bytes(self.array(what)?);
        std::str::from_utf8(self.take(length, what)?)
            .map_err(|_| ImportRefused::Damaged(what, "is not UTF-8"))
    }

    fn texts(&mut self, what: &'static str) -> Result<Vec<u32>, ImportRefused> {
        let count = u64::from_le_bytes(self.array(what)?);
        let mut places = Vec::new();
        // Each takes at least the 8 bytes of its length, so a count that is not true soon comes to
        // the end.
        for _ in 0..count {
            let place = u32::try_from(self.at);
            places.push(place.map_err(|_| ImportRefused::TooLarge)?);
            self.text(what)?;
        }
        Ok(places)
    }
}
