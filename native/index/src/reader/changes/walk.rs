//! Changes by path where there are many: a walk of the tree, merged with what was removed, so that
//! a page reads little more than it returns.

use super::budget::{Budget, Stop};
use super::early::History;
use super::live::Live;
use super::removed::Removed;
use super::{Paths, Ranked, Wanted};
use crate::error::Error;
use crate::reader::locate::Located;
use crate::reader::read_txn::ReadTxn;

/// Maximum number of lookups for a page, and for each folder that it may return.
const SEARCHES: (usize, usize) = match cfg!(feature = "small") {
    true => (40, 1),
    false => (30_000, 20),
};

/// The page; None if all rows have to be read instead.
pub(super) fn read(
    txn: &ReadTxn<'_>,
    wanted: &Wanted<'_>,
    at: &Located<'_>,
    paths: &Paths<'_>,
) -> Result<Option<Ranked>, Error> {
    match walk(txn, wanted, at, paths) {
        Ok(ranked) => Ok(Some(ranked)),
        Err(Stop::Spent) => Ok(None),
        Err(Stop::Failed(error)) => Err(error),
    }
}

fn walk(
    txn: &ReadTxn<'_>,
    wanted: &Wanted<'_>,
    at: &Located<'_>,
    paths: &Paths<'_>,
) -> Result<Ranked, Stop> {
    let budget = Budget::new(SEARCHES.0 + SEARCHES.1 * wanted.limit);
    let mut history = History::new(txn, wanted, &budget)?;
    let mut live = Live::new(txn, wanted, at)?;
    let mut removed = Removed::new(txn, wanted, paths, &mut history)?;
    let (mut is_there, mut was_there) = (live.next(&mut history)?, removed.next(&mut history)?);
    let mut found = Ranked::new();
    while found.len() < wanted.limit {
        let is_first = match (&is_there, &was_there) {
            (None, None) => break,
            (Some(one), Some(other)) => one.0 < other.0,
            (one, _) => one.is_some(),
        };
        found.extend(match is_first {
            true => std::mem::replace(&mut is_there, live.next(&mut history)?),
            false => std::mem::replace(&mut was_there, removed.next(&mut history)?),
        });
    }
    Ok(found)
}
