//! Directories that are new, or heard of only now.

use rusqlite::params;

use super::Tree;
use super::lookup::{Lookup, end_of_name};
use crate::text::Text;
use crate::writer::store::Store;
use crate::writer::tree::node::{NONE, Node};

impl Tree {
    /// The directory of that path, made with all its ancestors if there is none: its parent's listing may come later.
    pub fn ensure(&mut self, store: &mut Store, path: &[u8]) -> rusqlite::Result<Option<u32>> {
        let (mut parent, mut from) = match self.look_up(store, path)? {
            Lookup::Node(at) => return Ok(Some(at)),
            Lookup::Missing { parent, from } => (parent, from),
        };
        if parent == NONE {
            return Ok(None);
        }
        loop {
            let end = end_of_name(path, from);
            let name = path.get(from..end).unwrap_or_default();
            self.replace_file(store, parent, name)?;
            let id = store.new_dir();
            let at = self.add(name, parent, None);
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
        let is_told = self.history.is_kept();
        let Some(node) = self.node_mut(parent) else {
            return Ok(());
        };
        let sql = "DELETE FROM files WHERE dir_id = ?1 AND name = ?2 RETURNING kind, size";
        let mut statement = store.db.prepare_cached(sql)?;
        let mut rows = statement.query(params![node.id, Text(name)])?;
        while let Some(row) = rows.next()? {
            let size: Option<i64> = if row.get::<_, i64>(0)? == 1 {
                row.get(1)?
            } else {
                None
            };
            node.add_own(-1, -size.unwrap_or(0));
            node.gathered.removed += 1;
            if is_told {
                node.tell_file(name, true, None, -size.unwrap_or(0));
            }
        }
        store.clear_notes(node.id, name)
    }

    /// A directory that was just heard of. It is written with the next flush.
    pub fn add(&mut self, name: &[u8], parent: u32, mtime: Option<i64>) -> u32 {
        let node = self.heard_of(name, parent, mtime);
        let at = self.insert(node);
        if let Some(above) = self.node_mut(parent) {
            above.has_new_child();
        }
        self.touch(at);
        at
    }

    fn heard_of(&self, name: &[u8], parent: u32, mtime: Option<i64>) -> Node {
        let above = self.node(parent);
        let node = match above {
            Some(above) => above.child(name, parent, mtime),
            None => Node::new(name, parent, mtime),
        };
        Node {
            changed_gen: self.generation,
            listed_gen: above.map_or(0, Node::listed_gen_within),
            ..node
        }
    }

    /// The same, but not kept in hand.
    pub fn add_unread(
        &mut self,
        store: &mut Store,
        name: &[u8],
        parent: u32,
        mtime: Option<i64>,
    ) -> rusqlite::Result<()> {
        let id = store.new_dir();
        let node = Node {
            id,
            unknown_below: 1,
            ..self.heard_of(name, parent, mtime)
        };
        let Some(above) = self.node_mut(parent) else {
            return Ok(());
        };
        above.gathered.unknown += 1;
        above.has_new_child();
        above.has_rows_beneath = true;
        let above = above.id;
        self.touch(parent);
        store.dirs.push(self.source, Some(above), &node);
        if store.dirs.is_full() {
            store.flush_dirs()?;
        }
        Ok(())
    }
}
