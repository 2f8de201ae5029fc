//! A limit keeps the matches that come first; which these are is in `order.rs`.

use aether_index::search::{Mode, Query, search};

use crate::oracle::{fuzzy_name, substring};
use crate::tree::Tree;
use crate::{NEVER, ask, paths};

/// Several shards, several threads, more matches than are asked for.
#[test]
fn a_limit_keeps_the_best_and_threads_change_nothing() {
    let files = (0..200_000).map(|n: usize| {
        (
            n % 50,
            format!("f{}_{}.Rs", n * 7919 % 200_000, n % 13).into_bytes(),
        )
    });
    let tree = Tree {
        folders: (0..50)
            .map(|n| (n / 2, format!("dir{n}").into_bytes()))
            .collect(),
        files: files.collect(),
        upside_down: true,
    };
    let names = tree.names();
    assert_eq!(names.len(), 200_050);
    for (text, mode) in [
        ("99", Mode::Substring),
        ("9.rs", Mode::Fuzzy),
        ("f9R", Mode::Fuzzy),
        ("*_1?.Rs", Mode::Glob),
        ("3/f", Mode::Substring),
    ] {
        let all = ask(&names, text.as_bytes(), mode, None).unwrap();
        let expected = match mode {
            Mode::Substring => tree.paths(|prefix, name| substring(text.as_bytes(), prefix, name)),
            // So many names have the letters that no path is looked at.
            Mode::Fuzzy => tree.paths(|_, name| fuzzy_name(text.as_bytes(), name)),
            _ => tree.paths(|_, name| {
                name.ends_with(b".Rs") && name[name.len() - 6..].starts_with(b"_1")
            }),
        };
        assert!(expected.len() > 1_000, "{text}: {}", expected.len());
        assert_eq!(paths(&all).len(), expected.len().min(100_000), "{text}");
        assert!(paths(&all).is_subset(&expected), "{text}");
        assert!(all.matches.is_sorted_by(|a, b| a.score >= b.score));
        for (threads, limit) in [(1, 200), (2, 200), (5, 200), (2, 1)] {
            let mut query = Query::new(text.as_bytes());
            (query.mode, query.limit, query.threads, query.now) = (mode, limit, threads, Some(0));
            let few = search(&names, &query, None, &NEVER).unwrap();
            assert_eq!(few.matches.len(), limit);
            assert_eq!(
                few.matches,
                all.matches[..limit],
                "{text} on {threads} threads"
            );
        }
    }
}

/// Names that cannot be among the best are only counted, and stay below, also those that are
/// spelled like the query.
#[test]
fn a_limit_changes_no_rank() {
    let names = (0..1_000).map(|n| match n % 10 {
        9 => (0, format!("foo{n}Rea").into_bytes()),
        _ => (0, format!("rea{n}.txt").into_bytes()),
    });
    let tree = Tree {
        folders: Vec::new(),
        files: names.collect(),
        upside_down: false,
    };
    let names = tree.names();
    for mode in [Mode::Substring, Mode::Fuzzy, Mode::Auto] {
        let all = ask(&names, b"Rea", mode, None).unwrap();
        assert_eq!(all.matches.len(), 1_000);
        for limit in [1, 10, 100] {
            let mut query = Query::new(b"Rea");
            (query.mode, query.limit, query.now) = (mode, limit, Some(0));
            let few = search(&names, &query, None, &NEVER).unwrap();
            assert_eq!(few.matches, all.matches[..limit], "{mode:?}");
        }
    }
}
