//! Paths as people paste them, and what they find.

use aether_index::search::{Builder, Mode, Position, Query, Roots, search};

use crate::tree::{directories, file, flat, source};
use crate::typed::{lines, names};
use crate::{NEVER, ask};

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
        (
            "src/main.rs:42:7: error: no such thing",
            main,
            at(42, Some(7)),
        ),
        ("./src/main.rs(42,7): error", main, at(42, Some(7))),
        ("src/main.rs:42-50", main, at(42, None)),
        ("file:///srv/project/src/main.rs#L42", main, at(42, None)),
        (
            "search.rs:3:1: warning: unused",
            &["src/index/search.rs"],
            at(3, Some(1)),
        ),
        // Globs, from the root down.
        ("/srv/project/src/*.rs", main, None),
        ("/srv/project/**/sea*.rs", &["src/index/search.rs"], None),
        ("./*.js", &["gulp.js"], None),
        ("./*.tsx", &[], None),
        ("src/mai?.rs:42", main, at(42, None)),
        ("/srv/project/src/mai?.rs:42:7", main, at(42, Some(7))),
        // What is in a root.
        ("/home/me", &["My Documents", "a b.txt"], None),
        ("/home/me/", &["My Documents", "a b.txt"], None),
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

/// Brackets make a glob, and routes have them in their names.
#[test]
fn names_with_the_signs_of_a_glob_are_found_with_their_position() {
    let names = flat(&[b"[id].tsx", b"i.tsx", b"page.tsx"]).names();
    for text in ["[id].tsx:42", "[id].tsx:42:7: error: none", "[id].tsx#L42"] {
        let found = ask(&names, text.as_bytes(), Mode::Auto, None).unwrap();
        assert_eq!(lines(&found), ["[id].tsx"], "{text}");
        assert_eq!(found.position.unwrap().line, 42, "{text}");
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
    // Nobody knows whose home this is.
    assert_eq!(ask("~/a b/c#é.txt", None), [2, 21]);
    assert_eq!(ask("~", home), [20]);
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
