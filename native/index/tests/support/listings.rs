//! Listings made by hand, and the slabs in which they are pushed to a scan.

use std::sync::atomic::{AtomicU64, Ordering};

use aether_core::slab::{Builder, Groups, Kind, Metadata};
use aether_index::{Batch, MountIdentity, PushError, ScanSpec, ScanWriter};

/// Kind, and size and mtime where they are known.
pub type Entry = (Kind, Option<(u64, i64)>);

/// One listing: a directory, its entries, how it ended, what it is if it is a mount point.
#[derive(Clone, Debug)]
pub struct Listing {
    pub path: Vec<u8>,
    pub entries: Vec<(Vec<u8>, Entry)>,
    pub status: u32,
    pub stamp: u64,
    pub mount: Option<MountIdentity>,
}

static CLOCK: AtomicU64 = AtomicU64::new(1);

/// The VM-wide counter.
pub fn stamp() -> u64 {
    CLOCK.fetch_add(1, Ordering::Relaxed)
}

pub fn file(name: &str, size: u64, mtime: i64) -> (Vec<u8>, Entry) {
    (name.into(), (Kind::File, Some((size, mtime))))
}

pub fn dir(name: &str) -> (Vec<u8>, Entry) {
    (name.into(), (Kind::Directory, Some((4096, 1))))
}

pub fn listing(path: &str, entries: &[(Vec<u8>, Entry)], status: u32) -> Listing {
    Listing {
        path: path.into(),
        entries: entries.to_vec(),
        status,
        stamp: stamp(),
        mount: None,
    }
}

/// Makes a slab of pieces of listings: each with the entries from, to, and whether it closes the listing.
pub fn batch(pieces: &[(&Listing, usize, usize, bool)]) -> Batch {
    batch_with(Groups::METADATA | Groups::DISK, pieces)
}

/// The same with these groups. Each listing is of a user of its own.
pub fn batch_with(groups: Groups, pieces: &[(&Listing, usize, usize, bool)]) -> Batch {
    let mut builder = Builder::new(0, groups);
    let mut batch = Batch::default();
    for (at, (listing, from, to, closes)) in pieces.iter().enumerate() {
        builder.open(|path| path.extend_from_slice(&listing.path));
        for (name, (kind, known)) in &listing.entries[*from..*to] {
            let known = known.map(|(size, mtime)| Metadata {
                size,
                mtime,
                disk: size.div_ceil(4096).saturating_mul(4096),
                uid: listing.stamp as u32,
                ..Metadata::default()
            });
            builder.entry(name, *kind, known.as_ref());
        }
        if *closes {
            builder.close(listing.status);
        } else {
            assert!(
                from < to,
                "a piece without entries that closes nothing is no record"
            );
        }
        batch.stamps.push(listing.stamp);
        if let Some(mount) = listing.mount {
            batch.mounts.push((at as u32, mount));
        }
    }
    batch.slab = vec![0; builder.encoded_len()];
    builder.encode_into(&mut batch.slab);
    batch
}

/// Pushes a batch, waiting for room.
pub fn push(scan: &ScanWriter, mut batch: Batch) {
    loop {
        match scan.push(batch) {
            Ok(()) => return,
            Err(PushError::Full(back)) => batch = back,
            Err(PushError::Ended(error)) => panic!("{error}"),
        }
        std::thread::yield_now();
    }
}

/// Pushes a listing in one piece that closes it.
pub fn push_whole(scan: &ScanWriter, listing: &Listing) {
    push(scan, batch(&[(listing, 0, listing.entries.len(), true)]));
}

pub fn spec() -> ScanSpec {
    ScanSpec {
        root: b"/no/such/root".to_vec(),
        ..ScanSpec::default()
    }
}
