//! Permissions and owners, as the index has them of real trees, against what `find` prints.

use std::collections::BTreeMap;
use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, lchown};
use std::process::Command;
use std::sync::atomic::AtomicBool;

use aether_core::{Options, Pool};
use aether_index::reader::{BreakdownBy, ChildrenOptions, GroupKey};
use aether_index::{Owner, ScanSpec};

use crate::tools::*;
use crate::walker::walk;

fn is_root() -> bool {
    let is_root = rustix::process::geteuid().is_root();
    if !is_root {
        eprintln!("skipped: only root may give files away");
    }
    is_root
}

impl Place {
    /// Scans a folder, and keeps owners or does not.
    fn scan_owned(&self, folder: &str, owners: bool) {
        self.scan_into(self.fixture.index(), folder, owners);
        self.recount();
    }

    fn scan_into(&self, index: &std::sync::Arc<aether_index::Index>, folder: &str, owners: bool) {
        let spec = ScanSpec {
            owners: Some(owners),
            ..self.spec(folder)
        };
        walk(&Pool::new(2), Some(index), spec, Options::default(), None).unwrap();
    }

    fn give(&self, path: &str, uid: u32, gid: u32, mode: u32) {
        let path = self.root.join(path);
        lchown(&path, Some(uid), Some(gid)).unwrap();
        if !path.is_symlink() {
            fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
        }
    }

    /// Whose every entry is, the root too, as children of folders and one by one.
    fn owners(&self) -> BTreeMap<String, Option<Owner>> {
        let (pool, uuid) = (self.fixture.pool(), self.fixture.uuid());
        let stat = |path: &str| {
            let answer = pool.stat(&uuid, path.as_bytes()).unwrap();
            answer.value.unwrap().owner
        };
        let mut found = BTreeMap::from([(String::new(), stat(""))]);
        let mut folders = vec![String::new()];
        while let Some(folder) = folders.pop() {
            let options = ChildrenOptions {
                limit: 10_000,
                ..ChildrenOptions::default()
            };
            let page = pool.children(&uuid, folder.as_bytes(), &options).unwrap();
            for child in page.value.children {
                let name = String::from_utf8(child.name).unwrap();
                let path = format!("{folder}{}{name}", if folder.is_empty() { "" } else { "/" });
                assert_eq!(stat(&path), child.owner, "{path}");
                found.insert(path.clone(), child.owner);
                if child.kind == 2 {
                    folders.push(path);
                }
            }
        }
        found
    }

    /// The same as `find` prints it.
    fn expected(&self) -> BTreeMap<String, Option<Owner>> {
        let mut find = Command::new("find");
        let output = find.arg(&self.root).args(["-printf", "%P|%U|%G|%m|%y\n"]);
        let lines = String::from_utf8(output.output().unwrap().stdout).unwrap();
        let entry = |line: &str| {
            let fields: Vec<&str> = line.split('|').collect();
            let kind = match fields[4] {
                "d" => 0o040_000,
                "l" => 0o120_000,
                "p" => 0o010_000,
                _ => 0o100_000,
            };
            let owner = Owner {
                mode: kind | u16::from_str_radix(fields[3], 8).unwrap(),
                uid: fields[1].parse().unwrap(),
                gid: fields[2].parse().unwrap(),
            };
            (fields[0].to_owned(), Some(owner))
        };
        lines.lines().map(entry).collect()
    }

    fn none(&self) -> BTreeMap<String, Option<Owner>> {
        let expected = self.expected().into_keys();
        expected.map(|path| (path, None)).collect()
    }
}

/// Files and folders of several users.
fn place() -> Place {
    let place = Place::new();
    for (path, uid, gid, mode) in [
        ("a/b/one", 1000, 100, 0o640),
        ("a/b/two", 4_294_967_294, 7, 0o4755),
        ("a/three", 1000, 100, 0o600),
        ("c/four", 65_534, 65_534, 0o444),
    ] {
        place.write(path, 5000);
        place.give(path, uid, gid, mode);
    }
    std::os::unix::fs::symlink("nowhere", place.root.join("c/link")).unwrap();
    place.give("c/link", 12, 13, 0);
    let mut mkfifo = Command::new("mkfifo");
    assert!(
        mkfifo
            .arg(place.root.join("pipe"))
            .status()
            .unwrap()
            .success()
    );
    fs::hard_link(place.root.join("a/three"), place.root.join("c/three")).unwrap();
    place.give("a/b", 1000, 100, 0o2770);
    place.give("c", 0, 50, 0o1777);
    place.give("", 3, 4, 0o711);
    place
}

#[test]
fn owners_are_those_that_find_prints() {
    if !is_root() {
        return;
    }
    let place = place();
    // More folders than are cached.
    for at in 0..2100 {
        fs::create_dir_all(place.root.join(format!("many/{at}"))).unwrap();
    }
    place.give("many/7", 77, 78, 0o700);
    place.scan_owned("", true);
    assert_eq!(place.owners(), place.expected());
    let source = place.fixture.pool().source(&place.fixture.uuid()).unwrap();
    assert!(source.value.has_owners);
    // Each combination is stored once, and an unchanged rescan changes nothing.
    let distinct = place.expected().into_values().collect::<Vec<_>>();
    let mut distinct: Vec<_> = distinct.iter().map(|owner| format!("{owner:?}")).collect();
    distinct.sort();
    distinct.dedup();
    let rows = || {
        place
            .fixture
            .shell("SELECT * FROM owners; SELECT * FROM files")
    };
    let count = place.fixture.shell("SELECT count(*) FROM owners");
    assert_eq!(count, format!("{}\n", distinct.len()));
    let before = rows();
    place.scan_owned("", true);
    assert_eq!(rows(), before);
}

#[test]
fn another_owner_is_seen_and_is_no_change_of_the_entry() {
    if !is_root() {
        return;
    }
    let mut place = place();
    place.scan_owned("", true);
    let history = |place: &Place| {
        let sql = "SELECT count(*) FROM changed_files; SELECT count(*) FROM changes";
        place.fixture.shell(sql)
    };
    let before = history(&place);
    place.give("a/b/one", 5, 6, 0o600);
    place.give("a/b", 8, 9, 0o755);
    place.give("c/link", 1, 2, 0);
    place.give("", 31, 41, 0o755);
    place.scan_owned("a/b", true);
    place.scan_owned("", true);
    assert_eq!(place.owners(), place.expected());
    assert_eq!(history(&place), before);
    // No row is cached yet.
    place.fixture.reopen();
    place.give("a/b", 10, 9, 0o755);
    let only_names = Options {
        depth: Some(1),
        ..Options::default()
    };
    let spec = ScanSpec {
        owners: Some(true),
        ..place.spec("a")
    };
    let index = Some(place.fixture.index());
    walk(&Pool::new(1), index, spec, only_names, None).unwrap();
    place.recount();
    assert_eq!(place.owners(), place.expected());
}

#[test]
fn owners_are_kept_from_when_a_scan_is_told_to_until_one_is_told_not_to() {
    if !is_root() {
        return;
    }
    let place = place();
    place.scan();
    assert_eq!(place.owners(), place.none());
    assert_eq!(place.fixture.shell("SELECT count(*) FROM owners"), "0\n");
    // What no scan has seen since has none.
    place.scan_owned("a/b", true);
    let mut expected = place.none();
    let seen = place.expected().into_iter();
    expected.extend(seen.filter(|(path, _)| path.starts_with("a/b/") || path.is_empty()));
    assert_eq!(place.owners(), expected);
    place.scan_owned("", true);
    assert_eq!(place.owners(), place.expected());
    let attributes = || place.fixture.shell("SELECT attributes FROM sources");
    place.scan_owned("c", false);
    assert_eq!(attributes(), "\n");
    // Nothing is told at once, and what is seen is forgotten.
    assert_eq!(place.owners(), place.none());
    let kept = "SELECT name FROM files WHERE owner IS NOT NULL ORDER BY name";
    assert_eq!(place.fixture.shell(kept), "one\npipe\nthree\ntwo\n");
    // What was not seen since has what it had.
    place.scan_owned("a/b", true);
    let mut expected = place.expected();
    for path in ["c/four", "c/link", "c/three"] {
        expected.insert(path.to_owned(), None);
    }
    assert_eq!(place.owners(), expected);
}

#[test]
fn a_scan_that_is_told_nothing_keeps_what_was_kept() {
    if !is_root() {
        return;
    }
    let mut place = place();
    // At first none.
    place.scan();
    assert_eq!(place.owners(), place.none());
    place.scan_owned("", true);
    let attributes = |place: &Place| place.fixture.shell("SELECT attributes FROM sources");
    place.give("a/b/one", 11, 12, 0o604);
    place.give("", 31, 41, 0o755);
    place.scan();
    assert_eq!(place.owners(), place.expected());
    // A part of it, and by a writer that has not met the source yet.
    place.fixture.reopen();
    place.give("a/b/two", 13, 14, 0o606);
    place.give("", 32, 42, 0o711);
    place.expand("a/b", Some(1));
    assert_eq!(place.owners(), place.expected());
    // By a path that the index has never been told.
    place.give("c/four", 15, 16, 0o400);
    let other = place.directory.path().join("other");
    std::os::unix::fs::symlink(&place.root, &other).unwrap();
    let spec = ScanSpec {
        root: other.into_os_string().into_encoded_bytes(),
        ..place.spec("")
    };
    let index = Some(place.fixture.index());
    walk(&Pool::new(2), index, spec, Options::default(), None).unwrap();
    place.recount();
    assert_eq!(attributes(&place), "owner\n");
    assert_eq!(place.owners(), place.expected());
    // Once turned off they stay off, without being said again.
    place.scan_owned("", false);
    place.scan();
    assert_eq!(attributes(&place), "\n");
    let rows = "SELECT count(*) FROM files WHERE owner IS NOT NULL";
    assert_eq!(place.fixture.shell(rows), "0\n");
}

/// The index's own files are left out of the listing in which they are.
#[test]
fn an_index_within_its_tree_keeps_whose_the_others_are() {
    if !is_root() {
        return;
    }
    let mut place = place();
    let path = place.root.join("a/index.db");
    let index = aether_index::Index::open(&path, place.fixture.options.clone()).unwrap();
    place.fixture.index = Some(std::sync::Arc::new(index));
    place.write("a/zero", 1);
    place.give("a/zero", 91, 92, 0o600);
    place.write("a/hero", 1);
    place.give("a/hero", 93, 94, 0o640);
    place.scan_into(place.fixture.index(), "", true);
    let pool = place.fixture.pool();
    let uuid = pool.sources().unwrap()[0].value.uuid.clone();
    let expected = place.expected();
    for path in ["a/hero", "a/three", "a/zero"] {
        let found = pool.stat(&uuid, path.as_bytes()).unwrap().value.unwrap();
        assert_eq!(found.owner, expected[path], "{path}");
    }
}

#[test]
fn by_owner_a_breakdown_is_what_find_finds() {
    if !is_root() {
        return;
    }
    let place = place();
    place.scan();
    let groups = || {
        let (pool, uuid) = (place.fixture.pool(), place.fixture.uuid());
        let never = AtomicBool::new(false);
        let answer = pool.breakdown(&uuid, b"", BreakdownBy::Owner, 100, &never);
        answer.unwrap().value.groups
    };
    let all = groups();
    assert_eq!(all.len(), 1);
    assert_eq!((&all[0].0, all[0].1.files), (&GroupKey::NoUser, 7));
    place.scan_owned("", true);
    let mut find = Command::new("find");
    let find = find.arg(&place.root).args(["!", "-type", "d"]);
    let output = find.args(["-printf", "%U %s %b %y %i\n"]).output().unwrap();
    let mut expected: BTreeMap<u32, (u64, u64, u64)> = BTreeMap::new();
    let mut seen = Vec::new();
    for line in String::from_utf8(output.stdout).unwrap().lines() {
        let fields: Vec<&str> = line.split(' ').collect();
        let sums = expected.entry(fields[0].parse().unwrap()).or_default();
        sums.0 += 1;
        if fields[3] == "f" {
            sums.1 += fields[1].parse::<u64>().unwrap();
        }
        if !seen.contains(&fields[4].to_owned()) {
            sums.2 += 512 * fields[2].parse::<u64>().unwrap();
            seen.push(fields[4].to_owned());
        }
    }
    let found = groups().into_iter().map(|(key, totals)| match key {
        GroupKey::User(uid) => (uid, (totals.files, totals.bytes, totals.disk.unwrap())),
        other => panic!("{other:?}"),
    });
    assert_eq!(found.collect::<BTreeMap<_, _>>(), expected);
    // Owners that are no longer kept are not returned.
    place.scan_owned("c", false);
    assert_eq!(groups()[0].0, GroupKey::NoUser);
    assert_eq!(groups().len(), 1);
}
