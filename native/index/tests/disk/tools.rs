//! Trees on disk, scans of them, and what `du` and `find` say of them.

use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use aether_core::{Options, Pool};
use aether_index::ScanSpec;
use tempfile::TempDir;

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
        self.fixture.index().settle().unwrap();
        self.fixture.recount();
    }

    pub fn scan(&self) {
        self.expand("", None);
    }

    pub fn write(&self, path: &str, bytes: usize) {
        let path = self.root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, vec![b'x'; bytes]).unwrap();
    }

    /// Asserts that the size on disk of every folder that exists is what `du` says of it alone.
    pub fn check(&self) {
        let pool = self.fixture.pool();
        let uuid = self.fixture.uuid();
        for folder in folders(&self.root) {
            let path = folder.strip_prefix(&self.root).unwrap();
            let answer = pool.totals(&uuid, path.as_os_str().as_bytes());
            let totals = answer.unwrap().value;
            assert_eq!(totals.disk, Some(du(&folder)), "{}", path.display());
        }
    }
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
