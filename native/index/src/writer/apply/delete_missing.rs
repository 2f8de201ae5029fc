//! Deleting what a whole listing does not have, when that is much: a piece in each transaction, so that neither memory nor the log
//! grows with what a directory once held. Every piece takes its part out of all totals.

use rusqlite::params;

use crate::text::{Bytes, bytes};
use crate::writer::SMALL;
use crate::writer::apply::merge::{self, MergeOptions};
use crate::writer::intake::listing::Listing;
use crate::writer::store::Store;
use crate::writer::tree::Tree;

/// Rows deleted in one transaction.
pub(in crate::writer) const PIECE: usize = if SMALL { 3 } else { 5000 };

/// How far a directory has been swept: files first, then directories, both by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::writer) struct DeleteMissing {
    dirs: bool,
    after: Bytes,
}

/// Where the names are that stay.
#[derive(Clone, Copy)]
pub(in crate::writer) enum KeptNames<'a> {
    /// In a listing that is held, and sorted.
    InMemory(&'a Listing),
    /// In the TEMP table, under this number.
    InTempTable(i64),
}

/// A stored row that no listing has: its name, and its kind and size, or its id.
type Row = (Bytes, i64, Option<i64>);

impl DeleteMissing {
    /// Deletes a piece. Says whether that was the last.
    pub fn step(
        &mut self,
        store: &mut Store,
        tree: &mut Tree,
        at: u32,
        look: MergeOptions<'_>,
        missing: KeptNames<'_>,
    ) -> rusqlite::Result<bool> {
        tree.flush(store)?;
        let Some(dir) = tree.node(at).map(|node| node.id) else {
            return Ok(true);
        };
        let gone = match missing {
            KeptNames::InMemory(listing) => self.not_held(store, dir, listing)?,
            KeptNames::InTempTable(number) => self.not_told(store, dir, number)?,
        };
        for (name, number, size) in &gone {
            if self.dirs {
                merge::remove_dir(store, tree, at, *number, &name.0, look)?;
            } else {
                merge::delete_file(store, tree, at, &name.0, (*number, *size))?;
            }
        }
        let full = gone.len() >= PIECE;
        if full {
            self.after = gone.into_iter().next_back().unwrap_or_default().0;
        } else if !self.dirs {
            (self.dirs, self.after) = (true, Bytes::default());
        } else {
            return Ok(true);
        }
        Ok(false)
    }

    fn not_held(&self, store: &Store, dir: i64, listing: &Listing) -> rusqlite::Result<Vec<Row>> {
        let sql = if self.dirs {
            "SELECT name, id, NULL FROM dirs WHERE parent_id = ?1 AND name > ?2 ORDER BY name"
        } else {
            "SELECT name, kind, size FROM files WHERE dir_id = ?1 AND name > ?2 ORDER BY name"
        };
        let mut statement = store.db.prepare_cached(sql)?;
        let mut rows = statement.query(params![dir, self.after])?;
        let mut items = listing.sorted().peekable();
        let mut gone = Vec::new();
        while gone.len() < PIECE
            && let Some(row) = rows.next()?
        {
            let name = bytes(row.get_ref(0)?)?;
            while items.next_if(|item| listing.name(item) < name).is_some() {}
            let stays = items.next_if(|item| listing.name(item) == name).is_some();
            if !stays {
                gone.push((Bytes(name.to_vec()), row.get(1)?, row.get(2)?));
            }
        }
        Ok(gone)
    }

    fn not_told(&self, store: &Store, dir: i64, number: i64) -> rusqlite::Result<Vec<Row>> {
        let sql = if self.dirs {
            "SELECT name, id, NULL FROM dirs d WHERE parent_id = ?1 AND name > ?2
                AND NOT EXISTS (SELECT 1 FROM temp.seen s WHERE s.listing = ?3 AND s.name = d.name) ORDER BY name LIMIT ?4"
        } else {
            "SELECT name, kind, size FROM files f WHERE dir_id = ?1 AND name > ?2
                AND NOT EXISTS (SELECT 1 FROM temp.seen s WHERE s.listing = ?3 AND s.name = f.name) ORDER BY name LIMIT ?4"
        };
        let mut statement = store.db.prepare_cached(sql)?;
        let rows = statement.query_map(params![dir, self.after, number, PIECE as i64], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })?;
        rows.collect()
    }
}
