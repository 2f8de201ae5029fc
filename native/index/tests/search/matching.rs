//! What is found, in every mode: all that matches, and nothing else.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;

use aether_index::search::{Mode, Session};
use globset::GlobBuilder;
use proptest::prelude::*;
use proptest::sample::select;

use crate::oracle::{fuzzy, substring};
use crate::tree::{ascii_name, name, tree};
use crate::{ask, paths};

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
        b"e",
        "é".as_bytes(),
        "É".as_bytes(),
        "日".as_bytes(),
        b"\xff",
        b"\xa9",
    ];
    prop::collection::vec(select(pieces.to_vec()), 0..5).prop_map(|parts| parts.concat())
}

fn glob_segment() -> impl Strategy<Value = String> {
    let part = select(vec![
        "a",
        "b",
        "A",
        ".",
        "*",
        "?",
        "[ab]",
        "[!a]",
        "[a-c]",
        "[^.]",
        "\\*",
        "_",
        "[]a]",
        "[A-Z]",
        "{a,b}",
        "{ab,c*}",
        "{?,[bc].}",
        "{a,{b,.}_}",
        "{*}",
    ]);
    prop_oneof![
        1 => Just("**".to_owned()),
        4 => prop::collection::vec(part, 1..4).prop_map(|parts| {
            // Two stars in one name mean to globset what they mean alone, but are none of its
            // words.
            let text = parts.concat();
            let text = text.replace("{*}{*}", "{*}").replace("{*}{*}", "{*}");
            text.replace("**", "*").replace("*{*}", "*").replace("{*}*", "*")
        }),
    ]
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
        let theirs = theirs.replace("[!a]", "[!a/]").replace("[^.]", "[^./]").replace("{*}", "*");
        let found = ask(&tree.names(), own.as_bytes(), Mode::Glob, None).unwrap();
        let glob = GlobBuilder::new(&theirs)
            .literal_separator(true)
            .case_insensitive(true)
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

fn anything() -> impl Strategy<Value = Vec<u8>> {
    let pieces: &[&[u8]] = &[
        b"a",
        b"B",
        b"/",
        b"/root",
        b"root/",
        b".",
        b"..",
        b"~/",
        b"file://",
        b"%2f",
        b"%",
        b":4",
        b"!",
        b" ",
        b"{",
        b",",
        b"}",
        b"*",
        b"?",
        b"[",
        b"]",
        b"\\",
        b"\n",
        b"\0",
        "é".as_bytes(),
        "\u{301}".as_bytes(),
        "ł".as_bytes(),
        b"\xff",
        b"\xc3",
    ];
    prop::collection::vec(select(pieces.to_vec()), 0..9).prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3_000, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever is typed, a name that has it is found, and nothing panics.
    #[test]
    fn any_text_is_found_as_it_stands(tree in tree(name()), text in anything(), other in anything()) {
        let names = tree.names();
        let mut session = Session::new();
        let text_alone = !text.is_empty() && !text.contains(&b'/') && !text.contains(&0);
        for query in [&text, &other, &text] {
            let _ = ask(&names, query, Mode::Auto, Some(&mut session));
            let _ = ask(&names, query, Mode::Glob, None);
        }
        if text_alone {
            let own = [b"x".as_slice(), &text, b"y"].concat();
            let names = crate::tree::flat(&[&own, b"other"]).names();
            let found = ask(&names, &text, Mode::Substring, None).unwrap();
            // A mark alone in the query may be one of the letter before.
            let is_there = found.matches.iter().any(|found| found.name == own);
            let begins_with_mark = text.starts_with("\u{301}".as_bytes());
            prop_assert!(is_there || begins_with_mark, "{}", text.escape_ascii());
        }
    }
}
