//! How old an answer says it is, by the scans that listed its folder and how they ended.

use aether_core::Status;
use aether_core::slab::status;
use aether_index::{ScanCounts, ScanSpec, scan_status};

use crate::support::*;
use crate::{elsewhere, tree};

const FOLDERS: [&str; 4] = ["", "a", "a/b", "c"];

/// When each folder was seen, as the number of the scan: ends of scans are put 1,000 s apart for
/// this.
pub fn seen(fixture: &Fixture) -> String {
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

pub fn expansion(folder: &str, depth: Option<u32>) -> ScanSpec {
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

/// What a scan of some levels saw of a folder is not all beneath it.
#[test]
fn all_beneath_a_folder_was_seen_by_the_last_scan_of_all_levels() {
    let fixture = Fixture::new();
    let since = |fixture: &Fixture| {
        fixture.sql("UPDATE scans SET started_at = id * 1000000");
        let (pool, source) = (elsewhere(&fixture.path()), fixture.uuid());
        let at = |path: &str| pool.whole_since(&source, path.as_bytes()).unwrap();
        let at = |path: &&str| at(path).map_or("-".into(), |at| (at / 1_000_000).to_string());
        FOLDERS.iter().map(at).collect::<Vec<String>>().join(" ")
    };
    let all = tree();
    fixture.scan_as(expansion("", Some(1)), &all[..1], Status::Complete);
    assert_eq!(since(&fixture), "- - - -");
    fixture.scan(&all);
    assert_eq!(since(&fixture), "2 2 2 2");
    fixture.scan_as(expansion("a", Some(1)), &all[1..2], Status::Complete);
    fixture.scan_as(spec(), &all, Status::Cancelled);
    assert_eq!(since(&fixture), "2 2 2 2");
    fixture.scan_as(expansion("a", None), &all[1..3], Status::Complete);
    assert_eq!(since(&fixture), "2 5 5 2");
}

/// Nor by the time at which they say they ended: clocks go wrong, and are corrected.
#[test]
fn of_two_scans_the_later_is_the_one_that_began_later() {
    let fixture = Fixture::new();
    fixture.scan(&tree());
    fixture.sql("UPDATE scans SET ended_at = (unixepoch('subsec') + 86400) * 1000");
    let (pool, source) = (elsewhere(&fixture.path()), fixture.uuid());
    let answer = |folder: &str| pool.totals(&source, folder.as_bytes()).unwrap();
    assert!(answer("").stale && answer("").age.is_none());
    fixture.scan_as(expansion("a", None), &tree()[1..3], Status::Complete);
    for (folder, is_stale) in [("", true), ("a", false), ("a/b", false), ("c", true)] {
        let answer = answer(folder);
        assert_eq!(
            (answer.stale, answer.age.is_none()),
            (is_stale, is_stale),
            "{folder}"
        );
    }
}

/// A partial end tells when it saw what it saw, and not of the rest.
#[test]
fn what_a_partial_scan_did_not_come_to_is_as_old_as_it_is() {
    let fixture = Fixture::new();
    fixture.scan_as(spec(), &tree()[..1], Status::Cancelled);
    fixture.scan_as(expansion("c", None), &tree()[3..], Status::Complete);
    fixture.scan_as(expansion("a", None), &tree()[1..3], Status::Complete);
    assert_eq!(seen(&fixture), "- 3 3 2");
    let mut some = tree();
    some[3] = listing("c", &[], status::errno(13));
    fixture.scan_as(spec(), &some, Status::Partial);
    assert_eq!(seen(&fixture), "4 4 4 2");
    // The other expansion tells nothing that is not told by the partial scan.
    assert_eq!(
        fixture.shell("SELECT folder FROM scans WHERE whole = 0"),
        "c\n"
    );
    fixture.scan(&tree());
    assert_eq!(seen(&fixture), "5 5 5 5");
    assert_eq!(
        fixture.shell("SELECT count(*) FROM scans WHERE whole = 0"),
        "0\n"
    );
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
    for (minutes, stale) in [(0, false), (59, false), (61, true), (-5, true)] {
        let change =
            format!("UPDATE scans SET ended_at = (unixepoch('subsec') - {minutes} * 60) * 1000");
        fixture.sql(&change);
        let answer = pool.totals(&source, b"a").unwrap();
        assert_eq!(answer.stale, stale, "{minutes} minutes");
        // By a clock that was put back nobody knows how old it is.
        let age = answer.age.map(|age| age.as_secs());
        let least = u64::try_from(minutes * 60).ok();
        let is_so = |least: u64| age.is_some_and(|age| (least..least + 60).contains(&age));
        assert!(least.map_or(age.is_none(), is_so), "{age:?}");
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
