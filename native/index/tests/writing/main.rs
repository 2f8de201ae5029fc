//! What writing leaves in an index, each rule on its own. Tests named `gap_scan_…` are for faults of
//! the predecessor.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod cut_off;
mod entries;
mod history;
mod log;
mod long;
mod merge;
mod mount_points;
mod overlap;
mod reports;
#[path = "../support/mod.rs"]
mod support;
mod work;

use support::*;

/// A tree of this many directories, each with this many files.
fn tree(directories: u64, files: u64) -> Vec<Listing> {
    let names: Vec<_> = (0..directories).map(|at| dir(&format!("d{at}"))).collect();
    let mut listings = vec![listing("", &names, 1)];
    for at in 0..directories {
        let files: Vec<_> = (0..files)
            .map(|name| file(&format!("f{name}"), name, at as i64))
            .collect();
        listings.push(listing(&format!("d{at}"), &files, 1));
    }
    listings
}

/// Names of all entries, after checking that every total is right.
fn names(fixture: &Fixture) -> Vec<String> {
    fixture.recount();
    fixture.names()
}

/// The names in `simple`.
const SIMPLE: [&str; 7] = ["a", "d", "d/e", "d/e/deep", "d/x", "d/y", "z"];

fn simple(fixture: &Fixture) {
    fixture.scan(&[
        listing("", &[file("a", 1, 10), dir("d"), file("z", 2, 10)], 1),
        listing("d", &[file("x", 4, 10), file("y", 8, 10), dir("e")], 1),
        listing("d/e", &[file("deep", 16, 10)], 1),
    ]);
}
