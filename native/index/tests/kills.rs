//! A writer killed with kill -9 at any moment: what is left is consistent, and the next scan
//! completes it. Thirty times, or 200 with AETHER_FULL=1.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod support;

use std::ffi::OsStr;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use aether_core::Status;
use aether_index::{Index, OpenOptions, ScanCounts};
use support::*;

/// The tree of one round, which differs from the one before in all ways.
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

fn scan(index: &Index, round: u64) {
    let scan = index.begin(spec(), Box::new(|_| {})).unwrap();
    println!("round {round}");
    for listing in listings(round) {
        push_whole(&scan, &listing);
    }
    scan.end(Status::Complete, ScanCounts::default()).unwrap();
}

/// The child: scans round after round and prints it, until it is killed.
fn scan_for_ever(path: &Path, first: u64) {
    let options = OpenOptions {
        batch_entries: 200,
        wal_soft: 300_000,
        ..OpenOptions::default()
    };
    let index = Index::open(path, options).unwrap();
    for round in first.. {
        scan(&index, round);
    }
}

#[test]
fn a_writer_killed_at_any_moment_leaves_whole_batches() {
    if let Some(path) = std::env::var_os("INDEX_TO_WRITE") {
        let first = std::env::var("FIRST_ROUND").unwrap().parse().unwrap();
        scan_for_ever(Path::new(&path), first);
        return;
    }
    let rounds = if is_full() { 200 } else { 30 };
    let mut directory = tempfile::tempdir().unwrap();
    let (mut crashed, mut during_first) = (0, 0);
    for round in 0..rounds {
        // Every other child is killed in or soon after its first scan, the others in rescans with
        // changes.
        if round % 2 == 0 {
            directory = tempfile::tempdir().unwrap();
        }
        let path = directory.path().join("index.db");
        let first = (round * 100).to_string();
        let mut command = child(
            a_writer_killed_at_any_moment_leaves_whole_batches,
            &[
                ("INDEX_TO_WRITE", path.as_os_str()),
                ("FIRST_ROUND", OsStr::new(&first)),
            ],
        );
        let mut writer = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(writer.stdout.take().unwrap()).lines();
        let begun = lines
            .by_ref()
            .map(Result::unwrap)
            .find(|line| line.contains("round"));
        assert!(begun.is_some(), "the child did not begin");
        // Another moment each time, from the first batch to the third scan: no event marks these.
        std::thread::sleep(Duration::from_micros(round * 7919 % 60_000));
        writer.kill().unwrap();
        writer.wait().unwrap();
        // Before a writer repairs anything.
        check_clean(&path);
        recount(&path);
        let ended = shell(&path, "SELECT max(last_complete_at IS NULL) FROM sources");
        during_first += usize::from(ended.trim() == "1");
        let index = Index::open(&path, OpenOptions::default()).unwrap();
        let status = shell(&path, "SELECT last_scan_status FROM sources");
        assert!(matches!(status.trim(), "1" | "5" | ""), "{status}");
        crashed += usize::from(status.trim() == "5");
        // The next scan completes it.
        scan(&index, round + 1);
        assert_eq!(stored(&path), expected(&listings(round + 1)));
        index.settle().unwrap();
        check_clean(&path);
        assert_eq!(leftovers(&path), NOTHING_LEFT);
        index.close().unwrap();
    }
    println!("{rounds} kills, {crashed} in a scan, {during_first} of them in a first one");
    assert!(crashed > 0 && during_first > 0, "nothing was interrupted");
}

/// The child of the next test: opens the index, so that purging continues.
fn delete_for_ever(path: &Path) {
    let index = Index::open(path, OpenOptions::default()).unwrap();
    println!("opened");
    index.settle().unwrap();
    println!("settled");
}

/// A subtree of 5,000,000 entries (a tenth without AETHER_FULL) is removed: hidden at once, its
/// rows deleted in pieces, even if the writer is killed while it does so.
#[test]
fn a_large_subtree_is_deleted_in_pieces_also_through_kills() {
    if let Some(path) = std::env::var_os("INDEX_TO_WRITE") {
        delete_for_ever(Path::new(&path));
        return;
    }
    const FILES: u64 = 1000;
    let directories = if is_full() { 5000 } else { 500 };
    let mut fixture = Fixture::new();
    let names: Vec<_> = (0..directories).map(|at| dir(&format!("d{at}"))).collect();
    let files: Vec<_> = (0..FILES).map(|at| file(&format!("f{at}"), 1, 1)).collect();
    let keep = listing("keep", &[file("k", 7, 1)], 1);
    let scan = fixture.begin(spec());
    let root = listing("", &[dir("large"), dir("keep")], 1);
    let large = listing("large", &names, 1);
    for listing in [&root, &keep, &large] {
        push_whole(&scan, listing);
    }
    for (name, _) in &names {
        let name = std::str::from_utf8(name).unwrap();
        let listing = listing(&format!("large/{name}"), &files, 1);
        push_whole(&scan, &listing);
    }
    scan.end(Status::Complete, ScanCounts::default()).unwrap();
    let totals = |fixture: &Fixture| {
        fixture.shell("SELECT file_count, bytes, unknown_below FROM dirs WHERE name = ''")
    };
    let all = directories * FILES;
    assert_eq!(totals(&fixture), format!("{}|{}|0\n", all + 1, all + 7));
    let rows = |fixture: &Fixture| -> u64 {
        fixture
            .shell("SELECT count(*) FROM files")
            .trim()
            .parse()
            .unwrap()
    };
    // One commit hides it and takes it out of all totals.
    let before = fixture.index().commits();
    let scan = fixture.begin(spec());
    push(
        &scan,
        batch(&[(&listing("", &[dir("keep")], 1), 0, 1, true)]),
    );
    scan.end(Status::Complete, ScanCounts::default()).unwrap();
    let commits = fixture.index().commits() - before;
    // At once: it is being deleted already.
    drop(fixture.index.take().unwrap().close());
    assert!(commits < 10);
    assert_eq!(totals(&fixture), "1|7|0\n");
    let seen = format!(
        "SELECT count(*) FROM scout_files WHERE source_id = '{}' AND prefix = 'large/d7/'",
        fixture.uuid()
    );
    assert_eq!(fixture.shell(&seen), "0\n");
    let path = fixture.path();
    let (mut left, mut killed) = (rows(&fixture), 0);
    assert!(left > FILES, "nothing is left to delete");
    for _ in 0..1000 {
        let mut command = child(
            a_large_subtree_is_deleted_in_pieces_also_through_kills,
            &[("INDEX_TO_WRITE", path.as_os_str())],
        );
        let mut writer = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(writer.stdout.take().unwrap())
            .lines()
            .map(Result::unwrap);
        assert!(lines.any(|line| line.contains("opened")));
        std::thread::sleep(Duration::from_millis(30));
        writer.kill().unwrap();
        writer.wait().unwrap();
        let now = rows(&fixture);
        assert!(now <= left);
        // In pieces: each is deleted or not.
        killed += usize::from(now < left && now > 1);
        let log = std::fs::metadata(path.with_extension("db-wal")).map_or(0, |log| log.len());
        assert!(log < 64 << 20, "{log} bytes of log");
        left = now;
        recount(&path);
        if left == 1 {
            break;
        }
    }
    assert!(killed > 0, "no kill came in between");
    fixture.reopen();
    fixture.index().settle().unwrap();
    assert_eq!(leftovers(&path), NOTHING_LEFT);
    check_clean(&path);
}
