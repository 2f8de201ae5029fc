//! Deleting what a whole listing lacks, when that is much: some rows in each transaction, so that
//! neither memory nor the log grows with what a directory once held. Each transaction takes what it
//! deletes out of all totals.

use std::sync::LazyLock;

use rusqlite::{Row, params};

use super::merge::{self, MergeOptions};
use crate::columns::FileRow;
use crate::text::{Bytes, bytes};
use crate::writer::intake::listing::Listing;
use crate::writer::limits::MAX_DELETED;
use crate::writer::store::Store;
use crate::writer::tree::DirTree;

/// How far it has come: files first, then directories, both by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::writer) struct DeleteMissing {
    table: Table,
    after: Bytes,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Table {
    #[default]
    Files,
    Dirs,
}

/// Where the names are that stay.
#[derive(Clone, Copy)]
pub(super) enum KeptNames<'a> {
    /// In a sorted listing.
    InMemory(&'a Listing),
    /// In the TEMP table, under this number.
    InTempTable(i64),
}

/// A stored row that the listing lacks.
struct MissingRow {
    name: Bytes,
    entry: MissingEntry,
}

enum MissingEntry {
    File(FileRow),
    /// By id.
    Dir(i64),
}

/// Statements that read the rows of a directory after a name: all of them, or those that the TEMP
/// table lacks.
struct Statements {
    all: String,
    not_seen: String,
}

static OF_FILES: LazyLock<Statements> =
    LazyLock::new(|| statements(FileRow::COLUMNS, "files", "dir_id"));
static OF_DIRS: LazyLock<Statements> = LazyLock::new(|| statements("id", "dirs", "parent_id"));

fn statements(columns: &str, table: &str, parent: &str) -> Statements {
    let rows = format!("SELECT name, {columns} FROM {table} t WHERE {parent} = ?1 AND name > ?2");
    let seen = "SELECT 1 FROM temp.seen s WHERE s.listing = ?3 AND s.name = t.name";
    Statements {
        all: format!("{rows} ORDER BY name"),
        not_seen: format!("{rows} AND NOT EXISTS ({seen}) ORDER BY name LIMIT ?4"),
    }
}

impl DeleteMissing {
    /// Deletes some rows. Returns whether these were the last.
    pub(super) fn step(
        &mut self,
        store: &mut Store,
        tree: &mut DirTree,
        at: u32,
        options: MergeOptions<'_>,
        kept: KeptNames<'_>,
    ) -> rusqlite::Result<bool> {
        tree.flush(store)?;
        let Some(dir) = tree.node(at).map(|node| node.id) else {
            return Ok(true);
        };
        let missing = match kept {
            KeptNames::InMemory(listing) => self.not_listed(store, dir, listing)?,
            KeptNames::InTempTable(number) => self.not_seen(store, dir, number)?,
        };
        for MissingRow { name, entry } in &missing {
            match entry {
                MissingEntry::File(row) => merge::delete_file(store, tree, at, &name.0, row)?,
                MissingEntry::Dir(id) => {
                    merge::remove_dir(store, tree, at, *id, &name.0, options)?;
                }
            }
        }
        if missing.len() >= MAX_DELETED {
            let last = missing.into_iter().next_back();
            self.after = last.map(|row| row.name).unwrap_or_default();
        } else if self.table == Table::Files {
            (self.table, self.after) = (Table::Dirs, Bytes::default());
        } else {
            return Ok(true);
        }
        Ok(false)
    }

    fn statements(&self) -> &'static Statements {
        match self.table {
            Table::Files => &OF_FILES,
            Table::Dirs => &OF_DIRS,
        }
    }

    fn read(&self, row: &Row<'_>) -> rusqlite::Result<MissingRow> {
        Ok(MissingRow {
            name: row.get(0)?,
            entry: match self.table {
                Table::Files => MissingEntry::File(FileRow::read(row, 1)?),
                Table::Dirs => MissingEntry::Dir(row.get(1)?),
            },
        })
    }

    fn not_listed(
        &self,
        store: &Store,
        dir: i64,
        listing: &Listing,
    ) -> rusqlite::Result<Vec<MissingRow>> {
        let mut statement = store.db.prepare_cached(&self.statements().all)?;
        let mut rows = statement.query(params![dir, self.after])?;
        let mut entries = listing.sorted().peekable();
        let mut missing = Vec::new();
        while missing.len() < MAX_DELETED
            && let Some(row) = rows.next()?
        {
            let name = bytes(row.get_ref(0)?)?;
            while entries
                .next_if(|entry| listing.name(entry) < name)
                .is_some()
            {}
            let is_it = |entry: &&_| listing.name(entry) == name;
            if entries.next_if(is_it).is_none() {
                missing.push(self.read(row)?);
            }
        }
        Ok(missing)
    }

    fn not_seen(&self, store: &Store, dir: i64, number: i64) -> rusqlite::Result<Vec<MissingRow>> {
        let mut statement = store.db.prepare_cached(&self.statements().not_seen)?;
        let values = params![dir, self.after, number, MAX_DELETED as i64];
        let rows = statement.query_map(values, |row| self.read(row))?;
        rows.collect()
    }
}
