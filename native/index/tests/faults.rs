//! Real faults: a full disk, one that cannot be written, a read-only one.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use aether_core::Status;
use aether_index::reader::{Pool, PoolOptions};
use aether_index::{Batch, Index, OpenOptions, PushError, Reason, ScanCounts};
use support::*;

/// A small file system that is unmounted when dropped.
struct Small(PathBuf, #[allow(dead_code)] tempfile::TempDir);

impl Small {
    fn new(size: &str) -> Small {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("small");
        fs::create_dir(&path).unwrap();
        let options = format!("size={size}");
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &options, "none"])
            .arg(&path)
            .status()
            .unwrap();
        assert!(mounted.success());
        Small(path, directory)
    }

    /// An index that retries for this long before it gives up.
    fn index(&self, stall_timeout: Duration) -> Index {
        let options = OpenOptions {
            stall_timeout,
            ..OpenOptions::default()
        };
        Index::open(&self.database(), options).unwrap()
    }

    fn database(&self) -> PathBuf {
        self.0.join("index.db")
    }

    fn remount(&self, options: &str) {
        let options = format!("remount,{options}");
        let mounted = Command::new("mount")
            .args(["-o", &options])
            .arg(&self.0)
            .status()
            .unwrap();
        assert!(mounted.success());
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

/// Pushes a tree until it is written or the scan has failed.
fn push_all(scan: &aether_index::ScanWriter, listings: &[Listing]) -> Option<aether_index::Error> {
    for listing in listings {
        let mut batch: Batch = batch(&[(listing, 0, listing.entries.len(), true)]);
        loop {
            match scan.push(batch) {
                Ok(()) => break,
                Err(PushError::Full(back)) => batch = back,
                Err(PushError::Ended(error)) => return Some(error),
            }
            std::thread::yield_now();
        }
    }
    None
}

fn many(directories: u64) -> Vec<Listing> {
    let names: Vec<_> = (0..directories)
        .map(|at| dir(&format!("directory {at}")))
        .collect();
    let mut listings = vec![listing("", &names, 1)];
    for (name, _) in &names {
        let files: Vec<_> = (0..500)
            .map(|at| file(&format!("a file with a long name {at}"), at, 1))
            .collect();
        listings.push(listing(std::str::from_utf8(name).unwrap(), &files, 1));
    }
    listings
}

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
        let path = directory.path().join("index.db");
        // Created before, so that a batch is what fails.
        let index = Index::open(&path, OpenOptions::default()).unwrap();
        index.close().unwrap();
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
    let path = directory.path().join("index.db");
    Index::open(&path, OpenOptions::default())
        .unwrap()
        .close()
        .unwrap();
    let inject = "inject=pwrite64:error=EIO:when=1+";
    let only = path.to_str().unwrap();
    let mut command = strace::under_strace(
        a_failed_checkpoint_is_reported_without_blaming_readers,
        "/dev/null",
        &["-e", "trace=pwrite64", "-e", inject, "-P", only],
        &[("INDEX_TO_WRITE", path.as_os_str())],
    );
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
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

/// One directory with this many files.
fn long(files: u64) -> Vec<Listing> {
    let names: Vec<_> = (0..files)
        .map(|at| file(&format!("a file with a long name {at}"), at, 1))
        .collect();
    vec![listing("", &[dir("d")], 1), listing("d", &names, 1)]
}

fn scan_long(index: &Index) -> Result<(), aether_index::Error> {
    let scan = index.begin(spec(), Box::new(|_| {})).unwrap();
    let [root, long] = &long(200_000)[..] else {
        unreachable!()
    };
    push_whole(&scan, root);
    let pieces = long.entries.len() / 1000;
    for piece in 0..pieces {
        let (from, to) = (piece * 1000, (piece + 1) * 1000);
        let batch = batch(&[(long, from, to, piece + 1 == pieces)]);
        if scan.push(batch).is_err() {
            break;
        }
    }
    scan.end(Status::Complete, ScanCounts::default())
}

/// In a mount namespace of its own, where `/var/tmp` has hardly any room.
#[test]
fn temporary_files_lie_beside_the_index_or_the_error_names_their_place() {
    let options = || OpenOptions {
        queue: u32::MAX,
        stall_timeout: Duration::ZERO,
        ..OpenOptions::default()
    };
    if let Some(place) = std::env::var_os("ROOM") {
        let place = Path::new(&place);
        let open = |path: &Path| Index::open(path, options()).unwrap();
        let index = open(&place.join("index.db"));
        scan_long(&index).unwrap();
        // Now the listing is compared with what is stored.
        scan_long(&index).unwrap();
        let cancel = std::sync::Arc::default();
        let vacuum = move |db: &mut _| aether_index::maintenance::vacuum(db, &cancel);
        index.with_connection(vacuum).unwrap();
        index.close().unwrap();
        drop(index);
        // The place of the index that was opened first is used by both.
        let other = open(&place.join("small/other.db"));
        let index = open(&place.join("index.db"));
        let error = scan_long(&index).unwrap_err();
        println!("told: {error}");
        other.close().unwrap();
        index.close().unwrap();
        drop((other, index));
        let index = open(&place.join("index.db"));
        scan_long(&index).unwrap();
        index.close().unwrap();
        println!("done.");
        return;
    }
    let unshare = |arguments: &[&str]| {
        let mut command = Command::new("unshare");
        command.args(["--mount", "--"]).args(arguments);
        command
    };
    let possible = unshare(&["true"]).status();
    if !possible.is_ok_and(|status| status.success()) {
        eprintln!("skipped: no mount namespaces here");
        return;
    }
    let room = tempfile::tempdir().unwrap();
    let small = room.path().join("small");
    fs::create_dir(&small).unwrap();
    let mounts = format!(
        "mount -t tmpfs -o size=64k none /var/tmp && mount -t tmpfs -o size=1m none '{}' && exec \"$0\" \"$@\"",
        small.display()
    );
    let binary = std::env::current_exe().unwrap();
    let test = test_name(&temporary_files_lie_beside_the_index_or_the_error_names_their_place);
    let mut command = unshare(&["sh", "-c", &mounts]);
    command.arg(binary).args(["--exact", test, "--nocapture"]);
    command.env("ROOM", room.path());
    command.env_remove("TMPDIR").env_remove("SQLITE_TMPDIR");
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && said.contains("done."),
        "{output:?}"
    );
    let told = said.lines().find(|line| line.contains("told: ")).unwrap();
    assert!(told.contains("index_full"), "{told}");
    assert!(told.contains(small.to_str().unwrap()), "{told}");
    check_clean(&room.path().join("index.db"));
}
