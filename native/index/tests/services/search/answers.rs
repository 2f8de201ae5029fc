//! What a query is answered with, and with which reason it is refused.

use std::collections::BTreeSet;

use aether_index::Reason;
use aether_index::search::service::Request;
use aether_index::search::{Mode, Refused, Roots};

use super::{Setup, failed, oracle, paths, refused, text};
use crate::make;

#[test]
fn pages_filters_and_roots_are_the_request_s() {
    let setup = Setup::new();
    let all = paths(&setup.found("s"));
    let (mut found, mut after) = (BTreeSet::new(), None);
    loop {
        let request = Request {
            limit: 1,
            after,
            ..text("s")
        };
        let page = setup.find(request).unwrap();
        assert_eq!(page.value.answer.matched as usize, all.len());
        after = page.value.answer.next;
        found.extend(paths(&page));
        if after.is_none() {
            break;
        }
    }
    assert_eq!(found, all);
    let mut folders = text("s");
    folders.filters.kinds = vec![2];
    let folders = paths(&setup.find(folders).unwrap());
    assert_eq!(folders, BTreeSet::from(["src".to_owned()]));
    let path = setup.root().join("src/main.rs");
    for (roots, count) in [(Roots::Stored, 1), (Roots::Hidden, 0)] {
        let request = Request {
            mode: Mode::Auto,
            roots,
            ..text(path.to_str().unwrap())
        };
        assert_eq!(paths(&setup.find(request).unwrap()).len(), count);
    }
}

#[test]
fn what_cannot_be_searched_is_refused_with_its_reason() {
    let setup = Setup::new();
    let in_source = |source: &str| Request {
        source: Some(source.to_owned()),
        ..text("main")
    };
    let near = |folder: &str| Request {
        near: Some(("s".to_owned(), folder.as_bytes().to_vec())),
        ..text("main")
    };
    assert_eq!(failed(setup.find(in_source("no"))), Reason::NoSource);
    assert_eq!(failed(setup.find(near("no"))), Reason::NoFolder);
    let long = text(&"a".repeat(1001));
    assert_eq!(refused(setup.find(long)), Refused::TooLong);
    let all = oracle(&setup.root(), "main");
    for request in [in_source("s"), near("src")] {
        assert_eq!(paths(&setup.find(request).unwrap()), all);
    }
}

/// Two sources, one of them cut short: the answer over both is no fresher than that one.
#[test]
fn an_answer_over_several_sources_is_as_fresh_as_the_stalest() {
    let setup = Setup::new();
    let other = setup.directory.path().join("other");
    make(&other, &["main.c"]);
    let whole = setup.found("main");
    let spec = crate::spec(&other);
    let begun = setup.fixture.begin(spec);
    let both = setup.found("main");
    assert!(both.scanning && both.stale && !both.exhaustive);
    assert_eq!((both.scanned_at, both.age), (None, None));
    let one = Request {
        source: Some("s".to_owned()),
        ..text("main")
    };
    let one = setup.find(one).unwrap();
    assert_eq!(one.scanned_at, whole.scanned_at);
    assert!(!one.scanning && !one.stale && one.exhaustive);
    drop(begun);
}
