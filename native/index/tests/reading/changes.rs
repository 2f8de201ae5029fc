//! What changed in a folder from one generation to another.

use aether_core::Status;
use aether_index::reader::{Change, ChangesOptions};
use aether_index::{Reason, ScanSpec, scan_status};

use crate::support::*;
use crate::{elsewhere, tree};

#[test]
fn changes_come_by_folder_and_say_what_they_rest_on() {
    let fixture = Fixture::new();
    fixture.scan(&tree());
    let mut next = tree();
    next[2] = listing("a/b", &[file("x", 2, 1), file("new", 1000, 1)], 1);
    next[3] = listing("c", &[file("y", 5, 1)], 1);
    fixture.scan(&next);
    // The third is cut short after c is gone.
    let cut = [listing("", &[dir("a"), file("f", 1, 1)], 1)];
    fixture.scan_as(spec(), &cut, Status::Cancelled);
    let (pool, source) = (elsewhere(&fixture.path()), fixture.uuid());
    let changes = |from, to, folder: &str, limit| {
        let options = ChangesOptions {
            folder: folder.into(),
            limit,
            ..ChangesOptions::default()
        };
        let changes = pool.changes(&source, from, to, &options).unwrap().value;
        let one = |change: &Change| {
            format!(
                "{}{} {:+} {:+} +{} -{} ~{}",
                String::from_utf8_lossy(&change.path),
                if change.gone { "!" } else { "" },
                change.bytes,
                change.file_count,
                change.added,
                change.removed,
                change.changed
            )
        };
        let folders: Vec<_> = changes.folders.iter().map(one).collect();
        let statuses: Vec<_> = changes.generations.iter().map(|one| one.status).collect();
        (folders, statuses, changes.pruned, changes.first_load)
    };
    let b = "a/b +1000 +1 +1 -0 ~0".to_owned();
    let c = "c +1 +0 +0 -0 ~1".to_owned();
    assert_eq!(
        changes(1, 2, "", 10),
        (vec![b.clone(), c.clone()], vec![1], false, false)
    );
    assert_eq!(changes(1, 2, "", 1).0, std::slice::from_ref(&b));
    assert_eq!(changes(1, 2, "c", 1).0, [c]);
    assert_eq!(changes(1, 2, "a/b", 9).0, std::slice::from_ref(&b));
    let (folders, statuses, pruned, _) = changes(2, 3, "", 10);
    assert_eq!(folders[0], "c! -5 -1 +0 -0 ~0");
    assert_eq!((statuses, pruned), (vec![scan_status::CANCELLED], false));
    // Over both, what c gained and lost is one.
    let (folders, statuses, ..) = changes(1, 3, "", 10);
    let root = " +0 +0 +0 -1 ~0";
    assert_eq!((folders[0].as_str(), &folders[1]), (root, &b));
    assert!(folders[2].starts_with("c! -4 -1"), "{folders:?}");
    assert_eq!(statuses, [1, 3]);
    assert!(changes(0, 1, "", 10).3);
    // The fourth has not begun.
    assert!(changes(2, 4, "", 10).2);
    for (from, to) in [(-1, 2), (3, 2)] {
        let error = pool.changes(&source, from, to, &Default::default());
        assert_eq!(error.unwrap_err().reason, Reason::Errno(22));
    }
}

/// What was cut off at the beginning is no first load that is over: the next scan's additions would
/// be told by nobody.
#[test]
fn what_follows_a_first_scan_that_was_cut_off_is_told_as_added() {
    let fixture = Fixture::new();
    fixture.scan_as(spec(), &tree()[..1], Status::Cancelled);
    fixture.scan(&tree());
    fixture.scan(&tree());
    let (pool, source) = (fixture.pool(), fixture.uuid());
    let changes = |from, to| {
        let options = ChangesOptions::default();
        let changes = pool.changes(&source, from, to, &options).unwrap().value;
        let one = |change: &Change| {
            let path = String::from_utf8_lossy(&change.path);
            format!("{path} {:+} +{}", change.file_count, change.added)
        };
        let folders: Vec<_> = changes.folders.iter().map(one).collect();
        (folders.join(", "), changes.first_load)
    };
    // The root was listed by the first.
    assert_eq!(changes(0, 1), (String::new(), true));
    assert_eq!(changes(1, 2), ("a +0 +1, a/b +1 +1, c +1 +1".into(), false));
    assert_eq!(changes(2, 3), (String::new(), false));
}

/// Sizes that only sparse files have, in one generation and in two.
#[test]
fn changes_beyond_the_largest_number_end_there() {
    let fixture = Fixture::new();
    let most = i64::MAX as u64;
    let with = |names: &[&str]| {
        let files: Vec<_> = names.iter().map(|name| file(name, most, 1)).collect();
        [listing("", &[dir("d")], 1), listing("d", &files, 1)]
    };
    fixture.scan(&with(&[]));
    for names in [&["a"][..], &["a", "b"], &["a", "b", "c"]] {
        // A part first, whose changes are reported with those of the whole scan.
        let part = ScanSpec {
            folder: b"d".to_vec(),
            ..spec()
        };
        fixture.scan_as(part, &with(names)[1..], Status::Complete);
        fixture.scan(&with(names));
    }
    fixture.scan(&with(&[]));
    let (pool, source) = (fixture.pool(), fixture.uuid());
    let bytes = |from, to| {
        let options = ChangesOptions::default();
        let found = pool.changes(&source, from, to, &options).unwrap().value;
        let of_d = found.folders.iter().filter(|change| change.path == b"d");
        of_d.map(|change| (change.file_count, change.bytes))
            .collect::<Vec<_>>()
    };
    assert_eq!(bytes(1, 2), [(1, i64::MAX)]);
    assert_eq!(bytes(1, 3), [(2, i64::MAX)]);
    assert_eq!(bytes(1, 4), [(3, i64::MAX)]);
    // What was cut off does not come back.
    assert_eq!(bytes(1, 5), [(0, i64::MAX)]);
}

/// The order of the newest changes is by size, also for the pages that come when they are the
/// newest no more.
#[test]
fn a_scan_that_begins_does_not_turn_the_order_between_two_pages() {
    let fixture = Fixture::new();
    let names: Vec<String> = (0..9).map(|at| format!("d{at}")).collect();
    let tree = |size: fn(u64) -> u64| {
        let dirs: Vec<_> = names.iter().map(|name| dir(name)).collect();
        let inner = |(at, name): (usize, &String)| {
            let files = [file("f", size(at as u64), 1)];
            listing(name, &files, 1)
        };
        let mut listings = vec![listing("", &dirs, 1)];
        listings.extend(names.iter().enumerate().map(inner));
        listings
    };
    fixture.scan(&tree(|_| 0));
    // The largest is the last by name.
    fixture.scan(&tree(|at| 10 * at + 10));
    let (pool, source) = (fixture.pool(), fixture.uuid());
    let mut options = ChangesOptions {
        limit: 4,
        ..ChangesOptions::default()
    };
    let page = pool.changes(&source, 1, 2, &options).unwrap().value;
    let mut found: Vec<_> = page.folders.into_iter().map(|change| change.path).collect();
    options.after = page.next;
    let running = fixture.begin(spec());
    while options.after.is_some() {
        let page = pool.changes(&source, 1, 2, &options).unwrap().value;
        found.extend(page.folders.into_iter().map(|change| change.path));
        options.after = page.next;
    }
    let expected: Vec<_> = names
        .iter()
        .rev()
        .map(|name| name.as_bytes().to_vec())
        .collect();
    assert_eq!(found, expected);
    drop(running);
}
