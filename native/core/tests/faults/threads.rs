//! A system that refuses new threads.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use aether_core::{Options, Pool};
use parking_lot::Mutex;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tempfile::TempDir;

use crate::apart::{again_alone, inside, under_strace};
use crate::rights::as_nobody;
use crate::support::*;
use crate::tree;

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
    under_strace(without_any_thread_there_is_no_scan, dir.path(), &arguments);
}

/// The only thread hangs while the system refuses others: a scan that is asked then resumes as soon as it gives one.
#[test]
fn starting_a_refused_thread_is_tried_again() {
    let Some(tree) = inside() else {
        // A process of its own: the limit applies to the whole process.
        let dir = tree();
        fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o755)).unwrap();
        again_alone(starting_a_refused_thread_is_tried_again, dir.path());
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
        // The timer does this after it has dealt with the thread that hangs.
        other.cancel();
        cancelled.wait_for_end();
        scan.ask(u64::MAX);
        setrlimit(Resource::Nproc, limit).unwrap();
        assert_eq!(mailbox.outcome().rows.len(), 3);
        drop(closed);
        assert_eq!(waits.outcome().rows.len(), 3000);
    };
    // Root may have any number of threads.
    match rustix::process::geteuid().is_root() {
        true => as_nobody(walk),
        false => walk(),
    }
}
