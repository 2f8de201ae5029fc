//! What is asked of a folder beside its children: what is largest in it, and the totals of its
//! folders.

use std::sync::{Arc, Mutex};

use aether_core::Status;
use aether_core::slab::Kind;
use aether_index::reader::{FolderTotals, LargestBy, Sized};
use aether_index::{OpenOptions, Reason, ScanSpec};

use crate::support::*;

#[test]
fn the_largest_are_found_from_the_top() {
    let fixture = Fixture::new();
    fixture.scan(&[
        listing(
            "",
            &[
                dir("a"),
                dir("b"),
                file("top", 50, 1),
                (b"link".to_vec(), (Kind::Symlink, Some((9999, 40)))),
            ],
            1,
        ),
        listing("a", &[dir("deep"), file("a1", 10, 1)], 1),
        listing("a/deep", &[file("huge", 1000, 1), file("small", 1, 1)], 1),
        listing("b", &[file("b1", 60, 1), file("b2", 40, 1)], 1),
    ]);
    let (pool, source) = (fixture.pool(), fixture.uuid());
    let largest = |folder: &[u8], limit| {
        let found = pool
            .largest(&source, folder, limit, LargestBy::Bytes)
            .unwrap()
            .value;
        assert!(found.complete);
        let text = |list: Vec<Sized>| {
            let one =
                |sized: &Sized| format!("{}:{}", String::from_utf8_lossy(&sized.path), sized.bytes);
            list.iter().map(one).collect::<Vec<_>>().join(" ")
        };
        (text(found.folders), text(found.files))
    };
    assert_eq!(
        largest(b"", 3),
        (
            "a:1011 a/deep:1001 b:100".into(),
            "a/deep/huge:1000 b/b1:60 top:50".into()
        )
    );
    assert_eq!(
        largest(b"a", 10),
        (
            "a/deep:1001".into(),
            "a/deep/huge:1000 a/a1:10 a/deep/small:1".into()
        )
    );
    assert_eq!(
        largest(b"", 1),
        ("a:1011".into(), "a/deep/huge:1000".into())
    );

    // Another source inside tells nothing here, whether it was scanned or not.
    let inner = ScanSpec {
        root: b"/no/such/root/a/deep".to_vec(),
        ..spec()
    };
    let before = (largest(b"", 1), largest(b"a", 3));
    fixture
        .index()
        .add_source(b"/no/such/root/a", "other")
        .unwrap();
    fixture.scan_as(
        inner,
        &[listing("", &[file("other", 1 << 40, 1)], 1)],
        Status::Complete,
    );
    assert_eq!((largest(b"", 1), largest(b"a", 3)), before);
}

#[test]
fn who_watches_a_folder_is_told_of_its_folders_alone() {
    let heard = Arc::new(Mutex::new(Vec::new()));
    let told = heard.clone();
    let fixture = Fixture::with(OpenOptions {
        on_commit: Some(Arc::new(move |sources: &[i64]| {
            told.lock().unwrap().extend_from_slice(sources);
        })),
        ..OpenOptions::default()
    });
    let tree = |files: u64| {
        let names: Vec<_> = (0..files).map(|at| file(&at.to_string(), 5, 1)).collect();
        vec![
            listing("", &[dir("d"), file("f", 1, 1), dir("a")], 1),
            listing("d", &[dir("e")], 1),
            listing("d/e", &names, 1),
            listing("a", &[], 1),
        ]
    };
    fixture.scan(&tree(2));
    let (pool, source) = (fixture.pool(), fixture.uuid());
    let totals = |folder: &[u8]| {
        let folders = pool.folders(&source, folder).unwrap().into_iter();
        let one = |folder: FolderTotals| (folder.name, folder.file_count, folder.bytes);
        folders.map(one).collect::<Vec<_>>()
    };
    assert_eq!(totals(b""), [(b"a".to_vec(), 0, 0), (b"d".to_vec(), 2, 10)]);
    heard.lock().unwrap().clear();
    // In the middle of a scan, and the callback of a commit finds the source by its number.
    let scan = fixture.begin(spec());
    for listing in tree(7).iter().take(3) {
        push_whole(&scan, listing);
    }
    scan.end(Status::Cancelled, Default::default()).unwrap();
    let id = pool.source(&source).unwrap().value.id();
    let heard = heard.lock().unwrap();
    assert!(!heard.is_empty() && heard.iter().all(|source| *source == id));
    assert_eq!(totals(b""), [(b"a".to_vec(), 0, 0), (b"d".to_vec(), 7, 35)]);
    assert_eq!(totals(b"d"), [(b"e".to_vec(), 7, 35)]);
    assert_eq!(totals(b"a"), []);
    let error = pool.folders(&source, b"no").unwrap_err();
    assert_eq!(error.reason, Reason::NoFolder);
}
