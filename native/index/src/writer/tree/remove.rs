//! Removing a directory with all that lies beneath it.

use super::Tree;
use crate::writer::node::{is_within, join};
use crate::writer::store::Store;

impl Tree {
    /// Takes a directory and all that is in hand beneath it out of the cache. Only after a flush.
    fn drop_within(&mut self, path: &[u8], at: u32) {
        if self.node(at).is_some_and(|node| !node.has_kept) {
            self.index.remove(path);
            self.path_bytes = self.path_bytes.saturating_sub(path.len());
            if let Some(node) = self.node_mut(at) {
                node.removed = true;
            }
            return;
        }
        let Tree {
            index,
            nodes,
            path_bytes,
            ..
        } = self;
        index.retain(|other, at| {
            let keep = !is_within(other, path);
            if !keep {
                *path_bytes = path_bytes.saturating_sub(other.len());
                if let Some(node) = nodes.get_mut(*at as usize) {
                    node.removed = true;
                }
            }
            keep
        });
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
        let (path, dir, mut id) = (join(&above.path, name), above.id, id);
        if let Some(at) = self.cached(&path) {
            if self.node(at).is_some_and(|node| node.touched) {
                self.flush(store)?;
            }
            // That may have given it another.
            id = self.node(at).map_or(id, |node| node.id);
            self.drop_within(&path, at);
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
