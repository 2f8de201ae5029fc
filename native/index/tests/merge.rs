//! Listings merged with what is stored: what is added, changed, deleted, and above all what is not.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod support;

use aether_core::Status;
use aether_core::slab::{Kind, status};
use aether_index::{MountIdentity, ScanCounts, ScanSpec};
use support::*;

fn names(fixture: &Fixture) -> Vec<String> {
    fixture.recount();
    fixture
        .rows()
        .into_keys()
        .map(|path| String::from_utf8(path).unwrap())
        .collect()
}

fn totals(fixture: &Fixture) -> String {
    fixture.shell(
        "SELECT file_count, bytes, unknown_below FROM dirs JOIN sources ON root_dir = dirs.id",
    )
}

fn simple(fixture: &Fixture) {
    fixture.scan(&[
        listing("", &[file("a", 1, 10), dir("d"), file("z", 2, 10)], 1),
        listing("d", &[file("x", 4, 10), file("y", 8, 10), dir("e")], 1),
        listing("d/e", &[file("deep", 16, 10)], 1),
    ]);
}

#[test]
fn a_first_scan_stores_what_it_was_told() {
    let fixture = Fixture::new();
    simple(&fixture);
    assert_eq!(
        names(&fixture),
        ["a", "d", "d/e", "d/e/deep", "d/x", "d/y", "z"]
    );
    assert_eq!(totals(&fixture), "5|31|0\n");
}

#[test]
fn a_whole_listing_deletes_what_it_does_not_have() {
    let fixture = Fixture::new();
    simple(&fixture);
    fixture.scan(&[
        listing("", &[dir("d")], 1),
        listing("d", &[file("y", 8, 10), file("new", 1, 1)], 1),
    ]);
    assert_eq!(names(&fixture), ["d", "d/new", "d/y"]);
    assert_eq!(totals(&fixture), "2|9|0\n");
    fixture.index().settle().unwrap();
    assert_eq!(leftovers(&fixture.path()), NOTHING_LEFT);
}

/// The original's gap 001: what was not read to its end keeps all its rows, whatever the scan's end.
#[test]
fn gap_scan_001_a_listing_without_proof_deletes_nothing() {
    for (closing, unknown) in [
        (status::CHANGING, 1),
        (status::errno(5), 1),
        (status::OTHER_FILE_SYSTEM, 0),
        (status::LOOP, 0),
    ] {
        let fixture = Fixture::new();
        simple(&fixture);
        let entries = if unknown == 1 {
            vec![file("y", 9, 11), file("new", 1, 1)]
        } else {
            vec![]
        };
        fixture.scan_as(spec(), &[listing("d", &entries, closing)], Status::Partial);
        let mut expected = vec!["a", "d", "d/e", "d/e/deep", "d/x", "d/y", "z"];
        if unknown == 1 {
            expected.insert(4, "d/new");
        }
        assert_eq!(names(&fixture), expected, "{closing}");
        assert!(
            totals(&fixture).ends_with(&format!("|{unknown}\n")),
            "{closing}"
        );
    }
}

#[test]
fn a_listing_that_was_cut_short_adds_and_deletes_nothing() {
    let fixture = Fixture::new();
    simple(&fixture);
    let scan = fixture.begin(spec());
    let cut = listing("d", &[file("new", 1, 1)], 1);
    push(&scan, batch(&[(&cut, 0, 1, false)]));
    scan.end(Status::Cancelled, ScanCounts::default()).unwrap();
    assert_eq!(
        names(&fixture),
        ["a", "d", "d/e", "d/e/deep", "d/new", "d/x", "d/y", "z"]
    );
    assert_eq!(totals(&fixture), "6|32|0\n");
    assert_eq!(fixture.shell("SELECT last_scan_status FROM sources"), "3\n");
}

#[test]
fn a_file_becomes_a_directory_and_back() {
    let fixture = Fixture::new();
    simple(&fixture);
    // With the child's listing first, as it may come.
    fixture.scan(&[
        listing("a", &[file("in", 5, 5)], 1),
        listing("", &[dir("a"), file("d", 3, 3), file("z", 2, 10)], 1),
    ]);
    assert_eq!(names(&fixture), ["a", "a/in", "d", "z"]);
    assert_eq!(totals(&fixture), "3|10|0\n");
    simple(&fixture);
    assert_eq!(
        names(&fixture),
        ["a", "d", "d/e", "d/e/deep", "d/x", "d/y", "z"]
    );
    assert_eq!(totals(&fixture), "5|31|0\n");
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
fn a_vanished_directory_goes_even_if_its_parent_was_read_before() {
    let fixture = Fixture::new();
    simple(&fixture);
    let parent = listing("", &[file("a", 1, 10), dir("d"), file("z", 2, 10)], 1);
    let gone = listing("d", &[], status::VANISHED);
    fixture.scan(&[gone, parent]);
    assert_eq!(names(&fixture), ["a", "z"]);
    assert_eq!(totals(&fixture), "2|3|0\n");
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
    assert_eq!(totals(&fixture), "2|3|1\n");
}

#[test]
fn sums_stop_at_the_largest_number_and_come_back_exactly() {
    let fixture = Fixture::new();
    let huge = i64::MAX as u64;
    let root = listing("", &[dir("a"), dir("b")], 1);
    fixture.scan(&[
        root.clone(),
        listing("a", &[file("x", huge, 1), file("y", 7, 1)], 1),
        listing("b", &[file("z", huge, 1), file("w", 9, 1)], 1),
    ]);
    assert_eq!(totals(&fixture), format!("4|{huge}|0\n"));
    fixture.scan(&[listing("a", &[file("y", 7, 1)], 1)]);
    assert_eq!(totals(&fixture), format!("3|{huge}|0\n"));
    fixture.scan(&[listing("b", &[file("w", 9, 1)], 1)]);
    assert_eq!(totals(&fixture), "2|16|0\n");
    fixture.recount();
}

fn identity(inode: u64) -> MountIdentity {
    MountIdentity {
        inode,
        birth: Some(5),
        fsid: Some(7),
    }
}

fn with_mount(mount: Option<MountIdentity>, mut listing: Listing) -> Listing {
    listing.mount = mount;
    listing
}

#[test]
fn another_disk_at_a_mount_point_deletes_nothing() {
    let root = || listing("", &[dir("m")], 1);
    for (found, kept) in [
        (Some(identity(1)), false),
        (Some(identity(2)), true),
        (None, true),
    ] {
        let fixture = Fixture::new();
        let mount = with_mount(
            Some(identity(1)),
            listing("m", &[file("a", 1, 1), dir("s")], 1),
        );
        fixture.scan(&[root(), mount, listing("m/s", &[file("b", 1, 1)], 1)]);
        assert_eq!(totals(&fixture), "2|2|0\n");
        fixture.scan(&[
            root(),
            with_mount(found, listing("m", &[dir("s")], 1)),
            listing("m/s", &[], 1),
        ]);
        let expected: &[&str] = if kept {
            &["m", "m/a", "m/s", "m/s/b"]
        } else {
            &["m", "m/s"]
        };
        assert_eq!(names(&fixture), expected, "{found:?}");
        assert_eq!(totals(&fixture), if kept { "2|2|1\n" } else { "0|0|0\n" });
        // The way out.
        let accept = ScanSpec {
            accept_root: true,
            ..spec()
        };
        fixture.scan_as(
            accept,
            &[root(), with_mount(found, listing("m", &[], 1))],
            Status::Complete,
        );
        assert_eq!(names(&fixture), ["m"]);
    }
}

#[test]
fn a_mount_point_that_is_gone_keeps_what_it_held() {
    let fixture = Fixture::new();
    let mount = with_mount(Some(identity(1)), listing("d/m", &[file("a", 1, 1)], 1));
    fixture.scan(&[
        listing("", &[dir("d")], 1),
        listing("d", &[dir("m")], 1),
        mount,
    ]);
    for again in [
        vec![listing("d", &[], 1)],
        vec![listing("d/m", &[], status::VANISHED)],
        vec![listing("", &[], 1)],
    ] {
        fixture.scan(&again);
        assert_eq!(names(&fixture), ["d", "d/m", "d/m/a"]);
    }
    let source = fixture.shell("SELECT uuid FROM sources");
    fixture.index().forget(source.trim(), Some(b"d/m")).unwrap();
    assert_eq!(names(&fixture), ["d", "d/m"]);
    fixture.scan(&[listing("", &[dir("d")], 1), listing("d", &[], 1)]);
    assert_eq!(names(&fixture), ["d"]);
}

#[test]
fn the_newest_look_wins_between_scans_that_overlap() {
    let fixture = Fixture::new();
    let whole = fixture.begin(spec());
    let old_root = listing("", &[dir("d")], 1);
    let old = listing("d", &[file("old", 1, 1)], 1);
    let expansion = fixture.begin(ScanSpec {
        folder: b"d/new".to_vec(),
        ..spec()
    });
    let inner = listing("d/new", &[file("x", 1, 1)], 1);
    push(&expansion, batch(&[(&inner, 0, 1, true)]));
    expansion
        .end(Status::Complete, ScanCounts::default())
        .unwrap();
    // Taken before the folder was made: it must not delete it.
    push(
        &whole,
        batch(&[(&old_root, 0, 1, true), (&old, 0, 1, true)]),
    );
    let stale = Listing {
        stamp: old.stamp,
        ..listing("d/new", &[], 1)
    };
    push(&whole, batch(&[(&stale, 0, 0, true)]));
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
    let expansion = fixture.begin(ScanSpec {
        folder: b"p/c".to_vec(),
        ..spec()
    });
    let gone = listing("p/c", &[], status::VANISHED);
    push(&expansion, batch(&[(&gone, 0, 0, true)]));
    expansion
        .end(Status::Complete, ScanCounts::default())
        .unwrap();
    push(&whole, batch(&[(&stale, 0, 1, true)]));
    whole.end(Status::Complete, ScanCounts::default()).unwrap();
    assert_eq!(names(&fixture), ["p"]);
    // Once nothing runs any more, a directory of that name is a new one.
    fixture.scan(&[listing("p", &[dir("c")], 1), listing("p/c", &[], 1)]);
    assert_eq!(names(&fixture), ["p", "p/c"]);
}

/// A directory gets its id with its first listing; one that its parent then does not have goes by that one.
#[test]
fn a_directory_listed_and_gone_in_one_batch_goes() {
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

/// A generation that was begun for nothing is none: what a scan that runs meanwhile writes is of its own.
#[test]
fn a_folder_that_is_forgotten_keeps_the_generation() {
    let mut fixture = Fixture::new();
    simple(&fixture);
    simple(&fixture);
    fixture.reopen();
    let source = fixture.shell("SELECT uuid FROM sources");
    fixture.index().forget(source.trim(), Some(b"d/e")).unwrap();
    assert_eq!(
        fixture.shell("SELECT name, changed_gen FROM dirs WHERE name IN ('', 'd', 'e') AND parent_id IS NOT NULL OR name = '' ORDER BY name"),
        "|2\nd|2\ne|2\n"
    );
}
