//! Ids of owners. Rows of `owners` are never deleted: there are few of them.

use std::collections::HashMap;

use rusqlite::{OptionalExtension, params};

use super::Store;
use crate::owner::Owner;

/// Owners whose ids are kept in memory.
const MAX_KNOWN: usize = 10_000;

/// Those that were looked up.
#[derive(Debug, Default)]
pub(in crate::writer) struct KnownOwners(HashMap<Owner, u32>);

impl KnownOwners {
    /// Forgets all, as after a rollback.
    pub fn clear(&mut self) {
        self.0.clear();
    }
}

impl Store {
    /// The id of an owner, which gets a row if it has none.
    pub fn owner(&mut self, owner: Owner) -> rusqlite::Result<u32> {
        if let Some(id) = self.owners.0.get(&owner) {
            return Ok(*id);
        }
        let Owner { mode, uid, gid } = owner;
        let sql = "SELECT id FROM owners WHERE mode = ?1 AND uid = ?2 AND gid = ?3";
        let mut statement = self.db.prepare_cached(sql)?;
        let found = statement.query_row(params![mode, uid, gid], |row| row.get(0));
        let id = match found.optional()? {
            Some(id) => id,
            None => {
                let sql = "INSERT INTO owners (mode, uid, gid) VALUES (?1, ?2, ?3) RETURNING id";
                let mut statement = self.db.prepare_cached(sql)?;
                statement.query_row(params![mode, uid, gid], |row| row.get(0))?
            }
        };
        if self.owners.0.len() >= MAX_KNOWN {
            self.owners.0.clear();
        }
        self.owners.0.insert(owner, id);
        Ok(id)
    }
}
