//! The file renamed, linked, mounted over, deleted, replaced, overwritten, cut off or restored
//! while scans write to it, from this process and from another: no scan is called complete that is
//! not there, no file is damaged, and the next writer gets a whole index or an error. Three times
//! each, fifty with AETHER_FULL=1. sqlite3 and the listings themselves are the oracle.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod cases;
mod noticed;
mod scanner;
#[path = "../support/mod.rs"]
mod support;
mod unclosed;

use std::io::Read;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use aether_index::reader::{Pool, PoolOptions};
use aether_index::{Index, Reason};

use cases::{Case, Place, Then, cases};
use scanner::{Asked, Scanner, listings, options, scan, scan_rounds};
use support::*;

fn integrity(path: &Path) -> String {
    shell(path, "PRAGMA integrity_check")
}

/// It has what the last scan found, and goes on.
fn is_whole(path: &Path, last: u64) {
    assert_eq!(integrity(path), "ok\n");
    let index = Index::open(path, options()).unwrap();
    assert_eq!(stored(path), expected(&listings(last)));
    scan(&index, 1000).unwrap();
    index.close().unwrap();
    assert_eq!(stored(path), expected(&listings(1000)));
    check_clean(path);
}

/// One case once.
fn play(case: &Case, round: u64, start: fn(&Path) -> Scanner) {
    let name = case.name;
    println!("{name}, {round}");
    let directory = tempfile::tempdir().unwrap();
    let at = Place {
        path: directory.path().join("index.db"),
        other: directory.path().join("other.db"),
        aside: directory.path().join("aside.db"),
    };
    let other = Index::open(&at.other, options()).unwrap();
    scan(&other, 777).unwrap();
    other.close().unwrap();
    let mut scanner = start(&at.path);
    scanner.go_on(1);
    let pool = Pool::open(&at.path, PoolOptions::default()).unwrap();
    // Another moment of a scan each time: no event tells of these.
    std::thread::sleep(Duration::from_micros(round * 3571 % 20_000));
    (case.act)(&at);
    scanner.go_on(30);
    let reason = scanner.failed.as_deref();
    match (case.then, reason) {
        (Then::GoesOn, reason) => {
            assert_eq!(reason, None, "{name}");
            pool.sources().unwrap();
        }
        (Then::IsRefusedOrWhole, None) => {
            drop(pool);
            scanner.close();
            assert_eq!(scanner.failed, None, "{name}");
            // What was written beside a checkpoint's own pages cannot be told from these.
            if name == "overwritten" && integrity(&at.path) != "ok\n" {
                assert!(!check(&at.path).is_clean());
                return;
            }
            return is_whole(&at.path, scanner.last);
        }
        // SQLite may come to what is missing before the writer looks at the file.
        (Then::IsRefusedOrWhole, Some("index_corrupt")) => {}
        (_, reason) => assert_eq!(
            reason,
            Some("index_moved"),
            "{name}, after {} rounds",
            scanner.last
        ),
    }
    if case.then == Then::IsNew || name == "mounted over" {
        assert_eq!(pool.sources().unwrap_err().reason, Reason::Moved, "{name}");
    }
    drop(pool);
    match case.then {
        Then::IsNew => {
            // The log is emptied soon after the old writer has noticed.
            let mut opened = None;
            wait_until(|| {
                opened = match Index::open(&at.path, options()) {
                    Ok(index) => Some(index),
                    Err(error) => {
                        assert_eq!(error.reason, Reason::Mixed, "{name}: {error}");
                        std::thread::sleep(Duration::from_millis(1));
                        None
                    }
                };
                opened.is_some()
            });
            let index = opened.unwrap();
            scan(&index, 1000).unwrap();
            assert_eq!(stored(&at.path), expected(&listings(1000)), "{name}");
            scanner.close();
            scan(&index, 1001).unwrap();
            index.close().unwrap();
            assert_eq!(stored(&at.path), expected(&listings(1001)), "{name}");
            check_clean(&at.path);
        }
        Then::IsRefused | Then::IsRefusedOrWhole | Then::GoesOn => {
            let refused = Index::open(&at.path, options()).err();
            assert!(refused.is_some(), "{name}: a second writer");
            scanner.close();
            if !case.is_back {
                match Index::open(&at.path, options()) {
                    // Its log was just empty.
                    Ok(index) if name == "overwritten" => {
                        index.close().unwrap();
                        assert_eq!(stored(&at.path), expected(&listings(777)));
                        check_clean(&at.path);
                    }
                    Ok(_) => panic!("{name}: opened"),
                    Err(error) => {
                        let fits = [Reason::Mixed, Reason::NotADatabase, Reason::Corrupt];
                        assert!(fits.contains(&error.reason), "{name}: {error}");
                    }
                }
            }
        }
    }
    (case.undo)(&at);
    if case.is_back {
        assert_eq!(integrity(&at.path), "ok\n", "{name}");
        let index = Index::open(&at.path, options()).unwrap();
        if case.then == Then::GoesOn {
            assert_eq!(
                stored(&at.path),
                expected(&listings(scanner.last)),
                "{name}"
            );
        }
        scan(&index, 1000).unwrap();
        index.close().unwrap();
        assert_eq!(stored(&at.path), expected(&listings(1000)), "{name}");
        check_clean(&at.path);
    }
    if at.aside.exists() {
        assert_eq!(integrity(&at.aside), "ok\n", "{name}");
    }
}

fn play_all(start: fn(&Path) -> Scanner) {
    let rounds = if is_full() { 50 } else { 3 };
    for case in cases() {
        if case.name == "mounted over" && !is_root() {
            continue;
        }
        for round in 0..rounds {
            play(&case, round, start);
        }
    }
}

#[test]
fn files_are_moved_under_scans_of_this_process() {
    play_all(Scanner::here);
}

#[test]
fn files_are_moved_under_scans_of_another_process() {
    if let Some(path) = std::env::var_os("INDEX_TO_WRITE") {
        let asked = Arc::new(Asked::default());
        let of_input = asked.clone();
        std::thread::spawn(move || {
            while std::io::stdin().read(&mut [0]).unwrap() > 0 {
                of_input.mark.store(true, Ordering::Release);
            }
            of_input.stop.store(true, Ordering::Release);
        });
        scan_rounds(Path::new(&path), &asked, |line| println!("{line}"));
        return;
    }
    play_all(Scanner::elsewhere);
}
