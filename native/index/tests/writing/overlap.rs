//! Scans that overlap: the newest look at a folder wins.

use aether_core::Status;
use aether_core::slab::status;
use aether_index::{ScanCounts, ScanSpec};

use crate::support::*;
use crate::{names, simple};

/// A scan of one folder alone, which begins and ends while another runs.
fn expand(fixture: &Fixture, seen: Listing) {
    let folder = ScanSpec {
        folder: seen.path.clone(),
        ..spec()
    };
    fixture.scan_as(folder, &[seen], Status::Complete);
}

#[test]
fn the_newest_look_wins_between_scans_that_overlap() {
    let fixture = Fixture::new();
    let whole = fixture.begin(spec());
    let old_root = listing("", &[dir("d")], 1);
    let old = listing("d", &[file("old", 1, 1)], 1);
    expand(&fixture, listing("d/new", &[file("x", 1, 1)], 1));
    // Taken before the folder was made: it must not delete it.
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
    // Alone, a scan is believed.
    fixture.scan(&[old_root, old]);
    assert_eq!(names(&fixture), ["d", "d/old"]);
}

/// What one scan found gone is not brought back by what another took of its parent before.
#[test]
fn what_another_scan_found_gone_stays_gone() {
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
    // Once nothing runs any more, a directory of that name is a new one.
    fixture.scan(&[listing("p", &[dir("c")], 1), listing("p/c", &[], 1)]);
    assert_eq!(names(&fixture), ["p", "p/c"]);
}

/// Whoever listed a folder has seen all directories above it, though nobody listed these.
#[test]
fn folders_above_a_later_look_stay() {
    let fixture = Fixture::new();
    simple(&fixture);
    let whole = fixture.begin(spec());
    let stale = listing("", &[], 1);
    expand(&fixture, listing("d/e", &[file("deep", 16, 10)], 1));
    push_whole(&whole, &stale);
    whole.end(Status::Complete, ScanCounts::default()).unwrap();
    assert_eq!(names(&fixture), ["d", "d/e", "d/e/deep", "d/x", "d/y"]);
}

/// Nor by a look at it, or at what lies beneath, that was taken before; whether it was stored or not.
#[test]
fn what_a_newer_listing_lacks_does_not_come_back() {
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
        // One of that name which is there later is another.
        let whole = fixture.begin(spec());
        push_whole(&whole, &listing("p/d", &[file("new", 1, 1)], 1));
        whole.end(Status::Complete, ScanCounts::default()).unwrap();
        assert_eq!(names(&fixture), ["p", "p/d", "p/d/new", "p/z"]);
    }
}

/// A directory that changed while it was read is read again, and what was read first may come last.
#[test]
fn what_one_scan_found_gone_stays_gone_in_it() {
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

/// Pieces of the first reading and of the second do not make one listing.
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

/// What was not there when it was to be opened may be there again.
#[test]
fn an_older_absence_does_not_remove_what_was_seen_since() {
    let known = || {
        [
            listing("", &[dir("p")], 1),
            listing("p", &[dir("c")], 1),
            listing("p/c", &[file("x", 1, 1)], 1),
        ]
    };
    let all = ["p", "p/c", "p/c/x"];
    // Seen in its parent; listed itself; beneath it.
    let newer = [
        || listing("p", &[dir("c")], 1),
        || listing("p/c", &[file("x", 1, 1)], 1),
        || listing("p/c/e", &[], 1),
    ];
    for (number, newer) in newer.iter().enumerate() {
        for gone in [
            || listing("p/c", &[], status::VANISHED),
            || listing("p", &[], 1),
        ] {
            let fixture = Fixture::new();
            fixture.scan(&known());
            let whole = fixture.begin(spec());
            let absence = gone();
            expand(&fixture, newer());
            push_whole(&whole, &absence);
            whole.end(Status::Complete, ScanCounts::default()).unwrap();
            let mut expected = all.to_vec();
            if number == 2 {
                expected.insert(2, "p/c/e");
            }
            assert_eq!(names(&fixture), expected, "{number}");
        }
    }
}
