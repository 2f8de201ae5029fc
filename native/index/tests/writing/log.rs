//! The log beside readers: of other processes, which are told of, and of this one, which make room.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use aether_core::Status;
use aether_index::{OpenOptions, PushError, Reason, ScanCounts};

use crate::support::*;
use crate::tree;

#[test]
fn a_reader_elsewhere_that_stays_is_told_and_does_not_stop_the_scan() {
    let options = OpenOptions {
        wal_soft: 200_000,
        ..OpenOptions::default()
    };
    let fixture = Fixture::with(options);
    fixture.scan(&tree(3, 3));
    let reader = fixture.reader_that_stays();
    fixture.scan(&tree(200, 100));
    assert!(fixture.index().log().wal_bytes() > 200_000);
    assert!(fixture.index().log().wal_blocked_since().is_some());
    reader.execute_batch("COMMIT").unwrap();
    drop(reader);
    fixture.scan(&tree(201, 100));
    fixture.index().settle().unwrap();
    fixture.recount();
}

#[test]
fn own_readers_keep_the_log_short() {
    // The log's file at its longest.
    let (longest, log) = (
        Arc::new(AtomicU64::new(0)),
        Arc::new(OnceLock::<std::path::PathBuf>::new()),
    );
    let (seen, place) = (longest.clone(), log.clone());
    let look = move |_: &[i64]| {
        let length = place
            .get()
            .and_then(|log| std::fs::metadata(log).ok())
            .map_or(0, |log| log.len());
        seen.fetch_max(length, Ordering::SeqCst);
    };
    let options = OpenOptions {
        wal_soft: 400_000,
        on_commit: Some(Arc::new(look)),
        ..OpenOptions::default()
    };
    let fixture = Fixture::with(options);
    log.set(fixture.directory.path().join("index.db-wal"))
        .unwrap();
    fixture.scan(&tree(3, 3));
    let gate = fixture.index().gate().clone();
    let path = fixture.path();
    let stop = Arc::new(AtomicU64::new(0));
    // Readers overlap, so that one always reads: only the gate makes a gap.
    let readers: Vec<_> = (0..2)
        .map(|_| {
            let (gate, path, stop) = (gate.clone(), path.clone(), stop.clone());
            std::thread::spawn(move || {
                let reader = rusqlite::Connection::open(path).unwrap();
                while stop.load(Ordering::SeqCst) == 0 {
                    let _page = gate.enter();
                    reader
                        .query_row("SELECT count(*) FROM files", (), |_| Ok(()))
                        .unwrap();
                }
            })
        })
        .collect();
    for files in 100..110 {
        fixture.scan(&tree(100, files));
    }
    stop.store(1, Ordering::SeqCst);
    for reader in readers {
        reader.join().unwrap();
    }
    let length = longest.load(Ordering::SeqCst);
    assert!(length < 2_000_000, "{length} bytes of log");
    fixture.recount();
}

/// Pushes until the writer stops at the limit of the log.
fn push_to_the_limit(fixture: &Fixture, scan: &aether_index::ScanWriter) {
    let is_stalled = || {
        let stalled = fixture.index().stalled();
        stalled.is_some_and(|error| error.reason == Reason::Busy)
    };
    let listings = tree(3000, 100);
    let mut batches = listings
        .iter()
        .map(|listing| batch(&[(listing, 0, listing.entries.len(), true)]));
    let mut next = batches.next();
    wait_until(|| {
        if let Some(batch) = next.take() {
            next = match scan.push(batch) {
                Ok(()) => batches.next(),
                Err(PushError::Full(back)) => Some(back),
                Err(PushError::Ended(error)) => panic!("{error}"),
            };
        }
        is_stalled()
    });
    assert!(next.is_some(), "nothing made it wait");
}

#[test]
fn a_scan_cancelled_at_the_limit_of_the_log_ends_though_the_reader_stays() {
    let fixture = Fixture::with(OpenOptions {
        wal_soft: 200_000,
        wal_limit: 1 << 20,
        ..OpenOptions::default()
    });
    fixture.scan(&tree(3, 3));
    let reader = fixture.reader_that_stays();
    let scan = fixture.begin(spec());
    push_to_the_limit(&fixture, &scan);
    scan.cancel();
    // The end comes after all that was pushed.
    let (send, receive) = std::sync::mpsc::channel();
    scan.end_with(Status::Cancelled, ScanCounts::default(), move |answer| {
        send.send(answer).unwrap();
    });
    let minute = std::time::Duration::from_secs(60);
    receive.recv_timeout(minute).unwrap().unwrap();
    assert!(fixture.index().log().wal_bytes() >= 1 << 20);
    assert!(fixture.index().stalled().is_none());
    fixture.recount();
    drop(reader);
}

#[test]
fn what_waits_at_the_limit_of_the_log_is_answered_with_the_cause() {
    let fixture = Fixture::with(OpenOptions {
        wal_soft: 200_000,
        wal_limit: 1 << 20,
        stall_timeout: std::time::Duration::from_millis(50),
        ..OpenOptions::default()
    });
    fixture.scan(&tree(3, 3));
    let uuid = fixture.uuid();
    let reader = fixture.reader_that_stays();
    let scan = fixture.begin(spec());
    push_to_the_limit(&fixture, &scan);
    let index = fixture.index();
    let idle = aether_index::ScanSpec {
        root: b"/another".to_vec(),
        ..spec()
    };
    let note = index.put_note(&uuid, b"", b"f0", b"key", Some(b"value"));
    let acted = index.with_connection(|_| Ok(()));
    for (call, answer) in [
        ("begin", index.begin(idle, Box::new(|_| {})).map(drop)),
        ("forget", index.forget(&uuid, None)),
        ("note", note),
        ("connection", acted),
        ("settle", index.settle()),
    ] {
        let error = answer.expect_err(call);
        assert_eq!(error.reason, Reason::Busy, "{call}: {error}");
        assert!(error.to_string().contains("a reader"), "{call}: {error}");
    }
    // The scan itself waits on, and goes on when the reader has gone.
    drop(reader);
    wait_until(|| index.stalled().is_none());
    scan.end(Status::Complete, ScanCounts::default()).unwrap();
    fixture.recount();
}
