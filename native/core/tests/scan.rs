//! The life of a scan: what is sent, in which order, under which demand, and how it ends.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock};

use aether_core::slab::{Builder, status};
use aether_core::{
    Demand, Error, Identity, Ignore, Options, Packed, Pool, Progress, Reason, Root, Sink, State,
    Status, Summary,
};
use parking_lot::Mutex;
use support::*;
use tempfile::TempDir;

/// 40 directories with 25 files each, and one with 3,000. Made once, read by all tests, changed by none.
fn tree() -> &'static Tree {
    static TREE: LazyLock<Tree> = LazyLock::new(|| {
        let top = Path::new(env!("CARGO_TARGET_TMPDIR")).join("scan-tree");
        let done = top.with_extension("done");
        if done.exists() {
            return Tree(top);
        }
        let _ = fs::remove_dir_all(&top);
        for d in 0..40 {
            let sub = top.join(format!("a{}/b{d}", d % 4));
            fs::create_dir_all(&sub).unwrap();
            for f in 0..25 {
                fs::write(sub.join(format!("f{f}")), vec![b'x'; f]).unwrap();
            }
        }
        fs::create_dir(top.join("big")).unwrap();
        for f in 0..3000 {
            fs::write(top.join(format!("big/file-{f:05}")), b"").unwrap();
        }
        fs::write(done, b"").unwrap();
        Tree(top)
    });
    &TREE
}

struct Tree(PathBuf);

impl Tree {
    fn path(&self) -> &Path {
        &self.0
    }
}

#[test]
fn serial_and_parallel_agree_with_find() {
    let dir = tree();
    let expected = find(dir.path(), &[]);
    for threads in [1, 2, 8] {
        let pool = Pool::new(threads);
        let found = run(&pool, root(dir.path()), Options::default()).unwrap();
        assert_eq!(found.rows, expected, "{threads} threads");
        assert_eq!(found.summary.status, Status::Complete);
        assert_eq!(found.closed.len(), 1 + 4 + 40 + 1);
        assert!(found.closed.values().all(|s| *s == status::COMPLETE));
        assert_eq!(found.summary.counts.files, 4000);
        assert_eq!(found.summary.counts.directories, 45);
        assert_eq!(found.summary.counts.bytes, 40 * (0..25).sum::<u64>());
        assert_eq!(found.summary.counts.max_depth, 3);
    }
}

#[test]
fn names_only_has_no_metadata() {
    let dir = tree();
    let mut expected = find(dir.path(), &[]);
    expected.iter_mut().for_each(|row| row.2 = None);
    let options = Options {
        metadata: false,
        ..Options::default()
    };
    let found = run(&Pool::new(4), root(dir.path()), options).unwrap();
    assert_eq!(found.rows, expected);
    assert_eq!(found.summary.counts.bytes, 0);
}

#[test]
fn depth_is_counted_as_find_does() {
    let dir = tree();
    for (depth, unread) in [(1, 5), (2, 40), (3, 0), (9, 0)] {
        let options = Options {
            depth: Some(depth),
            ..Options::default()
        };
        let found = run(&Pool::new(3), root(dir.path()), options).unwrap();
        assert_eq!(
            found.rows,
            find(dir.path(), &["-maxdepth", &depth.to_string()])
        );
        assert_eq!(found.summary.counts.unread, unread, "depth {depth}");
        assert_eq!(found.summary.status, Status::Complete);
    }
}

#[test]
fn small_slabs_hold_what_was_asked_for() {
    let dir = tree();
    let expected = find(dir.path(), &[]);
    for slab_entries in [1, 2, 7, 100_000] {
        let options = Options {
            slab_entries,
            ..Options::default()
        };
        let found = run(&Pool::new(4), root(dir.path()), options).unwrap();
        assert_eq!(found.rows, expected);
    }
}

#[test]
fn without_demand_nothing_is_sent_and_the_end_needs_none() {
    let dir = tree();
    let pool = Pool::new(2);
    let (scan, mailbox) = start(&pool, root(dir.path()), slabs(0));
    mailbox.wait(|m| matches!(m, Message::Opened(Ok(_))));
    assert_eq!(scan.info().state, State::Parked);
    let ended = || mailbox.count(|m| matches!(m, Message::Completed(_))) == 1;
    let mut rounds = 0;
    while !ended() {
        scan.ask(2);
        rounds += 1;
        // One passive for each time that demand is used up.
        wait_until(|| ended() || mailbox.count(|m| matches!(m, Message::Passive)) == rounds);
        assert!(mailbox.slabs() <= 2 * rounds);
    }
    let found = outcome(mailbox.take()).unwrap();
    assert_eq!(found.rows, find(dir.path(), &[]));
    assert_eq!(scan.info().state, State::Ended(Status::Complete));
}

#[test]
fn demand_saturates_and_is_nothing_after_the_end() {
    let dir = tree();
    let pool = Pool::new(2);
    let (scan, mailbox) = start(&pool, root(dir.path()), slabs(1));
    scan.ask(u64::MAX);
    scan.ask(u64::MAX);
    mailbox.wait_for_end();
    scan.ask(1);
    scan.cancel();
    let found = outcome(mailbox.take()).unwrap();
    assert_eq!(found.summary.status, Status::Complete);
    assert_eq!(found.rows.len(), 4045);
}

#[test]
fn after_cancel_nothing_comes_but_the_summary() {
    let dir = tree();
    let pool = Pool::new(4);
    for _ in 0..50 {
        let options = Options {
            slab_entries: 10,
            ..Options::default()
        };
        let (scan, mailbox) = start(&pool, root(dir.path()), options);
        mailbox.wait(|m| matches!(m, Message::Slab(_) | Message::Completed(_)));
        scan.cancel();
        let before = mailbox.slabs();
        mailbox.wait_for_end();
        scan.cancel();
        assert_eq!(mailbox.slabs(), before);
        let found = outcome(mailbox.take()).unwrap();
        assert!(matches!(
            found.summary.status,
            Status::Cancelled | Status::Complete
        ));
        assert!(found.summary.counts.entries() >= found.rows.len() as u64);
    }
}

#[test]
fn a_parked_scan_that_nobody_can_ask_is_cancelled() {
    let dir = tree();
    let pool = Pool::new(2);
    let (scan, mailbox) = start(&pool, root(dir.path()), slabs(1));
    mailbox.wait(|m| matches!(m, Message::Passive));
    scan.abandon();
    mailbox.wait_for_end();
    assert_eq!(
        outcome(mailbox.take()).unwrap().summary.status,
        Status::Cancelled
    );
    // With demand it goes on.
    let (scan, mailbox) = start(&pool, root(dir.path()), Options::default());
    scan.abandon();
    mailbox.wait_for_end();
    assert_eq!(
        outcome(mailbox.take()).unwrap().summary.status,
        Status::Complete
    );
}

/// The timer has nothing to watch of a parked scan; when that is asked and abandoned it must look again.
#[test]
fn a_parked_scan_is_watched_again_when_it_is_asked() {
    let dir = TempDir::new().unwrap();
    fs::create_dir_all(dir.path().join("a/b")).unwrap();
    for n in 0..5 {
        fs::write(dir.path().join(format!("a/b/{n}")), b"").unwrap();
    }
    let mailbox = Arc::new(Mailbox::default());
    let (gate, packed) = (Arc::new(Mutex::new(())), Arc::new(AtomicUsize::new(0)));
    let sink = Holding {
        gate: gate.clone(),
        packed: packed.clone(),
        collector: Collector(mailbox.clone()),
    };
    let pool = Pool::new(1);
    let options = Options {
        slab_entries: 1,
        ..slabs(4)
    };
    let scan = pool.start(root(dir.path()), options, |_| Box::new(sink));
    let scan = scan.unwrap();
    mailbox.wait(|m| matches!(m, Message::Passive));
    // The start's stays, that of the directory with children pending is given back by the timer.
    wait_until(|| pool.info().descriptors == 1);
    let closed = gate.lock();
    let before = packed.load(Ordering::Acquire);
    scan.ask(1);
    wait_until(|| packed.load(Ordering::Acquire) > before);
    // There is demand still: only the slab that is held uses it up.
    scan.abandon();
    drop(closed);
    mailbox.wait_for_end();
    let status = outcome(mailbox.take()).unwrap().summary.status;
    assert_eq!(status, Status::Cancelled);
}

#[test]
fn a_parked_scan_holds_its_root_alone() {
    let dir = tree();
    let pool = Pool::new(2);
    let options = Options {
        slab_entries: 5,
        ..slabs(3)
    };
    let (scan, mailbox) = start(&pool, root(dir.path()), options);
    mailbox.wait(|m| matches!(m, Message::Passive));
    wait_until(|| pool.info().descriptors <= 2 && pool.info().parked == 1);
    scan.ask(u64::MAX);
    mailbox.wait_for_end();
    assert_eq!(outcome(mailbox.take()).unwrap().rows, find(dir.path(), &[]));
    wait_until(|| pool.info().descriptors == 0 && pool.info().native_bytes == 0);
}

#[test]
fn a_folder_is_listed_with_paths_from_the_root() {
    let dir = tree();
    let pool = Pool::new(2);
    let folder = Root {
        folder: b"a1".to_vec(),
        ..root(dir.path())
    };
    let options = Options {
        depth: Some(1),
        ..Options::default()
    };
    let found = run(&pool, folder, options).unwrap();
    let expected: Vec<Row> = find(dir.path(), &["-maxdepth", "2"])
        .into_iter()
        .filter(|row| row.0.starts_with(b"a1/"))
        .collect();
    assert_eq!(found.rows, expected);
    assert_eq!(found.closed.keys().collect::<Vec<_>>(), [b"a1"]);
}

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
fn another_directory_in_the_roots_place_is_noticed() {
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

#[test]
fn filters_leave_out_and_count() {
    let dir = TempDir::new().unwrap();
    for path in [
        "src/target/x",
        "target/y",
        ".hidden/z",
        "a.log",
        "keep/a.log",
        ".dot",
    ] {
        let path = dir.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, b"").unwrap();
    }
    let paths = |options: Options| {
        let found = run(&Pool::new(2), root(dir.path()), options).unwrap();
        let names: Vec<String> = found
            .rows
            .into_iter()
            .map(|row| String::from_utf8(row.0).unwrap())
            .collect();
        (names.join(" "), found.summary.counts.skipped)
    };
    let all = Options::default;
    let exclude = vec![b"target".to_vec()];
    assert_eq!(
        paths(Options { exclude, ..all() }),
        (".dot .hidden .hidden/z a.log keep keep/a.log src".into(), 2)
    );
    assert_eq!(
        paths(Options {
            hidden: false,
            ..all()
        }),
        (
            "a.log keep keep/a.log src src/target src/target/x target target/y".into(),
            2
        )
    );
    let ignore = Ignore::Globs(vec![b"*.log".to_vec(), b"/target".to_vec()]);
    assert_eq!(
        paths(Options { ignore, ..all() }),
        (
            ".dot .hidden .hidden/z keep src src/target src/target/x".into(),
            3
        )
    );
}

#[test]
fn many_scans_share_the_pool() {
    let dir = tree();
    let pool = Pool::new(4);
    let expected = find(dir.path(), &[]);
    let scans: Vec<_> = (0..100)
        .map(|n| {
            let demand = if n % 3 == 0 {
                Demand::Slabs(u64::MAX)
            } else {
                Demand::Unlimited
            };
            start(
                &pool,
                root(dir.path()),
                Options {
                    demand,
                    ..Options::default()
                },
            )
        })
        .collect();
    for (_, mailbox) in &scans {
        mailbox.wait_for_end();
        assert_eq!(outcome(mailbox.take()).unwrap().rows, expected);
    }
    drop(scans);
    wait_until(|| {
        let info = pool.info();
        (info.running, info.descriptors, info.native_bytes) == (0, 0, 0) && info.threads <= 4
    });
}

#[test]
fn progress_grows_and_comes_before_the_end() {
    let dir = tree();
    let pool = Pool::new(1);
    // Parked between its slabs, the scan lives long enough to be reported.
    let options = Options {
        progress: true,
        slab_entries: 1,
        ..slabs(1)
    };
    let (scan, mailbox) = start(&pool, root(dir.path()), options);
    while mailbox.count(|m| matches!(m, Message::Progress(_) | Message::Completed(_))) == 0 {
        scan.ask(1);
        std::thread::yield_now();
    }
    scan.ask(u64::MAX);
    mailbox.wait_for_end();
    let messages = mailbox.take();
    let mut last = 0;
    for message in &messages {
        if let Message::Progress(progress) = message {
            assert!(progress.counts.entries() >= last);
            last = progress.counts.entries();
        }
    }
    assert!(outcome(messages).unwrap().summary.counts.entries() >= last);
    drop(Arc::clone(&scan));
}

#[test]
fn a_handle_kept_after_the_end_holds_nothing() {
    let big = Root {
        folder: b"big".to_vec(),
        ..root(tree().path())
    };
    let pool = Pool::new(2);
    let options = Options {
        slab_entries: 5,
        ..slabs(1)
    };
    let (scan, mailbox) = start(&pool, big, options);
    // Stopped in the middle of its first directory.
    mailbox.wait(|m| matches!(m, Message::Passive));
    scan.cancel();
    mailbox.wait_for_end();
    wait_until(|| pool.info().descriptors == 0 && pool.info().native_bytes == 0);
    assert_eq!(scan.info().state, State::Ended(Status::Cancelled));
}

/// Slabs that wait when the walk is over leave when they are asked for, whoever is just leaving the scan's only place.
#[test]
fn one_thread_and_little_demand_come_to_the_end() {
    let pool = Pool::new(4);
    for _ in 0..300 {
        let a1 = Root {
            folder: b"a1".to_vec(),
            ..root(tree().path())
        };
        let options = Options {
            threads: Some(1),
            slab_entries: 5,
            ..slabs(1)
        };
        let (scan, mailbox) = start(&pool, a1, options);
        let ended = || mailbox.count(|m| matches!(m, Message::Completed(_))) == 1;
        let mut rounds = 1;
        while !ended() {
            wait_until(|| ended() || mailbox.count(|m| matches!(m, Message::Passive)) == rounds);
            scan.ask(1);
            rounds += 1;
        }
        assert_eq!(outcome(mailbox.take()).unwrap().rows.len(), 260);
    }
}

/// A sink that panics when it is given a slab or progress, and again at the summary.
struct Panicking {
    in_pack: bool,
    mailbox: Arc<Mailbox>,
}

impl Sink for Panicking {
    fn opened(&self, _: Result<Identity, &Error>) {}
    fn pack(&self, slab: &Builder, _: bool) -> Box<dyn Packed> {
        assert!(!self.in_pack, "on purpose");
        Collector(self.mailbox.clone()).pack(slab, false)
    }
    fn passive(&self) {}
    fn progress(&self, _: &Progress) {
        panic!("on purpose");
    }
    fn completed(&self, summary: &Summary) {
        self.mailbox.put(Message::Completed(summary.clone()));
        panic!("on purpose, again");
    }
}

/// Neither a thread of the pool nor the timer is lost to a sink that panics at the summary of its panic.
#[test]
fn a_sink_that_panics_twice_costs_no_thread() {
    for in_pack in [true, false] {
        let pool = Pool::new(1);
        let mailbox = Arc::new(Mailbox::default());
        let options = Options {
            progress: true,
            slab_entries: 1,
            ..slabs(2)
        };
        let sink = Panicking {
            in_pack,
            mailbox: mailbox.clone(),
        };
        let scan = pool.start(root(tree().path()), options, |_| Box::new(sink));
        mailbox.wait_for_end();
        let summary = outcome(mailbox.take()).unwrap().summary;
        assert_eq!(summary.status, Status::Failed);
        assert_eq!(summary.error.unwrap().reason, Reason::Panic);

        // The pool's one thread walks on, and the timer ends what is cancelled.
        let (other, mailbox) = start(&pool, root(tree().path()), slabs(1));
        mailbox.wait(|m| matches!(m, Message::Passive));
        other.cancel();
        mailbox.wait_for_end();
        drop(scan);
        wait_until(|| {
            let info = pool.info();
            (info.threads, info.descriptors, info.native_bytes) == (1, 0, 0)
        });
    }
}

/// The pool goes while one scan is parked and another under way: each has its summary all the same, once.
#[test]
fn scans_of_a_pool_that_is_dropped_are_cancelled() {
    let pool = Pool::new(2);
    let (_parked, waits) = start(&pool, root(tree().path()), slabs(1));
    waits.wait(|m| matches!(m, Message::Passive));
    let options = Options {
        slab_entries: 1,
        ..Options::default()
    };
    let (scan, walks) = start(&pool, root(tree().path()), options);
    walks.wait(|m| matches!(m, Message::Slab(_)));
    drop(pool);
    let ended = |mailbox: &Mailbox| {
        mailbox.wait_for_end();
        outcome(mailbox.take()).unwrap().summary.status
    };
    assert_eq!(ended(&waits), Status::Cancelled);
    let status = ended(&walks);
    assert!(matches!(status, Status::Cancelled | Status::Complete));
    assert_eq!(scan.info().state, State::Ended(status));
}
