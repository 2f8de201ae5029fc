//! Faults that are real: a writer killed in the middle, a disk that is full, a database made read-only while it is open.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod support;

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use aether_core::Status;
use aether_index::{Batch, Index, OpenOptions, PushError, Reason, ScanCounts};
use support::*;

/// Rounds of the tests that kill; `KILLS=200` for all of them.
fn rounds() -> u64 {
    std::env::var("KILLS")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(25)
}

/// The tree of one round: each differs from the one before in all ways. Every directory's files are of one round's size, so that
/// a batch that is half there shows.
fn listings(round: u64) -> Vec<Listing> {
    let count = 60 + round % 7 * 10;
    let names: Vec<_> = (0..count)
        .map(|at| dir(&format!("d{}", at + round % 3)))
        .collect();
    let mut listings = vec![listing("", &names, 1)];
    for (name, _) in &names {
        let files: Vec<_> = (0..40 + round % 5)
            .map(|at| file(&format!("f{}", at + round % 4), round, round as i64))
            .collect();
        let mut entries = files;
        entries.push(dir("sub"));
        let name = std::str::from_utf8(name).unwrap();
        listings.push(listing(name, &entries, 1));
        listings.push(listing(
            &format!("{name}/sub"),
            &[file("deep", round, 1)],
            1,
        ));
    }
    listings
}

/// The child: scans round after round and says so, until it is killed.
fn scan_for_ever(path: &Path, first: u64) {
    let options = OpenOptions {
        batch_entries: 200,
        wal_soft: 300_000,
        ..OpenOptions::default()
    };
    let index = Index::open(path, options).unwrap();
    for round in first.. {
        let scan = index.begin(spec(), Box::new(|_| {})).unwrap();
        println!("round {round}");
        for listing in listings(round) {
            push(&scan, batch(&[(&listing, 0, listing.entries.len(), true)]));
        }
        scan.end(Status::Complete, ScanCounts::default()).unwrap();
    }
}

#[test]
fn a_writer_killed_at_any_moment_leaves_whole_batches() {
    if let Some(path) = std::env::var_os("INDEX_TO_WRITE") {
        let first = std::env::var("FIRST_ROUND").unwrap().parse().unwrap();
        scan_for_ever(Path::new(&path), first);
        return;
    }
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("index.db");
    for round in 0..rounds() {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args([
                "--exact",
                "a_writer_killed_at_any_moment_leaves_whole_batches",
                "--nocapture",
            ])
            .env("INDEX_TO_WRITE", &path)
            .env("FIRST_ROUND", (round * 100).to_string())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        // Killed some time after it began to write: another one each round, from in the first batch to in the third scan.
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let begun = lines
            .by_ref()
            .map(Result::unwrap)
            .find(|line| line.contains("round"));
        assert!(begun.is_some(), "the child did not begin");
        std::thread::sleep(Duration::from_micros(round * 7919 % 60_000));
        child.kill().unwrap();
        child.wait().unwrap();
        // Before anybody repairs anything.
        assert_eq!(shell(&path, "PRAGMA quick_check"), "ok\n");
        recount(&path);
        let index = Index::open(&path, OpenOptions::default()).unwrap();
        let status = shell(&path, "SELECT last_scan_status FROM sources");
        assert!(matches!(status.trim(), "1" | "5" | ""), "{status}");
        index.settle().unwrap();
        recount(&path);
        assert_eq!(leftovers(&path), NOTHING_LEFT);
        index.close().unwrap();
    }
    // A last scan makes it exact.
    let index = Index::open(&path, OpenOptions::default()).unwrap();
    let scan = index.begin(spec(), Box::new(|_| {})).unwrap();
    let last = listings(3);
    for listing in &last {
        push(&scan, batch(&[(listing, 0, listing.entries.len(), true)]));
    }
    scan.end(Status::Complete, ScanCounts::default()).unwrap();
    recount(&path);
    let entries: usize = last.iter().map(|listing| listing.entries.len()).sum();
    assert_eq!(rows(&path).len(), entries);
}

/// A small file system that goes when it is dropped.
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
        assert!(mounted.success(), "this test has to be root");
        Small(path, directory)
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

/// Pushes a tree until it is in or the scan has failed.
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

#[test]
fn a_full_disk_fails_the_scan_and_the_next_one_goes_on() {
    let small = Small::new("3m");
    let path = small.0.join("index.db");
    let options = OpenOptions {
        stall_timeout: Duration::from_millis(100),
        ..OpenOptions::default()
    };
    let index = Index::open(&path, options).unwrap();
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
    // The cause goes, and nothing has to be opened anew.
    small.remount("size=64m");
    let scan = index.begin(spec(), Box::new(|_| {})).unwrap();
    assert_eq!(push_all(&scan, &listings), None);
    scan.end(Status::Complete, ScanCounts::default()).unwrap();
    recount(&path);
    assert_eq!(
        shell(
            &path,
            "SELECT file_count, unknown_below FROM dirs WHERE name = ''"
        ),
        "100000|0\n"
    );
    index.close().unwrap();
}

#[test]
fn a_disk_that_was_full_for_a_while_costs_nothing() {
    let small = Small::new("3m");
    let path = small.0.join("index.db");
    let options = OpenOptions {
        stall_timeout: Duration::from_secs(600),
        ..OpenOptions::default()
    };
    let index = Index::open(&path, options).unwrap();
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
    recount(&path);
    assert_eq!(
        shell(
            &path,
            "SELECT file_count, unknown_below FROM dirs WHERE name = ''"
        ),
        "100000|0\n"
    );
    index.close().unwrap();
}

fn wait_until(mut done: impl FnMut() -> bool) {
    let begun = std::time::Instant::now();
    while !done() {
        assert!(
            begun.elapsed() < Duration::from_secs(60),
            "did not come within a minute"
        );
        std::thread::yield_now();
    }
}

#[test]
fn a_read_only_file_system_is_named() {
    let small = Small::new("3m");
    let path = small.0.join("index.db");
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
