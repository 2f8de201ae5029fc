//! The directories of one source that the writer has in hand: a cache of rows by parent and name, with what has been gathered for
//! them. A flush carries what was gathered up to all ancestors, and writes each row once.

use std::hash::BuildHasher;

use hashbrown::HashTable;

use crate::schema::listing;
use crate::writer::SMALL;
use crate::writer::path_map::PathMap;
use crate::writer::store::{LoadedDir, Store};
use crate::writer::tree::hash::Keyed;
use crate::writer::tree::node::{Gathered, NONE, Node};
use crate::writer::tree::vanished::Vanished;
use aether_core::MountIdentity;
use history::History;

mod add;
pub(super) mod changed_files;
mod flush;
pub(super) mod hash;
pub(super) mod history;
mod lookup;
pub(super) mod node;
mod remove;
pub(super) mod vanished;

use lookup::LastLookup;

/// Nodes, and bytes of their names, beyond which the cache is emptied after a commit.
const MAX_NODES: usize = if SMALL { 4 } else { 16 * 1024 };
const MAX_NAMES: usize = 2 << 20;

#[derive(Debug)]
pub(super) struct Tree {
    pub source: i64,
    /// The generation that is written now.
    pub generation: i64,
    pub history: History,
    /// What was found to be gone while scans run.
    pub gone: Vanished,
    /// The stored mount points, once they were asked for.
    pub mounts: Option<PathMap<MountIdentity>>,
    nodes: Vec<Node>,
    /// Nodes by parent and name.
    index: HashTable<u32>,
    hasher: Keyed,
    name_bytes: usize,
    last: LastLookup,
    /// Nodes to flush; and these with all their ancestors.
    listed: Vec<u32>,
    touched: Vec<u32>,
}

impl Tree {
    pub fn new(source: i64) -> Tree {
        Tree {
            source,
            generation: 0,
            history: History::default(),
            gone: Vanished::default(),
            mounts: None,
            nodes: Vec::new(),
            index: HashTable::new(),
            hasher: Keyed::default(),
            name_bytes: 0,
            last: LastLookup::default(),
            listed: Vec::new(),
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
        self.listed.clear();
        self.touched.clear();
        self.name_bytes = 0;
        self.last = LastLookup::default();
        self.history.reset();
    }

    /// Forgets everything if it has become much. Only right after a commit.
    pub fn trim(&mut self) {
        // Those on the way to where it works are needed again at once, however many they are.
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

    /// A directory in hand, by its parent and its name.
    pub fn child(&self, parent: u32, name: &[u8]) -> Option<u32> {
        let is_it = |at: &u32| {
            let node = self.node(*at);
            node.is_some_and(|node| node.parent == parent && *node.name == *name)
        };
        let hash = self.hasher.hash_one((parent, name));
        self.index.find(hash, is_it).copied()
    }

    fn insert_loaded(&mut self, name: &[u8], parent: u32, row: LoadedDir) -> u32 {
        let node = match self.node(parent) {
            Some(above) => above.child(name, parent, row.mtime),
            None => Node::new(name, parent, row.mtime),
        };
        self.insert(Node {
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
            changed_files: None,
            ..node
        })
    }

    /// A stored directory beneath one in hand, so that it need not be looked up.
    pub fn keep(&mut self, name: &[u8], parent: u32, row: LoadedDir) {
        if self.child(parent, name).is_none() {
            self.insert_loaded(name, parent, row);
        }
    }

    /// Its first listing has come: the directory gets its id now, so that the keys of its files lie at the end.
    pub fn give_id(&mut self, store: &mut Store, at: u32) -> rusqlite::Result<()> {
        let Some(node) = self.node(at) else {
            return Ok(());
        };
        let (id, stored) = (node.id, node.stored_id);
        let unlisted = node.status == listing::UNREAD
            && node.own.files == 0
            && !node.has_new_children
            // The history knows it by its id.
            && node.listed_gen <= 0;
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
                self.touch(at);
            }
        }
        Ok(())
    }

    /// Whether anything is stored beneath a directory.
    pub fn holds_any(&self, store: &Store, at: u32) -> rusqlite::Result<bool> {
        let Some(node) = self.node(at) else {
            return Ok(false);
        };
        if node.own.files > 0 || node.has_new_children {
            return Ok(true);
        }
        Ok(node.stored_id != 0 && store.has_children(node.stored_id)?)
    }

    fn insert(&mut self, node: Node) -> u32 {
        let at = self.nodes.len() as u32;
        if let Some(above) = self.node_mut(node.parent) {
            above.has_kept = true;
        }
        self.name_bytes += node.name.len();
        let Tree {
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

    /// It is to be flushed, and all its ancestors have to know.
    pub fn touch(&mut self, mut at: u32) {
        if let Some(node) = self.node_mut(at)
            && !std::mem::replace(&mut node.is_listed, true)
        {
            self.listed.push(at);
        }
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
}
