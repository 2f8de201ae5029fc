//! The log beside readers: of other processes, which are reported, and of this one, which make room.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use std::path::Path;
use std::time::Duration;

use aether_core::Status;
use aether_index::{OpenOptions, PushError, Reason, ScanCounts, ScanSpec};

use crate::support::*;
use crate::tree;

/// A folder is opened that holds so many files now.
fn expand(fixture: &Fixture, folder: &str, files: u64) {
    let expansion = ScanSpec {
        folder: folder.into(),
        depth: Some(1),
        ..spec()
    };
    let files: Vec<_> = (0..files)
        .map(|at| file(&format!("f{at}"), files, 1))
        .collect();
    let listings = [listing(folder, &files, 1)];
    fixture.scan_as(expansion, &listings, Status::Complete);
}

/// Length of the log's file.
fn log_length(path: &Path) -> u64 {
    std::fs::metadata(path.with_extension("db-wal")).map_or(0, |log| log.len())
}

/// A whole scan and the end of all sync, and empty the log; what comes between does neither.
#[test]
fn no_small_commit_waits_for_the_disk() {
    if std::env::var_os("TRACED").is_some() {
        let fixture = Fixture::new();
        fixture.scan(&tree(30, 30));
        let log = fixture.index().log();
        wait_until(|| log.wal_bytes() == 0);
        let uuid = fixture.uuid();
        // Shows in the trace.
        std::fs::create_dir(fixture.directory.path().join("small commits begin")).unwrap();
        for round in 0..20 {
            expand(&fixture, &format!("d{round}"), 40 + round);
            let index = fixture.index();
            let put = index.put_note(note_of(&uuid, (b"d0", b"f0"), b"key", Some(b"value")));
            put.unwrap();
            // What is to be done when nothing else is has been done by then.
            index.settle().unwrap();
        }
        fixture.index().forget(&uuid, Some(b"d29")).unwrap();
        fixture.index().settle().unwrap();
        std::fs::create_dir(fixture.directory.path().join("small commits end")).unwrap();
        fixture.index().close().unwrap();
        fixture.recount();
        return;
    }
    let directory = tempfile::tempdir().unwrap();
    let trace = directory.path().join("trace");
    let calls = "trace=fsync,fdatasync,ftruncate,mkdir,mkdirat";
    let mut command = strace::under_strace(
        no_small_commit_waits_for_the_disk,
        &trace,
        &["-e", calls],
        &[("TRACED", "1".as_ref())],
    );
    let output = command.output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let trace = std::fs::read_to_string(&trace).unwrap();
    let (before, rest) = trace.split_once("small commits begin").unwrap();
    let (between, after) = rest.split_once("small commits end").unwrap();
    for (part, expected) in [(before, true), (between, false), (after, true)] {
        for call in ["sync(", "ftruncate("] {
            assert_eq!(part.contains(call), expected, "{call}: {part}");
        }
    }
}

/// What the database file holds without its log.
fn copied(fixture: &Fixture, sql: &str) -> String {
    let alone = format!("file:{}?immutable=1", fixture.path().display());
    shell(Path::new(&alone), sql)
}

#[test]
fn an_index_at_rest_copies_a_log_that_is_worth_it() {
    let count = "SELECT count(*) FROM files";
    let options = |wal_rest, wal_rest_after| OpenOptions {
        wal_rest,
        wal_rest_after,
        ..OpenOptions::default()
    };
    let fixture = Fixture::with(options(100_000, Duration::ZERO));
    fixture.scan(&tree(3, 3));
    wait_until(|| fixture.index().log().wal_bytes() == 0);
    // Alone longer than what is left as it is.
    expand(&fixture, "d0", 3000);
    let expected = fixture.shell(count);
    // Nobody asks for it; and the log's file stays as long as it is.
    wait_until(|| fixture.index().log().wal_bytes() < 100_000);
    assert_eq!(copied(&fixture, count), expected);
    assert!(log_length(&fixture.path()) > 100_000);
    // What comes next goes to the log's beginning.
    expand(&fixture, "d1", 1);
    assert!(fixture.index().log().wal_bytes() < 100_000);
    fixture.index().close().unwrap();
    assert_eq!(log_length(&fixture.path()), 0);
    check_clean(&fixture.path());
    // One that is not, or that is not at rest yet, is left alone.
    for options in [
        options(1 << 20, Duration::ZERO),
        options(0, Duration::from_secs(600)),
    ] {
        let fixture = Fixture::with(options);
        fixture.scan(&tree(3, 3));
        let log = fixture.index().log();
        wait_until(|| log.wal_bytes() == 0);
        expand(&fixture, "d0", 20);
        fixture.index().settle().unwrap();
        assert_eq!(copied(&fixture, count), "9\n");
        assert_eq!(fixture.shell(count), "26\n");
    }
}

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
    let note = index.put_note(note_of(&uuid, (b"", b"f0"), b"key", Some(b"value")));
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
