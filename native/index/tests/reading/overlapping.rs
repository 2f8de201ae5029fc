//! Roots that lie within each other.

use aether_core::Status;
use aether_index::reader::Place;
use aether_index::{Rules, ScanSpec};

use crate::elsewhere;
use crate::support::*;

fn root(path: &str) -> ScanSpec {
    ScanSpec {
        root: path.into(),
        source_id: Some(path.into()),
        ..ScanSpec::default()
    }
}

/// The source that looked last answers, however the roots lie; and the one asked says that another knows
/// better.
#[test]
fn the_newest_look_of_several_sources_answers() {
    let fixture = Fixture::new();
    let outer = [
        listing("", &[dir("proj"), dir("else")], 1),
        listing("proj", &[dir("d"), file("new", 2, 1)], 1),
        listing("proj/d", &[], 1),
        listing("else", &[], 1),
    ];
    let inner = [
        listing("", &[dir("d"), file("old", 1, 1)], 1),
        listing("d", &[file("x", 1, 1)], 1),
    ];
    let place = |path: &str| {
        let place = elsewhere(&fixture.path()).place(path.as_bytes()).unwrap();
        place.map(|Place { source, path }| (source, String::from_utf8(path).unwrap()))
    };
    let newer = |source: &str, folder: &str| {
        let pool = elsewhere(&fixture.path());
        let answer = pool.stat(source, folder.as_bytes()).unwrap();
        answer.newer.map(|newer| {
            assert!(newer.scanned_at.is_some());
            (newer.source, String::from_utf8(newer.folder).unwrap())
        })
    };
    let at = |source: &str, folder: &str| Some((source.to_owned(), folder.to_owned()));
    assert_eq!(place("/oo/proj"), None);
    fixture.scan_as(root("/oo/proj"), &inner, Status::Complete);
    assert_eq!(place("/oo/proj/d"), at("/oo/proj", "d"));
    assert_eq!((place("/oo"), place("/oo/project")), (None, None));
    assert_eq!(newer("/oo/proj", "d"), None);

    fixture.scan_as(root("/oo"), &outer, Status::Complete);
    assert_eq!(place("/oo/proj"), at("/oo", "proj"));
    assert_eq!(place("/oo/proj/d"), at("/oo", "proj/d"));
    assert_eq!(newer("/oo/proj", ""), at("/oo", "proj"));
    assert_eq!(newer("/oo/proj", "d"), at("/oo", "proj/d"));
    assert_eq!(newer("/oo", "proj/d"), None);

    // Folder by folder.
    let part = ScanSpec {
        folder: b"d".to_vec(),
        ..root("/oo/proj")
    };
    fixture.scan_as(part, &inner[1..], Status::Complete);
    assert_eq!(place("/oo/proj/d"), at("/oo/proj", "d"));
    assert_eq!(place("/oo/proj"), at("/oo", "proj"));
    assert_eq!(newer("/oo", "proj/d"), at("/oo/proj", "d"));
    assert_eq!(newer("/oo/proj", "d"), None);

    // A look that did not find it is one.
    let without = [listing("", &[dir("else")], 1), listing("else", &[], 1)];
    fixture.scan_as(root("/oo"), &without, Status::Complete);
    assert_eq!(place("/oo/proj/d"), at("/oo", "proj/d"));
    assert_eq!(newer("/oo/proj", "d"), at("/oo", "proj/d"));

    // One that was broken off is none, nor is one by other rules.
    fixture.scan_as(root("/oo/proj"), &inner, Status::Cancelled);
    assert_eq!(newer("/oo/proj", "d"), at("/oo", "proj/d"));
    let everything = ScanSpec {
        rules: Some(Rules {
            hidden: false,
            ..Rules::default()
        }),
        ..root("/")
    };
    fixture.scan_as(everything, &[listing("", &[], 1)], Status::Complete);
    assert_eq!(newer("/oo/proj", "d"), at("/oo", "proj/d"));
    assert_eq!(place("/usr"), at("/", "usr"));
}

/// No source that cannot know comes before one that does.
#[test]
fn who_has_not_looked_does_not_answer() {
    let fixture = Fixture::new();
    let place = |path: &str| {
        let place = elsewhere(&fixture.path()).place(path.as_bytes()).unwrap();
        place.map(|place| place.source)
    };
    let by = |path: &str, hidden| ScanSpec {
        rules: Some(Rules {
            hidden,
            ..Rules::default()
        }),
        ..root(path)
    };
    let tree = [
        listing("", &[dir("in")], 1),
        listing("in", &[file("x", 1, 1)], 1),
    ];
    fixture.scan_as(by("/oo", true), &tree, Status::Complete);
    // Never scanned, by the same rules or others.
    fixture.index().add_source(b"/oo/in", "/oo/in").unwrap();
    assert_eq!(place("/oo/in").as_deref(), Some("/oo"));
    let begun = [listing("", &[], 1)];
    fixture.scan_as(by("/oo/in/side", false), &begun, Status::Cancelled);
    assert_eq!(place("/oo/in/side").as_deref(), Some("/oo"));
    fixture.scan_as(by("/oo/in/side", false), &begun, Status::Complete);
    assert_eq!(place("/oo/in/side").as_deref(), Some("/oo/in/side"));

    // What a later look leaves out, or did not enter, it does not know.
    fixture.scan_as(by("/pp/.h", false), &begun, Status::Complete);
    fixture.scan_as(by("/pp", false), &begun, Status::Complete);
    assert_eq!(place("/pp/.h").as_deref(), Some("/pp/.h"));
    fixture.scan_as(by("/qq/disk", true), &begun, Status::Complete);
    let disk = [listing("", &[dir("disk")], 1), listing("disk", &[], 2)];
    fixture.scan_as(by("/qq", true), &disk, Status::Complete);
    assert_eq!(place("/qq/disk").as_deref(), Some("/qq/disk"));
    assert_eq!(place("/qq/disk/lost").as_deref(), Some("/qq/disk"));
}
