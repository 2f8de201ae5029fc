//! Listings made by hand, in an order and on devices in which the walker rarely gives them.

use aether_core::Status;
use aether_core::slab::{Builder, Groups, Kind, Metadata};
use aether_index::{Batch, MountIdentity, ScanCounts, ScanSpec};

use crate::count::recount_links;
use crate::support::*;

const BYTES: u64 = 4096;

/// A listing that is complete: its folder, the device that lies on, and its identity if another
/// device begins there.
struct Listed<'a> {
    folder: &'a str,
    device: u32,
    begins: Option<u64>,
    stamp: u64,
    /// Names, each with its inode and how many names that has; a folder has 0.
    entries: Vec<(&'a str, u64, u32)>,
}

fn listed<'a>(folder: &'a str, device: u32, entries: &[(&'a str, u64, u32)]) -> Listed<'a> {
    Listed {
        folder,
        device,
        begins: None,
        stamp: stamp(),
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
fn batch_of(listings: &[Listed<'_>]) -> Batch {
    let mut builder = Builder::new(0, Groups::INDEXED);
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
        builder.close(1);
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

fn on_device(device: u32) -> ScanSpec {
    ScanSpec {
        root_device: device,
        root_identity: Some(identity(2)),
        root_disk: Some(BYTES),
        ..spec()
    }
}

fn scan(fixture: &Fixture, batches: &[&[Listed<'_>]]) {
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
