//! The directories of one source that the writer has in hand: a cache of rows by path, with what has been gathered for them. A flush
//! carries what was gathered up to all ancestors, and writes each row once.

use std::collections::HashMap;
use std::sync::Arc;

use rusqlite::params;

use super::gone::Gone;
use super::hash::Keyed;
use super::node::{Gathered, NONE, Node, Totals, is_within, join, split};
use super::store::{Loaded, Store};
use crate::schema::listing;

/// Nodes, and bytes of their paths, beyond which the cache is emptied after a commit.
const MAX_NODES: usize = 16 * 1024;
const MAX_PATHS: usize = 2 << 20;

/// A change that nothing else makes up for.
const BEYOND: i128 = 1 << 100;

#[derive(Debug)]
pub(super) struct Tree {
    pub source: i64,
    /// The generation that is written now.
    pub generation: i64,
    /// Whether changes are kept: not for a first load, which is nothing but additions.
    pub history: bool,
    /// What was found to be gone while scans run.
    pub gone: Gone,
    nodes: Vec<Node>,
    index: HashMap<Arc<[u8]>, u32, Keyed>,
    path_bytes: usize,
    touched: Vec<u32>,
}

/// Where a path led.
pub(super) enum Found {
    Node(u32),
    /// There is nothing of that name in the last directory that there is.
    Missing {
        parent: u32,
        from: usize,
    },
}

impl Tree {
    pub fn new(source: i64) -> Tree {
        Tree {
            source,
            generation: 0,
            history: false,
            gone: Gone::default(),
            nodes: Vec::new(),
            index: HashMap::default(),
            path_bytes: 0,
            touched: Vec::new(),
        }
    }

    /// Forgets everything, as after a rollback.
    pub fn clear(&mut self) {
        self.nodes.clear();
        self.index.clear();
        self.touched.clear();
        self.path_bytes = 0;
    }

    /// Forgets everything if it has become much. Only right after a commit.
    pub fn trim(&mut self) {
        if self.nodes.len() > MAX_NODES || self.path_bytes > MAX_PATHS {
            self.clear();
            self.nodes.shrink_to(MAX_NODES);
            self.index.shrink_to(MAX_NODES);
        }
    }

    pub fn node(&self, at: u32) -> Option<&Node> {
        self.nodes.get(at as usize)
    }

    pub fn node_mut(&mut self, at: u32) -> Option<&mut Node> {
        self.nodes.get_mut(at as usize)
    }

    pub fn cached(&self, path: &[u8]) -> Option<u32> {
        self.index.get(path).copied()
    }

    /// The directory of that path, if it is known.
    pub fn find(&mut self, store: &mut Store, path: &[u8]) -> rusqlite::Result<Option<u32>> {
        Ok(match self.look_up(store, path)? {
            Found::Node(at) => Some(at),
            Found::Missing { .. } => None,
        })
    }

    /// The directory of that path, made with all its ancestors if there is none: its parent's listing may come later.
    pub fn ensure(&mut self, store: &mut Store, path: &[u8]) -> rusqlite::Result<Option<u32>> {
        let (mut parent, mut from) = match self.look_up(store, path)? {
            Found::Node(at) => return Ok(Some(at)),
            Found::Missing { parent, from } => (parent, from),
        };
        if parent == NONE {
            return Ok(None);
        }
        loop {
            let end = end_of_name(path, from);
            let child = path.get(..end).unwrap_or_default();
            self.replace_file(store, parent, split(child).1)?;
            let id = store.new_dir();
            let at = self.add(child.into(), parent, None);
            if let Some(node) = self.node_mut(at) {
                node.id = id;
            }
            if let Some(above) = self.node_mut(parent) {
                above.gathered.added += 1;
                above.fresh = false;
                if above.id == 0 {
                    above.id = store.new_dir();
                }
            }
            self.touch(parent);
            if end == path.len() {
                return Ok(Some(at));
            }
            (parent, from) = (at, end + 1);
        }
    }

    /// A name that was a file's is a directory's now.
    fn replace_file(
        &mut self,
        store: &mut Store,
        parent: u32,
        name: &[u8],
    ) -> rusqlite::Result<()> {
        store.flush_rows()?;
        let Some(node) = self.node_mut(parent) else {
            return Ok(());
        };
        let sql = "DELETE FROM files WHERE dir_id = ?1 AND name = ?2 RETURNING kind, size";
        let mut statement = store.db.prepare_cached(sql)?;
        let mut rows = statement.query(params![node.id, crate::text::Text(name)])?;
        while let Some(row) = rows.next()? {
            let size: Option<i64> = if row.get::<_, i64>(0)? == 1 {
                row.get(1)?
            } else {
                None
            };
            node.add_own(-1, -size.unwrap_or(0));
            node.gathered.removed += 1;
        }
        store.clear_notes(node.id, name)
    }

    fn look_up(&mut self, store: &mut Store, path: &[u8]) -> rusqlite::Result<Found> {
        // Up to the nearest ancestor that is in hand, then down again name by name.
        let mut end = path.len();
        let mut at = loop {
            if let Some(at) = self.cached(path.get(..end).unwrap_or_default()) {
                break at;
            }
            if end == 0 {
                let Some(root) = store.load_root(self.source)? else {
                    return Ok(Found::Missing {
                        parent: NONE,
                        from: 0,
                    });
                };
                break self.insert_loaded(Arc::from(&b""[..]), NONE, root);
            }
            end = split(path.get(..end).unwrap_or_default()).0.len();
        };
        while end < path.len() {
            let from = if end == 0 { 0 } else { end + 1 };
            end = end_of_name(path, from);
            let name = path.get(from..end).unwrap_or_default();
            let parent = self.node(at).map_or(0, |node| node.stored_id);
            let child = if parent == 0 {
                None
            } else {
                store.load_child(parent, name)?
            };
            let Some(child) = child else {
                return Ok(Found::Missing { parent: at, from });
            };
            at = self.insert_loaded(path.get(..end).unwrap_or_default().into(), at, child);
        }
        Ok(Found::Node(at))
    }

    fn insert_loaded(&mut self, path: Arc<[u8]>, parent: u32, row: Loaded) -> u32 {
        let depth = self.node(parent).map_or(0, |above| above.depth + 1);
        let node = Node {
            id: row.id,
            stored_id: row.id,
            fresh: false,
            changed: false,
            // Without these it has one only if something lies beneath it.
            has_path: row.status != listing::UNREAD || row.own.files > 0,
            status: row.status,
            own: row.own,
            all: row.all,
            unknown_below: row.unknown_below,
            listed_gen: row.listed_gen,
            changed_gen: row.changed_gen,
            mount: row.mount,
            gathered: Gathered::default(),
            ..Node::new(path, parent, depth, row.mtime)
        };
        self.insert(node)
    }

    /// A stored directory beneath one in hand, so that it need not be looked up.
    pub fn keep(&mut self, path: Arc<[u8]>, parent: u32, row: Loaded) {
        if !self.index.contains_key(&path) {
            self.insert_loaded(path, parent, row);
        }
    }

    /// A directory that was just heard of. It is written with the next flush.
    pub fn add(&mut self, path: Arc<[u8]>, parent: u32, mtime: Option<i64>) -> u32 {
        let generation = self.generation;
        let depth = self.node(parent).map_or(0, |above| above.depth + 1);
        let node = Node {
            changed_gen: generation,
            ..Node::new(path, parent, depth, mtime)
        };
        let at = self.insert(node);
        if let Some(above) = self.node_mut(parent) {
            above.has_new_child();
        }
        self.touch(at);
        at
    }

    /// The same, but not kept in hand.
    pub fn add_unread(
        &mut self,
        store: &mut Store,
        path: Arc<[u8]>,
        parent: u32,
        mtime: Option<i64>,
    ) -> rusqlite::Result<()> {
        let id = store.new_dir();
        let node = Node {
            id,
            unknown_below: 1,
            changed_gen: self.generation,
            ..Node::new(path, parent, 0, mtime)
        };
        let Some(above) = self.node_mut(parent) else {
            return Ok(());
        };
        above.gathered.unknown += 1;
        above.has_new_child();
        let above = above.id;
        self.touch(parent);
        store.dirs.push(self.source, Some(above), &node);
        if store.dirs.is_full() {
            store.flush_dirs()?;
        }
        Ok(())
    }

    /// Its first listing has come: the directory gets its id now, so that the keys of its files lie at the end.
    pub fn give_id(&mut self, store: &mut Store, at: u32) -> rusqlite::Result<()> {
        let Some(node) = self.node(at) else {
            return Ok(());
        };
        let (id, stored) = (node.id, node.stored_id);
        let unlisted =
            node.status == listing::UNREAD && node.own.files == 0 && !node.has_new_children;
        if stored != 0 && (!unlisted || (!node.is_alone && store.has_children(stored)?)) {
            return Ok(());
        }
        // A root's id is known to its source, and the last id needs no other.
        let keep = node.parent == NONE || (id != 0 && (stored == 0 || store.is_last_dir(id)));
        let id = if keep { id } else { store.new_dir() };
        if let Some(node) = self.node_mut(at) {
            node.fresh = !node.has_new_children && (stored != 0 || node.fresh);
            if node.id != id {
                node.changed = true;
                node.has_path = false;
                node.id = id;
            }
        }
        Ok(())
    }

    fn insert(&mut self, node: Node) -> u32 {
        let at = self.nodes.len() as u32;
        if let Some(above) = self.node_mut(node.parent) {
            above.has_kept = true;
        }
        self.path_bytes += node.path.len();
        self.index.insert(node.path.clone(), at);
        self.nodes.push(node);
        at
    }

    /// It is to be flushed, and with it all its ancestors.
    pub fn touch(&mut self, mut at: u32) {
        while let Some(node) = self.node_mut(at) {
            if node.touched {
                break;
            }
            node.touched = true;
            let above = node.parent;
            self.touched.push(at);
            at = above;
        }
    }

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
        let removed = store.totals(id)?;
        store.bury(self.source, &path, id)?;
        store.clear_notes(dir, name)?;
        if self.history {
            let sql = "INSERT OR REPLACE INTO changes VALUES (?1, ?2, ?3, ?4, ?5, 0, 0, 0, ?6)";
            let Totals { files, bytes } = removed.all;
            let values = params![
                self.source,
                self.generation,
                id,
                -files,
                -bytes,
                crate::text::Text(&path)
            ];
            store.db.prepare_cached(sql)?.execute(values)?;
        }
        if let Some(above) = self.node_mut(parent) {
            above.gathered.files -= removed.all.files;
            above.gathered.bytes -= i128::from(removed.all.bytes);
            above.gathered.unknown -= removed.unknown_below;
            above.gathered.removed += 1;
            above.read = false;
        }
        self.touch(parent);
        Ok(())
    }

    /// Carries what was gathered up to the roots, and writes every row that changed.
    pub fn flush(&mut self, store: &mut Store) -> rusqlite::Result<()> {
        store.flush_rows()?;
        self.recount(store)?;
        let mut touched = std::mem::take(&mut self.touched);
        touched.sort_by_key(|at| std::cmp::Reverse(self.node(*at).map_or(0, |node| node.depth)));
        let mut saturated = Vec::new();
        for &at in &touched {
            if self.carry_up(at) {
                saturated.push(at);
            }
        }
        // Ids in the order in which they were heard of; rows in the order of their ids.
        touched.sort_unstable();
        for &at in &touched {
            if let Some(node) = self.nodes.get_mut(at as usize)
                && node.id == 0
                && !node.removed
            {
                node.id = store.new_dir();
            }
        }
        touched.sort_unstable_by_key(|at| self.node(*at).map_or(0, |node| node.id));
        for &at in &touched {
            self.write(store, at)?;
            if store.dirs.is_full() {
                store.flush_dirs()?;
            }
        }
        store.flush_dirs()?;
        for at in saturated {
            self.recompute(store, at)?;
        }
        touched.clear();
        self.touched = touched;
        Ok(())
    }

    /// Adds what was gathered to the node, and to its parent. Says whether its bytes are beyond counting.
    fn carry_up(&mut self, at: u32) -> bool {
        let generation = self.generation;
        let Some(node) = self.node_mut(at) else {
            return false;
        };
        node.touched = false;
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
        if gathered.files != 0
            || gathered.bytes != 0
            || gathered.unknown != 0
            || gathered.has_history()
        {
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

    fn write(&mut self, store: &mut Store, at: u32) -> rusqlite::Result<()> {
        let source = self.source;
        let Some(node) = self.node(at) else {
            return Ok(());
        };
        if node.removed || !node.changed {
            return Ok(());
        }
        let is_bare = node.is_bare();
        let needs_path = !node.has_path && !is_bare;
        if node.id == node.stored_id {
            store.update_dir(node)?;
        } else {
            if node.stored_id != 0 {
                store.dirs.replace(node.stored_id);
                if !node.is_alone {
                    store.delete_path(source, &node.path, node.stored_id)?;
                }
            }
            let parent = self.node(node.parent).map(|above| above.id);
            store.dirs.push(source, parent, node);
        }
        if needs_path {
            store.dirs.push_path(source, &node.path, node.id);
        }
        if self.history && node.gathered.has_history() {
            let sql = "INSERT INTO changes VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, NULL)
                       ON CONFLICT DO UPDATE SET d_file_count = d_file_count + ?4, d_bytes = d_bytes + ?5, added = added + ?6,
                       removed = removed + ?7, changed = changed + ?8";
            let g = &node.gathered;
            store.db.prepare_cached(sql)?.execute(params![
                source,
                self.generation,
                node.id,
                g.own_files,
                g.own_bytes,
                g.added,
                g.removed,
                g.altered,
            ])?;
        }
        if let Some(node) = self.node_mut(at) {
            node.is_alone = is_bare && (node.is_alone || node.stored_id == 0);
            node.has_path |= needs_path;
            node.stored_id = node.id;
            node.changed = false;
            node.has_new_children = false;
            node.gathered = Gathered::default();
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
        if node.own.bytes == i64::MAX {
            node.own = store.count_own(node.id)?;
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

fn end_of_name(path: &[u8], from: usize) -> usize {
    let rest = path.get(from..).unwrap_or_default();
    from + rest
        .iter()
        .position(|byte| *byte == b'/')
        .unwrap_or(rest.len())
}
