//! Queries as people type and paste them, and what they find.

use aether_index::search::{
    Builder, Filters, Found, Mode, Names, Position, Query, Refused, Roots, search,
};

use crate::tree::{directories, file, flat, source};
use crate::{NEVER, ask};

/// Two roots, `/srv/project` and `/home/me`.
fn names() -> Names {
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

fn lines(found: &Found) -> Vec<String> {
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
fn pasted_paths_are_found_with_their_position() {
    let at = |line, column| Some(Position { line, column });
    let main = &["src/main.rs"][..];
    for (text, expected, position) in [
        ("/srv/project/src/main.rs", main, None),
        ("./src/main.rs", main, None),
        ("src//main.rs", main, None),
        ("src/./main.rs", main, None),
        ("src/index/../main.rs", main, None),
        ("project/src/main.rs", main, None),
        ("file:///srv/project/src/main.rs", main, None),
        ("src/main.rs:42", main, at(42, None)),
        ("src/main.rs:42:7", main, at(42, Some(7))),
        ("./src/main.rs:42:7:", main, at(42, Some(7))),
        ("/srv/project/src/main.rs:42", main, at(42, None)),
        ("project/src/main.rs:1:2", main, at(1, Some(2))),
        ("search.rs:3", &["src/index/search.rs"], at(3, None)),
        ("srchrs:3", &["src/index/search.rs"], at(3, None)),
        (" src/main.rs\n", main, None),
        // What has it in its name is no position.
        ("12:30", &["12:30.txt"], None),
        ("My Documents/b:7", &["My Documents/b:7.txt"], None),
        (
            "/home/me/My Documents/c d.txt:9",
            &["My Documents/c d.txt"],
            at(9, None),
        ),
        ("me/a b.txt", &["a b.txt"], None),
        // Another root's path.
        ("/home/me/src/main.rs", &[], None),
    ] {
        let found = ask(&names(), text.as_bytes(), Mode::Auto, None).unwrap();
        assert_eq!(lines(&found), expected, "{text}");
        assert_eq!(found.position, position, "{text}");
    }
}

#[test]
fn pasted_paths_begin_with_what_the_root_is_known_as() {
    let names = names();
    let ask = |text: &str, roots: Roots| {
        let mut query = Query::new(text.as_bytes());
        (query.source, query.roots) = (Some(1), roots);
        lines(&search(&names, &query, None, &NEVER).unwrap())
    };
    let known_as = |path: &str| Roots::KnownAs(path.into());
    let main = ["src/main.rs"];
    for text in ["/srv/project/src/main.rs", "project/src/main.rs:7"] {
        assert_eq!(ask(text, Roots::Stored), main, "{text}");
        assert_eq!(ask(text, Roots::Hidden), [""; 0], "{text}");
        assert_eq!(ask(text, known_as("/my/code")), [""; 0], "{text}");
    }
    for text in ["/my/code/src/main.rs:7:1", "Code/src/main.rs"] {
        assert_eq!(ask(text, known_as("/my/code")), main, "{text}");
        assert_eq!(ask(text, Roots::Stored), [""; 0], "{text}");
    }
    // What begins in a folder needs no root.
    assert_eq!(ask("/src/main.rs", Roots::Hidden), main);
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

/// As a browser or a shell writes it.
#[test]
fn urls_and_the_home_folder_are_understood() {
    let sources = vec![source(1, 1, "/home/me"), source(2, 20, "/srv")];
    let mut builder = Builder::new(sources, usize::MAX);
    let rows = [
        (1, None, 1, ""),
        (2, Some(1), 1, "a b"),
        (3, Some(1), 1, "100%25"),
        (20, None, 2, ""),
        (21, Some(20), 2, "a b"),
    ];
    directories(&mut builder, &rows);
    for (folder, name) in [(2, "c#é.txt"), (3, "d"), (21, "c#é.txt"), (20, "~")] {
        file(&mut builder, folder, name.as_bytes(), Some(1));
    }
    let names = builder.finish();
    let ask = |text: &str, home: Option<&str>| -> Vec<i64> {
        let mut query = Query::new(text.as_bytes());
        query.home = home.map(str::as_bytes);
        let found = search(&names, &query, None, &NEVER).unwrap();
        let mut folders: Vec<i64> = found.matches.iter().map(|m| m.folder).collect();
        folders.sort_unstable();
        folders
    };
    let home = Some("/home/me");
    assert_eq!(ask("file:///home/me/a%20b/c%23%C3%A9.txt", None), [2]);
    assert_eq!(
        ask("file://localhost/srv/a%20b/c%23%c3%a9.txt:3", None),
        [21]
    );
    assert_eq!(ask("file:///home/me/100%2525/d", None), [3]);
    // Not escaped, as not all do it.
    assert_eq!(ask("file:///home/me/100%25/d", None), [3]);
    assert_eq!(ask("~/a b/c#é.txt", home), [2]);
    assert_eq!(ask("~/a b/c#é.txt:7", home), [2]);
    // Of whom, nobody knows.
    assert_eq!(ask("~/a b/c#é.txt", None), [2, 21]);
    assert_eq!(ask("~", home), [20]);
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

/// In the forms that file systems, keyboards and pastes give: each text finds its name, and nothing
/// else does.
#[test]
fn names_of_all_kinds_are_found_as_they_are_pasted() {
    let long = "長".repeat(85);
    let lone = [
        b"caf\xe9 \xff".as_slice(),
        b"\xf0\x9f\x98",
        b"\xed\xa0\x80x",
    ];
    let names = [
        "naïve résumé.pdf",
        "Протокол №5.docx",
        "ראש השנה.txt",
        "مرحبا بالعالم",
        "हिन्दी फ़ाइल",
        "ภาษาไทย",
        "👨\u{200d}👩\u{200d}👧 family",
        "❤\u{fe0f}",
        "e\u{301}\u{327}\u{323}",
        "\u{301}",
        "a\u{300}\u{301}\u{302}\u{303}\u{304}\u{305}",
        "Ǆ",
        "ﬀ",
        "한국어 파일.hwp",
        "ｶﾀｶﾅ",
        "Ｆｕｌｌ／ｗｉｄｔｈ",
        "!",
        "!!",
        "a!",
        ":",
        "a:1:2:3",
        "~",
        "~tilde",
        "%20",
        "a%2fb",
        "file:",
        "{",
        "}",
        "{a,b}",
        "[!a]",
        "\\",
        "a\\*b",
        "-",
        " lead",
        "trail ",
        "tab\there",
        "new\nline",
        "...",
        &long,
    ];
    let mut bytes: Vec<&[u8]> = names.iter().map(|name| name.as_bytes()).collect();
    bytes.extend(lone);
    let indexed = flat(&bytes).names();
    for name in &bytes {
        for mode in [Mode::Substring, Mode::Auto] {
            let found = ask(&indexed, name, mode, None).unwrap();
            let first = found.matches.iter().map(|m| m.name.as_slice());
            let first: Vec<&[u8]> = first.collect();
            assert!(
                first.contains(name),
                "{mode:?} {}: {first:?}",
                name.escape_ascii()
            );
        }
    }
    // Whatever form it is typed in.
    for (text, name) in [
        ("NAI\u{308}VE RE\u{301}SUME\u{301}", "naïve résumé.pdf"),
        ("протокол", "Протокол №5.docx"),
        ("हिन्दी", "हिन्दी फ़ाइल"),
        ("❤", "❤\u{fe0f}"),
        ("full", "Ｆｕｌｌ／ｗｉｄｔｈ"),
        ("\u{1112}\u{1161}\u{11ab}국어", "한국어 파일.hwp"),
    ] {
        let found = ask(&indexed, text.as_bytes(), Mode::Substring, None).unwrap();
        let names: Vec<&[u8]> = found.matches.iter().map(|m| m.name.as_slice()).collect();
        assert!(names.contains(&name.as_bytes()), "{text}");
    }
}
