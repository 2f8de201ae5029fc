//! Globs: characters as `find` has them, and what is no glob.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::process::Command;

use aether_index::search::{Mode, Refused};
use proptest::prelude::*;
use proptest::sample::select;

use crate::tree::flat;
use crate::{ask, paths};

/// In a locale where find knows characters; names that are not UTF-8 it matches byte by byte, which
/// is the same where the rest of them is ASCII. (It also takes two bytes of a character for two,
/// which no one asks for: `??` is left out.)
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
        ("{a,b", "a brace is not closed"),
        ("{a,{b}", "a brace is not closed"),
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

/// With a slash in them, braces are written out before a search looks whether it is cancelled.
#[test]
fn braces_around_slashes_are_bounded() {
    let names = flat(&[b"a"]).names();
    let refused = |glob: String| {
        assert!(glob.len() <= 4_096);
        ask(&names, glob.as_bytes(), Mode::Glob, None).unwrap_err()
    };
    let long = Refused::Glob("its braces stand for too long texts");
    let many = Refused::Glob("it has too many segments");
    // Few texts, each of which has braces around single ones.
    assert_eq!(
        refused(["{a,b}".repeat(7), "{x}".repeat(1_000), "{y/z}".into()].concat()),
        long
    );
    assert_eq!(
        refused(["{a/b,c}".into(), "{x}".repeat(1_000)].concat()),
        long
    );
    assert_eq!(
        refused(["{a,b/c}".repeat(6), "d".repeat(3_000)].concat()),
        long
    );
    assert_eq!(refused("{a/b,c}".repeat(6)), many);
    assert!(ask(&names, b"{a/b,c}{d/e,f}/g", Mode::Glob, None).is_ok());
}

/// What its texts written out mean is what braces mean, in brackets too, and nested ones.
fn written_out(glob: &str) -> Vec<String> {
    let mut depth = 0;
    let mut cuts = Vec::new();
    for (at, c) in glob.char_indices() {
        depth += i32::from(c == '{') - i32::from(c == '}');
        match c {
            '{' if depth == 1 => cuts.push(at),
            ',' if depth == 1 => cuts.push(at),
            '}' if depth == 0 => {
                cuts.push(at);
                let (before, after) = (&glob[..cuts[0]], &glob[at + 1..]);
                let parts = cuts.windows(2).map(|cut| &glob[cut[0] + 1..cut[1]]);
                let texts = parts.map(|part| [before, part, after].concat());
                return texts.flat_map(|text| written_out(&text)).collect();
            }
            _ => {}
        }
    }
    vec![glob.to_owned()]
}

fn braces() -> impl Strategy<Value = String> {
    let part = select(vec!["a", "b", "é", "*", "?", "[ab]", "."]).prop_map(String::from);
    let text = prop::collection::vec(part, 0..4).prop_map(|parts| parts.concat());
    let nested = text.prop_recursive(3, 12, 3, |inner| {
        let inner = prop::collection::vec(inner, 1..4);
        (inner.clone(), inner).prop_map(|(a, b)| format!("{{{}}}{{{}}}", a.join(","), b.join(",")))
    });
    (nested.clone(), nested).prop_map(|(a, b)| format!("{a}.{b}"))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn braces_mean_what_their_texts_mean(
        names in prop::collection::btree_set("[abé.]{1,6}", 1..20),
        glob in braces(),
    ) {
        prop_assume!(glob.len() < 200);
        let bytes: Vec<&[u8]> = names.iter().map(|name| name.as_bytes()).collect();
        let indexed = flat(&bytes).names();
        let found = paths(&ask(&indexed, glob.as_bytes(), Mode::Glob, None).unwrap());
        let mut expected = BTreeSet::new();
        for text in written_out(&glob).into_iter().collect::<BTreeSet<_>>() {
            expected.extend(paths(&ask(&indexed, text.as_bytes(), Mode::Glob, None).unwrap()));
        }
        prop_assert_eq!(found, expected, "{}", glob);
    }
}

/// By trying all ways these would take years.
#[test]
fn what_a_glob_costs_is_bounded() {
    let names: Vec<Vec<u8>> = (0..64)
        .map(|at| [&b"a".repeat(240)[..], &b"b".repeat(at % 2 + 1)].concat())
        .collect();
    let names: Vec<&[u8]> = names.iter().map(Vec::as_slice).collect();
    let names = flat(&names).names();
    let a = "a".repeat(120);
    // In brackets, so that no look at the letters of a name tells; with stars at both ends, so that
    // neither end does.
    for glob in [
        format!("{}*{a}[c]*", "{*,*a}".repeat(8)),
        format!("*{}[c]*", "{*a,a*,{*,a}}".repeat(60)),
        format!("{}[c]*", "*a".repeat(400)),
        format!("**/{}", format!("{}[c]*/", "*a".repeat(25)).repeat(60)),
        format!("*[c]{a}*{}*", "{*,a*}".repeat(8)),
        format!("*[c]{}*", "{*a,a*,{*,a}}".repeat(60)),
        format!("*[c]{}", "a*".repeat(400)),
        format!("{}[c]{}*", "*a".repeat(200), "{*a,a*}".repeat(60)),
    ] {
        assert_eq!(
            ask(&names, glob.as_bytes(), Mode::Glob, None)
                .unwrap()
                .matched,
            0
        );
    }
    let words = vec!["*[c]a*{*,a*}*"; 30].join(" ");
    assert_eq!(
        ask(&names, words.as_bytes(), Mode::Auto, None)
            .unwrap()
            .matched,
        0
    );
    let long = ask(
        &names,
        &[b"{", "a*/,".repeat(1_000).as_bytes(), b"}"].concat(),
        Mode::Glob,
        None,
    );
    assert!(matches!(long, Err(Refused::Glob(_))));
}

/// Marks, sets and letters at either end, from which a glob is held against a name, and more tokens
/// than a word has bits.
#[test]
fn globs_may_be_held_against_names_from_either_end() {
    let long = "ab".repeat(60);
    let names = [
        "café",
        "cafe",
        "Éa",
        "aÉ",
        "x.Café.y",
        &long,
        "\u{301}a",
        "日本語",
    ];
    let bytes: Vec<&[u8]> = names.iter().map(|name| name.as_bytes()).collect();
    let indexed = flat(&bytes).names();
    for (glob, expected) in [
        ("caf[é]", vec!["café"]),
        ("*é", vec!["café", "aÉ"]),
        ("é*", vec!["Éa"]),
        ("e*", vec!["Éa"]),
        ("?a*", vec!["cafe", "café", "Éa"]),
        ("*.caf?.*", vec!["x.Café.y"]),
        ("{c,é}*", vec!["cafe", "café", "Éa"]),
        ("日*", vec!["日本語"]),
        ("*語", vec!["日本語"]),
        ("?本?", vec!["日本語"]),
        (&format!("{}*b", "ab".repeat(50)), vec![&long]),
        (&format!("a*{}", "ab".repeat(50)), vec![&long]),
        (&format!("*{}?", "ba".repeat(59)), vec![&long]),
        (
            &format!("{{x*,{}[b]}}", "ab".repeat(59) + "a"),
            vec![&long, "x.Café.y"],
        ),
    ] {
        let found = paths(&ask(&indexed, glob.as_bytes(), Mode::Glob, None).unwrap());
        let expected: BTreeSet<Vec<u8>> = expected
            .iter()
            .map(|name| name.as_bytes().to_vec())
            .collect();
        assert_eq!(found, expected, "{glob}");
    }
}
