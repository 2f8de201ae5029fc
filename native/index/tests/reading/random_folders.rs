//! Random folders, read in pages of every length while they change: against one page that is as
//! long as all, and against the shell.

use std::collections::BTreeMap;

use aether_core::slab::Kind;
use aether_index::reader::{Child, ChildrenOptions, LargestBy};
use proptest::prelude::*;

use crate::children::{in_order, paged, sorts};
use crate::support::*;

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

fn before_differs(before: &BTreeMap<Vec<u8>, Thing>, after: &BTreeMap<Vec<u8>, Thing>) -> bool {
    format!("{before:?}") != format!("{after:?}")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn pages_are_one_page_cut_up(folder in a_folder(), limit in 1..7usize) {
        let fixture = Fixture::new();
        fixture.scan(&listings(&folder));
        let (pool, source) = (fixture.pool(), fixture.uuid());
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
        let (pool, source) = (fixture.pool(), fixture.uuid());
        let mut changed = after;
        // Those that stay are unchanged.
        for (name, thing) in before.iter().step_by(2) {
            changed.insert(name.clone(), thing.clone());
        }
        for sort in sorts() {
            fixture.scan(&listings(&before));
            let mut seen = Vec::new();
            let mut options = ChildrenOptions { limit, sort, ..ChildrenOptions::default() };
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
        let (pool, source) = (fixture.pool(), fixture.uuid());
        let found = pool.largest(&source, b"", limit, LargestBy::Bytes).unwrap().value;
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
