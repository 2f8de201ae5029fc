//! A file system that is read-only.

use std::fs;
use std::time::Duration;

use aether_core::Status;
use aether_index::reader::{Pool, PoolOptions};
use aether_index::{Index, OpenOptions, Reason, ScanCounts};

use crate::small::Small;
use crate::support::*;
use crate::{many, push_all};

#[test]
fn a_read_only_file_system_is_reported() {
    if !is_root() {
        return;
    }
    let small = Small::new("3m");
    let path = small.database();
    Index::open(&path, OpenOptions::default())
        .unwrap()
        .close()
        .unwrap();
    let before = fs::read(&path).unwrap();
    small.remount("ro");
    for name in ["index.db", "new.db"] {
        let error = Index::open(&small.0.join(name), OpenOptions::default())
            .err()
            .unwrap();
        assert_eq!(error.reason, Reason::ReadOnly, "{name}: {error}");
    }
    assert_eq!(fs::read(&path).unwrap(), before);
}

/// As on a DVD: without its log and its shared memory, which cannot be created.
#[test]
fn a_file_alone_on_a_read_only_file_system_is_read() {
    if !is_root() {
        return;
    }
    let small = Small::new("3m");
    let (path, index) = (small.database(), small.index(Duration::ZERO));
    let scan = index.begin(spec(), Box::new(|_| {})).unwrap();
    push_all(&scan, &many(2));
    scan.end(Status::Complete, ScanCounts::default()).unwrap();
    index.close().unwrap();
    for suffix in ["-wal", "-shm", "-writer"] {
        let _ = fs::remove_file(format!("{}{suffix}", path.display()));
    }
    small.remount("ro");
    let pool = Pool::open(&path, PoolOptions::default()).unwrap();
    let sources = pool.sources().unwrap();
    assert_eq!(sources.len(), 1);
    let totals = pool.totals(&sources[0].value.uuid, b"").unwrap();
    assert_eq!(totals.value.file_count, 1000);
    drop(pool);
    // A log that cannot be read is reported: its contents are not silently left out.
    small.remount("rw");
    fs::write(format!("{}-wal", path.display()), "something").unwrap();
    small.remount("ro");
    let error = Pool::open(&path, PoolOptions::default()).err().unwrap();
    assert_eq!(error.reason, Reason::ReadOnly, "{error}");
    assert!(error.to_string().contains("its log"), "{error}");
}
