//! The SQL that the guide gives, block by block, in an index from which folders were removed whose rows are not deleted yet.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod support;

use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use aether_core::Status;
use aether_index::ScanSpec;
use rusqlite::Connection;
use support::*;

const GUIDE: &str = include_str!("../../../guides/index.md");

/// The blocks of SQL, in their order.
fn blocks() -> Vec<&'static str> {
    GUIDE
        .split("```sql\n")
        .skip(1)
        .map(|rest| rest.split("```").next().unwrap())
        .collect()
}

fn now() -> i64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    i64::try_from(now.as_nanos()).unwrap()
}

/// `aether` has files of today, of the year before and of before 1970; `aether/gone` and `old` are
/// removed, their rows and all beneath them still there.
fn index(root: &str) -> Fixture {
    let fixture = Fixture::new();
    let spec = ScanSpec {
        root: root.into(),
        source_id: Some("lib".into()),
        ..spec()
    };
    let year = 365 * 86_400 * 1_000_000_000;
    let listings = [
        listing("", &[dir("aether"), dir("old"), file("top", 1, 1)], 1),
        listing("old", &[file("large", 1 << 40, 1), dir("in")], 1),
        listing("old/in", &[file("x", 1 << 30, 1)], 1),
        listing(
            "aether",
            &[
                dir("full"),
                dir("gone"),
                dir("empty"),
                file("new", 7, now()),
                file("year", 8, now() - year),
                file("before", 9, -1_500_000_000),
            ],
            1,
        ),
        listing(
            "aether/full",
            &[file("a", 500, 1), file("b", 600, now())],
            1,
        ),
        listing("aether/gone", &[file("huge", 1 << 50, now())], 1),
        listing("aether/empty", &[], 1),
    ];
    fixture.scan_as(spec, &listings, Status::Complete);
    // As the writer buries them, with nothing deleted yet. That it does not know, so that it deletes nothing.
    for (name, path) in [("gone", "aether/gone"), ("old", "old")] {
        fixture.sql(&format!(
            "BEGIN;
             UPDATE dirs SET file_count = file_count - gone.n, bytes = bytes - gone.size
               FROM (SELECT file_count AS n, bytes AS size FROM dirs WHERE name = '{name}') AS gone
              WHERE name = '' OR name = 'aether' AND '{name}' = 'gone';
             INSERT INTO graveyard (dir_id, source_id, path) SELECT id, source_id, '{path}' FROM dirs WHERE name = '{name}';
             UPDATE dirs SET parent_id = NULL WHERE name = '{name}';
             DELETE FROM paths WHERE path = '{path}/';
             COMMIT"
        ));
    }
    fixture
}

fn rows(path: &Path, sql: &str) -> Vec<String> {
    // What begins with a comment would be taken for an option.
    let told = shell(path, &format!("\n{sql}"));
    told.lines().map(str::to_owned).collect()
}

#[test]
fn every_block_tells_what_is_there_and_nothing_that_was_removed() {
    let fixture = index("/srv/lib");
    let blocks = blocks();
    let today = shell(
        &fixture.path(),
        "SELECT datetime(mtime / 1000000000, 'unixepoch') FROM files WHERE name = 'new'",
    );
    let updated = shell(
        &fixture.path(),
        "SELECT strftime('%Y-%m-%dT%H:%M:%fZ', ended_at / 1000.0, 'unixepoch') FROM scans",
    );
    let updated = updated.trim();
    let expected: [Vec<String>; 4] = [
        vec!["lib|/srv/lib|6|1125|1".into()],
        vec![
            format!("full|2|1|{updated}"),
            format!("before|1|0|{updated}"),
            format!("new|1|0|{updated}"),
            format!("year|1|0|{updated}"),
        ],
        vec![format!("new|7|{}", today.trim())],
        vec![
            "lib|aether/|5|1124".into(),
            "lib|aether/full/|2|1100".into(),
            "lib|aether/empty/|0|0".into(),
        ],
    ];
    assert_eq!(blocks.len(), expected.len());
    for (block, expected) in blocks.iter().zip(expected) {
        assert_eq!(rows(&fixture.path(), block), expected, "{block}");
    }
}

/// `stat` gives the second that has begun, also before 1970.
#[test]
fn a_files_path_and_second_are_those_that_stat_has() {
    for (root, path) in [
        ("/", "/aether/before"),
        ("/srv/lib", "/srv/lib/aether/before"),
    ] {
        let fixture = index(root);
        let sql = "SELECT path, mtime, mtime_ns FROM scout_files
                    WHERE source_id = 'lib' AND prefix = 'aether/' AND name = 'before'";
        let found = Connection::open(fixture.path())
            .unwrap()
            .query_row(sql, (), |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)));
        let expected: (String, i64, i64) = (path.into(), -2, -1_500_000_000);
        assert_eq!(found.unwrap(), expected);
    }
}
