//! Slow file systems: more threads while they sleep, and nobody waits for the slow ones.

use std::fs;
use std::process::{Command, Stdio};
use std::time::Duration;

use aether_core::{Options, Pool, State, Status};
use tempfile::TempDir;

use crate::apart::{again_alone, done, inside, under_strace, under_strace_until_done};
use crate::support::*;

/// One directory of files.
fn flat(files: usize) -> TempDir {
    let dir = TempDir::new().unwrap();
    for n in 0..files {
        fs::write(dir.path().join(format!("{n:04}")), b"x").unwrap();
    }
    dir
}

/// Several threads look at one directory's names at once, more of them than there are processors.
#[test]
fn names_of_one_slow_directory_are_shared() {
    if let Some(tree) = inside() {
        let most = 12;
        let pool = Pool::new(most);
        let (_scan, mailbox) = start(&pool, root(&tree), Options::default());
        let cores = std::thread::available_parallelism().unwrap().get();
        wait_until(|| pool.info().threads > 2 * cores);
        let found = mailbox.outcome();
        assert_eq!(found.rows, find(&tree, &[]));
        found.assert_complete();
        // Idle threads end, except for as many as there are processors.
        wait_until(|| pool.info().threads <= cores);
        return;
    }
    let inject = "inject=statx,newfstatat:delay_exit=50000";
    under_strace(
        names_of_one_slow_directory_are_shared,
        flat(300).path(),
        &["-e", "trace=statx,newfstatat", "-e", inject],
    );
}

/// The only thread is in the middle of a directory: it leaves, and the listing is later resumed where it was.
#[test]
fn a_thread_leaves_in_the_middle_of_slow_names() {
    if let Some(tree) = inside() {
        let pool = Pool::new(1);
        let slow = root(&tree.join("slow"));
        let (scan, mailbox) = start(&pool, slow, Options::default());
        mailbox.wait(|m| matches!(m, Message::Slab(_)));
        for _ in 0..3 {
            let found = run(&pool, root(&tree.join("fast")), Options::default()).unwrap();
            assert_eq!(found.rows.len(), 1);
        }
        // Long before the other is done.
        assert_eq!(scan.info().state, State::Running);
        let found = mailbox.outcome();
        assert_eq!(found.rows.len(), 60);
        found.assert_complete();
        return;
    }
    let dir = TempDir::new().unwrap();
    let (slow, fast) = (dir.path().join("slow"), dir.path().join("fast"));
    fs::create_dir(&slow).unwrap();
    fs::create_dir(&fast).unwrap();
    fs::write(fast.join("file"), b"").unwrap();
    for n in 0..60 {
        fs::write(slow.join(n.to_string()), b"").unwrap();
    }
    under_strace(
        a_thread_leaves_in_the_middle_of_slow_names,
        dir.path(),
        &[
            "-P",
            slow.to_str().unwrap(),
            "-e",
            "inject=statx,newfstatat:delay_exit=50000",
        ],
    );
}

/// Directories that take longer than what counts as hanging, one after another: their threads come back, and are not
/// replaced by more and more.
#[test]
fn slow_calls_do_not_take_more_and_more_threads() {
    if let Some(tree) = inside() {
        let pool = Pool::new(4);
        let (scan, mailbox) = start(&pool, root(&tree), Options::default());
        let mut most = 0;
        while !matches!(scan.info().state, State::Ended(_)) {
            most = most.max(pool.info().threads);
            std::thread::sleep(Duration::from_millis(1));
        }
        let found = mailbox.outcome();
        assert_eq!(found.closed.len(), 31);
        found.assert_complete();
        // Eight may hang in a scan, and as many as there are processors may compute beside them.
        let cores = std::thread::available_parallelism().unwrap().get();
        assert!(most <= 8 + cores, "{most}");
        wait_until(|| pool.info().stuck_threads == 0);
        return;
    }
    let dir = TempDir::new().unwrap();
    let mut arguments = vec![
        "-e".to_owned(),
        "inject=getdents64:delay_enter=300000".into(),
    ];
    for n in 0..30 {
        let slow = dir.path().join(n.to_string());
        fs::create_dir(&slow).unwrap();
        arguments.extend(["-P".to_owned(), slow.to_str().unwrap().into()]);
    }
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    under_strace(
        slow_calls_do_not_take_more_and_more_threads,
        dir.path(),
        &arguments,
    );
}

/// Many scans of a root that hangs, all cancelled: one elsewhere still opens, and each of the others ends.
#[test]
fn scans_that_hang_at_their_start_do_not_block_others() {
    if let Some(tree) = inside() {
        let pool = Pool::new(8);
        let hung: Vec<_> = (0..40)
            .map(|_| start(&pool, root(&tree.join("hung")), Options::default()))
            .collect();
        let other = TempDir::new_in("/dev/shm").unwrap();
        fs::write(other.path().join("file"), b"").unwrap();
        let opens = |times| {
            for _ in 0..times {
                let found = run(&pool, root(other.path()), Options::default()).unwrap();
                assert_eq!(found.rows.len(), 1);
            }
        };
        opens(5);
        let opened = |m: &Message| matches!(m, Message::Opened(Ok(_)));
        // They did not wait for those that hang.
        assert!(hung.iter().all(|(_, mailbox)| mailbox.count(opened) == 0));
        hung.iter().for_each(|(scan, _)| scan.cancel());
        for (_, mailbox) in &hung {
            assert_eq!(mailbox.outcome().summary.status, Status::Cancelled);
        }
        opens(5);
        wait_until(|| pool.info().running == 0);
        assert!(pool.info().stuck_threads <= 12, "{:?}", pool.info());
        done(&tree);
    }
    let dir = TempDir::new().unwrap();
    let hung = dir.path().join("hung");
    fs::create_dir(&hung).unwrap();
    let arguments = [
        "-e",
        "inject=openat:delay_enter=30000000",
        "-P",
        hung.to_str().unwrap(),
    ];
    under_strace_until_done(
        scans_that_hang_at_their_start_do_not_block_others,
        dir.path(),
        &arguments.map(str::to_owned),
    );
}

/// Scans in a process of its own while a script takes the processor away from it; no thread may count as hanging. The
/// script gets the process's id.
fn no_thread_counts_as_hanging_during(script: &str, test: impl Fn()) {
    if let Some(tree) = inside() {
        let pool = Pool::new(2);
        let own = std::process::id().to_string();
        let mut taker = Command::new("sh")
            .args(["-ec", script, "sh", &own])
            .stdin(Stdio::null())
            .spawn()
            .unwrap();
        let options = Options {
            slab_entries: 20,
            ..Options::default()
        };
        let taken = loop {
            let (scan, _mailbox) = start(&pool, root(&tree), options.clone());
            while !matches!(scan.info().state, State::Ended(_)) {
                assert_eq!(pool.info().stuck_threads, 0);
            }
            if let Some(status) = taker.try_wait().unwrap() {
                break status;
            }
        };
        assert!(taken.success(), "{taken}");
        return;
    }
    let dir = flat(20_000);
    again_alone(test, dir.path());
}

#[test]
fn no_thread_of_a_stopped_process_counts_as_hanging() {
    no_thread_counts_as_hanging_during(
        "for i in $(seq 12); do sleep 0.05; kill -STOP $1; sleep 0.3; kill -CONT $1; done",
        no_thread_of_a_stopped_process_counts_as_hanging,
    );
}

/// A paused container.
#[test]
fn no_thread_in_a_frozen_control_group_counts_as_hanging() {
    // Version 2 has a file for 1 and 0; version 1 has words.
    let groups = [
        ("/sys/fs/cgroup/unified", "cgroup.freeze", "1", "0"),
        ("/sys/fs/cgroup", "cgroup.freeze", "1", "0"),
        (
            "/sys/fs/cgroup/freezer",
            "freezer.state",
            "FROZEN",
            "THAWED",
        ),
    ];
    let may_freeze = |&(top, file, ..): &(&str, &str, &str, &str)| {
        let group = format!("{top}/aether-probe-{}", std::process::id());
        let made = fs::create_dir(&group).is_ok() && fs::exists(format!("{group}/{file}")).unwrap();
        let _ = fs::remove_dir(&group);
        made
    };
    let Some((top, file, freeze, thaw)) = groups.into_iter().find(may_freeze) else {
        return println!("skipped: cannot create a control group here");
    };
    let script = format!(
        "before=$(sed -n 's/^0:://p' /proc/$1/cgroup); group={top}/aether-$1; mkdir $group; echo $1 > $group/cgroup.procs; \
         for i in $(seq 12); do sleep 0.05; echo {freeze} > $group/{file}; sleep 0.3; echo {thaw} > $group/{file}; done; \
         case {file} in cgroup.*) echo $1 > {top}$before/cgroup.procs ;; *) echo $1 > {top}/cgroup.procs ;; esac; \
         rmdir $group"
    );
    no_thread_counts_as_hanging_during(
        &script,
        no_thread_in_a_frozen_control_group_counts_as_hanging,
    );
}
