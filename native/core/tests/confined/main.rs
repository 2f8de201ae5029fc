//! A folder that a scan of the root leaves out, or does not enter, cannot be opened by its path either.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod random;
#[path = "../support/mod.rs"]
mod support;

use std::collections::BTreeSet;
use std::fs;
use std::mem::MaybeUninit;
use std::path::Path;

use aether_core::{Ignore, Options, Pool, Root};
use rustix::fs::inotify;
use support::*;
use tempfile::TempDir;

const OTHER_FILE_SYSTEM: u32 = 2;
const LOOP: u32 = 3;

fn globs(patterns: &[&str]) -> Ignore {
    Ignore::patterns(
        patterns
            .iter()
            .map(|pattern| pattern.as_bytes().to_vec())
            .collect(),
    )
}

fn excluding(names: &[&str]) -> Options {
    Options {
        exclude: names.iter().map(|name| name.as_bytes().to_vec()).collect(),
        ..Options::default()
    }
}

fn ignoring(ignore: Ignore) -> Options {
    Options {
        ignore,
        ..Options::default()
    }
}

fn visible() -> Options {
    Options {
        hidden: false,
        ..Options::default()
    }
}

/// Why a folder could not be opened.
fn refusal(dir: &Path, path: &str, options: &Options) -> &'static str {
    let result = run(&Pool::new(1), folder(dir, path), options.clone());
    result.map_or_else(|error| error.reason.name(), |_| "opened")
}

#[test]
fn a_folder_that_is_left_out_is_enoent_whatever_it_is() {
    let dir = TempDir::new().unwrap();
    for path in [".ssh/keys/old", "a/.git/refs", "a/secret/in", "a/b/log/x"] {
        fs::create_dir_all(dir.path().join(path)).unwrap();
    }
    fs::write(dir.path().join(".profile"), "").unwrap();
    fs::write(dir.path().join("a/x.log"), "").unwrap();
    fs::write(dir.path().join("a/kept"), "").unwrap();
    fs::write(dir.path().join("a/.gitignore"), "secret\n/b/log/\n").unwrap();
    std::os::unix::fs::symlink("/etc", dir.path().join(".link")).unwrap();
    let rows: &[(Options, &[&str])] = &[
        (
            visible(),
            &[
                ".ssh",
                ".ssh/keys",
                ".ssh/keys/old",
                ".ssh/none",
                ".none",
                ".none/x",
                ".profile",
                ".profile/x",
                ".link",
                ".link/x",
                "a/.git",
                "a/.git/refs",
            ],
        ),
        (
            excluding(&["secret", "keys", "kept"]),
            &[
                "a/secret",
                "a/secret/in",
                ".ssh/keys/old",
                "secret",
                "a/kept",
                "a/kept/x",
            ],
        ),
        (
            ignoring(Ignore::git()),
            &[
                "a/secret",
                "a/secret/in",
                "a/b/log",
                "a/b/log/x",
                "a/.git",
                "a/.git/refs",
                ".git",
            ],
        ),
        (
            ignoring(globs(&["*.log", "b"])),
            &["a/b", "a/b/log", "a/x.log", "a/x.log/y", "none.log"],
        ),
        // A directory of this name would be shown; that a file exists must not show.
        (
            ignoring(globs(&["*", "!*/"])),
            &["a/kept", "a/kept/x", ".link"],
        ),
    ];
    for (options, folders) in rows {
        for path in *folders {
            let found = refusal(dir.path(), path, options);
            assert_eq!(found, "enoent", "{path} by {options:?}");
        }
    }
    // Shown folders are opened, and other refusals have their usual reasons.
    for (options, path, expected) in [
        (visible(), "a/secret/in", "opened"),
        (excluding(&["secret"]), ".ssh/keys/old", "opened"),
        (excluding(&["x"]), "a/b/log", "opened"),
        (ignoring(Ignore::git()), "a/b", "opened"),
        (ignoring(globs(&["*.log"])), "a/b/log", "opened"),
        (visible(), "a/kept", "enotdir"),
        (ignoring(globs(&["b"])), ".link", "eloop"),
        (ignoring(globs(&["b"])), "../x", "outside_root"),
    ] {
        assert_eq!(refusal(dir.path(), path, &options), expected, "{path}");
    }
}

#[test]
fn the_roots_own_name_is_not_matched() {
    let dir = TempDir::new().unwrap();
    let root = dir.path().join(".git");
    fs::create_dir_all(root.join("refs/heads")).unwrap();
    let options = Options {
        hidden: false,
        ignore: Ignore::git(),
        exclude: [b".git".to_vec()].into(),
        ..Options::default()
    };
    for path in ["", "refs"] {
        let found = run(&Pool::new(1), folder(&root, path), options.clone()).unwrap();
        found.assert_complete();
        assert!(!found.rows.is_empty(), "{path}");
    }
}

#[test]
fn what_is_left_out_is_never_opened() {
    let dir = TempDir::new().unwrap();
    fs::create_dir_all(dir.path().join(".ssh/keys")).unwrap();
    fs::create_dir_all(dir.path().join("shown/in")).unwrap();
    let watch = inotify::init(inotify::CreateFlags::NONBLOCK).unwrap();
    let opened = inotify::WatchFlags::OPEN | inotify::WatchFlags::ACCESS;
    for path in [".ssh", ".ssh/keys", "shown"] {
        inotify::add_watch(&watch, dir.path().join(path), opened).unwrap();
    }
    let events = || {
        let mut buffer = [const { MaybeUninit::uninit() }; 4096];
        let mut reader = inotify::Reader::new(&watch, &mut buffer);
        std::iter::from_fn(|| reader.next().ok().map(|event| event.wd())).count()
    };
    let every = [
        visible(),
        excluding(&[".ssh"]),
        ignoring(globs(&[".ssh/"])),
        ignoring(globs(&["/.ssh"])),
    ];
    for options in every {
        for path in [".ssh", ".ssh/keys"] {
            assert_eq!(refusal(dir.path(), path, &options), "enoent");
        }
        assert_eq!(events(), 0, "{options:?}");
    }
    // The events do arrive.
    assert_eq!(refusal(dir.path(), "shown", &visible()), "opened");
    assert!(events() > 0);
}

#[test]
fn a_mount_point_is_closed_unread_by_the_device_of_the_root() {
    if !in_mount_namespace(a_mount_point_is_closed_unread_by_the_device_of_the_root) {
        return;
    }
    let dir = TempDir::new().unwrap();
    let top = dir.path();
    fs::create_dir_all(top.join("a/mount")).unwrap();
    mount(&["-t", "tmpfs", "none", top.join("a/mount").to_str().unwrap()]);
    fs::create_dir_all(top.join("a/mount/b/inner")).unwrap();
    mount(&[
        "-t",
        "tmpfs",
        "none",
        top.join("a/mount/b/inner").to_str().unwrap(),
    ]);
    fs::create_dir_all(top.join("a/mount/b/inner/c")).unwrap();
    let pool = Pool::new(1);
    let same = Options {
        same_file_system: true,
        ..Options::default()
    };
    let from_top = run(&pool, root(top), same.clone()).unwrap();
    assert_eq!(from_top.closed[&b"a/mount"[..]], OTHER_FILE_SYSTEM);
    // With an index as well.
    for evidence in [None, Some(8)] {
        let options = Options {
            evidence,
            ..same.clone()
        };
        let found = run(&pool, folder(top, "a/mount"), options.clone()).unwrap();
        found.assert_complete();
        assert!(found.rows.is_empty());
        assert_eq!(
            found.closed,
            [(b"a/mount".to_vec(), OTHER_FILE_SYSTEM)].into()
        );
        for path in [
            "a/mount/b",
            "a/mount/none",
            "a/mount/b/inner",
            "a/mount/b/inner/c",
        ] {
            assert_eq!(refusal(top, path, &options), "enoent", "{path}");
        }
    }
    // A root that is itself a mount point is on its own file system.
    let found = run(&pool, folder(&top.join("a/mount"), "b"), same).unwrap();
    assert_eq!(found.closed[&b"b/inner"[..]], OTHER_FILE_SYSTEM);
    assert_eq!(found.closed.len(), 2);
    assert_eq!(
        refusal(top, "a/mount/b/inner/c", &Options::default()),
        "opened"
    );
}

#[test]
fn a_mount_point_of_another_file_system_is_not_even_opened() {
    if !in_mount_namespace(a_mount_point_of_another_file_system_is_not_even_opened) {
        return;
    }
    let dir = TempDir::new().unwrap();
    let point = dir.path().join("mount");
    fs::create_dir(&point).unwrap();
    mount(&["-t", "tmpfs", "none", point.to_str().unwrap()]);
    fs::create_dir(point.join("in")).unwrap();
    let watch = inotify::init(inotify::CreateFlags::NONBLOCK).unwrap();
    inotify::add_watch(&watch, &point, inotify::WatchFlags::OPEN).unwrap();
    let options = Options {
        same_file_system: true,
        ..Options::default()
    };
    assert_eq!(refusal(dir.path(), "mount", &options), "opened");
    assert_eq!(refusal(dir.path(), "mount/in", &options), "enoent");
    let mut buffer = [const { MaybeUninit::uninit() }; 4096];
    assert!(inotify::Reader::new(&watch, &mut buffer).next().is_err());
}

#[test]
fn an_ancestor_mounted_beneath_itself_is_closed_unread() {
    if !in_mount_namespace(an_ancestor_mounted_beneath_itself_is_closed_unread) {
        return;
    }
    let dir = TempDir::new().unwrap();
    let top = dir.path();
    fs::create_dir_all(top.join("a/again")).unwrap();
    fs::create_dir_all(top.join("secret/in")).unwrap();
    mount(&[
        "--bind",
        top.to_str().unwrap(),
        top.join("a/again").to_str().unwrap(),
    ]);
    let options = ignoring(globs(&["/secret"]));
    let from_top = run(&Pool::new(1), root(top), options.clone()).unwrap();
    assert_eq!(from_top.closed[&b"a/again"[..]], LOOP);
    let found = run(&Pool::new(1), folder(top, "a/again"), options.clone()).unwrap();
    assert!(found.rows.is_empty());
    assert_eq!(found.closed, [(b"a/again".to_vec(), LOOP)].into());
    // By this path no rule would leave it out.
    for path in ["a/again/secret", "a/again/a", "secret"] {
        assert_eq!(refusal(top, path, &options), "enoent", "{path}");
    }
}

#[test]
fn rules_from_above_the_root_end_at_its_file_system() {
    if !in_mount_namespace(rules_from_above_the_root_end_at_its_file_system) {
        return;
    }
    let dir = TempDir::new().unwrap();
    let top = dir.path();
    for path in [".git/objects", ".git/refs", "mount"] {
        fs::create_dir_all(top.join(path)).unwrap();
    }
    fs::write(top.join(".git/HEAD"), "ref: refs/heads/main\n").unwrap();
    fs::write(top.join(".gitignore"), "x\n").unwrap();
    let names = |root: &Path| {
        let found = run(&Pool::new(1), support::root(root), ignoring(Ignore::git())).unwrap();
        found.rows.into_iter().map(|row| row.0).collect::<Vec<_>>()
    };
    fs::write(top.join("mount/x"), "").unwrap();
    assert_eq!(names(&top.join("mount")), Vec::<Vec<u8>>::new());
    mount(&["-t", "tmpfs", "none", top.join("mount").to_str().unwrap()]);
    fs::write(top.join("mount/x"), "").unwrap();
    assert_eq!(names(&top.join("mount")), [b"x"]);
    // From the top they apply on the other file system too.
    assert!(!names(top).contains(&b"mount/x".to_vec()));
}
