//! New directories, and directories that are found before their parent's listing comes.

use aether_core::MountIdentity;

use super::DirTree;
use super::lookup::{Lookup, end_of_name};
use super::node::{NONE, Node};
use crate::columns::{DirEntry, DirRow};
use crate::writer::path_map::PathMap;
use crate::writer::store::Store;
use crate::writer::store::dir_rows::NewDir;

impl DirTree {
    /// The directory at a path. Where there is none, it is added with its missing ancestors: their
    /// parents' listings may come later. `way` are mount points above it that the scan came
    /// through: what is stored beneath is of these, and not of a directory that a disk was mounted
    /// over later.
    pub fn ensure(
        &mut self,
        store: &mut Store,
        path: &[u8],
        way: &PathMap<MountIdentity>,
    ) -> rusqlite::Result<Option<u32>> {
        let (mut parent, mut from) = match self.look_up(store, path)? {
            Lookup::Found(at) => return Ok(Some(at)),
            Lookup::Missing { parent, from } => (parent, from),
        };
        if parent == NONE {
            return Ok(None);
        }
        let above = path.get(..from.saturating_sub(1)).unwrap_or_default();
        self.mark_way(store, parent, above, way)?;
        loop {
            let end = end_of_name(path, from);
            let name = path.get(from..end).unwrap_or_default();
            self.replace_file(store, parent, name)?;
            let id = store.new_dir();
            let at = self.add(name, parent, DirEntry::default());
            if let Some(node) = self.node_mut(at) {
                node.id = id;
            }
            if let Some(above) = self.node_mut(parent) {
                above.gathered.added += 1;
                above.is_empty = false;
                if above.id == 0 {
                    above.id = store.new_dir();
                }
            }
            self.touch(parent);
            if end == path.len() {
                return Ok(Some(at));
            }
            let added = path.get(..end).unwrap_or_default();
            self.mark_way(store, at, added, way)?;
            (parent, from) = (at, end + 1);
        }
    }

    /// Marks a directory that has no row as the mount point that the scan came through.
    fn mark_way(
        &mut self,
        store: &Store,
        at: u32,
        path: &[u8],
        way: &PathMap<MountIdentity>,
    ) -> rusqlite::Result<()> {
        let Some((_, mount)) = way.above(path).filter(|(found, _)| found == path) else {
            return Ok(());
        };
        let has_other = self.node(at).is_none_or(|node| node.row.mount.0.is_some());
        if !has_other && !self.holds_any(store, at)? {
            self.set_mount(at, path, Some(*mount));
        }
        Ok(())
    }

    /// Removes a file whose name belongs to a directory now.
    fn replace_file(
        &mut self,
        store: &mut Store,
        parent: u32,
        name: &[u8],
    ) -> rusqlite::Result<()> {
        store.flush_files()?;
        let keeps_history = self.history.is_kept();
        let Some(node) = self.node_mut(parent) else {
            return Ok(());
        };
        if let Some(file) = store.load_file(node.id, name)? {
            store.delete_file(node.id, name)?;
            node.add_own(-1, -file.bytes());
            node.add_own_disk(-file.own_disk());
            node.gathered.removed += 1;
            if keeps_history {
                node.record_file(name, true, None, -file.bytes());
            }
            store.clear_notes(node.id, name)?;
            self.relink(parent, Some(&file), None);
            return Ok(());
        }
        store.clear_notes(node.id, name)
    }

    /// Adds a directory that was found, and not listed. It is written with the next flush.
    pub fn add(&mut self, name: &[u8], parent: u32, entry: DirEntry) -> u32 {
        let node = self.found(name, parent, entry);
        let at = self.insert(node);
        if let Some(above) = self.node_mut(parent) {
            above.has_new_child();
        }
        self.touch(at);
        at
    }

    /// Sets what the root has in no listing: its own blocks, its owner, and the number of its device.
    pub fn set_root(
        &mut self,
        store: &mut Store,
        (disk, owner): (Option<i64>, Option<i64>),
        device: Option<i64>,
    ) -> rusqlite::Result<()> {
        let Some(at) = self.root(store)? else {
            return Ok(());
        };
        if let Some(device) = device {
            self.set_device(store, at, device)?;
        }
        let Some(root) = self.node_mut(at) else {
            return Ok(());
        };
        let before = root.row.entry();
        let entry = DirEntry {
            self_disk: disk.or(before.self_disk),
            owner,
            ..before
        };
        if entry != before {
            root.set_entry(entry);
            self.touch(at);
        }
        Ok(())
    }

    /// The root. It is not looked up if it is cached: the next lookup goes on from the last one.
    pub(super) fn root(&mut self, store: &mut Store) -> rusqlite::Result<Option<u32>> {
        match self.child(NONE, b"") {
            None => self.find(store, b""),
            root => Ok(root),
        }
    }

    fn found(&self, name: &[u8], parent: u32, entry: DirEntry) -> Node {
        let mut node = self.new_node(name, parent, entry);
        node.row.changed_gen = self.generation;
        let above = self.node(parent);
        node.row.listed_gen = above.map_or(0, Node::listed_gen_within);
        node
    }

    /// The same, written at once and not cached.
    pub fn add_uncached(
        &mut self,
        store: &mut Store,
        name: &[u8],
        parent: u32,
        entry: DirEntry,
    ) -> rusqlite::Result<()> {
        let id = store.new_dir();
        let row = DirRow {
            unknown_below: 1,
            disk: entry.self_disk.unwrap_or(0),
            ..self.found(name, parent, entry).row
        };
        let Some(above) = self.node_mut(parent) else {
            return Ok(());
        };
        above.gathered.unknown += 1;
        above.gathered.disk += i128::from(row.disk);
        above.has_new_child();
        above.has_rows_beneath = true;
        let above = above.id;
        self.touch(parent);
        store.dirs.push(&NewDir {
            id,
            source: self.source,
            parent: Some(above),
            name,
            row,
        });
        if store.dirs.is_full() {
            store.flush_dirs()?;
        }
        Ok(())
    }
}
