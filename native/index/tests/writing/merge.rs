//! Merging listings with what is stored: what is added, changed and deleted, and above all what is
//! not.

use aether_core::Status;
use aether_core::slab::{Kind, status};
use aether_index::{OpenOptions, ScanCounts};

use crate::support::*;
use crate::{SIMPLE, names, simple};

#[test]
fn a_first_scan_stores_its_listings() {
    let fixture = Fixture::new();
    simple(&fixture);
    assert_eq!(names(&fixture), SIMPLE);
    assert_eq!(fixture.totals(), "5|31|0\n");
}

#[test]
fn a_whole_listing_deletes_what_it_lacks() {
    let fixture = Fixture::new();
    simple(&fixture);
    fixture.scan(&[
        listing("", &[dir("d")], 1),
        listing("d", &[file("y", 8, 10), file("new", 1, 1)], 1),
    ]);
    assert_eq!(names(&fixture), ["d", "d/new", "d/y"]);
    assert_eq!(fixture.totals(), "2|9|0\n");
    fixture.index().settle().unwrap();
    assert_eq!(leftovers(&fixture.path()), NOTHING_LEFT);
}

#[test]
fn a_file_becomes_a_directory_and_back() {
    let fixture = Fixture::new();
    simple(&fixture);
    // The child's listing may come first.
    fixture.scan(&[
        listing("a", &[file("in", 5, 5)], 1),
        listing("", &[dir("a"), file("d", 3, 3), file("z", 2, 10)], 1),
    ]);
    assert_eq!(names(&fixture), ["a", "a/in", "d", "z"]);
    assert_eq!(fixture.totals(), "3|10|0\n");
    simple(&fixture);
    assert_eq!(names(&fixture), SIMPLE);
    assert_eq!(fixture.totals(), "5|31|0\n");
}

#[test]
fn an_entry_whose_stat_failed_changes_nothing_stored() {
    let fixture = Fixture::new();
    simple(&fixture);
    let unknown = |name: &str, kind| (name.as_bytes().to_vec(), (kind, None));
    let entries = [
        unknown("a", Kind::File),
        unknown("d", Kind::Unknown),
        unknown("z", Kind::Unknown),
        unknown("new", Kind::File),
    ];
    fixture.scan(&[listing("", &entries, 1)]);
    assert_eq!(
        names(&fixture),
        ["a", "d", "d/e", "d/e/deep", "d/x", "d/y", "new", "z"]
    );
    assert_eq!(fixture.rows()[&b"a"[..]], (1, "1".into(), "10".into()));
    assert_eq!(
        fixture.rows()[&b"new"[..]],
        (1, String::new(), String::new())
    );
}

#[test]
fn a_vanished_directory_is_removed_even_if_its_parent_was_read_before() {
    let fixture = Fixture::new();
    simple(&fixture);
    let parent = listing("", &[file("a", 1, 10), dir("d"), file("z", 2, 10)], 1);
    let gone = listing("d", &[], status::VANISHED);
    fixture.scan(&[gone, parent]);
    assert_eq!(names(&fixture), ["a", "z"]);
    assert_eq!(fixture.totals(), "2|3|0\n");
}

#[test]
fn a_name_seen_twice_counts_once() {
    let fixture = Fixture::new();
    fixture.scan(&[listing(
        "",
        &[
            file("a", 1, 1),
            file("b", 2, 2),
            file("a", 1, 1),
            dir("c"),
            dir("c"),
        ],
        1,
    )]);
    assert_eq!(names(&fixture), ["a", "b", "c"]);
    assert_eq!(fixture.totals(), "2|3|1\n");
}

#[test]
fn saturated_sums_come_back_exactly() {
    let fixture = Fixture::new();
    let huge = i64::MAX as u64;
    let root = listing("", &[dir("a"), dir("b")], 1);
    fixture.scan(&[
        root.clone(),
        listing("a", &[file("x", huge, 1), file("y", 7, 1)], 1),
        listing("b", &[file("z", huge, 1), file("w", 9, 1)], 1),
    ]);
    assert_eq!(fixture.totals(), format!("4|{huge}|0\n"));
    fixture.scan(&[listing("a", &[file("y", 7, 1)], 1)]);
    assert_eq!(fixture.totals(), format!("3|{huge}|0\n"));
    fixture.scan(&[listing("b", &[file("w", 9, 1)], 1)]);
    assert_eq!(fixture.totals(), "2|16|0\n");
    fixture.recount();
}

/// Even if a sum is out of range only between two entries of one listing.
#[test]
fn sums_that_return_into_range_are_exact() {
    let huge = i64::MAX as u64;
    let fixture = Fixture::new();
    let scan = |a, b| {
        let files = [file("a", a, a as i64), file("b", b, b as i64)];
        fixture.scan(&[listing("", &[dir("d")], 1), listing("d", &files, 1)]);
        fixture.shell("SELECT own_bytes, bytes FROM dirs WHERE name = 'd'")
    };
    scan(huge - 10, 9);
    for (a, b) in [(huge - 2, 1), (huge - 10, 9), (1, 2)] {
        let sum = a + b;
        assert_eq!(scan(a, b), format!("{sum}|{sum}\n"));
        assert_eq!(fixture.totals(), format!("2|{sum}|0\n"));
    }
    // Out of range in two steps of one listing, and back in two.
    assert_eq!(scan(huge, huge), format!("{huge}|{huge}\n"));
    assert_eq!(scan(3, 4), "7|7\n");
    fixture.recount();
    check_clean(&fixture.path());
}

/// Even if a sum is out of range only between two listings of one transaction.
#[test]
fn sums_out_of_range_within_a_transaction_are_exact() {
    let huge = i64::MAX as u64;
    let fixture = Fixture::new();
    let scan = fixture.begin(spec());
    let first = listing("", &[file("a", huge, 1), file("b", 7, 1)], status::CHANGING);
    let second = listing("", &[file("b", 7, 1)], 1);
    push(&scan, batch(&[(&first, 0, 2, true), (&second, 0, 1, true)]));
    scan.end(Status::Complete, ScanCounts::default()).unwrap();
    assert_eq!(fixture.totals(), "1|7|0\n");
    fixture.recount();
}

/// A directory gets its id with its first listing; if its parent then lacks it, that id is removed.
#[test]
fn a_directory_listed_and_missing_in_one_batch_is_removed() {
    let fixture = Fixture::new();
    fixture.scan(&[listing("", &[dir("d"), dir("e")], 1)]);
    let scan = fixture.begin(spec());
    let first = listing("d", &[file("a", 1, 1)], 1);
    let root = listing("", &[dir("e")], 1);
    push(&scan, batch(&[(&first, 0, 1, true), (&root, 0, 1, true)]));
    scan.end(Status::Complete, ScanCounts::default()).unwrap();
    assert_eq!(names(&fixture), ["e"]);
    fixture.index().settle().unwrap();
    assert_eq!(leftovers(&fixture.path()), NOTHING_LEFT);
}

/// Too many to be cached, and one of them is listed in the same transaction.
#[test]
fn a_new_directory_of_thousands_of_directories_is_found_before_it_is_committed() {
    for is_known in [false, true] {
        let fixture = Fixture::new();
        if is_known {
            fixture.scan(&[listing("", &[dir("d")], 1)]);
        }
        let many: Vec<_> = (0..3000).map(|at| dir(&format!("{at:04}"))).collect();
        let all = [
            listing("", &[dir("d")], 1),
            listing("d", &many, 1),
            listing("d/0007", &[file("x", 1, 1), dir("e")], 1),
            listing("d/0007/e", &[file("y", 2, 1)], 1),
        ];
        let pieces = all.each_ref();
        let pieces = pieces.map(|listing| (listing, 0, listing.entries.len(), true));
        let scan = fixture.begin(spec());
        push(&scan, batch(&pieces));
        scan.end(Status::Complete, ScanCounts::default()).unwrap();
        assert_eq!(fixture.totals(), "2|3|2999\n");
        assert_eq!(names(&fixture).len(), 3004);
        fixture.index().settle().unwrap();
        check_clean(&fixture.path());
    }
}

/// Deep down a listing waits for its parent's, which another thread of the walker brings, but not
/// forever.
#[test]
fn listings_that_come_before_their_parents_are_written() {
    // Each directory lies in the one before, with a path long enough to wait.
    let paths: Vec<String> = (0..40)
        .scan(String::new(), |path, at| {
            let slash = if path.is_empty() { "" } else { "/" };
            *path = format!("{path}{slash}a name of {at:060}");
            Some(path.clone())
        })
        .collect();
    let name = |at: usize| paths[at].rsplit('/').next().unwrap();
    let mut listings = vec![listing("", &[dir(name(0))], 1)];
    for at in 0..paths.len() {
        let mut entries = vec![file("f", 1, 1), dir("beside")];
        entries.extend((at + 1 < paths.len()).then(|| dir(name(at + 1))));
        listings.push(listing(&paths[at], &entries, 1));
        listings.push(listing(
            &format!("{}/beside", paths[at]),
            &[file("g", 2, 1)],
            1,
        ));
    }
    let backwards: Vec<_> = listings.iter().rev().cloned().collect();
    let mut dice = Dice(3);
    let mut shuffled = listings.clone();
    for at in (1..shuffled.len()).rev() {
        shuffled.swap(at, dice.below(at + 1));
    }
    for order in [&listings, &backwards, &shuffled] {
        let fixture = Fixture::with(OpenOptions {
            batch_entries: 5,
            ..OpenOptions::default()
        });
        for _ in 0..2 {
            let scan = fixture.begin(spec());
            for listing in order {
                push_whole(&scan, listing);
            }
            fixture.index().settle().unwrap();
            let entries: usize = listings.iter().map(|listing| listing.entries.len()).sum();
            assert_eq!(scan.persisted(), entries as u64);
            scan.end(Status::Complete, ScanCounts::default()).unwrap();
            fixture.recount();
            assert_eq!(fixture.totals(), format!("{}|{}|0\n", 2 * 40, 3 * 40));
            assert_eq!(stored(&fixture.path()), expected(&listings));
        }
    }
    // A parent that never comes, and the last listings of a scan that breaks off.
    let fixture = Fixture::new();
    let some: Vec<_> = listings
        .iter()
        .filter(|at| at.path != paths[30].as_bytes())
        .cloned()
        .collect();
    fixture.scan_as(spec(), &some, Status::Cancelled);
    fixture.recount();
    assert!(fixture.names().contains(&format!("{}/f", paths[39])));
}
