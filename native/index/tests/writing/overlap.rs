//! Scans that overlap: the newest listing of a folder wins.

use aether_core::Status;
use aether_core::slab::status;
use aether_index::{ScanCounts, ScanSpec};

use crate::support::*;
use crate::{names, simple};

/// A scan of one folder, which begins and ends while another scan runs.
fn expand(fixture: &Fixture, seen: Listing) {
    let folder = ScanSpec {
        folder: seen.path.clone(),
        ..spec()
    };
    fixture.scan_as(folder, &[seen], Status::Complete);
}

#[test]
fn the_newest_listing_wins_between_overlapping_scans() {
    let fixture = Fixture::new();
    let whole = fixture.begin(spec());
    let old_root = listing("", &[dir("d")], 1);
    let old = listing("d", &[file("old", 1, 1)], 1);
    expand(&fixture, listing("d/new", &[file("x", 1, 1)], 1));
    // A listing from before the folder was created must not delete it.
    push(
        &whole,
        batch(&[(&old_root, 0, 1, true), (&old, 0, 1, true)]),
    );
    let stale = Listing {
        stamp: old.stamp,
        ..listing("d/new", &[], 1)
    };
    push_whole(&whole, &stale);
    whole.end(Status::Complete, ScanCounts::default()).unwrap();
    assert_eq!(names(&fixture), ["d", "d/new", "d/new/x", "d/old"]);
    // A scan that runs alone is trusted.
    fixture.scan(&[old_root, old]);
    assert_eq!(names(&fixture), ["d", "d/old"]);
}

/// A folder that one scan found missing is not brought back by an earlier listing of its parent.
#[test]
fn a_folder_that_another_scan_found_missing_stays_removed() {
    let fixture = Fixture::new();
    fixture.scan(&[
        listing("", &[dir("p")], 1),
        listing("p", &[dir("c")], 1),
        listing("p/c", &[file("x", 1, 1)], 1),
    ]);
    let whole = fixture.begin(spec());
    let stale = listing("p", &[dir("c")], 1);
    expand(&fixture, listing("p/c", &[], status::VANISHED));
    push_whole(&whole, &stale);
    whole.end(Status::Complete, ScanCounts::default()).unwrap();
    assert_eq!(names(&fixture), ["p"]);
    // Once no scan runs, a directory of that name is a new one.
    fixture.scan(&[listing("p", &[dir("c")], 1), listing("p/c", &[], 1)]);
    assert_eq!(names(&fixture), ["p", "p/c"]);
}

/// Listing a folder shows that all directories above it exist, even if these were not listed.
#[test]
fn folders_above_a_later_listing_stay() {
    let fixture = Fixture::new();
    simple(&fixture);
    let whole = fixture.begin(spec());
    let stale = listing("", &[], 1);
    expand(&fixture, listing("d/e", &[file("deep", 16, 10)], 1));
    push_whole(&whole, &stale);
    whole.end(Status::Complete, ScanCounts::default()).unwrap();
    assert_eq!(names(&fixture), ["d", "d/e", "d/e/deep", "d/x", "d/y"]);
}

/// Nor by an earlier listing of it or of what lies beneath, whether it was stored or not.
#[test]
fn a_folder_that_a_newer_listing_lacks_does_not_come_back() {
    for stored in [true, false] {
        let fixture = Fixture::new();
        let known = [
            listing("", &[dir("p")], 1),
            listing("p", &[dir("d")], 1),
            listing("p/d", &[file("x", 1, 1), dir("e")], 1),
        ];
        fixture.scan(&known[..if stored { 3 } else { 1 }]);
        let whole = fixture.begin(spec());
        let late = [
            listing("p/d", &[file("x", 1, 1), dir("e")], 1),
            listing("p/d/e", &[file("y", 1, 1)], 1),
            listing("p", &[dir("d")], 1),
        ];
        expand(&fixture, listing("p", &[file("z", 1, 1)], 1));
        for look in &late {
            push_whole(&whole, look);
        }
        whole.end(Status::Complete, ScanCounts::default()).unwrap();
        assert_eq!(names(&fixture), ["p", "p/z"]);
        // A later one of that name is a new one.
        let whole = fixture.begin(spec());
        push_whole(&whole, &listing("p/d", &[file("new", 1, 1)], 1));
        whole.end(Status::Complete, ScanCounts::default()).unwrap();
        assert_eq!(names(&fixture), ["p", "p/d", "p/d/new", "p/z"]);
    }
}

/// A directory that changed while it was read is read again, and the first reading may arrive last.
#[test]
fn a_folder_that_a_scan_found_missing_stays_removed_in_it() {
    let fixture = Fixture::new();
    let first = listing("p", &[dir("d"), file("x", 1, 1)], status::CHANGING);
    let late = listing("p/d", &[file("y", 1, 1)], 1);
    let second = listing("p", &[file("z", 1, 1)], 1);
    let other = listing("q", &[], status::CHANGING);
    let looks = [&first, &second, &late];
    for order in [
        [0, 1, 2],
        [0, 2, 1],
        [1, 0, 2],
        [1, 2, 0],
        [2, 0, 1],
        [2, 1, 0],
    ] {
        let scan = fixture.begin(spec());
        push_whole(&scan, &other);
        for at in order {
            push_whole(&scan, looks[at]);
        }
        scan.end(Status::Complete, ScanCounts::default()).unwrap();
        assert_eq!(names(&fixture), ["p", "p/z", "q"], "{order:?}");
        fixture.index().forget(&fixture.uuid(), Some(b"p")).unwrap();
    }
}

/// Pieces of the first and the second reading do not mix.
#[test]
fn two_readings_of_a_directory_stay_apart() {
    let fixture = Fixture::new();
    let scan = fixture.begin(spec());
    let first = listing("", &[file("a", 1, 1), file("b", 1, 1)], status::CHANGING);
    let second = listing("", &[file("b", 2, 1), file("c", 1, 1)], 1);
    push(
        &scan,
        batch(&[(&first, 0, 1, false), (&second, 0, 1, false)]),
    );
    push(&scan, batch(&[(&first, 1, 2, true), (&second, 1, 2, true)]));
    scan.end(Status::Complete, ScanCounts::default()).unwrap();
    assert_eq!(names(&fixture), ["b", "c"]);
    assert_eq!(fixture.totals(), "2|3|0\n");
}

/// A folder that was missing may exist again. What was in it before is gone, unless it was listed
/// since.
#[test]
fn a_folder_seen_after_it_was_missing_is_not_removed() {
    let known = || {
        [
            listing("", &[dir("p")], 1),
            listing("p", &[dir("c")], 1),
            listing("p/c", &[dir("d"), file("x", 1, 1)], 1),
            listing("p/c/d", &[], 1),
        ]
    };
    type Look = fn() -> Listing;
    let vanished: Look = || listing("p/c", &[], status::VANISHED);
    let not_in_parent: Look = || listing("p", &[], 1);
    let in_parent: Look = || listing("p", &[dir("c")], 1);
    let itself: Look = || listing("p/c", &[file("x", 1, 1)], 1);
    let beneath: Look = || listing("p/c/e", &[], 1);
    let cases: [(Look, Look, &[&str], &str); 6] = [
        (vanished, in_parent, &["p", "p/c"], "0|0|1\n"),
        (vanished, itself, &["p", "p/c", "p/c/x"], "1|1|0\n"),
        (vanished, beneath, &["p", "p/c", "p/c/e"], "0|0|1\n"),
        // The later listing of the parent has taken the place of the earlier.
        (
            not_in_parent,
            in_parent,
            &["p", "p/c", "p/c/d", "p/c/x"],
            "1|1|0\n",
        ),
        (not_in_parent, itself, &["p", "p/c", "p/c/x"], "1|1|0\n"),
        (
            not_in_parent,
            beneath,
            &["p", "p/c", "p/c/d", "p/c/e", "p/c/x"],
            "1|1|0\n",
        ),
    ];
    for (number, (gone, newer, expected, totals)) in cases.iter().enumerate() {
        let fixture = Fixture::new();
        fixture.scan(&known());
        let whole = fixture.begin(spec());
        let absence = gone();
        expand(&fixture, newer());
        push_whole(&whole, &absence);
        whole.end(Status::Complete, ScanCounts::default()).unwrap();
        assert_eq!(names(&fixture), *expected, "{number}");
        assert_eq!(fixture.totals(), *totals, "{number}");
    }
}

/// What is compared ahead of time is what is stored by then, also of a new folder.
#[test]
fn a_new_folder_that_is_listed_twice_in_a_transaction_has_what_the_second_listing_shows() {
    let fixture = Fixture::new();
    fixture.scan(&[listing("", &[dir("d")], 1), listing("d", &[], 1)]);
    let one = fixture.begin(spec());
    let other = fixture.begin(ScanSpec {
        folder: b"d".to_vec(),
        ..spec()
    });
    let first = listing("d/new", &[file("x", 1, 1)], 1);
    let gone = listing("gone", &[], status::VANISHED);
    let second = listing("d/new", &[file("x", 2, 2)], 1);
    let root = listing("", &[dir("d")], 1);
    let pieces = [
        (&first, 0, 1, true),
        (&gone, 0, 0, true),
        (&second, 0, 1, true),
        (&root, 0, 1, true),
    ];
    push(&one, batch(&pieces));
    for scan in [one, other] {
        scan.end(Status::Complete, ScanCounts::default()).unwrap();
    }
    assert_eq!(names(&fixture), ["d", "d/new", "d/new/x"]);
    assert_eq!(fixture.totals(), "1|2|0\n");
}
