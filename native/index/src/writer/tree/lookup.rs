//! Finding a path: name by name, from where the last lookup ended, since the next path is often
//! near. From the root, each lookup would take as many steps as the path has names.

use aether_core::path::common_len;

use super::DirTree;
use super::node::NONE;
use crate::writer::store::Store;

/// Where the last lookup ended.
#[derive(Debug)]
pub(super) struct LastLookup {
    pub at: u32,
    path: Vec<u8>,
}

impl Default for LastLookup {
    fn default() -> LastLookup {
        LastLookup {
            at: NONE,
            path: Vec::new(),
        }
    }
}

/// Where a path led.
pub(super) enum Lookup {
    Found(u32),
    /// The last directory that exists has none of the name that begins at `from`.
    Missing {
        parent: u32,
        from: usize,
    },
}

impl DirTree {
    /// The directory at a path, if it is known.
    pub fn find(&mut self, store: &mut Store, path: &[u8]) -> rusqlite::Result<Option<u32>> {
        Ok(match self.look_up(store, path)? {
            Lookup::Found(at) => Some(at),
            Lookup::Missing { .. } => None,
        })
    }

    /// The path of the nearest known ancestor of a directory that is not known.
    pub fn nearest_ancestor<'p>(
        &mut self,
        store: &mut Store,
        path: &'p [u8],
    ) -> rusqlite::Result<Option<&'p [u8]>> {
        Ok(match self.look_up(store, path)? {
            Lookup::Missing { parent, from } if parent != NONE => {
                path.get(..from.saturating_sub(1))
            }
            _ => None,
        })
    }

    pub(super) fn look_up(&mut self, store: &mut Store, path: &[u8]) -> rusqlite::Result<Lookup> {
        let (mut at, mut end) = match self.nearest(path) {
            Some(near) => near,
            None => match store.load_root(self.source)? {
                Some(row) => (self.insert_loaded(b"", NONE, row), 0),
                None => {
                    return Ok(Lookup::Missing {
                        parent: NONE,
                        from: 0,
                    });
                }
            },
        };
        let (kept, mut missing) = (end, None);
        while end < path.len() {
            let from = if end == 0 { 0 } else { end + 1 };
            let next = end_of_name(path, from);
            let name = path.get(from..next).unwrap_or_default();
            match self.find_child(store, at, name)? {
                Some(child) => (at, end) = (child, next),
                None => {
                    missing = Some(from);
                    break;
                }
            }
        }
        self.last.at = at;
        // Up to here both paths are the same.
        self.last.path.truncate(kept);
        let rest = path.get(kept..end).unwrap_or_default();
        self.last.path.extend_from_slice(rest);
        Ok(match missing {
            Some(from) => Lookup::Missing { parent: at, from },
            None => Lookup::Found(at),
        })
    }

    /// Whether a directory is cached.
    pub fn is_cached(&self, path: &[u8]) -> bool {
        let Some((mut at, mut end)) = self.nearest(path) else {
            return false;
        };
        while end < path.len() {
            let from = if end == 0 { 0 } else { end + 1 };
            end = end_of_name(path, from);
            match self.child(at, path.get(from..end).unwrap_or_default()) {
                Some(child) => at = child,
                None => return false,
            }
        }
        true
    }

    /// A cached directory at the path or above it, and the length of its path.
    fn nearest(&self, path: &[u8]) -> Option<(u32, usize)> {
        if self.last.at == NONE {
            return self.child(NONE, b"").map(|root| (root, 0));
        }
        let end = common(&self.last.path, path);
        let mut at = self.last.at;
        for _ in 0..levels(&self.last.path, end) {
            at = self.node(at).map_or(NONE, |node| node.parent);
        }
        Some((at, end))
    }

    /// A directory in a cached one.
    pub fn find_child(
        &mut self,
        store: &mut Store,
        parent: u32,
        name: &[u8],
    ) -> rusqlite::Result<Option<u32>> {
        if let Some(child) = self.child(parent, name) {
            return Ok(Some(child));
        }
        let id = self
            .node(parent)
            .map_or(0, |node| match node.has_rows_beneath {
                true => node.id,
                false => node.stored_id,
            });
        if id == 0 {
            return Ok(None);
        }
        let row = store.load_child(id, name)?;
        Ok(row.map(|row| self.insert_loaded(name, parent, row)))
    }

    /// The path of a cached directory.
    pub fn path(&self, at: u32) -> Vec<u8> {
        let mut end = self.node(at).map_or(0, |node| node.path_len);
        let (mut path, mut at) = (vec![0; end], at);
        while let Some(node) = self.node(at) {
            let from = end.saturating_sub(node.name.len());
            if let Some(place) = path.get_mut(from..end) {
                place.copy_from_slice(&node.name);
            }
            end = from.saturating_sub(1);
            if let Some(slash) = path.get_mut(end).filter(|_| from > 0) {
                *slash = b'/';
            }
            at = node.parent;
        }
        path
    }

    /// Keeps the next lookup from beginning at a removed directory.
    pub(super) fn leave_removed(&mut self) {
        while let Some(node) = self.node(self.last.at).filter(|node| node.is_removed()) {
            let length = node.path_len.saturating_sub(node.name.len() + 1);
            self.last.at = node.parent;
            self.last.path.truncate(length);
        }
    }
}

/// The length of the longest path that both paths are within.
fn common(a: &[u8], b: &[u8]) -> usize {
    let same = common_len(a, b);
    let ends = |path: &[u8]| path.len() == same || path.get(same) == Some(&b'/');
    if ends(a) && ends(b) {
        return same;
    }
    let both = a.get(..same).unwrap_or_default();
    both.iter().rposition(|byte| *byte == b'/').unwrap_or(0)
}

/// How many names of a path lie beyond this length.
fn levels(path: &[u8], end: usize) -> usize {
    let rest = path.get(end..).unwrap_or_default();
    let slashes = rest.iter().filter(|byte| **byte == b'/').count();
    slashes + usize::from(end == 0 && !rest.is_empty())
}

/// Where the name that begins at `from` ends.
pub(super) fn end_of_name(path: &[u8], from: usize) -> usize {
    let rest = path.get(from..).unwrap_or_default();
    let slash = rest.iter().position(|byte| *byte == b'/');
    from + slash.unwrap_or(rest.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lookup_goes_up_to_the_common_ancestor() {
        let long = "n".repeat(100);
        let (in_long, beside) = (format!("{long}/a/b"), format!("{long}/a/c/d"));
        for (from, to, end, up) in [
            ("", "", 0, 0),
            ("", "a", 0, 0),
            ("a", "", 0, 1),
            ("a", "a/b", 1, 0),
            ("a/b", "a", 1, 1),
            ("a/b", "a/c", 1, 1),
            ("a/b", "a/bc", 1, 1),
            ("ab", "a", 0, 1),
            ("a/b/c", "d/e", 0, 3),
            ("a/b/c", "a/b", 3, 1),
            (&in_long, &beside, 102, 1),
            (&long, &in_long, 100, 0),
        ] {
            let (from, to) = (from.as_bytes(), to.as_bytes());
            let found = common(from, to);
            assert_eq!((found, levels(from, found)), (end, up), "{from:?} {to:?}");
        }
    }
}
