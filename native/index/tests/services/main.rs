//! What serves an open index, without the BEAM: scans that are written by the real walker,
//! subscriptions to folders, searches. What is to be found is asked from find and sqlite3.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod progress;
mod search;
mod sink;
mod state;
mod subscriptions;
#[path = "../support/mod.rs"]
mod support;
#[path = "../support/walker.rs"]
mod walker;

use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::Receiver;
use std::time::Duration;

use aether_core::{Options, Pool, Status};
use aether_index::{Index, ScanSpec};
use rusqlite::Connection;

/// What does not come in this time never does.
const PATIENCE: Duration = Duration::from_secs(60);

fn spec(root: &Path) -> ScanSpec {
    ScanSpec {
        root: root.as_os_str().as_bytes().to_vec(),
        source_id: Some(root.file_name().unwrap().to_str().unwrap().to_owned()),
        ..ScanSpec::default()
    }
}

/// Scans a directory whole; its name is the id of the source.
fn scan(index: &Arc<Index>, root: &Path) {
    let options = Options {
        slab_entries: 10,
        ..Options::default()
    };
    let summary = walker::walk(&Pool::new(2), Some(index), spec(root), options, None).unwrap();
    assert_eq!(summary.status, Status::Complete);
}

/// Makes empty files, and the directories that they are in.
fn make(root: &Path, files: &[&str]) {
    for file in files {
        let path = root.join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "").unwrap();
    }
}

fn receive<T>(receiver: &Receiver<T>) -> T {
    receiver.recv_timeout(PATIENCE).unwrap()
}

/// While this is there, nobody can write to the database: as another program would have it.
fn hold(database: &Path) -> Connection {
    let connection = Connection::open(database).unwrap();
    connection.busy_timeout(PATIENCE).unwrap();
    connection.execute_batch("BEGIN IMMEDIATE").unwrap();
    connection
}
