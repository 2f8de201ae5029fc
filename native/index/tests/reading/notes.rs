//! Notes about entries: by path, and only about what was meant.

use aether_core::slab::Kind;
use aether_index::{Expected, NewNote, Reason};

use crate::support::*;

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
