//! Directories that belong to another user.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use aether_core::slab::status;
use aether_core::{Options, Pool, Status};
use rustix::io::Errno;
use tempfile::TempDir;

use crate::support::*;

#[test]
fn forbidden_directories_are_entries_and_errors() {
    if !rustix::process::geteuid().is_root() {
        eprintln!("skipped: needs root to become another user");
        return;
    }
    let dir = TempDir::new().unwrap();
    for mode in [0o000, 0o111, 0o444, 0o755] {
        let sub = dir.path().join(format!("{mode:03o}"));
        fs::create_dir(&sub).unwrap();
        fs::write(sub.join("file"), b"12345").unwrap();
        fs::set_permissions(&sub, fs::Permissions::from_mode(mode)).unwrap();
    }
    fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let found = as_nobody(move || {
        let found = run(&Pool::new(2), root(dir.path()), Options::default()).unwrap();
        (
            found,
            run(
                &Pool::new(1),
                root(&dir.path().join("000")),
                Options::default(),
            )
            .err(),
            dir,
        )
    });
    let (found, forbidden, _dir) = found;
    assert_eq!(forbidden.unwrap().reason.name(), "eacces");
    assert_eq!(found.summary.status, Status::Partial);
    let eacces = status::errno(Errno::ACCESS.raw_os_error());
    let closed: Vec<_> = found
        .closed
        .iter()
        .map(|(path, s)| (&path[..], *s))
        .collect();
    let complete = status::COMPLETE;
    assert_eq!(
        closed,
        [
            (&b""[..], complete),
            (b"000", eacces),
            (b"111", eacces),
            (b"444", complete),
            (b"755", complete)
        ]
    );
    // A directory that may be listed but not searched: its names are there, without metadata.
    let row = |path: &[u8]| found.rows.iter().find(|row| row.0 == path).unwrap().clone();
    assert_eq!(row(b"444/file").2, None);
    assert_eq!(row(b"755/file").2.unwrap().0, 5);
    assert_eq!(found.summary.errors.count, 3);
    let reasons: Vec<_> = found
        .summary
        .errors
        .by_reason
        .keys()
        .map(|r| r.name())
        .collect();
    assert_eq!(reasons, ["eacces"]);
}

/// Runs a function on a thread with another user's rights, which the threads that it starts inherit.
pub fn as_nobody<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    let thread = std::thread::spawn(|| {
        let nobody = rustix::process::Uid::from_raw(65534);
        rustix::thread::set_thread_res_uid(nobody, nobody, nobody).unwrap();
        work()
    });
    thread.join().unwrap()
}
