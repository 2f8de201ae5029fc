//! How true an answer says it is, for every way in which a scan can end or fall short.

use aether_core::Status;
use aether_core::slab::status;
use aether_index::{ScanCounts, ScanSpec, scan_status};

use crate::support::*;
use crate::{elsewhere, tree};

const FOLDERS: [&str; 4] = ["", "a", "a/b", "c"];

/// When each folder was seen, as the number of the scan: ends of scans are put 1,000 s apart for this.
fn seen(fixture: &Fixture) -> String {
    fixture.sql("UPDATE scans SET ended_at = id * 1000000 WHERE ended_at IS NOT NULL");
    let (pool, source) = (elsewhere(&fixture.path()), fixture.uuid());
    let at = |folder: &&str| {
        let answer = pool.totals(&source, folder.as_bytes()).unwrap();
        assert_eq!(answer.age.is_none(), answer.scanned_at.is_none());
        // 1970 is long ago.
        assert!(answer.stale);
        match answer.scanned_at {
            Some(at) => (at / 1_000_000).to_string(),
            None => "-".to_owned(),
        }
    };
    FOLDERS.iter().map(at).collect::<Vec<_>>().join(" ")
}

fn expansion(folder: &str, depth: Option<u32>) -> ScanSpec {
    ScanSpec {
        folder: folder.into(),
        depth,
        ..spec()
    }
}

#[test]
fn a_folder_is_as_fresh_as_the_last_scan_that_listed_it() {
    let fixture = Fixture::new();
    fixture.scan(&tree());
    assert_eq!(seen(&fixture), "1 1 1 1");

    let all = tree();
    fixture.scan_as(expansion("a", Some(1)), &all[1..2], Status::Complete);
    assert_eq!(seen(&fixture), "1 2 1 1");
    fixture.scan_as(expansion("a", Some(2)), &all[1..3], Status::Complete);
    assert_eq!(seen(&fixture), "1 3 3 1");

    // A cancelled scan makes nothing fresh, nor does one that failed.
    fixture.scan_as(spec(), &tree(), Status::Cancelled);
    fixture.scan_as(spec(), &tree()[..1], Status::Failed);
    assert_eq!(seen(&fixture), "1 3 3 1");

    // One that could not read all makes fresh what it did read.
    let mut some = tree();
    some[3] = listing("c", &[], status::errno(13));
    fixture.scan_as(spec(), &some, Status::Partial);
    assert_eq!(seen(&fixture), "6 6 6 1");

    // An unreadable folder hides what lies beneath it, and makes nothing else stale.
    let mut some = tree();
    some[1] = listing("a", &[], status::errno(13));
    some.remove(2);
    fixture.scan_as(spec(), &some, Status::Partial);
    let seen_now = seen(&fixture);
    assert_eq!(seen_now, "7 1 1 7");

    // What is seen by its own path again is fresh.
    fixture.scan_as(expansion("a/b", None), &tree()[2..3], Status::Complete);
    assert_eq!(seen(&fixture), "7 1 8 7");
}

/// What was stored before the source's rules kept scans out of it is as old as it is, and no total is exact above it.
#[test]
fn what_scans_do_not_enter_any_more_grows_old() {
    let fixture = Fixture::new();
    fixture.scan(&tree());
    let mut some = tree();
    some[1] = listing("a", &[], status::OTHER_FILE_SYSTEM);
    some.remove(2);
    fixture.scan(&some);
    assert_eq!(seen(&fixture), "2 1 1 2");
    let (pool, source) = (elsewhere(&fixture.path()), fixture.uuid());
    for (folder, is_exhaustive) in [("", false), ("a", false), ("c", true)] {
        let answer = pool.totals(&source, folder.as_bytes()).unwrap();
        assert_eq!(answer.exhaustive, is_exhaustive, "{folder}");
        let kept: &[&[u8]] = if is_exhaustive { &[] } else { &[b"a"] };
        assert_eq!(answer.unreadable.first, kept, "{folder}");
    }
}

#[test]
fn a_folder_that_was_only_heard_of_was_never_seen() {
    let fixture = Fixture::new();
    fixture.scan_as(
        expansion("", Some(1)),
        &[listing("", &[dir("a"), dir("c")], 1)],
        Status::Complete,
    );
    let (pool, source) = (elsewhere(&fixture.path()), fixture.uuid());
    let root = pool.totals(&source, b"").unwrap();
    assert!(root.scanned_at.is_some() && !root.stale && !root.exhaustive);
    assert_eq!(root.value.unknown_below, 2);
    assert_eq!(root.unreadable.count, 0);
    let a = pool.totals(&source, b"a").unwrap();
    assert!(a.scanned_at.is_none() && a.stale && !a.exhaustive && !a.scanning);
}

#[test]
fn answers_grow_old() {
    let fixture = Fixture::new();
    fixture.scan(&tree());
    let (pool, source) = (elsewhere(&fixture.path()), fixture.uuid());
    for (minutes, stale) in [(0, false), (59, false), (61, true), (-5, false)] {
        let change =
            format!("UPDATE scans SET ended_at = (unixepoch('subsec') - {minutes} * 60) * 1000");
        fixture.sql(&change);
        let answer = pool.totals(&source, b"a").unwrap();
        assert_eq!(answer.stale, stale, "{minutes} minutes");
        // A clock that was put back makes nothing older than new.
        let least = 60 * u64::try_from(minutes).unwrap_or(0);
        let age = answer.age.unwrap().as_secs();
        assert!((least..least + 60).contains(&age), "{age}");
    }
}

#[test]
fn a_running_scan_is_seen_where_it_goes() {
    let fixture = Fixture::new();
    fixture.scan(&tree());
    let (pool, source) = (elsewhere(&fixture.path()), fixture.uuid());
    let scanning = || {
        let of = |folder: &&str| {
            let answer = pool.totals(&source, folder.as_bytes()).unwrap();
            assert_eq!(answer.stale, answer.scanning);
            u8::from(answer.scanning)
        };
        FOLDERS.iter().map(of).collect::<Vec<_>>()
    };
    let status = || pool.source(&source).unwrap().value.last_scan_status;
    assert_eq!(scanning(), [0, 0, 0, 0]);
    let one = fixture.begin(expansion("a", Some(1)));
    assert_eq!(scanning(), [0, 1, 0, 0]);
    assert_eq!(status(), Some(scan_status::RUNNING));
    let all = fixture.begin(spec());
    assert_eq!(scanning(), [1, 1, 1, 1]);
    one.end(Status::Complete, ScanCounts::default()).unwrap();
    all.end(Status::Cancelled, ScanCounts::default()).unwrap();
    assert_eq!(scanning(), [0, 0, 0, 0]);
    assert_eq!(status(), Some(scan_status::CANCELLED));
}

#[test]
fn a_database_that_was_put_back_gives_itself_away() {
    let mut fixture = Fixture::new();
    fixture.scan(&tree());
    fixture.index.take().unwrap().close().unwrap();
    let copy = std::fs::read(fixture.path()).unwrap();
    fixture.reopen();
    fixture.scan(&tree());
    let source = fixture.uuid();
    let rolled_back = |fixture: &Fixture| {
        let pool = elsewhere(&fixture.path());
        pool.totals(&source, b"").unwrap().rolled_back
    };
    assert!(!rolled_back(&fixture));
    fixture.index.take().unwrap().close().unwrap();
    std::fs::write(fixture.path(), copy).unwrap();
    assert!(rolled_back(&fixture));
}

#[test]
fn what_could_not_be_read_is_named() {
    let fixture = Fixture::new();
    fixture.scan_as(
        spec(),
        &[
            listing("", &[dir("a"), dir("c"), dir("e")], 1),
            listing("a", &[dir("b"), dir("ok"), dir("moving")], 1),
            listing("a/b", &[], status::errno(13)),
            listing("a/ok", &[], 1),
            listing("a/moving", &[], status::CHANGING),
            listing("c", &[], status::errno(5)),
            listing("e", &[], 1),
        ],
        Status::Partial,
    );
    let (pool, source) = (elsewhere(&fixture.path()), fixture.uuid());
    let unreadable = |folder: &str| {
        let answer = pool.totals(&source, folder.as_bytes()).unwrap();
        assert!(!answer.unreadable.at_least);
        let first = answer.unreadable.first;
        assert_eq!(first.len() as u64, answer.unreadable.count);
        let text = first.iter().map(|path| String::from_utf8_lossy(path));
        (text.collect::<Vec<_>>().join(" "), answer.exhaustive)
    };
    assert_eq!(unreadable(""), ("a/b c".into(), false));
    assert_eq!(unreadable("a"), ("a/b".into(), false));
    assert_eq!(unreadable("a/b"), ("a/b".into(), false));
    assert_eq!(unreadable("a/moving"), ("".into(), false));
    assert_eq!(unreadable("a/ok"), ("".into(), true));
    assert_eq!(unreadable("e"), ("".into(), true));
}

#[test]
fn looking_for_what_could_not_be_read_is_bounded() {
    let fixture = Fixture::new();
    let names: Vec<_> = (0..3000).map(|at| dir(&format!("d{at:04}"))).collect();
    let mut all = vec![listing("", &names, 1)];
    for at in [0, 2999] {
        all.push(listing(&format!("d{at:04}"), &[], status::errno(13)));
    }
    fixture.scan_as(expansion("", Some(2)), &all, Status::Partial);
    let (pool, source) = (elsewhere(&fixture.path()), fixture.uuid());
    let found = pool.totals(&source, b"").unwrap().unreadable;
    assert_eq!((found.count, found.at_least), (1, true));
    assert_eq!(found.first, [b"d0000".to_vec()]);
}
