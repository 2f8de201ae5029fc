//! What is found: the same as by `find`, with any options, without what filters leave out.

use std::fs;

use aether_core::slab::{Groups, status};
use aether_core::{Ignore, Options, Pool};
use tempfile::TempDir;

use crate::support::*;
use crate::tree;

#[test]
fn serial_and_parallel_agree_with_find() {
    let dir = tree();
    let expected = find(dir, &[]);
    for threads in [1, 2, 8] {
        let pool = Pool::new(threads);
        let found = run(&pool, root(dir), Options::default()).unwrap();
        assert_eq!(found.rows, expected, "{threads} threads");
        found.assert_complete();
        assert_eq!(found.closed.len(), 1 + 4 + 40 + 1);
        assert!(found.closed.values().all(|s| *s == status::COMPLETE));
        assert_eq!(found.summary.counts.files, 4000);
        assert_eq!(found.summary.counts.directories, 45);
        assert_eq!(found.summary.counts.bytes, 40 * (0..25).sum::<u64>());
        assert_eq!(found.summary.counts.max_depth, 3);
    }
}

#[test]
fn names_only_has_no_metadata() {
    let dir = tree();
    let mut expected = find(dir, &[]);
    expected.iter_mut().for_each(|row| row.2 = None);
    let options = Options {
        metadata: Groups::empty(),
        ..Options::default()
    };
    let found = run(&Pool::new(4), root(dir), options).unwrap();
    assert_eq!(found.rows, expected);
    assert_eq!(found.summary.counts.bytes, 0);
}

#[test]
fn depth_is_counted_as_find_does() {
    let dir = tree();
    for (depth, unread) in [(1, 5), (2, 40), (3, 0), (9, 0)] {
        let options = Options {
            depth: Some(depth),
            ..Options::default()
        };
        let found = run(&Pool::new(3), root(dir), options).unwrap();
        assert_eq!(found.rows, find(dir, &["-maxdepth", &depth.to_string()]));
        assert_eq!(found.summary.counts.unread, unread, "depth {depth}");
        found.assert_complete();
    }
}

#[test]
fn slabs_of_any_size_hold_the_same_entries() {
    let dir = tree();
    let expected = find(dir, &[]);
    for slab_entries in [1, 2, 7, 100_000] {
        let options = Options {
            slab_entries,
            ..Options::default()
        };
        let found = run(&Pool::new(4), root(dir), options).unwrap();
        assert_eq!(found.rows, expected);
    }
}

#[test]
fn a_folder_is_listed_with_paths_from_the_root() {
    let dir = tree();
    let pool = Pool::new(2);
    let folder = folder(dir, "a1");
    let options = Options {
        depth: Some(1),
        ..Options::default()
    };
    let found = run(&pool, folder, options).unwrap();
    let expected: Vec<Row> = find(dir, &["-maxdepth", "2"])
        .into_iter()
        .filter(|row| row.0.starts_with(b"a1/"))
        .collect();
    assert_eq!(found.rows, expected);
    assert_eq!(found.closed.keys().collect::<Vec<_>>(), [b"a1"]);
}

#[test]
fn filters_leave_out_and_count() {
    let dir = TempDir::new().unwrap();
    for path in [
        "src/target/x",
        "target/y",
        ".hidden/z",
        "a.log",
        "keep/a.log",
        ".dot",
    ] {
        let path = dir.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, b"").unwrap();
    }
    let paths = |options: Options| {
        let found = run(&Pool::new(2), root(dir.path()), options).unwrap();
        let names: Vec<String> = found
            .rows
            .into_iter()
            .map(|row| String::from_utf8(row.0).unwrap())
            .collect();
        (names.join(" "), found.summary.counts.skipped)
    };
    let all = Options::default;
    let exclude = [b"target".to_vec()].into();
    assert_eq!(
        paths(Options { exclude, ..all() }),
        (".dot .hidden .hidden/z a.log keep keep/a.log src".into(), 2)
    );
    assert_eq!(
        paths(Options {
            hidden: false,
            ..all()
        }),
        (
            "a.log keep keep/a.log src src/target src/target/x target target/y".into(),
            2
        )
    );
    let ignore = Ignore::patterns(vec![b"*.log".to_vec(), b"/target".to_vec()]);
    assert_eq!(
        paths(Options { ignore, ..all() }),
        (
            ".dot .hidden .hidden/z keep src src/target src/target/x".into(),
            3
        )
    );
}
