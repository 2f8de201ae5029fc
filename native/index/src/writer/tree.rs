//! The writer's cache of one source's directories: rows by parent and name, with what was gathered
//! for them. A flush carries what was gathered up to all ancestors and writes each row once.

use std::hash::BuildHasher;

use aether_core::MountIdentity;
use hashbrown::HashTable;

use crate::columns::DirEntry;
use crate::writer::limits::SMALL;
use crate::writer::path_map::PathMap;
use crate::writer::store::{LoadedDir, Store};
use hash::PathHasher;
use history::History;
use links::LinkQueue;
use lookup::LastLookup;
use node::{Flush, InPaths, NONE, Node};
use vanished::Vanished;

mod add;
mod file_changes;
mod flush;
pub(super) mod hash;
pub(super) mod history;
mod inexact;
pub(super) mod links;
mod lookup;
pub(super) mod node;
mod remove;
pub(super) mod vanished;

/// Maximum number of nodes, and of bytes of their names: beyond, the cache is emptied after a
/// commit.
const MAX_NODES: usize = if SMALL { 4 } else { 16 * 1024 };
const MAX_NAMES: usize = 2 << 20;

#[derive(Debug)]
pub(super) struct DirTree {
    pub source: i64,
    /// The generation that is being written.
    pub generation: i64,
    pub history: History,
    pub vanished: Vanished,
    /// The stored mount points, once they were needed.
    pub mounts: Option<PathMap<MountIdentity>>,
    nodes: Vec<Node>,
    /// Nodes by parent and name.
    index: HashTable<u32>,
    hasher: PathHasher,
    name_bytes: usize,
    last: LastLookup,
    links: LinkQueue,
    /// A removed directory has linked names, which count until its rows are deleted.
    pub has_buried_links: bool,
    /// How many times directories were given other devices; what nodes remember of those above them
    /// holds until the next.
    devices_set: u64,
    /// Nodes to flush, which are `Queued`.
    queued: Vec<u32>,
    /// These and all their ancestors.
    touched: Vec<u32>,
}

impl DirTree {
    pub fn new(source: i64) -> DirTree {
        DirTree {
            source,
            generation: 0,
            history: History::default(),
            vanished: Vanished::default(),
            mounts: None,
            nodes: Vec::new(),
            index: HashTable::new(),
            hasher: PathHasher::default(),
            name_bytes: 0,
            last: LastLookup::default(),
            links: LinkQueue::default(),
            has_buried_links: false,
            // Nothing is remembered yet.
            devices_set: 1,
            queued: Vec::new(),
            touched: Vec::new(),
        }
    }

    /// Forgets everything, as after a rollback.
    pub fn clear(&mut self) {
        self.mounts = None;
        self.forget_nodes();
    }

    fn forget_nodes(&mut self) {
        self.nodes.clear();
        self.index.clear();
        self.queued.clear();
        self.touched.clear();
        self.name_bytes = 0;
        self.last = LastLookup::default();
        self.links = LinkQueue::default();
        self.has_buried_links = false;
        self.history.reset();
    }

    /// Forgets everything if the cache has grown too large. Only right after a commit.
    pub fn trim(&mut self) {
        // The ancestors of the last lookup are needed again at once, however many they are.
        let last = self.node(self.last.at);
        let (depth, bytes) = last.map_or((0, 0), |node| (node.depth as usize, node.path_len));
        if self.nodes.len() > MAX_NODES + 2 * depth || self.name_bytes > MAX_NAMES + 2 * bytes {
            self.forget_nodes();
            self.nodes.shrink_to(MAX_NODES);
            self.index.shrink_to(MAX_NODES, |_| 0);
        }
    }

    pub fn node(&self, at: u32) -> Option<&Node> {
        self.nodes.get(at as usize)
    }

    pub fn node_mut(&mut self, at: u32) -> Option<&mut Node> {
        self.nodes.get_mut(at as usize)
    }

    /// A cached directory, by its parent and its name.
    pub fn child(&self, parent: u32, name: &[u8]) -> Option<u32> {
        let is_it = |at: &u32| {
            let node = self.node(*at);
            node.is_some_and(|node| node.parent == parent && *node.name == *name)
        };
        let hash = self.hasher.hash_one((parent, name));
        self.index.find(hash, is_it).copied()
    }

    fn insert_loaded(&mut self, name: &[u8], parent: u32, dir: LoadedDir) -> u32 {
        let node = self.new_node(name, parent, dir.row.entry());
        self.insert(node.stored(dir.id, dir.row))
    }

    fn new_node(&self, name: &[u8], parent: u32, entry: DirEntry) -> Node {
        match self.node(parent) {
            Some(above) => above.child(name, parent, entry),
            None => Node::new(name, parent, entry),
        }
    }

    /// Caches a stored directory beneath a cached one, so that it need not be looked up.
    pub fn keep(&mut self, name: &[u8], parent: u32, dir: LoadedDir) {
        if self.child(parent, name).is_none() {
            self.insert_loaded(name, parent, dir);
        }
    }

    /// Gives a directory its id when its first listing comes, so that the keys of its files lie at
    /// the end of the table.
    pub fn give_id(&mut self, store: &mut Store, at: u32) -> rusqlite::Result<()> {
        let Some(node) = self.node(at) else {
            return Ok(());
        };
        let (id, stored) = (node.id, node.stored_id);
        // The history knows it by its id.
        let is_unlisted = node.is_bare() && node.row.listed_gen <= 0;
        let is_alone = node.in_paths == InPaths::Absent;
        if stored != 0 && (!is_unlisted || (!is_alone && store.has_children(stored)?)) {
            return Ok(());
        }
        // A root's id is known to its source, and the last id needs no other.
        let keep = node.parent == NONE || (id != 0 && (stored == 0 || store.is_last_dir(id)));
        let keep = keep || (id != 0 && store.has_graves && self.has_grave_beneath(store, at)?);
        let id = if keep { id } else { store.new_dir() };
        if let Some(node) = self.node_mut(at) {
            node.is_empty = !node.has_new_children && (stored != 0 || node.is_empty);
            if node.id != id {
                node.mark_changed();
                if node.in_paths == InPaths::Present {
                    node.in_paths = InPaths::Unknown;
                }
                node.id = id;
                self.touch(at);
            }
        }
        Ok(())
    }

    /// Whether anything is stored in a directory.
    pub fn holds_any(&self, store: &Store, at: u32) -> rusqlite::Result<bool> {
        let Some(node) = self.node(at) else {
            return Ok(false);
        };
        if node.row.own_files > 0 || node.has_new_children {
            return Ok(true);
        }
        Ok(node.stored_id != 0 && store.has_children(node.stored_id)?)
    }

    fn insert(&mut self, node: Node) -> u32 {
        let at = self.nodes.len() as u32;
        if let Some(above) = self.node_mut(node.parent) {
            above.has_cached = true;
        }
        self.name_bytes += node.name.len();
        let DirTree {
            nodes,
            index,
            hasher,
            ..
        } = self;
        let hash = |node: &Node| hasher.hash_one((node.parent, &*node.name));
        index.insert_unique(hash(&node), at, |at| {
            nodes.get(*at as usize).map_or(0, hash)
        });
        nodes.push(node);
        at
    }

    /// Queues a node for the next flush, and marks its ancestors.
    pub fn touch(&mut self, mut at: u32) {
        let Some(node) = self.node_mut(at) else {
            return;
        };
        let was = std::mem::replace(&mut node.flush, Flush::Queued);
        let mut above = node.parent;
        match was {
            Flush::Queued => return,
            // Its ancestors are marked already.
            Flush::Beneath => return self.queued.push(at),
            Flush::Nothing => {
                self.queued.push(at);
                self.touched.push(at);
            }
        }
        loop {
            at = above;
            match self.node_mut(at) {
                Some(node) if node.flush == Flush::Nothing => {
                    node.flush = Flush::Beneath;
                    above = node.parent;
                    self.touched.push(at);
                }
                _ => return,
            }
        }
    }
}
