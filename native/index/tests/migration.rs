//! Files of older versions: readers refuse them and change nothing, a writer migrates them, killed
//! at any moment.
//!
//! `fixtures/version_1.db` was written by the library as it was before version 2: two sources with
//! a history, a note, an interrupted scan, an unreadable directory, names that are not UTF-8.
//! `fixtures/version_2.db` is that file after two more scans by the library as it was before
//! version 3: it has a history that adds up, and what could not be read any more.
//! `fixtures/version_3.db` is that file after two more scans by the library as it was before
//! version 4: a mount point that came and went, a file that changed, a folder on another disk.
//! `fixtures/version_4.db` is that file after two scans of another root by the library as it was
//! before version 5: files with several names, of which a folder was removed.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use aether_core::Status;
use aether_core::slab::{Kind, status};
use aether_index::reader::{Pool, PoolOptions};
use aether_index::{Index, Location, OpenOptions, Reason, ScanCounts, ScanSpec, VERSION, create};
use support::*;
use tempfile::TempDir;

/// The older versions, with the number of `TABLES` that each has.
const OLDER: [(i32, usize); 4] = [(1, 9), (2, 13), (3, 13), (4, 16)];

const TABLES: [&str; 16] = [
    "sources",
    "dirs",
    "paths",
    "files",
    "scans",
    "changes",
    "notes",
    "graveyard",
    "imported",
    "changed_files",
    "touched",
    "state",
    "missed",
    "links",
    "inodes",
    "devices",
];

fn kept(version: i32) -> PathBuf {
    let file = format!("tests/fixtures/version_{version}.db");
    Path::new(env!("CARGO_MANIFEST_DIR")).join(file)
}

/// A copy of a kept file in a directory of its own.
fn copy_of(version: i32) -> (TempDir, PathBuf) {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("index.db");
    fs::copy(kept(version), &path).unwrap();
    (directory, path)
}

/// Every row that a version has, by its own columns. A scan that says "running" has crashed: the
/// next writer says so. It also draws another token.
fn dump(path: &Path, older: (i32, usize)) -> String {
    // The kept file has no log, and is not to get one here.
    let kept = format!("file:{}?immutable=1", kept(older.0).display());
    let of = |table: &str| {
        let sql = format!("SELECT name FROM pragma_table_info('{table}')");
        let columns = shell(Path::new(&kept), &sql);
        let columns = columns.lines().map(|column| match (table, column) {
            ("scans", "status") | ("sources", "last_scan_status") => {
                format!("CASE {column} WHEN 0 THEN 5 ELSE {column} END")
            }
            ("state", "token") => "1".to_owned(),
            _ => format!("quote({column})"),
        });
        let columns = columns.collect::<Vec<_>>().join(", ");
        let order: Vec<String> = (1..=columns.matches(", ").count() + 1)
            .map(|at| at.to_string())
            .collect();
        let order = order.join(", ");
        let sql = format!("SELECT {columns} FROM {table} ORDER BY {order}");
        shell_bytes(path, &sql).escape_ascii().to_string()
    };
    let tables = TABLES[..older.1].iter();
    tables
        .map(|table| format!("{table}\n{}", of(table)))
        .collect()
}

fn version(path: &Path) -> i32 {
    shell(path, "PRAGMA user_version").trim().parse().unwrap()
}

#[test]
fn a_reader_refuses_an_older_file_and_leaves_it_alone() {
    for (older, _) in OLDER {
        let (directory, path) = copy_of(older);
        let before = fs::read(&path).unwrap();
        let error = Pool::open(&path, PoolOptions::default()).err().unwrap();
        assert_eq!(error.reason, Reason::Version);
        let expected = format!("version {older}, older than");
        assert!(error.to_string().contains(&expected), "{error}");
        assert_eq!(fs::read(&path).unwrap(), before);
        let sidecar = directory.path().join("index.db-writer");
        assert!(!sidecar.exists());
    }
}

/// Tables with their columns, indexes with theirs, and views by their text.
fn shape(path: &Path) -> BTreeSet<String> {
    let sql = "SELECT m.type, m.name, m.tbl_name, group_concat(c.name || c.type || c.\"notnull\" || c.pk || coalesce(c.dflt_value, ''))
                 FROM sqlite_schema m LEFT JOIN pragma_table_info(m.name) c WHERE m.type IN ('table', 'view') GROUP BY m.name
               UNION ALL
               SELECT m.type, m.name, m.tbl_name, i.\"unique\" || i.partial || i.origin || (SELECT group_concat(name) FROM pragma_index_info(m.name))
                 FROM sqlite_schema m JOIN pragma_index_list(m.tbl_name) i ON i.name = m.name WHERE m.type = 'index'
               UNION ALL
               SELECT 'text', name, '', replace(sql, char(10), ' ') FROM sqlite_schema WHERE type IN ('view', 'trigger')";
    shell(path, sql).lines().map(str::to_owned).collect()
}

#[test]
fn a_writer_migrates_an_older_file_to_what_a_new_one_is() {
    for older in OLDER {
        let (directory, path) = copy_of(older.0);
        let before = dump(&path, older);
        let index = Index::open(&path, OpenOptions::default()).unwrap();
        index.close().unwrap();
        assert_eq!(version(&path), VERSION);
        assert_eq!(dump(&path, older), before);
        check_clean(&path);
        let fresh = Location::resolve(&directory.path().join("fresh.db")).unwrap();
        create(&fresh).unwrap();
        assert_eq!(shape(&path), shape(&fresh.database));
        // It is read, and written on.
        let pool = Pool::open(&path, PoolOptions::default()).unwrap();
        let sources = shell(&path, "SELECT count(*) FROM sources");
        assert_eq!(format!("{}\n", pool.sources().unwrap().len()), sources);
        let index = Index::open(&path, OpenOptions::default()).unwrap();
        let scan = index.begin(spec(), Box::new(|_| {})).unwrap();
        let listings = [listing("", &[file("new", 1, 1)], 1)];
        push_whole(&scan, &listings[0]);
        scan.end(Status::Complete, ScanCounts::default()).unwrap();
        index.settle().unwrap();
        index.close().unwrap();
        check_clean(&path);
    }
}

/// Which names counted by themselves was not stored before version 5.
#[test]
fn nothing_is_exact_after_a_migration_until_all_is_read_again() {
    let (_directory, path) = copy_of(4);
    let exact = || {
        let pool = Pool::open(&path, PoolOptions::default()).unwrap();
        let totals = |folder: &str| {
            let totals = pool.totals("linked", folder.as_bytes()).unwrap().value;
            totals.disk_exact.unwrap()
        };
        ["", "a", "a/deep", "b"].map(totals)
    };
    let index = Index::open(&path, OpenOptions::default()).unwrap();
    assert_eq!(exact(), [false; 4]);
    let scan = |folder: &str, listings: &[Listing], status| {
        let spec = ScanSpec {
            root: b"/srv/linked".to_vec(),
            folder: folder.into(),
            ..ScanSpec::default()
        };
        let scan = index.begin(spec, Box::new(|_| {})).unwrap();
        for listing in listings {
            push_whole(&scan, listing);
        }
        scan.end(status, ScanCounts::default()).unwrap();
    };
    let listings = |deep| {
        let one = [file("one", 9000, 1)];
        [
            listing("", &[dir("a"), dir("b")], 1),
            listing("a", &[dir("deep"), file("two", 1, 1)], 1),
            listing("a/deep", &one[..usize::from(deep == 1)], deep),
            listing("b", &one, 1),
        ]
    };
    scan("b", &listings(1)[3..], Status::Complete);
    assert_eq!(exact(), [false; 4]);
    // Files are left, and no more is known of them.
    scan("", &listings(status::errno(13)), Status::Partial);
    assert_eq!(exact(), [false; 4]);
    scan("", &listings(status::CHANGING), Status::Partial);
    assert_eq!(exact(), [false; 4]);
    scan("", &listings(1)[..2], Status::Cancelled);
    assert_eq!(exact(), [false; 4]);
    // The names of `a/deep` are read, and nothing else of them.
    let mut unseen = listings(1);
    let one = (b"one".to_vec(), (Kind::File, None));
    unseen[2] = listing("a/deep", &[one], 1);
    scan("", &unseen, Status::Partial);
    assert_eq!(exact(), [false, false, false, true]);
    scan("", &listings(1), Status::Partial);
    assert_eq!(exact(), [true; 4]);
    index.close().unwrap();
    check_clean(&path);
    // The others are forgotten with all that was not known of them.
    let index = Index::open(&path, OpenOptions::default()).unwrap();
    let others = "SELECT uuid FROM sources WHERE uuid != 'linked'";
    for other in shell(&path, others).lines() {
        index.forget(other, None).unwrap();
    }
    assert_eq!(shell(&path, "SELECT count(*) FROM inexact"), "0\n");
}

/// Killed at the first write of any kind, then at the second (at every third without AETHER_FULL),
/// until none is left: the file is of the one version or of the other, with all that was in it, and
/// the next writer migrates it.
#[test]
fn a_migration_killed_at_any_step_is_done_by_the_next_writer() {
    if let Some(path) = std::env::var_os("INDEX_TO_WRITE") {
        let index = Index::open(Path::new(&path), OpenOptions::default()).unwrap();
        index.close().unwrap();
        return;
    }
    let migrated: Vec<usize> = std::thread::scope(|scope| {
        let started = OLDER.map(|older| scope.spawn(move || kill_at_any_step(older)));
        started.map(|thread| thread.join().unwrap()).into()
    });
    assert!(migrated.iter().any(|times| *times > 0), "{migrated:?}");
}

/// Returns how often a killed writer had migrated the file.
fn kill_at_any_step(older: (i32, usize)) -> usize {
    let (_kept, original) = copy_of(older.0);
    let before = dump(&original, older);
    let (mut killed, mut unmigrated, mut migrated) = (0, 0, 0);
    let stride = if is_full() { 1 } else { 3 };
    for call in ["pwrite64", "ftruncate", "fdatasync,fsync", "unlink"] {
        for at in (1 + older.0 as usize % stride..).step_by(stride) {
            let (_directory, path) = copy_of(older.0);
            let survived = strace::survives(
                a_migration_killed_at_any_step_is_done_by_the_next_writer,
                call,
                at,
                &[("INDEX_TO_WRITE", path.as_os_str())],
            );
            if survived {
                break;
            }
            killed += 1;
            check_readable(&path);
            assert_eq!(dump(&path, older), before, "{call} {at}");
            match version(&path) {
                VERSION => migrated += 1,
                at_last if (older.0..VERSION).contains(&at_last) => unmigrated += 1,
                other => panic!("{call} {at}: version {other}"),
            }
            let index = Index::open(&path, OpenOptions::default()).unwrap();
            index.close().unwrap();
            assert_eq!(version(&path), VERSION, "{call} {at}");
            assert_eq!(dump(&path, older), before, "{call} {at}");
            check_clean(&path);
        }
    }
    println!(
        "version {}: {killed} kills: {unmigrated} before the migration was in, {migrated} after",
        older.0
    );
    assert!(unmigrated > 0);
    migrated
}

fn check_readable(path: &Path) {
    assert_eq!(shell(path, "PRAGMA integrity_check"), "ok\n");
}
