//! A folder that scans no longer enter keeps its own age, whatever is above it.

use aether_core::Status;
use aether_core::slab::status;
use aether_index::{MountIdentity, OpenOptions, ScanCounts, ScanSpec};

use crate::freshness::{expansion, seen};
use crate::support::*;
use crate::{elsewhere, tree};

/// What could not be entered for a while, and is entered again by a scan that goes no further, was
/// not seen beneath by those in between.
#[test]
fn what_lies_beneath_a_folder_that_was_unreadable_is_as_old_as_it_is() {
    let unreadable = || {
        let mut some = tree();
        some[1] = listing("a", &[], status::errno(13));
        some.remove(2);
        some
    };
    let missed = |fixture: &Fixture| fixture.shell("SELECT count(*) FROM missed");
    let mut fixture = Fixture::with(OpenOptions {
        history: 1,
        ..OpenOptions::default()
    });
    fixture.scan(&tree());
    fixture.scan_as(spec(), &unreadable(), Status::Partial);
    fixture.scan_as(spec(), &unreadable(), Status::Partial);
    assert_eq!(seen(&fixture), "3 1 1 3");
    fixture.reopen();
    fixture.scan_as(expansion("a", Some(1)), &tree()[1..2], Status::Complete);
    assert_eq!(seen(&fixture), "3 4 1 3");
    // Once more, without an end.
    fixture.scan_as(spec(), &unreadable(), Status::Partial);
    fixture.scan_as(spec(), &tree()[..2], Status::Cancelled);
    assert_eq!(seen(&fixture), "5 4 1 5");
    fixture.scan_as(expansion("a/b", None), &tree()[2..3], Status::Complete);
    assert_eq!(seen(&fixture), "5 4 7 5");
    assert_eq!(missed(&fixture), "2\n");
    fixture.scan(&tree());
    assert_eq!(seen(&fixture), "8 8 8 8");
    fixture.scan(&tree());
    assert_eq!(missed(&fixture), "0\n");
    // Nothing is left of what was removed.
    fixture.scan_as(spec(), &unreadable(), Status::Partial);
    assert_eq!(missed(&fixture), "1\n");
    fixture.scan(&[listing("", &[dir("c")], 1), tree().remove(3)]);
    fixture.index().settle().unwrap();
    assert_eq!(missed(&fixture), "0\n");
}

/// A folder is entered again by a scan that began before the one that missed it.
#[test]
fn what_a_scan_missed_it_did_not_see_though_an_older_one_comes_after_it() {
    let fixture = Fixture::new();
    fixture.scan(&tree());
    let older = fixture.begin(expansion("a", Some(1)));
    let mut unreadable = tree();
    unreadable[1] = listing("a", &[], status::errno(13));
    unreadable.remove(2);
    fixture.scan_as(spec(), &unreadable, Status::Partial);
    assert_eq!(seen(&fixture), "3 1 1 3");
    push_whole(&older, &tree()[1]);
    older.end(Status::Complete, ScanCounts::default()).unwrap();
    let seen_now = seen(&fixture);
    assert!(seen_now.ends_with(" 1 3"), "{seen_now}");
}

/// The same where another disk lay there, which is no error of the scan.
#[test]
fn what_lies_beneath_a_mount_point_of_another_disk_is_as_old_as_it_is() {
    let disk = |inode| {
        Some(MountIdentity {
            inode,
            birth: Some(1),
            file_system: None,
        })
    };
    let with = |inode| {
        let mut all = tree();
        all[1].mount = disk(inode);
        all
    };
    let fixture = Fixture::new();
    fixture.scan(&with(7));
    let mut other = with(9);
    other[1].entries.clear();
    other.remove(2);
    fixture.scan(&other);
    let way = vec![(b"a".to_vec(), disk(7).unwrap())];
    let spec = ScanSpec {
        way,
        ..expansion("a", Some(1))
    };
    fixture.scan_as(spec, &with(7)[1..2], Status::Complete);
    assert_eq!(seen(&fixture), "2 3 1 2");
}

/// A listing of a directory that kept changing may lack what is there: that was not entered.
#[test]
fn what_a_changing_folder_did_not_show_grows_old() {
    let fixture = Fixture::new();
    fixture.scan(&tree());
    let mut some = tree();
    some[0] = listing("", &[dir("a"), file("f", 1, 1)], status::CHANGING);
    some.pop();
    fixture.scan_as(spec(), &some, Status::Complete);
    assert_eq!(seen(&fixture), "2 2 2 1");
    fixture.scan(&tree());
    assert_eq!(seen(&fixture), "3 3 3 3");
}

/// What was stored before the source's rules kept scans out of it is as old as it is, and no total
/// is exact above it.
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
