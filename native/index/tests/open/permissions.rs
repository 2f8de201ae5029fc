//! Who may read the files of an index.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use aether_core::Status;
use aether_index::{Index, OpenOptions, ScanCounts};

use crate::support::*;

/// A user who may not read a folder may not read its names in an index either.
#[test]
fn only_the_owner_has_permissions_unless_others_are_given() {
    for mode in [None, Some(0o640)] {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("index.db");
        let mut options = OpenOptions::default();
        options.mode = mode.unwrap_or(options.mode);
        let index = Index::open(&path, options).unwrap();
        let scan = index.begin(spec(), Box::new(|_| {})).unwrap();
        push_whole(&scan, &listing("", &[file("a", 1, 1)], 1));
        let location = index.location().clone();
        let mut watch = aether_index::maintenance::Task::default();
        let copy = directory.path().join("copy.db");
        aether_index::maintenance::backup(&location, &copy, &mut watch).unwrap();
        let found: std::collections::BTreeSet<u32> = fs::read_dir(directory.path())
            .unwrap()
            .map(|entry| entry.unwrap().metadata().unwrap().permissions().mode() & 0o777)
            .collect();
        assert_eq!(found, [mode.unwrap_or(0o600)].into());
        scan.end(Status::Complete, ScanCounts::default()).unwrap();
        index.close().unwrap();
    }
}

/// A reader of the file needs its other files as well.
#[test]
fn permissions_of_the_other_files_follow_those_of_the_file() {
    let mut fixture = Fixture::new();
    fixture.scan(&[listing("", &[file("a", 1, 1)], 1)]);
    fixture.index.take().unwrap().close().unwrap();
    for mode in [0o664, 0o600] {
        fs::set_permissions(fixture.path(), fs::Permissions::from_mode(mode)).unwrap();
        fixture.reopen();
        fixture.scan(&[listing("", &[file("b", 1, 1)], 1)]);
        for suffix in ["", "-wal", "-shm", "-writer", "-scan"] {
            let path = format!("{}{suffix}", fixture.path().display());
            let found = fs::metadata(path).unwrap().permissions().mode() & 0o777;
            assert_eq!(found, mode, "{suffix}");
        }
        fixture.index.take().unwrap().close().unwrap();
    }
}
