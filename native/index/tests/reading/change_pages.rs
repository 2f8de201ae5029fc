//! Pages of changes: together they tell each change once, whatever happens between them, and none
//! reads more than it may.

use std::path::{Path, PathBuf};

use aether_index::reader::{Change, ChangesCursor, ChangesOptions, Pool};

use crate::elsewhere;
use crate::support::*;

fn page(
    pool: &Pool,
    source: &str,
    (from, to): (i64, i64),
    limit: usize,
    after: Option<ChangesCursor>,
) -> (Vec<Change>, Option<ChangesCursor>) {
    let options = ChangesOptions {
        limit,
        after,
        ..ChangesOptions::default()
    };
    let page = pool.changes(source, from, to, &options).unwrap().value;
    (page.folders, page.next)
}

/// All pages after one. Returns their changes, and how many pages were short.
fn rest(
    pool: &Pool,
    source: &str,
    pair: (i64, i64),
    limit: usize,
    mut after: Option<ChangesCursor>,
) -> (Vec<Change>, usize) {
    let (mut found, mut short) = (Vec::new(), 0);
    loop {
        let (folders, next) = page(pool, source, pair, limit, after);
        short += usize::from(folders.len() < limit && next.is_some());
        found.extend(folders);
        after = next;
        if after.is_none() {
            return (found, short);
        }
    }
}

fn sum(changes: &[Change]) -> (i64, i64) {
    changes.iter().fold((0, 0), |sum, change| {
        (sum.0 + change.file_count, sum.1 + change.bytes)
    })
}

/// A folder "d" with others in it, each with a file of this size.
fn d(size: u64) -> Vec<Listing> {
    let names = ["a", "b"];
    let mut listings = vec![listing("", &[dir("d"), file("f", 1, 1)], 1)];
    listings.push(listing("d", &names.map(dir), 1));
    for name in names {
        listings.push(listing(&format!("d/{name}"), &[file("x", size, 1)], 1));
    }
    listings
}

fn without_d() -> Vec<Listing> {
    vec![listing("", &[file("f", 1, 1)], 1)]
}

fn close(mut fixture: Fixture) -> (PathBuf, String, Fixture) {
    let (path, source) = (fixture.path(), fixture.uuid());
    fixture.index().settle().unwrap();
    fixture.reopen();
    (path, source, fixture)
}

/// The database as it was while "d" waited to be deleted, none of it gone: from how it was before
/// the removal, and how it is now.
fn undo_purge(before: &Path, now: &Path, to: &Path) {
    shell(now, &format!("VACUUM INTO '{}'", to.display()));
    let sql = format!(
        "ATTACH '{}' AS old;
         CREATE TEMP TABLE top AS SELECT id, source_id FROM old.dirs WHERE name = 'd';
         INSERT INTO graveyard (dir_id, source_id, path) SELECT id, source_id, 'd' FROM top;
         CREATE TEMP TABLE lost AS SELECT * FROM old.dirs WHERE id IN (SELECT id FROM top) OR parent_id IN (SELECT id FROM top);
         UPDATE lost SET parent_id = NULL WHERE id IN (SELECT id FROM top);
         INSERT INTO dirs SELECT * FROM lost;
         DELETE FROM changes WHERE top <> dir_id AND top IN (SELECT id FROM top);",
        before.display()
    );
    let db = rusqlite::Connection::open(to).unwrap();
    db.execute_batch(&sql).unwrap();
}

#[test]
fn a_tree_that_is_deleted_between_two_pages_is_told_once() {
    for again in [true, false] {
        let fixture = Fixture::new();
        fixture.scan(&d(10));
        // Changed before it was removed.
        fixture.scan(&d(20));
        let directory = tempfile::tempdir().unwrap();
        let file = |name: &str| directory.path().join(name);
        let (before, waiting) = (file("before.db"), file("waiting.db"));
        fixture.shell(&format!("VACUUM INTO '{}'", before.display()));
        fixture.scan(&without_d());
        let last = if again { d(40) } else { without_d() };
        fixture.scan(&last);
        let (path, source, fixture) = close(fixture);
        undo_purge(&before, &path, &waiting);
        let pools = (elsewhere(&waiting), elsewhere(&path));
        // Few enough to be read while "d" waits, even with small limits.
        let (pair, expected) = match again {
            true => ((2, 4), (0, 40)),
            false => ((1, 4), (-2, -20)),
        };
        let all = rest(&pools.1, &source, pair, 100, None).0;
        assert_eq!(sum(&all), expected, "{all:?}");
        for first in 1..5 {
            let (mut found, next) = page(&pools.0, &source, pair, first, None);
            if next.is_some() {
                found.extend(rest(&pools.1, &source, pair, 2, next).0);
            }
            assert_eq!(sum(&found), expected, "{again} after {first}: {found:?}");
        }
        drop(fixture);
    }
}

#[test]
fn a_folder_that_is_there_again_between_two_pages_changes_nothing() {
    let fixture = Fixture::new();
    fixture.scan(&d(10));
    fixture.scan(&d(20));
    fixture.scan(&without_d());
    fixture.scan(&without_d());
    fixture.index().settle().unwrap();
    let (pool, source) = (fixture.pool(), fixture.uuid());
    let all = rest(&pool, &source, (1, 3), 100, None).0;
    let (mut found, next) = page(&pool, &source, (1, 3), 1, None);
    assert!(next.is_some(), "{all:?}");
    fixture.scan(&d(40));
    found.extend(rest(&pool, &source, (1, 3), 1, next).0);
    assert_eq!(found, all);
}

/// So small limits have only builds for tests.
#[cfg(feature = "small")]
mod small {
    use super::*;
    use aether_index::Reason;

    /// A folder with that many others, in which there are that many files.
    fn wide(name: &str, folders: u64, size: impl Fn(u64) -> u64) -> Vec<Listing> {
        let names: Vec<_> = (0..folders).map(|at| format!("f{at:03}")).collect();
        let dirs: Vec<_> = names.iter().map(|name| dir(name)).collect();
        let mut listings = vec![listing("", &[dir(name)], 1), listing(name, &dirs, 1)];
        for (at, folder) in (0..).zip(&names) {
            let files = [file("x", size(at), 1)];
            listings.push(listing(&format!("{name}/{folder}"), &files, 1));
        }
        listings
    }

    #[test]
    fn a_page_of_changes_that_lie_far_apart_ends_early() {
        let fixture = Fixture::new();
        fixture.scan(&wide("w", 400, |_| 1));
        fixture.scan(&wide("w", 400, |at| 1 + at / 390));
        fixture.scan(&wide("w", 400, |at| 1 + at / 390));
        let (pool, source) = (fixture.pool(), fixture.uuid());
        let (found, short) = rest(&pool, &source, (1, 3), 5, None);
        assert_eq!((found.len(), sum(&found)), (10, (0, 10)));
        assert!(short > 0);
        // Few enough to be sorted.
        assert_eq!(rest(&pool, &source, (1, 3), 10_000, None), (found, 0));
    }

    #[test]
    fn a_tree_with_many_changes_before_its_removal_is_added_up_over_pages() {
        let fixture = Fixture::new();
        fixture.scan(&wide("w", 400, |_| 1));
        fixture.scan(&wide("w", 400, |at| 2 + at));
        fixture.scan(&without_d());
        fixture.scan(&without_d());
        fixture.index().settle().unwrap();
        let (pool, source) = (fixture.pool(), fixture.uuid());
        let (found, short) = rest(&pool, &source, (1, 3), 5, None);
        assert_eq!(sum(&found), (1 - 400, 1 - 400), "{found:?}");
        assert!(short > 0);
        assert_eq!(rest(&pool, &source, (1, 3), 10_000, None), (found, 0));
    }

    #[test]
    fn a_folder_made_again_does_not_end_the_order_by_size() {
        let fixture = Fixture::new();
        let both = |size: u64, sizes: fn(u64) -> u64| {
            let mut listings = d(size);
            listings[0] = listing("", &[dir("d"), dir("w")], 1);
            listings.extend(wide("w", 40, sizes).split_off(1));
            listings
        };
        let scan = || fixture.begin(spec());
        fixture.scan(&both(500, |_| 1));
        // Gone, and there again, in one scan.
        let writer = scan();
        push_whole(&writer, &listing("", &[dir("w")], 1));
        for listing in &both(7, |at| 2 + at) {
            let mut listing = listing.clone();
            listing.stamp = stamp();
            push_whole(&writer, &listing);
        }
        let counts = aether_index::ScanCounts::default();
        writer.end(aether_core::Status::Complete, counts).unwrap();
        fixture.index().settle().unwrap();
        let (pool, source) = (fixture.pool(), fixture.uuid());
        let (found, _) = rest(&pool, &source, (1, 2), 5, None);
        let sizes: Vec<_> = found.iter().map(|change| change.bytes.abs()).collect();
        assert!(sizes.is_sorted_by(|one, other| one >= other), "{sizes:?}");
        let within: Vec<_> = found
            .iter()
            .filter(|change| change.path == b"d/a")
            .collect();
        let bytes: Vec<_> = within.iter().map(|change| change.bytes).collect();
        assert_eq!(bytes, [-500, 7], "{found:?}");
        assert_eq!(rest(&pool, &source, (1, 2), 10_000, None), (found, 0));
    }

    #[test]
    fn many_changes_wait_until_what_was_removed_is_deleted() {
        let fixture = Fixture::new();
        fixture.scan(&d(10));
        let directory = tempfile::tempdir().unwrap();
        let file = |name: &str| directory.path().join(name);
        let (before, waiting) = (file("before.db"), file("waiting.db"));
        fixture.shell(&format!("VACUUM INTO '{}'", before.display()));
        fixture.scan(&wide("w", 40, |_| 1));
        fixture.scan(&wide("w", 40, |_| 2));
        let (path, source, fixture) = close(fixture);
        undo_purge(&before, &path, &waiting);
        let pool = elsewhere(&waiting);
        let options = ChangesOptions {
            limit: 5,
            ..ChangesOptions::default()
        };
        let error = pool.changes(&source, 1, 3, &options).unwrap_err();
        assert_eq!(error.reason, Reason::Busy);
        assert!(error.to_string().contains("still being deleted"), "{error}");
        // The newest by size need none of it.
        assert_eq!(rest(&pool, &source, (2, 3), 5, None).0.len(), 40);
        drop(fixture);
    }
}
