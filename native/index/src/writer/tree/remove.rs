//! Removing a directory with everything beneath it.

use std::hash::BuildHasher;

use aether_core::path::join;

use super::DirTree;
use super::node::{Flush, NONE, RowState};
use crate::writer::links::chain;
use crate::writer::store::Store;

impl DirTree {
    /// Drops a directory and everything cached beneath it. Only after a flush.
    fn drop_within(&mut self, top: u32) {
        let has_cached = self.node(top).is_some_and(|node| node.has_cached);
        self.drop_one(top);
        // What lies beneath it was cached later.
        let end = if has_cached {
            self.nodes.len() as u32
        } else {
            top
        };
        for at in top + 1..end {
            let parent = self.node(at).map_or(NONE, |node| node.parent);
            if parent >= top && self.node(parent).is_some_and(|above| above.is_removed()) {
                self.drop_one(at);
            }
        }
        self.leave_removed();
    }

    fn drop_one(&mut self, at: u32) {
        let DirTree {
            index,
            nodes,
            hasher,
            name_bytes,
            ..
        } = self;
        let Some(node) = nodes.get_mut(at as usize).filter(|node| !node.is_removed()) else {
            return;
        };
        node.state = RowState::Removed;
        *name_bytes = name_bytes.saturating_sub(node.name.len());
        let hash = hasher.hash_one((node.parent, &*node.name));
        if let Ok(entry) = index.find_entry(hash, |other| *other == at) {
            entry.remove();
        }
    }

    /// Removes a directory that is stored beneath `parent`: its totals leave all ancestors now, its
    /// rows are deleted later.
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

    /// The same without a record in the history, since nothing happened to the directory.
    pub fn forget(
        &mut self,
        store: &mut Store,
        parent: u32,
        id: i64,
        name: &[u8],
    ) -> rusqlite::Result<()> {
        self.history.mark_incomplete();
        self.take_out(store, parent, id, name, false)
    }

    /// Whether something that was removed from a directory has linked names under its id.
    pub(super) fn has_grave_beneath(
        &mut self,
        store: &mut Store,
        at: u32,
    ) -> rusqlite::Result<bool> {
        let chain = self.chain(store, at);
        let sql = "SELECT 1 FROM graveyard WHERE source_id = ?1 AND chain >= ?2 AND chain < ?3";
        let values = rusqlite::params![self.source, chain, chain::end(&chain)];
        store.db.prepare_cached(sql)?.exists(values)
    }

    fn take_out(
        &mut self,
        store: &mut Store,
        parent: u32,
        id: i64,
        name: &[u8],
        records: bool,
    ) -> rusqlite::Result<()> {
        let Some(above) = self.node(parent) else {
            return Ok(());
        };
        let (dir, mut id) = (above.id, id);
        let path = join(&self.path(parent), name);
        if let Some(at) = self.child(parent, name) {
            if self
                .node(at)
                .is_some_and(|node| node.flush != Flush::Nothing)
            {
                self.flush(store)?;
            }
            // The flush may have given it another id.
            id = self.node(at).map_or(id, |node| node.id);
            self.drop_within(at);
        }
        if let Some(mounts) = &mut self.mounts {
            mounts.remove_beneath(&path);
        }
        let Some(removed) = store.load_dir(id)? else {
            return Err(rusqlite::Error::QueryReturnedNoRows);
        };
        if records {
            self.history
                .record_removed(store, self.source, &path, &removed)?;
        }
        let mut chain = self.chain(store, parent);
        chain::push(&mut chain, id);
        store.bury(self.source, &path, id, Some(&chain))?;
        self.has_buried_links |= removed.row.linked != 0;
        store.clear_notes(dir, name)?;
        if let Some(above) = self.node_mut(parent) {
            above.gathered.files -= removed.row.file_count;
            above.gathered.bytes -= i128::from(removed.row.bytes);
            above.gathered.unknown -= removed.row.unknown_below;
            above.gathered.disk -= removed.row.plain_disk();
            above.is_read_ahead = false;
        }
        self.touch(parent);
        Ok(())
    }
}
