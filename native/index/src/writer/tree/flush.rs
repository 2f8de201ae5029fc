//! Writing what was gathered: carried up to all ancestors, each row once.

use super::Tree;
use crate::schema::listing;
use crate::writer::store::Store;
use crate::writer::store::dir_rows::has_row;
use crate::writer::tree::node::{Carried, Gathered, NONE};

/// A change that nothing else makes up for.
const BEYOND: i128 = 1 << 100;

impl Tree {
    /// Carries what was gathered up to the roots, and writes every row that changed.
    pub fn flush(&mut self, store: &mut Store) -> rusqlite::Result<()> {
        store.flush_rows()?;
        self.recount(store)?;
        let (mut flushed, saturated) = self.carry_up_all(store)?;
        // Ids in the order in which they were heard of; rows in the order of their ids.
        flushed.sort_unstable();
        for &at in &flushed {
            if let Some(node) = self.nodes.get_mut(at as usize)
                && node.id == 0
                && !node.removed
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

    /// Gives all nodes to flush, which are those with something for them, and those whose bytes are
    /// beyond counting.
    fn carry_up_all(&mut self, store: &Store) -> rusqlite::Result<(Vec<u32>, Vec<u32>)> {
        for at in std::mem::take(&mut self.touched) {
            if let Some(node) = self.node_mut(at) {
                node.touched = false;
            }
        }
        let depth = |tree: &Tree, at| tree.node(at).map_or(0, |node| node.depth);
        let mut listed = std::mem::take(&mut self.listed);
        listed.sort_unstable_by_key(|at| depth(self, *at));
        let (mut flushed, mut saturated) = (Vec::new(), Vec::new());
        // The deepest first, level by level: then all that lies beneath one has been there.
        let (mut level, mut above) = (Vec::new(), Vec::new());
        let mut at_depth = 0;
        loop {
            if level.is_empty() {
                match listed.last() {
                    Some(at) => at_depth = depth(self, *at),
                    None => break,
                }
            }
            while let Some(at) = listed.pop_if(|at| depth(self, *at) == at_depth) {
                level.push(at);
            }
            for at in level.drain(..) {
                self.count_cut_off(store, at)?;
                if self.carry_up(at) {
                    saturated.push(at);
                }
                flushed.push(at);
                let parent = self.node(at).map_or(NONE, |node| node.parent);
                if let Some(node) = self.node_mut(parent)
                    && node.gathered.has_sums()
                    && !std::mem::replace(&mut node.is_listed, true)
                {
                    above.push(parent);
                }
            }
            std::mem::swap(&mut level, &mut above);
            at_depth = at_depth.saturating_sub(1);
        }
        Ok((flushed, saturated))
    }

    /// Counts a directory's own bytes if they may have come back from beyond the largest number.
    fn count_cut_off(&mut self, store: &Store, at: u32) -> rusqlite::Result<()> {
        if let Some(node) = self.node_mut(at)
            && std::mem::take(&mut node.was_cut_off)
            && !node.removed
        {
            node.own.bytes = store.count_own(node.id)?.bytes;
            node.changed = true;
        }
        Ok(())
    }

    /// Adds what was gathered to the node, and to its parent. Says whether its bytes are beyond counting.
    fn carry_up(&mut self, at: u32) -> bool {
        let generation = self.generation;
        let Some(node) = self.node_mut(at) else {
            return false;
        };
        (node.is_listed, node.carried) = (false, None);
        if node.removed {
            return false;
        }
        let gathered = node.gathered;
        let before = node.all;
        let saturated = before.bytes == i64::MAX && gathered.bytes != 0;
        node.all.files += gathered.files;
        if !saturated {
            let bytes = i128::from(before.bytes) + gathered.bytes;
            node.all.bytes = bytes.clamp(0, i64::MAX.into()) as i64;
        }
        node.unknown_below += gathered.unknown;
        if gathered.has_sums() || gathered.has_history() {
            let bytes = node.all.bytes.checked_sub(before.bytes);
            let is_exact = bytes.map(i128::from) == Some(gathered.bytes);
            let is_all = !node.changed && !gathered.has_history() && is_exact;
            node.carried = is_all.then_some(Carried {
                files: gathered.files,
                bytes: bytes.unwrap_or(0),
                unknown: gathered.unknown,
            });
            node.changed = true;
            node.changed_gen = generation;
        }
        node.gathered.files = 0;
        node.gathered.bytes = 0;
        node.gathered.unknown = 0;
        let bytes = if saturated {
            // Its ancestors are beyond counting as well, and have to be looked at again.
            BEYOND
        } else {
            i128::from(node.all.bytes) - i128::from(before.bytes)
        };
        let above = node.parent;
        if let Some(above) = self.node_mut(above) {
            above.gathered.files += gathered.files;
            above.gathered.bytes += bytes;
            above.gathered.unknown += gathered.unknown;
        }
        saturated
    }

    /// Whether two rows follow each other in the table, and the same was added to both and nothing
    /// else happened to them: as above a directory that lies deep down.
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
                node.changed = false;
                node.has_new_children = false;
                node.has_rows_beneath = false;
            }
        }
        Ok(())
    }

    fn write(&mut self, store: &mut Store, at: u32) -> rusqlite::Result<()> {
        let (source, generation) = (self.source, self.generation);
        let is_told = self.history.is_kept();
        let Some(node) = self.node_mut(at) else {
            return Ok(());
        };
        if node.removed || !node.changed {
            return Ok(());
        }
        let is_told = is_told && node.gathered.has_history();
        if is_told && node.status == listing::UNREAD && node.listed_gen == 0 {
            node.listed_gen = generation;
        }
        let Some(node) = self.node(at) else {
            return Ok(());
        };
        let is_bare = node.is_bare();
        let needs_path = !node.has_path && !is_bare;
        let loses_path = ![0, node.id].contains(&node.stored_id) && !node.is_alone;
        let path = match (needs_path || loses_path) && has_row(node.path_len) {
            true => Some(self.path(at)),
            false => None,
        };
        if node.id == node.stored_id {
            store.update_dir(node)?;
        } else {
            if node.stored_id != 0 {
                store.dirs.replace(node.stored_id);
            }
            if let Some(path) = path.as_ref().filter(|_| loses_path) {
                store.delete_path(source, path, node.stored_id)?;
            }
            let parent = self.node(node.parent).map(|above| above.id);
            store.dirs.push(source, parent, node);
        }
        if let Some(path) = path.filter(|_| needs_path) {
            store.dirs.push_path(source, &path, node.id);
        }
        if node.gathered.has_history()
            && let Some(node) = self.nodes.get(at as usize)
        {
            self.history.tell(store, source, node)?;
        }
        if let Some(node) = self.node_mut(at) {
            node.is_alone = is_bare && (node.is_alone || node.stored_id == 0);
            node.has_path |= needs_path;
            node.stored_id = node.id;
            node.changed = false;
            node.has_new_children = false;
            node.has_rows_beneath = false;
            node.gathered = Gathered::default();
            node.changed_files = None;
        }
        Ok(())
    }

    /// A sum that was cut off at the largest number is not decremented, but added up again.
    fn recompute(&mut self, store: &mut Store, at: u32) -> rusqlite::Result<()> {
        let Some(node) = self.node_mut(at) else {
            return Ok(());
        };
        if node.removed {
            return Ok(());
        }
        node.all.bytes = node
            .own
            .bytes
            .saturating_add(store.children_bytes(node.id)?);
        store.update_dir(node)
    }

    /// Names that were inserted twice: the directories' own totals are counted.
    fn recount(&mut self, store: &mut Store) -> rusqlite::Result<()> {
        let mut ids = std::mem::take(&mut store.rows.recount);
        ids.sort_unstable();
        ids.dedup();
        for at in 0..self.nodes.len() as u32 {
            if ids.is_empty() {
                break;
            }
            let Some(node) = self.node_mut(at) else { break };
            if node.removed || ids.binary_search(&node.id).is_err() {
                continue;
            }
            let counted = store.count_own(node.id)?;
            let (files, bytes) = (
                counted.files - node.own.files,
                counted.bytes - node.own.bytes,
            );
            node.add_own(files, bytes);
            self.touch(at);
        }
        Ok(())
    }
}
