//! Names of any script: what Python's str.casefold and unicodedata say is the same is found, and
//! nothing else.

use std::collections::BTreeSet;
use std::process::Command;

use aether_index::search::Mode;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use crate::tree::flat;
use crate::{ask, paths};

/// What is found in every mode that could: one name for each query, and one that is not.
#[test]
fn case_forms_and_marks_do_not_hide_a_name() {
    let cases = [
        ("ünïcödé", "Ünïcödé.TXT", "unicode.txt"),
        ("unicode", "U\u{308}ni\u{308}co\u{308}de\u{301}.TXT", "xyz"),
        ("метафизика", "МЕТАФИЗИКА Аристотель.pdf", "метафора.pdf"),
        ("ñandú", "N\u{303}andu\u{301}.jpg", "Nandu.jpg"),
        ("cafe", "Café", "cavé"),
        ("café", "CAFE\u{301}", "cafe"),
        ("strasse", "Straße.md", "Strase.md"),
        ("STRAẞE", "strasse.md", "strase.md"),
        ("σισυφος", "Σίσυφος", "σισυφοι"),
        ("istanbul", "İSTANBUL", "stanbul"),
        ("isparta", "Isparta", "ispart"),
        ("isparta", "ısparta", "ispart"),
        (
            "한글",
            "\u{1112}\u{1161}\u{11ab}\u{1100}\u{1173}\u{11af}.hwp",
            "하글.hwp",
        ),
        ("が", "か\u{3099}.txt", "か.txt"),
        ("か", "が.txt", "さ.txt"),
        ("office", "oﬃce.doc", "ofice.doc"),
        // What Unicode does not take apart.
        ("lodz", "Łódź.txt", "odz.txt"),
        ("łódź", "ŁO\u{301}DZ\u{301}", "Lodz"),
        ("smorrebrod", "Smørrebrød", "smrrebrod"),
        ("ø", "SMØR", "smor"),
        ("dakovo", "Đakovo", "akovo"),
        ("hal", "Ħal Qormi", "al Qormi"),
        ("tot", "Ŧoŧ", "oo"),
        ("caesar", "Cæsar", "Csar"),
        ("CÆSAR", "caesar", "csar"),
        ("oeuvre", "Œuvre", "euvre"),
        ("straße", "STRASSE", "strase"),
        ("abc 1", "ＡＢＣ　１.txt", "ＡＢ１"),
        ("ＡＢＣ", "abc", "ab"),
    ];
    for (text, has, lacks) in cases {
        let names = flat(&[has.as_bytes(), lacks.as_bytes()]).names();
        for mode in [Mode::Auto, Mode::Substring, Mode::Fuzzy] {
            let found = ask(&names, text.as_bytes(), mode, None).unwrap();
            let expected = BTreeSet::from([has.as_bytes().to_vec()]);
            assert_eq!(paths(&found), expected, "{text}, {mode:?}");
        }
        for glob in [format!("*{text}*"), format!("**/*{text}*")] {
            let found = ask(&names, glob.as_bytes(), Mode::Glob, None).unwrap();
            let expected = BTreeSet::from([has.as_bytes().to_vec()]);
            assert_eq!(paths(&found), expected, "{glob}");
        }
    }
}

#[test]
fn bytes_that_are_no_utf8_match_as_bytes() {
    let names: &[&[u8]] = &[
        b"caf\xe9.txt",
        "café.txt".as_bytes(),
        b"\xc3",
        "Ã".as_bytes(),
        b"\xa9x",
    ];
    let names = flat(names).names();
    for (text, expected) in [
        (&b"\xe9"[..], vec![&b"caf\xe9.txt"[..]]),
        (b"F\xe9.T", vec![b"caf\xe9.txt"]),
        (b"\xc3", vec![b"\xc3"]),
        // The second byte of `é` is none of its own.
        (b"\xa9", vec![b"\xa9x"]),
        (b"caf", vec![b"caf\xe9.txt", "café.txt".as_bytes()]),
    ] {
        for mode in [Mode::Auto, Mode::Substring, Mode::Fuzzy] {
            let found = ask(&names, text, mode, None).unwrap();
            let expected: BTreeSet<Vec<u8>> = expected.iter().map(|name| name.to_vec()).collect();
            assert_eq!(paths(&found), expected, "{text:?}, {mode:?}");
        }
    }
}

/// Folds names and queries, and says which names have which query: with its marks, if it has any.
const PYTHON: &str = r#"
import sys, unicodedata as u
own = str.maketrans({"ł": "l\u0338", "ø": "o\u0338", "đ": "d\u0335", "æ": "ae", "œ": "oe", "ı": "i", "Ａ": "a", "ａ": "a"})
def folded(s): return u.normalize("NFD", u.normalize("NFD", s).casefold().translate(own))
def letters(s):
    found = []
    for c in folded(s):
        if u.category(c)[0] == "M":
            if not found: found.append(["", []])
            found[-1][1].append(c)
        else: found.append([c, []])
    return found
def takes(w, o):
    own = iter(o[1])
    return w[0] in ("", o[0]) and all(m in own for m in w[1])
def has(name, query):
    n, q = letters(name), letters(query)
    return any(all(map(takes, q, n[i:i+len(q)])) for i in range(len(n) - len(q) + 1))
lines = sys.stdin.buffer.read().decode().split("\0")
names, queries = lines[:int(sys.argv[1])], lines[int(sys.argv[1]):]
for q in queries: print("".join("1" if has(n, q) else "0" for n in names))
"#;

#[test]
fn what_python_folds_to_the_same_is_found() {
    let pieces = vec![
        "a",
        "A",
        "e",
        "é",
        "E\u{301}",
        "ê",
        "ế",
        "ss",
        "ß",
        "ẞ",
        "s",
        "ö",
        "o\u{308}",
        "O",
        "я",
        "Я",
        "й",
        "и\u{306}",
        "Й",
        "σ",
        "ς",
        "Σ",
        "ά",
        "ᾳ",
        "İ",
        "i",
        "ı",
        "ǆ",
        "ﬁ",
        "f",
        "か",
        "が",
        "日",
        "한",
        "ก",
        "ก\u{e34}",
        "क",
        "\u{93f}",
        "ש\u{5b8}",
        "ש",
        "😀",
        ".",
        "_",
        "K",
        "Å",
        "ł",
        "Ł",
        "Ø",
        "Ǿ",
        "đ",
        "æ",
        "Ǣ",
        "œ",
        "Ａ",
    ];
    let mut runner = TestRunner::deterministic();
    let mut draw = |range: std::ops::Range<usize>| {
        let text = prop::collection::vec(select(pieces.clone()), range).prop_map(|p| p.concat());
        text.new_tree(&mut runner).unwrap().current()
    };
    let names: BTreeSet<String> = (0..400)
        .map(|_| draw(1..7))
        .filter(|name| name != "." && name != "..")
        .collect();
    let queries: Vec<String> = (0..400).map(|_| draw(1..4)).collect();
    let lines: Vec<&str> = names.iter().chain(&queries).map(String::as_str).collect();
    let Some(expected) = python(names.len(), &lines.join("\0")) else {
        eprintln!("skipped: no python3");
        return;
    };
    let bytes: Vec<&[u8]> = names.iter().map(String::as_bytes).collect();
    let indexed = flat(&bytes).names();
    let mut hits = 0;
    for (query, line) in queries.iter().zip(expected.lines()) {
        let expected: BTreeSet<Vec<u8>> = names
            .iter()
            .zip(line.bytes())
            .filter(|(_, has)| *has == b'1')
            .map(|(name, _)| name.clone().into_bytes())
            .collect();
        hits += expected.len();
        let found = ask(&indexed, query.as_bytes(), Mode::Substring, None).unwrap();
        assert_eq!(paths(&found), expected, "{query:?}");
    }
    assert!(hits > 1_000, "{hits}");
}

fn python(names: usize, lines: &str) -> Option<String> {
    use std::io::Write;
    let mut child = Command::new("python3")
        .args(["-c", PYTHON, &names.to_string()])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .ok()?;
    child.stdin.take()?.write_all(lines.as_bytes()).ok()?;
    let output = child.wait_with_output().ok()?;
    assert!(output.status.success());
    Some(String::from_utf8(output.stdout).unwrap())
}

#[test]
fn globs_take_letters_with_strokes_and_full_width_forms() {
    let names = flat(&["ł".as_bytes(), "Ø.txt".as_bytes(), "ＡＢ".as_bytes(), b"q"]).names();
    for (glob, expected) in [
        ("[ł]", "ł"),
        ("[k-m]", "ł"),
        ("?.t[ø-ø]*", ""),
        ("[ø].txt", "Ø.txt"),
        ("[ａ-ｃ]b", "ＡＢ"),
        ("[A-C]?", "ＡＢ"),
    ] {
        let found = ask(&names, glob.as_bytes(), Mode::Glob, None).unwrap();
        let expected = Some(expected).filter(|name| !name.is_empty());
        let expected = expected
            .map(|name| name.as_bytes().to_vec())
            .into_iter()
            .collect();
        assert_eq!(paths(&found), expected, "{glob}");
    }
}
