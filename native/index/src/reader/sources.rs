//! The known roots, and how their scans ended.

use aether_core::RootPath;
use rusqlite::Row;

use super::freshness::answer;
use super::locate::locate_in;
use super::overlapping::around;
use super::pool::Pool;
use super::query;
use super::read_txn::ReadTxn;
use super::rows::Dir;
use crate::answer::Answer;
use crate::error::{Error, Reason};
use crate::schema::OWNER;
use crate::text::{Bytes, Text};
use crate::values::scan_status;

/// A root that was scanned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    pub(super) id: i64,
    pub(super) root_dir: i64,
    /// Sizes on disk are known.
    pub(super) has_disk: bool,
    /// Permissions and owners are kept.
    pub has_owners: bool,
    /// The id that callers use.
    pub uuid: String,
    /// The root's path, raw bytes.
    pub root: Vec<u8>,
    /// What is left out of it, as canonical text.
    pub rules: Vec<u8>,
    /// The identity of the root's directory.
    pub identity: Option<Vec<u8>>,
    /// Whole-source scans begun so far.
    pub generation: i64,
    /// How the scan that began or ended last stands: `scan_status`. `RUNNING` is true: where nobody
    /// writes, it is `CRASHED`.
    pub last_scan_status: Option<i64>,
    /// When the last scan ended, however; ms since the epoch.
    pub last_scan_at: Option<i64>,
    /// When a scan of the whole source last ran to its end.
    pub last_complete_at: Option<i64>,
    /// All that is not a directory, as the last whole-source scan counted it.
    pub last_scan_files: Option<i64>,
    /// When the source was made.
    pub created_at: i64,
    /// All that is not a directory, as it is stored.
    pub file_count: i64,
    /// The sum of its regular files.
    pub bytes: i64,
    /// Directories whose contents are not fully known.
    pub unknown_below: i64,
    /// The id of the source around it: the innermost whose root lies above this one's.
    pub within: Option<String>,
}

impl Source {
    pub(super) fn read(row: &Row<'_>) -> rusqlite::Result<Source> {
        Ok(Source {
            id: row.get(0)?,
            uuid: row.get(1)?,
            root: row.get::<_, Bytes>(2)?.0,
            root_dir: row.get(3)?,
            has_disk: row.get::<_, Option<i64>>(12)?.is_some(),
            has_owners: row.get::<_, Bytes>(13)?.0 == OWNER.as_bytes(),
            rules: row.get::<_, Bytes>(4)?.0,
            identity: row.get::<_, Option<Bytes>>(5)?.map(|identity| identity.0),
            generation: row.get(6)?,
            last_scan_at: row.get(7)?,
            last_scan_status: row.get(8)?,
            last_scan_files: row.get(9)?,
            last_complete_at: row.get(10)?,
            created_at: row.get(11)?,
            file_count: 0,
            bytes: 0,
            unknown_below: 0,
            within: None,
        })
    }

    /// Its number within this file, as passed to [`crate::OnCommit`].
    pub fn id(&self) -> i64 {
        self.id
    }

    /// The row alone, without totals, and with its status as it is stored.
    pub(super) fn find(txn: &ReadTxn<'_>, uuid: &str) -> Result<Source, Error> {
        let source = txn.first(query::SOURCE, [uuid], Source::read)?;
        source.ok_or_else(|| txn.error(Reason::NoSource).with(uuid))
    }

    fn answer(self, txn: &ReadTxn<'_>) -> Result<Answer<Source>, Error> {
        let at = locate_in(txn, self, b"")?;
        let mut source = at.source.clone();
        let Dir {
            file_count,
            bytes,
            unknown_below,
            ..
        } = at.dir;
        (source.file_count, source.bytes, source.unknown_below) =
            (file_count, bytes, unknown_below);
        if source.last_scan_status == Some(scan_status::RUNNING) && !is_running(txn, source.id)? {
            source.last_scan_status = Some(scan_status::CRASHED);
        }
        source.within = around(txn, &source.root)?;
        answer(txn, &at, source)
    }
}

/// Whether the scan runs that began last.
fn is_running(txn: &ReadTxn<'_>, source: i64) -> Result<bool, Error> {
    let read = |row: &Row<'_>| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?));
    let last = txn.first(query::LAST_SCAN, [source], read)?;
    Ok(
        last.is_some_and(|(scan, status)| {
            status == scan_status::RUNNING && txn.liveness.runs(scan)
        }),
    )
}

impl Pool {
    /// All sources, the oldest first.
    pub fn sources(&self) -> Result<Vec<Answer<Source>>, Error> {
        self.page(|txn| {
            let sources = txn.all(query::SOURCES, (), Source::read)?;
            sources
                .into_iter()
                .map(|source| source.answer(txn))
                .collect()
        })
    }

    /// The source of a root, by whatever path that is called: the stored one, or one that leads
    /// there as far as this machine's own file systems tell, or by which a scan has called it, if
    /// its number is given. None if there is none. Asks nothing that may hang.
    pub fn source_at(
        &self,
        root: &[u8],
        called: Option<i64>,
    ) -> Result<Option<Answer<Source>>, Error> {
        let exact = |root: &[u8]| {
            self.page(|txn| {
                let source = txn.first(query::SOURCE_AT, [Text(root)], Source::read)?;
                source.map(|source| source.answer(txn)).transpose()
            })
        };
        if let Some(found) = exact(root)? {
            return Ok(Some(found));
        }
        if let Some(id) = called {
            return self.page(|txn| {
                let source = txn.first(query::SOURCE_OF, [id], Source::read)?;
                source.map(|source| source.answer(txn)).transpose()
            });
        }
        let Some(found) = RootPath::resolve_locally(root) else {
            return Ok(None);
        };
        match exact(&found.path)? {
            Some(found) => Ok(Some(found)),
            None => exact(&found.real),
        }
    }

    /// One of them.
    pub fn source(&self, uuid: &str) -> Result<Answer<Source>, Error> {
        self.page(|txn| Source::find(txn, uuid)?.answer(txn))
    }
}
