//! Listings and paths too long to be held whole.

use aether_core::Status;
use aether_core::slab::{Kind, status};
use aether_index::{ScanCounts, ScanSpec};

use crate::support::*;

#[test]
fn a_listing_too_long_for_memory_is_merged_in_pieces() {
    const LONG: u64 = 150_000;
    let fixture = Fixture::new();
    // getdents gives names in no order.
    let mut entries: Vec<_> = (0..LONG)
        .map(|at| file(&format!("file {}", (at * 7919) % LONG), at % 10, 1))
        .collect();
    entries.extend((0..10).map(|at| dir(&format!("dir {at}"))));
    let scan_long = |entries: &[(Vec<u8>, Entry)], closing: u32| {
        let long = listing("long", entries, closing);
        let scan = fixture.begin(spec());
        let root = listing("", &[dir("long")], 1);
        push(&scan, batch(&[(&root, 0, 1, true)]));
        for from in (0..entries.len()).step_by(1000) {
            let to = (from + 1000).min(entries.len());
            push(&scan, batch(&[(&long, from, to, to == entries.len())]));
        }
        scan.end(Status::Complete, ScanCounts::default()).unwrap();
        fixture.recount();
        fixture.shell("SELECT file_count, bytes, unknown_below FROM dirs WHERE name = 'long'")
    };
    let bytes = |entries: &[(Vec<u8>, Entry)]| -> u64 {
        entries
            .iter()
            .filter(|(_, entry)| entry.0 == Kind::File)
            .map(|(_, entry)| entry.1.unwrap().0)
            .sum()
    };
    let told = |entries: &[(Vec<u8>, Entry)]| {
        let files = entries
            .iter()
            .filter(|(_, entry)| entry.0 == Kind::File)
            .count();
        let dirs = entries.len() - files;
        format!("{files}|{}|{dirs}\n", bytes(entries))
    };
    assert_eq!(scan_long(&entries, 1), told(&entries));
    assert_eq!(scan_long(&entries, 1), told(&entries));
    // Some files removed, some new, some changed; a file became a directory, a directory a file.
    let gone = entries.split_off(140_000);
    entries.extend(gone.into_iter().skip(5000).step_by(2));
    entries.push(file("brand new", 77, 1));
    entries[5].1 = (Kind::File, Some((1 << 33, 2)));
    entries[6].1 = (Kind::Directory, Some((0, 2)));
    entries.push((b"dir 1".to_vec(), (Kind::File, Some((3, 3)))));
    let mut seen = std::collections::BTreeSet::new();
    entries.reverse();
    entries.retain(|(name, _)| seen.insert(name.clone()));
    // The listing is not proven to be whole: nothing is deleted.
    let before: u64 = fixture
        .shell("SELECT file_count FROM dirs WHERE name = 'long'")
        .trim()
        .parse()
        .unwrap();
    let after = scan_long(&entries, status::CHANGING);
    assert!(after.split('|').next().unwrap().parse::<u64>().unwrap() >= before - 1);
    assert_eq!(scan_long(&entries, 1), told(&entries));
    fixture.index().settle().unwrap();
    assert_eq!(leftovers(&fixture.path()), NOTHING_LEFT);
}

#[test]
fn a_tree_of_3000_levels_with_paths_beyond_4096_bytes() {
    let fixture = Fixture::new();
    let mut listings = Vec::new();
    let mut path = String::new();
    for _ in 0..3000 {
        listings.push(listing(&path, &[dir("dd"), file("f", 1, 1)], 1));
        path = if path.is_empty() {
            "dd".into()
        } else {
            format!("{path}/dd")
        };
    }
    listings.push(listing(&path, &[file("f", 1, 1)], 1));
    for _ in 0..2 {
        fixture.scan(&listings);
        assert_eq!(
            fixture.shell("SELECT file_count, bytes, unknown_below FROM dirs WHERE name = ''"),
            "3001|3001|0\n"
        );
    }
    assert_eq!(
        fixture.shell("SELECT max(length(path)) FROM paths"),
        "4095\n"
    );
    // A change at the bottom reaches the top.
    let bottom = ScanSpec {
        folder: path.clone().into_bytes(),
        ..spec()
    };
    fixture.scan_as(
        bottom,
        &[listing(&path, &[file("f", 5, 1)], 1)],
        Status::Complete,
    );
    assert_eq!(
        fixture.shell("SELECT file_count, bytes FROM dirs WHERE name = ''"),
        "3001|3005\n"
    );
    fixture.scan(&[listing("", &[], 1)]);
    fixture.index().settle().unwrap();
    assert_eq!(leftovers(&fixture.path()), NOTHING_LEFT);
}
