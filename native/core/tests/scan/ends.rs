//! What comes before the end, and that nothing comes or stays after it.

use aether_core::{Options, Pool, State, Status};

use crate::support::*;
use crate::tree;

#[test]
fn after_cancel_only_the_summary_comes() {
    let dir = tree();
    let pool = Pool::new(4);
    for _ in 0..50 {
        let options = Options {
            slab_entries: 10,
            ..Options::default()
        };
        let (scan, mailbox) = start(&pool, root(dir), options);
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

/// Progress needs no demand: a parked scan reports what it has found.
#[test]
fn progress_grows_and_comes_before_the_end() {
    let options = Options {
        progress: true,
        slab_entries: 1,
        ..slabs(1)
    };
    let pool = Pool::new(1);
    let (scan, mailbox) = start(&pool, root(tree()), options);
    mailbox.wait(|m| matches!(m, Message::Progress(_)));
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
    assert!(last > 0);
    assert!(outcome(messages).unwrap().summary.counts.entries() >= last);
}

#[test]
fn a_handle_kept_after_the_end_holds_nothing() {
    let big = folder(tree(), "big");
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
