//! Reports of what was committed.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use aether_core::Status;
use aether_index::{OpenOptions, Reason, ScanCounts, scan_status};

use crate::support::*;

/// Gaps 005, 006 and 008 of the predecessor: persisted entries are reported apart from found ones,
/// each once, directories too.
#[test]
fn gap_scan_005_006_008_entries_are_reported_when_committed() {
    let told = Arc::new(AtomicU64::new(0));
    let fixture = Fixture::new();
    let heard = told.clone();
    let on_persisted = Box::new(move |persisted: aether_index::Persisted| {
        heard.store(persisted.entries, Ordering::SeqCst)
    });
    let scan = fixture.index().begin(spec(), on_persisted).unwrap();
    let root = listing("", &[dir("d"), file("a", 1, 1), file("b", 1, 1)], 1);
    push(&scan, batch(&[(&root, 0, 2, false)]));
    // `settle` comes after everything that was pushed.
    fixture.index().settle().unwrap();
    assert_eq!(scan.persisted(), 0, "a listing that is open is not in");
    push(&scan, batch(&[(&root, 2, 3, true)]));
    fixture.index().settle().unwrap();
    assert_eq!((scan.persisted(), told.load(Ordering::SeqCst)), (3, 3));
    assert_eq!(
        fixture.shell("SELECT count(*) FROM dirs WHERE name = 'd'"),
        "1\n"
    );
    scan.end(Status::Complete, ScanCounts::default()).unwrap();
}

/// Including the last commit of a scan, and forgetting.
#[test]
fn every_commit_reports_which_sources_it_touched() {
    let heard = Arc::new(std::sync::Mutex::new(Vec::new()));
    let told = heard.clone();
    let fixture = Fixture::with(OpenOptions {
        on_commit: Some(Arc::new(move |sources: &[i64]| {
            told.lock().unwrap().extend_from_slice(sources);
        })),
        ..OpenOptions::default()
    });
    let take = || std::mem::take(&mut *heard.lock().unwrap());
    let scan = fixture.begin(spec());
    let key = scan.started().source_key;
    assert_eq!(take(), [key], "a scan began");
    push(&scan, batch(&[(&listing("", &[dir("d")], 1), 0, 1, true)]));
    fixture.index().settle().unwrap();
    assert_eq!(take(), [key], "a batch");
    scan.end(Status::Complete, ScanCounts::default()).unwrap();
    assert_eq!(take(), [key], "the end");
    let source = &fixture.uuid();
    let before = fixture.index().commits();
    fixture
        .index()
        .put_note(note_of(source, (b"", b"d"), b"k", Some(b"v")))
        .unwrap();
    assert!(fixture.index().commits() > before);
    take();
    fixture.index().forget(source, Some(b"d")).unwrap();
    assert_eq!(take(), [key], "forgotten");
}

/// Without a command to answer, only the scans can report it.
#[test]
fn a_panic_while_idle_fails_the_scans() {
    let (armed, panicked) = (
        Arc::new(AtomicBool::new(false)),
        Arc::new(AtomicBool::new(false)),
    );
    let (is_armed, has_panicked) = (armed.clone(), panicked.clone());
    let fixture = Fixture::with(OpenOptions {
        on_commit: Some(Arc::new(move |_: &[i64]| {
            if is_armed.swap(false, Ordering::SeqCst) {
                has_panicked.store(true, Ordering::SeqCst);
                panic!("on purpose");
            }
        })),
        ..OpenOptions::default()
    });
    let scan = fixture.begin(spec());
    let root = listing("", &[dir("d"), file("a", 1, 1)], 1);
    armed.store(true, Ordering::SeqCst);
    push(&scan, batch(&[(&root, 0, 2, true)]));
    wait_until(|| panicked.load(Ordering::SeqCst));
    let error = scan
        .end(Status::Complete, ScanCounts::default())
        .unwrap_err();
    assert_eq!(error.reason, Reason::Panic);
    let status = "SELECT status FROM scans ORDER BY id DESC LIMIT 1";
    assert_eq!(fixture.shell(status), format!("{}\n", scan_status::FAILED));
    // The writer goes on.
    fixture.scan(&[root, listing("d", &[], 1)]);
    assert_eq!(fixture.totals(), "1|1|0\n");
    fixture.recount();
}
