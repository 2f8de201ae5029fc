//! Kernels older than 5.6, and sandboxes that block openat2: entries and loops are the same, at little extra cost.
#![cfg(all(target_os = "linux", not(aether_portable)))]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use aether_core::slab::{Groups, status};
use aether_core::{Options, Pool};
use tempfile::TempDir;

use crate::apart::{calls_under_strace, inside, under_strace};
use crate::support::*;
use crate::tree;

const CALLS: &str = "trace=openat,openat2,statx,newfstatat,fstat,fstatfs,getdents64,readlink";

fn without(errno: &str) -> String {
    format!("inject=openat2:error={errno}")
}

#[test]
fn older_kernels_and_sandboxes_do_without_openat2() {
    if let Some(tree) = inside() {
        let found = run(&Pool::new(2), root(&tree), Options::default()).unwrap();
        assert_eq!(found.rows, find(&tree, &[]));
        found.assert_complete();
        return;
    }
    let dir = tree();
    for errno in ["ENOSYS", "EPERM", "EACCES"] {
        let test = older_kernels_and_sandboxes_do_without_openat2;
        under_strace(test, dir.path(), &["-e", &without(errno)]);
    }
}

/// The missing call is detected once, and one statx per directory says whether it is a mount point.
#[test]
fn a_missing_openat2_costs_one_call_per_directory() {
    if let Some(tree) = inside() {
        walk_names(&tree);
        return;
    }
    const DIRECTORIES: usize = 1000;
    let (wide, deep) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let mut bottom = deep.path().to_owned();
    for n in 0..DIRECTORIES {
        fs::create_dir(wide.path().join(n.to_string())).unwrap();
        bottom.push("d");
    }
    fs::create_dir_all(&bottom).unwrap();
    for tree in [wide.path(), deep.path()] {
        for errno in ["ENOSYS", "EPERM"] {
            let test = a_missing_openat2_costs_one_call_per_directory;
            let calls = calls_under_strace(test, tree, &["-e", CALLS, "-e", &without(errno)]);
            let count = |call: &str| calls.get(call).copied().unwrap_or(0);
            assert!((1..=2).contains(&count("openat2")), "{calls:?}");
            for call in ["openat", "statx"] {
                // The timer reads the state of slow threads.
                let range = DIRECTORIES..DIRECTORIES + DIRECTORIES / 2;
                assert!(range.contains(&count(call)), "{call}: {calls:?}");
            }
            assert!(count("fstatfs") < 10, "{calls:?}");
            assert!(count("getdents64") < 2 * DIRECTORIES + 100, "{calls:?}");
        }
        let calls = calls_under_strace(
            a_missing_openat2_costs_one_call_per_directory,
            tree,
            &["-e", CALLS],
        );
        assert!(calls["openat2"] > DIRECTORIES, "{calls:?}");
        // The timer reads the state of slow threads.
        assert!(
            calls["openat"] + calls["statx"] < DIRECTORIES / 2,
            "{calls:?}"
        );
    }
}

fn walk_names(tree: &Path) -> BTreeMap<Vec<u8>, u32> {
    let options = Options {
        metadata: Groups::empty(),
        ..Options::default()
    };
    let found = run(&Pool::new(1), root(tree), options).unwrap();
    found.assert_complete();
    found.closed
}

/// A directory that may not be opened says nothing about the call.
#[test]
fn an_eperm_of_one_directory_does_not_disable_openat2() {
    if let Some(tree) = inside() {
        let found = run(&Pool::new(1), root(&tree), Options::default()).unwrap();
        assert_eq!(found.closed[&b"bad/child"[..]], status::errno(1));
        assert_eq!(found.closed[&b"good/child"[..]], status::COMPLETE);
        return;
    }
    let dir = TempDir::new().unwrap();
    for sub in ["bad/child", "good/child"] {
        fs::create_dir_all(dir.path().join(sub)).unwrap();
    }
    // For strace, a path also stands for what is opened beneath it.
    let bad = dir.path().join("bad");
    let inject = without("EPERM");
    under_strace(
        an_eperm_of_one_directory_does_not_disable_openat2,
        dir.path(),
        &["-P", bad.to_str().unwrap(), "-e", &inject],
    );
}

/// A directory bound onto one of its descendants is a loop, however it is detected.
#[test]
fn loops_are_detected_without_openat2() {
    if let Some(tree) = inside() {
        let closed = walk_names(&tree);
        assert_eq!(closed[&b"deep/a/b/loop"[..]], status::LOOP);
        assert_eq!(closed[&b"root"[..]], status::LOOP);
        assert_eq!(closed[&b"bound/a/b"[..]], status::COMPLETE);
        // The bind does not include what is mounted in it.
        assert_eq!(closed[&b"bound/a/b/loop"[..]], status::COMPLETE);
        assert_eq!(closed.len(), 10);
        return;
    }
    if !in_mount_namespace(loops_are_detected_without_openat2) {
        return;
    }
    let dir = TempDir::new().unwrap();
    let at = |path: &str| dir.path().join(path).to_str().unwrap().to_owned();
    for path in ["deep/a/b/loop", "bound", "root"] {
        fs::create_dir_all(at(path)).unwrap();
    }
    mount(&["--bind", &at("deep"), &at("bound")]);
    mount(&["--bind", &at("deep"), &at("deep/a/b/loop")]);
    mount(&["--bind", &at(""), &at("root")]);
    for errno in ["ENOSYS", "EPERM"] {
        under_strace(
            loops_are_detected_without_openat2,
            dir.path(),
            &["-e", &without(errno)],
        );
    }
}
