//! Sizes on disk that are more than what `du` says, and say so.

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::sync::atomic::AtomicBool;

use aether_index::reader::{BreakdownBy, ChildrenOptions, LargestBy};

use crate::tools::*;

impl Place {
    /// Whether the size on disk of a folder is exact, as totals, as an entry, and of all beneath.
    fn is_exact(&self, folder: &str) -> bool {
        let (pool, uuid) = (self.fixture.pool(), self.fixture.uuid());
        let path = folder.as_bytes();
        let totals = pool.totals(&uuid, path).unwrap().value;
        let entry = pool.stat(&uuid, path).unwrap().value.unwrap();
        assert_eq!(totals.disk_exact, entry.disk_exact, "{folder}");
        let never = AtomicBool::new(false);
        let groups = pool.breakdown(&uuid, path, BreakdownBy::Age, 1, &never);
        assert_eq!(totals.disk_exact, groups.unwrap().value.disk_exact);
        totals.disk_exact.unwrap()
    }

    /// The same of what lies in a folder, where it is none of what is no folder.
    fn are_exact(&self, folder: &str) -> Vec<(String, Option<bool>)> {
        let (pool, uuid) = (self.fixture.pool(), self.fixture.uuid());
        let page = pool.children(&uuid, folder.as_bytes(), &ChildrenOptions::default());
        let children = page.unwrap().value.children.into_iter();
        let told = pool.folders(&uuid, folder.as_bytes()).unwrap().into_iter();
        let told: Vec<_> = told.map(|one| (one.name, one.disk_exact)).collect();
        let folders = children.clone().filter(|child| child.kind == 2);
        let folders: Vec<_> = folders.map(|one| (one.name, one.disk_exact)).collect();
        assert_eq!(told, folders);
        children
            .map(|child| (String::from_utf8(child.name).unwrap(), child.disk_exact))
            .collect()
    }

    /// The largest that lie beneath it say so too.
    fn check_largest(&self, folder: &str) {
        let (pool, uuid) = (self.fixture.pool(), self.fixture.uuid());
        for by in [LargestBy::Bytes, LargestBy::Disk] {
            let largest = pool.largest(&uuid, folder.as_bytes(), 20, by);
            let largest = largest.unwrap().value;
            assert!(largest.files.iter().all(|file| file.disk_exact.is_none()));
            assert!(!largest.folders.is_empty());
            for found in largest.folders {
                let path = String::from_utf8(found.path).unwrap();
                assert_eq!(found.disk_exact, Some(self.is_exact(&path)), "{path}");
            }
        }
    }

    fn disk(&self, folder: &str) -> u64 {
        let (pool, uuid) = (self.fixture.pool(), self.fixture.uuid());
        let answer = pool.totals(&uuid, folder.as_bytes());
        answer.unwrap().value.disk.unwrap()
    }
}

#[test]
fn names_that_lie_too_deep_make_sizes_above_them_inexact() {
    let place = Place::new();
    let deep = |levels: usize| format!("a/{}", vec!["d"; levels - 1].join("/"));
    place.write(&format!("{}/f", deep(802)), 9000);
    place.write("a/e/g", 5000);
    place.write("b/c/h", 5000);
    fs::create_dir(place.root.join(format!("{}/x", deep(802)))).unwrap();
    place.scan();
    let check = || assert_eq!(place.disk(""), du(&place.root));
    check();
    assert!(place.is_exact("") && place.is_exact(&deep(802)));
    // Two names at 800 levels count once.
    let (file, link) = (place.root.join("a/e/g"), place.root.join("b/g"));
    fs::hard_link(&file, link).unwrap();
    place.scan();
    check();
    assert!(place.is_exact("") && place.is_exact("b"));
    let file = place.root.join(deep(802)).join("f");
    let link = place.root.join(deep(802)).join("x/f");
    fs::hard_link(&file, &link).unwrap();
    place.scan();
    assert_eq!(place.disk(""), du(&place.root) + 512 * 24);
    for folder in ["", "a", "a/d", &deep(800), &deep(801), &deep(802)] {
        assert!(!place.is_exact(folder), "{}", folder.len());
    }
    for folder in ["a/e", "b", "b/c"] {
        assert!(place.is_exact(folder), "{folder}");
        assert_eq!(place.disk(folder), du(&place.root.join(folder)));
    }
    let found = |name: &str, exact| (name.to_owned(), exact);
    assert_eq!(
        place.are_exact(""),
        [found("a", Some(false)), found("b", Some(true))]
    );
    assert_eq!(
        place.are_exact("a"),
        [found("d", Some(false)), found("e", Some(true))]
    );
    assert_eq!(
        place.are_exact("b"),
        [found("c", Some(true)), found("g", None)]
    );
    place.check_largest("a");
    // Until one of the names is gone, or what they lie in.
    fs::remove_file(&link).unwrap();
    place.scan();
    check();
    assert!(place.is_exact("") && place.is_exact(&deep(802)));
    fs::hard_link(&file, &link).unwrap();
    place.scan();
    assert!(!place.is_exact("a"));
    fs::remove_dir_all(place.root.join("a/d")).unwrap();
    place.scan();
    check();
    assert!(place.is_exact("") && place.is_exact("a"));
    assert_eq!(place.fixture.shell("SELECT count(*) FROM inexact"), "0\n");
}

/// A file mounted over another lies on another device than its directory.
#[test]
fn a_file_of_another_device_makes_sizes_above_it_inexact() {
    if !rustix::process::geteuid().is_root() {
        eprintln!("skipped: only root may mount");
        return;
    }
    struct Mounted(PathBuf);
    impl Drop for Mounted {
        fn drop(&mut self) {
            let unmounted = Command::new("umount").arg("-l").arg(&self.0).status();
            assert!(unmounted.unwrap().success());
        }
    }
    let mount = |arguments: &[&str], at: &PathBuf| {
        let mounted = Command::new("mount").args(arguments).arg(at).status();
        assert!(mounted.unwrap().success());
        Mounted(at.clone())
    };
    let place = Place::new();
    let other = place.directory.path().join("other");
    fs::create_dir(&other).unwrap();
    let _disk = mount(&["-t", "tmpfs", "none"], &other);
    fs::write(other.join("f"), vec![1; 5000]).unwrap();
    fs::hard_link(other.join("f"), other.join("g")).unwrap();
    place.write("a/f", 1);
    place.write("b/g", 1);
    let from = |name: &str| other.join(name).to_str().unwrap().to_owned();
    let _f = mount(&["--bind", &from("f")], &place.root.join("a/f"));
    {
        let _g = mount(&["--bind", &from("g")], &place.root.join("b/g"));
        place.scan();
        assert_eq!(place.disk(""), du(&place.root) + 8192);
        assert!(!place.is_exact("") && !place.is_exact("a") && !place.is_exact("b"));
    }
    // The folder is listed without it.
    place.expand("b", Some(1));
    place.check_largest("");
    assert!(!place.is_exact("") && !place.is_exact("a") && place.is_exact("b"));
}
