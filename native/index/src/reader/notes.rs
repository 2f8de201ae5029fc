//! The notes of an app about an entry.

use rusqlite::params;

use super::freshness::answer;
use super::locate::{locate, split};
use super::pool::Pool;
use super::query;
use crate::answer::Answer;
use crate::error::Error;
use crate::text::{Bytes, Text};

/// A fact derived from an entry, which goes when the entry changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// The value.
    pub key: Vec<u8>,
    /// And what that is.
    pub value: Vec<u8>,
}

impl Pool {
    /// The notes on an entry by key; none where there is no such entry.
    pub fn notes(&self, source: &str, path: &[u8]) -> Result<Answer<Vec<Note>>, Error> {
        self.page(|txn| {
            let (folder, name) = split(path);
            let at = locate(txn, source, folder)?;
            let notes = match at.unresolved {
                [] => txn.all(query::NOTES, params![at.dir.id, Text(name)], |row| {
                    Ok(Note {
                        key: row.get::<_, Bytes>(0)?.0,
                        value: row.get(1)?,
                    })
                })?,
                _ => Vec::new(),
            };
            answer(txn, &at, notes)
        })
    }
}
