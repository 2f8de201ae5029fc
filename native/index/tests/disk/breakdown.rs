//! What lies beneath a folder by extension and by age, against `find`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::AtomicBool;

use aether_index::reader::{Breakdown, BreakdownBy, GroupKey};

use crate::tools::*;

impl Place {
    fn breakdown(&self, folder: &str, by: BreakdownBy, limit: usize) -> Breakdown {
        let (pool, uuid) = (self.fixture.pool(), self.fixture.uuid());
        let go = AtomicBool::new(false);
        let answer = pool.breakdown(&uuid, folder.as_bytes(), by, limit, &go);
        answer.unwrap().value
    }
}

/// What `find` tells of all that is no directory, sorted as a pass goes: each folder's files before
/// its folders. Name, kind, size, allocated bytes, device and inode, mtime in whole seconds.
fn find(root: &Path) -> Vec<(String, String, u64, u64, String, i64)> {
    let print = r"%P\0%y\0%s\0%b\0%D:%i\0%T@\0";
    let mut command = Command::new("find");
    command
        .arg(root)
        .args(["!", "-type", "d", "-printf", print]);
    let output = command.output().unwrap().stdout;
    let text = String::from_utf8(output).unwrap();
    let fields: Vec<&str> = text.split('\0').collect();
    let mut found: Vec<_> = fields.chunks_exact(6).map(<[&str]>::to_vec).collect();
    found.sort_by_key(|entry| {
        let names = entry[0].split('/').map(str::to_owned).collect::<Vec<_>>();
        let last = names.len() - 1;
        let names = names.into_iter().enumerate();
        names
            .map(|(at, name)| (at < last, name))
            .collect::<Vec<_>>()
    });
    let entry = |entry: Vec<&str>| {
        (
            entry[0].rsplit('/').next().unwrap().to_owned(),
            entry[1].to_owned(),
            entry[2].parse().unwrap(),
            512 * entry[3].parse::<u64>().unwrap(),
            entry[4].to_owned(),
            entry[5].split('.').next().unwrap().parse().unwrap(),
        )
    };
    found.into_iter().map(entry).collect()
}

/// Files, bytes, allocated bytes, newest second.
type Sums = (u64, u64, u64, i64);

fn expected(root: &Path) -> BTreeMap<String, Sums> {
    let (mut groups, mut seen) = (BTreeMap::new(), BTreeSet::new());
    for (name, kind, size, disk, inode, mtime) in find(root) {
        let extension = match name.trim_start_matches('.').rsplit_once('.') {
            Some((_, extension)) => extension.to_lowercase(),
            None => String::new(),
        };
        let group: &mut Sums = groups.entry(extension).or_default();
        group.0 += 1;
        group.1 += if kind == "f" { size } else { 0 };
        group.2 += if seen.insert(inode) { disk } else { 0 };
        group.3 = group.3.max(mtime);
    }
    groups
}

fn place() -> Place {
    let place = Place::new();
    for (path, bytes) in [
        ("b.TXT", 5000),
        ("z/deep/a.txt", 20_000),
        ("z/a.tar.gz", 7000),
        ("z/.hidden", 10),
        ("z/.hidden.rs", 9000),
        ("z/none", 3),
        ("z/dot.", 1),
        ("m/c.rs", 90_000),
    ] {
        place.write(path, bytes);
    }
    let link = |from: &str, to: &str| {
        fs::hard_link(place.root.join(from), place.root.join(to)).unwrap();
    };
    // In another group, before and behind it.
    link("m/c.rs", "z/c.txt");
    link("z/deep/a.txt", "m/a.rs");
    link("m/c.rs", "z/deep/again.rs");
    std::os::unix::fs::symlink("nowhere", place.root.join("l.txt")).unwrap();
    place
}

fn found(breakdown: &Breakdown) -> BTreeMap<String, Sums> {
    let groups = breakdown.groups.iter().map(|(key, totals)| {
        let GroupKey::Extension(extension) = key else {
            panic!("{key:?}");
        };
        let newest = totals.newest.unwrap().div_euclid(1_000_000_000);
        let sums = (totals.files, totals.bytes, totals.disk.unwrap(), newest);
        (String::from_utf8(extension.clone()).unwrap(), sums)
    });
    groups.collect()
}

#[test]
fn by_extension_it_is_what_find_finds() {
    let place = place();
    place.scan();
    for folder in ["", "z", "z/deep", "m"] {
        let breakdown = place.breakdown(folder, BreakdownBy::Extension, 100);
        assert_eq!(breakdown.others, None);
        assert_eq!(found(&breakdown), expected(&place.root.join(folder)));
        let bytes = breakdown.groups.iter().map(|(_, totals)| totals.bytes);
        assert!(bytes.rev().is_sorted());
    }
    // What is left over is one group.
    let all = place.breakdown("", BreakdownBy::Extension, 100);
    let few = place.breakdown("", BreakdownBy::Extension, 2);
    assert_eq!(few.groups, all.groups[..2]);
    let rest = all.groups[2..].iter().map(|(_, totals)| totals.files);
    assert_eq!(few.others.unwrap().files, rest.sum::<u64>());
}

/// More files and folders than a piece has.
#[test]
fn a_pass_goes_on_where_a_piece_ended() {
    let place = place();
    for at in 0..4100 {
        place.write(&format!("many/{at}.{}", at % 3), 1);
        fs::create_dir(place.root.join(format!("z/{at}"))).unwrap();
    }
    for at in (0..4100).step_by(100) {
        place.write(&format!("z/{at}/x.in"), 1);
    }
    place.scan();
    let breakdown = place.breakdown("", BreakdownBy::Extension, 100);
    assert_eq!(found(&breakdown), expected(&place.root));
}

#[test]
fn by_age_it_is_what_find_finds() {
    let place = Place::new();
    let ages = [
        ("now", 0),
        ("hour", 1),
        ("days", 5 * 24),
        ("weeks", 20 * 24),
        ("months", 100 * 24),
        ("years", 1000 * 24),
    ];
    for (name, hours) in ages {
        place.write(name, 10);
        let mut touch = Command::new("touch");
        touch.arg("-d").arg(format!("{hours} hours ago"));
        assert!(touch.arg(place.root.join(name)).status().unwrap().success());
    }
    place.scan();
    let breakdown = place.breakdown("", BreakdownBy::Age, 100);
    let mut younger = 0;
    for days in [1_u16, 7, 30, 365] {
        let mut find = Command::new("find");
        find.arg(&place.root).args(["-type", "f", "-mmin"]);
        let output = find
            .arg(format!("-{}", u32::from(days) * 1440))
            .output()
            .unwrap();
        let until = output.stdout.iter().filter(|byte| **byte == b'\n').count();
        let key = GroupKey::Age(Some(days));
        let group = breakdown.groups.iter().find(|(other, _)| *other == key);
        assert_eq!(group.unwrap().1.files as usize, until - younger, "{days}");
        younger = until;
    }
    let older = GroupKey::Age(None);
    let older = breakdown.groups.iter().find(|(key, _)| *key == older);
    assert_eq!(older.unwrap().1.files, 1);
}

#[test]
fn a_pass_that_is_cancelled_or_has_no_folder_fails() {
    let place = place();
    place.expand("", Some(1));
    let (pool, uuid) = (place.fixture.pool(), place.fixture.uuid());
    let by = BreakdownBy::Extension;
    let reason = |folder: &str, stop: bool| {
        let answer = pool.breakdown(&uuid, folder.as_bytes(), by, 9, &AtomicBool::new(stop));
        answer.map(|_| ()).map_err(|error| error.name())
    };
    assert_eq!(reason("", true), Err("cancelled"));
    assert_eq!(reason("no", false), Err("no_folder"));
    assert_eq!(reason("b.TXT", false), Err("enotdir"));
    assert_eq!(reason("", false), Ok(()));
    // Nobody has looked at all of it: there are no sizes on disk, and the answer says so.
    let answer = pool.breakdown(&uuid, b"", by, 9, &AtomicBool::new(false));
    let answer = answer.unwrap();
    assert!(!answer.exhaustive);
    let totals = answer.value.groups.iter().map(|(_, totals)| totals.disk);
    assert!(totals.into_iter().all(|disk| disk.is_none()));
}
