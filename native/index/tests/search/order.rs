//! The order of matches: a table of cases. What counts is, in this order,
//!
//! 1. the exact name,
//! 2. the name's beginning,
//! 3. whole words,
//! 4. beginnings of words, in camelCase too, and their first letters,
//! 5. letters that follow each other,
//! 6. letters close together, then path segments, then letters far apart in a name,
//! 7. the case of the query's capitals,
//! 8. nearness,
//! 9. of beginnings, those that are all of the name but an extension, or a word,
//! 10. short and recent names.
//!
//! Where two of these disagree, the earlier one wins: an exact name far away comes before a beginning
//! nearby. Case decides only within 1 to 6.

use aether_index::search::{Builder, Names, Query, search};

use crate::NEVER;
use crate::tree::{directories, file, source};

const DAY: i64 = 86_400_000_000_000;
const NOW: i64 = 20_000 * DAY;

/// Folders of a tree, in which paths of the cases lie.
const FOLDERS: &[(i64, Option<i64>, i64, &str)] = &[
    (1, None, 1, ""),
    (2, Some(1), 1, "near"),
    (3, Some(2), 1, "here"),
    (4, Some(1), 1, "far"),
    (5, Some(4), 1, "away"),
    (6, Some(1), 1, "usr"),
    (7, Some(6), 1, "lib"),
    (8, Some(1), 1, "c"),
    (9, Some(8), 1, "s"),
];

/// Files in those folders, or in others, which are made.
fn names(paths: &[(&str, i64)]) -> Names {
    let mut folders = FOLDERS.to_vec();
    let mut files = Vec::new();
    for (path, days) in paths {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let at = folder.split('/').filter(|name| !name.is_empty());
        let at = at.fold(1, |at, name| {
            let child = folders
                .iter()
                .find(|row| row.1 == Some(at) && row.3 == name);
            child.map(|row| row.0).unwrap_or_else(|| {
                let id = folders.len() as i64 + 1;
                folders.push((id, Some(at), 1, name));
                id
            })
        });
        files.push((at, name, NOW - days * DAY));
    }
    let mut builder = Builder::new(vec![source(1, 1, "/")], usize::MAX);
    directories(&mut builder, &folders);
    for (folder, name, mtime) in files {
        file(&mut builder, folder, name.as_bytes(), Some(mtime));
    }
    builder.finish()
}

fn found(paths: &[(&str, i64)], text: &str, near: Option<i64>) -> Vec<String> {
    let names = names(paths);
    let mut query = Query::new(text.as_bytes());
    (query.near, query.now) = (near, Some(NOW));
    let found = search(&names, &query, None, &NEVER).unwrap();
    let path = |path: &[u8], name: &[u8]| match path {
        b"" => name.to_vec(),
        _ => [path, b"/", name].concat(),
    };
    let paths = found.matches.iter().map(|m| path(&m.path, &m.name));
    paths.map(|path| String::from_utf8(path).unwrap()).collect()
}

/// In the table's order of files, however they are stored.
fn check(text: &str, near: Option<i64>, expected: &[(&str, i64)]) {
    let paths: Vec<&str> = expected.iter().map(|(path, _)| *path).collect();
    let mut backwards = expected.to_vec();
    backwards.reverse();
    assert_eq!(found(expected, text, near), paths, "{text}");
    assert_eq!(found(&backwards, text, near), paths, "{text}, backwards");
}

#[test]
fn better_matches_come_first() {
    let cases: &[(&str, &[&str])] = &[
        // One step after the other, and each against the next.
        (
            "main",
            &[
                "main",
                "main.rs",
                "main_loop.rs",
                "mainly.rs",
                "my_main.rs",
                "my_mainly.rs",
                "domain.rs",
                "m_axin.rs",
            ],
        ),
        // An exact name before the same with an extension, and both before a beginning.
        ("makefile", &["Makefile", "makefile.in", "makefiles.txt"]),
        // camelCase: a hump is a word, its end too.
        ("bar", &["fooBar.rs", "fooBarman.rs", "crowbar.rs"]),
        (
            "server",
            &["HTTPServer.ts", "observer_server2.ts", "xserver.ts"],
        ),
        // First letters of words before letters together in none of them's beginning, even where
        // these are fewer.
        ("fbr", &["FooBarReader.java", "xfbrx.c"]),
        ("gtf", &["go_to_file.rs", "agtfb.rs"]),
        // A later place in the name that is better counts.
        ("est", &["latest_est.md", "latest.md"]),
        // Letters together before letters apart, however short.
        ("css", &["style.scss", "cxsxs"]),
        ("rdme", &["README", "rxxdxme"]),
        // Shorter names are fuller of the same text.
        ("conf", &["config.h", "configuration_of_all.h"]),
        // Two words: in any order, better where they stand together.
        ("two sp", &["two sp.txt", "sp-two.txt"]),
    ];
    for (text, names) in cases {
        let expected: Vec<(&str, i64)> = names.iter().map(|name| (*name, 1)).collect();
        check(text, None, &expected);
    }
}

/// What users of other finders reported as wrong there, with their own names where they gave them:
/// the report, the query, the file that is expected first, and those that came before it.
#[test]
fn what_was_reported_of_others_is_right() {
    let reports: &[(&str, &str, &str, &[&str])] = &[
        // An exact name before longer paths with the same text.
        (
            "junegunn/fzf#4795",
            ".vimrc",
            ".vimrc",
            &["vimrc.d/vimrcs/a", "vimrc.d/vimrcs/b"],
        ),
        (
            "natecraddock/zf#3",
            "app.py",
            "myownmod/custom/app.py",
            &["tests/test_app.py"],
        ),
        // A name's beginning before its middle, in whatever folders.
        (
            "junegunn/fzf#1483",
            "myfile",
            "mysuperproject/myfile.c",
            &["tests/test_myfile.c"],
        ),
        ("vim/vim#16797", "thin", "things", &["thisThings"]),
        // The name before a longer one that begins with it, however new that is.
        (
            "microsoft/vscode#106786",
            "fooBar",
            "fooBar.js",
            &["fooBarSomeOtherThing.js"],
        ),
        (
            "microsoft/vscode#56182",
            "NewOrderTest",
            "NewOrderTest.php",
            &["NewOrdersTest.php"],
        ),
        // First letters of words before letters inside of them.
        (
            "microsoft/vscode#103889",
            "gt.h.template",
            "generated_types.h.template",
            &["managed_object.h.template"],
        ),
        // Letters together before letters apart.
        (
            "nvim-telescope/telescope.nvim#703",
            "css",
            "styles/main.scss",
            &["components/shared/select.js"],
        ),
        // Capitals that were typed.
        (
            "microsoft/vscode#96122",
            "Lists.php",
            "lib/Lists.php",
            &["lists.php"],
        ),
    ];
    for (report, query, expected, others) in reports {
        let mut paths = vec![(*expected, 400)];
        paths.extend(others.iter().map(|path| (*path, 0)));
        let is_file = |found: &String| paths.iter().any(|(path, _)| path == found);
        let first = found(&paths, query, None).into_iter().find(is_file);
        assert_eq!(first.as_deref(), Some(*expected), "{report}: {query}");
    }
}

#[test]
fn letters_in_names_come_before_letters_in_paths() {
    // Where a name has the text, letters strewn over paths are no hits.
    assert_eq!(
        found(&[("c/s/s.txt", 0), ("style.scss", 9)], "css", None),
        ["style.scss"]
    );
    // Where none has, they are, in as few pieces as may be.
    assert_eq!(found(&[("c/s/s.txt", 0)], "css", None), ["c/s/s.txt"]);
    let paths = [("usr/lib/x.so", 1), ("uzzszzrzzlzzizzbzzx", 1)];
    assert_eq!(found(&paths, "usrlibx", None)[0], "usr/lib/x.so");
    // A readme is no hit for what has its letters by chance, and the count says so.
    let names = names(&[
        ("README.md", 1),
        ("near/here/r_e_a_d_m_e_s.c", 1),
        ("far/away/readable-model.dat", 1),
    ]);
    let found = search(&names, &Query::new(b"readme"), None, &NEVER).unwrap();
    assert!(found.matched <= 2, "{}", found.matched);
    assert_eq!(found.matches[0].name, b"README.md");
}

#[test]
fn case_is_preferred_where_a_query_has_capitals() {
    for (text, expected) in [
        ("README", ["README.md", "readme.md"]),
        ("Bar", ["fooBar.c", "foobar.c"]),
        ("FBR", ["FooBarReader.c", "foo_bar_reader.c"]),
        ("*.RS", ["a.RS", "a.rs"]),
        ("LICENSE GPL", ["GPL-LICENSE.txt", "gpl-license.txt"]),
    ] {
        let [first, second] = expected;
        check(text, None, &[(first, 9), (second, 1)]);
    }
    // A better match comes before one of the same case.
    check(
        "Main",
        None,
        &[("main", 1), ("Main.rs", 1), ("myMain.rs", 1)],
    );
    // Without capitals, case says nothing: the newer one is first.
    check("readme", None, &[("readme.md", 1), ("README.md", 400)]);
    check("readme", None, &[("README.md", 1), ("readme.md", 400)]);
}

#[test]
fn then_what_is_near_and_then_what_is_new() {
    // Near the folder `near`, or the folder `far`.
    check(
        "same",
        Some(2),
        &[("near/here/same.c", 400), ("far/away/same.c", 0)],
    );
    check(
        "same",
        Some(4),
        &[("far/away/same.c", 400), ("near/here/same.c", 0)],
    );
    // Nearer wins over newer, a better match over both.
    check(
        "same",
        Some(3),
        &[
            ("near/here/same.c", 400),
            ("near/same.c", 0),
            ("far/same.c", 0),
        ],
    );
    check(
        "same",
        Some(3),
        &[("far/away/same", 900), ("near/here/same.c", 0)],
    );
    check(
        "same",
        Some(3),
        &[("far/away/sameness.c", 900), ("near/here/my_same.c", 0)],
    );
    // A beginning is a beginning; whole words are preferred among what is as near.
    check(
        "same",
        Some(3),
        &[("near/here/sameness.c", 900), ("far/away/same.c", 0)],
    );
    check(
        "same",
        Some(3),
        &[("near/here/same.c", 900), ("near/here/sameness.c", 0)],
    );
    // With nothing to be near to, shallow ones first, and new ones.
    check("deep", None, &[("near/deep.c", 1), ("near/here/deep.c", 1)]);
    check(".log", None, &[("new.log", 0), ("old.log", 400)]);
}
