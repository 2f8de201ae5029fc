//! How fresh and complete answers about whole sources are, for some sources at a time.

use super::freshness::answer;
use super::locate::locate_in;
use super::pool::Pool;
use super::query;
use super::sources::Source;
use crate::answer::Answer;
use crate::error::Error;

impl Pool {
    /// What is known of some sources, each with its number in this file; of those that are there.
    pub(crate) fn roots(&self, ids: &[i64]) -> Result<Vec<(i64, Answer<()>)>, Error> {
        self.page(|txn| {
            let mut found = Vec::new();
            for id in ids {
                if let Some(source) = txn.first(query::SOURCE_OF, [id], Source::read)? {
                    let at = locate_in(txn, source, b"")?;
                    found.push((*id, answer(txn, &at, ())?));
                }
            }
            Ok(found)
        })
    }
}
