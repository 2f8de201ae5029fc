//! Of overlapping sources the innermost shows a folder: finds the folders of one at which another has its root.

use super::build::{Builder, Source};
use super::names::NONE;
use super::shard::Shard;

impl Builder {
    /// Whether another source has its root at this very folder.
    pub(super) fn is_covered(&self, at: u32) -> bool {
        let Some(folder) = self.names.folder(at) else {
            return false;
        };
        self.inner
            .get(usize::from(folder.source))
            .is_some_and(|paths| paths.iter().any(|path| self.is_at(at, path)))
    }

    /// Whether a folder has this path. Most differ in their name, and cost no more than that.
    fn is_at(&self, at: u32, path: &[u8]) -> bool {
        let mut room = Vec::new();
        let mut wanted = path.rsplit(|&byte| byte == b'/');
        for (_, folder) in self.names.upwards(at) {
            if folder.entry == NONE {
                return wanted.next().is_none();
            }
            let name = match self.place_in_open(folder.entry) {
                Some((shard, entry)) => shard.name(entry, &mut room),
                None => self.names.name(folder.entry, &mut room),
            };
            if wanted.next() != Some(name) {
                return false;
            }
        }
        false
    }

    fn place_in_open(&self, entry: u32) -> Option<(&Shard, usize)> {
        (entry >> 16 == self.names.shards.len() as u32)
            .then_some((&self.open, (entry & 0xffff) as usize))
    }
}

/// For each source the roots of others inside it, relative to its own.
pub(super) fn inner(sources: &[Source]) -> Vec<Vec<Vec<u8>>> {
    let inside = |own: &Source| {
        let others = sources.iter().filter(|other| other.id != own.id);
        let paths = others.filter_map(|other| below(&other.root, &own.root));
        paths.map(<[u8]>::to_vec).collect()
    };
    sources.iter().map(inside).collect()
}

/// The path of a root below another one's.
fn below<'a>(root: &'a [u8], above: &[u8]) -> Option<&'a [u8]> {
    let above = above.strip_suffix(b"/").unwrap_or(above);
    let path = root.strip_prefix(above)?.strip_prefix(b"/")?;
    (!path.is_empty()).then_some(path)
}
