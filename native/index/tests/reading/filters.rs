//! A folder's children whose names pass a filter.

use aether_index::Reason;
use aether_index::reader::{Child, Children, ChildrenOptions, NameFilter, Pool, Sort};
use aether_index::search::name_filter::{containing, matching};
use proptest::prelude::*;

use crate::children::sorts;
use crate::support::*;

fn names(children: &[Child]) -> Vec<String> {
    let text = |child: &Child| String::from_utf8_lossy(&child.name).into_owned();
    children.iter().map(text).collect()
}

fn all(pool: &Pool, source: &str, filter: NameFilter, sort: Sort, limit: usize) -> Vec<Child> {
    let mut options = ChildrenOptions {
        limit,
        sort,
        filter: Some(filter),
        ..ChildrenOptions::default()
    };
    let mut found = Vec::new();
    loop {
        let page = pool.children(source, b"", &options).unwrap().value;
        let Children { children, next, .. } = page;
        assert!(children.len() <= limit);
        found.extend(children);
        options.after = next;
        if options.after.is_none() {
            return found;
        }
    }
}

#[test]
fn names_pass_as_a_search_would_find_them() {
    let fixture = Fixture::new();
    let files = ["Ünïcödé.TXT", "notes.txt", "a[1].rs", "b1.rs", "Straße"];
    let mut entries: Vec<_> = files.iter().map(|name| file(name, 1, 1)).collect();
    entries.push(dir("Text"));
    fixture.scan(&[listing("", &entries, 1)]);
    let (pool, source) = (fixture.pool(), fixture.uuid());
    let glob = |text: &str| matching(text.as_bytes()).unwrap();
    let part = |text: &str| containing(text.as_bytes());
    for (filter, expected) in [
        (
            part(""),
            &[
                "Text",
                "Straße",
                "a[1].rs",
                "b1.rs",
                "notes.txt",
                "Ünïcödé.TXT",
            ][..],
        ),
        (part("txt"), &["notes.txt", "Ünïcödé.TXT"]),
        (part("TE"), &["Text", "notes.txt"]),
        (part("unicode"), &["Ünïcödé.TXT"]),
        (part("ünico"), &["Ünïcödé.TXT"]),
        (part("ûnico"), &[]),
        (part("STRASSE"), &["Straße"]),
        (part("[1]"), &["a[1].rs"]),
        (part("*"), &[]),
        (glob("*.TXT"), &["notes.txt", "Ünïcödé.TXT"]),
        (glob("te"), &[]),
        (glob("{a,b}*.rs"), &["a[1].rs", "b1.rs"]),
        (glob("[!a]*[0-9].rs"), &["b1.rs"]),
        (glob("ü*"), &["Ünïcödé.TXT"]),
    ] {
        let label = format!("{filter:?}");
        let found = all(&pool, &source, filter, Sort::default(), 100);
        assert_eq!(names(&found), expected, "{label}");
    }
    assert!(matching(b"[").is_err());
}

#[test]
fn a_cursor_is_only_valid_with_its_filter() {
    let fixture = Fixture::new();
    let entries: Vec<_> = (0..9).map(|at| file(&format!("a{at}"), at, 1)).collect();
    fixture.scan(&[listing("", &entries, 1)]);
    let (pool, source) = (fixture.pool(), fixture.uuid());
    let page = |filter: Option<NameFilter>, after| {
        let options = ChildrenOptions {
            limit: 2,
            filter,
            after,
            ..ChildrenOptions::default()
        };
        pool.children(&source, b"", &options)
    };
    let next = |filter| page(filter, None).unwrap().value.next;
    let filters = || {
        [
            None,
            Some(containing(b"a")),
            Some(matching(b"a*").unwrap()),
            Some(containing(b"a*")),
        ]
    };
    for (at, from) in filters().into_iter().enumerate() {
        let cursor = next(from);
        for (other, to) in filters().into_iter().enumerate() {
            let refused = page(to, cursor.clone()).err().map(|error| error.reason);
            let expected = (at != other && cursor.is_some()).then_some(Reason::BadCursor);
            assert_eq!(refused, expected, "{at} {other}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// What SQLite's own LIKE and GLOB say of names of ASCII.
    #[test]
    fn pages_are_what_the_shell_selects(
        entries in prop::collection::btree_map("[abA][abA.]{0,3}", (any::<bool>(), 0..4u64), 0..40),
        text in "[abA.]{0,2}", limit in 1..7usize,
    ) {
        let fixture = Fixture::new();
        let entry = |(name, (is_dir, size)): (&String, &(bool, u64))| match is_dir {
            true => dir(name),
            false => file(name, *size, 1),
        };
        let entries: Vec<_> = entries.iter().map(entry).collect();
        fixture.scan(&[listing("", &entries, 1)]);
        let (pool, source) = (fixture.pool(), fixture.uuid());
        for (filter, condition) in [
            (containing(text.as_bytes()), format!("name LIKE '%{text}%'")),
            (matching(format!("{text}*").as_bytes()).unwrap(), format!("lower(name) GLOB lower('{text}*')")),
            (matching(format!("*{text}").as_bytes()).unwrap(), format!("lower(name) GLOB lower('*{text}')")),
        ] {
            let rows = fixture.shell(&format!(
                "SELECT name FROM (SELECT name FROM files UNION SELECT name FROM dirs WHERE name <> '') WHERE {condition} ORDER BY 1"
            ));
            let expected: Vec<&str> = rows.lines().collect();
            for sort in sorts() {
                let found = all(&pool, &source, filter.clone(), sort, limit);
                let mut found = names(&found);
                found.sort();
                prop_assert_eq!(&found, &expected, "{} {:?}", condition, sort);
            }
            let in_pages = all(&pool, &source, filter.clone(), Sort::default(), limit);
            prop_assert_eq!(in_pages, all(&pool, &source, filter, Sort::default(), 1000));
        }
    }
}
