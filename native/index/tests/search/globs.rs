//! Globs: characters as `find` has them, and what is no glob.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::process::Command;

use aether_index::search::{Mode, Refused};

use crate::tree::flat;
use crate::{ask, paths};

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
