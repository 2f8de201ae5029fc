//! Where a scan may start: roots and folders that can be opened, and why others cannot.

use std::fs;

use aether_core::{Options, Pool, Reason, Root};
use tempfile::TempDir;

use crate::support::*;

#[test]
fn folders_never_leave_the_root() {
    let outside = TempDir::new().unwrap();
    let dir = TempDir::new().unwrap();
    fs::create_dir(dir.path().join("sub")).unwrap();
    fs::write(dir.path().join("file"), b"").unwrap();
    std::os::unix::fs::symlink(outside.path(), dir.path().join("link")).unwrap();
    let rows: [(&[u8], &str); 12] = [
        (b"..", "outside_root"),
        (b"sub/..", "outside_root"),
        (b"sub/../..", "outside_root"),
        (b"/etc", "outside_root"),
        (b"sub/", "outside_root"),
        (b"sub//x", "outside_root"),
        (b".", "outside_root"),
        (b"link", "eloop"),
        (b"link/x", "eloop"),
        (b"file", "enotdir"),
        (b"gone", "enoent"),
        (b"su\0b", "einval"),
    ];
    for (folder, reason) in rows {
        let start = Root {
            folder: folder.to_vec(),
            ..root(dir.path())
        };
        let error = run(&Pool::new(1), start, Options::default()).unwrap_err();
        assert_eq!(error.reason.name(), reason, "{}", folder.escape_ascii());
    }
}

#[test]
fn another_directory_in_the_roots_place_is_detected() {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("root");
    fs::create_dir(&path).unwrap();
    let pool = Pool::new(1);
    let (_scan, mailbox) = start(&pool, root(&path), Options::default());
    mailbox.wait_for_end();
    let identity = mailbox.take().into_iter().find_map(|m| match m {
        Message::Opened(result) => Some(result.unwrap()),
        _ => None,
    });
    let again = Root {
        identity,
        ..root(&path)
    };
    assert!(run(&pool, again.clone(), Options::default()).is_ok());
    fs::rename(&path, dir.path().join("other")).unwrap();
    fs::create_dir(&path).unwrap();
    assert_eq!(
        run(&pool, again, Options::default()).unwrap_err().reason,
        Reason::RootChanged
    );
}

#[test]
fn roots_that_cannot_be_opened_say_why() {
    let dir = TempDir::new().unwrap();
    let at = |name: &str| dir.path().join(name);
    fs::write(at("file"), b"").unwrap();
    fs::create_dir(at("dir")).unwrap();
    std::os::unix::fs::symlink("nowhere", at("dangling")).unwrap();
    std::os::unix::fs::symlink("loop", at("loop")).unwrap();
    std::os::unix::fs::symlink("dir", at("link")).unwrap();
    assert!(
        std::process::Command::new("mkfifo")
            .arg(at("fifo"))
            .status()
            .unwrap()
            .success()
    );
    let rows = [
        ("gone", "enoent"),
        ("file", "enotdir"),
        ("file/", "enotdir"),
        ("fifo", "enotdir"),
        ("dangling", "enoent"),
        ("loop", "eloop"),
        ("dir\n", "enoent"),
        (&"x/".repeat(2100), "enametoolong"),
    ];
    for (path, reason) in rows {
        let error = run(&Pool::new(1), root(&at(path)), Options::default()).unwrap_err();
        assert_eq!(error.reason.name(), reason, "{path:?}");
    }
    for path in ["dir", "dir/", "dir//", "link"] {
        assert!(
            run(&Pool::new(1), root(&at(path)), Options::default()).is_ok(),
            "{path}"
        );
    }
    for path in [&b""[..], b"a\0b"] {
        let bad = Root {
            path: path.to_vec(),
            ..Root::default()
        };
        assert_eq!(
            run(&Pool::new(1), bad, Options::default())
                .unwrap_err()
                .reason
                .name(),
            "einval"
        );
    }
}
