//! A mount point that hangs when it is looked at from the folder around it.
#![cfg(all(target_os = "linux", not(aether_portable)))]

use std::fs;
use std::os::unix::fs::symlink;

use aether_core::slab::status;
use aether_core::{Operation, Options, Pool};
use rustix::io::Errno;
use tempfile::TempDir;

use crate::mounts::{Stopped, fuse};
use crate::support::*;

/// Its stuck threads say nothing of the mount around it, by whatever path that is scanned.
#[test]
fn a_hung_mount_is_not_taken_for_the_one_around_it() {
    if !in_mount_namespace(a_hung_mount_is_not_taken_for_the_one_around_it) {
        return;
    }
    let dir = TempDir::new().unwrap();
    let at = |path: &str| dir.path().join(path);
    for path in ["around/hung", "around/beside"] {
        fs::create_dir_all(at(path)).unwrap();
    }
    fs::write(at("around/beside/file"), b"").unwrap();
    symlink(at("around"), at("link")).unwrap();
    let Some(server) = fuse(&at("around/hung"), &["1"]) else {
        return;
    };
    let server = Stopped::new(server);
    let pool = Pool::new(8);
    let ended =
        |message: &Message| matches!(message, Message::Completed(_) | Message::Opened(Err(_)));
    let mut hanging = Vec::new();
    for n in 0..14 {
        let stuck = pool.info().stuck_threads;
        let path = at(if n % 2 == 0 { "around" } else { "link" });
        let (scan, mailbox) = start(&pool, root(&path), Options::default());
        wait_until(|| pool.info().stuck_threads > stuck || mailbox.count(ended) > 0);
        hanging.push((scan, mailbox));
    }
    let stuck = pool.info().stuck_threads;
    let beside = run(&pool, root(&at("around/beside")), Options::default());
    let (_scan, mailbox) = hanging.pop().unwrap();
    let last = (mailbox.count(ended) > 0).then(|| outcome(mailbox.take()).unwrap());
    drop(server);
    assert_eq!(beside.unwrap().rows.len(), 1);
    assert_eq!(stuck, 4, "threads that hang");
    // Where no more threads may hang the entry is not looked at, and the rest of the folder is read.
    let last = last.unwrap();
    let names: Vec<_> = last.rows.iter().map(|row| &row.0[..]).collect();
    assert_eq!(names, [&b"beside"[..], b"beside/file", b"hung"]);
    assert_eq!(last.rows[2], (b"hung".to_vec(), 'd', None));
    let timed_out = status::errno(Errno::TIMEDOUT.raw_os_error());
    assert_eq!(last.closed[&b"hung"[..]], timed_out);
    let errors = &last.summary.errors.first;
    let looks: Vec<_> = errors
        .iter()
        .filter(|error| error.operation == Operation::Stat)
        .map(|error| (&error.path[..], error.reason.name()))
        .collect();
    assert_eq!(looks, [(&b"hung"[..], "etimedout")]);
    wait_until(|| pool.info().stuck_threads == 0);
}
