//! Which matches come first, and that a limit keeps these.

use aether_index::search::{Builder, Mode, Query, search};

use crate::oracle::{fuzzy, substring};
use crate::tree::{Tree, directories, file, source};
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
        ("d1f9R", Mode::Fuzzy),
        ("*_1?.Rs", Mode::Glob),
        ("3/f", Mode::Substring),
    ] {
        let all = ask(&names, text.as_bytes(), mode, None).unwrap();
        let expected = match mode {
            Mode::Substring => tree.paths(|prefix, name| substring(text.as_bytes(), prefix, name)),
            Mode::Fuzzy => tree.paths(|prefix, name| fuzzy(text.as_bytes(), prefix, name)),
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
            if mode != Mode::Fuzzy {
                assert_eq!(
                    few.matches,
                    all.matches[..limit],
                    "{text} on {threads} threads"
                );
            }
        }
    }
}

/// Which of two comes first.
#[test]
fn better_newer_and_nearer_ones_come_first() {
    let now = 1_700_000_000_000_000_000;
    let mut builder = Builder::new(vec![source(1, 1, "/")], usize::MAX);
    let folders = [
        (1, None, 1, ""),
        (2, Some(1), 1, "near"),
        (3, Some(2), 1, "here"),
        (4, Some(1), 1, "far"),
        (5, Some(4), 1, "away"),
    ];
    directories(&mut builder, &folders);
    let day = 86_400_000_000_000;
    let rows: &[(i64, &str, i64)] = &[
        (1, "main.rs", now - 400 * day),
        (1, "domain.rs", now - 400 * day),
        (1, "xmxaxixn.rs", now - 400 * day),
        (1, "new.log", now - day / 100),
        (1, "old.log", now - 400 * day),
        (3, "same.c", now),
        (5, "same.c", now),
        (2, "deep.c", now),
        (3, "deep.c", now),
    ];
    for &(folder, name, mtime) in rows {
        file(&mut builder, folder, name.as_bytes(), Some(mtime));
    }
    let names = builder.finish();
    let ask = |text: &str, mode, near| {
        let mut query = Query::new(text.as_bytes());
        (query.mode, query.near, query.now) = (mode, near, Some(now));
        let found = search(&names, &query, None, &NEVER).unwrap();
        let paths = found
            .matches
            .iter()
            .map(|m| String::from_utf8([&m.path[..], b"/", &m.name].concat()).unwrap());
        paths.collect::<Vec<_>>()
    };
    for mode in [Mode::Substring, Mode::Fuzzy] {
        assert_eq!(ask("main", mode, None)[..2], ["/main.rs", "/domain.rs"]);
        assert_eq!(ask(".log", mode, None), ["/new.log", "/old.log"]);
        assert_eq!(
            ask("same", mode, Some(2)),
            ["near/here/same.c", "far/away/same.c"]
        );
        assert_eq!(
            ask("same", mode, Some(4)),
            ["far/away/same.c", "near/here/same.c"]
        );
        assert_eq!(ask("deep", mode, None), ["near/deep.c", "near/here/deep.c"]);
    }
    assert_eq!(ask("main", Mode::Fuzzy, None)[2], "/xmxaxixn.rs");
    // A letter may be left out, not swapped; names that have all come before paths that do.
    assert_eq!(ask("mian", Mode::Fuzzy, None), Vec::<String>::new());
    assert_eq!(ask("nearsame", Mode::Fuzzy, None), ["near/here/same.c"]);
    assert_eq!(ask("f/a/s", Mode::Fuzzy, None), ["far/away/same.c"]);
}
