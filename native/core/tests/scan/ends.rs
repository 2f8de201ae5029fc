//! What comes before the end, and that nothing comes or stays after it.

use std::sync::Arc;

use aether_core::{Options, Pool, ReceiverMonitor, State, Status};

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

/// Before the scan is there, while it starts, and later.
#[test]
fn the_death_of_the_receiver_cancels_the_scan() {
    let pool = Pool::new(1);
    for down_at in 0..3 {
        let monitor = ReceiverMonitor::default();
        let down = |at| {
            if at == down_at {
                monitor.down();
            }
        };
        down(0);
        let mailbox = Arc::new(Mailbox::default());
        let sink = Collector(Arc::clone(&mailbox));
        let start = pool.start(root(tree()), slabs(0), |scan| {
            monitor.arm(scan);
            down(1);
            Box::new(sink)
        });
        let scan = start.unwrap();
        monitor.started(&scan);
        down(2);
        assert!(monitor.is_down());
        mailbox.wait_for_end();
        let found = outcome(mailbox.take()).unwrap();
        assert_eq!(found.summary.status, Status::Cancelled, "{down_at}");
    }
}
