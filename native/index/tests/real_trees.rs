//! Real directories under the real walker: after any mutations, scans, expansions and cancels, the index is what `find` says.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod support;
#[path = "support/walker.rs"]
mod walker;

use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use aether_core::{Options, Pool};
use aether_index::ScanSpec;
use proptest::prelude::*;
use support::*;
use walker::walk;

/// Scans into the index; stops after so many slabs if asked to.
fn scan(
    fixture: &Fixture,
    pool: &Pool,
    root: &Path,
    folder: &[u8],
    depth: Option<u32>,
    stop: Option<u64>,
) {
    let options = Options {
        depth,
        slab_entries: 7,
        ..Options::default()
    };
    let spec = ScanSpec {
        root: root.as_os_str().as_bytes().to_vec(),
        folder: folder.to_vec(),
        ..ScanSpec::default()
    };
    walk(pool, Some(fixture.index()), spec, options, stop).unwrap();
}

#[derive(Clone, Debug)]
enum Step {
    Write(Vec<u8>, usize),
    Link(Vec<u8>),
    Mkdir(Vec<u8>),
    Remove(Vec<u8>),
    Rename(Vec<u8>, Vec<u8>),
    Expand(Vec<u8>, Option<u32>),
    Cut(u64),
}

fn place() -> impl Strategy<Value = Vec<u8>> {
    const NAMES: [&[u8]; 6] = [b"a", b"b", b"\xff", b"c d", b"-e", b"new\nline"];
    prop::collection::vec(0..NAMES.len(), 1..5).prop_map(|way| {
        way.iter()
            .map(|at| NAMES[*at])
            .collect::<Vec<_>>()
            .join(&b'/')
    })
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (place(), 0usize..50).prop_map(|(place, size)| Step::Write(place, size)),
        1 => place().prop_map(Step::Link),
        4 => place().prop_map(Step::Mkdir),
        2 => place().prop_map(Step::Remove),
        2 => (place(), place()).prop_map(|(from, to)| Step::Rename(from, to)),
        1 => (place(), prop::option::of(1u32..3)).prop_map(|(place, depth)| Step::Expand(place, depth)),
        1 => (1u64..6).prop_map(Step::Cut),
    ]
}

fn at(root: &Path, path: &[u8]) -> PathBuf {
    root.join(std::ffi::OsStr::from_bytes(path))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, max_shrink_iters: 100, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_index_is_what_find_says(rounds in prop::collection::vec(prop::collection::vec(step(), 1..40), 1..5)) {
        let fixture = Fixture::new();
        let pool = Pool::new(3);
        let directory = tempfile::tempdir().unwrap();
        let root = directory.path();
        for steps in rounds {
            for step in steps {
                // What cannot be done, because of what is there, is not done.
                match step {
                    Step::Write(path, size) => {
                        let _ = fs::create_dir_all(at(root, &path).parent().unwrap());
                        let _ = fs::write(at(root, &path), vec![b'x'; size]);
                    }
                    Step::Link(path) => {
                        let _ = std::os::unix::fs::symlink("anywhere", at(root, &path));
                    }
                    Step::Mkdir(path) => {
                        let _ = fs::create_dir_all(at(root, &path));
                    }
                    Step::Remove(path) => {
                        let _ = fs::remove_file(at(root, &path));
                        let _ = fs::remove_dir_all(at(root, &path));
                    }
                    Step::Rename(from, to) => {
                        let _ = fs::rename(at(root, &from), at(root, &to));
                    }
                    Step::Expand(path, depth) => {
                        if at(root, &path).symlink_metadata().is_ok_and(|found| found.is_dir()) {
                            scan(&fixture, &pool, root, &path, depth, None);
                            recount(&fixture.path());
                        }
                    }
                    Step::Cut(slabs) => {
                        scan(&fixture, &pool, root, b"", None, Some(slabs));
                        recount(&fixture.path());
                    }
                }
            }
            scan(&fixture, &pool, root, b"", None, None);
            recount(&fixture.path());
            prop_assert_eq!(fixture.rows(), find(root));
        }
    }
}
