//! All matches, page by page.

use aether_index::search::{Builder, HitCursor, Mode, Names, Query, Refused, Session, search};
use proptest::prelude::*;
use proptest::sample::select;

use crate::NEVER;
use crate::tree::{directories, file, name, source, tree};

/// The pages of a query, and what is found at once.
fn check(names: &Names, text: &[u8], mode: Mode, size: usize, threads: usize) -> usize {
    let mut query = Query::new(text);
    (query.mode, query.limit, query.threads, query.now) = (mode, 1_000_000, threads, Some(7));
    let all = search(names, &query, None, &NEVER).unwrap();
    assert_eq!(all.matched as usize, all.matches.len());
    query.limit = size;
    let mut pages = Vec::new();
    let mut session = Session::new();
    loop {
        let page = search(names, &query, Some(&mut session), &NEVER).unwrap();
        assert_eq!(page.matched, all.matched);
        assert!(page.matches.len() <= size);
        let Some(last) = page.matches.last() else {
            break;
        };
        // As callers hand it back.
        query.after = HitCursor::from_bytes(&last.cursor.to_bytes());
        query.now = None;
        pages.extend(page.matches);
    }
    assert_eq!(pages, all.matches);
    pages.len()
}

#[test]
fn pages_hold_each_match_once() {
    let mut builder = Builder::new(vec![source(1, 1, "/")], usize::MAX);
    directories(&mut builder, &[(1, None, 1, ""), (2, Some(1), 1, "folder")]);
    for at in 0..30_000_i64 {
        let name = format!("f{}-{}.Rs", at % 700, at % 3);
        let time = at * 7919 % 31_000_000 * 1_000_000_000;
        file(&mut builder, 1 + at % 2, name.as_bytes(), Some(time));
    }
    let names = builder.finish();
    for (text, mode) in [
        ("f", Mode::Auto),
        ("7-1", Mode::Auto),
        ("1.R", Mode::Substring),
        ("*-2.rs", Mode::Glob),
        ("f7R", Mode::Fuzzy),
        ("rs 12 !folder", Mode::Auto),
    ] {
        assert!(check(&names, text.as_bytes(), mode, 997, 2) > 50, "{text}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn pages_of_any_size_hold_all(
        tree in tree(name()),
        text in prop::collection::vec(select(vec!["a", "b", "A", " ", "!c", "/", "é", "."]), 0..4),
        mode in select(vec![Mode::Auto, Mode::Substring, Mode::Glob, Mode::Fuzzy]),
        size in 1_usize..5,
    ) {
        check(&tree.names(), text.concat().as_bytes(), mode, size, 1);
    }
}

#[test]
fn a_cursor_of_other_names_is_refused() {
    let build = || {
        let mut builder = Builder::new(vec![source(1, 1, "/")], usize::MAX);
        directories(&mut builder, &[(1, None, 1, "")]);
        file(&mut builder, 1, b"a", None);
        builder.finish()
    };
    let mut query = Query::new(b"a");
    let found = search(&build(), &query, None, &NEVER).unwrap();
    query.after = Some(found.matches[0].cursor);
    let refused = search(&build(), &query, None, &NEVER).unwrap_err();
    assert_eq!(refused, Refused::CursorOutdated);
    assert_eq!(HitCursor::from_bytes(b"no cursor"), None);
    assert_eq!(HitCursor::from_bytes(&[0; 33]), None);
}

#[test]
fn a_cursor_of_another_query_is_refused() {
    let mut builder = Builder::new(vec![source(1, 1, "/")], usize::MAX);
    directories(&mut builder, &[(1, None, 1, "")]);
    file(&mut builder, 1, b"ab", None);
    let names = builder.finish();
    let mut query = Query::new(b"a");
    query.after = Some(search(&names, &query, None, &NEVER).unwrap().matches[0].cursor);
    assert!(search(&names, &query, None, &NEVER).is_ok());
    let mut longer = Query::new(b"ab");
    longer.after = query.after;
    let mut only = query.clone();
    only.source = Some(1);
    let mut files = query.clone();
    files.filters.kinds = vec![1];
    query.mode = Mode::Substring;
    for other in [longer, only, files, query] {
        let refused = search(&names, &other, None, &NEVER).unwrap_err();
        assert_eq!(refused, Refused::BadCursor, "{other:?}");
    }
}
