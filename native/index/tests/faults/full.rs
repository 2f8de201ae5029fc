//! A full disk, for good or for a while.

use std::path::Path;
use std::time::Duration;

use aether_core::Status;
use aether_index::{Reason, ScanCounts};

use crate::small::Small;
use crate::support::*;
use crate::{many, push_all};

/// Checks that all of 200 directories are stored and every total is right.
fn assert_is_whole(path: &Path) {
    recount(path);
    let sql = "SELECT file_count, unknown_below FROM dirs WHERE name = ''";
    assert_eq!(shell(path, sql), "100000|0\n");
}

#[test]
fn a_full_disk_fails_the_scan_and_the_next_one_goes_on() {
    if !is_root() {
        return;
    }
    let small = Small::new("3m");
    let (path, index) = (small.database(), small.index(Duration::from_millis(100)));
    let listings = many(200);
    let scan = index.begin(spec(), Box::new(|_| {})).unwrap();
    push_all(&scan, &listings);
    let error = scan
        .end(Status::Complete, ScanCounts::default())
        .unwrap_err();
    assert_eq!(error.reason, Reason::Full, "{error}");
    recount(&path);
    assert_eq!(shell(&path, "PRAGMA quick_check"), "ok\n");
    assert!(rows(&path).len() > 500, "what fitted is there");
    // Once there is space, nothing has to be opened again.
    small.remount("size=64m");
    let scan = index.begin(spec(), Box::new(|_| {})).unwrap();
    assert_eq!(push_all(&scan, &listings), None);
    scan.end(Status::Complete, ScanCounts::default()).unwrap();
    assert_is_whole(&path);
    index.close().unwrap();
}

#[test]
fn a_disk_that_was_full_for_a_while_costs_nothing() {
    if !is_root() {
        return;
    }
    let small = Small::new("3m");
    let (path, index) = (small.database(), small.index(Duration::from_secs(600)));
    let scan = index.begin(spec(), Box::new(|_| {})).unwrap();
    std::thread::scope(|scope| {
        let pushing = scope.spawn(|| push_all(&scan, &many(200)));
        wait_until(|| {
            index
                .stalled()
                .is_some_and(|error| error.reason == Reason::Full)
        });
        recount(&path);
        small.remount("size=64m");
        assert_eq!(pushing.join().unwrap(), None);
    });
    scan.end(Status::Complete, ScanCounts::default()).unwrap();
    assert_is_whole(&path);
    index.close().unwrap();
}
