//! The writer's lock, and the lock of the database where others hold it.

use std::fs;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use aether_index::{Location, OpenOptions, Reason, WriterLock};

use crate::refused;
use crate::support::*;

#[test]
fn there_is_one_writer() {
    let fixture = Fixture::new();
    assert_eq!(refused(&fixture.path()), Reason::Busy);
    let mut other = Command::new("flock");
    other
        .args(["--nonblock", "--exclusive"])
        .arg(fixture.directory.path().join("index.db-writer"))
        .arg("true");
    // flock(1) exits with 1 if the lock is held, and with another number on errors.
    let status = other.status().unwrap();
    assert_eq!(status.code(), Some(1), "another process may take the lock");
}

#[test]
fn a_write_lock_held_elsewhere_is_waited_for_and_then_reported() {
    let options = OpenOptions {
        busy_timeout: Duration::from_millis(20),
        stall_timeout: Duration::ZERO,
        ..OpenOptions::default()
    };
    let fixture = Fixture::with(options);
    let other = rusqlite::Connection::open(fixture.path()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let error = fixture
        .index()
        .begin(spec(), Box::new(|_| {}))
        .err()
        .unwrap();
    assert_eq!(error.reason, Reason::Busy);
    other.execute_batch("ROLLBACK").unwrap();
    fixture.scan(&[listing("", &[file("a", 1, 1)], 1)]);
    fixture.recount();
}

/// Readers share the lock for a moment, to see whether a writer holds it.
#[test]
fn a_writer_that_does_not_wait_is_not_refused_because_of_readers() {
    let directory = tempfile::tempdir().unwrap();
    let location = Location::resolve(&directory.path().join("index.db")).unwrap();
    let (looked, done) = (AtomicBool::new(false), AtomicBool::new(false));
    drop(WriterLock::take(&location.sidecar, Duration::ZERO).unwrap());
    let reader = fs::File::open(&location.sidecar).unwrap();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(Ordering::Acquire) {
                reader.lock_shared().unwrap();
                looked.store(true, Ordering::Release);
                std::thread::yield_now();
                reader.unlock().unwrap();
                std::thread::yield_now();
            }
        });
        wait_until(|| looked.load(Ordering::Acquire));
        let taken: Vec<_> = (0..20)
            .map(|_| WriterLock::take(&location.sidecar, Duration::ZERO).map(drop))
            .collect();
        done.store(true, Ordering::Release);
        assert!(taken.iter().all(Result::is_ok), "{taken:?}");
    });
}
