//! Cursors that are handed back to other pages than they came from, which would leave out entries without a word.

use aether_core::Status;
use aether_index::reader::{ChangesOptions, ChildrenOptions, Sort, SortKey};
use aether_index::{Reason, ScanSpec};

use crate::support::*;

/// Folders `a` and `b` beneath a root, with files that are larger each time.
fn listings(size: u64) -> Vec<Listing> {
    let files: Vec<_> = (0..3).map(|at| file(&format!("f{at}"), size, 1)).collect();
    vec![
        listing("", &[dir("a"), dir("b")], 1),
        listing("a", &files, 1),
        listing("b", &files, 1),
    ]
}

#[test]
fn a_cursor_is_refused_for_other_pages_than_its_own() {
    let fixture = Fixture::new();
    let other = ScanSpec {
        root: b"/other".to_vec(),
        source_id: Some("other".to_owned()),
        ..spec()
    };
    fixture.scan(&listings(1));
    let uuid = fixture.uuid();
    fixture.scan(&listings(2));
    for size in [1, 2] {
        fixture.scan_as(other.clone(), &listings(size), Status::Complete);
    }
    let pool = fixture.pool();
    let mut options = ChildrenOptions {
        limit: 1,
        ..ChildrenOptions::default()
    };
    let first = pool.children(&uuid, b"a", &options).unwrap().value;
    options.after = first.next;
    let rest = pool.children(&uuid, b"a", &options).unwrap().value;
    assert_eq!(rest.children[0].name, b"f1");
    let by_size = ChildrenOptions {
        sort: Sort::by(SortKey::Size),
        ..options.clone()
    };
    for (source, folder, options) in [
        (&uuid[..], &b"b"[..], &options),
        (&uuid, b"", &options),
        ("other", b"a", &options),
        (&uuid, b"a", &by_size),
    ] {
        let refused = pool.children(source, folder, options).unwrap_err();
        assert_eq!(refused.reason, Reason::BadCursor, "{source} {folder:?}");
    }

    let changes = |folder: &[u8], after| ChangesOptions {
        folder: folder.to_vec(),
        limit: 1,
        after,
        ..ChangesOptions::default()
    };
    let first = pool.changes(&uuid, 1, 2, &changes(b"", None)).unwrap();
    let next = first.value.next;
    assert!(next.is_some());
    pool.changes(&uuid, 1, 2, &changes(b"", next.clone()))
        .unwrap();
    for (source, from, folder) in [
        (&uuid[..], 1, &b"a"[..]),
        ("other", 1, b""),
        (&uuid, 0, b""),
    ] {
        let refused = pool.changes(source, from, 2, &changes(folder, next.clone()));
        assert_eq!(
            refused.unwrap_err().reason,
            Reason::BadCursor,
            "{source} {from} {folder:?}"
        );
    }
}
