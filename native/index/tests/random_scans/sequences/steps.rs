//! What may happen: steps, and changes to real files.

use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use proptest::prelude::*;

#[derive(Clone, Debug)]
pub enum Change {
    Write(Vec<u8>, usize),
    Symlink(Vec<u8>),
    Link(Vec<u8>, Vec<u8>),
    Mkdir(Vec<u8>),
    Remove(Vec<u8>),
    Rename(Vec<u8>, Vec<u8>),
}

#[derive(Clone, Debug)]
pub enum Step {
    Change(Change),
    Scan {
        root: usize,
        cut: Option<u64>,
    },
    Expand {
        root: usize,
        folder: Vec<u8>,
        depth: Option<u32>,
        cut: Option<u64>,
    },
    /// A whole scan that waits after this many slabs, while things change and a folder is expanded.
    Held {
        slabs: u64,
        changes: Vec<Change>,
        folder: Vec<u8>,
        more: Vec<Change>,
    },
    /// A writer in another process, killed after this many microseconds.
    Kill(u64),
    Forget {
        root: usize,
        folder: Option<Vec<u8>>,
    },
    Reopen,
    Backup,
    Restore,
    Move,
    Hardlink,
    Settle,
}

fn place() -> impl Strategy<Value = Vec<u8>> {
    const NAMES: [&[u8]; 5] = [b"a", b"b", b"\xff", b"c d", b"new\nline"];
    let way = prop::collection::vec(0..NAMES.len(), 1..5);
    way.prop_map(|way| {
        let names: Vec<_> = way.iter().map(|at| NAMES[*at]).collect();
        names.join(&b'/')
    })
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        6 => (place(), 0usize..50).prop_map(|(place, size)| Change::Write(place, size)),
        1 => place().prop_map(Change::Symlink),
        1 => (place(), place()).prop_map(|(from, to)| Change::Link(from, to)),
        4 => place().prop_map(Change::Mkdir),
        2 => place().prop_map(Change::Remove),
        2 => (place(), place()).prop_map(|(from, to)| Change::Rename(from, to)),
    ]
}

pub fn step() -> impl Strategy<Value = Step> {
    let cut = || prop_oneof![2 => Just(None), 1 => (1u64..6).prop_map(Some)];
    let root = || prop_oneof![3 => Just(0usize), 1 => Just(1)];
    let changes = || prop::collection::vec(change(), 0..5);
    let depth = prop::option::of(1u32..3);
    let expand = (root(), place(), depth, cut());
    let held = (1u64..6, changes(), place(), changes());
    prop_oneof![
        30 => change().prop_map(Step::Change),
        6 => (root(), cut()).prop_map(|(root, cut)| Step::Scan { root, cut }),
        4 => expand.prop_map(|(root, folder, depth, cut)| Step::Expand { root, folder, depth, cut }),
        3 => held.prop_map(|(slabs, changes, folder, more)| Step::Held { slabs, changes, folder, more }),
        1 => (0u64..30_000).prop_map(Step::Kill),
        1 => (root(), prop::option::weighted(0.8, place())).prop_map(|(root, folder)| Step::Forget { root, folder }),
        1 => Just(Step::Reopen),
        1 => Just(Step::Backup),
        1 => Just(Step::Restore),
        1 => Just(Step::Move),
        1 => Just(Step::Hardlink),
        2 => Just(Step::Settle),
    ]
}

pub fn at(root: &Path, path: &[u8]) -> PathBuf {
    root.join(std::ffi::OsStr::from_bytes(path))
}

pub fn is_directory(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|found| found.is_dir())
}

/// Skips steps that are impossible with the present files.
pub fn apply(root: &Path, change: &Change) {
    match change {
        Change::Write(path, size) => {
            let _ = fs::create_dir_all(at(root, path).parent().unwrap());
            let _ = fs::write(at(root, path), vec![b'x'; *size]);
        }
        Change::Symlink(path) => {
            let _ = std::os::unix::fs::symlink("anywhere", at(root, path));
        }
        Change::Link(from, to) => {
            let _ = fs::hard_link(at(root, from), at(root, to));
        }
        Change::Mkdir(path) => {
            let _ = fs::create_dir_all(at(root, path));
        }
        Change::Remove(path) => {
            let _ = fs::remove_file(at(root, path));
            let _ = fs::remove_dir_all(at(root, path));
        }
        Change::Rename(from, to) => {
            let _ = fs::rename(at(root, from), at(root, to));
        }
    }
}
