//! Listings of mount points: another disk, or no disk, deletes nothing.

use aether_core::Status;
use aether_core::slab::status;
use aether_index::{MountIdentity, ScanCounts, ScanSpec};

use crate::names;
use crate::support::*;

fn identity(inode: u64) -> MountIdentity {
    MountIdentity {
        inode,
        birth: Some(5),
        file_system: Some(7),
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
        assert_eq!(fixture.totals(), "2|2|0\n");
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
        assert_eq!(fixture.totals(), if kept { "2|2|1\n" } else { "0|0|0\n" });
        // `accept_root` is the way out.
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
fn a_missing_mount_point_keeps_what_it_held() {
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
        // The root's path is unknown, and so is whether something is mounted there.
        fixture.scan(&again);
        assert_eq!(names(&fixture), ["d", "d/m", "d/m/a"]);
    }
    let source = &fixture.uuid();
    fixture.index().forget(source, Some(b"d/m")).unwrap();
    assert_eq!(names(&fixture), ["d", "d/m"]);
    fixture.scan(&[listing("", &[dir("d")], 1), listing("d", &[], 1)]);
    assert_eq!(names(&fixture), ["d"]);
}

/// Missing in its parent's listing and in the mount table.
#[test]
fn a_removed_mount_point_leaves_the_index() {
    let place = ScanSpec {
        real_root: Some(b"/no/such/root".to_vec()),
        ..spec()
    };
    for (again, is_gone) in [
        (listing("d", &[], 1), true),
        (listing("d", &[file("m", 1, 1)], 1), true),
        (listing("d", &[], status::CHANGING), false),
        (listing("d/m", &[], status::VANISHED), false),
    ] {
        let fixture = Fixture::new();
        let mount = with_mount(Some(identity(1)), listing("d/m", &[file("a", 1, 1)], 1));
        let listings = [
            listing("", &[dir("d")], 1),
            listing("d", &[dir("m")], 1),
            mount,
        ];
        fixture.scan_as(place.clone(), &listings, Status::Complete);
        fixture.scan_as(place.clone(), &[again], Status::Complete);
        let is_there = names(&fixture).contains(&"d/m/a".to_owned());
        assert_eq!(is_there, !is_gone);
    }
}

/// A scan marks the other disk once: what another scan finds there later counts.
#[test]
fn a_disk_that_comes_back_during_a_scan_is_known_again() {
    let fixture = Fixture::new();
    let mount = |inode| with_mount(Some(identity(inode)), listing("m", &[file("a", 1, 1)], 1));
    let root = || listing("", &[dir("m"), dir("d")], 1);
    let folder = || listing("d", &[], 1);
    fixture.scan(&[root(), mount(1), folder()]);
    let whole = fixture.begin(spec());
    push_whole(&whole, &root());
    push_whole(&whole, &mount(2));
    fixture.index().settle().unwrap();
    assert_eq!(fixture.totals(), "1|1|1\n");
    let back = ScanSpec {
        folder: b"m".to_vec(),
        way: vec![(b"m".to_vec(), identity(1))],
        ..spec()
    };
    fixture.scan_as(back, &[mount(1)], Status::Complete);
    assert_eq!(fixture.totals(), "1|1|0\n");
    push_whole(&whole, &folder());
    whole.end(Status::Complete, ScanCounts::default()).unwrap();
    assert_eq!(fixture.totals(), "1|1|0\n");
}

/// Without a record of the stored mount point, what lies beneath it counts as another disk's.
#[test]
fn a_listing_beneath_a_mount_point_without_a_record_is_dropped() {
    let fixture = Fixture::new();
    fixture.scan(&[
        listing("", &[dir("m")], 1),
        with_mount(Some(identity(1)), listing("m", &[dir("s")], 1)),
        listing("m/s", &[file("b", 1, 1)], 1),
    ]);
    fixture.scan(&[listing("", &[dir("m")], 1), listing("m/s", &[], 1)]);
    assert_eq!(names(&fixture), ["m", "m/s", "m/s/b"]);
    assert_eq!(fixture.totals(), "1|1|1\n");
}
