//! Which folders belong to what is searched: those that hang on a source, and of sources inside each other the innermost.

use std::collections::BTreeSet;

use aether_index::search::{Builder, Mode, Query, search};

use crate::tree::{directories, file, source};
use crate::{NEVER, ask, paths};

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
        file(&mut builder, id, format!("x{id}").as_bytes(), None);
    }
    let names = builder.finish();
    for mode in [Mode::Substring, Mode::Fuzzy] {
        let found = ask(&names, b"x", mode, None).unwrap();
        let expected = ["x1", "x-live", "x-live/x2"].map(|path| path.as_bytes().to_vec());
        assert_eq!(paths(&found), BTreeSet::from(expected));
    }
}

#[test]
fn of_overlapping_sources_the_innermost_shows_a_file() {
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
        file(&mut builder, id, b"file", None);
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
        file(&mut builder, 3 * at + 1, b"file", None);
        if at % 2 == 0 {
            file(&mut builder, 3 * at + 2, b"file", None);
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
