//! Which folders belong to what is searched: those that hang on a source, and of sources inside
//! each other those of the one that knows best.

use std::collections::BTreeSet;

use aether_core::Status;
use aether_index::search::{Access, Builder, Mode, Query, find, load, search};
use aether_index::{Gate, Rules, ScanSpec, open_reader};
use std::time::Duration;

use crate::support::*;
use crate::tree::{directories, source};
use crate::{NEVER, ask, paths, tree};

#[test]
fn what_is_gone_or_hangs_on_nothing_is_not_found() {
    let mut builder = Builder::new(vec![source(1, 1, "/srv")], usize::MAX);
    let rows = [
        (1, None, 1, "root"),
        (2, Some(1), 1, "x-live"),
        (3, None, 1, "x-removed"),
        (4, Some(3), 1, "x-beneath"),
        // A circle, a parent that is not there, another source.
        (5, Some(6), 1, "x-circle"),
        (6, Some(5), 1, "x-circle"),
        (7, Some(99), 1, "x-lost"),
        (8, Some(1), 2, "x-other"),
        (9, Some(9), 1, "x-self"),
    ];
    directories(&mut builder, &rows);
    for id in 1..=10 {
        assert_eq!(builder.wants(id), id <= 2, "{id}");
        tree::file(&mut builder, id, format!("x{id}").as_bytes(), None);
    }
    let names = builder.finish();
    for mode in [Mode::Substring, Mode::Fuzzy] {
        let found = ask(&names, b"x", mode, None).unwrap();
        let expected = ["x1", "x-live", "x-live/x2"].map(|path| path.as_bytes().to_vec());
        assert_eq!(paths(&found), BTreeSet::from(expected));
    }
}

#[test]
fn where_no_source_has_looked_the_innermost_shows_a_file() {
    let sources = vec![
        source(1, 1, "/srv"),
        source(2, 10, "/srv/a/b"),
        source(3, 20, "/srv/ab"),
    ];
    let mut builder = Builder::new(sources, usize::MAX);
    let rows = [
        (1, None, 1, ""),
        (2, Some(1), 1, "a"),
        (3, Some(2), 1, "b"),
        (4, Some(3), 1, "c"),
        (10, None, 2, ""),
        (11, Some(10), 2, "c"),
        (20, None, 3, ""),
    ];
    directories(&mut builder, &rows);
    for id in [2, 3, 4, 10, 11, 20] {
        tree::file(&mut builder, id, b"file", None);
    }
    let names = builder.finish();
    let ask = |source, all| {
        let mut query = Query::new(b"file");
        (query.source, query.all) = (source, all);
        let found = search(&names, &query, None, &NEVER).unwrap();
        let mut folders: Vec<i64> = found.matches.iter().map(|m| m.folder).collect();
        folders.sort_unstable();
        folders
    };
    assert_eq!(ask(None, false), [2, 10, 11, 20]);
    assert_eq!(ask(None, true), [2, 3, 4, 10, 11, 20]);
    assert_eq!(ask(Some(1), false), [2, 3, 4]);
    assert_eq!(ask(Some(2), false), [10, 11]);
    assert_eq!(ask(Some(99), false), [0; 0]);
}

/// More than 16 bits can count, half of them within each other.
#[test]
fn no_source_is_left_out() {
    let count = 70_000_i64;
    let root = |at: i64| match at % 2 {
        0 => format!("/srv/{at}"),
        _ => format!("/srv/{}/inner", at - 1),
    };
    let sources = (0..count).map(|at| source(at + 1, 3 * at + 1, &root(at)));
    let mut builder = Builder::new(sources.collect(), usize::MAX);
    for at in 0..count {
        directories(&mut builder, &[(3 * at + 1, None, at + 1, "")]);
        if at % 2 == 0 {
            directories(
                &mut builder,
                &[(3 * at + 2, Some(3 * at + 1), at + 1, "inner")],
            );
        }
    }
    for at in 0..count {
        tree::file(&mut builder, 3 * at + 1, b"file", None);
        if at % 2 == 0 {
            tree::file(&mut builder, 3 * at + 2, b"file", None);
        }
    }
    let names = builder.finish();
    let mut query = Query::new(b"file");
    assert_eq!(
        search(&names, &query, None, &NEVER).unwrap().matched,
        count as u64
    );
    query.source = Some(count);
    let found = search(&names, &query, None, &NEVER).unwrap();
    assert_eq!((found.matched, found.matches[0].source), (1, count));
}

/// What is found, as the index says: each with its source.
fn found(fixture: &Fixture, text: &str, change: impl FnOnce(&mut Query<'_>)) -> BTreeSet<String> {
    let reader = open_reader(fixture.index().location(), Duration::from_secs(1)).unwrap();
    let gate = Gate::default();
    let access = Access::new(&reader, &gate);
    let loaded = load(access, usize::MAX, &NEVER).unwrap().unwrap();
    let mut query = Query::new(text.as_bytes());
    query.mode = Mode::Substring;
    change(&mut query);
    let answer = find(access, &loaded, &query, None, &NEVER).unwrap();
    assert_eq!(answer.matched as usize, answer.hits.len());
    let show = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let hits = answer.hits.iter();
    hits.map(|hit| format!("{}:{}/{}", hit.uuid, show(&hit.path), show(&hit.name)))
        .collect()
}

fn all(fixture: &Fixture, text: &str) -> Vec<String> {
    found(fixture, text, |_| {}).into_iter().collect()
}

fn root(path: &str, id: &str) -> ScanSpec {
    ScanSpec {
        root: path.into(),
        source_id: Some(id.into()),
        ..ScanSpec::default()
    }
}

fn outer(files: &[&str]) -> Vec<Listing> {
    let files: Vec<_> = files.iter().map(|name| file(name, 1, 1)).collect();
    vec![
        listing("", &[dir("big"), file("x-small", 1, 1)], 1),
        listing("big", &[&[dir("d")], &files[..]].concat(), 1),
        listing("big/d", &[file("x-deep", 1, 1)], 1),
    ]
}

#[test]
fn of_overlapping_sources_the_last_look_shows_a_file() {
    let fixture = Fixture::new();
    fixture.scan_as(root("/srv", "outer"), &outer(&["x-huge"]), Status::Complete);
    let outer_alone = ["outer:/x-small", "outer:big/d/x-deep", "outer:big/x-huge"];
    assert_eq!(all(&fixture, "x-"), outer_alone);
    // Known, and never scanned.
    fixture.index().add_source(b"/srv/big", "inner").unwrap();
    assert_eq!(all(&fixture, "x-"), outer_alone);

    let inner = [
        listing("", &[dir("d"), dir("gone"), file("x-old", 1, 1)], 1),
        listing("d", &[file("x-deep", 1, 1)], 1),
        listing("gone", &[file("x-gone", 1, 1)], 1),
    ];
    fixture.scan_as(root("/srv/big", "inner"), &inner, Status::Complete);
    let inner_last = [
        "inner:/x-old",
        "inner:d/x-deep",
        "inner:gone/x-gone",
        "outer:/x-small",
    ];
    assert_eq!(all(&fixture, "x-"), inner_last);
    // The later one shows what is new, and nothing of what is gone, also beneath what it does not
    // have.
    fixture.scan_as(root("/srv", "outer"), &outer(&["x-new"]), Status::Complete);
    let outer_last = ["outer:/x-small", "outer:big/d/x-deep", "outer:big/x-new"];
    assert_eq!(all(&fixture, "x-"), outer_last);
    // A scan that was broken off is no look.
    fixture.scan_as(root("/srv/big", "inner"), &inner[..1], Status::Cancelled);
    assert_eq!(all(&fixture, "x-"), outer_last);
    // Folder by folder.
    let part = ScanSpec {
        folder: b"d".to_vec(),
        ..root("/srv/big", "inner")
    };
    let deep = [listing("d", &[file("x-deeper", 1, 1)], 1)];
    fixture.scan_as(part, &deep, Status::Complete);
    assert_eq!(
        all(&fixture, "x-"),
        ["inner:d/x-deeper", "outer:/x-small", "outer:big/x-new"]
    );
    // Levels that it did not read it has not looked at.
    let shallow = ScanSpec {
        depth: Some(2),
        ..root("/srv", "outer")
    };
    fixture.scan_as(shallow, &outer(&["x-newest"])[..2], Status::Complete);
    assert_eq!(
        all(&fixture, "x-"),
        ["inner:d/x-deeper", "outer:/x-small", "outer:big/x-newest"]
    );

    // A source that is named answers; and all of them do, if all are wanted.
    let of_source = |id: i64| found(&fixture, "x-", |query| query.source = Some(id));
    let names = |id: i64| of_source(id).into_iter().collect::<Vec<_>>();
    assert_eq!(
        names(1),
        ["outer:/x-small", "outer:big/d/x-deep", "outer:big/x-newest"]
    );
    assert_eq!(names(2).len(), 3);
    assert_eq!(found(&fixture, "x-", |query| query.all = true).len(), 6);
}

/// A scan that could not enter a folder has not looked at what lies beneath, also when the folder
/// is entered again.
#[test]
fn who_missed_a_folder_does_not_cover_what_lies_in_it() {
    let fixture = Fixture::new();
    let whole = |deep: &str| {
        [
            listing("", &[dir("a")], 1),
            listing("a", &[dir("b")], 1),
            listing("a/b", &[file(deep, 1, 1)], 1),
        ]
    };
    fixture.scan_as(root("/srv", "outer"), &whole("x-deleted"), Status::Complete);
    let inner = [listing("", &[file("x-new", 1, 1)], 1)];
    fixture.scan_as(root("/srv/a/b", "inner"), &inner, Status::Complete);
    let unreadable = [listing("", &[dir("a")], 1), listing("a", &[], 256 + 13)];
    fixture.scan_as(root("/srv", "outer"), &unreadable, Status::Partial);
    let again = ScanSpec {
        folder: b"a".to_vec(),
        depth: Some(1),
        ..root("/srv", "outer")
    };
    fixture.scan_as(again, &whole("x-deleted")[1..2], Status::Complete);
    assert_eq!(all(&fixture, "x-"), ["inner:/x-new"]);
}

#[test]
fn who_cannot_know_covers_nothing() {
    let fixture = Fixture::new();
    let rules = |hidden, exclude: &[&str]| {
        let exclude = exclude
            .iter()
            .map(|name| name.as_bytes().to_vec())
            .collect();
        Some(Rules {
            hidden,
            exclude,
            ..Rules::default()
        })
    };
    let scan = |path: &str, id: &str, rules: &Option<Rules>, listings: &[Listing]| {
        let spec = ScanSpec {
            rules: rules.clone(),
            ..root(path, id)
        };
        fixture.scan_as(spec, listings, Status::Complete);
    };
    let x = [listing("", &[file("x", 1, 1)], 1)];
    let (visible, without, everything) =
        (rules(false, &[]), rules(true, &["out"]), rules(true, &[]));
    // Left out by the rules of the source that looked later.
    scan("/a/.hidden", "hidden", &visible, &x);
    scan("/a", "a", &visible, &[listing("", &[file("x-a", 1, 1)], 1)]);
    scan("/b/out", "out", &without, &x);
    scan("/b", "b", &without, &[listing("", &[file("x-b", 1, 1)], 1)]);
    // On another disk, or not to be read.
    scan("/c/disk", "disk", &everything, &x);
    scan("/c/shut", "shut", &everything, &x);
    let c = [
        listing("", &[dir("disk"), dir("shut"), file("x-c", 1, 1)], 1),
        listing("disk", &[], 2),
        listing("shut", &[], 256 + 13),
    ];
    scan("/c", "c", &everything, &c);
    // Never scanned to an end, as the one around it, which has names.
    let begun = [
        listing("", &[dir("in"), file("x-e", 1, 1)], 1),
        listing("in", &[file("x", 1, 1)], 1),
    ];
    let spec = ScanSpec {
        rules: everything.clone(),
        ..root("/e", "e")
    };
    fixture.scan_as(spec, &begun, Status::Cancelled);
    fixture.index().add_source(b"/e/in", "e-in").unwrap();
    let spec = ScanSpec {
        rules: everything.clone(),
        ..root("/e/in", "e-in")
    };
    fixture.scan_as(spec, &[], Status::Cancelled);
    // By other rules.
    scan("/d/in", "in", &visible, &x);
    scan(
        "/d",
        "d",
        &everything,
        &[
            listing("", &[dir("in")], 1),
            listing("in", &[file("x", 1, 1)], 1),
        ],
    );
    assert_eq!(
        all(&fixture, "x"),
        [
            "a:/x-a",
            "b:/x-b",
            "c:/x-c",
            "d:in/x",
            "disk:/x",
            "e:/x-e",
            "e:in/x",
            "hidden:/x",
            "in:/x",
            "out:/x",
            "shut:/x"
        ]
    );
}
