//! Listings of a tree that changes while it is read, by several scans at once or by one that reads
//! directories twice. They come to the index in any order, some of them twice. What is stored must
//! be what the newest of them show.

use std::collections::BTreeMap;

use aether_core::Status;
use aether_core::slab::{Kind, status};
use aether_index::{ScanCounts, ScanSpec};
use proptest::prelude::*;

use crate::model::*;
use crate::support::*;

/// Changes, and then a listing by one of the scans.
#[derive(Clone, Debug)]
struct Step {
    changes: Vec<Change>,
    way: Vec<usize>,
    by: usize,
    twice: bool,
}

fn step() -> impl Strategy<Value = Step> {
    let way = prop_oneof![1 => Just(vec![]), 6 => prop::collection::vec(0..3usize, 1..4)];
    (
        prop::collection::vec(few_names(), 0..4),
        way,
        0..3usize,
        prop::bool::weighted(0.3),
    )
        .prop_map(|(changes, way, by, twice)| Step {
            changes,
            way,
            by,
            twice,
        })
}

/// Changes of a few places, so that the same entries come and go.
fn few_names() -> impl Strategy<Value = Change> {
    let way = || prop::collection::vec(0..3usize, 1..4);
    let put = (way(), prop_oneof![Just(1u8), Just(2), Just(2)], 0u64..5);
    let put = put.prop_map(|(way, kind, size)| Change::Put {
        way,
        kind,
        size,
        mtime: 1,
    });
    prop_oneof![1 => put, 1 => way().prop_map(|way| Change::Delete { way })]
}

/// What the listings show.
struct Evidence<'a>(Vec<&'a Listing>);

impl Evidence<'_> {
    fn is_dir_in(listing: &Listing, path: &[u8]) -> bool {
        let name = name(path);
        let found = listing.entries.iter().find(|(other, _)| other == name);
        found.is_some_and(|(_, (kind, _))| *kind == Kind::Directory)
    }

    /// Whether the directory existed at that listing.
    fn shows(look: &Listing, path: &[u8]) -> bool {
        look.status != status::VANISHED
            && (is_within(&look.path, path)
                || (look.path == parent(path) && Evidence::is_dir_in(look, path)))
    }

    fn newest(&self, tells: impl Fn(&Listing) -> bool) -> u64 {
        let looks = self.0.iter().filter(|listing| tells(listing));
        looks.map(|listing| listing.stamp).max().unwrap_or(0)
    }

    /// The last time at which a directory certainly existed; 0 for never.
    fn present(&self, path: &[u8]) -> u64 {
        self.newest(|look| Evidence::shows(look, path))
    }

    /// The last time at which it was there, by listings of directories that are still there.
    fn shown(&self, path: &[u8]) -> u64 {
        self.newest(|look| {
            Evidence::shows(look, path) && self.absent_above(&look.path) < look.stamp
        })
    }

    /// The last time at which it certainly did not.
    fn absent(&self, path: &[u8]) -> u64 {
        self.newest(|look| match look.status {
            status::VANISHED => look.path == path,
            _ => !path.is_empty() && look.path == parent(path) && !Evidence::is_dir_in(look, path),
        })
    }

    /// The last time at which it, or a directory above it, did not exist.
    fn absent_above(&self, path: &[u8]) -> u64 {
        let above = above(path).map(|path| self.absent(path));
        above.max().unwrap_or(0)
    }

    fn exists(&self, path: &[u8]) -> bool {
        let mut above = above(path);
        above.all(|path| path.is_empty() || self.present(path) > self.absent(path))
    }

    /// Its last listing.
    fn listing(&self, path: &[u8]) -> Option<&Listing> {
        let of_it = |look: &&&Listing| look.path == path && look.status != status::VANISHED;
        let looks = self.0.iter().filter(of_it);
        looks.max_by_key(|look| look.stamp).copied()
    }
}

/// A path and all its ancestors.
fn above(path: &[u8]) -> impl Iterator<Item = &[u8]> {
    std::iter::successors(Some(path), |path| (!path.is_empty()).then(|| parent(path)))
}

fn check(evidence: &Evidence<'_>, stored: &BTreeMap<Vec<u8>, Row>) -> Result<(), TestCaseError> {
    for (path, (kind, ..)) in stored {
        if *kind == 2 {
            prop_assert!(
                evidence.exists(path),
                "{:?} came back",
                path.escape_ascii().to_string()
            );
        }
    }
    let told = evidence.0.iter().flat_map(|look| {
        let entries = look.entries.iter();
        let entries = entries.map(|(name, _)| join(&look.path, name));
        entries.chain([look.path.clone()])
    });
    for path in told {
        let shown = path.escape_ascii().to_string();
        let folder = parent(&path);
        let present = evidence.present(&path);
        // In a folder that was missing since and is back, either is possible.
        let is_certain = evidence.shown(&path) > evidence.absent_above(&path);
        if !path.is_empty() && evidence.exists(&path) && is_certain {
            let row = stored.get(&path);
            prop_assert!(row.is_some_and(|row| row.0 == 2), "{} is lost", shown);
        }
        let Some(listing) = evidence.listing(folder).filter(|_| !path.is_empty()) else {
            continue;
        };
        let since = listing.stamp;
        if evidence.absent_above(folder) > since || evidence.exists(&path) || present > since {
            continue;
        }
        let vanished = |look: &&&Listing| look.status == status::VANISHED && look.path == path;
        if evidence
            .0
            .iter()
            .any(|look| vanished(&look) && look.stamp > since)
        {
            continue;
        }
        let entry = listing
            .entries
            .iter()
            .find(|(other, _)| other == name(&path));
        let row = entry.map(|(_, (kind, known))| {
            let (size, mtime) = known.unwrap();
            (*kind as i64, size.to_string(), mtime.to_string())
        });
        prop_assert_eq!(stored.get(&path), row.as_ref(), "{}", shown);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), max_shrink_iters: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_newest_listing_is_stored_in_whatever_order_they_come(
        before in prop::collection::vec(few_names(), 0..12),
        steps in prop::collection::vec(step(), 1..12),
        alone: bool,
        seed: u64,
    ) {
        run(&before, &steps, alone, seed)?;
    }
}

fn cases() -> u32 {
    if is_full() { 3000 } else { 150 }
}

fn run(before: &[Change], steps: &[Step], alone: bool, seed: u64) -> Result<(), TestCaseError> {
    let fixture = Fixture::new();
    let mut tree = Tree::new();
    for change in before {
        apply(&mut tree, change);
    }
    let stored = listings(&tree, b"", None);
    fixture.scan(&stored);
    let folders: &[&[u8]] = if alone { &[b""] } else { &[b"", b"a", b"b"] };
    let begin = |folder: &&[u8]| {
        fixture.begin(ScanSpec {
            folder: folder.to_vec(),
            ..spec()
        })
    };
    let scans: Vec<_> = folders.iter().map(begin).collect();
    let mut looks = Vec::new();
    if alone {
        // From here on it reads some directories twice.
        let root = Listing {
            status: status::CHANGING,
            ..listings(&tree, b"", Some(1)).remove(0)
        };
        push_whole(&scans[0], &root);
        looks.push((root, 0));
    }
    let first = looks.len();
    for step in steps {
        for change in &step.changes {
            apply(&mut tree, change);
        }
        let path = path(&step.way);
        let look = match tree.get(&path) {
            None if path.is_empty() => listings(&tree, &path, Some(1)).remove(0),
            None => Listing {
                path,
                ..listing("", &[], status::VANISHED)
            },
            Some((2, ..)) => listings(&tree, &path, Some(1)).remove(0),
            Some(_) => continue,
        };
        let by = step.by % scans.len();
        if step.twice {
            looks.push((look.clone(), by));
        }
        looks.push((look, by));
    }
    let mut dice = Dice(seed);
    let mut pending: Vec<_> = looks[first..].iter().collect();
    while !pending.is_empty() {
        let (look, by) = pending.swap_remove(dice.below(pending.len()));
        push_whole(&scans[*by], look);
    }
    for scan in scans {
        scan.end(Status::Complete, ScanCounts::default()).unwrap();
    }
    recount(&fixture.path());
    let evidence = Evidence(
        stored
            .iter()
            .chain(looks.iter().map(|(look, _)| look))
            .collect(),
    );
    check(&evidence, &fixture.rows())?;
    fixture.index().settle().unwrap();
    prop_assert_eq!(leftovers(&fixture.path()), NOTHING_LEFT);
    prop_assert_eq!(fixture.shell("SELECT count(*) FROM sources"), "1\n");
    Ok(())
}
