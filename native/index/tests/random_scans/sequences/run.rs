//! One run: a tree, its index, and what was stored at the ends of its generations.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

use aether_core::{Options, Pool as Walkers};
use aether_index::reader::{Pool, PoolOptions};
use aether_index::{Index, OpenOptions, ScanSpec};
use parking_lot::Mutex;
use rusqlite::{Connection, OpenFlags};
use tempfile::TempDir;

use super::ROOTS;
use super::steps::at;
use crate::ends::End;
use crate::support::*;

/// Recounts after each commit, on a connection of its own.
#[derive(Default)]
pub struct Recounts {
    pub connection: Mutex<Option<Connection>>,
    pub wrong: Mutex<Vec<String>>,
}

impl Recounts {
    pub fn count(&self, database: &Path) {
        let mut connection = self.connection.lock();
        if connection.is_none() && !database.exists() {
            // The index was moved away just now: nothing is committed.
            return;
        }
        let open = || Connection::open_with_flags(database, OpenFlags::SQLITE_OPEN_READ_ONLY);
        let connection = connection.get_or_insert_with(|| open().unwrap());
        self.wrong.lock().extend(recount_by(connection));
    }

    /// Call before the index is closed or moved: the last connection to close a database cleans up.
    pub fn let_go(&self) {
        *self.connection.lock() = None;
    }
}

pub struct Run {
    pub directory: TempDir,
    pub index: Option<Arc<Index>>,
    pub recounts: Arc<Recounts>,
    pub walkers: Walkers,
    /// What was stored of the outer root, by generation.
    pub ends: BTreeMap<i64, Rc<End>>,
    /// The generations that the backup has.
    pub backup: Option<BTreeMap<i64, Rc<End>>>,
}

pub fn options(recounts: Option<&Arc<Recounts>>, database: &Path) -> OpenOptions {
    let on_commit = recounts.map(|recounts| {
        let (recounts, database) = (Arc::clone(recounts), database.to_owned());
        let count = move |_: &[i64]| recounts.count(&database);
        Arc::new(count) as aether_index::OnCommit
    });
    OpenOptions {
        batch_entries: 5,
        wal_soft: 60_000,
        history: 1000,
        on_commit,
        ..OpenOptions::default()
    }
}

pub fn spec_of(root: &Path, (name, path): (&str, &str), folder: &[u8]) -> ScanSpec {
    ScanSpec {
        root: at(root, path.as_bytes()).as_os_str().as_bytes().to_vec(),
        source_id: Some(name.to_owned()),
        folder: folder.to_vec(),
        // Directories are created again under their names.
        accept_root: true,
        ..ScanSpec::default()
    }
}

pub fn walk_options(depth: Option<u32>) -> Options {
    Options {
        depth,
        slab_entries: 3,
        ..Options::default()
    }
}

impl Run {
    pub fn new() -> Run {
        let directory = tempfile::tempdir().unwrap();
        fs::create_dir(directory.path().join("tree")).unwrap();
        let mut run = Run {
            directory,
            index: None,
            recounts: Arc::default(),
            walkers: Walkers::new(2),
            ends: BTreeMap::new(),
            backup: None,
        };
        run.open();
        run
    }

    pub fn tree(&self) -> PathBuf {
        self.directory.path().join("tree")
    }

    pub fn database(&self) -> PathBuf {
        self.directory.path().join("index.db")
    }

    pub fn backup_path(&self) -> PathBuf {
        self.directory.path().join("backup.db")
    }

    pub fn open(&mut self) {
        let database = self.database();
        let options = options(Some(&self.recounts), &database);
        self.index = Some(Arc::new(Index::open(&database, options).unwrap()));
    }

    pub fn close(&mut self) {
        self.recounts.let_go();
        if let Some(index) = self.index.take() {
            index.close().unwrap();
        }
    }

    pub fn index(&self) -> &Arc<Index> {
        self.index.as_ref().unwrap()
    }

    pub fn pool(&self) -> Pool {
        let (location, gate) = (self.index().location().clone(), self.index().gate().clone());
        Pool::new(location, gate, PoolOptions::default())
    }

    pub fn knows(&self, root: usize) -> bool {
        self.pool().source(ROOTS[root].0).is_ok()
    }

    /// Of the outer root.
    pub fn generation(&self) -> i64 {
        let source = self.pool().source(ROOTS[0].0);
        source.map_or(0, |found| found.value.generation)
    }
}
