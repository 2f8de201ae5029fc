//! Directories that hang, like those of a network that is gone: threads are replaced, within bounds, and come back.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use aether_core::{Options, Pool, State, Status, mount_of};
use tempfile::TempDir;

use crate::apart::{done, inside, under_strace, under_strace_until_done};
use crate::support::*;
use crate::tree;

/// A directory with one file, on another mount than the trees in which threads hang.
fn elsewhere() -> TempDir {
    let dir = TempDir::new_in("/dev/shm").unwrap();
    fs::write(dir.path().join("file"), b"").unwrap();
    dir
}

/// Makes directories that each take `delay` microseconds to read; returns the arguments for strace.
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

#[test]
fn a_slow_thread_does_not_let_a_shared_directory_close_early() {
    if let Some(tree) = inside() {
        let found = run(&Pool::new(2), root(&tree), Options::default()).unwrap();
        assert_eq!(found.rows, find(&tree, &[]));
        assert_eq!(found.closed.len(), 4);
        found.assert_complete();
        return;
    }
    let dir = tree();
    // Longer than it takes to replace a thread.
    let inject = "inject=statx,newfstatat:delay_exit=400000:when=700";
    let test = a_slow_thread_does_not_let_a_shared_directory_close_early;
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
        let other = elsewhere();
        let found = run(&pool, root(other.path()), Options::default()).unwrap();
        assert_eq!(found.rows.len(), 1);
        found.assert_complete();
        // Another scan on the same mount would only hang as well.
        let refused = run(&pool, folder(&tree, "fine"), Options::default());
        let error = refused.err().unwrap();
        assert_eq!(error.reason.name(), "etimedout");
        let mount = mount_of(tree.as_os_str().as_encoded_bytes()).unwrap();
        let place = format!("mounted at {} ", mount.escape_ascii());
        assert!(error.detail.unwrap().contains(&place));
        hung.cancel();
        assert_eq!(mailbox.outcome().summary.status, Status::Cancelled);
        // They still hang.
        assert!(pool.info().stuck_threads >= 4, "{:?}", pool.info());
        done(&tree);
    }
    let dir = TempDir::new().unwrap();
    let arguments = hung(dir.path(), 6, "20000000");
    fs::create_dir(dir.path().join("fine")).unwrap();
    fs::write(dir.path().join("fine/file"), b"").unwrap();
    under_strace_until_done(
        hanging_directories_hold_up_neither_cancel_nor_others,
        dir.path(),
        &arguments,
    );
}

/// A tree full of hung directories takes a bounded number of threads, and the others go on.
#[test]
fn one_scan_does_not_use_up_the_replacements() {
    if let Some(tree) = inside() {
        let pool = Pool::new(2);
        let (hung, mailbox) = start(&pool, root(&tree), Options::default());
        wait_until(|| pool.info().stuck_threads >= 8);
        // Long enough to replace threads that hang by now.
        let until = Instant::now() + Duration::from_secs(1);
        let other = elsewhere();
        while Instant::now() < until {
            let found = run(&pool, root(other.path()), Options::default()).unwrap();
            found.assert_complete();
            // The eighth and its neighbour may hang at the same time.
            assert!(pool.info().stuck_threads <= 9, "{:?}", pool.info());
        }
        assert_eq!(hung.info().state, State::Running);
        hung.cancel();
        assert_eq!(mailbox.outcome().summary.status, Status::Cancelled);
        assert!(pool.info().stuck_threads >= 8, "{:?}", pool.info());
        wait_until(|| pool.info().running == 0);
        done(&tree);
    }
    let dir = TempDir::new().unwrap();
    fs::create_dir(dir.path().join("fine")).unwrap();
    under_strace_until_done(
        one_scan_does_not_use_up_the_replacements,
        dir.path(),
        &hung(dir.path(), 40, "30000000"),
    );
}

/// Threads that wait for their turn at a shared directory do not hang with the one that reads it.
#[test]
fn one_hanging_read_of_a_shared_directory_takes_one_thread() {
    if let Some(tree) = inside() {
        let pool = Pool::new(2);
        let big = folder(&tree, "big");
        let (hung, mailbox) = start(&pool, big, Options::default());
        wait_until(|| pool.info().stuck_threads > 0);
        // Long enough to replace the waiting threads too, if they were silent.
        let until = Instant::now() + Duration::from_millis(1500);
        while Instant::now() < until {
            let small = folder(&tree, "small");
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
    // The directory is shared from a thread's second piece on; the third hangs.
    let arguments = [
        "-e",
        "inject=getdents64:delay_enter=30000000:when=3+",
        "-P",
        big.to_str().unwrap(),
    ];
    under_strace_until_done(
        one_hanging_read_of_a_shared_directory_takes_one_thread,
        dir.path(),
        &arguments.map(str::to_owned),
    );
}

/// When hung threads come back, a scan that had its maximum of them goes on.
#[test]
fn a_scan_goes_on_when_its_threads_come_back() {
    if let Some(tree) = inside() {
        let pool = Pool::new(2);
        let found = run(&pool, root(&tree), Options::default()).unwrap();
        assert_eq!(found.closed.len(), 21);
        found.assert_complete();
        wait_until(|| pool.info().stuck_threads == 0);
        return;
    }
    let dir = TempDir::new().unwrap();
    let arguments = hung(dir.path(), 20, "2500000:when=1");
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let test = a_scan_goes_on_when_its_threads_come_back;
    under_strace(test, dir.path(), &arguments);
}
