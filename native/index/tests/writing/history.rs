//! Changes between scans, and forgetting.

use aether_core::Status;
use aether_core::slab::status;
use aether_index::OpenOptions;

use crate::support::*;
use crate::{names, simple, tree};

#[test]
fn the_history_says_what_changed_between_two_scans() {
    let fixture = Fixture::with(OpenOptions {
        history: 2,
        ..OpenOptions::default()
    });
    let one = [
        listing("", &[dir("d"), dir("e"), file("a", 1, 1)], 1),
        listing("d", &[file("x", 5, 1), file("y", 6, 1)], 1),
        listing("e", &[file("z", 7, 1)], 1),
    ];
    fixture.scan(&one);
    assert_eq!(
        fixture.shell("SELECT count(*) FROM changes"),
        "0\n",
        "a first load is no change"
    );
    fixture.scan(&[
        listing("", &[dir("d"), file("a", 1, 2)], 1),
        listing("d", &[file("x", 9, 1), file("new", 1, 1)], 1),
    ]);
    let told =
        "SELECT c.gen, coalesce(c.path, d.name), d_file_count, d_bytes, added, removed, changed
                  FROM changes c LEFT JOIN dirs d ON d.id = c.dir_id ORDER BY 1, 2";
    assert_eq!(
        fixture.shell(told),
        "2||0|0|0|1|1\n2|d|0|-1|1|1|1\n2|e|-1|-7|0|0|0\n"
    );
    for size in 0..3 {
        fixture.scan(&[listing("d", &[file("x", size, 9)], 1)]);
    }
    fixture.index().settle().unwrap();
    assert_eq!(fixture.shell("SELECT DISTINCT gen FROM changes"), "4\n5\n");
    assert_eq!(
        fixture.shell("SELECT count(DISTINCT gen) FROM scans"),
        "2\n"
    );
}

#[test]
fn a_forgotten_source_is_hidden_at_once_and_deleted_later() {
    let fixture = Fixture::new();
    fixture.scan(&tree(30, 400));
    let source = &fixture.uuid();
    let seen = || {
        fixture.shell(&format!(
            "SELECT count(*) FROM scout_files WHERE source_id = '{source}' AND prefix = 'd7/'"
        ))
    };
    assert_eq!(seen(), "400\n");
    fixture.index().forget(source, Some(b"d7")).unwrap();
    assert_eq!(seen(), "0\n");
    assert_eq!(
        fixture.shell("SELECT file_count, unknown_below FROM dirs WHERE name = ''"),
        "11600|1\n"
    );
    fixture.recount();
    assert_eq!(
        fixture
            .index()
            .forget(source, Some(b"none"))
            .unwrap_err()
            .reason
            .name(),
        "no_folder"
    );
    fixture.index().forget(source, None).unwrap();
    assert_eq!(
        fixture
            .index()
            .forget(source, None)
            .unwrap_err()
            .reason
            .name(),
        "no_source"
    );
    assert_eq!(fixture.shell("SELECT count(*) FROM scout_sources"), "0\n");
    fixture.index().settle().unwrap();
    assert_eq!(fixture.shell("SELECT (SELECT count(*) FROM dirs) + (SELECT count(*) FROM files) + (SELECT count(*) FROM paths)"), "0\n");
    // Its root can be scanned again.
    fixture.scan(&tree(2, 2));
    fixture.recount();
}

/// Forgetting begins no generation: a scan that runs at the same time writes under its own.
#[test]
fn forgetting_a_folder_keeps_the_generation() {
    let mut fixture = Fixture::new();
    simple(&fixture);
    simple(&fixture);
    fixture.reopen();
    let source = &fixture.uuid();
    fixture.index().forget(source, Some(b"d/e")).unwrap();
    assert_eq!(
        fixture.shell("SELECT name, changed_gen FROM dirs WHERE name IN ('', 'd', 'e') AND parent_id IS NOT NULL OR name = '' ORDER BY name"),
        "|2\nd|2\ne|2\n"
    );
}

/// Finding everything in it again is no change, however many listings that takes.
#[test]
fn finding_a_forgotten_folder_again_is_no_change() {
    let long: Vec<_> = (0..3000).map(|at| dir(&format!("{at:04}"))).collect();
    let all = |size| {
        [
            listing("", &[dir("d")], 1),
            listing("d", &[file("x", size, 1), dir("e"), dir("long")], 1),
            listing("d/e", &[dir("f")], 1),
            listing("d/e/f", &[file("y", size, 1)], 1),
            // Too many to be cached.
            listing("d/long", &long, 1),
            listing("d/long/0007", &[file("z", size, 1)], 1),
        ]
    };
    for looks in [vec![6], vec![0, 2, 6], vec![1, 3, 5, 6]] {
        let mut fixture = Fixture::new();
        fixture.scan(&all(1));
        fixture.scan(&all(1));
        fixture.index().forget(&fixture.uuid(), Some(b"d")).unwrap();
        for to in looks {
            // A listing that failed, and one that was cut short.
            let unreadable = listing("d", &[], status::errno(13));
            fixture.scan_as(spec(), &[unreadable], Status::Partial);
            fixture.scan_as(spec(), &all(1)[..to], Status::Cancelled);
            fixture.reopen();
        }
        fixture.recount();
        assert_eq!(fixture.shell("SELECT * FROM changes"), "");
        assert_eq!(
            fixture.shell("SELECT count(*) FROM dirs WHERE listed_gen > 0"),
            "6\n"
        );
        fixture.scan(&all(2));
        assert_eq!(
            fixture.shell("SELECT d_bytes, added, removed, changed FROM changes"),
            "1|0|0|1\n".repeat(3)
        );
    }
}

/// Nothing has changed on the disk.
#[test]
fn forgetting_a_folder_is_no_change() {
    let fixture = Fixture::new();
    simple(&fixture);
    simple(&fixture);
    fixture.index().forget(&fixture.uuid(), Some(b"d")).unwrap();
    assert_eq!(names(&fixture), ["a", "d", "z"]);
    assert_eq!(fixture.totals(), "2|3|1\n");
    assert_eq!(fixture.shell("SELECT * FROM changes"), "");
    // Real changes are recorded as always.
    fixture.scan(&[listing("", &[file("a", 1, 10)], 1)]);
    assert_eq!(
        fixture.shell("SELECT gen, path, added, removed FROM changes ORDER BY path"),
        "3||0|2\n3|d|0|0\n"
    );
}
