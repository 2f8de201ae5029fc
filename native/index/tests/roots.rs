//! One directory has one source, by whatever path it is scanned, with the real walker.
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
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use aether_core::{Options, Pool};
use aether_index::ScanSpec;
use support::*;
use walker::{Walked, walk};

fn spec_of(root: &Path) -> ScanSpec {
    ScanSpec {
        root: root.as_os_str().as_bytes().to_vec(),
        ..ScanSpec::default()
    }
}

fn scan_as(fixture: &Fixture, spec: ScanSpec) -> Walked {
    let pool = Pool::new(2);
    walk(&pool, Some(fixture.index()), spec, Options::default(), None)
}

fn scan(fixture: &Fixture, root: &Path) -> Walked {
    scan_as(fixture, spec_of(root))
}

/// Roots and generations of all sources.
fn sources(fixture: &Fixture) -> String {
    fixture.shell("SELECT root || ' ' || generation FROM sources ORDER BY id")
}

/// An index, and a directory with `root/f` and others beside it.
fn setup() -> (Fixture, tempfile::TempDir, PathBuf) {
    let (fixture, directory) = (Fixture::new(), tempfile::tempdir().unwrap());
    let top = directory.path().canonicalize().unwrap();
    fs::create_dir_all(top.join("root/in")).unwrap();
    fs::write(top.join("root/f"), "1").unwrap();
    (fixture, directory, top)
}

#[test]
fn a_directory_has_one_source_by_whatever_path_it_is_scanned() {
    let (fixture, _directory, top) = setup();
    symlink(&top, top.join("top")).unwrap();
    symlink("root", top.join("link")).unwrap();
    let paths = [
        "root",
        "root/",
        "./root/.",
        "root/in/..",
        "top/root",
        "link",
        "top/link/",
        "top/top/./link/in/..",
    ];
    for (at, path) in (1..).zip(paths) {
        scan(&fixture, &top.join(path)).unwrap();
        let expected = format!("{} {at}\n", top.join("root").display());
        assert_eq!(sources(&fixture), expected, "{path}");
    }
    // The root's own name is kept, even if it is a link.
    fixture.index().forget(&fixture.uuid(), None).unwrap();
    scan(&fixture, &top.join("top/link/")).unwrap();
    scan(&fixture, &top.join("root")).unwrap();
    let expected = format!("{} 2\n", top.join("link").display());
    assert_eq!(sources(&fixture), expected);
    // A link that leads elsewhere now is another root.
    fs::remove_file(top.join("link")).unwrap();
    fs::create_dir(top.join("other")).unwrap();
    symlink("other", top.join("link")).unwrap();
    let error = scan(&fixture, &top.join("link")).unwrap_err();
    assert_eq!(error.reason.name(), "root_changed", "{error}");
    // Errors have the path that the caller used.
    assert_eq!(error.path, top.join("link").as_os_str().as_bytes());
    scan(&fixture, &top.join("root")).unwrap();
    let expected = format!("{expected}{} 1\n", top.join("root").display());
    assert_eq!(sources(&fixture), expected);
}

#[test]
fn a_moved_root_is_reported_and_keeps_its_source_if_accepted() {
    let (fixture, _directory, top) = setup();
    let (old, new) = (top.join("root"), top.join("moved"));
    scan(&fixture, &old).unwrap();
    fs::rename(&old, &new).unwrap();
    for id in [None, Some(fixture.uuid())] {
        let moved = ScanSpec {
            source_id: id,
            ..spec_of(&new)
        };
        let error = scan_as(&fixture, moved).unwrap_err();
        assert_eq!(error.reason.name(), "root_moved", "{error}");
        let detail = error.detail.unwrap();
        for path in [&old, &new] {
            assert!(detail.contains(path.to_str().unwrap()), "{detail}");
        }
    }
    assert_eq!(sources(&fixture), format!("{} 1\n", old.display()));
    let accept = ScanSpec {
        accept_root: true,
        ..spec_of(&new)
    };
    scan_as(&fixture, accept).unwrap();
    assert_eq!(sources(&fixture), format!("{} 2\n", new.display()));
    scan(&fixture, &new).unwrap();
    // With an id of its own it is a new source.
    fs::rename(&new, &old).unwrap();
    let apart = ScanSpec {
        source_id: Some("apart".into()),
        ..spec_of(&old)
    };
    scan_as(&fixture, apart).unwrap();
    let expected = format!("{} 3\n{} 1\n", new.display(), old.display());
    assert_eq!(sources(&fixture), expected);
}

/// A root was not moved while something is at its path: the other is another directory.
#[test]
fn a_root_with_another_in_its_place_is_not_moved() {
    let (fixture, _directory, top) = setup();
    scan(&fixture, &top.join("root")).unwrap();
    fs::rename(top.join("root"), top.join("moved")).unwrap();
    fs::create_dir(top.join("root")).unwrap();
    let error = scan(&fixture, &top.join("root")).unwrap_err();
    assert_eq!(error.reason.name(), "root_changed", "{error}");
    scan(&fixture, &top.join("moved")).unwrap();
    assert_eq!(sources(&fixture).lines().count(), 2);
}

/// As version 1 stored them: relative to the working directory, or with a slash at the end.
#[test]
fn roots_stored_by_version_1_keep_their_sources() {
    let (mut fixture, _directory, top) = setup();
    let root = top.join("root");
    for stored in [
        "../../../../../../../../../../..".to_owned() + root.to_str().unwrap(),
        format!("{}/", root.display()),
        format!("{}/../root", root.display()),
    ] {
        scan(&fixture, &root).unwrap();
        let sql = format!("UPDATE sources SET root = '{stored}', generation = 6");
        fixture.sql(&sql);
        fixture.reopen();
        scan(&fixture, &root).unwrap();
        assert_eq!(sources(&fixture), format!("{} 7\n", root.display()));
        // By the very path that is stored.
        fixture.sql(&sql);
        scan(&fixture, Path::new(&stored)).unwrap();
        assert_eq!(sources(&fixture), format!("{} 7\n", root.display()));
        // A relative path that leads nowhere now: the working directory is another.
        fixture.sql("UPDATE sources SET root = 'no/such/root'");
        let error = scan(&fixture, &root).unwrap_err();
        assert_eq!(error.reason.name(), "root_moved", "{error}");
        let accept = ScanSpec {
            accept_root: true,
            ..spec_of(&root)
        };
        scan_as(&fixture, accept).unwrap();
        assert_eq!(sources(&fixture), format!("{} 8\n", root.display()));
    }
}

#[test]
fn nested_roots_are_reported() {
    let (fixture, _directory, top) = setup();
    fs::create_dir_all(top.join("root/in/deep/er")).unwrap();
    let paths = ["root/in/deep/er", "root", "root/in/deep"];
    for path in paths {
        scan(&fixture, &top.join(path)).unwrap();
    }
    let found = fixture.pool().sources().unwrap();
    let root_of = |uuid: &String| {
        let found = found.iter().find(|answer| answer.value.uuid == *uuid);
        found.unwrap().value.root.clone()
    };
    let within = found
        .iter()
        .map(|answer| answer.value.within.as_ref().map(root_of));
    let within: Vec<_> = within.collect();
    let bytes = |path: &str| top.join(path).into_os_string().into_encoded_bytes();
    let expected = [Some(bytes(paths[2])), None, Some(bytes(paths[1]))];
    assert_eq!(within, expected);
    // A root whose name only begins alike lies beside it.
    fs::create_dir(top.join("root/in/deepest")).unwrap();
    scan(&fixture, &top.join("root/in/deepest")).unwrap();
    let last = fixture.pool().sources().unwrap().pop().unwrap();
    assert_eq!(last.value.within.as_ref().map(root_of), Some(bytes("root")));
}

#[test]
fn a_source_is_found_by_other_paths() {
    let (fixture, _directory, top) = setup();
    symlink(&top, top.join("top")).unwrap();
    symlink("root", top.join("link")).unwrap();
    scan(&fixture, &top.join("root")).unwrap();
    let pool = fixture.pool();
    let find = |path: &str| {
        let path = top.join(path).into_os_string().into_encoded_bytes();
        let called = fixture.index().source_called(&path);
        pool.source_at(&path, called).unwrap().is_some()
    };
    for path in ["root", "root/.", "top/root/", "link", "top/link"] {
        assert!(find(path), "{path}");
    }
    for path in ["", "root/in", "no/root"] {
        assert!(!find(path), "{path}");
    }
}

/// File systems mounted at places until it is dropped.
#[derive(Default)]
struct Mounts(Vec<PathBuf>);

impl Mounts {
    fn mount(&mut self, arguments: &[&str], at: &Path) -> bool {
        fs::create_dir_all(at).unwrap();
        let mounted = Command::new("mount").args(arguments).arg(at).output();
        let is_there = mounted.unwrap().status.success();
        if is_there {
            self.0.push(at.to_path_buf());
        }
        is_there
    }
}

impl Drop for Mounts {
    fn drop(&mut self) {
        for at in self.0.iter().rev() {
            let _ = Command::new("umount").arg("-l").arg(at).status();
        }
    }
}

#[test]
fn a_bind_mount_is_the_source_under_its_first_path() {
    if !is_root() {
        return;
    }
    let (fixture, _directory, top) = setup();
    let (root, bound) = (top.join("root"), top.join("bound"));
    let mut mounts = Mounts::default();
    assert!(mounts.mount(&["--bind", root.to_str().unwrap()], &bound));
    for (at, path) in (1..).zip([&root, &bound, &root]) {
        scan(&fixture, path).unwrap();
        assert_eq!(sources(&fixture), format!("{} {at}\n", root.display()));
    }
    let bytes = bound.as_os_str().as_bytes();
    let called = fixture.index().source_called(bytes);
    assert!(fixture.pool().source_at(bytes, called).unwrap().is_some());
}

/// A copy of a disk has the same identities, and is another source.
#[test]
fn a_copy_of_a_disk_is_another_source() {
    if !is_root() {
        return;
    }
    let (fixture, _directory, top) = setup();
    let image = top.join("first.img");
    let run = |command: &mut Command| command.output().is_ok_and(|done| done.status.success());
    fs::write(&image, vec![0; 8 << 20]).unwrap();
    let made = run(Command::new("mkfs.ext4").args(["-q", "-F"]).arg(&image));
    let mut mounts = Mounts::default();
    let mut mount =
        |image: &Path, at: &Path| mounts.mount(&["-o", "loop", image.to_str().unwrap()], at);
    if !made || !mount(&image, &top.join("first")) {
        eprintln!("skipped: no loop devices, or no mkfs.ext4");
        return;
    }
    fs::create_dir(top.join("first/root")).unwrap();
    assert!(run(&mut Command::new("sync")));
    let copy = top.join("second.img");
    assert!(run(Command::new("cp").arg(&image).arg(&copy)));
    assert!(mount(&copy, &top.join("second")));
    for path in ["first/root", "second/root", "first/root", "second/root"] {
        scan(&fixture, &top.join(path)).unwrap();
    }
    let identities = fixture.shell("SELECT count(*), count(DISTINCT identity) FROM sources");
    assert_eq!(identities, "2|1\n", "a copy has the same identity");
    let expected =
        ["first", "second"].map(|disk| format!("{} 2\n", top.join(disk).join("root").display()));
    assert_eq!(sources(&fixture), expected.concat());
}
