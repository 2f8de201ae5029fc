//! A process that runs out of descriptors.

use std::fs;

use aether_core::slab::status;
use aether_core::{Ignore, Options, Pool, Status};
use rustix::io::Errno;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tempfile::TempDir;

use crate::apart::{again_alone, inside, under_strace};
use crate::support::*;

#[test]
fn few_descriptors_are_enough_and_none_left_is_an_error() {
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
        found.assert_complete();
        assert_eq!(found.rows, expected);

        // All are taken while a scan runs: an error for each directory, and the scan ends.
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
        // Everything works again afterwards.
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
    // A process of its own: the limit applies to the whole process.
    again_alone(
        few_descriptors_are_enough_and_none_left_is_an_error,
        dir.path(),
    );
}

/// All parked scans are asked at once, as by a message to all pages of an app. The process keeps half of what it may
/// open for other things, and each scan comes to its end: also those that hold a directory which they are in the midst of.
#[test]
fn parked_scans_that_are_asked_at_once_wait_for_their_turn() {
    if let Some(tree) = inside() {
        let limit = getrlimit(Resource::Nofile);
        let current = Some(128);
        setrlimit(Resource::Nofile, Rlimit { current, ..limit }).unwrap();
        let expected = find(&tree, &[]);
        let pool = Pool::new(2);
        let options = Options {
            slab_entries: 5,
            ..slabs(2)
        };
        let is_refused = |m: &Message| matches!(m, Message::Opened(Err(_)));
        let mut scans = Vec::new();
        // As many as the descriptors allow.
        while scans.len() < 300 {
            let scan = start(&pool, root(&tree), options.clone());
            scan.1
                .wait(|m| matches!(m, Message::Passive) || is_refused(m));
            if scan.1.count(is_refused) > 0 {
                break;
            }
            scans.push(scan);
            wait_until(|| pool.info().parked == scans.len());
        }
        let mut most = 0;
        for round in 1..=4 {
            scans.iter().for_each(|(scan, _)| scan.ask(1));
            for (_, mailbox) in &scans {
                let passive = |m: &Message| matches!(m, Message::Passive);
                wait_until(|| {
                    most = most.max(pool.info().descriptors);
                    mailbox.count(passive) > round
                });
            }
        }
        scans.iter().for_each(|(scan, _)| scan.ask(u64::MAX));
        for (_, mailbox) in &scans {
            let found = mailbox.outcome();
            found.assert_complete();
            assert_eq!(found.rows, expected);
        }
        // What threads have on their hands, or have counted, comes on top.
        assert!(most <= 64 + 40, "{most} descriptors");
        return;
    }
    let wide = TempDir::new().unwrap();
    for n in 0..40 {
        fs::create_dir(wide.path().join(format!("{n}"))).unwrap();
        fs::write(wide.path().join(format!("{n}/f")), b"").unwrap();
    }
    // Not on ext4, where a directory can be closed halfway.
    let flat = TempDir::new_in("/dev/shm").unwrap();
    for n in 0..400 {
        fs::write(flat.path().join(format!("{n}")), b"").unwrap();
    }
    for tree in [wide, flat] {
        again_alone(
            parked_scans_that_are_asked_at_once_wait_for_their_turn,
            tree.path(),
        );
    }
}

/// Each of many parked scans has read part of a large directory. Only a few keep it open, and all of them end.
#[test]
#[cfg(all(target_os = "linux", not(aether_portable)))]
fn scans_parked_within_directories_keep_few_of_them_open() {
    use std::os::unix::fs::MetadataExt;
    const SCANS: usize = 100;
    if let Some(tree) = inside() {
        if !is_ext(&tree) {
            return;
        }
        let victim = tree.join("victim");
        let tree = tree.join("tree");
        let expected = find(&tree, &[]);
        let limit = getrlimit(Resource::Nofile);
        setrlimit(
            Resource::Nofile,
            Rlimit {
                current: Some(256),
                ..limit
            },
        )
        .unwrap();
        let pool = Pool::new(2);
        // Fewer entries than a directory has: what has been read to its end is complete whatever becomes of it.
        let options = Options {
            slab_entries: 1000,
            ..slabs(3)
        };
        let park = |number, tree| {
            let scan = start(&pool, root(tree), options.clone());
            scan.1.wait(|m| matches!(m, Message::Passive));
            wait_until(|| pool.info().parked == number);
            scan
        };
        let scans: Vec<_> = (1..=SCANS).map(|number| park(number, &tree)).collect();
        let (scan, mailbox) = park(SCANS + 1, &victim);
        // An eighth of the process's limit for all of them; each thread may hold one more.
        let open = || fs::read_dir("/proc/self/fd").unwrap().count();
        wait_until(|| pool.info().descriptors <= 32 && open() <= 32 + 30);
        // A directory closed in the middle of its listing is not confused with a new one of the same inode number.
        let inode = || fs::metadata(victim.join("sub")).unwrap().ino();
        let before = inode();
        fs::remove_dir_all(victim.join("sub")).unwrap();
        fs::create_dir(victim.join("sub")).unwrap();
        fs::write(victim.join("sub/new"), b"").unwrap();
        eprintln!("same inode number: {}", inode() == before);
        scan.ask(u64::MAX);
        let found = mailbox.outcome();
        assert!(!found.rows.iter().any(|row| row.0 == b"sub/new"));
        assert_ne!(found.closed[&b"sub"[..]], status::COMPLETE);
        for (scan, _) in &scans {
            scan.ask(u64::MAX);
        }
        for (_, mailbox) in &scans {
            let found = mailbox.outcome();
            found.assert_complete();
            assert_eq!(found.rows, expected);
        }
        return;
    }
    let dir = TempDir::new().unwrap();
    // The root is large too, so it is also parked in the middle.
    let folders = (0..8).map(|n| format!("tree/{n}"));
    for folder in folders.chain(["tree".into(), "victim/sub".into()]) {
        let folder = dir.path().join(folder);
        fs::create_dir_all(&folder).unwrap();
        for file in 0..4000 {
            fs::write(folder.join(format!("a file of number {file}")), b"").unwrap();
        }
    }
    again_alone(
        scans_parked_within_directories_keep_few_of_them_open,
        dir.path(),
    );
}

/// Whether a directory lies on ext4, ext3 or ext2.
#[cfg(all(target_os = "linux", not(aether_portable)))]
fn is_ext(directory: &std::path::Path) -> bool {
    let is_ext = rustix::fs::statfs(directory).is_ok_and(|found| found.f_type as u32 == 0xef53);
    if !is_ext {
        eprintln!("skipped: no ext4 at {}", directory.display());
    }
    is_ext
}

#[test]
fn rules_at_the_start_wait_for_descriptors() {
    if let Some(tree) = inside() {
        let options = Options {
            ignore: Ignore::git(),
            ..Options::default()
        };
        let found = run(&Pool::new(2), root(&tree), options).unwrap();
        found.assert_complete();
        let names: Vec<_> = found.rows.iter().map(|row| &row.0[..]).collect();
        assert_eq!(names, [b".gitignore", &b"listed"[..]]);
        return;
    }
    let dir = TempDir::new().unwrap();
    fs::write(dir.path().join(".gitignore"), b"left-out\n").unwrap();
    fs::write(dir.path().join("left-out"), b"").unwrap();
    fs::write(dir.path().join("listed"), b"").unwrap();
    under_strace(
        rules_at_the_start_wait_for_descriptors,
        dir.path(),
        &[
            "-P",
            ".gitignore",
            "-e",
            "inject=openat,openat2:error=EMFILE:when=1..2",
        ],
    );
}
