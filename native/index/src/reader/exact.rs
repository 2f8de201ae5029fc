//! Whether the size on disk of a folder counts each inode once. Names that count by themselves are
//! rare: there is a table of their directories, which is nearly always empty.

use rusqlite::params;

use super::locate::Located;
use super::query;
use super::read_txn::ReadTxn;
use super::stat::Child;
use crate::error::Error;
use crate::text::Text;
use crate::writer::{MAX_DEPTH, chain};

const DIRECTORY: u8 = 2;

/// Where such names lie beneath a folder. Asked once for all folders beneath it.
pub(super) struct Exactness<'a> {
    txn: &'a ReadTxn<'a>,
    source: i64,
    /// The answer for all of them, where it is the same.
    all: Option<bool>,
}

impl<'a> Exactness<'a> {
    /// Beneath a folder.
    pub fn beneath(txn: &'a ReadTxn<'a>, at: &Located<'_>) -> Result<Exactness<'a>, Error> {
        let source = at.source.id;
        let first = txn.first(query::INEXACT_FIRST, [source], |row| row.get::<_, i64>(0))?;
        let mut found = Exactness {
            txn,
            source,
            all: None,
        };
        found.all = match first {
            None => Some(true),
            // Somewhere in the source; it is not known where.
            Some(..0) => Some(false),
            Some(_) => found.of(&at.chain)?.then_some(true),
        };
        Ok(found)
    }

    /// Whether the folder that a chain leads to is exact.
    pub fn of(&self, chain: &[u8]) -> Result<bool, Error> {
        if let Some(all) = self.all {
            return Ok(all);
        }
        let chain = chain::first(chain, MAX_DEPTH);
        if chain.is_empty() {
            return Ok(false);
        }
        let params = params![self.source, chain, chain::end(chain)];
        let found = self.txn.first(query::INEXACT_BENEATH, params, |_| Ok(()))?;
        Ok(found.is_none())
    }

    /// Whether a folder is exact, by its name in a folder.
    pub fn of_name(&self, at: &Located<'_>, name: &[u8]) -> Result<bool, Error> {
        if let Some(all) = self.all {
            return Ok(all);
        }
        let key = params![at.dir.id, Text(name)];
        let id = self
            .txn
            .first(query::CHILD_DIR, key, |row| row.get::<_, i64>(0))?;
        let Some(id) = id else {
            return Ok(true);
        };
        let mut chain = at.chain.clone();
        chain::push(&mut chain, id);
        self.of(&chain)
    }
}

/// Whether the folder itself is exact.
pub(super) fn is_exact(txn: &ReadTxn<'_>, at: &Located<'_>) -> Result<bool, Error> {
    Exactness::beneath(txn, at)?.of(&at.chain)
}

/// Says so of folders in it.
pub(super) fn tell_exact(
    txn: &ReadTxn<'_>,
    at: &Located<'_>,
    children: &mut [Child],
) -> Result<(), Error> {
    if !at.source.has_disk {
        return Ok(());
    }
    let exactness = Exactness::beneath(txn, at)?;
    for child in children.iter_mut().filter(|child| child.kind == DIRECTORY) {
        child.disk_exact = Some(exactness.of_name(at, &child.name)?);
    }
    Ok(())
}
