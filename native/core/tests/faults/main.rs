//! Real faults and races, a module for each kind. Tests that need an injected fault, or a limit of the whole process,
//! run themselves again in a process of their own (`apart.rs`).
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod apart;
mod calls;
mod descriptors;
mod fairness;
mod file_systems;
mod hanging;
mod hung_entries;
mod mounts;
mod names;
mod openat2;
mod rights;
mod slow;
#[path = "../support/mod.rs"]
mod support;
mod threads;
mod vanishing;

use std::fs;

use tempfile::TempDir;

/// `good` and `bad`, each with 3,000 files, and `small`.
fn tree() -> TempDir {
    let dir = TempDir::new().unwrap();
    for (sub, files) in [("good", 3000), ("bad", 3000), ("small", 3)] {
        fs::create_dir(dir.path().join(sub)).unwrap();
        for n in 0..files {
            fs::write(dir.path().join(sub).join(format!("{sub}-{n}")), b"").unwrap();
        }
    }
    dir
}
