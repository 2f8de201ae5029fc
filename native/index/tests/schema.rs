//! The schema as others meet it: by a shell that nobody here wrote, through plans that must not read whole tables.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod support;

use std::path::Path;
use std::time::Duration;

use aether_index::{Location, create, open_reader};
use support::shell;

const WAIT: Duration = Duration::from_secs(5);

fn fresh(directory: &Path) -> Location {
    let location = Location::resolve(&directory.join("index.db")).unwrap();
    create(&location).unwrap();
    location
}

/// 3.7.0 to 3.51.2 can lose committed writes when the log starts over.
#[test]
fn sqlite_is_one_that_keeps_what_was_committed() {
    assert!(
        rusqlite::version_number() >= 3_051_003,
        "{}",
        rusqlite::version()
    );
}

#[test]
fn an_empty_index_is_read_by_us_and_by_the_shell() {
    let directory = tempfile::tempdir().unwrap();
    let location = fresh(directory.path());
    let reader = open_reader(&location, WAIT).unwrap();
    let count: i64 = reader
        .query_row("SELECT count(*) FROM sources", (), |row| row.get(0))
        .unwrap();
    assert_eq!(count, 0);
    let said = shell(
        &location.database,
        "PRAGMA application_id; PRAGMA user_version; PRAGMA journal_mode; PRAGMA quick_check",
    );
    assert_eq!(said, "1095062600\n5\nwal\nok\n");
}

#[test]
fn no_view_reads_a_whole_table() {
    let directory = tempfile::tempdir().unwrap();
    let location = fresh(directory.path());
    for query in [
        "SELECT * FROM scout_folders WHERE source_id = 'x' AND prefix = 'a/'",
        "SELECT name FROM scout_folders WHERE source_id = 'x' AND prefix = '' ORDER BY is_folder DESC, name LIMIT 200",
        "SELECT sum(file_count) FROM scout_folders WHERE source_id = 'x' AND prefix = 'a/' AND name > 'b'",
        "SELECT * FROM scout_files WHERE source_id = 'x' AND prefix = 'a/'",
        "SELECT * FROM scout_files WHERE source_id = 'x' AND prefix = 'a/' AND name = 'b'",
        "SELECT * FROM scout_sources WHERE id = 'x'",
    ] {
        let reader = open_reader(&location, WAIT).unwrap();
        let mut statement = reader
            .prepare(&format!("EXPLAIN QUERY PLAN {query}"))
            .unwrap();
        let steps = statement
            .query_map((), |row| row.get::<_, String>(3))
            .unwrap();
        // What is made on the way may be read whole: the way up to the root, and a view before it is put in order.
        let made = ["CONSTANT ROW", "up", "scout_folders"];
        let mut searches = 0;
        for step in steps.map(Result::unwrap) {
            let whole = step.strip_prefix("SCAN ");
            assert!(whole.is_none_or(|of| made.contains(&of)), "{query}: {step}");
            searches += usize::from(step.starts_with("SEARCH "));
        }
        assert!(searches > 1, "{query}");
    }
}
