//! Texts that many names have are looked for in another way, once those that can be among the best
//! are few. Both ways give one answer: here a limit that is reached soon is held against one that
//! never is.

use std::sync::atomic::AtomicBool;

use aether_index::search::{Builder, Mode, Names, Query, search};

use crate::tree::{directories, file, source};

const NAMES: usize = 40_000;

#[test]
fn a_low_limit_finds_the_first_of_what_a_high_one_finds() {
    let names = names();
    for text in [
        "e",
        "in",
        "a",
        "le",
        "file",
        ".e",
        "e-1",
        "index.h",
        "index.html",
    ] {
        for (near, threads) in [(None, 1), (Some(2), 1), (None, 2)] {
            let found = |limit| {
                let mut query = Query::new(text.as_bytes());
                query.mode = Mode::Substring;
                query.limit = limit;
                query.near = near;
                query.threads = threads;
                // Newest of all, so that the time of the test changes nothing.
                query.now = Some(1_800_000_000_000_000_000);
                search(&names, &query, None, &AtomicBool::new(false)).unwrap()
            };
            let (few, all) = (found(10), found(NAMES));
            assert_eq!(few.matched, all.matched, "{text}");
            assert_eq!(few.matched, all.matches.len() as u64, "{text}");
            let first: Vec<_> = all.matches.into_iter().take(10).collect();
            assert_eq!(few.matches, first, "{text}, near {near:?}");
        }
    }
}

/// Names of a few kinds in turn, so that each text is in many and begins few.
fn names() -> Names {
    let mut builder = Builder::new(vec![source(1, 1, "/")], 1 << 30);
    directories(&mut builder, &[(1, None, 1, ""), (2, Some(1), 1, "folder")]);
    for at in 0..NAMES {
        let name = match at % 7 {
            0 => format!("file-{at}.e"),
            1 => format!("{at} like-index.html"),
            2 => format!("e-{}", at % 100),
            3 => format!("Index-{at}.h"),
            4 => "a".repeat(at % 80 + 1),
            5 => format!("in.{at}"),
            _ => format!("{at}"),
        };
        let seconds = 1_700_000_000 + at as i64 * 7919 % 31_000_000;
        let folder = 1 + i64::from(at % 3 == 0);
        file(
            &mut builder,
            folder,
            name.as_bytes(),
            Some(seconds * 1_000_000_000),
        );
    }
    builder.finish()
}
