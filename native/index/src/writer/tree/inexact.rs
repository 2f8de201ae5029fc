//! Directories with names that count by themselves although their inodes have several: what a size on
//! disk above them says may be too much.

use aether_core::slab::status;
use rusqlite::params;

use super::DirTree;
use crate::values::scan_status;
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

    /// Forgets at the end of a whole scan that nothing was known of a source that an older version
    /// has written, once no directory is left with files of which the scan has not read all.
    pub fn know_exact(&self, source: i64, ended: i64) -> rusqlite::Result<()> {
        let ran_to_end = matches!(ended, scan_status::COMPLETE | scan_status::PARTIAL);
        if !ran_to_end || !self.has_inexact {
            return Ok(());
        }
        let sql = "WITH RECURSIVE reached (id, status, file_count) AS (
                     SELECT d.id, d.status, d.file_count FROM sources s JOIN dirs d ON d.id = s.root_dir WHERE s.id = ?1
                     UNION ALL SELECT d.id, d.status, d.file_count FROM reached r JOIN dirs d ON d.parent_id = r.id
                                WHERE d.unknown_below > 0)
                   DELETE FROM inexact WHERE dir_id = -?1
                      AND NOT EXISTS (SELECT 1 FROM reached WHERE status != ?2 AND file_count > 0)";
        let values = params![source, status::COMPLETE];
        self.db.prepare_cached(sql)?.execute(values)?;
        Ok(())
    }
}
