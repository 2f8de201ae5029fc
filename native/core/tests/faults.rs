//! Faults and races, made for real: system calls that fail, hang or are interrupted, limits, other users' directories,
//! trees that change while they are read.
//!
//! Tests that need a fault injected run themselves again under `strace`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod support;

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use aether_core::slab::status;
use aether_core::{Demand, Ignore, Options, Pool, Root, State, Status};
use parking_lot::Mutex;
use rustix::io::Errno;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use support::*;
use tempfile::TempDir;

const INSIDE: &str = "AETHER_FAULT_TREE";

/// Runs one test of this file again, under strace with the given faults; the tree is told by the environment.
fn under_strace(test: &str, tree: &Path, arguments: &[&str]) {
    let log = tree.with_extension("strace");
    let output = Command::new("strace")
        .args(["-f", "-qq", "-o"])
        .arg(&log)
        .args(arguments)
        .arg(std::env::current_exe().unwrap())
        .args([test, "--exact", "--test-threads=1", "--nocapture"])
        .env(INSIDE, tree)
        .stdin(Stdio::null())
        .output()
        .expect("strace is installed");
    let _ = fs::remove_file(&log);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {said}");
    assert!(
        String::from_utf8_lossy(&output.stdout).contains("1 passed"),
        "{said}"
    );
}

fn inside() -> Option<PathBuf> {
    std::env::var_os(INSIDE).map(PathBuf::from)
}

/// `good` and `bad`, each with 3,000 files, and `small`.
fn tree() -> TempDir {
    let dir = TempDir::new().unwrap();
    for (sub, files) in [("good", 3000), ("bad", 3000), ("small", 3)] {
        fs::create_dir(dir.path().join(sub)).unwrap();
        for n in 0..files {
            fs::write(dir.path().join(sub).join(format!("{sub}-{n}")), b"").unwrap();
        }
    }
    dir
}

#[test]
fn a_listing_that_breaks_keeps_what_was_read() {
    if let Some(tree) = inside() {
        let number: i32 = std::env::var("AETHER_ERRNO").unwrap().parse().unwrap();
        let found = run(&Pool::new(2), root(&tree), Options::default()).unwrap();
        assert_eq!(found.summary.status, Status::Partial);
        assert_eq!(found.closed[&b"bad"[..]], status::errno(number));
        assert_eq!(found.closed[&b"good"[..]], status::COMPLETE);
        let bad = found
            .rows
            .iter()
            .filter(|row| row.0.starts_with(b"bad/"))
            .count();
        assert!((1..3000).contains(&bad), "{bad}");
        assert_eq!(
            found
                .rows
                .iter()
                .filter(|row| row.0.starts_with(b"good/"))
                .count(),
            3000
        );
        let error = &found.summary.errors.first[0];
        assert_eq!(
            (&error.path[..], error.operation.name()),
            (&b"bad"[..], "read")
        );
        assert_eq!(error.reason, aether_core::Reason::Errno(number));
        return;
    }
    let dir = tree();
    let bad = dir.path().join("bad");
    for errno in [Errno::IO, Errno::STALE, Errno::NOTCONN, Errno::TIMEDOUT] {
        let number = errno.raw_os_error();
        let inject = format!("inject=getdents64:error={number}:when=2");
        let path = bad.to_str().unwrap();
        let number = format!("AETHER_ERRNO={number}");
        under_strace(
            "a_listing_that_breaks_keeps_what_was_read",
            dir.path(),
            &["-E", &number, "-P", path, "-e", &inject],
        );
    }
}

#[test]
fn interrupted_calls_are_made_again() {
    if let Some(tree) = inside() {
        let found = run(&Pool::new(2), root(&tree), Options::default()).unwrap();
        assert_eq!(found.rows.len(), 6006);
        assert_eq!(
            found.summary.status,
            Status::Complete,
            "{:?}",
            found.summary.errors
        );
        return;
    }
    let dir = tree();
    let path = dir.path().to_str().unwrap();
    let sub = dir.path().join("small");
    for call in ["getdents64", "openat,openat2", "statx,newfstatat,fstat"] {
        let inject = format!("inject={call}:error=EINTR:when=1+3");
        let arguments = ["-P", path, "-P", sub.to_str().unwrap(), "-e", &inject];
        under_strace("interrupted_calls_are_made_again", dir.path(), &arguments);
    }
}

#[test]
fn older_kernels_and_sandboxes_do_without_openat2() {
    if let Some(tree) = inside() {
        let found = run(&Pool::new(2), root(&tree), Options::default()).unwrap();
        assert_eq!(found.rows, find(&tree, &[]));
        assert_eq!(
            found.summary.status,
            Status::Complete,
            "{:?}",
            found.summary.errors
        );
        return;
    }
    let dir = tree();
    for errno in ["ENOSYS", "EPERM"] {
        let inject = format!("inject=openat2:error={errno}");
        let test = "older_kernels_and_sandboxes_do_without_openat2";
        under_strace(test, dir.path(), &["-e", &inject]);
    }
}

#[test]
fn without_any_thread_there_is_no_scan() {
    if let Some(tree) = inside() {
        let failed = Pool::new(2).start(root(&tree), Options::default(), |_| {
            Box::new(Collector(Arc::default()))
        });
        assert_eq!(failed.err().unwrap().reason.name(), "eagain");
        return;
    }
    let dir = TempDir::new().unwrap();
    let arguments = ["-e", "inject=clone,clone3:error=EAGAIN"];
    under_strace(
        "without_any_thread_there_is_no_scan",
        dir.path(),
        &arguments,
    );
}

/// The only thread hangs while the system has no other: a scan that is asked then goes on as soon as there is one.
#[test]
fn a_thread_that_cannot_be_had_is_tried_for_again() {
    let Some(tree) = inside() else {
        // A process of its own: the limit is the whole process's.
        let dir = tree();
        fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o755)).unwrap();
        again_alone("a_thread_that_cannot_be_had_is_tried_for_again", dir.path());
        return;
    };
    let (small, hung) = (root(&tree.join("small")), root(&tree.join("good")));
    let walk = move || {
        let pool = Pool::new(1);
        let (other, cancelled) = start(&pool, small.clone(), slabs(0));
        let (scan, mailbox) = start(&pool, small, slabs(1));
        mailbox.wait(|m| matches!(m, Message::Passive));
        let gate = Arc::new(Mutex::new(()));
        let closed = gate.lock();
        let (packed, waits) = (Arc::new(AtomicUsize::new(0)), Arc::default());
        let sink = Holding {
            gate: gate.clone(),
            packed: packed.clone(),
            collector: Collector(Arc::clone(&waits)),
        };
        let _hung = pool.start(hung, Options::default(), |_| Box::new(sink));
        wait_until(|| packed.load(Ordering::Acquire) > 0);
        let limit = getrlimit(Resource::Nproc);
        let none = Rlimit {
            current: Some(0),
            ..limit
        };
        setrlimit(Resource::Nproc, none).unwrap();
        wait_until(|| pool.info().stuck_threads == 1);
        assert_eq!(pool.info().threads, 1);
        // The timer comes to this when it is done with the thread that hangs.
        other.cancel();
        cancelled.wait_for_end();
        scan.ask(u64::MAX);
        setrlimit(Resource::Nproc, limit).unwrap();
        mailbox.wait_for_end();
        assert_eq!(outcome(mailbox.take()).unwrap().rows.len(), 3);
        drop(closed);
        waits.wait_for_end();
        assert_eq!(outcome(waits.take()).unwrap().rows.len(), 3000);
    };
    // Root may have any number of threads.
    match rustix::process::geteuid().is_root() {
        true => as_nobody(walk),
        false => walk(),
    }
}

/// Runs one test of this file again in a process of its own.
fn again_alone(test: &str, tree: &Path) {
    let output = Command::new(std::env::current_exe().unwrap())
        .args([test, "--exact", "--test-threads=1"])
        .env(INSIDE, tree)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stdout)
    );
}

#[test]
fn a_slow_thread_does_not_let_a_shared_directory_close_early() {
    if let Some(tree) = inside() {
        let found = run(&Pool::new(2), root(&tree), Options::default()).unwrap();
        assert_eq!(found.rows, find(&tree, &[]));
        assert_eq!(found.closed.len(), 4);
        assert_eq!(found.summary.status, Status::Complete);
        return;
    }
    let dir = tree();
    // Longer than it takes to replace a thread.
    let inject = "inject=statx,newfstatat:delay_exit=400000:when=700";
    let test = "a_slow_thread_does_not_let_a_shared_directory_close_early";
    under_strace(
        test,
        dir.path(),
        &["-e", "trace=statx,newfstatat", "-e", inject],
    );
}

#[test]
fn hanging_directories_hold_up_neither_cancel_nor_others() {
    if let Some(tree) = inside() {
        let pool = Pool::new(2);
        let (hung, mailbox) = start(&pool, root(&tree), Options::default());
        wait_until(|| pool.info().stuck_threads >= 4);
        let small = Root {
            folder: b"fine".to_vec(),
            ..root(&tree)
        };
        let found = run(&pool, small, Options::default()).unwrap();
        assert_eq!(
            (found.rows.len(), found.summary.status),
            (1, Status::Complete)
        );
        let begun = Instant::now();
        hung.cancel();
        mailbox.wait_for_end();
        assert!(
            begun.elapsed() < Duration::from_secs(2),
            "{:?}",
            begun.elapsed()
        );
        assert_eq!(
            outcome(mailbox.take()).unwrap().summary.status,
            Status::Cancelled
        );
        done(&tree);
    }
    let dir = TempDir::new().unwrap();
    let arguments = hung(dir.path(), 6, "20000000");
    fs::create_dir(dir.path().join("fine")).unwrap();
    fs::write(dir.path().join("fine/file"), b"").unwrap();
    under_strace_until_done(
        "hanging_directories_hold_up_neither_cancel_nor_others",
        dir.path(),
        &arguments,
    );
}

/// As `under_strace`, for tests that leave threads behind in system calls: they end with `done`.
fn under_strace_until_done(test: &str, tree: &Path, arguments: &[String]) {
    let mut child = Command::new("strace");
    child.args(["-f", "-qq", "-o", "/dev/null"]).args(arguments);
    child.arg(std::env::current_exe().unwrap());
    child.args([test, "--exact"]);
    let mut child = child
        .env(INSIDE, tree)
        .stdin(Stdio::null())
        .spawn()
        .unwrap();
    let file = tree.join("done");
    wait_until(|| file.exists() || child.try_wait().unwrap().is_some());
    let _ = child.kill();
    let _ = child.wait();
    assert!(file.exists());
}

/// What hangs is left behind: no thread is joined.
fn done(tree: &Path) -> ! {
    let _ = fs::write(tree.join("done"), b"");
    std::process::exit(0);
}

/// Directories of which each takes so long to be read, in microseconds, as arguments for strace.
fn hung(tree: &Path, count: usize, delay: &str) -> Vec<String> {
    let inject = format!("inject=getdents64:delay_enter={delay}");
    let mut arguments = vec!["-e".to_owned(), inject];
    for n in 0..count {
        let hung = tree.join(format!("hung{n}"));
        fs::create_dir(&hung).unwrap();
        arguments.extend(["-P".into(), hung.to_str().unwrap().into()]);
    }
    arguments
}

/// A tree full of hung directories takes a bounded number of threads, and the others go on.
#[test]
fn one_scan_does_not_use_up_the_replacements() {
    if let Some(tree) = inside() {
        let pool = Pool::new(2);
        let (hung, mailbox) = start(&pool, root(&tree), Options::default());
        wait_until(|| pool.info().stuck_threads >= 8);
        // Long enough for those that hang now to be replaced.
        let until = Instant::now() + Duration::from_secs(1);
        while Instant::now() < until {
            let small = Root {
                folder: b"fine".to_vec(),
                ..root(&tree)
            };
            let found = run(&pool, small, Options::default()).unwrap();
            assert_eq!(found.summary.status, Status::Complete);
            // The eighth and its neighbour may hang at the same time.
            assert!(pool.info().stuck_threads <= 9, "{:?}", pool.info());
        }
        assert_eq!(hung.info().state, State::Running);
        let begun = Instant::now();
        hung.cancel();
        mailbox.wait_for_end();
        assert!(begun.elapsed() < Duration::from_secs(2));
        let status = outcome(mailbox.take()).unwrap().summary.status;
        assert_eq!(status, Status::Cancelled);
        wait_until(|| pool.info().running == 0);
        done(&tree);
    }
    let dir = TempDir::new().unwrap();
    fs::create_dir(dir.path().join("fine")).unwrap();
    under_strace_until_done(
        "one_scan_does_not_use_up_the_replacements",
        dir.path(),
        &hung(dir.path(), 40, "30000000"),
    );
}

/// Who waits for a turn at a shared directory does not hang with whoever reads it.
#[test]
fn one_hanging_read_of_a_shared_directory_takes_one_thread() {
    if let Some(tree) = inside() {
        let pool = Pool::new(2);
        let big = Root {
            folder: b"big".to_vec(),
            ..root(&tree)
        };
        let (hung, mailbox) = start(&pool, big, Options::default());
        wait_until(|| pool.info().stuck_threads > 0);
        // Long enough for those who wait to be replaced too, if they were silent.
        let until = Instant::now() + Duration::from_millis(1500);
        while Instant::now() < until {
            let small = Root {
                folder: b"small".to_vec(),
                ..root(&tree)
            };
            assert_eq!(run(&pool, small, Options::default()).unwrap().rows.len(), 3);
            assert_eq!(pool.info().stuck_threads, 1);
        }
        assert_eq!(hung.info().state, State::Running);
        hung.cancel();
        mailbox.wait_for_end();
        done(&tree);
    }
    let dir = TempDir::new().unwrap();
    for (sub, files) in [("big", 8000), ("small", 3)] {
        fs::create_dir(dir.path().join(sub)).unwrap();
        for n in 0..files {
            fs::write(dir.path().join(format!("{sub}/{n:05}")), b"").unwrap();
        }
    }
    let big = dir.path().join("big");
    // Shared at the second piece of a thread; the third hangs.
    let arguments = [
        "-e",
        "inject=getdents64:delay_enter=30000000:when=3+",
        "-P",
        big.to_str().unwrap(),
    ];
    under_strace_until_done(
        "one_hanging_read_of_a_shared_directory_takes_one_thread",
        dir.path(),
        &arguments.map(str::to_owned),
    );
}

/// When threads come back from where they hung, a scan that had as many as it may goes on.
#[test]
fn a_scan_goes_on_when_its_threads_come_back() {
    if let Some(tree) = inside() {
        let pool = Pool::new(2);
        let found = run(&pool, root(&tree), Options::default()).unwrap();
        assert_eq!(found.closed.len(), 21);
        assert_eq!(found.summary.status, Status::Complete);
        wait_until(|| pool.info().stuck_threads == 0);
        return;
    }
    let dir = TempDir::new().unwrap();
    let arguments = hung(dir.path(), 20, "2500000:when=1");
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let test = "a_scan_goes_on_when_its_threads_come_back";
    under_strace(test, dir.path(), &arguments);
}

#[test]
fn few_descriptors_are_enough_and_none_is_an_error() {
    if let Some(tree) = inside() {
        let expected = find(&tree, &[]);
        let pool = Pool::new(4);
        run(
            &pool,
            root(&tree),
            Options {
                depth: Some(1),
                ..Options::default()
            },
        )
        .unwrap();
        let limit = getrlimit(Resource::Nofile);
        let lowest = fs::File::open("/dev/null").unwrap();
        let base = std::os::fd::AsRawFd::as_raw_fd(&lowest) as u64;
        drop(lowest);
        setrlimit(
            Resource::Nofile,
            Rlimit {
                current: Some(base + 4),
                ..limit
            },
        )
        .unwrap();
        let found = run(&pool, root(&tree), Options::default()).unwrap();
        assert_eq!(
            found.summary.status,
            Status::Complete,
            "{:?}",
            found.summary.errors
        );
        assert_eq!(found.rows, expected);

        // All taken while a scan is under way: an error for each directory, and the scan ends.
        let (scan, mailbox) = start(&pool, root(&tree), slabs(1));
        mailbox.wait(|m| matches!(m, Message::Passive));
        wait_until(|| pool.info().descriptors <= 1);
        let taken: Vec<_> = std::iter::from_fn(|| fs::File::open("/dev/null").ok()).collect();
        scan.ask(u64::MAX);
        mailbox.wait_for_end();
        drop(taken);
        let found = outcome(mailbox.take()).unwrap();
        assert_eq!(found.summary.status, Status::Partial);
        assert!(
            found
                .closed
                .values()
                .any(|s| *s == status::errno(Errno::MFILE.raw_os_error()))
        );
        // And all is well afterwards.
        assert_eq!(
            run(&pool, root(&tree), Options::default()).unwrap().rows,
            expected
        );
        return;
    }
    let dir = TempDir::new().unwrap();
    for n in 0..60 {
        fs::create_dir_all(dir.path().join(format!("{}/{}/{n}/x/y", n % 3, n % 7))).unwrap();
        fs::write(
            dir.path().join(format!("{}/{}/{n}/x/file", n % 3, n % 7)),
            b"",
        )
        .unwrap();
    }
    // A process of its own: the limit is the whole process's.
    again_alone(
        "few_descriptors_are_enough_and_none_is_an_error",
        dir.path(),
    );
}

#[test]
fn rules_at_the_start_wait_for_descriptors() {
    if let Some(tree) = inside() {
        let options = Options {
            ignore: Ignore::Git,
            ..Options::default()
        };
        let found = run(&Pool::new(2), root(&tree), options).unwrap();
        assert_eq!(
            found.summary.status,
            Status::Complete,
            "{:?}",
            found.summary.errors
        );
        let names: Vec<_> = found.rows.iter().map(|row| &row.0[..]).collect();
        assert_eq!(names, [b".gitignore", &b"listed"[..]]);
        return;
    }
    let dir = TempDir::new().unwrap();
    fs::write(dir.path().join(".gitignore"), b"left-out\n").unwrap();
    fs::write(dir.path().join("left-out"), b"").unwrap();
    fs::write(dir.path().join("listed"), b"").unwrap();
    under_strace(
        "rules_at_the_start_wait_for_descriptors",
        dir.path(),
        &[
            "-P",
            ".gitignore",
            "-e",
            "inject=openat,openat2:error=EMFILE:when=1..2",
        ],
    );
}

#[test]
fn forbidden_directories_are_entries_and_errors() {
    if !rustix::process::geteuid().is_root() {
        eprintln!("skipped: needs root to be somebody else");
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
    // A directory that may be listed and not searched: its names are there, what they are is not known.
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

/// Runs something on a thread that has another user's rights, and so have the threads that it starts.
fn as_nobody<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    let thread = std::thread::spawn(|| {
        let nobody = rustix::process::Uid::from_raw(65534);
        rustix::thread::set_thread_res_uid(nobody, nobody, nobody).unwrap();
        work()
    });
    thread.join().unwrap()
}

#[test]
fn a_root_deleted_on_the_way_fails_the_scan() {
    let dir = TempDir::new().unwrap();
    let top = dir.path().join("top");
    for n in 0..50 {
        fs::create_dir_all(top.join(format!("{n}/sub"))).unwrap();
    }
    let pool = Pool::new(2);
    let options = Options {
        slab_entries: 5,
        ..slabs(1)
    };
    let (scan, mailbox) = start(&pool, root(&top), options);
    mailbox.wait(|m| matches!(m, Message::Passive));
    fs::remove_dir_all(&top).unwrap();
    scan.ask(u64::MAX);
    mailbox.wait_for_end();
    let found = outcome(mailbox.take()).unwrap();
    assert_eq!(found.summary.status, Status::Failed);
    assert_eq!(found.summary.error.unwrap().reason.name(), "enoent");
    assert_eq!(scan.info().state, State::Ended(Status::Failed));
}

#[test]
fn directories_that_vanish_or_turn_into_links_are_not_errors() {
    let dir = TempDir::new().unwrap();
    let outside = TempDir::new().unwrap();
    fs::write(outside.path().join("secret"), b"").unwrap();
    for n in 0..30 {
        fs::create_dir_all(dir.path().join(format!("{n}/sub"))).unwrap();
    }
    let pool = Pool::new(1);
    let options = Options {
        slab_entries: 1,
        metadata: false,
        ..slabs(1)
    };
    let (scan, mailbox) = start(&pool, root(dir.path()), options);
    mailbox.wait(|m| matches!(m, Message::Passive));
    // The root's names came in one piece and nothing is asked about them; none of its directories is open yet.
    for n in 0..30 {
        let sub = dir.path().join(n.to_string());
        fs::remove_dir_all(&sub).unwrap();
        match n % 3 {
            0 => {}
            1 => symlink(outside.path(), &sub).unwrap(),
            _ => fs::write(&sub, b"").unwrap(),
        }
    }
    scan.ask(u64::MAX);
    mailbox.wait_for_end();
    let found = outcome(mailbox.take()).unwrap();
    assert_eq!(found.summary.status, Status::Complete);
    assert_eq!(found.summary.counts.vanished, 30);
    assert_eq!(
        found
            .closed
            .values()
            .filter(|s| **s == status::VANISHED)
            .count(),
        30
    );
    assert!(!found.rows.iter().any(|row| row.0.ends_with(b"secret")));
}

/// One thread swaps directories for links to the outside and back, others move, make and remove: what stays is found
/// exactly once, and nothing from outside ever.
#[test]
fn churn() {
    let dir = TempDir::new().unwrap();
    let outside = TempDir::new().unwrap();
    fs::write(outside.path().join("secret"), b"").unwrap();
    let at = |path: &str| dir.path().join(path);
    for d in 0..20 {
        fs::create_dir_all(at(&format!("stable{d}"))).unwrap();
        fs::create_dir_all(at(&format!("swap{d}/in"))).unwrap();
        for f in 0..50 {
            fs::write(at(&format!("stable{d}/keep{f}")), b"").unwrap();
        }
    }
    let stop = Arc::new(AtomicBool::new(false));
    let churning = {
        let (stop, top, outside) = (
            stop.clone(),
            dir.path().to_owned(),
            outside.path().to_owned(),
        );
        std::thread::spawn(move || {
            for round in 0.. {
                if stop.load(Ordering::Relaxed) {
                    return;
                }
                let d = round % 20;
                let swap = top.join(format!("swap{d}"));
                let aside = top.join("aside");
                fs::rename(&swap, &aside).unwrap();
                symlink(&outside, &swap).unwrap();
                fs::remove_file(&swap).unwrap();
                fs::rename(&aside, &swap).unwrap();
                let stable = top.join(format!("stable{d}"));
                let (one, two) = (stable.join("moving"), top.join("stable0/moved"));
                fs::create_dir(&one).unwrap();
                fs::write(one.join("x"), b"").unwrap();
                fs::rename(&one, &two).unwrap();
                fs::remove_dir_all(&two).unwrap();
                fs::write(&two, b"").unwrap();
                fs::remove_file(&two).unwrap();
            }
        })
    };
    let pool = Pool::new(4);
    let seconds = if std::env::var_os("AETHER_FULL").is_some() {
        25
    } else {
        3
    };
    let until = Instant::now() + Duration::from_secs(seconds);
    let mut scans = 0;
    while Instant::now() < until {
        let found = run(&pool, root(dir.path()), Options::default()).unwrap();
        assert_eq!(
            found.summary.status,
            Status::Complete,
            "{:?}",
            found.summary
        );
        let kept = found.rows.iter().filter(|row| row.0.starts_with(b"stable"));
        let kept = kept
            .filter(|row| row.0.windows(5).any(|w| w == b"/keep"))
            .count();
        assert_eq!(kept, 1000);
        assert!(!found.rows.iter().any(|row| row.0.ends_with(b"secret")));
        scans += 1;
    }
    stop.store(true, Ordering::Relaxed);
    churning.join().unwrap();
    assert!(scans > 3);
}

/// The last slab uses up the demand of a scan that nobody can ask for more, and the summary follows it late.
#[test]
fn an_abandoned_scan_of_which_all_is_sent_is_complete() {
    if let Some(tree) = inside() {
        let options = Options {
            metadata: false,
            ..slabs(1)
        };
        let pool = Pool::new(1);
        let (scan, mailbox) = start(&pool, root(&tree), options);
        scan.abandon();
        mailbox.wait_for_end();
        let found = outcome(mailbox.take()).unwrap();
        assert_eq!(found.closed.len(), 1);
        assert_eq!(found.summary.status, Status::Complete);
        return;
    }
    // Empty: one slab, with the closing record. Afterwards the root is asked whether it is still there.
    let dir = TempDir::new().unwrap();
    let path = dir.path().to_str().unwrap();
    let inject = "inject=statx,newfstatat,fstat:delay_enter=100000";
    let test = "an_abandoned_scan_of_which_all_is_sent_is_complete";
    under_strace(test, dir.path(), &["-P", path, "-e", inject]);
}

/// A scan that has nothing to send takes turns with one that has sent already.
#[test]
fn a_scan_that_leaves_everything_out_goes_ahead_only_once() {
    if let Some(tree) = inside() {
        let pool = Pool::new(1);
        let folder = |name: &[u8]| Root {
            folder: name.to_vec(),
            ..root(&tree)
        };
        let (small, mailbox) = start(&pool, folder(b"small"), slabs(1));
        mailbox.wait(|m| matches!(m, Message::Passive));
        let options = Options {
            ignore: Ignore::Globs(vec![b"*".to_vec()]),
            ..Options::default()
        };
        // One mailbox for both, to see who ends first.
        let collector = Collector(mailbox.clone());
        let _silent = pool.start(folder(b"bad"), options, |_| Box::new(collector));
        small.ask(u64::MAX);
        let ends = |m: &Message| matches!(m, Message::Completed(_));
        wait_until(|| mailbox.count(ends) == 2);
        let skipped = mailbox
            .take()
            .into_iter()
            .filter_map(|message| match message {
                Message::Completed(summary) => Some(summary.counts.skipped),
                _ => None,
            });
        assert_eq!(skipped.collect::<Vec<_>>(), [0, 3000]);
        return;
    }
    let dir = tree();
    let bad = dir.path().join("bad");
    // Each piece takes longer than a quantum, and less than what has a thread replaced.
    let inject = "inject=getdents64:delay_enter=60000";
    under_strace(
        "a_scan_that_leaves_everything_out_goes_ahead_only_once",
        dir.path(),
        &["-P", bad.to_str().unwrap(), "-e", inject],
    );
}

/// A hundred small scans beside a huge one: all come to their end while the huge one is under way.
#[test]
fn small_scans_do_not_wait_for_a_huge_one() {
    let dir = tree();
    let pool = Pool::new(2);
    let huge = Root {
        path: b"/".to_vec(),
        ..Root::default()
    };
    let options = Options {
        demand: Demand::Unlimited,
        ..Options::default()
    };
    let (huge, _) = start(&pool, huge, options);
    for _ in 0..100 {
        let small = Root {
            folder: b"small".to_vec(),
            ..root(dir.path())
        };
        assert_eq!(run(&pool, small, Options::default()).unwrap().rows.len(), 3);
    }
    huge.cancel();
}
