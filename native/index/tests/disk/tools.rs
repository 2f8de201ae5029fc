//! Trees on disk, scans of them, and what `du` and `find` say of them.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use aether_core::{Options, Pool};
use aether_index::ScanSpec;
use tempfile::TempDir;

use crate::count::recount_links;
use crate::support::*;
use crate::walker::walk;

/// A root to scan, and the index of it.
pub struct Place {
    pub fixture: Fixture,
    pub directory: TempDir,
    pub root: PathBuf,
}

impl Place {
    pub fn new() -> Place {
        let directory = tempfile::tempdir().unwrap();
        let root = directory.path().join("root");
        fs::create_dir(&root).unwrap();
        Place {
            fixture: Fixture::new(),
            directory,
            root,
        }
    }

    pub fn spec(&self, folder: &str) -> ScanSpec {
        ScanSpec {
            root: self.root.as_os_str().as_bytes().to_vec(),
            folder: folder.into(),
            ..ScanSpec::default()
        }
    }

    /// Scans a folder, one level or all, and recounts.
    pub fn expand(&self, folder: &str, depth: Option<u32>) {
        let options = Options {
            depth,
            ..Options::default()
        };
        let index = Some(self.fixture.index());
        walk(&Pool::new(2), index, self.spec(folder), options, None).unwrap();
        self.recount();
    }

    /// A scan that is cancelled after so many slabs.
    pub fn cut_off(&self, folder: &str, slabs: u64) {
        let options = Options {
            slab_entries: 3,
            ..Options::default()
        };
        let index = Some(self.fixture.index());
        walk(
            &Pool::new(2),
            index,
            self.spec(folder),
            options,
            Some(slabs),
        )
        .unwrap();
        self.recount();
    }

    /// Counts again, before and after what was removed is deleted.
    pub fn recount(&self) {
        recount_links(&self.fixture.path());
        self.fixture.index().settle().unwrap();
        self.fixture.recount();
        recount_links(&self.fixture.path());
    }

    pub fn scan(&self) {
        self.expand("", None);
    }

    pub fn write(&self, path: &str, bytes: usize) {
        let path = self.root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, vec![b'x'; bytes]).unwrap();
    }

    /// Asserts that the size on disk of every folder that exists is what `du` says of it alone, and
    /// what it does not share is what inodes take up that have all their names in it.
    pub fn check(&self) {
        let names = names(&self.root);
        let pool = self.fixture.pool();
        let uuid = self.fixture.uuid();
        for folder in folders(&self.root) {
            let path = folder.strip_prefix(&self.root).unwrap();
            let answer = pool.totals(&uuid, path.as_os_str().as_bytes());
            let totals = answer.unwrap().value;
            assert_eq!(totals.disk, Some(du(&folder)), "{}", path.display());
            let unshared = Some(unshared(&names, &folder));
            assert_eq!(totals.disk_unshared, unshared, "{}", path.display());
        }
    }
}

/// An entry as `find` tells it: device, inode, number of names, blocks, kind and path.
type Name = (String, String, u64, u64, String, PathBuf);

fn names(root: &Path) -> Vec<Name> {
    let output = Command::new("find")
        .arg(root)
        .args(["-printf", r"%D\0%i\0%n\0%b\0%y\0%p\0"])
        .output()
        .unwrap();
    let fields: Vec<&[u8]> = output.stdout.split(|byte| *byte == 0).collect();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let entries = fields.chunks_exact(6);
    entries
        .map(|entry| {
            (
                text(entry[0]),
                text(entry[1]),
                text(entry[2]).parse().unwrap(),
                text(entry[3]).parse().unwrap(),
                text(entry[4]),
                PathBuf::from(std::ffi::OsStr::from_bytes(entry[5])),
            )
        })
        .collect()
}

/// What is freed with a folder.
fn unshared(names: &[Name], folder: &Path) -> u64 {
    let beneath = names.iter().filter(|name| name.5.starts_with(folder));
    let mut inodes: BTreeMap<(&str, &str), (u64, u64, u64)> = BTreeMap::new();
    let mut blocks = 0;
    for (device, inode, nlink, size, kind, _) in beneath {
        if kind == "d" {
            blocks += size;
            continue;
        }
        let found = inodes.entry((device, inode)).or_insert((0, *nlink, *size));
        found.0 += 1;
    }
    let whole = inodes.values().filter(|(names, nlink, _)| names >= nlink);
    512 * (blocks + whole.map(|(.., size)| size).sum::<u64>())
}

/// All folders at and beneath a root.
pub fn folders(root: &Path) -> Vec<PathBuf> {
    let output = Command::new("find")
        .arg(root)
        .args(["-type", "d", "-print0"])
        .output()
        .unwrap();
    let paths = output.stdout.split(|byte| *byte == 0);
    let paths = paths.filter(|path| !path.is_empty());
    paths
        .map(|path| PathBuf::from(std::ffi::OsStr::from_bytes(path)))
        .collect()
}

/// What a folder takes up on disk.
pub fn du(folder: &Path) -> u64 {
    let output = Command::new("du").args(["-s", "-B1"]).arg(folder).output();
    let text = String::from_utf8(output.unwrap().stdout).unwrap();
    let number = text.split_whitespace().next();
    number.unwrap().parse().unwrap()
}
