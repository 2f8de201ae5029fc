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
        found.assert_complete();
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
    again_alone(few_descriptors_are_enough_and_none_is_an_error, dir.path());
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
