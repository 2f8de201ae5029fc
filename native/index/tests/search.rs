//! The search against simple oracles: windows, subsequences by trial, globset, find. All over random trees whose names are few
//! letters in many forms, so that queries match often, and by every way.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::process::Command;
use std::sync::atomic::AtomicBool;

use aether_index::search::{
    Builder, Directory, Entry, Found, Mode, Names, Query, Refused, Session, Source, search,
};
use globset::GlobBuilder;
use proptest::prelude::*;
use proptest::sample::select;

static NEVER: AtomicBool = AtomicBool::new(false);

/// Folders by the place of their parent, 0 the root; then files by the place of their folder.
#[derive(Clone, Debug)]
struct Tree {
    folders: Vec<(usize, Vec<u8>)>,
    files: Vec<(usize, Vec<u8>)>,
    /// The ids of folders go up or down with their depth.
    upside_down: bool,
}

impl Tree {
    fn id(&self, place: usize) -> i64 {
        match self.upside_down {
            true => (self.folders.len() + 1 - place) as i64,
            false => place as i64 + 1,
        }
    }

    fn names(&self) -> Names {
        let source = Source {
            id: 7,
            root_id: self.id(0),
            root: b"/root".to_vec(),
        };
        let mut builder = Builder::new(vec![source], usize::MAX);
        let mut rows: Vec<(i64, Option<i64>, &[u8])> = vec![(self.id(0), None, b"")];
        for (place, (parent, name)) in self.folders.iter().enumerate() {
            rows.push((self.id(place + 1), Some(self.id(*parent)), name));
        }
        rows.sort_unstable();
        for (id, parent, name) in rows {
            builder.directory(Directory {
                id,
                parent,
                source: 7,
                name,
                mtime: None,
            });
        }
        for (folder, name) in &self.files {
            builder.entry(
                self.id(*folder),
                Entry {
                    name,
                    kind: 1,
                    mtime: Some(1),
                },
            );
        }
        builder.finish()
    }

    /// All entries: the path of their folder with a slash after each name, and their own name.
    fn entries(&self) -> Vec<(Vec<u8>, Vec<u8>)> {
        let mut prefixes = vec![Vec::new()];
        let mut entries = Vec::new();
        for (parent, name) in &self.folders {
            entries.push((prefixes[*parent].clone(), name.clone()));
            prefixes.push([&prefixes[*parent][..], name, b"/"].concat());
        }
        let files = self.files.iter();
        entries.extend(files.map(|(folder, name)| (prefixes[*folder].clone(), name.clone())));
        entries
    }

    fn paths(&self, matches: impl Fn(&[u8], &[u8]) -> bool) -> BTreeSet<Vec<u8>> {
        let entries = self.entries();
        let found = entries
            .iter()
            .filter(|(prefix, name)| matches(prefix, name));
        found
            .map(|(prefix, name)| [&prefix[..], name].concat())
            .collect()
    }
}

fn name() -> impl Strategy<Value = Vec<u8>> + Clone {
    let pieces: &[&[u8]] = &[
        b"a",
        b"b",
        b"c",
        b"A",
        b"B",
        b".",
        b"_",
        b" ",
        "é".as_bytes(),
        "É".as_bytes(),
        "日".as_bytes(),
        b"\xff",
        b"\xc3",
        b"1",
        b"*",
    ];
    named(pieces.to_vec())
}

fn ascii_name() -> impl Strategy<Value = Vec<u8>> + Clone {
    named(b"abcAB._1".chunks(1).collect())
}

fn named(pieces: Vec<&'static [u8]>) -> impl Strategy<Value = Vec<u8>> + Clone {
    let name = prop::collection::vec(select(pieces), 1..7).prop_map(|parts| parts.concat());
    name.prop_filter("no name", |name| name != b"." && name != b"..")
}

fn tree(name: impl Strategy<Value = Vec<u8>> + Clone) -> impl Strategy<Value = Tree> {
    let places = || any::<prop::sample::Index>();
    let folders = prop::collection::vec((places(), name.clone()), 0..12);
    let files = prop::collection::vec((places(), name), 0..25);
    (folders, files, any::<bool>()).prop_map(|(folders, files, upside_down)| {
        let mut taken = BTreeSet::new();
        let mut tree = Tree {
            folders: Vec::new(),
            files: Vec::new(),
            upside_down,
        };
        for (parent, name) in folders {
            let parent = parent.index(tree.folders.len() + 1);
            if taken.insert((parent, name.clone())) {
                tree.folders.push((parent, name));
            }
        }
        for (folder, name) in files {
            let folder = folder.index(tree.folders.len() + 1);
            if taken.insert((folder, name.clone())) {
                tree.files.push((folder, name));
            }
        }
        tree
    })
}

fn ask(
    names: &Names,
    text: &[u8],
    mode: Mode,
    session: Option<&mut Session>,
) -> Result<Found, Refused> {
    let mut query = Query::new(text);
    query.mode = mode;
    query.limit = 100_000;
    query.now = Some(0);
    search(names, &query, session, &NEVER)
}

fn paths(found: &Found) -> BTreeSet<Vec<u8>> {
    let paths: BTreeSet<Vec<u8>> = found
        .matches
        .iter()
        .map(|found| match found.path.is_empty() {
            true => found.name.clone(),
            false => [&found.path[..], b"/", &found.name].concat(),
        })
        .collect();
    assert_eq!(
        paths.len(),
        found.matches.len(),
        "something was found twice"
    );
    paths
}

fn folded(text: &[u8], like: &[u8]) -> Vec<u8> {
    match like.iter().any(u8::is_ascii_uppercase) {
        true => text.to_vec(),
        false => text.to_ascii_lowercase(),
    }
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    part.is_empty() || text.windows(part.len()).any(|window| window == part)
}

/// Whether the letters are there one after the other, by trying all ways.
fn in_order(letters: &[Vec<u8>], text: &[u8]) -> bool {
    let Some((first, rest)) = letters.split_first() else {
        return true;
    };
    (0..text.len())
        .any(|at| text[at..].starts_with(first) && in_order(rest, &text[at + first.len()..]))
}

fn letters(text: &[u8]) -> Vec<Vec<u8>> {
    let mut letters = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let length = (1..=4).find(|&n| {
            rest.get(..n)
                .is_some_and(|c| std::str::from_utf8(c).is_ok())
        });
        let (letter, after) = rest.split_at(length.unwrap_or(1));
        letters.push(letter.to_vec());
        rest = after;
    }
    letters
}

fn fuzzy(query: &[u8], prefix: &[u8], name: &[u8]) -> bool {
    let mut text: Vec<u8> = query.iter().copied().filter(|&byte| byte != b' ').collect();
    while text.last() == Some(&b'/') {
        text.pop();
    }
    let letters = letters(&text);
    let Some((last, rest)) = letters.split_last() else {
        return true;
    };
    let (prefix, name) = (folded(prefix, query), folded(name, query));
    let start: &[u8] = if text.starts_with(b"/") { b"/" } else { b"" };
    (0..name.len()).any(|at| {
        name[at..].starts_with(last) && in_order(rest, &[start, &prefix, &name[..at]].concat())
    })
}

fn substring(query: &[u8], prefix: &[u8], name: &[u8]) -> bool {
    let (prefix, name) = (folded(prefix, query), folded(name, query));
    if !query.contains(&b'/') {
        return contains(&name, query);
    }
    let path = [b"/", &prefix[..], &name].concat();
    let least = 1 + prefix.len();
    (0..path.len()).any(|at| path[at..].starts_with(query) && at + query.len() >= least)
}

fn query_text() -> impl Strategy<Value = Vec<u8>> + Clone {
    let pieces: &[&[u8]] = &[
        b"a",
        b"b",
        b"c",
        b"a",
        b"b",
        b"A",
        b".",
        b"_",
        b" ",
        b"/",
        "é".as_bytes(),
        "日".as_bytes(),
        b"\xff",
        b"\xa9",
    ];
    prop::collection::vec(select(pieces.to_vec()), 0..5).prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn substring_finds_what_windows_find(tree in tree(name()), text in query_text()) {
        let found = ask(&tree.names(), &text, Mode::Substring, None).unwrap();
        let expected = tree.paths(|prefix, name| substring(&text, prefix, name));
        prop_assert_eq!(found.matched, expected.len() as u64);
        prop_assert_eq!(paths(&found), expected);
    }

    #[test]
    fn fuzzy_finds_what_has_the_letters_in_order(tree in tree(name()), text in query_text()) {
        let found = ask(&tree.names(), &text, Mode::Fuzzy, None).unwrap();
        let expected = tree.paths(|prefix, name| fuzzy(&text, prefix, name));
        prop_assert_eq!(paths(&found), expected);
    }

    #[test]
    fn glob_finds_what_globset_finds(
        tree in tree(ascii_name()),
        segments in prop::collection::vec(glob_segment(), 1..4),
        rooted in any::<bool>(),
    ) {
        let text = segments.join("/");
        let deep = text == "**";
        let (own, theirs) = match (text.contains('/'), rooted) {
            (true, true) => (format!("/{text}"), text.clone()),
            (true, false) => (text.clone(), format!("**/{text}")),
            (false, _) => (text.clone(), text.clone()),
        };
        prop_assume!(!deep);
        // A set that is turned around takes a slash in globset, which no name has.
        let theirs = theirs.replace("[!a]", "[!a/]").replace("[^.]", "[^./]");
        let found = ask(&tree.names(), own.as_bytes(), Mode::Glob, None).unwrap();
        let glob = GlobBuilder::new(&theirs)
            .literal_separator(true)
            .case_insensitive(!text.bytes().any(|byte| byte.is_ascii_uppercase()))
            .build()
            .unwrap()
            .compile_matcher();
        let expected = tree.paths(|prefix, name| match text.contains('/') {
            true => glob.is_match(OsStr::from_bytes(&[prefix, name].concat())),
            false => glob.is_match(OsStr::from_bytes(name)),
        });
        prop_assert_eq!(paths(&found), expected, "{}", own);
    }

    #[test]
    fn a_query_that_grows_finds_what_a_new_one_finds(
        tree in tree(name()),
        text in query_text(),
        mode in select(vec![Mode::Substring, Mode::Fuzzy, Mode::Auto]),
    ) {
        let names = tree.names();
        let mut session = Session::new();
        // To the end, and back again.
        let ends = (0..=text.len()).chain((0..text.len()).rev());
        for end in ends {
            let grown = ask(&names, &text[..end], mode, Some(&mut session)).unwrap();
            let new = ask(&names, &text[..end], mode, None).unwrap();
            prop_assert_eq!(grown.matches, new.matches);
            prop_assert_eq!(grown.matched, new.matched);
        }
    }

    #[test]
    fn no_glob_panics_or_hangs(tree in tree(name()), text in prop::collection::vec(select(b"a*?[]!-\\/^\xff".to_vec()), 0..12)) {
        let _ = ask(&tree.names(), &text, Mode::Glob, None);
    }
}

fn glob_segment() -> impl Strategy<Value = String> {
    let part = select(vec![
        "a", "b", "A", ".", "*", "?", "[ab]", "[!a]", "[a-c]", "[^.]", "\\*", "_", "[]a]", "[A-Z]",
    ]);
    prop_oneof![
        1 => Just("**".to_owned()),
        4 => prop::collection::vec(part, 1..4).prop_map(|parts| {
            // Two stars in one name mean to globset what they mean alone, but are none of its words.
            let text = parts.concat();
            if text.contains("**") { text.replace("**", "*") } else { text }
        }),
    ]
}

fn flat(names: &[&[u8]]) -> Tree {
    Tree {
        folders: Vec::new(),
        files: names.iter().map(|name| (0, name.to_vec())).collect(),
        upside_down: false,
    }
}

/// In a locale where find knows characters; names that are not UTF-8 it matches byte by byte, which is the same where the
/// rest of them is ASCII. (It also takes two bytes of a character for two, which no one asks for: `??` is left out.)
#[test]
fn globs_match_characters_as_find_does() {
    let names: &[&[u8]] = &[
        b"a",
        "é".as_bytes(),
        "日本".as_bytes(),
        "aé.txt".as_bytes(),
        b"x*y",
        b"[z]",
        b"a\xff",
        b"\xff",
        b"-",
        b"a]",
        b"a b",
        b"\\",
    ];
    let directory = tempfile::tempdir().unwrap();
    for name in names {
        std::fs::write(directory.path().join(OsStr::from_bytes(name)), b"").unwrap();
    }
    let indexed = flat(names).names();
    for pattern in [
        "?", "*é*", "[äé]*", "[!a]*", "[a-é]", "x\\*y", "*]", "[]a]*", "[[]z]", "*[ ]*", "a?*",
        "[a-]", "\\\\", "?本", "日*",
    ] {
        let output = Command::new("find")
            .env("LC_ALL", "C.UTF-8")
            .arg(directory.path())
            .args(["-mindepth", "1", "-iname", pattern, "-printf", "%P\\0"])
            .output()
            .unwrap();
        let expected: BTreeSet<Vec<u8>> = output
            .stdout
            .split(|&byte| byte == 0)
            .filter(|p| !p.is_empty())
            .map(<[u8]>::to_vec)
            .collect();
        let found = ask(&indexed, pattern.as_bytes(), Mode::Glob, None).unwrap();
        assert_eq!(paths(&found), expected, "{pattern}");
    }
}

#[test]
fn what_is_no_glob_is_refused() {
    let names = flat(&[b"a"]).names();
    for (text, reason) in [
        ("[a", "a bracket is not closed"),
        ("[]", "a bracket is not closed"),
        ("[b-a]", "a range in brackets runs backwards"),
        ("a\\", "it ends with a backslash"),
    ] {
        assert_eq!(
            ask(&names, text.as_bytes(), Mode::Glob, None).unwrap_err(),
            Refused::Glob(reason),
            "{text}"
        );
    }
    assert_eq!(
        ask(&names, &[b'a'; 251], Mode::Fuzzy, None).unwrap_err(),
        Refused::TooLong
    );
    assert_eq!(
        ask(&names, &[b'a'; 1001], Mode::Substring, None).unwrap_err(),
        Refused::TooLong
    );
}

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
    let source = Source {
        id: 1,
        root_id: 1,
        root: b"/".to_vec(),
    };
    let mut builder = Builder::new(vec![source], usize::MAX);
    for (id, parent, name) in [
        (1, None, ""),
        (2, Some(1), "near"),
        (3, Some(2), "here"),
        (4, Some(1), "far"),
        (5, Some(4), "away"),
    ] {
        builder.directory(Directory {
            id,
            parent,
            source: 1,
            name: name.as_bytes(),
            mtime: None,
        });
    }
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
        builder.entry(
            folder,
            Entry {
                name: name.as_bytes(),
                kind: 1,
                mtime: Some(mtime),
            },
        );
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

#[test]
fn what_is_gone_or_hangs_on_nothing_is_not_found() {
    let sources = vec![Source {
        id: 1,
        root_id: 1,
        root: b"/srv".to_vec(),
    }];
    let mut builder = Builder::new(sources, usize::MAX);
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
    for (id, parent, source, name) in rows {
        builder.directory(Directory {
            id,
            parent,
            source,
            name: name.as_bytes(),
            mtime: None,
        });
    }
    for id in 1..=10 {
        assert_eq!(builder.wants(id), id <= 2, "{id}");
        builder.entry(
            id,
            Entry {
                name: format!("x{id}").as_bytes(),
                kind: 1,
                mtime: None,
            },
        );
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
    let roots: [(i64, i64, &[u8]); 3] =
        [(1, 1, b"/srv"), (2, 10, b"/srv/a/b"), (3, 20, b"/srv/ab")];
    let sources = roots.map(|(id, root_id, root)| Source {
        id,
        root_id,
        root: root.to_vec(),
    });
    let mut builder = Builder::new(sources.to_vec(), usize::MAX);
    let rows = [
        (1, None, 1, ""),
        (2, Some(1), 1, "a"),
        (3, Some(2), 1, "b"),
        (4, Some(3), 1, "c"),
        (10, None, 2, ""),
        (11, Some(10), 2, "c"),
        (20, None, 3, ""),
    ];
    for (id, parent, source, name) in rows {
        builder.directory(Directory {
            id,
            parent,
            source,
            name: name.as_bytes(),
            mtime: None,
        });
    }
    for id in [2, 3, 4, 10, 11, 20] {
        builder.entry(
            id,
            Entry {
                name: b"file",
                kind: 1,
                mtime: None,
            },
        );
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

#[test]
fn what_does_not_fit_is_left_out_and_said() {
    let build = |limit| {
        let source = Source {
            id: 1,
            root_id: 1,
            root: b"/".to_vec(),
        };
        let mut builder = Builder::new(vec![source], limit);
        builder.directory(Directory {
            id: 1,
            parent: None,
            source: 1,
            name: b"",
            mtime: None,
        });
        for n in 0..300_000 {
            builder.entry(
                1,
                Entry {
                    name: format!("file number {n}").as_bytes(),
                    kind: 1,
                    mtime: None,
                },
            );
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
