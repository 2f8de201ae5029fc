//! What is asked of a folder beside its children: totals, what is largest in it, what changed in
//! it, notes.

use std::sync::{Arc, Mutex};

use aether_core::Status;
use aether_core::slab::Kind;
use aether_index::reader::{Change, ChangesOptions, FolderTotals, Sized};
use aether_index::{Expected, NewNote, OpenOptions, Reason, ScanSpec, scan_status};

use crate::support::*;
use crate::{elsewhere, tree};

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
        let found = pool.largest(&source, folder, limit).unwrap().value;
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
    // In the midst of a scan, and the one who is told of a commit finds the source by its number.
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

#[test]
fn notes_are_read_by_path() {
    let fixture = Fixture::new();
    fixture.scan(&[
        listing("", &[dir("d")], 1),
        listing("d", &[file("x", 1, 1)], 1),
    ]);
    let (pool, source) = (fixture.pool(), fixture.uuid());
    let index = fixture.index();
    for (folder, name, key, value) in [
        (&b"d"[..], &b"x"[..], &b"b"[..], &b"\x00\xff"[..]),
        (b"d", b"x", b"a", b"1"),
        (b"", b"d", b"k", b"v"),
    ] {
        let note = note_of(&source, (folder, name), key, Some(value));
        index.put_note(note).unwrap();
    }
    let notes = |path: &[u8]| {
        let notes = pool.notes(&source, path).unwrap().value.into_iter();
        notes.map(|note| (note.key, note.value)).collect::<Vec<_>>()
    };
    let pair = |key: &[u8], value: &[u8]| (key.to_vec(), value.to_vec());
    assert_eq!(notes(b"d/x"), [pair(b"a", b"1"), pair(b"b", b"\x00\xff")]);
    assert_eq!(notes(b"d"), [pair(b"k", b"v")]);
    assert_eq!(notes(b"no/x"), []);
    assert_eq!(notes(b""), []);
}

/// Sizes that only sparse files have, in one generation and in two.
#[test]
fn changes_beyond_the_largest_number_end_there() {
    let fixture = Fixture::new();
    let most = i64::MAX as u64;
    let with = |names: &[&str]| {
        let files: Vec<_> = names.iter().map(|name| file(name, most, 1)).collect();
        [listing("", &[dir("d")], 1), listing("d", &files, 1)]
    };
    fixture.scan(&with(&[]));
    for names in [&["a"][..], &["a", "b"], &["a", "b", "c"]] {
        // A part first, whose changes are told with those of the whole scan.
        let part = ScanSpec {
            folder: b"d".to_vec(),
            ..spec()
        };
        fixture.scan_as(part, &with(names)[1..], Status::Complete);
        fixture.scan(&with(names));
    }
    fixture.scan(&with(&[]));
    let (pool, source) = (fixture.pool(), fixture.uuid());
    let bytes = |from, to| {
        let options = ChangesOptions::default();
        let found = pool.changes(&source, from, to, &options).unwrap().value;
        let of_d = found.folders.iter().filter(|change| change.path == b"d");
        of_d.map(|change| (change.file_count, change.bytes))
            .collect::<Vec<_>>()
    };
    assert_eq!(bytes(1, 2), [(1, i64::MAX)]);
    assert_eq!(bytes(1, 3), [(2, i64::MAX)]);
    assert_eq!(bytes(1, 4), [(3, i64::MAX)]);
    // What was cut off does not come back.
    assert_eq!(bytes(1, 5), [(0, i64::MAX)]);
}

/// The order of the newest changes is by size, also for the pages that come when they are the
/// newest no more.
#[test]
fn a_scan_that_begins_does_not_turn_the_order_between_two_pages() {
    let fixture = Fixture::new();
    let names: Vec<String> = (0..9).map(|at| format!("d{at}")).collect();
    let tree = |size: fn(u64) -> u64| {
        let dirs: Vec<_> = names.iter().map(|name| dir(name)).collect();
        let inner = |(at, name): (usize, &String)| {
            let files = [file("f", size(at as u64), 1)];
            listing(name, &files, 1)
        };
        let mut listings = vec![listing("", &dirs, 1)];
        listings.extend(names.iter().enumerate().map(inner));
        listings
    };
    fixture.scan(&tree(|_| 0));
    // The largest is the last by name.
    fixture.scan(&tree(|at| 10 * at + 10));
    let (pool, source) = (fixture.pool(), fixture.uuid());
    let mut options = ChangesOptions {
        limit: 4,
        ..ChangesOptions::default()
    };
    let page = pool.changes(&source, 1, 2, &options).unwrap().value;
    let mut found: Vec<_> = page.folders.into_iter().map(|change| change.path).collect();
    options.after = page.next;
    let running = fixture.begin(spec());
    while options.after.is_some() {
        let page = pool.changes(&source, 1, 2, &options).unwrap().value;
        found.extend(page.folders.into_iter().map(|change| change.path));
        options.after = page.next;
    }
    let expected: Vec<_> = names
        .iter()
        .rev()
        .map(|name| name.as_bytes().to_vec())
        .collect();
    assert_eq!(found, expected);
    drop(running);
}

#[test]
fn a_note_is_refused_where_the_entry_is_something_else_by_now() {
    let fixture = Fixture::new();
    fixture.scan(&[
        listing(
            "",
            &[dir("d"), (b"unknown".to_vec(), (Kind::File, None))],
            1,
        ),
        listing("d", &[file("x", 5, 7)], 1),
    ]);
    let (pool, source) = (fixture.pool(), fixture.uuid());
    let file = Expected {
        kind: Some(1),
        bytes: Some(Some(5)),
        mtime: Some(Some(7)),
    };
    let directory = Expected {
        kind: Some(2),
        bytes: None,
        mtime: Some(Some(1)),
    };
    let unknown = Expected {
        kind: Some(1),
        bytes: Some(None),
        mtime: Some(None),
    };
    let none = Expected::default();
    type At = (&'static [u8], &'static [u8]);
    let (x, d, nothing): (At, At, At) = ((b"d", b"x"), (b"", b"d"), (b"", b"unknown"));
    let refused = Err(Reason::EntryChanged);
    let table = [
        (x, none, Ok(())),
        (x, file, Ok(())),
        (
            x,
            Expected {
                kind: Some(3),
                ..file
            },
            refused,
        ),
        (
            x,
            Expected {
                bytes: Some(Some(6)),
                ..file
            },
            refused,
        ),
        (
            x,
            Expected {
                bytes: Some(None),
                ..file
            },
            refused,
        ),
        (
            x,
            Expected {
                mtime: Some(Some(8)),
                ..file
            },
            refused,
        ),
        (d, directory, Ok(())),
        (d, file, refused),
        (nothing, unknown, Ok(())),
        (
            nothing,
            Expected {
                mtime: Some(Some(0)),
                ..unknown
            },
            refused,
        ),
        ((b"d", b"y"), file, Err(Reason::NoFolder)),
    ];
    for (number, (at, expected, result)) in table.into_iter().enumerate() {
        let value = number.to_string();
        for value in [Some(value.as_bytes()), None] {
            let note = note_of(&source, at, b"k", value);
            let put = fixture.index().put_note(NewNote { expected, ..note });
            assert_eq!(put.map_err(|error| error.reason), result, "{number}");
            let path = [at.0, at.1].join(&b"/"[..]);
            let path = path.strip_prefix(b"/").unwrap_or(&path);
            let kept = pool.notes(&source, path).unwrap().value.len();
            assert_eq!(kept == 1, result.is_ok() && value.is_some(), "{number}");
        }
    }
}

#[test]
fn changes_come_by_folder_and_say_what_they_rest_on() {
    let fixture = Fixture::new();
    fixture.scan(&tree());
    let mut next = tree();
    next[2] = listing("a/b", &[file("x", 2, 1), file("new", 1000, 1)], 1);
    next[3] = listing("c", &[file("y", 5, 1)], 1);
    fixture.scan(&next);
    // The third is cut short after c is gone.
    let cut = [listing("", &[dir("a"), file("f", 1, 1)], 1)];
    fixture.scan_as(spec(), &cut, Status::Cancelled);
    let (pool, source) = (elsewhere(&fixture.path()), fixture.uuid());
    let changes = |from, to, folder: &str, limit| {
        let options = ChangesOptions {
            folder: folder.into(),
            limit,
            ..ChangesOptions::default()
        };
        let changes = pool.changes(&source, from, to, &options).unwrap().value;
        let one = |change: &Change| {
            format!(
                "{}{} {:+} {:+} +{} -{} ~{}",
                String::from_utf8_lossy(&change.path),
                if change.gone { "!" } else { "" },
                change.bytes,
                change.file_count,
                change.added,
                change.removed,
                change.changed
            )
        };
        let folders: Vec<_> = changes.folders.iter().map(one).collect();
        let statuses: Vec<_> = changes.generations.iter().map(|one| one.status).collect();
        (folders, statuses, changes.pruned, changes.first_load)
    };
    let b = "a/b +1000 +1 +1 -0 ~0".to_owned();
    let c = "c +1 +0 +0 -0 ~1".to_owned();
    assert_eq!(
        changes(1, 2, "", 10),
        (vec![b.clone(), c.clone()], vec![1], false, false)
    );
    assert_eq!(changes(1, 2, "", 1).0, std::slice::from_ref(&b));
    assert_eq!(changes(1, 2, "c", 1).0, [c]);
    assert_eq!(changes(1, 2, "a/b", 9).0, std::slice::from_ref(&b));
    let (folders, statuses, pruned, _) = changes(2, 3, "", 10);
    assert_eq!(folders[0], "c! -5 -1 +0 -0 ~0");
    assert_eq!((statuses, pruned), (vec![scan_status::CANCELLED], false));
    // Over both, what c gained and lost is one.
    let (folders, statuses, ..) = changes(1, 3, "", 10);
    let root = " +0 +0 +0 -1 ~0";
    assert_eq!((folders[0].as_str(), &folders[1]), (root, &b));
    assert!(folders[2].starts_with("c! -4 -1"), "{folders:?}");
    assert_eq!(statuses, [1, 3]);
    assert!(changes(0, 1, "", 10).3);
    // The fourth has not begun.
    assert!(changes(2, 4, "", 10).2);
    for (from, to) in [(-1, 2), (3, 2)] {
        let error = pool.changes(&source, from, to, &Default::default());
        assert_eq!(error.unwrap_err().reason, Reason::Errno(22));
    }
}

/// What was cut off at the beginning is no first load that is over: the next scan's additions would
/// be told by nobody.
#[test]
fn what_follows_a_first_scan_that_was_cut_off_is_told_as_added() {
    let fixture = Fixture::new();
    fixture.scan_as(spec(), &tree()[..1], Status::Cancelled);
    fixture.scan(&tree());
    fixture.scan(&tree());
    let (pool, source) = (fixture.pool(), fixture.uuid());
    let changes = |from, to| {
        let options = ChangesOptions::default();
        let changes = pool.changes(&source, from, to, &options).unwrap().value;
        let one = |change: &Change| {
            let path = String::from_utf8_lossy(&change.path);
            format!("{path} {:+} +{}", change.file_count, change.added)
        };
        let folders: Vec<_> = changes.folders.iter().map(one).collect();
        (folders.join(", "), changes.first_load)
    };
    // The root was listed by the first.
    assert_eq!(changes(0, 1), (String::new(), true));
    assert_eq!(changes(1, 2), ("a +0 +1, a/b +1 +1, c +1 +1".into(), false));
    assert_eq!(changes(2, 3), (String::new(), false));
}
