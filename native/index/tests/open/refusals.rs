//! What is no index, or lies where none can be, is refused and stays as it was.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use aether_index::{Location, Reason, open_reader};

use crate::support::*;
use crate::{index, open, refused, sqlite};

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
