//! What is stored of entries and notes, and what is not stored.

use aether_core::Status;
use aether_core::slab::Kind;
use aether_index::{OpenOptions, ScanCounts, ScanSpec};

use crate::support::*;
use crate::tree;

/// Gaps 003, 007 and 009 of the predecessor: slashes, 64-bit sizes and kinds are exact.
#[test]
fn gap_scan_003_007_009_sizes_paths_and_kinds_are_exact() {
    let fixture = Fixture::new();
    let link = (b"link".to_vec(), (Kind::Symlink, Some((3, -1))));
    let pipe = (b"a\\b".to_vec(), (Kind::Other, Some((0, i64::MIN))));
    fixture.scan(&[
        listing("", &[dir("d")], 1),
        listing("d", &[file("big", 1 << 42, i64::MAX), link, pipe], 1),
    ]);
    let rows = fixture.shell("SELECT prefix, name, kind, size, mtime_ns FROM scout_files WHERE prefix = 'd/' ORDER BY name");
    assert_eq!(
        rows,
        format!(
            "d/|a\\b|4|0|{}\nd/|big|1|{}|{}\nd/|link|3|3|-1\n",
            i64::MIN,
            1_u64 << 42,
            i64::MAX
        )
    );
    assert_eq!(
        fixture.shell("SELECT bytes FROM dirs WHERE name = ''"),
        format!("{}\n", 1_u64 << 42)
    );
}

/// Gap 002 of the predecessor: notes derived from a file are dropped when it changes.
#[test]
fn gap_scan_002_a_changed_file_loses_its_notes() {
    let fixture = Fixture::new();
    let names = ["same", "size", "mtime", "gone", "kind", "unknown"];
    let files: Vec<_> = names.iter().map(|name| file(name, 1, 1)).collect();
    fixture.scan(&[listing("", &[dir("d")], 1), listing("d", &files, 1)]);
    let source = &fixture.uuid();
    for name in names {
        fixture
            .index()
            .put_note(note_of(
                source,
                (b"d", name.as_bytes()),
                b"lines",
                Some(b"\x00\xff"),
            ))
            .unwrap();
    }
    fixture
        .index()
        .put_note(note_of(source, (b"", b"d"), b"colour", Some(b"red")))
        .unwrap();
    assert_eq!(
        fixture
            .index()
            .put_note(note_of(source, (b"d", b"none"), b"k", Some(b"v")))
            .unwrap_err()
            .reason
            .name(),
        "no_folder"
    );
    let changed = [
        file("same", 1, 1),
        file("size", 2, 1),
        file("mtime", 1, 2),
        dir("kind"),
        (b"unknown".to_vec(), (Kind::File, None)),
    ];
    fixture.scan(&[listing("", &[dir("d")], 1), listing("d", &changed, 1)]);
    let left = fixture.shell("SELECT name, key, hex(value) FROM notes ORDER BY name");
    assert_eq!(
        left,
        "d|colour|726564\nsame|lines|00FF\nunknown|lines|00FF\n"
    );
}

#[test]
fn an_index_in_the_scanned_tree_is_not_part_of_it() {
    let fixture = Fixture::new();
    let root = std::fs::canonicalize(fixture.directory.path())
        .unwrap()
        .parent()
        .unwrap()
        .to_path_buf();
    let holder = fixture
        .directory
        .path()
        .file_name()
        .unwrap()
        .to_str()
        .unwrap()
        .to_owned();
    let own = [
        "index.db",
        "index.db-wal",
        "index.db-shm",
        "index.db-writer",
        "index.db-scan",
    ]
    .map(|name| file(name, 5, 5));
    let inner: Vec<_> = own.into_iter().chain([file("mine", 1, 1)]).collect();
    let root = ScanSpec {
        root: std::os::unix::ffi::OsStrExt::as_bytes(root.as_os_str()).to_vec(),
        ..ScanSpec::default()
    };
    fixture.scan_as(
        root,
        &[listing("", &[dir(&holder)], 1), listing(&holder, &inner, 1)],
        Status::Complete,
    );
    let rows: Vec<_> = fixture
        .rows()
        .into_iter()
        .map(|(path, row)| (String::from_utf8(path).unwrap(), row.2))
        .collect();
    assert_eq!(
        rows,
        [
            (holder.clone(), String::new()),
            (format!("{holder}/mine"), "1".to_owned())
        ]
    );
}

#[test]
fn bytes_that_are_no_slab_end_only_their_scan() {
    let fixture = Fixture::new();
    let scan = fixture.begin(spec());
    let bad = aether_index::Batch {
        slab: b"ASLB nonsense".to_vec(),
        ..aether_index::Batch::default()
    };
    push(&scan, bad);
    let error = scan
        .end(Status::Complete, ScanCounts::default())
        .unwrap_err();
    assert_eq!(error.reason.name(), "bad_slab");
    assert_eq!(fixture.shell("SELECT status FROM scans"), "4\n");
    fixture.scan(&tree(2, 2));
    fixture.recount();
}

/// Without a history no other row shows that the id was given.
#[test]
fn the_id_of_a_directory_is_never_reused() {
    let mut fixture = Fixture::with(OpenOptions {
        history: 0,
        ..OpenOptions::default()
    });
    let id = |fixture: &Fixture, name: &str| -> i64 {
        let sql = format!("SELECT id FROM dirs WHERE name = '{name}'");
        fixture.shell(&sql).trim().parse().unwrap()
    };
    fixture.scan(&[
        listing("", &[dir("a")], 1),
        listing("a", &[file("f", 1, 1)], 1),
    ]);
    for (old, new) in [("a", "b"), ("b", "c")] {
        let before = id(&fixture, old);
        fixture.scan(&[listing("", &[], 1)]);
        fixture.index().settle().unwrap();
        fixture.reopen();
        fixture.scan(&[
            listing("", &[dir(new)], 1),
            listing(new, &[file("f", 1, 1)], 1),
        ]);
        assert!(id(&fixture, new) > before, "{new}");
    }
}
