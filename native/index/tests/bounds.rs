//! What writing may cost: pages written by a rescan that finds nothing new, statements, memory, the length of the log.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod support;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use aether_core::Status;
use aether_index::{OpenOptions, Reason, ScanCounts, ScanSpec};
use rusqlite::trace::{TraceEvent, TraceEventCodes};
use support::*;

/// A tree like a real one: so many directories, three levels deep, ten entries in each.
fn tree(directories: u64) -> Vec<Listing> {
    let mut listings = Vec::new();
    let mut pending = vec![(0, String::new())];
    while let Some((number, path)) = pending.pop() {
        let children = (number * 8 + 1)..(number * 8 + 9).min(directories).max(number * 8 + 1);
        let mut entries: Vec<_> = (0..10)
            .map(|at| file(&format!("file {at} of {number}.txt"), at, number as i64))
            .collect();
        for child in children {
            let name = format!("directory {child}");
            entries.push(dir(&name));
            let path = match path.is_empty() {
                true => name,
                false => format!("{path}/{name}"),
            };
            pending.push((child, path));
        }
        listings.push(listing(&path, &entries, 1));
    }
    listings
}

/// As the walker sends them: a thousand entries and records in a slab.
fn scan_in_slabs(fixture: &Fixture, listings: &[Listing]) {
    scan_root(fixture, spec(), listings);
}

fn scan_root(fixture: &Fixture, spec: ScanSpec, listings: &[Listing]) {
    let scan = fixture.begin(spec);
    let mut pieces: Vec<(&Listing, usize, usize, bool)> = Vec::new();
    let mut entries = 0;
    for listing in listings {
        pieces.push((listing, 0, listing.entries.len(), true));
        entries += listing.entries.len() + 1;
        if entries >= 1000 {
            push(&scan, batch(&pieces));
            pieces.clear();
            entries = 0;
        }
    }
    if !pieces.is_empty() {
        push(&scan, batch(&pieces));
    }
    scan.end(Status::Complete, ScanCounts::default()).unwrap();
}

/// Numbers of the pages in the log's file from a frame on: a header of 32 bytes, and for each frame one of 24 before the page
/// (SQLite's file format, section 4.1).
fn pages_from(wal: &[u8], frame: usize) -> Vec<u32> {
    wal.get(32..)
        .unwrap_or_default()
        .chunks_exact(4096 + 24)
        .skip(frame)
        .map(|frame| u32::from_be_bytes(frame[..4].try_into().unwrap()))
        .collect()
}

/// A million entries with AETHER_FULL=1, else a tenth.
#[test]
fn an_unchanged_rescan_writes_ten_pages_at_most_and_none_of_dirs_or_files() {
    let mut fixture = Fixture::new();
    let listings = tree(if is_full() { 91_000 } else { 9_100 });
    scan_in_slabs(&fixture, &listings);
    scan_in_slabs(&fixture, &listings);
    fixture.reopen();
    // So that all of the log can be read.
    let _reader = fixture.reader_that_stays();
    let wal = fixture.directory.path().join("index.db-wal");
    let read = |wal| std::fs::read(wal).unwrap_or_default();
    let before = pages_from(&read(&wal), 0).len();
    scan_in_slabs(&fixture, &listings);
    let written = pages_from(&read(&wal), before);
    assert!(written.len() <= 10, "{} frames", written.len());
    assert!(!written.is_empty(), "nothing was measured");
    let list: Vec<_> = written.iter().map(u32::to_string).collect();
    let owners = fixture.shell(&format!(
        "SELECT DISTINCT name FROM dbstat WHERE pageno IN ({})",
        list.join(",")
    ));
    for owner in owners.lines() {
        assert!(
            matches!(
                owner,
                "scans"
                    | "sources"
                    | "scans_source"
                    | "scans_folder"
                    | "sqlite_sequence"
                    | "sqlite_schema"
                    | "state"
            ),
            "a page of {owner}"
        );
    }
    assert_eq!(fixture.shell("SELECT count(*) FROM changes"), "0\n");
}

static STATEMENTS: AtomicU64 = AtomicU64::new(0);

/// One statement for each segment of each path is what a plain writer does: a thousand files eight levels deep are eight thousand.
/// Neither a first scan nor a rescan may need more than an eightieth of that.
#[test]
fn statements_are_eighty_times_fewer_than_segments_of_paths() {
    let fixture = Fixture::new();
    let listings = tree(9_100);
    let segments: u64 = listings
        .iter()
        .map(|listing| {
            let depth = match listing.path.is_empty() {
                true => 1,
                false => 2 + listing.path.iter().filter(|byte| **byte == b'/').count() as u64,
            };
            depth * listing.entries.len() as u64
        })
        .sum();
    let count = |db: &mut rusqlite::Connection| {
        let count = |event: TraceEvent<'_>| {
            // For triggers SQLite would give comments; there are none.
            if matches!(event, TraceEvent::Stmt(..)) {
                STATEMENTS.fetch_add(1, Ordering::Relaxed);
            }
        };
        db.trace_v2(TraceEventCodes::SQLITE_TRACE_STMT, Some(count))
            .unwrap();
        Ok(())
    };
    fixture.index().with_connection(count).unwrap();
    let mut told = BTreeMap::new();
    for name in ["first", "rescan"] {
        STATEMENTS.store(0, Ordering::Relaxed);
        scan_in_slabs(&fixture, &listings);
        let statements = STATEMENTS.load(Ordering::Relaxed);
        assert!(statements > 0, "nothing was counted");
        told.insert(name, segments as f64 / statements as f64);
    }
    println!("segments for each statement: {told:?}");
    assert!(told.values().all(|ratio| *ratio >= 80.0), "{told:?}");
}

/// The predecessor's bar was 50 MB for 100,000 files. In a process of its own, where nothing else grows.
#[test]
fn memory_grows_by_less_than_32_mb() {
    if std::env::var_os("ALONE").is_some() {
        let fixture = Fixture::new();
        let flat: Vec<_> = (0..100_000)
            .map(|at| file(&format!("a file of some length {at}"), at, 1))
            .collect();
        let flat = listing("flat", &flat, 1);
        let listings = tree(9_100);
        let before = peak();
        for _ in 0..2 {
            scan_in_slabs(&fixture, &listings);
            let scan = fixture.begin(spec());
            let root = listing("", &[dir("flat")], status_of_part());
            push(&scan, batch(&[(&root, 0, 1, true)]));
            for from in (0..flat.entries.len()).step_by(1000) {
                let last = from + 1000 == flat.entries.len();
                push(&scan, batch(&[(&flat, from, from + 1000, last)]));
            }
            scan.end(Status::Complete, ScanCounts::default()).unwrap();
        }
        println!("grew by {} kB.", peak() - before);
        return;
    }
    let test = child(memory_grows_by_less_than_32_mb, &[("ALONE", "1".as_ref())]);
    let grown = grown(test);
    assert!(grown > 0 && grown < 32 << 10, "{grown} kB");
}

/// Directories are cached while a source is scanned, 16,384 at most; of finished sources, only the last one's stay.
#[test]
fn memory_does_not_grow_with_the_number_of_sources() {
    if std::env::var_os("ALONE").is_some() {
        let fixture = Fixture::new();
        let names: Vec<_> = (0..14_000)
            .map(|at| dir(&format!("a directory of some length {at:060}")))
            .collect();
        let mut listings = vec![listing("", &names, 1)];
        for (name, _) in &names {
            let name = std::str::from_utf8(name).unwrap();
            listings.push(listing(name, &[], 1));
        }
        let scan = |number| {
            let root = format!("/no/such/root/{number}").into_bytes();
            let spec = ScanSpec { root, ..spec() };
            scan_root(&fixture, spec, &listings);
        };
        scan(0);
        // As one that waits for the next scan.
        fixture.index().settle().unwrap();
        let before = peak();
        (1..12).for_each(scan);
        println!("grew by {} kB.", peak() - before);
        return;
    }
    let test = child(
        memory_does_not_grow_with_the_number_of_sources,
        &[("ALONE", "1".as_ref())],
    );
    let grown = grown(test);
    assert!(grown < 24 << 10, "{grown} kB");
}

/// What a test in a process of its own says that it grew by, in kB.
fn grown(mut test: std::process::Command) -> u64 {
    let output = test.output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    let grown = said.split("grew by ").nth(1).expect(&said);
    let grown = grown.split(' ').next().unwrap().parse().unwrap();
    println!("{grown} kB");
    grown
}

/// Adds and deletes nothing else.
fn status_of_part() -> u32 {
    aether_core::slab::status::CHANGING
}

/// One directory of 1,000,000 files (a tenth without AETHER_FULL) loses nearly all of them: pieces, and a log that stays short.
#[test]
fn a_directory_that_was_emptied_is_swept_in_pieces() {
    let longest = Arc::new(AtomicU64::new(0));
    let place = Arc::new(OnceLock::<std::path::PathBuf>::new());
    let (seen, log) = (longest.clone(), place.clone());
    let look = move |_: &[i64]| {
        let length = log.get().and_then(|log| std::fs::metadata(log).ok());
        seen.fetch_max(length.map_or(0, |log| log.len()), Ordering::SeqCst);
    };
    let fixture = Fixture::with(OpenOptions {
        wal_soft: 4 << 20,
        on_commit: Some(Arc::new(look)),
        ..OpenOptions::default()
    });
    place
        .set(fixture.directory.path().join("index.db-wal"))
        .unwrap();
    let count = if is_full() { 1_000_000 } else { 100_000 };
    let mut all: Vec<_> = (0..count)
        .map(|at| file(&format!("file {at}"), 1, 1))
        .collect();
    all.extend((0..6000).map(|at| dir(&format!("dir {at}"))));
    let scan_flat = |entries: &[(Vec<u8>, Entry)]| {
        let flat = listing("flat", entries, 1);
        let scan = fixture.begin(spec());
        let root = listing("", &[dir("flat")], 1);
        push(&scan, batch(&[(&root, 0, 1, true)]));
        let mut from = 0;
        loop {
            let to = (from + 1000).min(entries.len());
            let last = to == entries.len();
            push(&scan, batch(&[(&flat, from, to, last)]));
            from = to;
            if last {
                break;
            }
        }
        let before = fixture.index().commits();
        scan.end(Status::Complete, ScanCounts::default()).unwrap();
        recount(&fixture.path());
        let sql = "SELECT file_count, unknown_below FROM dirs WHERE name = 'flat'";
        (fixture.index().commits() - before, fixture.shell(sql))
    };
    let (_, told) = scan_flat(&all);
    assert_eq!(told, format!("{count}|6000\n"));
    longest.store(0, Ordering::SeqCst);
    // Short and long listings go different ways. Every third stays of the long one.
    let third: Vec<_> = all.iter().step_by(3).cloned().collect();
    let (_, told) = scan_flat(&third);
    assert_eq!(told, format!("{}|2000\n", (count as usize).div_ceil(3)));
    let few = [
        file("file 0", 1, 1),
        file("file 99", 1, 1),
        dir("dir 2"),
        file("new", 1, 1),
        // What was a file is a directory now.
        dir("file 3"),
    ];
    let (commits, told) = scan_flat(&few);
    assert_eq!(told, "3|2\n");
    assert!(
        commits as usize > count as usize / 3 / 5000,
        "{commits} commits"
    );
    let length = longest.load(Ordering::SeqCst);
    assert!(length < 8 << 20, "{length} bytes of log");
    fixture.index().settle().unwrap();
    check_clean(&fixture.path());
    assert_eq!(leftovers(&fixture.path()), NOTHING_LEFT);
}

/// A reader elsewhere that stays: scans wait when the log has reached its limit, and go on when the reader is gone.
#[test]
fn at_the_limit_of_the_log_scans_wait_for_a_reader_elsewhere() {
    const LIMIT: u64 = 1 << 20;
    let fixture = Fixture::with(OpenOptions {
        wal_soft: 200_000,
        wal_limit: LIMIT,
        queue: 4,
        stall_timeout: std::time::Duration::from_secs(600),
        ..OpenOptions::default()
    });
    scan_in_slabs(&fixture, &tree(3));
    let reader = fixture.reader_that_stays();
    let listings = tree(3000);
    let scan = fixture.begin(spec());
    std::thread::scope(|scope| {
        let pushing = scope.spawn(|| {
            for listing in &listings {
                push_whole(&scan, listing);
            }
        });
        while fixture
            .index()
            .stalled()
            .is_none_or(|error| error.reason != Reason::Busy)
        {
            assert!(!pushing.is_finished(), "nothing made it wait");
            std::thread::yield_now();
        }
        let log = fixture.index().log();
        assert!(log.wal_blocked_since().is_some());
        assert!(log.wal_bytes() >= LIMIT, "{}", log.wal_bytes());
        // Pushing comes to a stop too: the queue is full and stays so.
        assert!(!pushing.is_finished());
        let file = fixture.directory.path().join("index.db-wal");
        let length = std::fs::metadata(file).unwrap().len();
        assert!(length < LIMIT + (1 << 20), "{length} bytes of log");
        reader.execute_batch("COMMIT").unwrap();
        pushing.join().unwrap();
    });
    scan.end(Status::Complete, ScanCounts::default()).unwrap();
    assert_eq!(stored(&fixture.path()), expected(&listings));
    check_clean(&fixture.path());
}

/// Deleting what was removed has the same limit, and goes on without a call.
#[test]
fn at_the_limit_of_the_log_deleting_waits_for_a_reader_elsewhere() {
    const LIMIT: u64 = 1 << 20;
    let fixture = Fixture::with(OpenOptions {
        wal_soft: 200_000,
        wal_limit: LIMIT,
        ..OpenOptions::default()
    });
    let mut listings = vec![listing("", &[dir("large")], 1)];
    let names: Vec<_> = (0..60).map(|at| dir(&format!("d{at}"))).collect();
    listings.push(listing("large", &names, 1));
    for (name, _) in &names {
        let files: Vec<_> = (0..3000)
            .map(|at| file(&format!("a file with a name {at}"), at, 1))
            .collect();
        let name = std::str::from_utf8(name).unwrap();
        listings.push(listing(&format!("large/{name}"), &files, 1));
    }
    fixture.scan(&listings);
    let reader = fixture.reader_that_stays();
    fixture.scan(&[listing("", &[], 1)]);
    assert_eq!(
        fixture.shell("SELECT file_count FROM dirs JOIN sources ON root_dir = dirs.id"),
        "0\n"
    );
    let error = fixture.index().settle().unwrap_err();
    assert_eq!(error.reason, Reason::Busy);
    let file = fixture.directory.path().join("index.db-wal");
    let length = std::fs::metadata(file).unwrap().len();
    assert!(length < LIMIT + (1 << 20), "{length} bytes of log");
    assert_ne!(leftovers(&fixture.path()), NOTHING_LEFT);
    reader.execute_batch("COMMIT").unwrap();
    drop(reader);
    // Nobody asks for it.
    wait_until(|| leftovers(&fixture.path()) == NOTHING_LEFT);
    check_clean(&fixture.path());
}
