//! The directories of one source that the writer has in hand: a cache of rows by path, with what has been gathered for them. A flush
//! carries what was gathered up to all ancestors, and writes each row once.

use std::collections::HashMap;
use std::sync::Arc;

use super::gone::Gone;
use super::hash::Keyed;
use super::node::{Gathered, NONE, Node, split};
use super::path_map::PathMap;
use super::store::{Loaded, Store};
use crate::identity::MountIdentity;
use crate::schema::listing;
use history::History;

mod add;
mod flush;
pub(super) mod history;
mod remove;

/// Nodes, and bytes of their paths, beyond which the cache is emptied after a commit.
const MAX_NODES: usize = 16 * 1024;
const MAX_PATHS: usize = 2 << 20;

#[derive(Debug)]
pub(super) struct Tree {
    pub source: i64,
    /// The generation that is written now.
    pub generation: i64,
    pub history: History,
    /// What was found to be gone while scans run.
    pub gone: Gone,
    /// The stored mount points, once they were asked for.
    pub mounts: Option<PathMap<MountIdentity>>,
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
            history: History::default(),
            gone: Gone::default(),
            mounts: None,
            nodes: Vec::new(),
            index: HashMap::default(),
            path_bytes: 0,
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
        self.touched.clear();
        self.path_bytes = 0;
        self.history.reset();
    }

    /// Forgets everything if it has become much. Only right after a commit.
    pub fn trim(&mut self) {
        if self.nodes.len() > MAX_NODES || self.path_bytes > MAX_PATHS {
            self.forget_nodes();
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

    /// The last directory on the way to a path, if the way does not lead to its end.
    pub fn end_of_way(
        &mut self,
        store: &mut Store,
        path: &[u8],
    ) -> rusqlite::Result<Option<Arc<[u8]>>> {
        Ok(match self.look_up(store, path)? {
            Found::Node(_) => None,
            Found::Missing { parent, .. } => self.node(parent).map(|node| node.path.clone()),
        })
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
            let parent = self.node(at).map_or(0, |node| match node.has_rows_beneath {
                true => node.id,
                false => node.stored_id,
            });
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
}

fn end_of_name(path: &[u8], from: usize) -> usize {
    let rest = path.get(from..).unwrap_or_default();
    from + rest
        .iter()
        .position(|byte| *byte == b'/')
        .unwrap_or(rest.len())
}
