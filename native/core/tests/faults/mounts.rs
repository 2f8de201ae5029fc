//! Mounts that answer nobody: under `same_file_system` they are not opened.
#![cfg(all(target_os = "linux", not(aether_portable)))]

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use aether_core::slab::status;
use aether_core::{Ignore, Options, Pool};
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use crate::support::*;

/// Of a mount that hangs this would never end.
fn closed_as_other(tree: &Path, mounted: &str, metadata: bool) {
    let options = Options {
        same_file_system: true,
        metadata,
        ..Options::default()
    };
    let pool = Pool::new(1);
    let (_scan, mailbox) = start(&pool, root(tree), options);
    if !ends_in_time(&mailbox) {
        eprintln!("{mounted} was touched");
        // A panic would wait for the thread that hangs.
        std::process::exit(101);
    }
    let found = outcome(mailbox.take()).unwrap();
    found.assert_complete();
    assert_eq!(found.closed[mounted.as_bytes()], status::OTHER_FILE_SYSTEM);
    assert_eq!(found.closed[&b"beside"[..]], status::COMPLETE);
}

/// Waits for the end of a scan; whether it comes.
fn ends_in_time(mailbox: &Mailbox) -> bool {
    let begun = Instant::now();
    let ends = |message: &Message| matches!(message, Message::Completed(_));
    while mailbox.count(ends) == 0 && begun.elapsed() < Duration::from_secs(20) {
        std::thread::yield_now();
    }
    mailbox.count(ends) > 0
}

/// A trigger is a mount of its own, of autofs. To open it is to have the daemon mount something there, which may wait
/// for a server that is gone.
#[test]
fn automounts_are_not_triggered_under_same_file_system() {
    if !in_mount_namespace(automounts_are_not_triggered_under_same_file_system) {
        return;
    }
    let dir = TempDir::new().unwrap();
    let at = |path: &str| dir.path().join(path).to_str().unwrap().to_owned();
    for path in ["tree/trigger", "tree/beside"] {
        fs::create_dir_all(at(path)).unwrap();
    }
    // The daemon is a pipe that nobody reads, in a process group that is not ours.
    let script = r#"mkfifo "$1" && exec 7<>"$1" &&
        exec mount -t autofs -o fd=7,pgrp=1,minproto=5,maxproto=5,direct none "$2""#;
    let mounted = Command::new("bash")
        .args(["-c", script, "bash", &at("pipe"), &at("tree/trigger")])
        .output()
        .unwrap();
    if !mounted.status.success() {
        eprintln!("skipped: no autofs here: {mounted:?}");
        return;
    }
    closed_as_other(&dir.path().join("tree"), "trigger", true);
    let _ = Command::new("umount")
        .args(["-l", &at("tree/trigger")])
        .status();
}

/// The size and time of a mount point are its server's, but nothing else has to be asked for.
#[test]
fn a_hung_mount_is_not_asked_under_same_file_system() {
    if !in_mount_namespace(a_hung_mount_is_not_asked_under_same_file_system) {
        return;
    }
    let dir = TempDir::new().unwrap();
    for path in ["hung", "beside"] {
        fs::create_dir(dir.path().join(path)).unwrap();
    }
    let Some(mut server) = fuse(&dir.path().join("hung"), &["1"]) else {
        return;
    };
    let pid = Pid::from_child(&server);
    kill_process(pid, Signal::STOP).unwrap();
    closed_as_other(dir.path(), "hung", false);
    kill_process(pid, Signal::KILL).unwrap();
    server.wait().unwrap();
}

/// What somebody wrote into a tree makes no thread wait for a mount that answers nobody.
#[test]
fn a_repository_on_a_hung_mount_is_not_opened() {
    if !in_mount_namespace(a_repository_on_a_hung_mount_is_not_opened) {
        return;
    }
    let dir = TempDir::new().unwrap();
    let at = |path: &str| dir.path().join(path);
    for path in ["hung", "tree/file", "tree/commondir/.git", "beside"] {
        fs::create_dir_all(at(path)).unwrap();
    }
    fs::create_dir(at("tree/link")).unwrap();
    fs::write(at("tree/file/.git"), "gitdir: ../../hung/git\n").unwrap();
    fs::write(
        at("tree/commondir/.git/commondir"),
        at("hung/git").as_os_str().as_encoded_bytes(),
    )
    .unwrap();
    std::os::unix::fs::symlink(at("hung/git"), at("tree/link/.git")).unwrap();
    let Some(mut server) = fuse(&at("hung"), &["1"]) else {
        return;
    };
    let pid = Pid::from_child(&server);
    kill_process(pid, Signal::STOP).unwrap();
    let pool = Pool::new(2);
    let options = Options {
        ignore: Ignore::git(),
        ..Options::default()
    };
    let (_scan, mailbox) = start(&pool, root(&at("tree")), options);
    let in_time = ends_in_time(&mailbox);
    // Where a thread waits for it, it comes back.
    kill_process(pid, Signal::KILL).unwrap();
    server.wait().unwrap();
    assert!(in_time, "the mount was touched");
    let found = outcome(mailbox.take()).unwrap();
    let mut told: Vec<_> = found
        .summary
        .errors
        .first
        .iter()
        .map(|error| &error.path[..])
        .collect();
    told.sort();
    assert_eq!(told, [&b"commondir/.git"[..], b"file/.git", b"link/.git"]);
    assert!(
        found
            .summary
            .errors
            .first
            .iter()
            .all(|error| error.reason.name() == "exdev")
    );
    assert_eq!(pool.info().stuck_threads, 0);
}

/// Starts `test/support/fuse.pl`, which lets listings hang until its input says "release".
pub fn fuse(mount: &Path, arguments: &[&str]) -> Option<Child> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../test/support/fuse.pl");
    let mut server = Command::new("perl")
        .arg(script)
        .arg(mount)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = String::new();
    let mut output = BufReader::new(server.stdout.take().unwrap());
    output.read_line(&mut said).unwrap();
    if said == "mounted\n" {
        return Some(server);
    }
    eprintln!("skipped: no FUSE here");
    let _ = server.wait();
    None
}
