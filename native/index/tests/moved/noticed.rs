//! Readers, and what other programs write, one test each.

use std::fs;
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::Arc;

use aether_core::Status;
use aether_index::maintenance::vacuum;
use aether_index::reader::{Pool, PoolOptions};
use aether_index::{Index, Reason, ScanCounts};

use super::scanner::{Scanner, listings, options, scan};
use super::support::*;

/// The sqlite3 shell, which has the index open until it is dropped.
struct Shell(Child, ChildStdin);

impl Shell {
    fn open(path: &Path) -> Shell {
        let mut command = Command::new("sqlite3");
        let command = command
            .arg(path)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        let mut process = command.spawn().unwrap();
        let mut stdin = process.stdin.take().unwrap();
        stdin.write_all(b"SELECT count(*) FROM sources;\n").unwrap();
        let stdout = process.stdout.as_mut().unwrap();
        stdout.read_exact(&mut [0]).unwrap();
        Shell(process, stdin)
    }
}

impl Drop for Shell {
    fn drop(&mut self) {
        self.1.write_all(b".quit\n").unwrap();
        self.0.wait().unwrap();
    }
}

#[test]
fn readers_let_go_of_a_file_that_was_moved() {
    let fixture = Fixture::with(options());
    fixture.scan(&listings(1));
    fixture.index().close().unwrap();
    let pool = Pool::open(&fixture.path(), PoolOptions::default()).unwrap();
    pool.sources().unwrap();
    fs::rename(fixture.path(), fixture.directory.path().join("aside.db")).unwrap();
    for _ in 0..3 {
        assert_eq!(pool.sources().unwrap_err().reason, Reason::Moved);
        assert_eq!(pool.connections(), 0);
    }
}

/// By another program, in place, so that the path still leads to the same inode. The writer has not
/// begun a transaction since, or there is none.
#[test]
fn readers_notice_what_was_written_over_the_file_that_they_have_open() {
    let directory = tempfile::tempdir().unwrap();
    let other = directory.path().join("other.db");
    let index = Index::open(&other, options()).unwrap();
    for round in 1..4 {
        scan(&index, round).unwrap();
    }
    index.close().unwrap();
    let cases: [(&str, &[&str]); 3] = [
        ("cp", &["--no-preserve=all", other.to_str().unwrap()]),
        ("truncate", &["--size=0"]),
        ("truncate", &["--size=8192"]),
    ];
    for (program, arguments) in cases {
        for has_writer in [false, true] {
            let mut fixture = Fixture::with(options());
            fixture.scan(&listings(1));
            wait_until(|| fixture.index().log().wal_bytes() == 0);
            if !has_writer {
                fixture.index.take().unwrap().close().unwrap();
            }
            let pool = Pool::open(&fixture.path(), PoolOptions::default()).unwrap();
            pool.sources().unwrap();
            let mut command = Command::new(program);
            let status = command.args(arguments).arg(fixture.path()).status();
            assert!(status.unwrap().success());
            let case = format!("{program} {arguments:?}, {has_writer}");
            for _ in 0..2 {
                let error = pool.sources().expect_err(&case);
                assert_eq!(error.reason, Reason::Moved, "{case}: {error}");
                assert_eq!(pool.connections(), 0);
            }
        }
    }
}

/// They do not take what a writer does, or another program may do, for that.
#[test]
fn readers_go_on_through_all_that_changes_a_file() {
    let mut fixture = Fixture::with(options());
    fixture.scan(&listings(1));
    let pool = Pool::open(&fixture.path(), PoolOptions::default()).unwrap();
    for round in 2..8 {
        fixture.scan(&listings(round));
        pool.sources().unwrap();
        // Each time the log is emptied, the file gets another token.
        wait_until(|| fixture.index().log().wal_bytes() == 0);
        pool.sources().unwrap();
        if round % 2 == 0 {
            let vacuum = |db: &mut _| vacuum(db, &Arc::default());
            fixture.index().with_connection(vacuum).unwrap();
            pool.sources().unwrap();
        }
        if round % 3 == 0 {
            fixture.reopen();
            pool.sources().unwrap();
        }
    }
    fixture.index.take().unwrap().close().unwrap();
    pool.sources().unwrap();
    let write = |sql: &str| {
        let status = Command::new("sqlite3")
            .arg(fixture.path())
            .arg(sql)
            .status();
        assert!(status.unwrap().success());
    };
    let sql = "UPDATE scans SET depth = random(); PRAGMA wal_checkpoint(TRUNCATE)";
    write(sql);
    pool.sources().unwrap();
    // The page with the token moves. Who opens the file after that reads it.
    drop(pool);
    write("DELETE FROM changes; VACUUM");
    let pool = Pool::open(&fixture.path(), PoolOptions::default()).unwrap();
    pool.sources().unwrap();
    // Nothing says which token it has.
    fs::remove_file(fixture.path().with_extension("db-writer")).unwrap();
    write(sql);
    pool.sources().unwrap();
}

/// Until its writer has closed it, it is one file, whatever its name is now.
#[test]
fn a_file_that_was_moved_while_in_use_has_no_second_writer() {
    let fixture = Fixture::with(options());
    fixture.scan(&listings(1));
    let aside = fixture.directory.path().join("aside.db");
    fs::rename(fixture.path(), &aside).unwrap();
    let error = Index::open(&aside, options()).err().unwrap();
    assert_eq!(error.reason, Reason::Busy, "{error}");
    let text = error.to_string();
    let cause = format!("open as {}; close it there", fixture.path().display());
    assert!(text.contains("aside.db") && text.contains(&cause), "{text}");
    // What becomes of the rest of its log is said elsewhere (`main.rs`).
    let _ = fixture.index().close();
    let index = Index::open(&aside, options()).unwrap();
    assert_eq!(stored(&aside), expected(&listings(1)));
    index.close().unwrap();
}

/// A killed writer leaves its log beside the name that it used: by no name may the file be opened
/// without it.
#[test]
fn a_file_with_two_names_is_refused_until_one_of_them_is_gone() {
    let directory = tempfile::tempdir().unwrap();
    let (path, link) = (
        directory.path().join("index.db"),
        directory.path().join("link.db"),
    );
    let mut scanner = Scanner::elsewhere(&path);
    scanner.go_on(1);
    fs::hard_link(&path, &link).unwrap();
    scanner.go_on(3);
    scanner.kill();
    for name in [&path, &link] {
        let error = Index::open(name, options()).err().unwrap();
        assert_eq!(error.reason, Reason::Linked, "{error}");
        let error = Pool::open(name, PoolOptions::default()).err().unwrap();
        assert_eq!(error.reason, Reason::Linked, "{error}");
    }
    fs::remove_file(&link).unwrap();
    // As many rounds as the writer had said to be complete, or part of the next one.
    is_whole_after_a_kill(&path, scanner.last);
}

pub fn is_whole_after_a_kill(path: &Path, last: u64) {
    let index = Index::open(path, options()).unwrap();
    index.settle().unwrap();
    let rounds = shell(path, "SELECT generation FROM sources");
    assert!(rounds.trim().parse::<u64>().unwrap() >= last, "{rounds}");
    scan(&index, 1000).unwrap();
    index.close().unwrap();
    assert_eq!(stored(path), expected(&listings(1000)));
    check_clean(path);
}

/// They share memory that tells which pages of the file are in its log.
#[test]
fn a_file_in_the_place_of_one_that_is_still_read_is_not_read_beside_it() {
    let fixture = Fixture::with(options());
    let other = fixture.directory.path().join("other.db");
    let index = Index::open(&other, options()).unwrap();
    let names: Vec<_> = (0..200).map(|at| dir(&format!("d{at}"))).collect();
    let mut large = vec![listing("", &names, 1)];
    for (name, _) in &names {
        let files: Vec<_> = (0..50).map(|at| file(&format!("f{at}"), at, 1)).collect();
        large.push(listing(std::str::from_utf8(name).unwrap(), &files, 1));
    }
    let scan = index.begin(spec(), Box::new(|_| {})).unwrap();
    for listing in &large {
        push_whole(&scan, listing);
    }
    scan.end(Status::Complete, ScanCounts::default()).unwrap();
    index.close().unwrap();
    fixture.scan(&listings(1));
    let old = Shell::open(&fixture.path());
    fixture.scan(&listings(2));
    fixture.index().close().unwrap();
    fs::rename(&other, fixture.path()).unwrap();
    let error = Pool::open(&fixture.path(), PoolOptions::default()).unwrap_err();
    assert_eq!(error.reason, Reason::Moved, "{error}");
    assert!(
        error
            .to_string()
            .contains(&format!("process {}", old.0.id())),
        "{error}"
    );
    drop(old);
    let pool = Pool::open(&fixture.path(), PoolOptions::default()).unwrap();
    pool.sources().unwrap();
    // Nor do readers of the new one keep others from it.
    let new = Shell::open(&fixture.path());
    drop(pool);
    let pool = Pool::open(&fixture.path(), PoolOptions::default()).unwrap();
    pool.sources().unwrap();
    drop((pool, new));
    assert_eq!(stored(&fixture.path()), expected(&large));
}

/// A disk need not have the same number after a restart of the machine.
#[test]
fn a_file_is_known_again_when_its_disk_has_another_number() {
    let fixture = Fixture::with(options());
    fixture.scan(&listings(1));
    fixture.index().close().unwrap();
    let sidecar = fixture.path().with_extension("db-writer");
    let text = fs::read_to_string(&sidecar).unwrap();
    let is_first = |line: &&str| line.starts_with("database ") || line.starts_with("update ");
    let line = text.lines().rfind(is_first);
    let words: Vec<&str> = line.unwrap().split(' ').collect();
    let (_, inode) = words[1].split_once(':').unwrap();
    let (tokens, state, page) = (words[2], words[3], words[4]);
    // As it was written before records had numbers.
    fs::write(
        &sidecar,
        format!("database 9:{inode} {tokens} {state} {page}\n"),
    )
    .unwrap();
    let reader = Shell::open(&fixture.path());
    let index = Index::open(&fixture.path(), options()).unwrap();
    index.close().unwrap();
    drop(reader);
}

/// What is cached is no longer right, which a transaction of this connection would hide.
#[test]
fn what_another_program_wrote_is_noticed_before_the_connection_is_lent() {
    let fixture = Fixture::with(options());
    fixture.scan(&listings(1));
    // What is still to be done of the log would notice it as well.
    wait_until(|| fixture.index().log().wal_bytes() == 0);
    let sql = "UPDATE dirs SET file_count = file_count + 7";
    let status = Command::new("sqlite3")
        .arg(fixture.path())
        .arg(sql)
        .status();
    assert!(status.unwrap().success());
    let lent = fixture
        .index()
        .with_connection(|db| vacuum(db, &Arc::default()));
    assert_eq!(lent.unwrap_err().reason, Reason::Moved);
    let begun = fixture.index().begin(spec(), Box::new(|_| {}));
    assert_eq!(begun.err().unwrap().reason, Reason::Moved);
}

/// The other program holds the lock when a transaction is to begin, and has committed before.
#[test]
fn what_another_program_wrote_is_noticed_when_it_was_waited_for() {
    let fixture = Fixture::with(options());
    fixture.scan(&listings(1));
    // What is still to be done of the log would notice it as well.
    wait_until(|| fixture.index().log().wal_bytes() == 0);
    let other = rusqlite::Connection::open(fixture.path()).unwrap();
    other
        .execute_batch("UPDATE dirs SET file_count = file_count + 7; BEGIN IMMEDIATE")
        .unwrap();
    let begun = fixture.index().begin(spec(), Box::new(|_| {}));
    assert_eq!(begun.err().unwrap().reason, Reason::Busy);
    other.execute_batch("ROLLBACK").unwrap();
    let begun = fixture.index().begin(spec(), Box::new(|_| {}));
    assert_eq!(begun.err().unwrap().reason, Reason::Moved);
}
