//! Scans that share a pool, and what the pool survives.

use std::sync::Arc;
use std::thread;

use aether_core::slab::Builder;
use aether_core::{
    Demand, Error, Identity, Operation, Options, Packed, Pool, Progress, Reason, Root, Scan, Sink,
    State, Status, Summary,
};

use crate::support::*;
use crate::tree;

#[test]
fn many_scans_share_the_pool() {
    let dir = tree();
    let pool = Pool::new(4);
    let expected = find(dir, &[]);
    let scans: Vec<_> = (0..100)
        .map(|n| {
            let demand = if n % 3 == 0 {
                Demand::Slabs(u64::MAX)
            } else {
                Demand::Unlimited
            };
            start(
                &pool,
                root(dir),
                Options {
                    demand,
                    ..Options::default()
                },
            )
        })
        .collect();
    for (_, mailbox) in &scans {
        assert_eq!(mailbox.outcome().rows, expected);
    }
    drop(scans);
    wait_until(|| {
        let info = pool.info();
        (info.running, info.descriptors, info.native_bytes) == (0, 0, 0) && info.threads <= 4
    });
}

/// A sink that panics on a slab or on progress, and again at the summary.
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

/// Neither a pool thread nor the timer is lost to a sink that panics at the summary of its own panic.
#[test]
fn a_sink_that_panics_twice_loses_no_thread() {
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
        let scan = pool.start(root(tree()), options, |_| Box::new(sink));
        let summary = mailbox.outcome().summary;
        assert_eq!(summary.status, Status::Failed);
        assert_eq!(summary.error.unwrap().reason, Reason::Panic);

        // The pool's one thread walks on, and the timer ends a cancelled scan.
        let (other, mailbox) = start(&pool, root(tree()), slabs(1));
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

/// The pool is dropped while one scan is parked and another runs: each still gets its summary, once.
#[test]
fn scans_of_a_pool_that_is_dropped_are_cancelled() {
    let pool = Pool::new(2);
    let (_parked, waits) = start(&pool, root(tree()), slabs(1));
    waits.wait(|m| matches!(m, Message::Passive));
    let options = Options {
        slab_entries: 1,
        ..Options::default()
    };
    let (scan, walks) = start(&pool, root(tree()), options);
    walks.wait(|m| matches!(m, Message::Slab(_)));
    drop(pool);
    let ended = |mailbox: &Mailbox| mailbox.outcome().summary.status;
    assert_eq!(ended(&waits), Status::Cancelled);
    let status = ended(&walks);
    assert!(matches!(status, Status::Cancelled | Status::Complete));
    assert_eq!(scan.info().state, State::Ended(status));
}

/// Tries to start a scan that is parked before its first slab.
fn park(pool: &Pool) -> Result<(Arc<Scan>, Arc<Mailbox>), Error> {
    let mailbox = Arc::new(Mailbox::default());
    let collector = Collector(mailbox.clone());
    let scan = pool.start(root(tree()), slabs(0), |_| Box::new(collector))?;
    Ok((scan, mailbox))
}

#[test]
fn there_are_never_more_scans_than_the_limit() {
    const MOST: usize = 10;
    let pool = Pool::new(2);
    pool.limit_scans(MOST);
    let starters: Vec<_> = (0..8)
        .map(|_| {
            let pool = pool.clone();
            thread::spawn(move || (0..25).map(|_| park(&pool)).collect::<Vec<_>>())
        })
        .collect();
    let tried = starters.into_iter().flat_map(|one| one.join().unwrap());
    let (started, refused): (Vec<_>, Vec<_>) = tried.partition(Result::is_ok);
    assert_eq!((started.len(), refused.len()), (MOST, 190));
    for error in refused.into_iter().map(|one| one.map(drop).unwrap_err()) {
        assert_eq!(error.reason, Reason::TooManyScans);
        assert_eq!(error.operation, Operation::Start);
        assert_eq!(error.path, root(tree()).path);
        assert_eq!(error.detail.unwrap(), "10 scans run or are parked");
    }

    // Once the end of one is seen, another can start, however the first ended.
    let mut started: Vec<_> = started.into_iter().map(Result::unwrap).collect();
    for round in 0..30 {
        assert!(park(&pool).is_err());
        let (scan, mailbox) = started.swap_remove(round % MOST);
        match round % 3 {
            0 => scan.cancel(),
            1 => scan.ask(u64::MAX),
            _ => {
                scan.cancel();
                mailbox.wait_for_end();
                let absent = tree().join("absent");
                assert!(run(&pool, root(&absent), slabs(0)).is_err());
            }
        }
        mailbox.wait_for_end();
        started.push(park(&pool).unwrap());
    }
}

/// A pane of details needs them where all scans that may be are under way.
#[test]
fn looks_have_a_limit_of_their_own() {
    let pool = Pool::new(2);
    pool.limit_scans(1);
    let look = |demand| {
        let look = Root {
            entry: Some(Vec::new()),
            ..root(tree())
        };
        let mailbox = Arc::new(Mailbox::default());
        let sink = Collector(Arc::clone(&mailbox));
        let started = pool.start(look, slabs(demand), |_| Box::new(sink));
        started.map(|scan| (scan, mailbox))
    };
    let (scan, mailbox) = park(&pool).unwrap();
    look(1).unwrap().1.wait_for_end();
    let mut held = Vec::new();
    let error = loop {
        match look(0) {
            Ok(look) => held.push(look),
            Err(error) => break error,
        }
    };
    assert_eq!(held.len(), 1024);
    assert_eq!(error.reason, Reason::TooManyScans);
    assert_eq!(error.operation, Operation::Stat);
    assert_eq!(error.detail.unwrap(), "1024 looks are under way");
    // Nor do they keep a scan from starting.
    assert!(park(&pool).is_err());
    scan.cancel();
    mailbox.wait_for_end();
    assert!(park(&pool).is_ok());
    for (look, mailbox) in &held {
        look.cancel();
        mailbox.wait_for_end();
    }
    look(1).unwrap().1.wait_for_end();
}
