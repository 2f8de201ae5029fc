//! Checking finds what is wrong and nothing else; backups are of one moment; making the file
//! smaller changes nothing in it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod backup;
mod check;
#[path = "../support/mod.rs"]
mod support;
mod vacuum;

use std::path::Path;
use std::sync::Arc;

use aether_core::slab::status;
use aether_index::maintenance::{CheckOptions, Report, Task};
use aether_index::{Location, maintenance};

use support::*;

/// Runs something watched by nobody.
fn watched<T>(act: impl FnOnce(&mut Task) -> T) -> T {
    act(&mut Task::default())
}

fn checked(path: &Path, thorough: bool) -> Report {
    let location = Location::resolve(path).unwrap();
    let options = CheckOptions { thorough };
    watched(|watch| maintenance::check(&location, &Arc::default(), options, watch)).unwrap()
}

fn tree() -> Vec<Listing> {
    vec![
        listing("", &[dir("a"), dir("c"), file("f", 1, 1)], 1),
        listing("a", &[dir("b"), file("g", 3, 1)], 1),
        listing("a/b", &[file("x", 2, 1)], 1),
        listing("c", &[], status::errno(13)),
    ]
}

/// A tree of some hundred files, some of it wide.
fn many(files: usize) -> Vec<Listing> {
    let names: Vec<_> = (0..files)
        .map(|at| file(&format!("a rather long name {at}"), 3, 1))
        .collect();
    vec![
        listing("", &[dir("d"), dir("e")], 1),
        listing("d", &names, 1),
        listing("e", &names[..files / 2], 1),
    ]
}
