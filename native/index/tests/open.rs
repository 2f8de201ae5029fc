//! What is opened and what is refused, and that a refused file stays as it was.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod support;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use aether_core::Status;
use aether_index::{
    Index, Location, OpenOptions, Reason, ScanCounts, ScanSpec, WriterLock, open_reader,
};
use support::*;

fn open(path: &Path) -> Result<Index, aether_index::Error> {
    let options = OpenOptions {
        busy_timeout: Duration::from_millis(50),
        ..OpenOptions::default()
    };
    Index::open(path, options)
}

fn refused(path: &Path) -> Reason {
    match open(path) {
        Ok(_) => panic!("{} was opened", path.display()),
        Err(error) => error.reason,
    }
}

fn sqlite(path: &Path, sql: &str) {
    assert!(
        Command::new("sqlite3")
            .arg(path)
            .arg(sql)
            .status()
            .unwrap()
            .success()
    );
}

/// A database of some size, checkpointed and closed.
fn index(path: &Path) {
    let index = open(path).unwrap();
    let scan = index.begin(spec(), Box::new(|_| {})).unwrap();
    let files: Vec<_> = (0..2000)
        .map(|at| file(&format!("file {at}"), at, 1))
        .collect();
    let listing = listing("", &files, 1);
    push(&scan, batch(&[(&listing, 0, files.len(), true)]));
    scan.end(Status::Complete, ScanCounts::default()).unwrap();
    index.close().unwrap();
}

#[test]
fn a_file_that_is_no_index_is_refused_and_unchanged() {
    type Make = fn(&Path);
    let cases: [(&str, Reason, Make); 10] = [
        ("empty", Reason::NotADatabase, |path| {
            fs::write(path, "").unwrap()
        }),
        ("text", Reason::NotADatabase, |path| {
            fs::write(path, "not a database, but a note\n").unwrap()
        }),
        ("random", Reason::NotADatabase, |path| {
            fs::write(
                path,
                (0..20_000_u32)
                    .map(|at| (at.wrapping_mul(2_654_435_761) >> 13) as u8)
                    .collect::<Vec<u8>>(),
            )
            .unwrap();
        }),
        ("bad header", Reason::NotADatabase, |path| {
            index(path);
            let mut bytes = fs::read(path).unwrap();
            bytes[3] ^= 0xff;
            fs::write(path, bytes).unwrap();
        }),
        ("foreign", Reason::Foreign, |path| {
            sqlite(path, "CREATE TABLE t (a); INSERT INTO t VALUES (1)")
        }),
        ("foreign with an id", Reason::Foreign, |path| {
            sqlite(path, "PRAGMA application_id = 7; CREATE TABLE t (a)")
        }),
        ("newer", Reason::Version, |path| {
            index(path);
            sqlite(
                path,
                "PRAGMA journal_mode = delete; PRAGMA user_version = 99",
            );
        }),
        ("truncated", Reason::Corrupt, |path| {
            index(path);
            let bytes = fs::read(path).unwrap();
            fs::write(path, &bytes[..8192]).unwrap();
        }),
        ("damaged", Reason::Corrupt, |path| {
            index(path);
            let mut bytes = fs::read(path).unwrap();
            // The root pages of the tables follow the first page, which has the schema.
            bytes[4096..60_000].fill(0x5a);
            fs::write(path, bytes).unwrap();
        }),
        ("without a table", Reason::Corrupt, |path| {
            index(path);
            sqlite(
                path,
                "DROP VIEW scout_folders; DROP VIEW scout_files; DROP TABLE graveyard; PRAGMA journal_mode = delete",
            );
        }),
    ];
    for (name, reason, make) in cases {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("index.db");
        make(&path);
        for suffix in ["-wal", "-shm", "-writer"] {
            let _ = fs::remove_file(directory.path().join(format!("index.db{suffix}")));
        }
        let before = fs::read(&path).unwrap();
        assert_eq!(refused(&path), reason, "{name}");
        let location = Location::resolve(&path).unwrap();
        assert_eq!(
            open_reader(&location, Duration::ZERO).unwrap_err().reason,
            reason,
            "{name}, for reading"
        );
        assert_eq!(fs::read(&path).unwrap(), before, "{name}");
        assert!(!location.sidecar.exists(), "{name}");
    }
}

#[test]
fn errors_name_paths_that_lead_nowhere() {
    let directory = tempfile::tempdir().unwrap();
    let at = |name: &str| directory.path().join(name);
    fs::create_dir(at("d")).unwrap();
    std::os::unix::fs::symlink("loop", at("loop")).unwrap();
    std::os::unix::fs::symlink("d/real.db", at("link")).unwrap();
    assert_eq!(refused(&at("d")).name(), "eisdir");
    assert_eq!(refused(&at("none/index.db")).name(), "enoent");
    assert_eq!(refused(&at("loop")).name(), "eloop");
    // Opened through a link, the lock lies beside the file itself: both names are one index.
    let index = open(&at("link")).unwrap();
    assert!(
        at("d/real.db").exists() && at("d/real.db-writer").exists() && !at("link-writer").exists()
    );
    assert_eq!(refused(&at("d/real.db")), Reason::Busy);
    index.close().unwrap();
    open(&at("d/real.db")).unwrap().close().unwrap();
}

#[test]
fn there_is_one_writer() {
    let fixture = Fixture::new();
    assert_eq!(refused(&fixture.path()), Reason::Busy);
    let mut other = Command::new("flock");
    other
        .args(["--nonblock", "--exclusive"])
        .arg(fixture.directory.path().join("index.db-writer"))
        .arg("true");
    // flock(1) exits with 1 if the lock is held, and with another number on errors.
    let status = other.status().unwrap();
    assert_eq!(status.code(), Some(1), "another process may take the lock");
}

#[test]
fn a_write_lock_held_elsewhere_is_waited_for_and_then_reported() {
    let options = OpenOptions {
        busy_timeout: Duration::from_millis(20),
        stall_timeout: Duration::ZERO,
        ..OpenOptions::default()
    };
    let fixture = Fixture::with(options);
    let other = rusqlite::Connection::open(fixture.path()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let error = fixture
        .index()
        .begin(spec(), Box::new(|_| {}))
        .err()
        .unwrap();
    assert_eq!(error.reason, Reason::Busy);
    other.execute_batch("ROLLBACK").unwrap();
    fixture.scan(&[listing("", &[file("a", 1, 1)], 1)]);
    fixture.recount();
}

#[test]
fn a_scan_that_never_ended_reads_as_crashed() {
    let mut fixture = Fixture::new();
    fixture.scan(&[listing("", &[file("a", 1, 1)], 1)]);
    // As a killed writer leaves it.
    fixture.sql(
        "UPDATE scans SET status = 0, ended_at = NULL; UPDATE sources SET last_scan_status = 0",
    );
    fixture.reopen();
    assert_eq!(
        fixture.shell("SELECT status FROM scans UNION ALL SELECT last_scan_status FROM sources"),
        "5\n5\n"
    );
}

#[test]
fn a_database_put_back_in_time_is_noticed() {
    let mut fixture = Fixture::new();
    let root = [listing("", &[file("a", 1, 1)], 1)];
    fixture.scan(&root);
    fixture.reopen();
    let old = fs::read(fixture.path()).unwrap();
    fixture.scan(&root);
    fixture.reopen();
    drop(fixture.index.take().unwrap().close());
    fs::write(fixture.path(), old).unwrap();
    for suffix in ["-wal", "-shm"] {
        let _ = fs::remove_file(fixture.directory.path().join(format!("index.db{suffix}")));
    }
    fixture.index = Some(open(&fixture.path()).unwrap().into());
    let remembered: Vec<i64> = fixture.index().remembered().values().copied().collect();
    assert_eq!(remembered, [2]);
    assert_eq!(fixture.shell("SELECT generation FROM sources"), "1\n");
}

#[test]
fn rules_and_identities_are_checked_against_the_source() {
    use aether_index::{MountIdentity, Rules};
    let fixture = Fixture::new();
    let identity = |inode| {
        Some(MountIdentity {
            inode,
            birth: None,
            file_system: Some(1),
        })
    };
    let first = ScanSpec {
        root_identity: identity(1),
        ..spec()
    };
    let entries = [file("a", 1, 1)];
    let root = || listing("", &entries, 1);
    fixture.scan_as(first.clone(), &[root()], Status::Complete);
    let begin = |spec: ScanSpec| {
        fixture
            .index()
            .begin(spec, Box::new(|_| {}))
            .map(drop)
            .map_err(|error| error.reason)
    };
    let other = Rules {
        hidden: false,
        ..Rules::default()
    };
    assert_eq!(
        begin(ScanSpec {
            rules: Some(other.clone()),
            ..first.clone()
        }),
        Err(Reason::RulesChanged)
    );
    assert_eq!(
        begin(ScanSpec {
            root_identity: identity(2),
            ..first.clone()
        }),
        Err(Reason::RootChanged)
    );
    assert_eq!(
        begin(ScanSpec {
            source_id: Some("x".into()),
            root: b"/other".to_vec(),
            ..first.clone()
        }),
        Ok(())
    );
    assert_eq!(
        begin(ScanSpec {
            source_id: Some("x".into()),
            ..first.clone()
        }),
        Err(Reason::IdTaken)
    );
    assert_eq!(
        begin(ScanSpec {
            rules: Some(other.clone()),
            replace_rules: true,
            ..first.clone()
        }),
        Ok(())
    );
    // From now on they are the source's own.
    let scan = fixture.begin(first.clone());
    assert_eq!(scan.started().rules, other);
    assert_eq!(begin(first.clone()), Err(Reason::AlreadyScanning));
    scan.end(Status::Complete, ScanCounts::default()).unwrap();
    assert_eq!(
        begin(ScanSpec {
            root_identity: identity(2),
            accept_root: true,
            ..first
        }),
        Ok(())
    );
    assert_eq!(
        fixture.shell("SELECT identity FROM sources WHERE root = '/no/such/root'"),
        "2:-:1\n"
    );
}

/// A user who may not read a folder may not read its names in an index either.
#[test]
fn only_the_owner_has_permissions_unless_others_are_given() {
    for mode in [None, Some(0o640)] {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("index.db");
        let mut options = OpenOptions::default();
        options.mode = mode.unwrap_or(options.mode);
        let index = Index::open(&path, options).unwrap();
        let scan = index.begin(spec(), Box::new(|_| {})).unwrap();
        push_whole(&scan, &listing("", &[file("a", 1, 1)], 1));
        let location = index.location().clone();
        let mut watch = aether_index::maintenance::Task {
            cancel: std::sync::Arc::default(),
            progress: &mut |_| {},
        };
        let copy = directory.path().join("copy.db");
        aether_index::maintenance::backup(&location, &copy, &mut watch).unwrap();
        let found: std::collections::BTreeSet<u32> = fs::read_dir(directory.path())
            .unwrap()
            .map(|entry| entry.unwrap().metadata().unwrap().permissions().mode() & 0o777)
            .collect();
        assert_eq!(found, [mode.unwrap_or(0o600)].into());
        scan.end(Status::Complete, ScanCounts::default()).unwrap();
        index.close().unwrap();
    }
}

#[test]
fn a_read_only_place_is_reported() {
    let nobody = ["--reuid=65534", "--regid=65534", "--clear-groups"];
    if std::env::var_os("INDEX_TO_OPEN").is_none() {
        if !is_root() {
            return;
        }
        // As another user: root may write anywhere.
        let open_to_all = || {
            let directory = tempfile::tempdir().unwrap();
            fs::set_permissions(directory.path(), PermissionsExt::from_mode(0o755)).unwrap();
            directory
        };
        // Copied by another process: a fork of this one while the file is open for writing keeps it
        // busy.
        let place = open_to_all();
        let exe = place.path().join("exe");
        let mut install = Command::new("install");
        install.args(["-m", "755"]);
        install.arg(std::env::current_exe().unwrap()).arg(&exe);
        assert!(install.status().unwrap().success());
        for name in ["new.db", "old.db"] {
            let directory = open_to_all();
            let path = directory.path().join(name);
            if name == "old.db" {
                index(&path);
                for entry in fs::read_dir(directory.path()).unwrap() {
                    let readable = PermissionsExt::from_mode(0o644);
                    fs::set_permissions(entry.unwrap().path(), readable).unwrap();
                }
            }
            let before = fs::read(&path).ok();
            let child = Command::new("setpriv")
                .args(nobody)
                .arg(&exe)
                .args(["--exact", test_name(&a_read_only_place_is_reported)])
                .env("INDEX_TO_OPEN", &path)
                .output()
                .unwrap();
            let said = String::from_utf8_lossy(&child.stdout);
            let errors = String::from_utf8_lossy(&child.stderr);
            assert!(child.status.success(), "{name}: {said}{errors}");
            assert!(said.contains("1 passed"), "{name}: {said}");
            assert_eq!(fs::read(&path).ok(), before);
        }
        return;
    }
    let path = std::env::var_os("INDEX_TO_OPEN").unwrap();
    assert_eq!(refused(Path::new(&path)), Reason::ReadOnly);
}

#[test]
fn other_files_beside_an_index_are_left_alone() {
    let directory = tempfile::tempdir().unwrap();
    let at = |name: &str| directory.path().join(name);
    fs::write(at("index.db-new"), "my letters").unwrap();
    fs::write(at("other.db-unfinished"), "my letters").unwrap();
    index(&at("index.db"));
    assert_eq!(fs::read(at("index.db-new")).unwrap(), b"my letters");
    assert_eq!(refused(&at("other.db")).name(), "eexist");
    assert_eq!(fs::read(at("other.db-unfinished")).unwrap(), b"my letters");
    // An index that is used by that name, and a half-made one.
    index(&at("third.db-unfinished"));
    assert_eq!(refused(&at("third.db")).name(), "eexist");
    fs::write(at("fourth.db-unfinished"), "").unwrap();
    index(&at("fourth.db"));
    assert!(!at("fourth.db-unfinished").exists());
}

#[test]
fn a_sidecar_that_leads_elsewhere_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let at = |name: &str| directory.path().join(name);
    fs::write(at("elsewhere"), "").unwrap();
    std::os::unix::fs::symlink("elsewhere", at("index.db-writer")).unwrap();
    let (send, receive) = std::sync::mpsc::channel();
    let path = at("index.db");
    std::thread::spawn(move || send.send(refused(&path)));
    let refused = receive.recv_timeout(Duration::from_secs(10)).unwrap();
    assert_eq!(refused.name(), "eloop");
}

/// A reader of the file needs its other files as well.
#[test]
fn permissions_of_the_other_files_follow_those_of_the_file() {
    let mut fixture = Fixture::new();
    fixture.scan(&[listing("", &[file("a", 1, 1)], 1)]);
    fixture.index.take().unwrap().close().unwrap();
    for mode in [0o664, 0o600] {
        fs::set_permissions(fixture.path(), fs::Permissions::from_mode(mode)).unwrap();
        fixture.reopen();
        fixture.scan(&[listing("", &[file("b", 1, 1)], 1)]);
        for suffix in ["", "-wal", "-shm", "-writer"] {
            let path = format!("{}{suffix}", fixture.path().display());
            let found = fs::metadata(path).unwrap().permissions().mode() & 0o777;
            assert_eq!(found, mode, "{suffix}");
        }
        fixture.index.take().unwrap().close().unwrap();
    }
}

/// Readers share the lock for a moment, to see whether a writer holds it.
#[test]
fn a_writer_that_does_not_wait_is_not_refused_because_of_readers() {
    let directory = tempfile::tempdir().unwrap();
    let location = Location::resolve(&directory.path().join("index.db")).unwrap();
    let (looked, done) = (AtomicBool::new(false), AtomicBool::new(false));
    drop(WriterLock::take(&location.sidecar, Duration::ZERO).unwrap());
    let reader = fs::File::open(&location.sidecar).unwrap();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(Ordering::Acquire) {
                reader.lock_shared().unwrap();
                looked.store(true, Ordering::Release);
                std::thread::yield_now();
                reader.unlock().unwrap();
                std::thread::yield_now();
            }
        });
        wait_until(|| looked.load(Ordering::Acquire));
        let taken: Vec<_> = (0..20)
            .map(|_| WriterLock::take(&location.sidecar, Duration::ZERO).map(drop))
            .collect();
        done.store(true, Ordering::Release);
        assert!(taken.iter().all(Result::is_ok), "{taken:?}");
    });
}
