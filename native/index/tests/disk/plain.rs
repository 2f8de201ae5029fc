//! Trees without hard links: sums.

use std::fs;
use std::os::unix::fs::symlink;

use aether_index::reader::ChildrenOptions;

use crate::tools::*;

fn tree() -> Place {
    let place = Place::new();
    place.write("a/f", 5000);
    place.write("a/b/large", 300_000);
    place.write("a/b/empty", 0);
    place.write("c/f", 1);
    symlink("f", place.root.join("c/short")).unwrap();
    symlink("x".repeat(200), place.root.join("c/long")).unwrap();
    // Longer than what it takes up.
    let sparse = fs::File::create(place.root.join("c/sparse")).unwrap();
    sparse.set_len(1 << 30).unwrap();
    fs::create_dir(place.root.join("many")).unwrap();
    for at in 0..2000 {
        place.write(&format!("many/{at:0100}"), 0);
    }
    place
}

#[test]
fn every_folder_takes_up_what_du_says() {
    let place = tree();
    place.scan();
    place.check();
    place.write("a/b/large", 10);
    place.write("a/b/new/f", 70_000);
    place.write("c/f", 50_000);
    fs::remove_dir_all(place.root.join("many")).unwrap();
    place.scan();
    place.check();
    // A file becomes a folder, and a folder a file.
    fs::remove_file(place.root.join("a/f")).unwrap();
    place.write("a/f/g", 9000);
    fs::remove_dir_all(place.root.join("a/b")).unwrap();
    place.write("a/b", 9000);
    place.expand("a", Some(1));
    place.expand("a/f", Some(1));
    place.check();
}

#[test]
fn sizes_on_disk_are_told_once_a_whole_scan_has_seen_all() {
    let place = tree();
    let told = || {
        let (pool, uuid) = (place.fixture.pool(), place.fixture.uuid());
        let totals = pool.totals(&uuid, b"").unwrap().value;
        let page = pool.children(&uuid, b"a", &ChildrenOptions::default());
        let children = page.unwrap().value.children.into_iter();
        let children = children.map(|child| (child.disk, child.disk_unshared, child.nlink));
        let file = pool.stat(&uuid, b"a/f").unwrap().value.unwrap();
        (
            (totals.disk, totals.disk_unshared),
            children.collect::<Vec<_>>(),
            (file.disk, file.nlink),
        )
    };
    place.expand("", Some(1));
    place.expand("a", Some(1));
    assert_eq!(
        told(),
        ((None, None), vec![(None, None, None); 2], (None, None))
    );
    place.scan();
    let [all, folder, file] = ["", "a/b", "a/f"].map(|path| Some(du(&place.root.join(path))));
    let expected = (
        (all, all),
        vec![(folder, folder, None), (file, None, Some(1))],
        (file, Some(1)),
    );
    assert_eq!(told(), expected);
}

/// What is read again and is the same is not written.
#[test]
fn a_size_on_disk_that_changes_is_no_change_of_the_entry() {
    let place = tree();
    place.scan();
    let sparse = place.root.join("c/sparse");
    let before = fs::metadata(&sparse).unwrap();
    let file = fs::File::options().write(true).open(&sparse).unwrap();
    std::os::unix::fs::FileExt::write_at(&file, &[1; 100_000], 1 << 20).unwrap();
    file.set_modified(before.modified().unwrap()).unwrap();
    drop(file);
    place.scan();
    place.check();
    let changed = place
        .fixture
        .shell("SELECT count(*) FROM changes; SELECT count(*) FROM changed_files");
    assert_eq!(changed, "0\n0\n");
}
