//! Demand: what is sent with it, and what a scan without it holds and receives.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use aether_core::{Options, Pool, State, Status};
use parking_lot::Mutex;
use tempfile::TempDir;

use crate::support::*;
use crate::tree;

#[test]
fn nothing_is_sent_without_demand_except_the_end() {
    let dir = tree();
    let pool = Pool::new(2);
    let (scan, mailbox) = start(&pool, root(dir), slabs(0));
    mailbox.wait(|m| matches!(m, Message::Opened(Ok(_))));
    assert_eq!(scan.info().state, State::Parked);
    let ended = || mailbox.count(|m| matches!(m, Message::Completed(_))) == 1;
    let mut rounds = 0;
    while !ended() {
        scan.ask(2);
        rounds += 1;
        // One passive message each time demand is used up.
        wait_until(|| ended() || mailbox.count(|m| matches!(m, Message::Passive)) == rounds);
        assert!(mailbox.slabs() <= 2 * rounds);
    }
    let found = outcome(mailbox.take()).unwrap();
    assert_eq!(found.rows, find(dir, &[]));
    assert_eq!(scan.info().state, State::Ended(Status::Complete));
}

#[test]
fn demand_saturates_and_has_no_effect_after_the_end() {
    let dir = tree();
    let pool = Pool::new(2);
    let (scan, mailbox) = start(&pool, root(dir), slabs(1));
    scan.ask(u64::MAX);
    scan.ask(u64::MAX);
    mailbox.wait_for_end();
    scan.ask(1);
    scan.cancel();
    let found = outcome(mailbox.take()).unwrap();
    found.assert_complete();
    assert_eq!(found.rows.len(), 4045);
}

#[test]
fn a_parked_scan_that_nobody_can_ask_is_cancelled() {
    let dir = tree();
    let pool = Pool::new(2);
    let (scan, mailbox) = start(&pool, root(dir), slabs(1));
    mailbox.wait(|m| matches!(m, Message::Passive));
    scan.handle_dropped();
    assert_eq!(mailbox.outcome().summary.status, Status::Cancelled);
    // With demand it goes on.
    let (scan, mailbox) = start(&pool, root(dir), Options::default());
    scan.handle_dropped();
    assert_eq!(mailbox.outcome().summary.status, Status::Complete);
}

/// The timer ignores a parked scan; when it is asked and abandoned, the timer must look again.
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
    wait_until(|| pool.info().descriptors == held_by_a_parked_scan());
    let closed = gate.lock();
    let before = packed.load(Ordering::Acquire);
    scan.ask(1);
    wait_until(|| packed.load(Ordering::Acquire) > before);
    // There is still demand: only the slab that is held up uses it up.
    scan.handle_dropped();
    drop(closed);
    let status = mailbox.outcome().summary.status;
    assert_eq!(status, Status::Cancelled);
}

/// Everything can be reopened, except a root of unknown birth time: another may have taken its inode number.
fn held_by_a_parked_scan() -> usize {
    usize::from(cfg!(any(aether_portable, not(target_os = "linux"))))
}

#[test]
fn a_parked_scan_holds_no_descriptor() {
    let dir = tree();
    let pool = Pool::new(2);
    let options = Options {
        slab_entries: 5,
        ..slabs(3)
    };
    let (scan, mailbox) = start(&pool, root(dir), options);
    mailbox.wait(|m| matches!(m, Message::Passive));
    wait_until(|| {
        let info = pool.info();
        info.descriptors == held_by_a_parked_scan() && info.parked == 1
    });
    scan.ask(u64::MAX);
    assert_eq!(mailbox.outcome().rows, find(dir, &[]));
    wait_until(|| pool.info().descriptors == 0 && pool.info().native_bytes == 0);
}

/// Slabs that wait when the walk is over are sent when asked for, even if a thread is just leaving the scan's only
/// place.
#[test]
fn a_scan_with_one_thread_and_little_demand_ends() {
    let pool = Pool::new(4);
    for _ in 0..300 {
        let a1 = folder(tree(), "a1");
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
