//! Pages of children, and everything else that is read: against the sqlite3 shell, and against one page that is as long as all.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod support;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use aether_core::slab::Kind;
use aether_index::reader::{
    Child, Children, ChildrenOptions, Cursor, FolderTotals, LargestOptions, Pool, PoolOptions,
    Sort, SortKey,
};
use aether_index::{OpenOptions, Reason};
use proptest::prelude::*;
use support::*;

fn pool(fixture: &Fixture) -> Pool {
    let index = fixture.index();
    Pool::new(
        index.location().clone(),
        index.gate().clone(),
        PoolOptions::default(),
    )
}

fn uuid(fixture: &Fixture) -> String {
    fixture
        .shell("SELECT uuid FROM sources")
        .trim_end()
        .to_owned()
}

fn names(children: &[Child]) -> Vec<&str> {
    let names = children.iter();
    names
        .map(|child| std::str::from_utf8(&child.name).unwrap())
        .collect()
}

/// Pages of `limit`, each cursor sent as bytes.
fn paged(pool: &Pool, source: &str, folder: &[u8], sort: Sort, limit: usize) -> Vec<Child> {
    let mut all = Vec::new();
    let mut options = ChildrenOptions {
        limit,
        after: None,
        sort,
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

const SORTS: [SortKey; 4] = [SortKey::Name, SortKey::Size, SortKey::Count, SortKey::Mtime];

fn sorts() -> impl Iterator<Item = Sort> {
    let both = |key| [false, true].map(|descending| Sort { key, descending });
    SORTS.into_iter().flat_map(both)
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
    let (pool, source) = (pool(&fixture), uuid(&fixture));
    let of = |sort| {
        let all = paged(&pool, &source, b"", sort, 100);
        names(&all).join(" ")
    };
    for (key, expected) in [
        (SortKey::Name, "d empty a big link unknown"),
        (SortKey::Size, "big d link a empty unknown"),
        (SortKey::Count, "d a big link unknown empty"),
        (SortKey::Mtime, "link big a d empty unknown"),
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
    let (pool, source) = (pool(&fixture), uuid(&fixture));
    let options = ChildrenOptions::default();
    let reason = |source: &str, folder: &[u8]| {
        let answer = pool.children(source, folder, &options);
        answer.map(|_| ()).map_err(|error| error.reason)
    };
    assert_eq!(reason("other", b""), Err(Reason::NoSource));
    for folder in [
        &b"f"[..],
        b"d/",
        b"/d",
        b"d//",
        b"no",
        b"d/x",
        b"/",
        b"d/../d",
        b".",
    ] {
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
    assert_eq!(error.reason, Reason::Errno(22));

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
    let (pool, source) = (pool(&fixture), uuid(&fixture));
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
            INSERT INTO graveyard SELECT id, source_id, 'd' FROM dirs WHERE name = 'd';
            UPDATE dirs SET parent_id = NULL WHERE name = 'd';
            DELETE FROM paths WHERE path = 'd/';
            COMMIT";
        connection.execute_batch(sql).unwrap();
        Ok(())
    };
    // The row by path is there for as long as it takes to reap it.
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

#[test]
fn who_watches_a_folder_is_told_of_its_folders_alone() {
    let heard = Arc::new(Mutex::new(Vec::new()));
    let told = heard.clone();
    let fixture = Fixture::with(OpenOptions {
        on_commit: Some(Arc::new(move |sources: &[i64]| {
            told.lock().unwrap().extend_from_slice(sources);
        })),
        ..OpenOptions::default()
    });
    let tree = |files: u64| {
        let names: Vec<_> = (0..files).map(|at| file(&at.to_string(), 5, 1)).collect();
        vec![
            listing("", &[dir("d"), file("f", 1, 1), dir("a")], 1),
            listing("d", &[dir("e")], 1),
            listing("d/e", &names, 1),
            listing("a", &[], 1),
        ]
    };
    fixture.scan(&tree(2));
    let (pool, source) = (pool(&fixture), uuid(&fixture));
    let totals = |folder: &[u8]| {
        let folders = pool.folders(&source, folder).unwrap().into_iter();
        let one = |folder: FolderTotals| (folder.name, folder.file_count, folder.bytes);
        folders.map(one).collect::<Vec<_>>()
    };
    assert_eq!(totals(b""), [(b"a".to_vec(), 0, 0), (b"d".to_vec(), 2, 10)]);
    heard.lock().unwrap().clear();
    // In the midst of a scan, and the one who is told of a commit finds the source by its number.
    let scan = fixture.begin(spec());
    for listing in tree(7).iter().take(3) {
        push(&scan, batch(&[(listing, 0, listing.entries.len(), true)]));
    }
    scan.end(aether_core::Status::Cancelled, Default::default())
        .unwrap();
    let id = pool.source(&source).unwrap().value.id();
    let heard = heard.lock().unwrap();
    assert!(!heard.is_empty() && heard.iter().all(|source| *source == id));
    assert_eq!(totals(b""), [(b"a".to_vec(), 0, 0), (b"d".to_vec(), 7, 35)]);
    assert_eq!(totals(b"d"), [(b"e".to_vec(), 7, 35)]);
    assert_eq!(totals(b"a"), []);
    let error = pool.folders(&source, b"no").unwrap_err();
    assert_eq!(error.reason, Reason::NoFolder);
}

#[test]
fn the_largest_are_found_from_the_top() {
    let fixture = Fixture::new();
    fixture.scan(&[
        listing(
            "",
            &[
                dir("a"),
                dir("b"),
                file("top", 50, 1),
                (b"link".to_vec(), (Kind::Symlink, Some((9999, 40)))),
            ],
            1,
        ),
        listing("a", &[dir("deep"), file("a1", 10, 1)], 1),
        listing("a/deep", &[file("huge", 1000, 1), file("small", 1, 1)], 1),
        listing("b", &[file("b1", 60, 1), file("b2", 40, 1)], 1),
    ]);
    let (pool, source) = (pool(&fixture), uuid(&fixture));
    let largest = |folder: &[u8], limit| {
        let options = LargestOptions { limit, all: false };
        let found = pool.largest(&source, folder, &options).unwrap().value;
        assert!(found.complete);
        let text = |list: Vec<aether_index::reader::Sized>| {
            let one = |sized: &aether_index::reader::Sized| {
                format!("{}:{}", String::from_utf8_lossy(&sized.path), sized.bytes)
            };
            list.iter().map(one).collect::<Vec<_>>().join(" ")
        };
        (text(found.folders), text(found.files))
    };
    assert_eq!(
        largest(b"", 3),
        (
            "a:1011 a/deep:1001 b:100".into(),
            "a/deep/huge:1000 b/b1:60 top:50".into()
        )
    );
    assert_eq!(
        largest(b"a", 10),
        (
            "a/deep:1001".into(),
            "a/deep/huge:1000 a/a1:10 a/deep/small:1".into()
        )
    );
    assert_eq!(
        largest(b"", 1),
        ("a:1011".into(), "a/deep/huge:1000".into())
    );

    // Another source inside answers for itself, unless it is asked for through its own folder, or all are wanted.
    let inner = aether_index::ScanSpec {
        root: b"/no/such/root/a/deep".to_vec(),
        ..spec()
    };
    fixture.scan_as(
        inner,
        &[listing("", &[file("huge", 1000, 1)], 1)],
        aether_core::Status::Complete,
    );
    assert_eq!(largest(b"", 1), ("a:1011".into(), "b/b1:60".into()));
    assert_eq!(
        largest(b"a/deep", 1),
        ("".into(), "a/deep/huge:1000".into())
    );
    let all = LargestOptions {
        limit: 1,
        all: true,
    };
    let all = pool.largest(&source, b"", &all).unwrap().value;
    assert_eq!(all.files[0].path, b"a/deep/huge");
}

#[test]
fn notes_are_read_by_path() {
    let fixture = Fixture::new();
    fixture.scan(&[
        listing("", &[dir("d")], 1),
        listing("d", &[file("x", 1, 1)], 1),
    ]);
    let (pool, source) = (pool(&fixture), uuid(&fixture));
    let index = fixture.index();
    for (folder, name, key, value) in [
        (&b"d"[..], &b"x"[..], &b"b"[..], &b"\x00\xff"[..]),
        (b"d", b"x", b"a", b"1"),
        (b"", b"d", b"k", b"v"),
    ] {
        index
            .put_note(&source, folder, name, key, Some(value))
            .unwrap();
    }
    let notes = |path: &[u8]| {
        let notes = pool.notes(&source, path).unwrap().value.into_iter();
        notes.map(|note| (note.key, note.value)).collect::<Vec<_>>()
    };
    let pair = |key: &[u8], value: &[u8]| (key.to_vec(), value.to_vec());
    assert_eq!(notes(b"d/x"), [pair(b"a", b"1"), pair(b"b", b"\x00\xff")]);
    assert_eq!(notes(b"d"), [pair(b"k", b"v")]);
    assert_eq!(notes(b"no/x"), []);
    assert_eq!(notes(b""), []);
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
    let (pool, source) = (pool(&fixture), uuid(&fixture));
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

/// A folder's children as the shell tells them: name in hex, kind, file_count, bytes, mtime.
fn told_by_the_shell(fixture: &Fixture) -> BTreeMap<Vec<u8>, String> {
    let rows = fixture.shell(
        "SELECT hex(d.name), 2, d.file_count, d.bytes, d.mtime FROM dirs d JOIN sources s ON d.parent_id = s.root_dir
         UNION ALL SELECT hex(f.name), f.kind, 1, f.size, f.mtime FROM files f JOIN sources s ON f.dir_id = s.root_dir",
    );
    let line = |line: &str| {
        let (name, rest) = line.split_once('|').unwrap();
        (unhex(name), rest.to_owned())
    };
    rows.lines().map(line).collect()
}

fn text(child: &Child) -> String {
    let number = |value: Option<i64>| value.map(|value| value.to_string()).unwrap_or_default();
    let (bytes, mtime) = (number(child.bytes), number(child.mtime));
    format!("{}|{}|{bytes}|{mtime}", child.kind, child.file_count)
}

fn a_name() -> impl Strategy<Value = Vec<u8>> {
    // Few letters, so that names are prefixes of each other; some that are no UTF-8, or sort oddly.
    let letter = prop::sample::select(&b"ab\x01\xff\xc3\x28 \xf0~"[..]);
    prop::collection::vec(letter, 1..5)
}

#[derive(Clone, Debug)]
struct Thing {
    folder: bool,
    size: u64,
    mtime: Option<i64>,
}

fn a_folder() -> impl Strategy<Value = BTreeMap<Vec<u8>, Thing>> {
    let mtime = prop::option::weighted(
        0.8,
        prop::sample::select(&[i64::MIN, -1, 0, 5, i64::MAX][..]),
    );
    let thing = (any::<bool>(), 0..4u64, mtime);
    let thing = thing.prop_map(|(folder, size, mtime)| Thing {
        folder,
        size,
        mtime,
    });
    prop::collection::btree_map(a_name(), thing, 0..40)
}

fn listings(folder: &BTreeMap<Vec<u8>, Thing>) -> Vec<Listing> {
    let mut root = listing("", &[], 1);
    let mut all = Vec::new();
    for (name, thing) in folder {
        let kind = if thing.folder {
            Kind::Directory
        } else {
            Kind::File
        };
        let known = thing.mtime.map(|mtime| (thing.size, mtime));
        root.entries.push((name.clone(), (kind, known)));
        if thing.folder {
            let file = |at: u64| file(&at.to_string(), 1, 1);
            let mut beneath = listing("", &(0..thing.size).map(file).collect::<Vec<_>>(), 1);
            beneath.path = name.clone();
            all.push(beneath);
        }
    }
    all.insert(0, root);
    all
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn pages_are_one_page_cut_up(folder in a_folder(), limit in 1..7usize) {
        let fixture = Fixture::new();
        fixture.scan(&listings(&folder));
        let (pool, source) = (pool(&fixture), uuid(&fixture));
        let told = told_by_the_shell(&fixture);
        for sort in sorts() {
            let whole = paged(&pool, &source, b"", sort, 10_000);
            prop_assert_eq!(&paged(&pool, &source, b"", sort, limit), &whole, "{:?}", sort);
            let found: BTreeMap<_, _> = whole.iter().map(|child| (child.name.clone(), text(child))).collect();
            prop_assert_eq!(found.len(), whole.len());
            prop_assert_eq!(&found, &told, "{:?}", sort);
            for pair in whole.windows(2) {
                prop_assert!(in_order(&pair[0], &pair[1], sort), "{:?} {:?}", sort, pair);
            }
        }
    }

    /// Whatever comes and goes between pages, what was there all along comes exactly once.
    #[test]
    fn what_stays_comes_once_though_others_come_and_go(
        before in a_folder(), after in a_folder(), limit in 1..5usize, turn in 0..6usize,
    ) {
        let fixture = Fixture::new();
        fixture.scan(&listings(&before));
        let (pool, source) = (pool(&fixture), uuid(&fixture));
        let mut changed = after;
        // Of those that stay, nothing changes.
        for (name, thing) in before.iter().step_by(2) {
            changed.insert(name.clone(), thing.clone());
        }
        for sort in sorts() {
            fixture.scan(&listings(&before));
            let mut seen = Vec::new();
            let mut options = ChildrenOptions { limit, after: None, sort };
            let mut pages = 0;
            loop {
                if pages == turn {
                    fixture.scan(&listings(&changed));
                }
                pages += 1;
                let page = pool.children(&source, b"", &options).unwrap().value;
                prop_assert_eq!(page.moved, pages == turn + 1 && pages > 1 && before_differs(&before, &changed));
                seen.extend(page.children.into_iter().map(|child| child.name));
                let Some(next) = page.next else { break };
                options.after = Some(next);
            }
            for name in before.keys().step_by(2) {
                prop_assert_eq!(seen.iter().filter(|other| *other == name).count(), 1, "{:?} {:?}", sort, name);
            }
        }
    }

    #[test]
    fn the_largest_are_the_first_of_all(folder in a_folder(), limit in 1..9usize) {
        let fixture = Fixture::new();
        fixture.scan(&listings(&folder));
        let (pool, source) = (pool(&fixture), uuid(&fixture));
        let found = pool.largest(&source, b"", &LargestOptions { limit, all: false }).unwrap().value;
        prop_assert!(found.complete);
        let sizes = |table: &str, column: &str| {
            let rows = fixture.shell(&format!("SELECT {column} FROM {table} ORDER BY 1 DESC LIMIT {limit}"));
            rows.lines().map(|line| line.parse::<i64>().unwrap()).collect::<Vec<_>>()
        };
        let folders: Vec<i64> = found.folders.iter().map(|sized| sized.bytes).collect();
        prop_assert_eq!(folders, sizes("dirs WHERE name <> ''", "bytes"));
        let files: Vec<i64> = found.files.iter().map(|sized| sized.bytes).collect();
        prop_assert_eq!(files, sizes("files WHERE kind = 1 AND size IS NOT NULL", "size"));
        for sized in found.folders.iter().chain(&found.files) {
            let stat = pool.stat(&source, &sized.path).unwrap().value.unwrap();
            prop_assert_eq!((stat.bytes, stat.file_count), (Some(sized.bytes), sized.file_count));
        }
    }
}

fn before_differs(before: &BTreeMap<Vec<u8>, Thing>, after: &BTreeMap<Vec<u8>, Thing>) -> bool {
    format!("{before:?}") != format!("{after:?}")
}

fn in_order(a: &Child, b: &Child, sort: Sort) -> bool {
    let is_file = |child: &Child| child.kind != 2;
    let value = |child: &Child| match sort.key {
        SortKey::Name => Some(0),
        SortKey::Size => child.bytes,
        SortKey::Count => Some(child.file_count),
        SortKey::Mtime => child.mtime,
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
