//! What is asked from the index about each match: whether it is still there, its size and time, and
//! for how long to go on asking.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use aether_index::search::{Filters, Mode, Query, find};

use crate::NEVER;
use crate::index::{Index, paths};

#[test]
fn what_is_gone_makes_room_for_what_comes_after() {
    let index = Index::new();
    index.source(1, "/one", 1);
    index.dir(2, 1, Some(1), b"deep");
    for n in 0..350 {
        // The first hundred are the best: their names are shorter.
        let name = if n < 100 {
            format!("x{n}")
        } else {
            format!("x{n} and much more of it")
        };
        index.file(1 + i64::from(n >= 100), name.as_bytes(), 1, Some(n));
    }
    let loaded = index.load();
    let mut query = Query::new(b"x");
    (query.mode, query.limit) = (Mode::Substring, 100);
    let first = find(index.access(), &loaded, &query, None, &NEVER).unwrap();
    assert!(first.hits.iter().all(|hit| hit.path.is_empty()));
    index.execute("DELETE FROM files WHERE dir_id = 1", ());
    let mut pages = Vec::new();
    loop {
        let answer = find(index.access(), &loaded, &query, None, &NEVER).unwrap();
        assert_eq!((answer.matched, answer.more), (350, false));
        query.after = answer.next;
        pages.push(answer.hits.len());
        if query.after.is_none() {
            break;
        }
    }
    assert_eq!(pages, [100, 100, 50]);
}

#[test]
fn sizes_and_times_are_asked_from_the_index() {
    let index = Index::new();
    index.source(1, "/one", 1);
    index.raw.writer.execute_batch("BEGIN").unwrap();
    for n in 0..25_000 {
        index.file(1, format!("file {n}").as_bytes(), 1, Some(n));
    }
    index.execute(
        "UPDATE files SET mtime = 1600000000123456790 WHERE size % 5000 = 17",
        (),
    );
    index.file(1, b"file of no size", 1, None);
    index.raw.writer.execute_batch("COMMIT").unwrap();
    let loaded = index.load();
    let ask = |sql: &str, filters: Filters| {
        let mut query = Query::new(b"file");
        (query.filters, query.limit) = (filters, 3);
        let mut found = BTreeSet::new();
        loop {
            let answer = find(index.access(), &loaded, &query, None, &NEVER).unwrap();
            found.extend(paths(&answer));
            query.after = answer.next;
            if query.after.is_none() {
                break;
            }
        }
        assert_eq!(
            found,
            index.shell(&format!("SELECT name FROM files WHERE {sql}")),
            "{sql}"
        );
    };
    ask(
        "size > 24995",
        Filters {
            larger: Some(24_995),
            ..Filters::default()
        },
    );
    // Both are of the same eight seconds, which is all that names in memory know.
    ask(
        "mtime > 1600000000123456789",
        Filters {
            newer: Some(1_600_000_000_123_456_789),
            ..Filters::default()
        },
    );
    let both = Filters {
        newer: Some(1_600_000_000_123_456_789),
        larger: Some(17),
        ..Filters::default()
    };
    ask("size > 17 AND mtime > 1600000000123456789", both);
}

/// Lookups end after a second, with a cursor to go on from, and say so.
#[test]
fn a_search_on_a_slow_disk_ends_early_and_goes_on_from_there() {
    let mut index = Index::new();
    index.source(1, "/one", 1);
    index.raw.writer.execute_batch("BEGIN").unwrap();
    for n in 0..5_000 {
        index.file(1, format!("file {n:04}").as_bytes(), 1, Some(n));
    }
    index.raw.writer.execute_batch("COMMIT").unwrap();
    let loaded = index.load();
    let mut query = Query::new(b"file");
    query.limit = 3;
    query.filters.larger = Some(4_990);
    // The first step of SQLite waits until more time is over than a search takes.
    let begun = Instant::now();
    let slow = move || {
        while begun.elapsed() < Duration::from_millis(1_200) {
            std::thread::yield_now();
        }
        false
    };
    index.reader.progress_handler(1, Some(slow)).unwrap();
    let first = find(index.access(), &loaded, &query, None, &NEVER).unwrap();
    assert_eq!((first.more, first.matched), (true, 5_000));
    assert!(first.hits.len() < 3 && first.next.is_some());

    index
        .reader
        .progress_handler(1, None::<fn() -> bool>)
        .unwrap();
    let mut found = paths(&first);
    query.after = first.next;
    while query.after.is_some() {
        let answer = find(index.access(), &loaded, &query, None, &NEVER).unwrap();
        assert!(!answer.more);
        found.extend(paths(&answer));
        query.after = answer.next;
    }
    assert_eq!(
        found,
        index.shell("SELECT name FROM files WHERE size > 4990")
    );
}
