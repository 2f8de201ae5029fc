//! An index to write listings to, in a directory of its own.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use aether_core::Status;
use aether_index::reader::{Pool, PoolOptions};
use aether_index::{Index, NewNote, OpenOptions, ScanCounts, ScanSpec, ScanWriter};
use rusqlite::Connection;
use tempfile::TempDir;

use super::{Listing, Row, push_whole, recount, rows, shell, spec};

/// An index in a directory of its own.
pub struct Fixture {
    pub directory: TempDir,
    pub index: Option<Arc<Index>>,
    pub options: OpenOptions,
}

impl Fixture {
    pub fn new() -> Fixture {
        Fixture::with(OpenOptions::default())
    }

    pub fn with(options: OpenOptions) -> Fixture {
        let directory = tempfile::tempdir().unwrap();
        let index = Index::open(&directory.path().join("index.db"), options.clone()).unwrap();
        Fixture {
            directory,
            index: Some(Arc::new(index)),
            options,
        }
    }

    pub fn path(&self) -> PathBuf {
        self.directory.path().join("index.db")
    }

    pub fn index(&self) -> &Arc<Index> {
        self.index.as_ref().unwrap()
    }

    pub fn reopen(&mut self) {
        if let Some(index) = self.index.take() {
            index.close().unwrap();
        }
        let index = Index::open(&self.path(), self.options.clone()).unwrap();
        self.index = Some(Arc::new(index));
    }

    pub fn begin(&self, spec: ScanSpec) -> ScanWriter {
        self.index().begin(spec, Box::new(|_| {})).unwrap()
    }

    /// A whole scan of these listings, each in one piece.
    pub fn scan(&self, listings: &[Listing]) {
        self.scan_as(spec(), listings, Status::Complete);
    }

    pub fn scan_as(&self, spec: ScanSpec, listings: &[Listing], status: Status) {
        let scan = self.begin(spec);
        for listing in listings {
            push_whole(&scan, listing);
        }
        scan.end(status, ScanCounts::default()).unwrap();
    }

    pub fn shell(&self, sql: &str) -> String {
        shell(&self.path(), sql)
    }

    /// Changes the database by the writer's own connection.
    pub fn sql(&self, sql: &str) {
        let sql = sql.to_owned();
        let run = move |connection: &mut Connection| {
            connection.execute_batch(&sql).unwrap();
            Ok(())
        };
        self.index().with_connection(run).unwrap();
    }

    /// The one source's.
    pub fn uuid(&self) -> String {
        self.shell("SELECT uuid FROM sources").trim_end().to_owned()
    }

    /// Readers by the gate of the writer.
    pub fn pool(&self) -> Pool {
        let index = self.index();
        let (location, gate) = (index.location().clone(), index.gate().clone());
        Pool::new(location, gate, PoolOptions::default())
    }

    /// Everything that is seen from the root, as the shell tells it.
    pub fn rows(&self) -> BTreeMap<Vec<u8>, Row> {
        rows(&self.path())
    }

    /// Paths alone, of which each is UTF-8.
    pub fn names(&self) -> Vec<String> {
        let paths = self.rows().into_keys();
        paths.map(|path| String::from_utf8(path).unwrap()).collect()
    }

    /// The root's totals: files, bytes, directories not known completely.
    pub fn totals(&self) -> String {
        self.shell(
            "SELECT file_count, bytes, unknown_below FROM dirs JOIN sources ON root_dir = dirs.id",
        )
    }

    /// A reader that does not go by the gate, in the midst of a page: the log cannot start over.
    pub fn reader_that_stays(&self) -> Connection {
        let reader = Connection::open(self.path()).unwrap();
        let page = "BEGIN; SELECT * FROM sources";
        reader.execute_batch(page).unwrap();
        reader
    }

    /// Asserts that every total is what a recount gives.
    pub fn recount(&self) {
        recount(&self.path());
    }
}

/// A note about an entry, named by its folder and its name.
pub fn note_of(
    source: &str,
    (folder, name): (&[u8], &[u8]),
    key: &[u8],
    value: Option<&[u8]>,
) -> NewNote {
    NewNote {
        source: source.to_owned(),
        folder: folder.to_vec(),
        name: name.to_vec(),
        key: key.to_vec(),
        value: value.map(<[u8]>::to_vec),
        ..NewNote::default()
    }
}
