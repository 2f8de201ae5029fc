//! Listings made by hand, in an order and on devices in which the walker rarely gives them.

use aether_core::Status;
use aether_core::slab::{Builder, Groups, Kind, Metadata, status};
use aether_index::{Batch, MountIdentity, ScanCounts, ScanSpec};

use crate::count::recount_links;
use crate::support::*;

const BYTES: u64 = 4096;

/// A listing: its folder, the device that lies on, and its identity if another
/// device begins there.
pub struct Listed<'a> {
    folder: &'a str,
    device: u32,
    begins: Option<u64>,
    stamp: u64,
    status: u32,
    /// Names, each with its inode and how many names that has; a folder has 0.
    entries: Vec<(&'a str, u64, u32)>,
}

pub fn listed<'a>(folder: &'a str, device: u32, entries: &[(&'a str, u64, u32)]) -> Listed<'a> {
    Listed {
        folder,
        device,
        begins: None,
        stamp: stamp(),
        status: status::COMPLETE,
        entries: entries.to_vec(),
    }
}

fn identity(inode: u64) -> MountIdentity {
    MountIdentity {
        inode,
        birth: Some(1),
        file_system: None,
    }
}

/// One batch, so that all of it is written in one transaction.
pub fn batch_of(listings: &[Listed<'_>]) -> Batch {
    batch_with(Groups::INDEXED, listings)
}

pub fn batch_with(groups: Groups, listings: &[Listed<'_>]) -> Batch {
    let mut builder = Builder::new(0, groups);
    let mut batch = Batch::default();
    for (listing, at) in listings.iter().zip(0..) {
        builder.open(|path| path.extend_from_slice(listing.folder.as_bytes()));
        for &(name, inode, nlink) in &listing.entries {
            let known = Metadata {
                size: 1,
                mtime: 1,
                disk: BYTES,
                inode,
                device: listing.device,
                nlink: nlink.max(1),
                ..Metadata::default()
            };
            let kind = match nlink {
                0 => Kind::Directory,
                _ => Kind::File,
            };
            builder.entry(name.as_bytes(), kind, Some(&known));
        }
        builder.close(listing.status);
        batch.stamps.push(listing.stamp);
        batch.devices.push(listing.device);
        if let Some(inode) = listing.begins {
            batch.mounts.push((at, identity(inode)));
        }
    }
    batch.slab = vec![0; builder.encoded_len()];
    builder.encode_into(&mut batch.slab);
    batch
}

pub fn on_device(device: u32) -> ScanSpec {
    ScanSpec {
        root_device: device,
        root_identity: Some(identity(2)),
        root_disk: Some(BYTES),
        ..spec()
    }
}

pub fn scan(fixture: &Fixture, batches: &[&[Listed<'_>]]) {
    let scan = fixture.begin(on_device(1));
    for listings in batches {
        push(&scan, batch_of(listings));
    }
    scan.end(Status::Complete, ScanCounts::default()).unwrap();
    recount_links(&fixture.path());
    fixture.recount();
}

/// What was read ahead of a directory holds for one of its listings.
#[test]
fn a_directory_listed_twice_in_one_transaction_has_each_name_once() {
    let fixture = Fixture::new();
    let names: Vec<String> = (0..40).map(|at| format!("{at:02}")).collect();
    let folders: Vec<_> = names.iter().map(|name| (name.as_str(), 9, 0)).collect();
    let listings = |inode| {
        let mut listings = vec![listed("", 1, &folders)];
        let each = names.iter().map(|name| listed(name, 1, &[("f", inode, 2)]));
        listings.extend(each);
        listings
    };
    scan(&fixture, &[&listings(5)]);
    let mut again = listings(6);
    again.extend([
        listed("00", 1, &[("f", 6, 2)]),
        listed("01", 1, &[("f", 6, 2)]),
    ]);
    scan(&fixture, &[&again]);
    let names = "SELECT inode, sum(names), count(*) FROM links GROUP BY inode";
    assert_eq!(fixture.shell(names), "6|40|40\n");
}

/// The listing of a mount point is older than another one, so that it is dropped; what lies beneath
/// is still on its device.
#[test]
fn a_dropped_listing_of_a_mount_point_tells_its_device() {
    let fixture = Fixture::new();
    let root = || listed("", 1, &[("m", 9, 0)]);
    let mount = || Listed {
        begins: Some(5),
        ..listed("m", 2, &[("f", 7, 2), ("sub", 8, 0)])
    };
    let sub = || listed("m/sub", 2, &[("g", 7, 2)]);
    scan(&fixture, &[&[root(), mount(), sub()]]);
    let links = || fixture.shell("SELECT * FROM links; SELECT * FROM devices");
    let before = links();
    let whole = fixture.begin(on_device(1));
    let older = mount();
    let expansion = fixture.begin(ScanSpec {
        folder: b"m".to_vec(),
        depth: Some(1),
        way: vec![(b"m".to_vec(), identity(5))],
        devices: vec![(b"m".to_vec(), 2, identity(5))],
        ..on_device(1)
    });
    push(&expansion, batch_of(&[mount()]));
    expansion
        .end(Status::Complete, ScanCounts::default())
        .unwrap();
    push(&whole, batch_of(&[root(), older]));
    push(&whole, batch_of(&[sub()]));
    whole.end(Status::Complete, ScanCounts::default()).unwrap();
    recount_links(&fixture.path());
    fixture.recount();
    assert_eq!(links(), before);
}

/// It remembers what lies above it from one listing to the next.
#[test]
fn a_folder_knows_when_one_above_it_lies_on_another_device() {
    let fixture = Fixture::new();
    let scan = fixture.begin(on_device(1));
    let look = |device, begins| {
        let a = Listed {
            begins,
            ..listed("a", device, &[("b", 8, 0)])
        };
        let mut batch = batch_of(&[a, listed("a/b/c", 1, &[])]);
        // On another device, and not a mount point.
        std::mem::swap(&mut batch.mounts, &mut batch.subvolumes);
        push(&scan, batch);
    };
    let above = [("", "a"), ("a/b", "c")];
    let above = above.map(|(folder, name)| listed(folder, 1, &[(name, 9, 0)]));
    push(&scan, batch_of(&above));
    look(1, None);
    look(2, Some(5));
    scan.end(Status::Complete, ScanCounts::default()).unwrap();
    recount_links(&fixture.path());
    let devices = "SELECT name, device FROM dirs ORDER BY name";
    assert_eq!(fixture.shell(devices), "|1\na|2\nb|\nc|1\n");
}

/// Nothing says where the device begins that a folder lies on: what has its inodes is not known.
#[test]
fn names_on_a_device_that_begins_nowhere_count_by_themselves() {
    let fixture = Fixture::new();
    let listings = [
        listed("", 1, &[("a", 9, 0)]),
        listed("a", 1, &[("b", 8, 0), ("f", 7, 2)]),
        listed("a/b", 3, &[("f", 7, 2), ("g", 7, 2)]),
    ];
    scan(&fixture, &[&listings]);
    scan(&fixture, &[&listings]);
    assert_eq!(fixture.shell("SELECT sum(names) FROM links"), "1\n");
    let blocks = "SELECT disk, own_disk FROM dirs WHERE name = 'b'";
    assert_eq!(fixture.shell(blocks), "24|16\n");
    let exact = |folder: &str| {
        let answer = fixture.pool().totals(&fixture.uuid(), folder.as_bytes());
        answer.unwrap().value.disk_exact
    };
    assert_eq!((exact(""), exact("a/b")), (Some(false), Some(false)));
    // Nor does a listing that is no proof of missing entries change that.
    let partly = Listed {
        status: status::CHANGING,
        ..listed("a/b", 3, &[])
    };
    scan(&fixture, &[&listings[..2], &[partly]]);
    assert_eq!((exact(""), exact("a/b")), (Some(false), Some(false)));
    let listings = [
        listed("", 1, &[("a", 9, 0)]),
        listed("a", 1, &[("b", 8, 0), ("f", 7, 2)]),
        listed("a/b", 3, &[("f", 7, 1), ("g", 6, 1)]),
    ];
    scan(&fixture, &[&listings]);
    assert_eq!((exact(""), exact("a/b")), (Some(true), Some(true)));
}

/// A file system was mounted at two places. Then a copy of it, which has its identity, is at one of
/// them.
#[test]
fn a_copy_of_what_was_mounted_twice_has_a_number_of_its_own() {
    let fixture = Fixture::new();
    let listings = |other| {
        let mounted = |folder, device| Listed {
            begins: Some(5),
            ..listed(folder, device, &[("f", 7, 2)])
        };
        let root = listed("", 1, &[("m", 8, 0), ("n", 9, 0)]);
        [root, mounted("m", 2), mounted("n", other)]
    };
    let linked = || fixture.shell("SELECT linked FROM dirs WHERE id = 1");
    scan(&fixture, &[&listings(2)]);
    assert_eq!(linked(), "8\n");
    scan(&fixture, &[&listings(3)]);
    assert_eq!(linked(), "16\n");
    let devices = "SELECT count(DISTINCT device), count(*) FROM links";
    assert_eq!(fixture.shell(devices), "2|2\n");
}

/// What a listing that proves nothing does not show stays, and on which device it lies is not known.
#[test]
fn names_that_were_not_seen_on_another_device_count_by_themselves() {
    let fixture = Fixture::new();
    let listings = |n: Listed<'static>| {
        let mounted = |listing| Listed {
            begins: Some(5),
            ..listing
        };
        let root = listed("", 1, &[("m", 8, 0), ("n", 9, 0)]);
        [root, mounted(listed("m", 2, &[("f", 7, 2)])), mounted(n)]
    };
    let exact = |folder: &str| {
        let answer = fixture.pool().totals(&fixture.uuid(), folder.as_bytes());
        answer.unwrap().value.disk_exact.unwrap()
    };
    scan(&fixture, &[&listings(listed("n", 2, &[("f", 7, 2)]))]);
    assert!(exact("") && exact("m") && exact("n"));
    let partly = Listed {
        status: status::CHANGING,
        ..listed("n", 3, &[])
    };
    scan(&fixture, &[&listings(partly)]);
    let blocks = "SELECT own_disk FROM dirs WHERE name = 'n'";
    assert_eq!(fixture.shell(blocks), "8\n");
    assert!(!exact("") && exact("m") && !exact("n"));
    scan(&fixture, &[&listings(listed("n", 3, &[("f", 7, 2)]))]);
    assert!(exact("") && exact("m") && exact("n"));
}

/// A folder known only from its parent's listing is listed while names of what was removed from it still count.
#[test]
fn a_folder_keeps_its_id_while_names_lie_beneath_its_grave() {
    let fixture = Fixture::new();
    let expansion = fixture.begin(ScanSpec {
        folder: b"x/sub".to_vec(),
        depth: Some(1),
        ..on_device(1)
    });
    push(
        &expansion,
        batch_of(&[listed("x/sub", 1, &[("f", 7, 2), ("g", 7, 2)])]),
    );
    expansion
        .end(Status::Complete, ScanCounts::default())
        .unwrap();
    let linked = || fixture.shell("SELECT linked FROM dirs WHERE name IN ('', 'x') ORDER BY id");
    assert_eq!(linked(), "8\n8\n");
    let gone = Listed {
        status: status::VANISHED,
        ..listed("x/sub", 1, &[])
    };
    let listings = [
        listed("", 1, &[("x", 6, 0)]),
        gone,
        listed("x", 1, &[("h", 5, 1)]),
    ];
    scan(&fixture, &[&listings]);
    fixture.index().settle().unwrap();
    assert_eq!(linked(), "0\n0\n");
}

/// As on FAT, and on FUSE file systems that count no links.
#[test]
fn names_of_files_without_links_are_a_plain_sum_whatever_their_inodes() {
    let fixture = Fixture::new();
    let files = [("f", 7, 1), ("g", 7, 1)];
    scan(
        &fixture,
        &[&[listed("", 1, &[("a", 5, 0)]), listed("a", 1, &files)]],
    );
    let rows = "SELECT own_disk, linked FROM dirs WHERE name = 'a'; SELECT count(*) FROM links";
    assert_eq!(fixture.shell(rows), "16|0\n0\n");
}
