//! Pages of a folder's children, in every order, and single entries.

use aether_core::Status;
use aether_core::slab::Kind;
use aether_index::reader::{Child, Children, ChildrenOptions, Cursor, Pool, Sort, SortKey};
use aether_index::{Reason, ScanCounts, ScanSpec};

use crate::support::*;

fn names(children: &[Child]) -> Vec<&str> {
    let names = children.iter();
    names
        .map(|child| std::str::from_utf8(&child.name).unwrap())
        .collect()
}

/// Pages of `limit`, each cursor sent as bytes.
pub fn paged(pool: &Pool, source: &str, folder: &[u8], sort: Sort, limit: usize) -> Vec<Child> {
    let mut all = Vec::new();
    let mut options = ChildrenOptions {
        limit,
        after: None,
        sort,
        ..ChildrenOptions::default()
    };
    loop {
        let Children { children, next, .. } =
            pool.children(source, folder, &options).unwrap().value;
        assert!(children.len() <= limit);
        all.extend(children);
        let Some(next) = next else { return all };
        options.after = Some(Cursor::decode(&next.encode()).unwrap());
    }
}

const SORTS: [SortKey; 5] = [
    SortKey::Name,
    SortKey::Size,
    SortKey::Count,
    SortKey::Mtime,
    SortKey::Disk,
];

pub fn sorts() -> impl Iterator<Item = Sort> {
    let both = |key| [false, true].map(|descending| Sort { key, descending });
    SORTS.into_iter().flat_map(both)
}

pub fn in_order(a: &Child, b: &Child, sort: Sort) -> bool {
    let is_file = |child: &Child| child.kind != 2;
    let value = |child: &Child| match sort.key {
        SortKey::Name => Some(0),
        SortKey::Size => child.bytes,
        SortKey::Count => Some(child.file_count),
        SortKey::Mtime => child.mtime,
        SortKey::Disk => child.disk.map(|disk| disk as i64),
    };
    if sort.key == SortKey::Name {
        let names = if sort.descending {
            a.name > b.name
        } else {
            a.name < b.name
        };
        return (!is_file(a) && is_file(b)) || (is_file(a) == is_file(b) && names);
    }
    match (value(a), value(b)) {
        (Some(x), Some(y)) if x != y => (x > y) == sort.descending,
        (Some(_), None) => true,
        (None, Some(_)) => false,
        _ => a.name < b.name,
    }
}

#[test]
fn children_come_as_a_user_expects_them() {
    let fixture = Fixture::new();
    fixture.scan(&[
        listing(
            "",
            &[
                file("big", 900, 30),
                dir("d"),
                file("a", 5, 20),
                dir("empty"),
                (b"unknown".to_vec(), (Kind::File, None)),
                (b"link".to_vec(), (Kind::Symlink, Some((7, 40)))),
            ],
            1,
        ),
        listing("d", &[file("x", 100, 1), file("y", 200, 1)], 1),
        listing("empty", &[], 1),
    ]);
    let (pool, source) = (fixture.pool(), fixture.uuid());
    let of = |sort| {
        let all = paged(&pool, &source, b"", sort, 100);
        names(&all).join(" ")
    };
    for (key, expected) in [
        (SortKey::Name, "d empty a big link unknown"),
        (SortKey::Size, "big d link a empty unknown"),
        (SortKey::Count, "d a big link unknown empty"),
        (SortKey::Mtime, "link big a d empty unknown"),
        (SortKey::Disk, "d a big empty link unknown"),
    ] {
        assert_eq!(of(Sort::by(key)), expected, "{key:?}");
    }
    let down = Sort {
        key: SortKey::Name,
        descending: true,
    };
    assert_eq!(of(down), "empty d unknown link big a");
    let up = Sort {
        key: SortKey::Size,
        descending: false,
    };
    assert_eq!(of(up), "empty a link d big unknown");

    let answer = pool
        .children(&source, b"", &ChildrenOptions::default())
        .unwrap();
    let d = &answer.value.children[0];
    assert_eq!((d.kind, d.file_count, d.bytes), (2, 2, Some(300)));
    assert_eq!((d.status, d.unknown_below), (Some(1), Some(0)));
    assert!(answer.exhaustive && !answer.stale && !answer.scanning && !answer.imported);
    assert!(answer.scanned_at.is_some() && answer.age.is_some());
    assert_eq!(pool.connections(), 1);
}

#[test]
fn what_is_not_there_is_said() {
    let fixture = Fixture::new();
    fixture.scan(&[
        listing("", &[file("f", 1, 1), dir("d")], 1),
        listing("d", &[file("x", 1, 1)], 1),
    ]);
    let (pool, source) = (fixture.pool(), fixture.uuid());
    let options = ChildrenOptions::default();
    let reason = |source: &str, folder: &[u8]| {
        let answer = pool.children(source, folder, &options);
        answer.map(|_| ()).map_err(|error| error.reason)
    };
    assert_eq!(reason("other", b""), Err(Reason::NoSource));
    for folder in [&b"f"[..], b"d/x"] {
        assert_eq!(reason(&source, folder), Err(Reason::Errno(20)));
    }
    for folder in [&b"d/"[..], b"/d", b"d//", b"no", b"/", b"d/../d", b"."] {
        assert_eq!(reason(&source, folder), Err(Reason::NoFolder), "{folder:?}");
    }
    assert_eq!(reason(&source, b"d"), Ok(()));

    let cursor = ChildrenOptions {
        limit: 1,
        ..options
    };
    let next = pool.children(&source, b"", &cursor).unwrap().value.next;
    let other = ChildrenOptions {
        after: next,
        sort: Sort::by(SortKey::Size),
        ..cursor
    };
    let error = pool.children(&source, b"", &other).unwrap_err();
    assert_eq!(error.reason, Reason::BadCursor);

    // Not there, and known not to be.
    let absent = pool.stat(&source, b"d/no").unwrap();
    assert!(absent.value.is_none() && absent.exhaustive && absent.scanned_at.is_some());
    let file = pool.stat(&source, b"d/x").unwrap().value.unwrap();
    assert_eq!((file.kind, file.bytes, file.file_count), (1, Some(1), 1));
    let root = pool.stat(&source, b"").unwrap().value.unwrap();
    assert_eq!((root.kind, root.bytes, root.file_count), (2, Some(2), 2));
    for path in [&b"d/x/y"[..], b"d/"] {
        assert!(pool.stat(&source, path).unwrap().value.is_none());
    }
}

#[test]
fn what_was_removed_is_found_no_more_though_its_rows_are_there() {
    let fixture = Fixture::new();
    let deep = |folder: &str| {
        [
            listing(folder, &[dir("e")], 1),
            listing(&format!("{folder}/e"), &[file("x", 1, 1)], 1),
        ]
    };
    fixture.scan(&[listing("", &[dir("d")], 1)]);
    fixture.scan(&[&[listing("", &[dir("d")], 1)][..], &deep("d")].concat());
    let (pool, source) = (fixture.pool(), fixture.uuid());
    assert_eq!(pool.totals(&source, b"d/e").unwrap().value.file_count, 1);
    let by_views = || {
        fixture.shell(&format!(
            "SELECT (SELECT count(*) FROM scout_files WHERE source_id = '{source}' AND prefix = 'd/e/'),
                    (SELECT count(*) FROM scout_folders WHERE source_id = '{source}' AND prefix IN ('', 'd/', 'd/e/'))"
        ))
    };
    assert_eq!(by_views(), "1|3\n");
    // As the writer buries it, with nothing deleted yet.
    let bury = |connection: &mut rusqlite::Connection| {
        let sql = "BEGIN;
            INSERT INTO graveyard (dir_id, source_id, path) SELECT id, source_id, 'd' FROM dirs WHERE name = 'd';
            UPDATE dirs SET parent_id = NULL WHERE name = 'd';
            DELETE FROM paths WHERE path = 'd/';
            COMMIT";
        connection.execute_batch(sql).unwrap();
        Ok(())
    };
    // The row by path is there until it is purged.
    fixture.index().with_connection(bury).unwrap();
    for folder in [&b"d"[..], b"d/e"] {
        assert_eq!(
            pool.totals(&source, folder).unwrap_err().reason,
            Reason::NoFolder
        );
    }
    assert!(pool.stat(&source, b"d/e/x").unwrap().value.is_none());
    assert_eq!(by_views(), "0|0\n");
}

/// Long enough that most of it is passed over by SQLite itself.
#[test]
fn a_long_folder_is_cut_up_the_same() {
    let fixture = Fixture::new();
    let mut root = listing("", &[dir("m"), dir("z"), dir("a")], 1);
    for at in 0..6000i64 {
        let number = (at * 7919) % 101;
        let known =
            (number != 0).then_some((number as u64, if number == 1 { i64::MAX } else { -number }));
        root.entries
            .push((format!("f{at:05}").into_bytes(), (Kind::File, known)));
    }
    let names: Vec<_> = (0..50).map(|at| file(&at.to_string(), 1, 1)).collect();
    let beneath = ["a", "m", "z"].map(|folder| listing(folder, &names, 1));
    fixture.scan(&[&[root][..], &beneath].concat());
    let (pool, source) = (fixture.pool(), fixture.uuid());
    for sort in sorts() {
        let whole = paged(&pool, &source, b"", sort, 10_000);
        assert_eq!(whole.len(), 6003);
        assert!(
            whole
                .windows(2)
                .all(|pair| in_order(&pair[0], &pair[1], sort)),
            "{sort:?}"
        );
        for limit in [400, 1500] {
            assert!(
                paged(&pool, &source, b"", sort, limit) == whole,
                "{sort:?} {limit}"
            );
        }
    }
}

/// Expansions write under the generation of the last whole scan, and so do all batches of one that
/// runs.
#[test]
fn a_folder_that_changed_within_one_generation_has_moved() {
    let fixture = Fixture::new();
    let root = || listing("", &[dir("d"), dir("e")], 1);
    let d = |files: [(&str, u64, i64); 3]| {
        let files = files.map(|(name, size, mtime)| file(name, size, mtime));
        listing("d", &files, 1)
    };
    let first = || d([("x", 3, 1), ("y", 2, 1), ("z", 1, 1)]);
    fixture.scan(&[root(), first(), listing("e", &[file("f", 1, 1)], 1)]);
    let (pool, source) = (fixture.pool(), fixture.uuid());
    let expand = |listing: Listing| {
        let folder = listing.path.clone();
        let spec = ScanSpec { folder, ..spec() };
        fixture.scan_as(spec, &[listing], Status::Complete);
    };
    let page = |folder: &[u8], key, after| {
        let options = ChildrenOptions {
            limit: 1,
            after,
            sort: Sort::by(key),
            ..ChildrenOptions::default()
        };
        pool.children(&source, folder, &options).unwrap().value
    };
    for (change, is_seen_above) in [
        ([("x", 3, 1), ("y", 4, 1), ("z", 1, 1)], true),
        // No sum has these.
        ([("x", 2, 1), ("y", 3, 1), ("z", 1, 1)], false),
        ([("x", 3, 1), ("y", 2, 9), ("z", 1, 1)], false),
        ([("w", 3, 1), ("y", 2, 1), ("z", 1, 1)], false),
    ] {
        for key in SORTS {
            expand(first());
            let (at, above) = (page(b"d", key, None).next, page(b"", key, None).next);
            assert!(at.is_some() && above.is_some());
            expand(first());
            assert!(!page(b"d", key, at.clone()).moved, "nothing has changed");
            expand(d(change));
            assert!(page(b"d", key, at).moved, "{change:?}");
            assert_eq!(page(b"", key, above).moved, is_seen_above, "{change:?}");
        }
    }
    assert_eq!(fixture.shell("SELECT generation FROM sources"), "1\n");

    // A scan that runs, commit by commit.
    let scan = fixture.begin(spec());
    push_whole(&scan, &d([("x", 30, 1), ("y", 2, 1), ("z", 1, 1)]));
    fixture.index().settle().unwrap();
    let above = page(b"", SortKey::Size, None).next;
    push_whole(&scan, &listing("e", &[file("f", 1000, 1)], 1));
    fixture.index().settle().unwrap();
    assert!(page(b"", SortKey::Size, above).moved);
    scan.end(Status::Complete, ScanCounts::default()).unwrap();
}
