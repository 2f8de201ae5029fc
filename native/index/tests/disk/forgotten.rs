//! What the root's links and sizes on disk come to as folders are removed or forgotten, and as stored
//! sizes are missing.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use aether_core::Status;
use aether_core::slab::Groups;
use aether_index::{OpenOptions, ScanCounts};

use crate::count::recount_links;
use crate::handmade::{batch_of, batch_with, listed, on_device, scan};
use crate::support::*;

/// An index, and what the root's links came to with each commit that was announced.
fn announced() -> (Fixture, Arc<Mutex<Vec<String>>>) {
    let told: Arc<Mutex<Vec<String>>> = Arc::default();
    let path: Arc<Mutex<Option<PathBuf>>> = Arc::default();
    let (tell, database) = (told.clone(), path.clone());
    let on_commit = move |sources: &[i64]| {
        if let (Some(path), false) = (&*database.lock().unwrap(), sources.is_empty()) {
            let linked = shell(path, "SELECT linked FROM dirs WHERE id = 1");
            tell.lock().unwrap().push(linked);
        }
    };
    let fixture = Fixture::with(OpenOptions {
        on_commit: Some(Arc::new(on_commit)),
        ..OpenOptions::default()
    });
    *path.lock().unwrap() = Some(fixture.path());
    (fixture, told)
}

#[test]
fn names_in_a_folder_count_no_more_when_it_is_forgotten() {
    let (fixture, told) = announced();
    let pair = [("f", 7, 2), ("g", 7, 2)];
    scan(
        &fixture,
        &[&[listed("", 1, &[("a", 9, 0)]), listed("a", 1, &pair)]],
    );
    let before = told.lock().unwrap().len();
    assert_eq!(told.lock().unwrap().last().unwrap(), "8\n");
    let uuid = fixture.uuid();
    fixture.index().forget(&uuid, Some(b"a")).unwrap();
    assert_eq!(told.lock().unwrap()[before], "0\n");
    recount_links(&fixture.path());
    fixture.recount();
}

/// More names than one transaction deletes.
#[test]
fn totals_that_change_while_names_are_deleted_are_announced() {
    let (fixture, told) = announced();
    let names: Vec<String> = (0..12_000).map(|at| format!("{at:05}")).collect();
    let entries = names.iter().zip(100..);
    let entries: Vec<_> = entries
        .map(|(name, inode)| (name.as_str(), inode, 2))
        .collect();
    scan(
        &fixture,
        &[&[listed("", 1, &[("a", 9, 0)]), listed("a", 1, &entries)]],
    );
    assert_eq!(told.lock().unwrap().last().unwrap(), "96000\n");
    scan(&fixture, &[&[listed("", 1, &[])]]);
    fixture.index().settle().unwrap();
    let linked = fixture.shell("SELECT linked FROM dirs WHERE id = 1");
    assert_eq!(linked, "0\n");
    assert_eq!(*told.lock().unwrap().last().unwrap(), linked);
}

/// An older version stored no sizes on disk, and a scan cannot read everything.
#[test]
fn sizes_on_disk_are_not_told_while_stored_files_lack_theirs() {
    let fixture = Fixture::new();
    let root = || listed("", 1, &[("a", 8, 0), ("b", 9, 0)]);
    let folder = |name| listed(name, 1, &[("f", 7, 1)]);
    scan(&fixture, &[&[root(), folder("a"), folder("b")]]);
    let told = || fixture.shell("SELECT disk_gen FROM sources");
    assert_eq!(told(), "1\n");
    fixture.sql(
        "UPDATE sources SET disk_gen = NULL; UPDATE files SET disk = NULL;
         UPDATE dirs SET disk = disk - iif(id = 1, 16, 8), own_disk = 0",
    );
    scan(&fixture, &[&[root(), folder("a")]]);
    assert_eq!(told(), "\n");
    scan(&fixture, &[&[root(), folder("a"), folder("b")]]);
    assert_eq!(told(), "3\n");
}

/// Nothing was stored before that could lack them.
#[test]
fn sizes_on_disk_are_not_told_of_a_first_scan_that_lacks_them() {
    for (groups, told) in [(Groups::INDEXED, "1\n"), (Groups::METADATA, "\n")] {
        let fixture = Fixture::new();
        let scan = fixture.begin(on_device(1));
        push(
            &scan,
            batch_with(groups, &[listed("", 1, &[("a", 8, 0), ("f", 9, 1)])]),
        );
        push(&scan, batch_of(&[listed("a", 1, &[("f", 7, 1)])]));
        scan.end(Status::Complete, ScanCounts::default()).unwrap();
        assert_eq!(fixture.shell("SELECT disk_gen FROM sources"), told);
    }
}

/// As a writer leaves it that dies while it deletes a forgotten source.
#[test]
fn links_of_a_forgotten_source_are_no_damage() {
    let mut fixture = Fixture::new();
    let pair = [("f", 7, 2), ("g", 7, 2), ("h", 6, 2)];
    scan(
        &fixture,
        &[&[listed("", 1, &[("a", 9, 0)]), listed("a", 1, &pair)]],
    );
    fixture.index.take().unwrap().close().unwrap();
    let db = rusqlite::Connection::open(fixture.path()).unwrap();
    db.execute_batch(
        "INSERT INTO graveyard SELECT root_dir, id, '', NULL FROM sources; DELETE FROM scans; DELETE FROM sources;
         DELETE FROM links WHERE inode = 6; DELETE FROM files",
    )
    .unwrap();
    drop(db);
    check_clean(&fixture.path());
}
