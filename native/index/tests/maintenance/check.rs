//! Checking finds what is wrong and nothing else.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use aether_core::Status;
use aether_index::maintenance::{CheckOptions, Problem, Task, check};
use aether_index::{Location, LogState, OpenOptions, Reason};
use proptest::prelude::*;
use rusqlite::Connection;

use crate::support::*;
use crate::{checked, many, tree, watched};

#[test]
fn a_whole_index_is_clean() {
    let fixture = Fixture::new();
    assert!(checked(&fixture.path(), true).is_clean());
    fixture.scan_as(spec(), &tree(), Status::Partial);
    for thorough in [false, true] {
        let report = checked(&fixture.path(), thorough);
        assert!(report.is_clean(), "{report:?}");
        assert_eq!((report.directories, report.files), (4, 3));
    }
}

#[test]
fn what_is_wrong_is_found() {
    use Problem::*;
    let cases: &[(&str, &[Problem])] = &[
        (
            "UPDATE dirs SET own_files = 5 WHERE name = 'a'",
            &[OwnFiles],
        ),
        (
            "UPDATE dirs SET own_bytes = 5 WHERE name = 'a'",
            &[OwnBytes],
        ),
        // What is counted wrongly in one shows in its parent too.
        (
            "UPDATE dirs SET file_count = 0 WHERE name = 'b'",
            &[FileCount, FileCount],
        ),
        (
            "UPDATE dirs SET bytes = 0 WHERE name = 'b'",
            &[Bytes, Bytes],
        ),
        ("UPDATE dirs SET own_disk = 5 WHERE name = 'a'", &[OwnDisk]),
        ("UPDATE dirs SET disk = 0 WHERE name = 'b'", &[Disk, Disk]),
        ("UPDATE dirs SET self_disk = NULL WHERE name = 'b'", &[Disk]),
        (
            "UPDATE dirs SET unknown_below = 0 WHERE name = ''",
            &[UnknownBelow],
        ),
        (
            "UPDATE dirs SET status = 1 WHERE name = 'c'",
            &[UnknownBelow],
        ),
        (
            "DELETE FROM files WHERE name = 'x'",
            &[OwnFiles, OwnBytes, FileCount, Bytes, OwnDisk, Disk],
        ),
        (
            "UPDATE dirs SET parent_id = 999 WHERE name = 'b'",
            &[Orphan, FileCount, Bytes, Disk],
        ),
        (
            "UPDATE dirs SET parent_id = NULL WHERE name = 'b'",
            &[Orphan, FileCount, Bytes, Disk],
        ),
        (
            "UPDATE dirs SET parent_id = id WHERE name = 'b'",
            &[Circle, FileCount, Bytes, Disk],
        ),
        (
            "UPDATE dirs SET source_id = 9 WHERE name = 'b'",
            &[OtherSource, Path],
        ),
        (
            "UPDATE dirs SET name = CAST('b' AS BLOB) WHERE name = 'b'",
            &[NotText, Path],
        ),
        (
            "UPDATE files SET name = CAST('x' AS BLOB) WHERE name = 'x'",
            &[NotText],
        ),
        ("DELETE FROM paths WHERE path = 'a/b/'", &[Path]),
        (
            "UPDATE paths SET path = 'a/z/' WHERE path = 'a/b/'",
            &[Path, Path],
        ),
        (
            "INSERT INTO files (dir_id, name, kind, size, mtime) VALUES (999, 'x', 1, 1, 1)",
            &[LostFiles],
        ),
        ("INSERT INTO paths VALUES (1, 'no/', 999)", &[LostPath]),
        (
            "INSERT INTO notes VALUES (999, 'x', 'k', x'00')",
            &[LostNotes],
        ),
        (
            "INSERT INTO graveyard (dir_id, source_id, path) VALUES (999, 1, 'no')",
            &[LostGrave],
        ),
        ("UPDATE sources SET root_dir = 999", &[Orphan, LostRoot]),
        ("INSERT INTO inexact VALUES (999, 1, x'02')", &[LostInexact]),
        // As an older version's file has for each of its sources, and as none may have.
        ("INSERT INTO inexact VALUES (-1, 1, x'')", &[]),
        (
            "INSERT INTO inexact VALUES (-999, 999, x''), (0, 0, x'')",
            &[LostInexact, LostInexact],
        ),
        ("INSERT INTO inexact VALUES (-1, 2, x'')", &[LostInexact]),
        (
            "UPDATE files SET owner = 999 WHERE name = 'x'",
            &[LostOwner],
        ),
        ("UPDATE dirs SET owner = 999 WHERE name = 'b'", &[LostOwner]),
    ];
    for (change, expected) in cases {
        let mut fixture = Fixture::new();
        fixture.scan_as(spec(), &tree(), Status::Partial);
        // The writer would at once delete what seems to be removed.
        fixture.index.take().unwrap().close().unwrap();
        let connection = Connection::open(fixture.path()).unwrap();
        connection.execute_batch(change).unwrap();
        drop(connection);
        let report = checked(&fixture.path(), false);
        let mut found: Vec<Problem> = report.findings.iter().map(|one| one.problem).collect();
        let mut expected = expected.to_vec();
        found.sort();
        expected.sort();
        assert_eq!(found, expected, "{change}: {report:?}");
        assert_eq!(report.count, expected.len() as u64);
    }
}

#[test]
fn a_finding_says_where_and_what() {
    let fixture = Fixture::new();
    fixture.scan_as(spec(), &tree(), Status::Partial);
    fixture.sql("UPDATE dirs SET own_files = 5 WHERE name = 'b'");
    let report = checked(&fixture.path(), false);
    let finding = &report.findings[0];
    assert_eq!(finding.path.as_deref(), Some(&b"a/b"[..]));
    assert_eq!((finding.stored, finding.counted), (5, 1));
}

#[test]
fn what_waits_to_be_deleted_need_not_add_up() {
    let fixture = Fixture::new();
    fixture.scan_as(spec(), &tree(), Status::Partial);
    // Buried, and half of it deleted: as between two pieces of the purge.
    fixture.sql(
        "BEGIN;
         INSERT INTO graveyard (dir_id, source_id, path) SELECT id, source_id, 'a' FROM dirs WHERE name = 'a';
         UPDATE dirs SET file_count = file_count - 2, bytes = bytes - 5,
                disk = disk - (SELECT a.disk FROM dirs a WHERE a.name = 'a') WHERE name = '';
         UPDATE dirs SET parent_id = NULL WHERE name = 'a';
         DELETE FROM files WHERE name IN ('x', 'g');
         DELETE FROM paths WHERE path LIKE 'a/%';
         COMMIT",
    );
    let report = checked(&fixture.path(), false);
    assert!(report.is_clean(), "{report:?}");
    assert_eq!(report.directories, 2);
}

#[test]
fn damaged_pages_are_told_and_left() {
    let mut fixture = Fixture::new();
    fixture.scan_as(spec(), &many(300), Status::Complete);
    fixture.index.take().unwrap().close().unwrap();
    let mut bytes = std::fs::read(fixture.path()).unwrap();
    // The root of the table of files, by the shell's word; its cells go where nothing is.
    let page = fixture.shell("SELECT rootpage FROM sqlite_schema WHERE name = 'files'");
    let at = (page.trim_end().parse::<usize>().unwrap() - 1) * 4096;
    bytes[at + 12..at + 40].fill(0xff);
    std::fs::write(fixture.path(), &bytes).unwrap();
    let location = Location::resolve(&fixture.path()).unwrap();
    let options = CheckOptions::default();
    match watched(|watch| check(&location, &Arc::default(), options, watch)) {
        Ok(report) => assert!(!report.pages.is_empty() && !report.is_clean()),
        Err(error) => assert_eq!(error.reason, Reason::Corrupt),
    }
    assert_eq!(std::fs::read(fixture.path()).unwrap(), bytes);
}

#[test]
fn an_index_is_clean_at_every_moment_of_its_writing() {
    let fixture = Fixture::new();
    fixture.scan(&many(10));
    let done = AtomicBool::new(false);
    let index = fixture.index();
    std::thread::scope(|scope| {
        let checker = scope.spawn(|| {
            let mut checks = 0;
            // At least one whole check while scans go on, or after them.
            while !done.load(Ordering::Relaxed) || checks == 0 {
                let options = CheckOptions::default();
                let report =
                    watched(|watch| check(index.location(), index.gate(), options, watch)).unwrap();
                assert!(report.is_clean(), "{report:?}");
                checks += 1;
            }
            checks
        });
        for files in 1..150 {
            // Folders come and go too.
            let tree = many(files * 3);
            let shown = if files % 2 == 0 {
                &tree[..]
            } else {
                &tree[..2]
            };
            let mut shown = shown.to_vec();
            if files % 2 == 1 {
                shown[0] = listing("", &[dir("d")], 1);
            }
            fixture.scan(&shown);
        }
        done.store(true, Ordering::Relaxed);
        assert!(checker.join().unwrap() > 0);
    });
}

/// Its look at pages takes far longer than scans take to fill the log.
#[test]
fn nobody_elsewhere_is_blamed_for_a_check() {
    let (is_blamed, log) = (
        Arc::new(AtomicBool::new(false)),
        Arc::new(OnceLock::<Arc<LogState>>::new()),
    );
    let (blamed, seen) = (is_blamed.clone(), log.clone());
    let fixture = Fixture::with(OpenOptions {
        wal_soft: 100_000,
        on_commit: Some(Arc::new(move |_: &[i64]| {
            let since = seen.get().and_then(|log| log.wal_blocked_since());
            blamed.fetch_or(since.is_some(), Ordering::Relaxed);
        })),
        ..OpenOptions::default()
    });
    let index = fixture.index();
    log.set(index.log().clone()).unwrap();
    fixture.scan(&many(100_000));
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let checker = scope.spawn(|| {
            let mut checks = 0;
            while !done.load(Ordering::Relaxed) || checks == 0 {
                let options = CheckOptions { thorough: true };
                let report =
                    watched(|watch| check(index.location(), index.gate(), options, watch)).unwrap();
                assert!(report.is_clean(), "{report:?}");
                checks += 1;
            }
        });
        let folder = aether_index::ScanSpec {
            folder: b"e".to_vec(),
            ..spec()
        };
        for round in 1..60 {
            let listings = [listing("e", &many(round * 100)[2].entries, 1)];
            fixture.scan_as(folder.clone(), &listings, Status::Complete);
        }
        done.store(true, Ordering::Relaxed);
        checker.join().unwrap();
    });
    assert!(!is_blamed.load(Ordering::Relaxed));
    assert_eq!(index.log().wal_blocked_since(), None);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    /// One number changed anywhere is found.
    #[test]
    fn no_wrong_number_is_passed_over(at in 0..4usize, column in 0..5usize, by in prop::sample::select(&[-1i64, 1, 1000][..])) {
        let fixture = Fixture::new();
        fixture.scan_as(spec(), &tree(), Status::Partial);
        let column = ["own_files", "own_bytes", "file_count", "bytes", "unknown_below"][column];
        let name = ["", "a", "b", "c"][at];
        fixture.sql(&format!("UPDATE dirs SET {column} = {column} + {by} WHERE name = '{name}'"));
        prop_assert!(!checked(&fixture.path(), false).is_clean());
    }
}

#[test]
fn a_check_ends_when_it_is_told_to() {
    let fixture = Fixture::new();
    fixture.scan(&many(1000));
    // SQLite checks its pages; totals are counted.
    for step in 0..2 {
        let cancel = Arc::new(AtomicBool::new(false));
        let told = Arc::clone(&cancel);
        let mut steps = 0..;
        let at_step = move || {
            if steps.next() == Some(step) {
                told.store(true, Ordering::Relaxed);
            }
        };
        let mut watch = Task {
            cancel,
            at_step: Some(Box::new(at_step)),
        };
        let options = CheckOptions::default();
        let location = fixture.index().location();
        let ended = check(location, &Arc::default(), options, &mut watch).unwrap_err();
        assert_eq!(ended.reason, Reason::Ended, "step {step}");
    }
}
