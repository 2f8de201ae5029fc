//! System calls that fail, are interrupted, are missing, or take long.

use std::os::unix::fs::symlink;

use aether_core::slab::{Groups, Slab, status};
use aether_core::{Error, Operation, Options, Pool, Root, Status};
use rustix::io::Errno;
use tempfile::TempDir;

use crate::apart::{inside, under_strace};
use crate::support::*;
use crate::tree;

#[test]
fn a_failed_listing_keeps_what_was_read() {
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
            a_failed_listing_keeps_what_was_read,
            dir.path(),
            &["-E", &number, "-P", path, "-e", &inject],
        );
    }
}

#[test]
fn interrupted_calls_are_retried() {
    if let Some(tree) = inside() {
        let found = run(&Pool::new(2), root(&tree), Options::default()).unwrap();
        assert_eq!(found.rows.len(), 6006);
        found.assert_complete();
        return;
    }
    let dir = tree();
    let path = dir.path().to_str().unwrap();
    let sub = dir.path().join("small");
    for call in ["getdents64", "openat,openat2", "statx,newfstatat,fstat"] {
        let inject = format!("inject={call}:error=EINTR:when=1+3");
        let arguments = ["-P", path, "-P", sub.to_str().unwrap(), "-e", &inject];
        under_strace(interrupted_calls_are_retried, dir.path(), &arguments);
    }
}

/// The last slab uses up the demand of a scan that nobody can ask for more, and the summary comes long after it.
#[test]
fn an_abandoned_scan_that_has_sent_all_is_complete() {
    if let Some(tree) = inside() {
        let options = Options {
            metadata: Groups::empty(),
            ..slabs(1)
        };
        let pool = Pool::new(1);
        let (scan, mailbox) = start(&pool, root(&tree), options);
        scan.handle_dropped();
        let found = mailbox.outcome();
        assert_eq!(found.closed.len(), 1);
        found.assert_complete();
        return;
    }
    // Empty: one slab, with the closing record. Afterwards a delayed stat checks whether the root still exists.
    let dir = TempDir::new().unwrap();
    let path = dir.path().to_str().unwrap();
    let inject = "inject=statx,newfstatat,fstat:delay_enter=100000";
    let test = an_abandoned_scan_that_has_sent_all_is_complete;
    under_strace(test, dir.path(), &["-P", path, "-e", inject]);
}

/// In a scan and in a look: the link is still there, without a target.
#[test]
fn a_target_that_cannot_be_read_is_an_error_unless_the_link_is_gone() {
    let number = std::env::var("AETHER_ERRNO").unwrap_or_default();
    if let Some(tree) = inside() {
        let errno = Errno::from_raw_os_error(number.parse().unwrap());
        let pool = Pool::new(1);
        let look = Root {
            entry: Some(b"link".to_vec()),
            ..root(&tree)
        };
        for root in [root(&tree), look] {
            let options = Options {
                metadata: Groups::METADATA | Groups::TARGET,
                ..Options::default()
            };
            let (_scan, mailbox) = start(&pool, root, options);
            mailbox.wait_for_end();
            let messages = mailbox.take();
            let mut links = 0;
            for message in &messages {
                if let Message::Slab(bytes) = message {
                    for entry in Slab::decode(bytes).unwrap().entries() {
                        assert_eq!((entry.name, entry.target), (&b"link"[..], &b""[..]));
                        assert!(entry.metadata.is_some());
                        links += 1;
                    }
                }
            }
            assert_eq!(links, 1);
            let errors = outcome(messages).unwrap().summary.errors.first;
            let expected = match errno {
                Errno::NOENT | Errno::INVAL => vec![],
                _ => vec![Error::from_errno(errno, Operation::Stat, b"link")],
            };
            assert_eq!(errors, expected);
        }
        return;
    }
    let dir = TempDir::new().unwrap();
    symlink("anywhere", dir.path().join("link")).unwrap();
    for errno in [Errno::IO, Errno::ACCESS, Errno::NOENT, Errno::INVAL] {
        let number = errno.raw_os_error();
        let inject = format!("inject=readlinkat:error={number}");
        let number = format!("AETHER_ERRNO={number}");
        let path = dir.path().to_str().unwrap();
        let arguments = ["-E", &number, "-P", path, "-e", &inject];
        let test = a_target_that_cannot_be_read_is_an_error_unless_the_link_is_gone;
        under_strace(test, dir.path(), &arguments);
    }
}
