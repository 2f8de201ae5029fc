//! Queries as people type them, and what they find.

use aether_index::search::{Builder, Filters, Found, Mode, Names, Query, Refused, search};

use crate::tree::{directories, file, flat, source};
use crate::{NEVER, ask};

/// Two roots, `/srv/project` and `/home/me`.
pub fn names() -> Names {
    let sources = vec![source(1, 1, "/srv/project"), source(2, 20, "/home/me")];
    let mut builder = Builder::new(sources, usize::MAX);
    let rows = [
        (1, None, 1, ""),
        (2, Some(1), 1, "src"),
        (3, Some(2), 1, "index"),
        (4, Some(1), 1, "app"),
        (5, Some(4), 1, "(main)"),
        (6, Some(5), 1, "[frogId]"),
        (7, Some(1), 1, "doc"),
        (8, Some(7), 1, "bash"),
        (9, Some(1), 1, "node_modules"),
        (20, None, 2, ""),
        (21, Some(20), 2, "My Documents"),
    ];
    directories(&mut builder, &rows);
    let files = [
        (1, "two  spaces.txt"),
        (1, "Gemfile.rb"),
        (1, "gulp.js"),
        (1, "12:30.txt"),
        (2, "main.rs"),
        (3, "search.rs"),
        (6, "page.tsx"),
        (4, "[id].tsx"),
        (4, "d.tsx"),
        (4, "[slug"),
        (8, "copyright"),
        (7, "copyright"),
        (9, "main.rs"),
        (9, "LICENSE-GPL"),
        (20, "a b.txt"),
        (21, "b:7.txt"),
        (21, "c d.txt"),
    ];
    for (folder, name) in files {
        file(&mut builder, folder, name.as_bytes(), Some(1));
    }
    builder.finish()
}

pub fn lines(found: &Found) -> Vec<String> {
    let mut lines: Vec<String> = found
        .matches
        .iter()
        .map(|m| String::from_utf8([&m.path[..], b"/", &m.name].concat()).unwrap())
        .map(|path| path.trim_start_matches('/').to_owned())
        .collect();
    lines.sort();
    lines
}

fn check(cases: &[(&str, &[&str])]) {
    let names = names();
    for (text, expected) in cases {
        let found = ask(&names, text.as_bytes(), Mode::Auto, None).unwrap();
        assert_eq!(lines(&found), *expected, "{text}");
        assert_eq!(found.matched as usize, expected.len(), "{text}");
    }
}

#[test]
fn a_capital_never_hides_a_name() {
    check(&[
        ("Search", &["src/index/search.rs"]),
        ("GEMFILE", &["Gemfile.rb"]),
        ("MAIN.RS !node", &["src/main.rs"]),
        ("SRC/Main", &["src/main.rs"]),
        ("*.RB", &["Gemfile.rb"]),
        ("Bash copyright", &["doc/bash/copyright"]),
        ("License gpl", &["node_modules/LICENSE-GPL"]),
    ]);
}

#[test]
fn a_text_comes_before_a_glob() {
    check(&[
        ("[id].tsx", &["app/[id].tsx"]),
        (
            "app/(main)/[frogId]/page.tsx",
            &["app/(main)/[frogId]/page.tsx"],
        ),
        ("[", &["app/(main)/[frogId]", "app/[id].tsx", "app/[slug"]),
        ("[di].tsx", &["app/d.tsx"]),
        (
            "*.tsx",
            &["app/(main)/[frogId]/page.tsx", "app/[id].tsx", "app/d.tsx"],
        ),
        ("d?tsx", &["app/d.tsx"]),
        ("[zz", &[]),
        ("report [dr", &[]),
        ("foo {a", &[]),
    ]);
    let names = names();
    let glob = ask(&names, b"[id].tsx", Mode::Glob, None).unwrap();
    assert_eq!(lines(&glob), ["app/d.tsx"]);
    assert!(ask(&names, b"[", Mode::Glob, None).is_err());
}

#[test]
fn braces_are_alternatives() {
    check(&[
        ("*.{rb,js}", &["Gemfile.rb", "gulp.js"]),
        (
            "{src,app}/**/*.{rs,tsx}",
            &[
                "app/(main)/[frogId]/page.tsx",
                "app/[id].tsx",
                "app/d.tsx",
                "src/index/search.rs",
                "src/main.rs",
            ],
        ),
        ("{g,G}*.j{s,}", &["gulp.js"]),
        (
            "{src/index,app}/{s,d}*",
            &["app/d.tsx", "src/index/search.rs"],
        ),
    ]);
}

#[test]
fn words_come_in_any_order() {
    check(&[
        ("spaces two", &["two  spaces.txt"]),
        ("rs main !node_modules", &["src/main.rs"]),
        ("!node_modules main", &["app/(main)", "src/main.rs"]),
        ("copyright !bash", &["doc/copyright"]),
        ("copyright !", &["doc/bash/copyright", "doc/copyright"]),
        ("index/s rs", &["src/index/search.rs"]),
        ("two !spaces", &[]),
        ("*.rs !src", &["node_modules/main.rs"]),
        // Words that are together in no name nor path: letters.
        ("srch r", &["src/index/search.rs"]),
    ]);
    let names = names();
    let all = ask(&names, b"", Mode::Auto, None).unwrap().matched;
    let without = ask(&names, b"!main", Mode::Auto, None).unwrap();
    // Two files, a folder and what is beneath it.
    assert_eq!(without.matched, all - 5);
}

#[test]
fn filters_leave_out_kinds_and_extensions() {
    let names = names();
    let ask = |text: &str, kinds: &[u8], extensions: &[&str]| {
        let mut query = Query::new(text.as_bytes());
        let extensions = extensions.iter().map(|text| text.as_bytes().to_vec());
        query.filters = Filters {
            kinds: kinds.to_vec(),
            extensions: extensions.collect(),
            ..Filters::default()
        };
        let found = search(&names, &query, None, &NEVER).unwrap();
        assert_eq!(found.matched as usize, found.matches.len());
        lines(&found)
    };
    assert_eq!(ask("main", &[2], &[]), ["app/(main)"]);
    assert_eq!(
        ask("main", &[1], &[]),
        ["node_modules/main.rs", "src/main.rs"]
    );
    assert_eq!(ask("", &[], &["RB", ".js"]), ["Gemfile.rb", "gulp.js"]);
    assert_eq!(ask("g", &[1, 3], &["js"]), ["gulp.js"]);
    assert_eq!(ask("", &[3], &[]), [""; 0]);
}

fn found(names: &[&str], text: &str) -> Vec<String> {
    let names: Vec<&[u8]> = names.iter().map(|name| name.as_bytes()).collect();
    let names = flat(&names).names();
    lines(&ask(&names, text.as_bytes(), Mode::Auto, None).unwrap())
}

#[test]
fn a_name_with_a_mark_in_front_is_found_as_it_is_typed() {
    let names = ["!x.txt", "x.txt", "a !b.txt", "b a.txt"];
    assert_eq!(found(&names, "!x.txt"), ["!x.txt"]);
    assert_eq!(found(&names, "a !b"), ["a !b.txt"]);
    assert_eq!(found(&names, "txt !a"), ["!x.txt", "x.txt"]);
}

/// Found, or refused with a reason, and never nothing without a word.
#[test]
fn deep_paths_and_many_words_are_found_or_refused() {
    for depth in [60_i64, 61, 62, 100, 120, 124, 125, 126, 127, 128, 300] {
        let mut builder = Builder::new(vec![source(1, 1, "/r")], usize::MAX);
        directories(&mut builder, &[(1, None, 1, "")]);
        let mut path = String::from("/r");
        for at in 0..depth {
            let name = format!("d{at}");
            directories(&mut builder, &[(at + 2, Some(at + 1), 1, &name)]);
            path = format!("{path}/{name}");
        }
        file(&mut builder, depth + 1, b"file.txt", None);
        let names = builder.finish();
        let relative = path.trim_start_matches("/r/");
        for text in [format!("{path}/file.txt"), format!("./{relative}/file.txt")] {
            let found = ask(&names, text.as_bytes(), Mode::Auto, None);
            match depth {
                ..=120 => assert_eq!(found.unwrap().matched, 1, "{depth}"),
                _ => assert!(
                    found.is_ok_and(|f| f.matched == 1) || depth > 124,
                    "{depth}"
                ),
            }
            if depth > 126 {
                let refused = ask(&names, text.as_bytes(), Mode::Auto, None).unwrap_err();
                assert_eq!(refused, Refused::TooLong, "{depth}");
            }
        }
    }
    for count in [21_usize, 22, 23, 40, 45, 100] {
        let words: Vec<String> = (0..count).map(|at| format!("w{at}")).collect();
        let name = words.join("-");
        let mut typed = words.clone();
        typed.reverse();
        let names = flat(&[name.as_bytes(), b"other"]).names();
        let found = ask(&names, typed.join(" ").as_bytes(), Mode::Auto, None);
        let without = ask(
            &names,
            format!("{} !x", typed.join(" ")).as_bytes(),
            Mode::Auto,
            None,
        );
        for found in [found, without] {
            match count {
                ..=40 => assert_eq!(lines(&found.unwrap()), [name.as_str()], "{count}"),
                _ => assert_eq!(found.unwrap_err(), Refused::TooLong, "{count}"),
            }
        }
    }
}

/// So many that the distances between them are too many, too.
#[test]
fn letters_far_apart_are_not_close_however_many_they_are() {
    let letters: String = ('a'..='z').chain('0'..='9').collect();
    let together = letters.clone();
    let strewn: String = letters.chars().map(|c| format!("{c}____")).collect();
    assert_eq!(found(&[&together, &strewn], &letters), [together.as_str()]);
}
