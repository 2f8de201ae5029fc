//! What bounds a pool and its pages: connections, the gate, deadlines.
#![allow(clippy::unwrap_used)]

use super::*;
use crate::open::create;
use crate::reader::query;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

fn pool(directory: &Path, options: PoolOptions) -> Pool {
    let location = Location::resolve(&directory.join("index.db")).unwrap();
    create(&location).unwrap();
    Pool::new(location, Arc::default(), options)
}

/// As if a page went through many rows.
fn read_for_long(pool: &Pool) -> Result<(), Error> {
    pool.page(|txn| {
        loop {
            txn.all(query::SOURCES, (), |_| Ok(()))?;
        }
    })
}

#[test]
fn a_page_ends_at_its_deadline_and_its_connection_goes_on() {
    let directory = tempfile::tempdir().unwrap();
    let pool = pool(
        directory.path(),
        PoolOptions {
            limit: Duration::from_millis(20),
            connections: 1,
            ..PoolOptions::default()
        },
    );
    assert_eq!(read_for_long(&pool).unwrap_err().reason, Reason::Busy);
    assert!(pool.sources().unwrap().is_empty());
    assert_eq!(pool.connections(), 1);
}

#[test]
fn no_more_connections_are_open_than_were_asked_for() {
    let directory = tempfile::tempdir().unwrap();
    let pool = pool(
        directory.path(),
        PoolOptions {
            connections: 2,
            ..PoolOptions::default()
        },
    );
    assert_eq!(pool.connections(), 0);
    let (now, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..50 {
                    let one = |_: &ReadTxn<'_>| {
                        most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                        std::thread::yield_now();
                        now.fetch_sub(1, Ordering::SeqCst);
                        Ok(())
                    };
                    pool.page(one).unwrap();
                }
            });
        }
    });
    assert!(most.into_inner() <= 2 && pool.connections() <= 2);
    // While all are lent, the next waits, but not for ever.
    let busy = pool.page(|_| pool.page(|_| Ok(pool.page(|_| Ok(())).unwrap_err().reason)));
    assert_eq!(busy.unwrap(), Reason::Busy);
}

#[test]
fn a_page_waits_while_the_gate_is_shut() {
    let directory = tempfile::tempdir().unwrap();
    let pool = pool(directory.path(), PoolOptions::default());
    let open = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let shut = pool.gate.shut(Duration::ZERO).unwrap();
        let page = scope.spawn(|| pool.page(|_| Ok(open.load(Ordering::SeqCst))));
        // It has a connection's place, so it is at the gate or on its way there.
        while pool.connections() == 0 {
            std::thread::yield_now();
        }
        open.store(true, Ordering::SeqCst);
        drop(shut);
        assert!(page.join().unwrap().unwrap());
    });
    // And the writer waits for the page.
    let entered = pool.page(|_| Ok(pool.gate.shut(Duration::ZERO).is_none()));
    assert!(entered.unwrap());
}

#[test]
fn a_closed_pool_lets_go() {
    let directory = tempfile::tempdir().unwrap();
    let pool = pool(directory.path(), PoolOptions::default());
    let within = pool.page(|_| {
        pool.close();
        Ok(pool.connections())
    });
    assert_eq!((within.unwrap(), pool.connections()), (1, 0));
    assert_eq!(pool.sources().unwrap_err().reason, Reason::Closed);
}

#[test]
fn what_is_no_index_is_refused_untouched() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("index.db");
    let reason = || {
        Pool::open(&path, PoolOptions::default())
            .unwrap_err()
            .reason
    };
    assert_eq!(reason(), Reason::Errno(2));
    for (bytes, expected) in [
        (&b""[..], Reason::NotADatabase),
        (&[b'x'; 5000], Reason::NotADatabase),
    ] {
        std::fs::write(&path, bytes).unwrap();
        assert_eq!(reason(), expected);
        assert_eq!(std::fs::read(&path).unwrap(), bytes);
    }
}

#[test]
fn a_long_page_gives_way_to_the_writer_and_is_read_again() {
    let directory = tempfile::tempdir().unwrap();
    let pool = pool(directory.path(), PoolOptions::default());
    let (begun, open) = (AtomicBool::new(false), AtomicBool::new(false));
    std::thread::scope(|scope| {
        let page = scope.spawn(|| {
            pool.page(|txn| {
                begun.store(true, Ordering::SeqCst);
                // For ever, the first time.
                while !open.load(Ordering::SeqCst) {
                    txn.all(query::SOURCES, (), |_| Ok(()))?;
                }
                Ok(())
            })
        });
        while !begun.load(Ordering::SeqCst) {
            std::thread::yield_now();
        }
        // Less than the page's own limit.
        let shut = pool.gate.shut(Duration::from_secs(1)).unwrap();
        open.store(true, Ordering::SeqCst);
        drop(shut);
        page.join().unwrap().unwrap();
    });
}

#[test]
fn a_page_does_not_give_way_for_ever() {
    let directory = tempfile::tempdir().unwrap();
    let pool = pool(directory.path(), PoolOptions::default());
    let (begun, done) = (AtomicUsize::new(0), AtomicBool::new(false));
    std::thread::scope(|scope| {
        let page = scope.spawn(|| {
            let value = pool.page(|txn| {
                let turn = begun.fetch_add(1, Ordering::SeqCst);
                while turn < GIVES_WAY as usize || !done.load(Ordering::SeqCst) {
                    txn.all(query::SOURCES, (), |_| Ok(()))?;
                }
                Ok(turn)
            });
            value.unwrap()
        });
        for turn in 1..=GIVES_WAY as usize {
            while begun.load(Ordering::SeqCst) < turn {
                std::thread::yield_now();
            }
            assert!(pool.gate.shut(Duration::from_secs(1)).is_some());
        }
        while begun.load(Ordering::SeqCst) <= GIVES_WAY as usize {
            std::thread::yield_now();
        }
        assert!(pool.gate.shut(Duration::from_millis(20)).is_none());
        done.store(true, Ordering::SeqCst);
        assert_eq!(page.join().unwrap(), GIVES_WAY as usize);
    });
}
