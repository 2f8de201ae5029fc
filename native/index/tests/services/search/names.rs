//! The names that are searched: read when they are needed, again when they may have changed, and
//! freed.

use std::path::Path;
use std::time::Duration;

use aether_index::Reason;
use aether_index::search::service::ServiceOptions;

use super::{Setup, failed, oracle, paths, text};
use crate::support::wait_until;
use crate::{make, scan};

#[test]
fn names_are_read_with_the_first_query() {
    let setup = Setup::new();
    assert_eq!(setup.service.bytes(), 0);
    for (query, has_loaded) in [("main", true), ("search", false), ("src", false)] {
        let answer = setup.found(query);
        assert_eq!(answer.value.has_loaded, has_loaded, "{query}");
        assert_eq!(paths(&answer), oracle(&setup.root(), query), "{query}");
        assert!(answer.exhaustive && !answer.stale && !answer.scanning);
    }
    assert!(setup.service.bytes() > 0);
}

#[test]
fn names_that_are_read_quickly_are_read_again_before_a_search() {
    let setup = Setup::new();
    setup.found("main");
    for round in 0..3 {
        make(&setup.root(), &[&format!("src/main{round}.rs")]);
        scan(setup.index(), &setup.root());
        let answer = setup.found("main");
        assert!(answer.value.has_loaded && !answer.value.answer.outdated);
        assert_eq!(paths(&answer), oracle(&setup.root(), "main"));
    }
}

#[test]
fn names_that_are_not_are_read_again_behind_it() {
    let setup = Setup::with(ServiceOptions {
        quick: Duration::ZERO,
        ..ServiceOptions::default()
    });
    let before = paths(&setup.found("main"));
    make(&setup.root(), &["src/main2.rs"]);
    scan(setup.index(), &setup.root());
    let first = setup.found("main");
    assert!(first.value.answer.outdated && !first.value.has_loaded);
    assert_eq!(paths(&first), before);
    wait_until(|| {
        let answer = setup.found("main");
        assert!(!answer.value.has_loaded);
        !answer.value.answer.outdated && paths(&answer) == oracle(&setup.root(), "main")
    });
}

#[test]
fn names_are_freed_when_no_query_comes() {
    let setup = Setup::with(ServiceOptions {
        idle: Duration::ZERO,
        ..ServiceOptions::default()
    });
    for _ in 0..3 {
        assert!(setup.found("main").value.has_loaded);
        wait_until(|| setup.service.bytes() == 0);
    }
}

#[test]
fn names_beyond_the_memory_are_left_out_and_that_is_said() {
    let setup = Setup::with(ServiceOptions {
        memory: 1,
        ..ServiceOptions::default()
    });
    let answer = setup.found("main");
    assert!(answer.value.answer.truncated && !answer.exhaustive);
}

/// What keeps a moved file open keeps others from removing the files beside the one that is
/// there now.
#[test]
fn a_moved_file_is_closed_without_another_query() {
    let setup = Setup::with(ServiceOptions {
        idle: Duration::from_secs(3_600),
        ..ServiceOptions::default()
    });
    setup.found("main");
    setup.index().close().unwrap();
    let database = setup.fixture.path();
    assert!(is_open(&database));
    let moved = database.with_extension("moved");
    std::fs::rename(&database, &moved).unwrap();
    wait_until(|| !is_open(&moved));
    assert_eq!(failed(setup.find(text("main"))), Reason::Moved);
}

/// Whether this process has a file open.
fn is_open(path: &Path) -> bool {
    let path = path.canonicalize().unwrap();
    let links = std::fs::read_dir("/proc/self/fd").unwrap().flatten();
    links
        .filter_map(|link| std::fs::read_link(link.path()).ok())
        .any(|link| link == path)
}
