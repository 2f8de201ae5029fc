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

/// Of the folder itself.
pub(super) fn is_exact(txn: &ReadTxn<'_>, at: &Located<'_>) -> Result<bool, Error> {
    Ok(!has_inexact(txn, at)? || is_exact_beneath(txn, at, &at.chain)?)
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
    let has_inexact = has_inexact(txn, at)? && !is_exact_beneath(txn, at, &at.chain)?;
    for child in children.iter_mut().filter(|child| child.kind == DIRECTORY) {
        let id = match has_inexact {
            true => {
                let key = params![at.dir.id, Text(&child.name)];
                txn.first(query::CHILD_DIR, key, |row| row.get::<_, i64>(0))?
            }
            false => None,
        };
        child.disk_exact = Some(match id {
            Some(id) => {
                let mut chain = at.chain.clone();
                chain::push(&mut chain, id);
                is_exact_beneath(txn, at, &chain)?
            }
            None => true,
        });
    }
    Ok(())
}

fn has_inexact(txn: &ReadTxn<'_>, at: &Located<'_>) -> Result<bool, Error> {
    let found = txn.first(query::INEXACT_ANY, [at.source.id], |_| Ok(()))?;
    Ok(found.is_some())
}

/// Whether no such directory is the one that a chain leads to, or lies beneath it.
fn is_exact_beneath(txn: &ReadTxn<'_>, at: &Located<'_>, chain: &[u8]) -> Result<bool, Error> {
    let chain = chain::first(chain, MAX_DEPTH);
    if chain.is_empty() {
        return Ok(false);
    }
    let params = params![at.source.id, chain, chain::end(chain)];
    let found = txn.first(query::INEXACT_BENEATH, params, |_| Ok(()))?;
    Ok(found.is_none())
}
