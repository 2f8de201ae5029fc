//! Names that no entry may have: empty, or with a slash. Linux refuses listings with such a name since 5.4, and those
//! of FUSE servers since 3.12; before that, a damaged or hostile file system could lead out of its directory.
#![cfg(all(target_os = "linux", not(aether_portable)))]

use std::fs;
use std::io::Write;

use aether_core::slab::status;
use aether_core::{Ignore, Options, Pool};
use rustix::io::Errno;
use tempfile::TempDir;

use crate::apart::{inside, under_strace};
use crate::mounts::fuse;
use crate::support::*;

#[test]
fn a_servers_names_do_not_lead_out_of_its_directory() {
    if !in_mount_namespace(a_servers_names_do_not_lead_out_of_its_directory) {
        return;
    }
    let dir = TempDir::new().unwrap();
    for path in ["mounted", "x"] {
        fs::create_dir(dir.path().join(path)).unwrap();
    }
    fs::write(dir.path().join("x/secret"), b"").unwrap();
    let mounted = dir.path().join("mounted");
    for name in ["a/b", "../x", "/", "/etc", "", ".", ".."] {
        let Some(mut server) = fuse(&mounted, &["0", "good", name]) else {
            return;
        };
        let mut input = server.stdin.take().unwrap();
        input.write_all(b"release\n").unwrap();
        let found = run(&Pool::new(1), root(&mounted), Options::default()).unwrap();
        // The entries before the name may be lost with it.
        for row in &found.rows {
            assert!(row.0.starts_with(b"good"), "{name:?}: {:?}", found.rows);
        }
        let closed = found.closed[&b""[..]];
        let refused = status::errno(Errno::IO.raw_os_error());
        match name {
            "." | ".." => assert_eq!(closed, status::COMPLETE),
            _ => assert!([status::COMPLETE, refused].contains(&closed), "{closed}"),
        }
        drop(input);
        server.wait().unwrap();
    }
}

/// As from a kernel that does not check names and has no openat2.
#[test]
fn names_are_checked_whatever_the_kernel_does() {
    if let Some(tree) = inside() {
        let found = run(&Pool::new(1), root(&tree), Options::default()).unwrap();
        let names = found.rows.iter().map(|row| row.0.as_slice());
        assert_eq!(names.collect::<Vec<_>>(), [b"good"]);
        return;
    }
    let dir = TempDir::new().unwrap();
    let tree = dir.path().join("tree");
    for path in ["tree", "x"] {
        fs::create_dir(dir.path().join(path)).unwrap();
    }
    fs::write(dir.path().join("x/secret"), b"").unwrap();
    // Records of the same length, whose names strace replaces.
    for name in ["good", "evil"] {
        fs::write(tree.join(name), b"").unwrap();
    }
    for name in ["../x", "/etc", "a/b", ""] {
        let records: Vec<u8> = [".", "..", "good", name].map(record).concat();
        let hex: String = records.iter().map(|byte| format!("{byte:02x}")).collect();
        let inject = format!("inject=getdents64:poke_exit=@arg2={hex}:when=1");
        under_strace(
            names_are_checked_whatever_the_kernel_does,
            &tree,
            &["-e", &inject, "-e", "inject=openat2:error=ENOSYS"],
        );
    }
}

/// A `struct linux_dirent64` of 24 bytes.
fn record(name: &str) -> Vec<u8> {
    const DIRECTORY: u8 = 4;
    let mut bytes = [1_u64, 1].map(u64::to_ne_bytes).concat();
    bytes.extend(24_u16.to_ne_bytes());
    bytes.push(DIRECTORY);
    bytes.extend(name.as_bytes());
    bytes.resize(24, 0);
    bytes
}

/// A pointer that no path can be costs nothing, however long it is.
#[test]
fn a_git_file_longer_than_a_path_names_nothing() {
    let dir = TempDir::new().unwrap();
    let pointer = [b"gitdir: ".as_slice(), &b"x/".repeat(400_000)].concat();
    fs::write(dir.path().join(".git"), pointer).unwrap();
    fs::write(dir.path().join("file"), b"").unwrap();
    let options = Options {
        ignore: Ignore::git(),
        ..Options::default()
    };
    let found = run(&Pool::new(1), root(dir.path()), options).unwrap();
    found.assert_complete();
    assert_eq!(found.rows.len(), 1);
}
