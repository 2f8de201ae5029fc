//! Random trees, changed at random and scanned in random order, whole, in part and cut short,
//! against a model of what an index may know after each. Every total is recounted by the sqlite3
//! shell, also between commits.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod ends;
mod forgotten;
mod late;
mod model;
mod sequences;
mod sums;
#[path = "../support/mod.rs"]
mod support;
#[path = "../support/walker.rs"]
mod walker;

use std::collections::BTreeMap;

use aether_core::Status;
use aether_core::slab::Kind;
use aether_index::{OpenOptions, ScanCounts, ScanSpec};
use model::*;
use proptest::prelude::*;
use support::*;

#[derive(Clone, Debug)]
struct Scan {
    changes: Vec<Change>,
    /// Where it starts, as a list of names; the nearest directory is used.
    folder: Vec<usize>,
    depth: Option<u32>,
    /// Seed of the order of pieces, and after how many percent of them it is cut.
    seed: u64,
    cut: u8,
    reopen: bool,
}

fn scan() -> impl Strategy<Value = Scan> {
    let folder = prop_oneof![3 => Just(vec![]), 1 => way()];
    let cut = prop_oneof![3 => Just(100u8), 1 => 0u8..100];
    let depth = prop_oneof![4 => Just(None), 1 => (1u32..4).prop_map(Some)];
    (
        prop::collection::vec(change(), 0..40),
        folder,
        depth,
        any::<u64>(),
        cut,
        prop::bool::weighted(0.1),
    )
        .prop_map(|(changes, folder, depth, seed, cut, reopen)| Scan {
            changes,
            folder,
            depth,
            seed,
            cut,
            reopen,
        })
}

/// What the index may know: the tree with statuses, without mtimes of directories whose parent was
/// not listed.
#[derive(Clone, Debug, Default)]
struct Known {
    files: BTreeMap<Vec<u8>, Thing>,
    dirs: BTreeMap<Vec<u8>, (i64, Option<i64>)>,
}

impl Known {
    fn remove_dir(&mut self, path: &[u8]) {
        self.files.retain(|other, _| !is_within(other, path));
        self.dirs.retain(|other, _| !is_within(other, path));
    }

    /// A directory that is known only by its listing.
    fn ensure(&mut self, path: &[u8]) {
        if path.is_empty() || self.dirs.contains_key(path) {
            return;
        }
        self.ensure(parent(path));
        self.files.remove(path);
        self.dirs.insert(path.to_vec(), (0, None));
    }

    fn hear(&mut self, listing: &Listing, upto: usize, whole: bool) {
        self.ensure(&listing.path);
        let told: BTreeMap<Vec<u8>, Entry> = listing.entries[..upto]
            .iter()
            .map(|(name, entry)| (join(&listing.path, name), *entry))
            .collect();
        if whole {
            let here = |path: &Vec<u8>| parent(path) == listing.path && !told.contains_key(path);
            self.files.retain(|path, _| !here(path));
            for gone in self
                .dirs
                .keys()
                .filter(|path| here(path))
                .cloned()
                .collect::<Vec<_>>()
            {
                self.remove_dir(&gone);
            }
            if !listing.path.is_empty() {
                self.dirs.get_mut(&listing.path).unwrap().0 = 1;
            }
        }
        for (path, (kind, known)) in told {
            let (size, mtime) = known.unwrap();
            if kind == Kind::Directory {
                self.files.remove(&path);
                self.dirs.entry(path).or_insert((0, None)).1 = Some(mtime);
            } else {
                self.remove_dir(&path);
                self.files.insert(path, (kind as u8, size, mtime));
            }
        }
    }

    fn rows(&self) -> BTreeMap<Vec<u8>, Row> {
        let files = self.files.iter().map(|(path, (kind, size, mtime))| {
            (
                path.clone(),
                (i64::from(*kind), size.to_string(), mtime.to_string()),
            )
        });
        let mtime = |mtime: &Option<i64>| mtime.map(|mtime| mtime.to_string()).unwrap_or_default();
        let dirs = self
            .dirs
            .iter()
            .map(|(path, (status, known))| (path.clone(), (2, status.to_string(), mtime(known))));
        files.chain(dirs).collect()
    }
}

fn run(fixture: &Fixture, tree: &Tree, known: &mut Known, scan: &Scan) {
    let folder = nearest(tree, &scan.folder);
    let listings = listings(tree, &folder, scan.depth);
    let mut dice = Dice(scan.seed);
    let pieces = pieces(&listings, &mut dice);
    let sent = pieces.len() * usize::from(scan.cut) / 100;
    let spec = ScanSpec {
        folder,
        depth: scan.depth,
        ..spec()
    };
    let database = fixture.path();
    let writer = fixture
        .index()
        .begin(spec, Box::new(move |_| recount(&database)))
        .unwrap();
    send(&writer, &listings, &pieces[..sent], &mut dice);
    let status = if sent < pieces.len() {
        Status::Cancelled
    } else {
        Status::Complete
    };
    writer.end(status, ScanCounts::default()).unwrap();
    // The index applies a listing when it closes, and those that were cut short at the end.
    let mut cut = BTreeMap::new();
    for (at, _, to, closes) in &pieces[..sent] {
        if *closes {
            cut.remove(at);
            known.hear(&listings[*at], *to, true);
        } else {
            cut.insert(*at, *to);
        }
    }
    for (at, to) in cut {
        known.hear(&listings[at], to, false);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, max_shrink_iters: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_index_knows_what_was_listed_and_adds_up(scans in prop::collection::vec(scan(), 1..7), entries in prop::sample::select(&[3usize, 20, 1000][..])) {
        let mut fixture = Fixture::with(OpenOptions { batch_entries: entries, ..OpenOptions::default() });
        let mut tree = Tree::new();
        let mut known = Known::default();
        for scan in &scans {
            for change in &scan.changes {
                apply(&mut tree, change);
            }
            run(&fixture, &tree, &mut known, scan);
            recount(&fixture.path());
            prop_assert_eq!(fixture.rows(), known.rows());
            if scan.reopen {
                fixture.reopen();
            }
        }
        fixture.index().settle().unwrap();
        prop_assert_eq!(leftovers(&fixture.path()), NOTHING_LEFT);
        // One whole scan makes it exact, whatever came before.
        let last = Scan { changes: vec![], folder: vec![], depth: None, seed: 1, cut: 100, reopen: false };
        run(&fixture, &tree, &mut known, &last);
        let expected: Vec<_> = tree.keys().cloned().collect();
        prop_assert_eq!(fixture.rows().into_keys().collect::<Vec<_>>(), expected);
        prop_assert_eq!(fixture.shell("SELECT unknown_below FROM dirs JOIN sources ON root_dir = dirs.id"), "0\n");
    }
}
