//! What could not be read, by its name.

use aether_core::Status;
use aether_core::slab::status;
use aether_index::Reason;
use aether_index::reader::{Pool, UnreadableFolder, UnreadableFolders, UnreadableOptions};

use crate::elsewhere;
use crate::freshness::expansion;
use crate::support::*;

#[test]
fn what_could_not_be_read_is_named() {
    let fixture = Fixture::new();
    fixture.scan_as(
        spec(),
        &[
            listing("", &[dir("a"), dir("c"), dir("e")], 1),
            listing("a", &[dir("b"), dir("ok"), dir("moving")], 1),
            listing("a/b", &[], status::errno(13)),
            listing("a/ok", &[], 1),
            listing("a/moving", &[], status::CHANGING),
            listing("c", &[], status::errno(5)),
            listing("e", &[], 1),
        ],
        Status::Partial,
    );
    let (pool, source) = (elsewhere(&fixture.path()), fixture.uuid());
    let unreadable = |folder: &str| {
        let answer = pool.totals(&source, folder.as_bytes()).unwrap();
        assert!(!answer.unreadable.at_least);
        let first = answer.unreadable.first;
        assert_eq!(first.len() as u64, answer.unreadable.count);
        let text = first.iter().map(|path| String::from_utf8_lossy(path));
        (text.collect::<Vec<_>>().join(" "), answer.exhaustive)
    };
    assert_eq!(unreadable(""), ("a/b c".into(), false));
    assert_eq!(unreadable("a"), ("a/b".into(), false));
    assert_eq!(unreadable("a/b"), ("a/b".into(), false));
    assert_eq!(unreadable("a/moving"), ("".into(), false));
    assert_eq!(unreadable("a/ok"), ("".into(), true));
    assert_eq!(unreadable("e"), ("".into(), true));
}

#[test]
fn looking_for_what_could_not_be_read_is_bounded() {
    let fixture = Fixture::new();
    let names: Vec<_> = (0..3000).map(|at| dir(&format!("d{at:04}"))).collect();
    let mut all = vec![listing("", &names, 1)];
    for at in [0, 2999] {
        all.push(listing(&format!("d{at:04}"), &[], status::errno(13)));
    }
    fixture.scan_as(expansion("", Some(2)), &all, Status::Partial);
    let (pool, source) = (elsewhere(&fixture.path()), fixture.uuid());
    let found = pool.totals(&source, b"").unwrap().unreadable;
    assert_eq!((found.count, found.at_least), (1, true));
    assert_eq!(found.first, [b"d0000".to_vec()]);
}

/// All pages, with how many there were.
fn paged(pool: &Pool, source: &str, folder: &str, limit: usize) -> (Vec<UnreadableFolder>, usize) {
    let mut options = UnreadableOptions { limit, after: None };
    let (mut all, mut pages) = (Vec::new(), 0);
    loop {
        let page = pool.unreadable(source, folder.as_bytes(), &options);
        let UnreadableFolders { folders, next } = page.unwrap().value;
        assert!(folders.len() <= limit);
        all.extend(folders);
        pages += 1;
        options.after = next;
        if options.after.is_none() {
            return (all, pages);
        }
    }
}

#[test]
fn pages_name_all_that_could_not_be_read_with_the_reason() {
    let fixture = Fixture::new();
    fixture.scan_as(
        spec(),
        &[
            listing(
                "",
                &[dir("a"), dir("a!"), dir("c"), dir("e"), dir("unread")],
                1,
            ),
            listing("a", &[dir("b"), dir("ok"), dir("moving")], status::errno(5)),
            listing("a/b", &[], status::errno(13)),
            listing("a/ok", &[], 1),
            listing("a/moving", &[dir("x")], status::CHANGING),
            listing("a/moving/x", &[], status::errno(2)),
            listing("a!", &[], status::errno(13)),
            listing("c", &[], status::errno(13)),
            listing("e", &[], 1),
        ],
        Status::Partial,
    );
    let (pool, source) = (elsewhere(&fixture.path()), fixture.uuid());
    for (folder, expected) in [
        ("", "a:261 a/b:269 a/moving/x:258 a!:269 c:269"),
        ("a", "a:261 a/b:269 a/moving/x:258"),
        ("a/moving", "a/moving/x:258"),
        ("c", "c:269"),
        ("e", ""),
    ] {
        for limit in [1, 2, 3, 100] {
            let (found, _) = paged(&pool, &source, folder, limit);
            let text = found.iter().map(|folder| {
                format!(
                    "{}:{}",
                    String::from_utf8_lossy(&folder.path),
                    folder.status
                )
            });
            assert_eq!(
                text.collect::<Vec<_>>().join(" "),
                expected,
                "{folder} {limit}"
            );
        }
    }
    let elsewhere = UnreadableOptions {
        after: Some(b"a/b".to_vec()),
        ..UnreadableOptions::default()
    };
    for folder in [&b"c"[..], b"a/moving"] {
        let refused = pool.unreadable(&source, folder, &elsewhere).unwrap_err();
        assert_eq!(refused.reason, Reason::BadCursor);
    }
    // The folder at which the page before ended is gone.
    let gone = UnreadableOptions {
        after: Some(b"a/b/c/d".to_vec()),
        ..UnreadableOptions::default()
    };
    let rest = pool.unreadable(&source, b"", &gone).unwrap().value.folders;
    assert_eq!(rest[0].path, b"a/moving/x");
}

#[test]
fn a_page_ends_early_where_little_is_unreadable_among_very_much() {
    let fixture = Fixture::new();
    let names: Vec<_> = (0..120_000).map(|at| dir(&format!("d{at:06}"))).collect();
    fixture.scan_as(
        expansion("", Some(1)),
        &[listing("", &names, 1)],
        Status::Complete,
    );
    // As if all had been listed, and but two could be read.
    fixture.sql(
        "UPDATE dirs SET status = 1, unknown_below = 0 WHERE name <> '';
         UPDATE dirs SET status = 269, unknown_below = 1 WHERE name IN ('d000003', 'd119999');
         UPDATE dirs SET unknown_below = 2 WHERE name = ''",
    );
    let (pool, source) = (elsewhere(&fixture.path()), fixture.uuid());
    let (found, pages) = paged(&pool, &source, "", 10);
    let paths: Vec<_> = found.into_iter().map(|folder| folder.path).collect();
    assert_eq!(paths, [b"d000003".to_vec(), b"d119999".to_vec()]);
    assert_eq!(pages, 3);
}
