//! Random histories of listings made by hand: inodes with names in many folders, on several devices,
//! seen in any order, in part or with other numbers of names, and counted again after each commit.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use aether_core::Status;
use aether_core::slab::{Builder, Groups, Kind, Metadata};
use aether_index::{Batch, Index, MountIdentity, OpenOptions, ScanCounts, ScanSpec};

use crate::count::recount_links;
use crate::support::*;

/// Entries of a folder: a folder, or the inode of a file.
type Tree = BTreeMap<String, BTreeMap<String, Option<u64>>>;

const FOLDERS: [&str; 8] = ["", "a", "a/b", "a/b/c", "a/d", "e", "e/f", "g"];

/// The device that a folder lies on.
fn device(folder: &str, shift: u32) -> u32 {
    let device = if folder.starts_with('e') { 2 } else { 1 };
    device + 10 * shift
}

fn identity(inode: u64) -> MountIdentity {
    MountIdentity {
        inode,
        birth: Some(1),
        file_system: None,
    }
}

fn batch_of(tree: &Tree, folder: &str, upto: usize, dice: &mut Dice, shift: u32) -> Batch {
    let mut builder = Builder::new(0, Groups::INDEXED);
    builder.open(|path| path.extend_from_slice(folder.as_bytes()));
    let entries = &tree[folder];
    for (name, inode) in entries.iter().take(upto) {
        let path = match folder {
            "" => name.clone(),
            folder => format!("{folder}/{name}"),
        };
        let known = Metadata {
            size: 1,
            mtime: 1,
            disk: 512 * (inode.unwrap_or(8) % 7 + dice.below(3) as u64),
            inode: inode.unwrap_or(99),
            device: device(&path, shift),
            nlink: 1 + dice.below(4) as u32,
            ..Metadata::default()
        };
        let kind = match inode {
            Some(_) => Kind::File,
            None => Kind::Directory,
        };
        builder.entry(name.as_bytes(), kind, Some(&known));
    }
    if upto >= entries.len() {
        builder.close(1);
    } else if upto == 0 {
        return Batch::default();
    }
    let mut batch = Batch {
        stamps: vec![stamp()],
        devices: vec![device(folder, shift)],
        ..Batch::default()
    };
    if folder == "e" {
        batch.subvolumes.push((0, identity(5)));
    }
    batch.slab = vec![0; builder.encoded_len()];
    builder.encode_into(&mut batch.slab);
    batch
}

/// A tree of which some folders exist, with names of a few inodes.
fn grow(tree: &mut Tree, dice: &mut Dice) {
    for folder in FOLDERS {
        let parent = folder.rsplit_once('/').map_or("", |(parent, _)| parent);
        let exists = folder.is_empty() || (tree.contains_key(parent) && dice.below(5) > 0);
        if !exists {
            tree.remove(folder);
            continue;
        }
        let files = tree.entry(folder.to_owned()).or_default();
        files.retain(|_, inode| inode.is_some());
        for name in ["1", "2", "3", "4"] {
            match dice.below(4) {
                0 => drop(files.insert(name.to_owned(), Some(1 + dice.below(5) as u64))),
                1 => drop(files.remove(name)),
                _ => {}
            }
        }
    }
    for folder in FOLDERS.into_iter().filter(|folder| !folder.is_empty()) {
        let (parent, name) = folder.rsplit_once('/').unwrap_or(("", folder));
        if tree.contains_key(folder) {
            let above = tree.get_mut(parent).unwrap();
            above.insert(name.to_owned(), None);
        }
    }
}

fn spec_of(shift: u32) -> ScanSpec {
    ScanSpec {
        root_device: device("", shift),
        root_identity: Some(identity(2)),
        devices: vec![(b"e".to_vec(), device("e", shift), identity(5))],
        root_disk: Some(4096),
        ..spec()
    }
}

fn run(seed: u64) {
    let mut dice = Dice(seed);
    let entries = [1, 5, 1000][dice.below(3)];
    let mut fixture = Fixture::with(OpenOptions {
        batch_entries: entries,
        ..OpenOptions::default()
    });
    let mut tree = Tree::new();
    let mut shift = 0;
    for _ in 0..8 {
        grow(&mut tree, &mut dice);
        // As after a reboot.
        shift += u32::from(dice.below(4) == 0);
        let mut folders: Vec<&str> = tree.keys().map(String::as_str).collect();
        if dice.below(3) == 0 {
            let at = folders[dice.below(folders.len())];
            folders.retain(|folder| folder.starts_with(at));
        }
        let database = fixture.path();
        let on_commit = move |_| recount_links(&database);
        let scan = fixture
            .index()
            .begin(spec_of(shift), Box::new(on_commit))
            .unwrap();
        let sent = match dice.below(3) {
            0 => dice.below(folders.len()),
            _ => folders.len(),
        };
        for left in (1..folders.len()).rev() {
            folders.swap(left, dice.below(left + 1));
        }
        for folder in &folders[..sent] {
            let most = tree[*folder].len();
            let upto = if dice.below(5) == 0 {
                dice.below(most + 1)
            } else {
                most
            };
            let batch = batch_of(&tree, folder, upto, &mut dice, shift);
            if !batch.stamps.is_empty() {
                push(&scan, batch);
            }
        }
        scan.end(Status::Complete, ScanCounts::default()).unwrap();
        recount_links(&fixture.path());
        fixture.recount();
        if dice.below(4) == 0 {
            fixture.reopen();
        }
    }
    fixture.index().settle().unwrap();
    recount_links(&fixture.path());
    check_clean(&fixture.path());
}

#[test]
fn links_add_up_after_every_commit_of_random_histories() {
    let seeds = if is_full() { 1000 } else { 60 };
    for seed in 0..seeds {
        println!("seed {seed}");
        run(seed * 104_729 + 7);
    }
}

/// The child: scans tree after tree, until it is killed.
fn scan_for_ever(path: &Path, seed: u64) {
    let options = OpenOptions {
        batch_entries: 3,
        wal_soft: 300_000,
        ..OpenOptions::default()
    };
    let index = Index::open(path, options).unwrap();
    let (mut dice, mut tree) = (Dice(seed), Tree::new());
    for shift in 0.. {
        grow(&mut tree, &mut dice);
        let scan = index.begin(spec_of(shift), Box::new(|_| {})).unwrap();
        println!("begun");
        for folder in tree.keys() {
            let most = tree[folder].len();
            push(&scan, batch_of(&tree, folder, most, &mut dice, shift));
        }
        scan.end(Status::Complete, ScanCounts::default()).unwrap();
    }
}

#[test]
fn a_writer_killed_at_any_moment_leaves_links_that_add_up() {
    if let Some(path) = std::env::var_os("INDEX_TO_WRITE") {
        let seed = std::env::var("SEED").unwrap().parse().unwrap();
        scan_for_ever(Path::new(&path), seed);
        return;
    }
    let (mut linked, mut crashed) = (0, 0);
    for round in 0..if is_full() { 100 } else { 12 } {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("index.db");
        let seed = (round * 7919 + 3).to_string();
        let variables = [
            ("INDEX_TO_WRITE", path.as_os_str()),
            ("SEED", OsStr::new(&seed)),
        ];
        let mut command = child(
            a_writer_killed_at_any_moment_leaves_links_that_add_up,
            &variables,
        );
        let mut writer = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(writer.stdout.take().unwrap()).lines();
        // At least one scan before it was written to its end.
        for _ in 0..2 + round % 3 {
            assert!(lines.any(|line| line.unwrap().contains("begun")));
        }
        // Another moment each time: no event marks these.
        std::thread::sleep(Duration::from_micros(round * 7919 % 90_000));
        writer.kill().unwrap();
        writer.wait().unwrap();
        recount_links(&path);
        recount(&path);
        check_clean(&path);
        let count = |sql| shell(&path, sql).trim().parse::<u64>().unwrap();
        linked += count("SELECT count(*) FROM links");
        crashed += count("SELECT count(*) FROM scans WHERE status = 0");
        let index = Index::open(&path, OpenOptions::default()).unwrap();
        index.settle().unwrap();
        index.close().unwrap();
        recount_links(&path);
        check_clean(&path);
    }
    assert!(
        linked > 0 && crashed > 0,
        "{linked} links, {crashed} crashes"
    );
}
