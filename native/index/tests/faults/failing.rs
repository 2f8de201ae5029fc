//! Writes that fail.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use aether_core::Status;
use aether_index::cache::{self, ImportRefused};
use aether_index::reader::{Pool, PoolOptions};
use aether_index::{Index, OpenOptions, Reason, ScanCounts};

use crate::support::*;
use crate::{many, push_all, support};

/// Under strace, which makes writes fail with EIO: one in the middle, or all from some point on.
#[test]
fn a_disk_that_cannot_be_written_is_reported_and_writing_resumes() {
    if let Some(path) = std::env::var_os("INDEX_TO_WRITE") {
        let patient = std::env::var_os("PATIENT").is_some();
        let options = OpenOptions {
            stall_timeout: Duration::from_secs(if patient { 600 } else { 0 }),
            ..OpenOptions::default()
        };
        let index = Index::open(Path::new(&path), options).unwrap();
        let scan = index.begin(spec(), Box::new(|_| {})).unwrap();
        push_all(&scan, &many(40));
        let ended = scan.end(Status::Complete, ScanCounts::default());
        let told = ended.map_or_else(|error| error.reason.name(), |()| "done");
        println!("told: {told}.");
        return;
    }
    for (when, patient, expected) in [
        ("60", true, "told: done."),
        ("60+", false, "told: index_io."),
        ("90..120", true, "told: done."),
    ] {
        let directory = tempfile::tempdir().unwrap();
        // Created before, so that a batch is what fails.
        let path = created(directory.path());
        let inject = format!("inject=pwrite64:error=EIO:when={when}");
        let mut command = strace::under_strace(
            a_disk_that_cannot_be_written_is_reported_and_writing_resumes,
            "/dev/null",
            &["-e", "trace=pwrite64", "-e", &inject],
            &[("INDEX_TO_WRITE", path.as_os_str())],
        );
        if patient {
            command.env("PATIENT", "1");
        }
        let output = command.output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(said.contains(expected), "{when}: {said}");
        check_clean(&path);
        if patient {
            // Each folder's files are of another user, also of those that were written twice.
            let owners = "SELECT count(*), count(DISTINCT owner) FROM (SELECT DISTINCT dir_id, owner FROM files)";
            assert_eq!(shell(&path, owners), "40|40\n", "{when}");
        }
        let index = Index::open(&path, OpenOptions::default()).unwrap();
        let scan = index.begin(spec(), Box::new(|_| {})).unwrap();
        assert_eq!(push_all(&scan, &many(40)), None);
        scan.end(Status::Complete, ScanCounts::default()).unwrap();
        assert_eq!(stored(&path), support::expected(&many(40)), "{when}");
        index.close().unwrap();
    }
}

/// Only writes to the database itself fail, not those to its log.
#[test]
fn a_failed_checkpoint_is_reported_without_blaming_readers() {
    if let Some(path) = std::env::var_os("INDEX_TO_WRITE") {
        let options = OpenOptions {
            stall_timeout: Duration::from_millis(100),
            wal_soft: 200_000,
            wal_limit: 1 << 20,
            ..OpenOptions::default()
        };
        let index = Index::open(Path::new(&path), options).unwrap();
        let scan = index.begin(spec(), Box::new(|_| {})).unwrap();
        push_all(&scan, &many(200));
        let ended = scan.end(Status::Complete, ScanCounts::default());
        let error = ended.unwrap_err();
        let (reason, operation) = (error.reason.name(), error.operation.name());
        let blocked = index.log().wal_blocked_since();
        println!("told: {operation} {reason}, blocked: {blocked:?}.");
        return;
    }
    let directory = tempfile::tempdir().unwrap();
    let path = created(directory.path());
    let said = without_checkpoints(
        a_failed_checkpoint_is_reported_without_blaming_readers,
        &path,
    );
    let expected = "told: checkpoint index_io, blocked: None.";
    assert!(said.contains(expected), "{said}");
    check_clean(&path);
}

/// A scan whose end could not be written does not stay "running": it is marked as failed as soon as
/// that can be written.
#[test]
fn an_end_that_cannot_be_written_is_written_later() {
    let fixture = Fixture::with(OpenOptions {
        busy_timeout: Duration::from_millis(20),
        stall_timeout: Duration::ZERO,
        ..OpenOptions::default()
    });
    let scan = fixture.begin(spec());
    let other = rusqlite::Connection::open(fixture.path()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let error = scan
        .end(Status::Complete, ScanCounts::default())
        .unwrap_err();
    assert_eq!(error.reason, Reason::Busy);
    other.execute_batch("ROLLBACK").unwrap();
    drop(other);
    wait_until(|| fixture.shell("SELECT last_scan_status FROM sources") == "4\n");
    assert_eq!(fixture.shell("SELECT DISTINCT status FROM scans"), "4\n");
}

/// Nor do imports, which wait for the log as scans do, wait for a reader that is not there.
#[test]
fn an_import_ends_where_no_checkpoint_can_be_written() {
    if let Some(path) = std::env::var_os("INDEX_TO_WRITE") {
        let path = Path::new(&path);
        let options = OpenOptions {
            stall_timeout: Duration::from_secs(3),
            wal_soft: 4096,
            wal_limit: 8192,
            ..OpenOptions::default()
        };
        let index = Arc::new(Index::open(path, options).unwrap());
        index.add_source(b"/no/such/root", "demo-source").unwrap();
        let pool = Pool::open(path, PoolOptions::default()).unwrap();
        let writer = || Ok(index.clone());
        let directory = path.parent().unwrap();
        let (imported, stalled) = std::thread::scope(|scope| {
            let import =
                || cache::import_source(&writer, &pool, directory, "demo-source", &Arc::default());
            let import = scope.spawn(import);
            let mut stalled = None;
            wait_until(|| {
                stalled = stalled.take().or_else(|| index.stalled());
                import.is_finished()
            });
            (import.join().unwrap(), stalled)
        });
        let Err(ImportRefused::Index(error)) = imported else {
            panic!("{imported:?}");
        };
        let (reason, operation) = (error.reason.name(), error.operation.name());
        let blocked = index.log().wal_blocked_since();
        let stalled = stalled == Some(error.clone()) && index.stalled().is_none();
        println!("told: {operation} {reason}, blocked: {blocked:?}, stalled: {stalled}.");
        return;
    }
    let directory = tempfile::tempdir().unwrap();
    let path = created(directory.path());
    let cache = cache::file(directory.path(), "demo-source").unwrap();
    fs::write(
        cache,
        include_bytes!("../fixtures/folders_demo-source.bin.zst"),
    )
    .unwrap();
    let said = without_checkpoints(an_import_ends_where_no_checkpoint_can_be_written, &path);
    let expected = "told: checkpoint index_io, blocked: None, stalled: true.";
    assert!(said.contains(expected), "{said}");
}

/// The path of a new, closed index.
fn created(directory: &Path) -> PathBuf {
    let path = directory.join("index.db");
    let index = Index::open(&path, OpenOptions::default()).unwrap();
    index.close().unwrap();
    path
}

/// Runs a test again while each write to the database itself fails, but none to its log. Returns what it printed.
fn without_checkpoints(test: impl Fn(), path: &Path) -> String {
    let only = path.to_str().unwrap();
    let inject = "inject=pwrite64:error=EIO:when=1+";
    let mut command = strace::under_strace(
        test,
        "/dev/null",
        &["-e", "trace=pwrite64", "-e", inject, "-P", only],
        &[("INDEX_TO_WRITE", path.as_os_str())],
    );
    let output = command.output().unwrap();
    String::from_utf8_lossy(&output.stdout).into_owned()
}
