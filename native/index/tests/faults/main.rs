//! Real faults: a full disk, one that cannot be written, a read-only one.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod failing;
mod full;
mod read_only;
mod small;
#[path = "../support/mod.rs"]
mod support;
mod temporary;

use aether_core::slab::Groups;
use aether_index::{Batch, PushError};

use support::*;

/// Pushes a tree until it is written or the scan has failed.
fn push_all(scan: &aether_index::ScanWriter, listings: &[Listing]) -> Option<aether_index::Error> {
    for listing in listings {
        let groups = Groups::METADATA | Groups::DISK | Groups::OWNED;
        let mut batch: Batch = batch_with(groups, &[(listing, 0, listing.entries.len(), true)]);
        loop {
            match scan.push(batch) {
                Ok(()) => break,
                Err(PushError::Full(back)) => batch = back,
                Err(PushError::Ended(error)) => return Some(error),
            }
            std::thread::yield_now();
        }
    }
    None
}

fn many(directories: u64) -> Vec<Listing> {
    let names: Vec<_> = (0..directories)
        .map(|at| dir(&format!("directory {at}")))
        .collect();
    let mut listings = vec![listing("", &names, 1)];
    for (name, _) in &names {
        let files: Vec<_> = (0..500)
            .map(|at| file(&format!("a file with a long name {at}"), at, 1))
            .collect();
        listings.push(listing(std::str::from_utf8(name).unwrap(), &files, 1));
    }
    listings
}
