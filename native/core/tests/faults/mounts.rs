//! Mounts that do not answer: with `same_file_system` they are not opened.
#![cfg(all(target_os = "linux", not(aether_portable)))]

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use aether_core::slab::{Groups, status};
use aether_core::{Ignore, Options, Pool, Status};
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use crate::support::*;

/// Would never end if the mount that hangs were touched.
fn closed_as_other(tree: &Path, mounted: &str, metadata: Groups) {
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

/// Waits for the end of a scan; returns whether it comes.
fn ends_in_time(mailbox: &Mailbox) -> bool {
    let begun = Instant::now();
    let ends = |message: &Message| matches!(message, Message::Completed(_));
    while mailbox.count(ends) == 0 && begun.elapsed() < Duration::from_secs(20) {
        std::thread::yield_now();
    }
    mailbox.count(ends) > 0
}

/// A trigger is an autofs mount. Opening it makes the daemon mount something there, which may wait for a server that is
/// gone.
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
    // The daemon is a pipe without a reader, in another process group.
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
    closed_as_other(&dir.path().join("tree"), "trigger", Groups::METADATA);
    let _ = Command::new("umount")
        .args(["-l", &at("tree/trigger")])
        .status();
}

/// Size and mtime of a mount point come from its server, but nothing else needs one.
#[test]
fn a_hung_mount_is_not_touched_under_same_file_system() {
    if !in_mount_namespace(a_hung_mount_is_not_touched_under_same_file_system) {
        return;
    }
    let dir = TempDir::new().unwrap();
    for path in ["hung", "beside"] {
        fs::create_dir(dir.path().join(path)).unwrap();
    }
    let Some(server) = fuse(&dir.path().join("hung"), &["1"]) else {
        return;
    };
    let server = Stopped::new(server);
    closed_as_other(dir.path(), "hung", Groups::empty());
    drop(server);
}

/// A `.git` in `tree`, as a file that points there or as a link.
enum Pointer {
    File(String),
    Link(PathBuf),
}

/// Puts pointers into directories of `tree` and lets the mounts hang. What somebody wrote into a tree must make no thread
/// wait: the scan ends, with an error for each pointer.
fn not_followed(tree: &Path, pointers: &[Pointer], mounts: Vec<Child>) {
    for (number, pointer) in pointers.iter().enumerate() {
        let folder = tree.join(format!("{number}"));
        fs::create_dir(&folder).unwrap();
        match pointer {
            Pointer::File(text) => fs::write(folder.join(".git"), text).unwrap(),
            Pointer::Link(to) => std::os::unix::fs::symlink(to, folder.join(".git")).unwrap(),
        }
    }
    let stopped: Vec<_> = mounts.into_iter().map(Stopped::new).collect();
    let pool = Pool::new(2);
    let options = Options {
        ignore: Ignore::git(),
        ..Options::default()
    };
    let (_scan, mailbox) = start(&pool, root(tree), options);
    let in_time = ends_in_time(&mailbox);
    drop(stopped);
    assert!(in_time, "a mount was touched: {:?}", pool.info());
    let found = outcome(mailbox.take()).unwrap();
    let errors = &found.summary.errors.first;
    let mut at: Vec<_> = errors.iter().map(|error| error.path.clone()).collect();
    at.sort();
    let expected: Vec<_> = (0..pointers.len())
        .map(|number| format!("{number}/.git").into_bytes())
        .collect();
    assert_eq!(at, expected, "{errors:?}");
    assert!(errors.iter().all(|error| error.reason.name() == "exdev"));
    assert_eq!(pool.info().stuck_threads, 0);
}

#[test]
fn a_repository_on_a_hung_mount_is_not_opened() {
    if !in_mount_namespace(a_repository_on_a_hung_mount_is_not_opened) {
        return;
    }
    let dir = TempDir::new().unwrap();
    let at = |path: &str| dir.path().join(path);
    for path in ["hung", "tree", "far"] {
        fs::create_dir(at(path)).unwrap();
    }
    fs::create_dir(at("git")).unwrap();
    fs::write(
        at("git/commondir"),
        at("hung/git").as_os_str().as_encoded_bytes(),
    )
    .unwrap();
    std::os::unix::fs::symlink(at("hung"), at("far/link")).unwrap();
    let Some(server) = fuse(&at("hung"), &["1"]) else {
        return;
    };
    let pointers = [
        Pointer::File("gitdir: ../../hung/git\n".into()),
        Pointer::Link(at("hung/git")),
        Pointer::Link(at("git")),
        Pointer::File(format!("gitdir: {}/git\n", at("far/link").display())),
        Pointer::File("gitdir: ../x/../../hung/git\n".into()),
    ];
    fs::create_dir(at("tree/x")).unwrap();
    not_followed(&at("tree"), &pointers, vec![server]);
}

/// As homes lie beneath an automounter: the tree's own file system is beneath one of a server.
#[test]
fn a_repository_on_a_hung_mount_beside_the_trees_own_is_not_opened() {
    if !in_mount_namespace(a_repository_on_a_hung_mount_beside_the_trees_own_is_not_opened) {
        return;
    }
    let dir = TempDir::new().unwrap();
    let at = |path: &str| dir.path().join(path);
    for path in ["outer", "hung"] {
        fs::create_dir(at(path)).unwrap();
    }
    let Some(outer) = fuse(&at("outer"), &["0", "a", "b"]) else {
        return;
    };
    mount(&["-t", "tmpfs", "none", at("outer/a").to_str().unwrap()]);
    fs::create_dir(at("outer/a/tree")).unwrap();
    let servers = [at("outer/b"), at("hung")].map(|mount| fuse(&mount, &["1"]).unwrap());
    let pointers = [
        Pointer::File("gitdir: ../../../b/git\n".into()),
        Pointer::Link(at("hung/git")),
    ];
    not_followed(&at("outer/a/tree"), &pointers, servers.into());
    drop(outer);
}

/// A work tree and its repository, which may lie anywhere on this machine's own file systems.
#[test]
fn a_repository_on_another_local_mount_is_read() {
    if !in_mount_namespace(a_repository_on_another_local_mount_is_read) {
        return;
    }
    let dir = TempDir::new().unwrap();
    let at = |path: &str| dir.path().join(path);
    for path in ["disk", "bound", "tree"] {
        fs::create_dir(at(path)).unwrap();
    }
    mount(&["-t", "tmpfs", "none", at("disk").to_str().unwrap()]);
    fs::create_dir(at("disk/tree")).unwrap();
    mount(&[
        "--bind",
        at("disk/tree").to_str().unwrap(),
        at("bound").to_str().unwrap(),
    ]);
    for path in ["disk/git/info", "disk/git/objects", "disk/git/refs"] {
        fs::create_dir_all(at(path)).unwrap();
    }
    fs::write(at("disk/git/HEAD"), "ref: refs/heads/main\n").unwrap();
    fs::write(at("disk/git/info/exclude"), "*.log\n").unwrap();
    let pointer = format!("gitdir: {}\n", at("disk/git").display());
    for tree in ["tree", "disk/tree", "bound"] {
        fs::write(at(tree).join(".git"), &pointer).unwrap();
        fs::write(at(tree).join("a.log"), "").unwrap();
        fs::write(at(tree).join("kept"), "").unwrap();
        let options = Options {
            ignore: Ignore::git(),
            ..Options::default()
        };
        let found = run(&Pool::new(1), root(&at(tree)), options).unwrap();
        found.assert_complete();
        let names: Vec<_> = found.rows.iter().map(|row| &row.0[..]).collect();
        assert_eq!(names, [b"kept"], "{tree}");
    }
}

/// One home hangs; another beneath the same automounter is well.
#[test]
fn a_mount_beneath_another_is_not_taken_for_that() {
    if !in_mount_namespace(a_mount_beneath_another_is_not_taken_for_that) {
        return;
    }
    let dir = TempDir::new().unwrap();
    let at = |path: &str| dir.path().join(path);
    fs::create_dir(at("outer")).unwrap();
    let Some(outer) = fuse(&at("outer"), &["0", "a", "b"]) else {
        return;
    };
    mount(&["-t", "tmpfs", "none", at("outer/a").to_str().unwrap()]);
    fs::write(at("outer/a/file"), b"").unwrap();
    let inner = fuse(&at("outer/b"), &["1"]).unwrap();
    let pool = Pool::new(8);
    let inner = Stopped::new(inner);
    let refused = |message: &Message| matches!(message, Message::Opened(Err(_)));
    let mut hung = Vec::new();
    loop {
        let stuck = pool.info().stuck_threads;
        let (scan, mailbox) = start(&pool, root(&at("outer/b")), Options::default());
        wait_until(|| pool.info().stuck_threads > stuck || mailbox.count(refused) > 0);
        if mailbox.count(refused) > 0 {
            break;
        }
        hung.push((scan, mailbox));
    }
    let found = run(&pool, root(&at("outer/a")), Options::default());
    let stuck = pool.info().stuck_threads;
    drop((inner, outer));
    assert_eq!(found.unwrap().rows.len(), 1);
    assert_eq!(stuck, 4);
}

/// Parked scans of a mount that hangs by now are all asked. Of the pool's threads enough are left for others.
#[test]
fn parked_scans_of_a_mount_that_hangs_leave_threads_to_others() {
    if !in_mount_namespace(parked_scans_of_a_mount_that_hangs_leave_threads_to_others) {
        return;
    }
    let dir = TempDir::new().unwrap();
    let hung = dir.path().join("hung");
    fs::create_dir(&hung).unwrap();
    let Some(mut server) = fuse(&hung, &["40"]) else {
        return;
    };
    server
        .stdin
        .as_mut()
        .unwrap()
        .write_all(b"release\n")
        .unwrap();
    let pool = Pool::new(32);
    let options = Options {
        slab_entries: 5,
        ..slabs(1)
    };
    let scans: Vec<_> = (0..120)
        .map(|_| {
            let scan = start(&pool, root(&hung), options.clone());
            scan.1.wait(|m| matches!(m, Message::Passive));
            scan
        })
        .collect();
    let server = Stopped::new(server);
    let other = TempDir::new_in("/dev/shm").unwrap();
    fs::write(other.path().join("file"), b"").unwrap();
    scans.iter().for_each(|(scan, _)| scan.ask(1000));
    // As many hang as ever will when it has not changed for longer than it takes to find that one does.
    let mut stuck = (0, Instant::now());
    while stuck.0 == 0 || stuck.1.elapsed() < Duration::from_secs(2) {
        let now = pool.info().stuck_threads;
        if now != stuck.0 {
            stuck = (now, Instant::now());
        }
        let found = run(&pool, root(other.path()), Options::default());
        assert_eq!(found.unwrap().rows.len(), 1);
    }
    scans.iter().for_each(|(scan, _)| scan.cancel());
    for (_, mailbox) in &scans {
        assert_eq!(mailbox.outcome().summary.status, Status::Cancelled);
    }
    drop(server);
    wait_until(|| pool.info().stuck_threads == 0);
}

/// A server that answers nobody until this is dropped; then what waits for it comes back with an error.
pub struct Stopped(Child);

impl Stopped {
    pub fn new(server: Child) -> Stopped {
        kill_process(Pid::from_child(&server), Signal::STOP).unwrap();
        Stopped(server)
    }
}

impl Drop for Stopped {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Starts `test/support/fuse.pl`, whose listings hang until its input says "release".
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
