//! What is read from an index, and how true an answer says it is: against the sqlite3 shell, and
//! against what was written.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod change_pages;
mod changes;
mod children;
mod committed;
mod cursors;
mod filters;
mod folders;
mod freshness;
mod imported;
mod missed;
mod notes;
mod overlapping;
mod processes;
mod random_folders;
mod rollbacks;
#[path = "../support/mod.rs"]
mod support;
mod unreadable;

use std::path::Path;

use aether_index::reader::{Pool, PoolOptions};
use support::*;

/// A pool as other processes have it: not by the gate of the writer.
fn elsewhere(path: &Path) -> Pool {
    Pool::open(path, PoolOptions::default()).unwrap()
}

fn tree() -> Vec<Listing> {
    vec![
        listing("", &[dir("a"), dir("c"), file("f", 1, 1)], 1),
        listing("a", &[dir("b")], 1),
        listing("a/b", &[file("x", 2, 1)], 1),
        listing("c", &[file("y", 4, 1)], 1),
    ]
}
