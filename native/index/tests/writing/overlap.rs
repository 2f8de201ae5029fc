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
