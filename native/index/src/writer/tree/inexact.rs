//! Directories with names that count by themselves although their inodes have several: what a size on
//! disk above them says may be too much.

use rusqlite::params;

use super::DirTree;
use crate::writer::links::{MAX_DEPTH, chain};
use crate::writer::store::Store;

impl DirTree {
    /// Notes that there are such names in a directory that was listed.
    pub fn note_inexact(&mut self, store: &mut Store, at: u32) -> rusqlite::Result<()> {
        let chain = self.chain(store, at);
        let Some(dir) = self.node(at).map(|node| node.id) else {
            return Ok(());
        };
        let sql = "INSERT INTO inexact (dir_id, source_id, chain) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING";
        let values = params![dir, self.source, chain::first(&chain, MAX_DEPTH)];
        store.db.prepare_cached(sql)?.execute(values)?;
        store.has_inexact = true;
        Ok(())
    }

    /// Notes that there are none.
    pub fn note_exact(&self, store: &Store, at: u32) -> rusqlite::Result<()> {
        match self.node(at) {
            Some(node) => store.forget_inexact(node.id),
            None => Ok(()),
        }
    }
}

impl Store {
    /// Forgets of a directory that names in it count by themselves.
    pub fn forget_inexact(&self, dir: i64) -> rusqlite::Result<()> {
        if self.has_inexact {
            let sql = "DELETE FROM inexact WHERE dir_id = ?1";
            self.db.prepare_cached(sql)?.execute([dir])?;
        }
        Ok(())
    }
}
