//! Names of inodes that have several, gathered while listings are applied. Their rows are written
//! with the next flush, when the ids of all directories are given; what follows for totals is then
//! gathered at the nodes, and carried up with the rest.

use std::collections::HashMap;

use rusqlite::params;

use super::DirTree;
use super::node::{InheritedDevice, NONE};
use crate::columns::FileRow;
use crate::writer::links::chain;
use crate::writer::links::{self, LinkedInode, RowChange, Terms};
use crate::writer::store::Store;

/// What happened to names of an inode in a directory.
#[derive(Clone, Copy, Debug)]
struct PendingLink {
    inode: LinkedInode,
    /// The directory's node.
    at: u32,
    change: RowChange,
}

/// For the next flush.
#[derive(Debug, Default)]
pub(super) struct LinkQueue {
    changes: Vec<PendingLink>,
    /// Directories in which a name was inserted twice, by id: names are counted.
    pub recounted: Vec<i64>,
}

impl DirTree {
    /// Notes that a name in a directory was stored, changed or deleted. `nlink` is what was seen
    /// with what is found now.
    pub fn relink(&mut self, at: u32, stored: Option<&FileRow>, found: Option<(&FileRow, i64)>) {
        let before = stored.and_then(|row| row.inode);
        let after = found.and_then(|(row, nlink)| Some((row.inode?, row.disk, nlink)));
        if before.is_none() && after.is_none() {
            return;
        }
        let stays = before.is_some() && before == after.map(|(inode, ..)| inode);
        if let Some(inode) = before.filter(|_| !stays) {
            let names = -1;
            self.push_link(
                at,
                inode,
                RowChange {
                    names,
                    ..RowChange::default()
                },
            );
        }
        if let Some((inode, disk, nlink)) = after {
            let change = RowChange {
                names: i64::from(!stays),
                disk: Some(disk.unwrap_or(0)),
                nlink: Some(nlink),
            };
            self.push_link(at, inode, change);
        }
    }

    /// Notes how many names inodes have if nothing else of them has changed.
    pub fn see_links(
        &mut self,
        store: &Store,
        at: u32,
        seen: &[(i64, i64)],
    ) -> rusqlite::Result<()> {
        let Some(device) = self.node(at).and_then(|node| node.row.device) else {
            return Ok(());
        };
        for &(inode, nlink) in seen {
            let known = links::nlink(store, LinkedInode { device, inode })?;
            if known != Some(nlink) {
                let nlink = Some(nlink);
                self.push_link(
                    at,
                    inode,
                    RowChange {
                        nlink,
                        ..RowChange::default()
                    },
                );
            }
        }
        Ok(())
    }

    fn push_link(&mut self, at: u32, inode: i64, change: RowChange) {
        let Some(device) = self.node(at).and_then(|node| node.row.device) else {
            return;
        };
        let inode = LinkedInode { device, inode };
        self.links.changes.push(PendingLink { inode, at, change });
        self.touch(at);
    }

    /// Says by which number a directory's linked names stand in `links` from now on. Those that
    /// stood there by another are no longer linked, until a listing shows them again.
    pub fn set_device(&mut self, store: &mut Store, at: u32, device: i64) -> rusqlite::Result<()> {
        let before = match self.node(at) {
            Some(node) => node.row.device,
            None => return Ok(()),
        };
        if before == Some(device) {
            return Ok(());
        }
        if before.is_none() && self.device_above(at) == Some(device) {
            return Ok(());
        }
        if before.is_some() {
            self.unlink_all(store, at)?;
        }
        if let Some(node) = self.node_mut(at) {
            node.row.device = Some(device);
            node.is_read_ahead = false;
            node.mark_changed();
        }
        self.devices_set += 1;
        self.touch(at);
        Ok(())
    }

    /// Gives a directory a number of its own before the first linked name comes.
    pub fn own_device(&mut self, at: u32) {
        if self.node(at).is_none_or(|node| node.row.device.is_some()) {
            return;
        }
        let device = self.device_above(at);
        if let Some(node) = self.node_mut(at) {
            node.row.device = device;
            node.mark_changed();
        }
        self.touch(at);
    }

    /// The number of the nearest directory above that has one.
    fn device_above(&mut self, at: u32) -> Option<i64> {
        let count = self.devices_set;
        // Those on the way have none, so that it is the same for all of them.
        let (mut way, mut above) = (vec![at], self.node(at)?.parent);
        let device = loop {
            let Some(node) = self.node(above) else {
                break None;
            };
            if node.row.device.is_some() {
                break node.row.device;
            }
            if node.device_above.count == count {
                break node.device_above.device;
            }
            way.push(above);
            above = node.parent;
        };
        for at in way {
            if let Some(node) = self.node_mut(at) {
                node.device_above = InheritedDevice { count, device };
            }
        }
        device
    }

    fn unlink_all(&mut self, store: &mut Store, at: u32) -> rusqlite::Result<()> {
        // Their rows have to be there.
        self.flush(store)?;
        let Some(dir) = self.node(at).map(|node| node.id) else {
            return Ok(());
        };
        let linked = linked_files(store, dir)?;
        let mut disk = 0;
        for file in &linked {
            self.relink(at, Some(file), None);
            disk += i128::from(file.disk.unwrap_or(0));
        }
        if linked.is_empty() {
            return Ok(());
        }
        self.note_inexact(store, at)?;
        let sql = "UPDATE files SET inode = NULL WHERE dir_id = ?1 AND inode IS NOT NULL";
        store.db.prepare_cached(sql)?.execute([dir])?;
        if let Some(node) = self.node_mut(at) {
            node.add_own_disk(disk);
        }
        self.flush(store)
    }

    /// Writes the rows of what was gathered.
    pub(super) fn flush_links(&mut self, store: &mut Store) -> rusqlite::Result<()> {
        let recounted = std::mem::take(&mut self.links.recounted);
        if self.links.changes.is_empty() {
            return Ok(());
        }
        let mut changes = std::mem::take(&mut self.links.changes);
        changes.sort_by_key(|gathered| (gathered.inode, gathered.at));
        let mut known = KnownIds::default();
        let mut chain = Vec::new();
        for same in changes.chunk_by(|a, b| (a.inode, a.at) == (b.inode, b.at)) {
            let Some(&PendingLink { inode, at, .. }) = same.first() else {
                continue;
            };
            let mut change = RowChange::default();
            for gathered in same {
                change.names += gathered.change.names;
                change.disk = gathered.change.disk.or(change.disk);
                change.nlink = gathered.change.nlink.or(change.nlink);
            }
            self.write_chain(store, at, &mut chain);
            let dir = self.node(at).map_or(0, |node| node.id);
            if recounted.contains(&dir) {
                let names = count_names(store, dir, inode.inode)?;
                change.names = names - links::names(store, inode, &chain)?;
            }
            self.note_ids(at, &mut known);
            let terms = links::change(store, inode, &chain, change)?;
            for (depth, linked, whole) in &terms.here {
                self.add_linked(self.ancestor(at, *depth), *linked, *whole);
            }
            self.add_elsewhere(store, &terms, &mut known)?;
        }
        // Its memory is used again.
        changes.clear();
        self.links.changes = changes;
        Ok(())
    }

    /// Takes names of a removed directory out of `links`. `chain` leads to where it was.
    pub fn unlink_removed(
        &mut self,
        store: &mut Store,
        inode: LinkedInode,
        chain: &[u8],
        names: i64,
    ) -> rusqlite::Result<()> {
        let names = -names;
        let change = RowChange {
            names,
            ..RowChange::default()
        };
        let terms = links::change(store, inode, chain, change)?;
        let mut known = KnownIds::default();
        for (depth, linked, whole) in &terms.here {
            let at = self.find_chain(store, chain, *depth, &mut known)?;
            self.add_linked(at, *linked, *whole);
        }
        self.add_elsewhere(store, &terms, &mut known)
    }

    fn add_elsewhere(
        &mut self,
        store: &mut Store,
        terms: &Terms,
        known: &mut KnownIds,
    ) -> rusqlite::Result<()> {
        for (chain, depth, whole) in &terms.elsewhere {
            let at = self.find_chain(store, chain, *depth, known)?;
            self.add_linked(at, 0, *whole);
        }
        Ok(())
    }

    fn add_linked(&mut self, at: u32, linked: i64, whole: i64) {
        if (linked, whole) == (0, 0) {
            return;
        }
        if let Some(node) = self.node_mut(at) {
            node.gathered.disk += i128::from(linked);
            node.gathered.linked += linked;
            node.gathered.whole += whole;
            // Rows that follow each other are written together only if they got the same.
            node.mark_changed();
        }
        self.touch(at);
    }

    /// The ancestor of a node at a level below the root.
    fn ancestor(&self, at: u32, depth: usize) -> u32 {
        let mut at = at;
        while let Some(node) = self.node(at).filter(|node| node.depth as usize > depth) {
            at = node.parent;
        }
        at
    }

    /// The chain of a cached directory.
    pub fn chain(&mut self, store: &mut Store, at: u32) -> Vec<u8> {
        let mut chain = Vec::new();
        self.write_chain(store, at, &mut chain);
        chain
    }

    fn write_chain(&mut self, store: &mut Store, at: u32, chain: &mut Vec<u8>) {
        let mut ids = Vec::new();
        let mut above = at;
        while let Some(node) = self.node_mut(above).filter(|node| node.parent != NONE) {
            if node.id == 0 {
                node.id = store.new_dir();
            }
            ids.push(node.id);
            above = node.parent;
        }
        chain.clear();
        ids.iter().rev().for_each(|id| chain::push(chain, *id));
    }

    /// The directory to which the first ids of a chain lead, or the deepest above it that has not
    /// been removed: until their rows are deleted, names count in what they were removed from.
    fn find_chain(
        &mut self,
        store: &mut Store,
        chain: &[u8],
        depth: usize,
        known: &mut KnownIds,
    ) -> rusqlite::Result<u32> {
        let Some(mut at) = self.root(store)? else {
            return Ok(NONE);
        };
        for id in chain::ids(chain).take(depth) {
            let here = known.0.get(&id).copied();
            let here = here.filter(|here| self.node(*here).is_some_and(|node| node.parent == at));
            let next = match here {
                Some(here) => Some(here),
                None => match store.name_within(id, self.node(at).map_or(0, |node| node.id))? {
                    Some(name) => self.find_child(store, at, &name)?,
                    None => None,
                },
            };
            // Another directory may have its name by now.
            let next = next.filter(|next| self.node(*next).is_some_and(|node| node.id == id));
            let Some(next) = next else { break };
            known.0.insert(id, next);
            at = next;
        }
        Ok(at)
    }

    fn note_ids(&self, at: u32, known: &mut KnownIds) {
        let mut at = at;
        while let Some(node) = self.node(at).filter(|node| node.parent != NONE) {
            if known.0.insert(node.id, at) == Some(at) {
                return;
            }
            at = node.parent;
        }
    }
}

/// Nodes by the ids of their directories, of which some may have no rows yet.
#[derive(Debug, Default)]
struct KnownIds(HashMap<i64, u32>);

/// Names in a directory that stand in `links`.
pub(in crate::writer) fn linked_files(store: &Store, dir: i64) -> rusqlite::Result<Vec<FileRow>> {
    let sql = format!(
        "SELECT {} FROM files WHERE dir_id = ?1 AND inode IS NOT NULL",
        FileRow::COLUMNS
    );
    let mut statement = store.db.prepare_cached(&sql)?;
    let rows = statement.query_map([dir], |row| FileRow::read(row, 0))?;
    rows.collect()
}

fn count_names(store: &Store, dir: i64, inode: i64) -> rusqlite::Result<i64> {
    let sql = "SELECT count(*) FROM files WHERE dir_id = ?1 AND inode = ?2";
    let mut statement = store.db.prepare_cached(sql)?;
    statement.query_row(params![dir, inode], |row| row.get(0))
}
