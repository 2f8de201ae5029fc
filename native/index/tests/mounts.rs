//! Real mounts beneath the real walker: another disk, none, and the same one again.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod support;
#[path = "support/walker.rs"]
mod walker;

use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use aether_core::{Options, Pool};
use aether_index::ScanSpec;
use support::*;
use walker::{Walked, walk};

/// A file system mounted at a place until it is dropped.
struct Mounted(PathBuf);

impl Mounted {
    fn tmpfs(at: &Path) -> Mounted {
        run(Command::new("mount").args(["-t", "tmpfs", "none"]).arg(at));
        Mounted(at.to_path_buf())
    }

    fn again(from: &Path, at: &Path) -> Mounted {
        run(Command::new("mount").arg("--bind").arg(from).arg(at));
        Mounted(at.to_path_buf())
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        run(Command::new("umount").arg("-l").arg(&self.0));
    }
}

fn run(command: &mut Command) {
    assert!(command.status().unwrap().success(), "{command:?}");
}

fn spec_of(root: &Path) -> ScanSpec {
    ScanSpec {
        root: root.as_os_str().as_bytes().to_vec(),
        ..ScanSpec::default()
    }
}

fn scan(fixture: &Fixture, spec: ScanSpec) -> Walked {
    let pool = Pool::new(2);
    let walked = walk(&pool, Some(fixture.index()), spec, Options::default(), None);
    recount(&fixture.path());
    walked
}

/// Asserts that a scan cannot begin, for this reason.
fn refused(fixture: &Fixture, spec: ScanSpec, reason: &str) {
    let error = scan(fixture, spec).unwrap_err();
    assert_eq!(error.reason.name(), reason, "{error}");
}

#[test]
fn a_mount_point_inside_keeps_what_it_held_until_its_disk_is_back() {
    if !is_root() {
        return;
    }
    let fixture = Fixture::new();
    let directory = tempfile::tempdir().unwrap();
    let (root, elsewhere) = (directory.path().join("root"), directory.path().join("own"));
    let at = root.join("d/m");
    fs::create_dir_all(&at).unwrap();
    fs::create_dir(&elsewhere).unwrap();
    let disk = Mounted::tmpfs(&elsewhere);
    fs::create_dir(elsewhere.join("sub")).unwrap();
    fs::write(elsewhere.join("sub/f"), "1234").unwrap();
    let full = ["d", "d/m", "d/m/sub", "d/m/sub/f"];
    let mounted = Mounted::again(&elsewhere, &at);
    scan(&fixture, spec_of(&root)).unwrap();
    assert_eq!(fixture.names(), full);
    assert_eq!(fixture.totals(), "1|4|0\n");
    drop(mounted);
    // Unmounted: an empty directory is there.
    scan(&fixture, spec_of(&root)).unwrap();
    assert_eq!(fixture.names(), full);
    assert_eq!(fixture.totals(), "1|4|1\n");
    assert_eq!(
        fixture.shell("SELECT status FROM dirs WHERE name = 'm'"),
        "6\n"
    );
    // Another disk.
    let other = Mounted::tmpfs(&at);
    fs::write(at.join("other"), "x").unwrap();
    scan(&fixture, spec_of(&root)).unwrap();
    assert_eq!(fixture.names(), full);
    let folder = ScanSpec {
        folder: b"d/m".to_vec(),
        ..spec_of(&root)
    };
    refused(&fixture, folder.clone(), "root_changed");
    drop(other);
    // The same disk again: no error, and changes are found.
    let again = Mounted::again(&elsewhere, &at);
    fs::write(elsewhere.join("sub/f"), "12").unwrap();
    scan(&fixture, spec_of(&root)).unwrap();
    assert_eq!(fixture.totals(), "1|2|0\n");
    scan(&fixture, folder).unwrap();
    drop(again);
    // `accept_root` accepts whatever is there, even if that is nothing.
    let accept = ScanSpec {
        accept_root: true,
        ..spec_of(&root)
    };
    scan(&fixture, accept).unwrap();
    assert_eq!(fixture.names(), ["d", "d/m"]);
    assert_eq!(fixture.totals(), "0|0|0\n");
    drop(disk);
}

/// What lies beneath a mount point may be listed before the mount point is, found or not.
#[test]
fn a_folder_beneath_a_mount_that_was_never_listed_belongs_to_that_mount() {
    if !is_root() {
        return;
    }
    let directory = tempfile::tempdir().unwrap();
    let root = directory.path().join("root");
    let at = root.join("d/m");
    fs::create_dir_all(&at).unwrap();
    let _disk = Mounted::tmpfs(&at);
    fs::create_dir_all(at.join("sub/deep")).unwrap();
    fs::write(at.join("f"), "1").unwrap();
    fs::write(at.join("sub/deep/f"), "2").unwrap();
    let _inner = Mounted::tmpfs(&at.join("sub"));
    fs::create_dir(at.join("sub/deep")).unwrap();
    fs::write(at.join("sub/deep/f"), "234").unwrap();
    let folder = |folder: &str, depth| {
        let spec = ScanSpec {
            folder: folder.into(),
            ..spec_of(&root)
        };
        (spec, depth)
    };
    let orders: [&[(ScanSpec, Option<u32>)]; 3] = [
        &[folder("d/m/sub/deep", None)],
        // The mount point is known from its parent's listing alone.
        &[folder("d", Some(1)), folder("d/m/sub/deep", Some(1))],
        &[folder("d/m/sub/deep", None), folder("d/m", Some(1))],
    ];
    for expansions in orders {
        let fixture = Fixture::new();
        let pool = Pool::new(2);
        let whole = folder("", None);
        for (spec, depth) in expansions.iter().cloned().chain([whole]) {
            let options = Options {
                depth,
                ..Options::default()
            };
            walk(&pool, Some(fixture.index()), spec, options, None).unwrap();
            recount(&fixture.path());
        }
        let full = [
            "d",
            "d/m",
            "d/m/f",
            "d/m/sub",
            "d/m/sub/deep",
            "d/m/sub/deep/f",
        ];
        assert_eq!(fixture.names(), full);
        assert_eq!(fixture.totals(), "2|4|0\n");
    }
}

/// As containers come and go: a mount point whose directory is removed is not an unmounted disk.
#[test]
fn a_removed_mount_point_leaves_the_index() {
    if !is_root() {
        return;
    }
    let fixture = Fixture::new();
    let directory = tempfile::tempdir().unwrap();
    let root = directory.path().join("root");
    let mount = |name: &str| {
        let at = root.join(name).join("merged");
        fs::create_dir_all(&at).unwrap();
        let mounted = Mounted::tmpfs(&at);
        fs::write(at.join("f"), "1").unwrap();
        mounted
    };
    let (gone, other, unmounted) = (mount("gone"), mount("other"), mount("unmounted"));
    // Scanned through a link, the root has another path in the mount table.
    let link = directory.path().join("link");
    std::os::unix::fs::symlink(&root, &link).unwrap();
    scan(&fixture, spec_of(&link)).unwrap();
    assert_eq!(fixture.totals(), "3|3|0\n");
    drop((gone, unmounted));
    fs::remove_dir_all(root.join("gone")).unwrap();
    scan(&fixture, spec_of(&link)).unwrap();
    let expected = [
        "other",
        "other/merged",
        "other/merged/f",
        "unmounted",
        "unmounted/merged",
        "unmounted/merged/f",
    ];
    assert_eq!(fixture.names(), expected);
    assert_eq!(fixture.totals(), "2|2|1\n");
    // It stays while the directory exists.
    drop(other);
    scan(&fixture, spec_of(&link)).unwrap();
    assert_eq!(fixture.names(), expected);
    fs::remove_dir(root.join("other/merged")).unwrap();
    scan(&fixture, spec_of(&link)).unwrap();
    assert_eq!(fixture.names(), [&["other"], &expected[3..]].concat());
}

#[test]
fn a_root_that_is_another_disk_now_is_refused() {
    if !is_root() {
        return;
    }
    let fixture = Fixture::new();
    let directory = tempfile::tempdir().unwrap();
    let root = directory.path().join("root");
    fs::create_dir(&root).unwrap();
    let first = Mounted::tmpfs(&root);
    fs::write(root.join("f"), "1").unwrap();
    scan(&fixture, spec_of(&root)).unwrap();
    drop(first);
    for _ in 0..2 {
        let other = Mounted::tmpfs(&root);
        refused(&fixture, spec_of(&root), "root_changed");
        drop(other);
        // Unmounted to an empty directory.
        refused(&fixture, spec_of(&root), "root_changed");
    }
    assert_eq!(fixture.names(), ["f"]);
    let accept = ScanSpec {
        accept_root: true,
        ..spec_of(&root)
    };
    scan(&fixture, accept).unwrap();
    assert_eq!(fixture.names(), [""; 0]);
}

/// The scan of a root that cannot be entered does not begin, and deletes nothing.
#[test]
fn a_missing_or_unreadable_root_deletes_nothing() {
    if !is_root() {
        return;
    }
    let fixture = Fixture::new();
    let directory = tempfile::tempdir().unwrap();
    let root = directory.path().join("root");
    fs::create_dir(&root).unwrap();
    fs::write(root.join("f"), "1").unwrap();
    scan(&fixture, spec_of(&root)).unwrap();
    // Only its owner can open it.
    fs::set_permissions(&root, PermissionsExt::from_mode(0o700)).unwrap();
    let nobody = rustix::process::Uid::from_raw(65534);
    std::thread::scope(|scope| {
        let walk = scope.spawn(|| {
            rustix::thread::set_thread_res_uid(nobody, nobody, nobody).unwrap();
            let pool = Pool::new(1);
            let index = Some(fixture.index());
            walk(&pool, index, spec_of(&root), Options::default(), None).unwrap_err()
        });
        assert_eq!(walk.join().unwrap().reason.name(), "eacces");
    });
    assert_eq!(fixture.names(), ["f"]);
    fs::rename(&root, directory.path().join("moved")).unwrap();
    refused(&fixture, spec_of(&root), "enoent");
    assert_eq!(fixture.names(), ["f"]);
    // Another directory of that name is another root.
    fs::create_dir(&root).unwrap();
    refused(&fixture, spec_of(&root), "root_changed");
    assert_eq!(fixture.names(), ["f"]);
}

/// No feedback: the index's own writes are no change for the next scan.
#[test]
fn an_index_in_its_own_tree_finds_no_change_of_its_own() {
    let mut fixture = Fixture::new();
    let root = fixture.directory.path().to_path_buf();
    fs::create_dir(root.join("sub")).unwrap();
    fs::write(root.join("sub/f"), "1").unwrap();
    for _ in 0..4 {
        scan(&fixture, spec_of(&root)).unwrap();
        assert_eq!(fixture.names(), ["sub", "sub/f"]);
        fixture.reopen();
    }
    assert_eq!(fixture.shell("SELECT count(*) FROM changes"), "0\n");
    // Also from a directory above.
    let above = root
        .parent()
        .unwrap()
        .join(format!("above-{}", std::process::id()));
    fs::create_dir(&above).unwrap();
    let inside = above.join("inside");
    fs::create_dir(&inside).unwrap();
    let index = aether_index::Index::open(&inside.join("i.db"), fixture.options.clone()).unwrap();
    let index = Arc::new(index);
    let pool = Pool::new(2);
    for _ in 0..4 {
        walk(
            &pool,
            Some(&index),
            spec_of(&above),
            Options::default(),
            None,
        )
        .unwrap();
    }
    let told = shell(
        &inside.join("i.db"),
        "SELECT count(*) FROM changes; SELECT count(*) FROM files; SELECT name FROM dirs WHERE name <> ''",
    );
    index.close().unwrap();
    fs::remove_dir_all(&above).unwrap();
    assert_eq!(told, "0\n0\ninside\n");
}
