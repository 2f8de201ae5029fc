//! Removing a directory with all that lies beneath it.

use aether_core::path::join;
use std::hash::BuildHasher;

use super::Tree;
use crate::writer::store::Store;
use crate::writer::tree::node::NONE;

impl Tree {
    /// Takes a directory and all that is in hand beneath it out of the cache. Only after a flush.
    fn drop_within(&mut self, top: u32) {
        let has_kept = self.node(top).is_some_and(|node| node.has_kept);
        self.drop_one(top);
        // What lies beneath came after it.
        let later = if has_kept {
            self.nodes.len() as u32
        } else {
            top
        };
        for at in top + 1..later {
            let parent = self.node(at).map_or(NONE, |node| node.parent);
            if parent >= top && self.node(parent).is_some_and(|above| above.removed) {
                self.drop_one(at);
            }
        }
        self.leave_removed();
    }

    fn drop_one(&mut self, at: u32) {
        let Tree {
            index,
            nodes,
            hasher,
            name_bytes,
            ..
        } = self;
        let Some(node) = nodes.get_mut(at as usize).filter(|node| !node.removed) else {
            return;
        };
        node.removed = true;
        *name_bytes = name_bytes.saturating_sub(node.name.len());
        let hash = hasher.hash_one((node.parent, &*node.name));
        if let Ok(entry) = index.find_entry(hash, |other| *other == at) {
            entry.remove();
        }
    }

    /// Removes a directory that is stored beneath `parent`: its totals leave all ancestors, its rows are deleted later.
    pub fn remove(
        &mut self,
        store: &mut Store,
        parent: u32,
        id: i64,
        name: &[u8],
    ) -> rusqlite::Result<()> {
        self.take_out(store, parent, id, name, true)?;
        if let Some(above) = self.node_mut(parent) {
            above.gathered.removed += 1;
        }
        Ok(())
    }

    /// The same, without a word in the history: nothing has happened to what lies there.
    pub fn forget(
        &mut self,
        store: &mut Store,
        parent: u32,
        id: i64,
        name: &[u8],
    ) -> rusqlite::Result<()> {
        self.history.lacks();
        self.take_out(store, parent, id, name, false)
    }

    fn take_out(
        &mut self,
        store: &mut Store,
        parent: u32,
        id: i64,
        name: &[u8],
        told: bool,
    ) -> rusqlite::Result<()> {
        let Some(above) = self.node(parent) else {
            return Ok(());
        };
        let (dir, mut id) = (above.id, id);
        let path = join(&self.path(parent), name);
        if let Some(at) = self.child(parent, name) {
            if self.node(at).is_some_and(|node| node.touched) {
                self.flush(store)?;
            }
            // That may have given it another.
            id = self.node(at).map_or(id, |node| node.id);
            self.drop_within(at);
        }
        if let Some(mounts) = &mut self.mounts {
            mounts.remove_beneath(&path);
        }
        let removed = store.totals(id)?;
        if told {
            let top = (id, path.as_slice());
            self.history
                .tell_removed(store, self.source, top, removed.all)?;
        }
        store.bury(self.source, &path, id)?;
        store.clear_notes(dir, name)?;
        if let Some(above) = self.node_mut(parent) {
            above.gathered.files -= removed.all.files;
            above.gathered.bytes -= i128::from(removed.all.bytes);
            above.gathered.unknown -= removed.unknown_below;
            above.read = false;
        }
        self.touch(parent);
        Ok(())
    }
}
