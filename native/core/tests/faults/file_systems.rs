//! What file systems do at the end of a listing: where the position after the last entry shows that it was the last, a
//! directory takes one getdents64 instead of two (see `sys::marks_end`). Listings are complete on all of them.
#![cfg(all(target_os = "linux", not(aether_portable)))]

use std::fs;
use std::path::Path;
use std::process::Command;

use aether_core::slab::Groups;
use aether_core::{Options, Pool};
use tempfile::TempDir;

use crate::apart::{calls_under_strace, inside};
use crate::support::*;

const DIRECTORIES: usize = 200;

/// Directories with few entries, and some with more than a buffer holds.
fn fill(tree: &Path) {
    for n in 0..DIRECTORIES {
        let dir = tree.join(format!("small-{n}"));
        fs::create_dir(&dir).unwrap();
        for file in 0..n % 5 {
            fs::write(dir.join(format!("file-{file}")), b"").unwrap();
        }
    }
    for (n, files) in [300, 1000, 3000].into_iter().enumerate() {
        let dir = tree.join(format!("large-{n}"));
        fs::create_dir(&dir).unwrap();
        for file in 0..files {
            fs::write(dir.join(format!("a-name-of-some-length-{file}")), b"").unwrap();
        }
    }
    // Deleted entries leave gaps that a listing must skip.
    for file in (0..3000).step_by(2) {
        fs::remove_file(tree.join(format!("large-2/a-name-of-some-length-{file}"))).unwrap();
    }
}

fn succeeds(program: &str, arguments: &[&str]) -> bool {
    let output = Command::new(program).args(arguments).output();
    output.is_ok_and(|output| output.status.success())
}

/// Lists a tree, compares it with `find`, and returns the number of getdents64 calls per small directory.
fn calls(test: impl Fn(), tree: &Path) -> f64 {
    fill(tree);
    let found = run(&Pool::new(2), root(tree), Options::default()).unwrap();
    found.assert_complete();
    assert_eq!(found.rows, find(tree, &[]));
    let calls = calls_under_strace(test, tree, &["-e", "trace=getdents64"]);
    // About 30 of them are for the large directories and the root.
    f64::from(u32::try_from(calls["getdents64"]).unwrap()) / DIRECTORIES as f64
}

#[test]
fn only_ext4_shows_the_end_of_a_listing() {
    if let Some(tree) = inside() {
        let options = Options {
            metadata: Groups::empty(),
            ..Options::default()
        };
        run(&Pool::new(1), root(&tree), options)
            .unwrap()
            .assert_complete();
        return;
    }
    let test = only_ext4_shows_the_end_of_a_listing;
    if !in_mount_namespace(test) {
        return;
    }
    let dir = TempDir::new().unwrap();
    let at = |path: &str| dir.path().join(path).to_str().unwrap().to_owned();
    let image = at("image");
    fs::File::create(&image)
        .unwrap()
        .set_len(400 << 20)
        .unwrap();
    fs::create_dir(at("mounted")).unwrap();
    let file_systems: [(&str, &[&str], bool); 5] = [
        ("mkfs.ext4", &["-q", "-F"], true),
        ("mkfs.ext4", &["-q", "-F", "-O", "^dir_index"], false),
        ("mkfs.ext2", &["-q", "-F"], true),
        ("mkfs.btrfs", &["-q", "-f"], false),
        ("mkfs.xfs", &["-q", "-f"], false),
    ];
    for (mkfs, arguments, shows_end) in file_systems {
        let made = succeeds(mkfs, &[arguments, &[&image]].concat());
        if !made || !succeeds("mount", &["-o", "loop", &image, &at("mounted")]) {
            eprintln!("skipped: no {mkfs} {arguments:?} here");
            continue;
        }
        let tree = dir.path().join("mounted/tree");
        fs::create_dir(&tree).unwrap();
        let calls = calls(test, &tree);
        let expected = if shows_end { 1.0..1.3 } else { 2.0..2.3 };
        assert!(expected.contains(&calls), "{mkfs} {arguments:?}: {calls}");
        assert!(succeeds("umount", &[&at("mounted")]));
    }
    if succeeds("mount", &["-t", "tmpfs", "none", &at("mounted")]) {
        for path in ["tmpfs", "lower/tree", "upper/tree/above", "work", "overlay"] {
            fs::create_dir_all(dir.path().join("mounted").join(path)).unwrap();
        }
        let calls_of = |path: &str| calls(test, &dir.path().join("mounted").join(path));
        assert!((2.0..2.3).contains(&calls_of("tmpfs")));
        let (lower, upper) = (at("mounted/lower"), at("mounted/upper"));
        let options = format!(
            "lowerdir={lower},upperdir={upper},workdir={}",
            at("mounted/work")
        );
        fs::write(at("mounted/lower/tree/below"), b"").unwrap();
        let arguments = [
            "-t",
            "overlay",
            "overlay",
            "-o",
            &options,
            &at("mounted/overlay"),
        ];
        if succeeds("mount", &arguments) {
            assert!((2.0..2.3).contains(&calls_of("overlay/tree")));
            assert!(succeeds("umount", &[&at("mounted/overlay")]));
        } else {
            eprintln!("skipped: no overlayfs here");
        }
        assert!(succeeds("umount", &[&at("mounted")]));
    }
}
