//! Writing what was gathered: carried up to all ancestors, each row once.

use super::DirTree;
use super::node::{Flush, InPaths, NONE, PendingSums, RowState};
use crate::values::listing;
use crate::writer::store::dir_rows::{NewDir, has_row};
use crate::writer::store::{Carried, Store};

/// A change of bytes or blocks that no other change can cancel out.
const BEYOND: i128 = 1 << 100;

/// What becomes of a sum that saturates, and of the same sum of the directory above.
struct Carry {
    is_saturated: bool,
    /// What was added, if it could be.
    exact: Option<i64>,
    above: i128,
}

impl Carry {
    fn new(sum: &mut i64, change: i128) -> Carry {
        let before = *sum;
        if before == i64::MAX && change != 0 {
            return Carry {
                is_saturated: true,
                exact: None,
                // Its ancestors are saturated as well, and have to be computed again.
                above: BEYOND,
            };
        }
        *sum = (i128::from(before) + change).clamp(0, i64::MAX.into()) as i64;
        let above = i128::from(*sum) - i128::from(before);
        let exact = i64::try_from(above).ok();
        Carry {
            is_saturated: false,
            exact: exact.filter(|_| above == change),
            above,
        }
    }
}

impl DirTree {
    /// Carries what was gathered up to the root, and writes every row that changed.
    pub fn flush(&mut self, store: &mut Store) -> rusqlite::Result<()> {
        store.flush_files()?;
        self.recount(store)?;
        self.flush_links(store)?;
        let (mut flushed, saturated) = self.carry_up_all(store)?;
        // Ids in the order in which directories were found, rows in the order of their ids.
        flushed.sort_unstable();
        for &at in &flushed {
            if let Some(node) = self.nodes.get_mut(at as usize)
                && node.id == 0
                && !node.is_removed()
            {
                node.id = store.new_dir();
            }
        }
        flushed.sort_unstable_by_key(|at| self.node(*at).map_or(0, |node| node.id));
        let runs = flushed.chunk_by(|one, other| self.share_sums(*one, *other));
        for run in runs.collect::<Vec<_>>() {
            match run {
                [at] => self.write(store, *at)?,
                nodes => self.write_all(store, nodes)?,
            }
            if store.dirs.is_full() {
                store.flush_dirs()?;
            }
        }
        store.flush_dirs()?;
        for at in saturated {
            self.recompute(store, at)?;
        }
        self.history.flush(store, self.source)
    }

    /// The nodes to flush, which are those that got something, and those whose bytes are saturated.
    fn carry_up_all(&mut self, store: &Store) -> rusqlite::Result<(Vec<u32>, Vec<u32>)> {
        for at in std::mem::take(&mut self.touched) {
            if let Some(node) = self.node_mut(at)
                && node.flush == Flush::Beneath
            {
                node.flush = Flush::Nothing;
            }
        }
        let depth = |tree: &DirTree, at| tree.node(at).map_or(0, |node| node.depth);
        let mut queued = std::mem::take(&mut self.queued);
        queued.sort_unstable_by_key(|at| depth(self, *at));
        let (mut flushed, mut saturated) = (Vec::new(), Vec::new());
        // The deepest first, level by level: everything beneath a node comes before the node.
        let (mut level, mut above) = (Vec::new(), Vec::new());
        let mut at_depth = 0;
        loop {
            if level.is_empty() {
                match queued.last() {
                    Some(at) => at_depth = depth(self, *at),
                    None => break,
                }
            }
            while let Some(at) = queued.pop_if(|at| depth(self, *at) == at_depth) {
                level.push(at);
            }
            for at in level.drain(..) {
                self.recount_own(store, at)?;
                if self.carry_up(at) {
                    saturated.push(at);
                }
                flushed.push(at);
                let parent = self.node(at).map_or(NONE, |node| node.parent);
                if let Some(node) = self.node_mut(parent)
                    && node.gathered.has_sums()
                    && node.flush != Flush::Queued
                {
                    node.flush = Flush::Queued;
                    above.push(parent);
                }
            }
            std::mem::swap(&mut level, &mut above);
            at_depth = at_depth.saturating_sub(1);
        }
        Ok((flushed, saturated))
    }

    /// Counts a directory's own bytes if they were saturated and may not be any more.
    fn recount_own(&mut self, store: &Store, at: u32) -> rusqlite::Result<()> {
        if let Some(node) = self.node_mut(at)
            && std::mem::take(&mut node.recount_own)
            && !node.is_removed()
        {
            let counted = store.count_own(node.id)?;
            node.row.own_bytes = counted.bytes;
            node.row.own_disk = counted.disk;
            node.mark_changed();
        }
        Ok(())
    }

    /// Adds what was gathered to the node and to its parent. Returns whether its bytes or its blocks
    /// are saturated.
    fn carry_up(&mut self, at: u32) -> bool {
        let generation = self.generation;
        let Some(node) = self.node_mut(at) else {
            return false;
        };
        (node.flush, node.carried) = (Flush::Nothing, None);
        if node.is_removed() {
            return false;
        }
        let gathered = node.gathered;
        let bytes = Carry::new(&mut node.row.bytes, gathered.bytes);
        let disk = Carry::new(&mut node.row.disk, gathered.disk);
        let saturated = bytes.is_saturated || disk.is_saturated;
        node.row.file_count += gathered.files;
        node.row.unknown_below += gathered.unknown;
        node.row.linked += gathered.linked;
        node.row.whole += gathered.whole;
        if gathered.has_sums() || gathered.has_history() {
            let is_clean = node.state == RowState::Clean;
            let sums = bytes.exact.zip(disk.exact);
            let sums = sums.filter(|_| is_clean && !gathered.has_history());
            node.carried = sums.map(|(bytes, disk)| Carried {
                files: gathered.files,
                bytes,
                unknown: gathered.unknown,
                disk,
                linked: gathered.linked,
                whole: gathered.whole,
            });
            node.mark_changed();
            node.row.changed_gen = generation;
        }
        node.gathered.files = 0;
        node.gathered.bytes = 0;
        node.gathered.unknown = 0;
        node.gathered.disk = 0;
        node.gathered.linked = 0;
        node.gathered.whole = 0;
        let above = node.parent;
        if let Some(above) = self.node_mut(above) {
            above.gathered.files += gathered.files;
            above.gathered.bytes += bytes.above;
            above.gathered.unknown += gathered.unknown;
            above.gathered.disk += disk.above;
            above.gathered.linked += gathered.linked;
            above.gathered.whole += gathered.whole;
        }
        saturated
    }

    /// Whether two rows follow each other in the table, and the same was added to both and nothing
    /// else happened to them. Ancestors of a directory deep down are such rows.
    fn share_sums(&self, one: u32, other: u32) -> bool {
        let (Some(one), Some(other)) = (self.node(one), self.node(other)) else {
            return false;
        };
        let sums = one.only_carried();
        one.id + 1 == other.id && sums.is_some() && sums == other.only_carried()
    }

    /// Writes such rows with one statement.
    fn write_all(&mut self, store: &Store, nodes: &[u32]) -> rusqlite::Result<()> {
        let first = nodes.first().and_then(|at| self.node(*at));
        let Some((first, sums)) = first.and_then(|node| Some((node.id, node.only_carried()?)))
        else {
            return Ok(());
        };
        let last = first + nodes.len() as i64 - 1;
        store.add_to_dirs((first, last), sums, self.generation)?;
        for &at in nodes {
            if let Some(node) = self.node_mut(at) {
                node.state = RowState::Clean;
                node.has_new_children = false;
                node.has_rows_beneath = false;
            }
        }
        Ok(())
    }

    fn write(&mut self, store: &mut Store, at: u32) -> rusqlite::Result<()> {
        let (source, generation) = (self.source, self.generation);
        let keeps_history = self.history.is_kept();
        let Some(node) = self.node_mut(at) else {
            return Ok(());
        };
        if node.state != RowState::Changed {
            return Ok(());
        }
        let is_unread = node.row.status == listing::UNREAD && node.row.listed_gen == 0;
        if keeps_history && is_unread && node.gathered.has_history() {
            node.row.listed_gen = generation;
        }
        let Some(node) = self.node(at) else {
            return Ok(());
        };
        let is_bare = node.is_bare();
        let needs_path = node.in_paths != InPaths::Present && !is_bare;
        let has_other_row = ![0, node.id].contains(&node.stored_id);
        let loses_path = has_other_row && node.in_paths != InPaths::Absent;
        let path = match (needs_path || loses_path) && has_row(node.path_len) {
            true => Some(self.path(at)),
            false => None,
        };
        if node.id == node.stored_id {
            store.update_dir(node.id, &node.row)?;
        } else {
            if node.stored_id != 0 {
                store.dirs.replace(node.stored_id);
            }
            if let Some(path) = path.as_ref().filter(|_| loses_path) {
                store.delete_path(source, path, node.stored_id)?;
            }
            store.dirs.push(&NewDir {
                id: node.id,
                source,
                parent: self.node(node.parent).map(|above| above.id),
                name: &node.name,
                row: node.row,
            });
        }
        if let Some(path) = path.filter(|_| needs_path) {
            store.dirs.push_path(source, &path, node.id);
        }
        if node.gathered.has_history()
            && let Some(node) = self.nodes.get(at as usize)
        {
            self.history.record(store, source, node)?;
        }
        if let Some(node) = self.node_mut(at) {
            let was_absent = node.in_paths == InPaths::Absent || node.stored_id == 0;
            if needs_path {
                node.in_paths = InPaths::Present;
            } else if is_bare && was_absent {
                node.in_paths = InPaths::Absent;
            }
            node.stored_id = node.id;
            node.state = RowState::Clean;
            node.has_new_children = false;
            node.has_rows_beneath = false;
            node.gathered = PendingSums::default();
            node.file_changes = None;
        }
        Ok(())
    }

    /// Adds up a sum that was saturated: it cannot be decremented.
    fn recompute(&mut self, store: &mut Store, at: u32) -> rusqlite::Result<()> {
        let Some(node) = self.node_mut(at) else {
            return Ok(());
        };
        if node.is_removed() {
            return Ok(());
        }
        let (bytes, disk) = store.children_sums(node.id)?;
        let row = &mut node.row;
        row.bytes = row.own_bytes.saturating_add(bytes);
        let own = row.own_disk.saturating_add(row.self_disk.unwrap_or(0));
        row.disk = own.saturating_add(disk).saturating_add(row.linked);
        store.update_dir(node.stored_id, &node.row)
    }

    /// Counts the own totals of directories in which a name was inserted twice.
    fn recount(&mut self, store: &mut Store) -> rusqlite::Result<()> {
        let mut ids = std::mem::take(&mut store.files.recount);
        ids.sort_unstable();
        ids.dedup();
        self.links.recounted.extend_from_slice(&ids);
        for at in 0..self.nodes.len() as u32 {
            if ids.is_empty() {
                break;
            }
            let Some(node) = self.node_mut(at) else { break };
            if node.is_removed() || ids.binary_search(&node.id).is_err() {
                continue;
            }
            let counted = store.count_own(node.id)?;
            let files = counted.files - node.row.own_files;
            let bytes = counted.bytes - node.row.own_bytes;
            node.add_own(files, bytes);
            node.add_own_disk(counted.disk - node.row.own_disk);
            self.touch(at);
        }
        Ok(())
    }
}
