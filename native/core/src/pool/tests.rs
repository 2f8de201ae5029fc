//! Tests of what only shows inside a pool: its scans' frontiers, and the budget of descriptors.
#![allow(clippy::unwrap_used)]

use std::fs::File;
use std::time::{Duration, Instant};

use super::*;
use crate::dir::Descriptor;
use crate::slab::{Builder, Groups};
use crate::{Demand, Identity, Packed, Progress, Summary};

struct Nobody;

impl Sink for Nobody {
    fn opened(&self, _: Result<Identity, &Error>) {}
    fn pack(&self, _: &Builder, _: bool) -> Box<dyn Packed> {
        Box::new(Nobody)
    }
    fn passive(&self) {}
    fn progress(&self, _: &Progress) {}
    fn completed(&self, _: &Summary) {}
}

impl Packed for Nobody {
    fn size(&self) -> usize {
        0
    }
    fn send(self: Box<Self>, _: u32) {}
}

fn start(pool: &Pool, demand: Demand) -> Arc<Scan> {
    let root = Root {
        path: env!("CARGO_MANIFEST_DIR").into(),
        ..Root::default()
    };
    let options = Options {
        demand,
        depth: Some(1),
        ..Options::default()
    };
    pool.start(root, options, |_| Box::new(Nobody)).unwrap()
}

fn wait_until(mut done: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !done() {
        assert!(begun.elapsed() < Duration::from_secs(60), "timed out");
        thread::yield_now();
    }
}

/// Its handle may be kept as long as somebody looks at entries through it.
#[test]
fn a_scan_that_has_ended_keeps_no_table_of_inodes() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("one"), "").unwrap();
    std::fs::hard_link(dir.path().join("one"), dir.path().join("two")).unwrap();
    let root = Root {
        path: dir.path().as_os_str().as_encoded_bytes().to_vec(),
        ..Root::default()
    };
    let options = Options {
        metadata: Groups::METADATA | Groups::DISK,
        ..Options::default()
    };
    let pool = Pool::new(1);
    let scan = pool.start(root, options, |_| Box::new(Nobody)).unwrap();
    wait_until(|| scan.is_ended());
    assert_eq!(scan.counts().files, 2);
    assert_eq!(scan.linked.capacity(), 0);
}

/// A thread that leaves a shared directory may find it read to its end by then. The listing that it leaves in the
/// frontier must not hide that the walk is over.
#[test]
fn a_finished_listing_does_not_hide_the_end() {
    let pool = Pool::new(1);
    // Parked before its directory is read.
    let scan = start(&pool, Demand::Slabs(0));
    wait_until(|| scan.start.get().is_some() && scan.attached.load(Ordering::Acquire) == 0);
    let start = scan.start.get().unwrap();
    {
        let frontier = scan.frontier.lock();
        start.listing.lock().ended = true;
        assert!(frontier.has_work());
    }
    scan.ask(1);
    wait_until(|| scan.is_ended());
}

#[test]
fn the_budget_recovers_beside_a_scan_that_stays() {
    let pool = Pool::new(1);
    let shared = &pool.0.0;
    let parked = start(&pool, Demand::Slabs(0));
    wait_until(|| parked.start.get().is_some() && parked.attached.load(Ordering::Acquire) == 0);
    // How many directories could keep their descriptors.
    let room = || {
        let open = || Descriptor::kept(File::open("/dev/null").unwrap().into(), shared.budget);
        std::iter::repeat_with(open)
            .take_while(Result::is_ok)
            .collect::<Vec<_>>()
            .len()
    };
    let most = room();
    shared.budget.shrink();
    assert_eq!(room(), 0);
    let mut rounds = 0;
    while room() < most {
        start(&pool, Demand::Unlimited);
        wait_until(|| shared.scans.lock().len() == 1);
        rounds += 1;
        // The first round only shows that the shortage is over; each further one doubles the limit.
        assert!(rounds < 20);
    }
    assert!(rounds > 2);
    parked.cancel();
}

/// A start is deferred because of the state of its mount, which changes at that moment: the timer has seen the change
/// already and does not come back.
#[test]
fn a_start_deferred_by_an_outdated_state_is_tried_again() {
    let pool = Pool::new(2);
    let shared = &pool.0.0;
    // The timer runs, and has nothing to watch.
    let first = start(&pool, Demand::Unlimited);
    wait_until(|| first.is_ended());
    let known = shared.hung.changes();
    let point: MountPoint = b"/elsewhere".as_slice().into();
    shared.hung.count(Arc::clone(&point));
    shared.hung.uncount(&point);
    // Longer than the timer takes to look, if it still does.
    wait_until(|| {
        shared
            .heartbeats
            .lock()
            .iter()
            .all(|beat| beat.scan().is_none())
    });
    thread::sleep(Duration::from_millis(50));
    let root = Root {
        path: env!("CARGO_MANIFEST_DIR").into(),
        ..Root::default()
    };
    let scan = Scan::new(root, Options::default(), shared, |_| Box::new(Nobody));
    let mut frontier = scan.frontier.lock();
    assert!(frontier.take(&mut crate::frontier::Hand::new(0)).is_some());
    frontier.defer_start();
    frontier.done();
    drop(frontier);
    shared.defer(&scan, known);
    wait_until(|| scan.is_ended());
}
