//! Putting a backup in place of an index: by `restore`, and by hand beside the log of another file,
//! which SQLite would replay into it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod killed;
mod sidecar;
#[path = "../support/mod.rs"]
mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aether_core::Status;
use aether_index::maintenance::{Copied, Task, backup, restore};
use aether_index::reader::{Pool, PoolOptions};
use aether_index::{Error, Index, OpenOptions, Reason, ScanCounts, ScanSpec};
use rusqlite::Connection;
use support::*;
use tempfile::TempDir;

fn tree(round: u64) -> Vec<Listing> {
    let names: Vec<_> = (0..20).map(|at| dir(&format!("d{}", at + round))).collect();
    let mut listings = vec![listing("", &names, 1)];
    for (name, _) in &names {
        let files: Vec<_> = (0..50 + round)
            .map(|at| file(&format!("f{at}"), round, 1))
            .collect();
        listings.push(listing(std::str::from_utf8(name).unwrap(), &files, 1));
    }
    listings
}

fn options() -> OpenOptions {
    OpenOptions {
        busy_timeout: Duration::from_millis(50),
        ..OpenOptions::default()
    }
}

fn watched<T>(act: impl FnOnce(&mut Task) -> T) -> T {
    act(&mut Task::default())
}

fn back_up(fixture: &Fixture, to: &Path) {
    let location = fixture.index().location().clone();
    watched(|watch| backup(&location, to, watch)).unwrap();
}

fn put_back(from: &Path, to: &Path) -> Result<Copied, Error> {
    watched(|watch| restore(from, to, Duration::from_millis(50), watch))
}

/// What a killed writer leaves: its files as they are while it has them open.
fn crashed(fixture: &Fixture) -> (TempDir, PathBuf) {
    crashed_at(&fixture.path())
}

fn crashed_at(index: &Path) -> (TempDir, PathBuf) {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("index.db");
    for suffix in ["", "-wal", "-writer"] {
        // Copied by another process: closing a descriptor in this one would drop SQLite's locks.
        let from = format!("{}{suffix}", index.display());
        let to = format!("{}{suffix}", path.display());
        assert!(
            Command::new("cp")
                .args([from, to])
                .status()
                .unwrap()
                .success()
        );
    }
    (directory, path)
}

/// An index of the first tree, and a directory with its `backup.db`.
fn backed_up() -> (Fixture, tempfile::TempDir) {
    let fixture = Fixture::with(options());
    fixture.scan(&tree(1));
    let kept = tempfile::tempdir().unwrap();
    back_up(&fixture, &kept.path().join("backup.db"));
    (fixture, kept)
}

#[test]
fn a_backup_beside_the_log_of_another_time_is_refused_and_restored() {
    let mut fixture = Fixture::with(options());
    let kept = tempfile::tempdir().unwrap();
    let at = |name: &str| kept.path().join(name);
    fixture.scan(&tree(1));
    back_up(&fixture, &at("of an earlier session"));
    fixture.reopen();
    back_up(&fixture, &at("of this session"));
    let shell_backup = |name: &str| {
        let command = format!(".backup '{}'", at(name).display());
        let path = fixture.path();
        let status = Command::new("sqlite3")
            .args([path.as_os_str(), command.as_ref()])
            .status();
        assert!(status.unwrap().success());
    };
    shell_backup("by the shell");
    fixture.scan(&tree(2));
    fixture.index().settle().unwrap();
    // The log has started over.
    wait_until(|| fixture.index().log().wal_bytes() == 0);
    let reader = fixture.reader_that_stays();
    fixture.scan(&tree(3));
    shell_backup("of this very log");
    fixture.scan(&tree(4));
    let log = fixture.path().with_extension("db-wal");
    assert!(fs::metadata(log).unwrap().len() > 0);
    let (_directory, untouched) = crashed(&fixture);
    assert_eq!(
        stored(&untouched),
        expected(&tree(4)),
        "without a backup it is whole"
    );
    Index::open(&untouched, options()).unwrap().close().unwrap();
    check_clean(&untouched);
    for (name, before) in [
        ("of an earlier session", 1),
        ("of this session", 1),
        ("by the shell", 1),
        ("of this very log", 3),
    ] {
        let (_directory, path) = crashed(&fixture);
        fs::copy(at(name), &path).unwrap();
        if name == "of this very log" {
            // The log has all changes since the backup: replaying it gives the lost index.
            Index::open(&path, options()).unwrap().close().unwrap();
            assert_eq!(stored(&path), expected(&tree(4)), "{name}");
        } else {
            let refused = Index::open(&path, options()).err().expect(name);
            assert_eq!(refused.reason, Reason::Mixed, "{name}: {refused}");
            assert!(refused.to_string().contains("index.db-wal"), "{refused}");
            let refused = Pool::open(&path, PoolOptions::default()).expect_err(name);
            assert_eq!(refused.reason, Reason::Mixed, "{name}: {refused}");
        }
        put_back(&at(name), &path).unwrap();
        assert_eq!(stored(&path), expected(&tree(before)), "{name}");
        let index = Index::open(&path, options()).unwrap();
        // The index knows that it was put back in time.
        let remembered = *index.remembered().values().next().unwrap();
        let sql = "SELECT generation FROM sources";
        assert!(remembered > shell(&path, sql).trim().parse().unwrap());
        index.close().unwrap();
        check_clean(&path);
        // Follow the message.
        let (_directory, path) = crashed(&fixture);
        fs::copy(at(name), &path).unwrap();
        fs::remove_file(path.with_extension("db-wal")).unwrap();
        Index::open(&path, options()).unwrap().close().unwrap();
        assert_eq!(stored(&path), expected(&tree(before)), "{name}");
        check_clean(&path);
    }
    drop(reader);
}

/// The log has started over since then without being emptied.
#[test]
fn a_copy_made_before_the_index_was_at_rest_is_refused_beside_its_log() {
    let fixture = Fixture::with(OpenOptions {
        wal_rest: 100_000,
        wal_rest_after: Duration::ZERO,
        ..options()
    });
    fixture.scan(&tree(1));
    let expand = |folder: &str, files| {
        let expansion = ScanSpec {
            folder: folder.into(),
            depth: Some(1),
            ..spec()
        };
        let files: Vec<_> = (0..files).map(|at| file(&format!("f{at}"), 1, 1)).collect();
        let listings = [listing(folder, &files, 1)];
        fixture.scan_as(expansion, &listings, Status::Complete);
    };
    let is_copied = || fixture.index().log().wal_bytes() < 100_000;
    expand("d5", 10_000);
    wait_until(is_copied);
    let (_directory, copy) = crashed(&fixture);
    expand("d5", 20_000);
    wait_until(is_copied);
    expand("d6", 52);
    let expected = stored(&fixture.path());
    let (_directory, path) = crashed(&fixture);
    assert!(fs::metadata(path.with_extension("db-wal")).unwrap().len() > 0);
    assert_eq!(stored(&path), expected);
    fs::copy(&copy, &path).unwrap();
    let refused = Index::open(&path, options()).err().unwrap();
    assert_eq!(refused.reason, Reason::Mixed, "{refused}");
}

/// A reader was in the way when the log was to start over, and the next token was in it already.
#[test]
fn a_copy_made_while_the_log_could_not_start_over_is_refused_beside_a_later_log() {
    type Held = Mutex<Option<Connection>>;
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("index.db");
    let holds = Arc::new(AtomicBool::new(true));
    // After each commit a reader of all of it takes the place of the one before; at last none does.
    let on_commit = {
        let (path, holds, held) = (path.clone(), holds.clone(), Held::default());
        move |_: &[i64]| {
            let reader = holds.load(Ordering::Acquire).then(|| {
                let reader = Connection::open(&path).unwrap();
                reader
                    .execute_batch("BEGIN; SELECT * FROM sources")
                    .unwrap();
                reader
            });
            *held.lock().unwrap() = reader;
        }
    };
    let index = Index::open(
        &path,
        OpenOptions {
            on_commit: Some(Arc::new(on_commit)),
            ..options()
        },
    )
    .unwrap();
    let scan = |round| {
        let scan = index.begin(spec(), Box::new(|_| {})).unwrap();
        for listing in &tree(round) {
            push_whole(&scan, listing);
        }
        scan.end(Status::Complete, ScanCounts::default()).unwrap();
    };
    let token = || shell(&path, "SELECT token FROM state");
    let before = token();
    scan(1);
    wait_until(|| token() != before);
    let copy = directory.path().join("copy.db");
    let backup = format!(".backup '{}'", copy.display());
    let status = Command::new("sqlite3").arg(&path).arg(backup).status();
    assert!(status.unwrap().success());
    // The reader goes once there is more in the log than the copy has.
    holds.store(false, Ordering::Release);
    scan(2);
    wait_until(|| index.log().wal_bytes() == 0);
    let reader = Connection::open(&path).unwrap();
    reader
        .execute_batch("BEGIN; SELECT * FROM sources")
        .unwrap();
    scan(3);
    let (_directory, crashed) = crashed_at(&path);
    assert_eq!(stored(&crashed), expected(&tree(3)));
    fs::copy(&copy, &crashed).unwrap();
    let refused = Index::open(&crashed, options()).err().unwrap();
    assert_eq!(refused.reason, Reason::Mixed, "{refused}");
    drop(reader);
    index.close().unwrap();
    check_clean(&path);
}

#[test]
fn a_backup_replaces_only_an_index_a_damaged_one_or_nothing() {
    let (fixture, kept) = backed_up();
    let saved = kept.path().join("backup.db");
    let _reader = fixture.reader_that_stays();
    fixture.scan(&tree(2));
    type Make = fn(&Path);
    let cases: [(&str, Option<Reason>, Make); 6] = [
        ("none", None, |path| fs::remove_file(path).unwrap()),
        ("an index", None, |_| ()),
        ("a damaged one", None, |path| {
            fs::write(path, vec![7; 50_000]).unwrap()
        }),
        ("an empty file", None, |path| fs::write(path, "").unwrap()),
        ("a directory", Some(Reason::Errno(21)), |path| {
            fs::remove_file(path).unwrap();
            fs::create_dir(path).unwrap();
        }),
        ("something else", Some(Reason::Foreign), |path| {
            fs::write(path, "my letters").unwrap();
            fs::remove_file(path.with_extension("db-writer")).unwrap();
        }),
    ];
    for (name, refused, make) in cases {
        let (_directory, path) = crashed(&fixture);
        make(&path);
        let put = put_back(&saved, &path);
        assert_eq!(
            put.as_ref().err().map(|error| error.reason),
            refused,
            "{name}"
        );
        if put.is_ok() {
            assert_eq!(stored(&path), expected(&tree(1)), "{name}");
            Index::open(&path, options()).unwrap().close().unwrap();
            check_clean(&path);
        }
    }
    // Not an index that has a writer, and not the backup itself.
    let error = put_back(&saved, &fixture.path()).unwrap_err();
    assert_eq!(error.reason, Reason::Busy, "{error}");
    assert!(put_back(&saved, &saved).is_err());
    fixture.scan(&tree(3));
    fixture.recount();
}
