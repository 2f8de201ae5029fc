//! What is asked of sizes on disk and of links, beside totals: against `du` and `find`.

use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::process::Command;

use aether_index::reader::{
    ChildrenOptions, LargestBy, Links, Pool, PoolOptions, Sized, Sort, SortKey,
};

use crate::tools::*;

/// Sparse files, links in and out, folders that share.
fn place() -> Place {
    let place = Place::new();
    place.write("a/deep/one", 90_000);
    place.write("a/two", 20_000);
    place.write("b/three", 50_000);
    place.write("b/c/four", 5000);
    let sparse = fs::File::create(place.root.join("sparse")).unwrap();
    sparse.set_len(1 << 30).unwrap();
    let (one, root) = (place.root.join("a/deep/one"), &place.root);
    fs::hard_link(&one, root.join("b/c/again")).unwrap();
    fs::hard_link(&one, root.join("a/deep/third")).unwrap();
    fs::hard_link(&one, root.join("top")).unwrap();
    fs::hard_link(&one, place.directory.path().join("outside")).unwrap();
    place
}

fn sorted<T: Ord>(mut list: Vec<T>) -> Vec<T> {
    list.sort();
    list
}

fn text(path: &[u8]) -> String {
    String::from_utf8(path.to_vec()).unwrap()
}

/// What `find` prints of the tree, without the root.
fn find(root: &Path, tests: &[&str]) -> Vec<String> {
    let mut command = Command::new("find");
    command.arg(root).args(["-mindepth", "1"]).args(tests);
    let output = command.output().unwrap();
    let lines = String::from_utf8(output.stdout).unwrap();
    lines.lines().map(str::to_owned).collect()
}

#[test]
fn the_largest_on_disk_are_those_of_du_and_find() {
    let place = place();
    place.scan();
    let (pool, uuid) = (place.fixture.pool(), place.fixture.uuid());
    let mut files: Vec<u64> = find(&place.root, &["-type", "f", "-printf", "%b\n"])
        .iter()
        .map(|blocks| 512 * blocks.parse::<u64>().unwrap())
        .collect();
    files.sort_by(|a, b| b.cmp(a));
    let mut expected: Vec<u64> = folders(&place.root).iter().map(|path| du(path)).collect();
    expected.sort_by(|a, b| b.cmp(a));
    expected.remove(0);
    for limit in 1..9 {
        let answer = pool.largest(&uuid, b"", limit, LargestBy::Disk).unwrap();
        let largest = answer.value;
        assert!(largest.complete);
        let disk =
            |list: &[Sized]| -> Vec<u64> { list.iter().map(|sized| sized.disk.unwrap()).collect() };
        assert_eq!(disk(&largest.files), files[..limit.min(files.len())]);
        assert_eq!(
            disk(&largest.folders),
            expected[..limit.min(expected.len())]
        );
        for sized in &largest.folders {
            let path = place.root.join(text(&sized.path));
            assert_eq!(sized.disk, Some(du(&path)));
        }
        for sized in &largest.files {
            let status = fs::metadata(place.root.join(text(&sized.path))).unwrap();
            let found = (sized.disk.unwrap(), sized.bytes as u64);
            assert_eq!(found, (512 * status.blocks(), status.size()));
        }
    }
    // By bytes the sparse one is the first, with what it takes up.
    let answer = pool.largest(&uuid, b"", 1, LargestBy::Bytes).unwrap();
    let first = &answer.value.files[0];
    assert_eq!(first.path, b"sparse");
    assert_eq!((first.bytes, first.disk), (1 << 30, Some(0)));
}

#[test]
fn children_come_in_the_order_of_du() {
    let place = place();
    // More than one statement reads.
    for at in 0..2500 {
        place.write(&format!("many/{at:04}"), at % 7 * 4096);
    }
    place.scan();
    let (pool, uuid) = (place.fixture.pool(), place.fixture.uuid());
    for folder in ["", "a", "b", "many"] {
        for descending in [false, true] {
            let options = ChildrenOptions {
                limit: 40,
                after: None,
                sort: Sort {
                    key: SortKey::Disk,
                    descending,
                },
                ..ChildrenOptions::default()
            };
            let page = pool.children(&uuid, folder.as_bytes(), &options);
            let children = page.unwrap().value.children;
            let above = place.root.join(folder);
            let mut expected: Vec<u64> = match folder {
                // All of them are files.
                "many" => find(&above, &["-printf", "%b\n"])
                    .iter()
                    .map(|blocks| 512 * blocks.parse::<u64>().unwrap())
                    .collect(),
                _ => find(&above, &["-maxdepth", "1"])
                    .iter()
                    .map(|path| du(Path::new(path)))
                    .collect(),
            };
            expected.sort();
            if descending {
                expected.reverse();
            }
            expected.truncate(40);
            let found: Vec<u64> = children.iter().map(|child| child.disk.unwrap()).collect();
            assert_eq!(found, expected, "{folder} {descending}");
        }
    }
}

/// Files that are large and take up nothing, behind more small ones than one statement reads.
#[test]
fn sparse_files_come_first_among_those_that_take_up_little() {
    let place = Place::new();
    for at in 0..1500 {
        place.write(&format!("many/a{at:04}"), 1);
    }
    for at in 0..20 {
        let sparse = fs::File::create(place.root.join(format!("many/s{at:02}"))).unwrap();
        sparse.set_len(1 << 20).unwrap();
    }
    place.scan();
    let options = ChildrenOptions {
        limit: 20,
        sort: Sort {
            key: SortKey::Disk,
            descending: false,
        },
        ..ChildrenOptions::default()
    };
    let (pool, uuid) = (place.fixture.pool(), place.fixture.uuid());
    let page = pool.children(&uuid, b"many", &options).unwrap().value;
    let names = page.children.iter().map(|child| text(&child.name));
    let mut expected = find(
        &place.root.join("many"),
        &["-size", "+9k", "-printf", "%f\n"],
    );
    expected.sort();
    assert_eq!(names.collect::<Vec<_>>(), expected);
}

#[test]
fn a_file_has_the_names_that_find_finds() {
    let place = place();
    place.scan();
    let (pool, uuid) = (place.fixture.pool(), place.fixture.uuid());
    let links = |path: &str, limit| pool.links(&uuid, path.as_bytes(), limit).unwrap().value;
    let files = find(&place.root, &["-type", "f"]);
    assert_eq!(files.len(), 8);
    for file in &files {
        let path = Path::new(file).strip_prefix(&place.root).unwrap();
        let mut expected = find(&place.root, &["-samefile", file]);
        expected.retain(|other| other != file);
        let found = links(path.to_str().unwrap(), 100).unwrap();
        let paths = found.paths.iter().map(|path| place.root.join(text(path)));
        let paths = paths.map(|path| text(path.as_os_str().as_bytes()));
        assert_eq!(sorted(paths.collect()), sorted(expected), "{file}");
        let nlink = fs::metadata(file).unwrap().nlink();
        assert_eq!(found.nlink, Some(nlink as u32));
        let outside = nlink as usize - found.paths.len() - 1;
        assert_eq!(found.elsewhere, Some(outside as u32));
        assert!(!found.more);
    }
    // There are three others.
    for (limit, more) in [(1, true), (2, true), (3, false)] {
        let found = links("top", limit).unwrap();
        assert_eq!((found.paths.len(), found.more), (limit, more));
        assert_eq!((found.nlink, found.elsewhere), (Some(5), Some(1)));
    }
    for path in ["", "a", "no", "no/such", "a/two/x"] {
        assert_eq!(links(path, 10), None, "{path}");
    }
}

/// A file on a device of its own may have the number of another.
#[test]
fn names_of_removed_folders_are_none() {
    let mut place = place();
    place.scan();
    let uuid = place.fixture.uuid();
    // As the writer buries it, with nothing deleted yet: it would go on at once.
    place.fixture.index.take().unwrap().close().unwrap();
    let path = place.fixture.path();
    let pool = Pool::open(&path, PoolOptions::default()).unwrap();
    let bury = || {
        let sql = "BEGIN;
            INSERT INTO graveyard (dir_id, source_id, path) SELECT id, source_id, 'b' FROM dirs WHERE name = 'b';
            UPDATE dirs SET parent_id = NULL WHERE name = 'b';
            DELETE FROM paths WHERE path = 'b/';
            COMMIT";
        let connection = rusqlite::Connection::open(&path).unwrap();
        connection.execute_batch(sql).unwrap();
    };
    let pending = |folder: &str| {
        pool.totals(&uuid, folder.as_bytes())
            .unwrap()
            .value
            .disk_pending
    };
    assert!(!pending(""));
    bury();
    let found = pool.links(&uuid, b"top", 10).unwrap().value.unwrap();
    let paths: Vec<String> = found.paths.iter().map(|path| text(path)).collect();
    assert_eq!(sorted(paths), ["a/deep/one", "a/deep/third"]);
    assert_eq!((found.nlink, found.elsewhere), (Some(5), Some(2)));
    assert!(pending("") && !pending("a") && !pending("a/deep"));
}

#[test]
fn nothing_is_told_before_a_whole_scan() {
    let place = place();
    place.expand("a", None);
    place.expand("", Some(1));
    let (pool, uuid) = (place.fixture.pool(), place.fixture.uuid());
    let answer = pool.largest(&uuid, b"", 10, LargestBy::Disk).unwrap();
    let largest = answer.value;
    assert!(largest.folders.is_empty() && largest.files.is_empty() && !largest.complete);
    let options = ChildrenOptions {
        sort: Sort::by(SortKey::Disk),
        ..ChildrenOptions::default()
    };
    let page = pool.children(&uuid, b"", &options).unwrap().value;
    let names: Vec<String> = page
        .children
        .iter()
        .map(|child| text(&child.name))
        .collect();
    assert_eq!(names, ["a", "b", "sparse", "top"]);
    assert!(page.children.iter().all(|child| child.disk.is_none()));
    let found = pool.links(&uuid, b"top", 10).unwrap().value;
    assert_eq!(found, Some(Links::default()));
    assert!(!pool.totals(&uuid, b"").unwrap().value.disk_pending);
    // A cursor from before is of another order.
    let first = ChildrenOptions {
        limit: 2,
        ..options
    };
    let next = pool.children(&uuid, b"", &first).unwrap().value.next;
    place.scan();
    let rest = ChildrenOptions {
        after: next,
        ..first
    };
    assert!(pool.children(&uuid, b"", &rest).unwrap().value.moved);
}
