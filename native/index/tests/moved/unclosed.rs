//! A file that was moved while its log, which no writer had emptied, stayed behind.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use aether_index::maintenance::{Task, backup};
use aether_index::reader::{Pool, PoolOptions};
use aether_index::{Index, Reason};
use rustix::fs::removexattr;

use super::noticed::is_whole_after_a_kill;
use super::scanner::{Scanner, listings, options};
use super::support::*;

fn beside(path: &Path, suffix: &str) -> PathBuf {
    PathBuf::from(format!("{}{suffix}", path.display()))
}

fn is_refused(path: &Path) -> String {
    let error = Index::open(path, options()).err().unwrap();
    assert_eq!(error.reason, Reason::NoLog, "{error}");
    let error = Pool::open(path, PoolOptions::default()).unwrap_err();
    assert_eq!(error.reason, Reason::NoLog, "{error}");
    error.to_string()
}

#[test]
fn a_killed_writers_file_that_was_moved_alone_is_refused_until_its_log_follows() {
    // What an index that was closed has left at the new name says nothing of this one.
    for has_leftovers in [false, true] {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("index.db");
        let moved = directory.path().join("moved.db");
        if has_leftovers {
            Index::open(&moved, options()).unwrap().close().unwrap();
            assert_eq!(fs::metadata(beside(&moved, "-wal")).unwrap().len(), 0);
        }
        let mut scanner = Scanner::elsewhere(&path);
        scanner.go_on(3);
        scanner.kill();
        fs::rename(&path, &moved).unwrap();
        let before = fs::read(&moved).unwrap();
        let text = is_refused(&moved);
        for suffix in ["-wal", "-writer"] {
            let cause = format!(
                "{} to {}",
                beside(&path, suffix).display(),
                beside(&moved, suffix).display()
            );
            assert!(text.contains(&cause), "{text}");
        }
        assert!(fs::read(&moved).unwrap() == before);
        assert_eq!(beside(&moved, "-wal").exists(), has_leftovers);
        // Follow the message.
        for suffix in ["-wal", "-writer"] {
            fs::rename(beside(&path, suffix), beside(&moved, suffix)).unwrap();
        }
        is_whole_after_a_kill(&moved, scanner.last);
        // It was closed there, and may be moved alone.
        fs::rename(&moved, &path).unwrap();
        Index::open(&path, options()).unwrap().close().unwrap();
    }
}

/// By a process of its own: closing a descriptor in this one would drop SQLite's locks.
fn run(program: &str, arguments: &[&OsStr]) {
    let status = Command::new(program).args(arguments).status();
    assert!(status.unwrap().success(), "{program} {arguments:?}");
}

/// A copy of an open index whose log is empty, as a killed writer may leave it, with its mark.
fn copied(from: &Path, to: &Path, suffixes: &[&str]) {
    for suffix in suffixes {
        let (from, to) = (beside(from, suffix), beside(to, suffix));
        let preserve = "--preserve=xattr".as_ref();
        run("cp", &[preserve, from.as_os_str(), to.as_os_str()]);
    }
}

#[test]
fn an_open_file_is_known_by_its_sidecar_where_its_log_is_empty() {
    let fixture = Fixture::with(options());
    fixture.scan(&listings(1));
    wait_until(|| fixture.index().log().wal_bytes() == 0);
    wait_until(|| fs::metadata(beside(&fixture.path(), "-wal")).unwrap().len() == 0);
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("copy.db");
    copied(&fixture.path(), &path, &["", "-wal"]);
    is_refused(&path);
    // It has another inode than the sidecar names, and a token that it has.
    copied(&fixture.path(), &path, &["-writer"]);
    drop(Pool::open(&path, PoolOptions::default()).unwrap());
    Index::open(&path, options()).unwrap().close().unwrap();
    assert_eq!(stored(&path), expected(&listings(1)));
    check_clean(&path);
}

/// They are whole, or nothing tells that they are not.
#[test]
fn a_copy_of_an_open_index_is_opened() {
    type Make = fn(&Fixture, &Path);
    let cases: [(&str, Make); 5] = [
        ("backup", |fixture, to| {
            let location = fixture.index().location().clone();
            backup(&location, to, &mut Task::default()).unwrap();
        }),
        ("the shell's backup", |fixture, to| {
            let command = format!(".backup '{}'", to.display());
            run("sqlite3", &[fixture.path().as_os_str(), command.as_ref()]);
        }),
        ("VACUUM INTO", |fixture, to| {
            shell(&fixture.path(), &format!("VACUUM INTO '{}'", to.display()));
        }),
        ("cp, with the log", |fixture, to| {
            copied(&fixture.path(), to, &["", "-wal"]);
        }),
        // Left by an earlier version, or on a file system that has no attributes.
        ("one without the mark", |fixture, to| {
            copied(&fixture.path(), to, &[""]);
            removexattr(to, "user.aether.open").unwrap();
        }),
    ];
    for (name, make) in cases {
        let fixture = Fixture::with(options());
        fixture.scan(&listings(1));
        wait_until(|| fixture.index().log().wal_bytes() == 0);
        let _reader = fixture.reader_that_stays();
        fixture.scan(&listings(2));
        assert!(fs::metadata(beside(&fixture.path(), "-wal")).unwrap().len() > 0);
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("copy.db");
        make(&fixture, &path);
        drop(Pool::open(&path, PoolOptions::default()).expect(name));
        Index::open(&path, options()).expect(name).close().unwrap();
        let round = if name == "one without the mark" { 1 } else { 2 };
        assert_eq!(stored(&path), expected(&listings(round)), "{name}");
        check_clean(&path);
    }
}

/// The mark is on the disk before anything is written to the log, and costs one sync.
#[test]
fn the_mark_is_set_for_good_before_the_log_is_written() {
    if let Some(path) = std::env::var_os("INDEX_TO_WRITE") {
        Index::open(Path::new(&path), options())
            .unwrap()
            .close()
            .unwrap();
        return;
    }
    let directory = tempfile::tempdir().unwrap();
    let path = fs::canonicalize(directory.path()).unwrap().join("index.db");
    Index::open(&path, options()).unwrap().close().unwrap();
    let trace = directory.path().join("trace");
    let mut command = strace::under_strace(
        the_mark_is_set_for_good_before_the_log_is_written,
        &trace,
        &["-y", "-e", "trace=fsetxattr,fremovexattr,fsync,pwrite64"],
        &[("INDEX_TO_WRITE", path.as_os_str())],
    );
    assert!(command.output().unwrap().status.success());
    let trace = fs::read_to_string(&trace).unwrap();
    let of = |suffix: &str| format!("<{}>", beside(&path, suffix).display());
    let mut steps: Vec<_> = { trace.lines() }
        .filter_map(|line| {
            let is = |call: &str, suffix| line.contains(call) && line.contains(&of(suffix));
            let steps = [
                ("marked", is("fsetxattr(", "")),
                ("for good", is(" fsync(", "")),
                ("log", is("pwrite64(", "-wal")),
                ("cleared", is("fremovexattr(", "")),
            ];
            steps
                .into_iter()
                .find_map(|(step, is_it)| is_it.then_some(step))
        })
        .collect();
    steps.dedup();
    assert_eq!(steps, ["marked", "for good", "log", "cleared"], "{trace}");
}
