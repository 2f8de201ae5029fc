//! Hard links: an inode counts once in each folder, whatever names it has, and wherever.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::process::Command;

use aether_index::reader::ChildrenOptions;

use crate::support::*;
use crate::tools::*;

impl Place {
    fn link(&self, from: &str, to: &str) {
        fs::hard_link(self.root.join(from), self.root.join(to)).unwrap();
    }

    /// A copy of a folder, with links for files.
    fn copy(&self, from: &str, to: &str) {
        let mut command = Command::new("cp");
        command.arg("-al").arg(self.root.join(from));
        assert!(command.arg(self.root.join(to)).status().unwrap().success());
    }

    fn nlinks(&self, folder: &str) -> Vec<Option<u32>> {
        let (pool, uuid) = (self.fixture.pool(), self.fixture.uuid());
        let page = pool.children(&uuid, folder.as_bytes(), &ChildrenOptions::default());
        let children = page.unwrap().value.children.into_iter();
        children.map(|child| child.nlink).collect()
    }
}

#[test]
fn a_farm_of_snapshots_takes_up_what_du_says() {
    let place = Place::new();
    place.write("live/a/one", 20_000);
    place.write("live/a/b/two", 9000);
    place.write("live/three", 1);
    place.scan();
    place.check();
    for snapshot in ["s1", "s2", "s3", "s4", "s5", "s6"] {
        place.copy("live", snapshot);
        place.scan();
        place.check();
    }
    assert_eq!(place.nlinks("s2/a"), [None, Some(7)]);
    // One more name is no change of the others.
    let files = "SELECT count(*) FROM changed_files WHERE was";
    assert_eq!(place.fixture.shell(files), "0\n");
    // A file that is replaced in one place, and one that grows in all.
    fs::remove_file(place.root.join("live/a/one")).unwrap();
    place.write("live/a/one", 5000);
    fs::write(place.root.join("s1/three"), vec![b'x'; 70_000]).unwrap();
    place.scan();
    place.check();
    fs::remove_dir_all(place.root.join("s2")).unwrap();
    place.scan();
    place.check();
    fs::rename(place.root.join("s1"), place.root.join("live/a/s1")).unwrap();
    place.scan();
    place.check();
    for gone in ["live", "s3", "s4", "s5", "s6"] {
        fs::remove_dir_all(place.root.join(gone)).unwrap();
        place.scan();
        place.check();
    }
    let left = place
        .fixture
        .shell("SELECT count(*) FROM links; SELECT count(*) FROM inodes");
    assert_eq!(left, "0\n0\n");
}

#[test]
fn names_outside_of_the_root_and_in_one_folder() {
    let place = Place::new();
    place.write("a/f", 9000);
    let outside = place.directory.path().join("outside");
    fs::hard_link(place.root.join("a/f"), &outside).unwrap();
    place.link("a/f", "a/g");
    place.link("a/f", "h");
    place.scan();
    place.check();
    assert_eq!(place.nlinks("a"), [Some(4), Some(4)]);
    fs::remove_file(&outside).unwrap();
    place.scan();
    place.check();
    fs::remove_file(place.root.join("a/g")).unwrap();
    place.expand("a", Some(1));
    place.check();
    fs::remove_file(place.root.join("h")).unwrap();
    place.scan();
    place.check();
    assert_eq!(place.nlinks("a"), [Some(1)]);
}

/// The inode with its names in one folder alone gets one elsewhere, and loses it again.
#[test]
fn where_all_names_meet_moves() {
    let place = Place::new();
    place.write("a/b/f", 9000);
    place.write("d/keep", 1);
    fs::create_dir(place.root.join("a/c")).unwrap();
    place.link("a/b/f", "a/c/f");
    place.scan();
    place.check();
    place.link("a/b/f", "d/f");
    place.scan();
    place.check();
    fs::remove_file(place.root.join("d/f")).unwrap();
    // What is left is seen first.
    place.expand("a/b", Some(1));
    place.expand("d", Some(1));
    place.check();
    place.link("a/b/f", "d/f");
    place.expand("d", Some(1));
    place.check();
    fs::remove_dir_all(place.root.join("d")).unwrap();
    place.expand("a", None);
    place.expand("", Some(1));
    place.check();
}

/// Names of a removed folder count until they are deleted, in pieces, and then in no total.
#[test]
fn names_that_were_removed_leave_all_totals() {
    let place = Place::new();
    fs::create_dir_all(place.root.join("a/many")).unwrap();
    place.write("a/f", 9000);
    for at in 0..6000 {
        place.write(&format!("a/many/{at:05}"), 0);
    }
    place.write("a/many/00000", 9000);
    place.copy("a", "b");
    place.scan();
    place.check();
    fs::remove_dir_all(place.root.join("a")).unwrap();
    place.scan();
    place.check();
}

#[test]
fn an_unchanged_rescan_writes_no_link() {
    let place = Place::new();
    place.write("a/f", 9000);
    place.link("a/f", "g");
    place.scan();
    let changes = || {
        let (sender, receiver) = std::sync::mpsc::channel();
        place
            .fixture
            .index()
            .with_connection(move |connection| {
                sender.send(connection.total_changes()).unwrap();
                Ok(())
            })
            .unwrap();
        receiver.recv().unwrap()
    };
    place.scan();
    let before = changes();
    place.scan();
    let after = changes();
    place.link("a/f", "h");
    place.scan();
    // The rows in sources and scans, and no other.
    assert!(changes() - after > after - before + 3);
    assert!(after - before < 8, "{}", after - before);
}

#[test]
fn a_forgotten_source_leaves_no_links() {
    let place = Place::new();
    place.write("a/f", 9000);
    place.link("a/f", "g");
    place.scan();
    let inode = fs::metadata(place.root.join("g")).unwrap().ino();
    let stored = place.fixture.shell("SELECT DISTINCT inode FROM links");
    assert_eq!(stored, format!("{inode}\n"));
    let uuid = place.fixture.uuid();
    place.fixture.index().forget(&uuid, Some(b"a")).unwrap();
    place.recount();
    place.fixture.index().forget(&uuid, None).unwrap();
    place.fixture.index().settle().unwrap();
    let left =
        "SELECT count(*) FROM links; SELECT count(*) FROM inodes; SELECT count(*) FROM devices";
    assert_eq!(place.fixture.shell(left), "0\n0\n0\n");
    assert_eq!(leftovers(&place.fixture.path()), NOTHING_LEFT);
}

#[test]
fn what_is_wrong_with_links_is_found() {
    use aether_index::maintenance::Problem::*;
    let cases = [
        (
            "UPDATE links SET disk = disk + 8 WHERE length(chain) > 0",
            vec![Linked],
        ),
        (
            "UPDATE links SET names = 2 WHERE length(chain) = 0",
            vec![Inodes, Links],
        ),
        (
            "DELETE FROM links WHERE length(chain) = 0",
            vec![Inodes, Whole],
        ),
        ("DELETE FROM inodes", vec![Inodes]),
        ("UPDATE inodes SET nlink = 3", vec![Whole]),
        (
            "UPDATE dirs SET linked = 0, disk = disk - linked WHERE name = 'a'",
            vec![Linked],
        ),
        ("UPDATE dirs SET whole = 8 WHERE name = 'a'", vec![Whole]),
        (
            "UPDATE files SET inode = NULL WHERE name = 'g'",
            vec![Disk, OwnDisk, Links],
        ),
        (
            "INSERT INTO links VALUES (1, 9999999999, x'7f', 0, 1); INSERT INTO inodes VALUES (1, 9999999999, 2, 1)",
            vec![LostLinks],
        ),
        (
            "INSERT INTO inodes VALUES (1, 9999999999, 2, 1)",
            vec![Inodes],
        ),
    ];
    for (change, expected) in cases {
        let place = Place::new();
        place.write("a/f", 9000);
        place.link("a/f", "g");
        place.scan();
        check_clean(&place.fixture.path());
        place.fixture.sql(change);
        let report = check(&place.fixture.path());
        let found = report.findings.iter().map(|finding| finding.problem);
        let found: std::collections::BTreeSet<_> = found.collect();
        let expected = expected.into_iter().collect();
        assert_eq!(found, expected, "{change}: {report:?}");
    }
}
