//! What ends a search, or its names, early: too little memory, a cancel.

use std::sync::atomic::AtomicBool;

use aether_index::search::{Builder, Mode, Query, Refused, search};

use crate::ask;
use crate::tree::{directories, file, flat, source};

#[test]
fn what_does_not_fit_is_left_out_and_said() {
    let build = |limit| {
        let mut builder = Builder::new(vec![source(1, 1, "/")], limit);
        directories(&mut builder, &[(1, None, 1, "")]);
        for n in 0..300_000 {
            let name = format!("file number {n}");
            file(&mut builder, 1, name.as_bytes(), None);
        }
        builder.finish()
    };
    let whole = build(usize::MAX);
    assert!(!whole.truncated() && whole.len() == 300_000);
    for limit in [100, 1_000, 100_000, 3_000_000] {
        let names = build(limit);
        assert!(names.truncated() && names.len() < 300_000);
        assert!(names.bytes() <= limit, "{} > {limit}", names.bytes());
        ask(&names, b"file", Mode::Auto, None).unwrap();
    }
}

#[test]
fn a_cancelled_search_says_so() {
    let names = flat(&[b"a", b"b"]).names();
    for mode in [Mode::Substring, Mode::Fuzzy, Mode::Glob] {
        for text in ["a", "x/a", "**/a"] {
            let mut query = Query::new(text.as_bytes());
            query.mode = mode;
            let refused = search(&names, &query, None, &AtomicBool::new(true)).unwrap_err();
            assert_eq!(refused, Refused::Cancelled);
        }
    }
}
