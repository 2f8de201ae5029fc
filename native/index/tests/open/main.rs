//! What is opened and what is refused, and that a refused file stays as it was.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod locks;
mod permissions;
mod refusals;
mod sources;
#[path = "../support/mod.rs"]
mod support;

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use aether_core::Status;
use aether_index::{Index, OpenOptions, Reason, ScanCounts};

use support::*;

fn open(path: &Path) -> Result<Index, aether_index::Error> {
    let options = OpenOptions {
        busy_timeout: Duration::from_millis(50),
        ..OpenOptions::default()
    };
    Index::open(path, options)
}

fn refused(path: &Path) -> Reason {
    match open(path) {
        Ok(_) => panic!("{} was opened", path.display()),
        Err(error) => error.reason,
    }
}

fn sqlite(path: &Path, sql: &str) {
    assert!(
        Command::new("sqlite3")
            .arg(path)
            .arg(sql)
            .status()
            .unwrap()
            .success()
    );
}

/// A database of some size, checkpointed and closed.
fn index(path: &Path) {
    let index = open(path).unwrap();
    let scan = index.begin(spec(), Box::new(|_| {})).unwrap();
    let files: Vec<_> = (0..2000)
        .map(|at| file(&format!("file {at}"), at, 1))
        .collect();
    let listing = listing("", &files, 1);
    push(&scan, batch(&[(&listing, 0, files.len(), true)]));
    scan.end(Status::Complete, ScanCounts::default()).unwrap();
    index.close().unwrap();
}
