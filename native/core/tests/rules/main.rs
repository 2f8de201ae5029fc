//! Ignore rules by hand: a table of patterns, the files that hold them, what is refused and
//! reported.

// Clippy's exception for tests does not cover their helper functions.
#![allow(clippy::unwrap_used, clippy::panic)]

mod files;
mod repository;

use std::fs::{self, File};
use std::os::fd::AsFd;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::sync::Arc;

use aether_core::rules::Rules;
use aether_core::{Error, GitUser, Ignore, Operation, Reason};
use rustix::io::Errno;

fn globs(patterns: &[&[u8]]) -> Result<Arc<Rules>, Error> {
    let dir = tempfile::tempdir().unwrap();
    let fd = File::open(dir.path()).unwrap();
    let list = patterns.iter().map(|pattern| pattern.to_vec()).collect();
    Rules::root(&Ignore::patterns(list), fd.as_fd(), b"").map(|(rules, _)| rules.unwrap())
}

fn git(root: &Path) -> (Arc<Rules>, Vec<Error>) {
    let fd = File::open(root).unwrap();
    let path = root.as_os_str().as_bytes();
    let (rules, errors) = Rules::root(&Ignore::git(), fd.as_fd(), path).unwrap();
    (rules.unwrap(), errors)
}

fn enter(rules: &Arc<Rules>, root: &Path, path: &str) -> (Arc<Rules>, Vec<Error>) {
    let fd = File::open(root.join(path)).unwrap();
    rules.enter(fd.as_fd(), path.as_bytes())
}

/// A path as the walker gives it; a trailing slash marks a directory.
fn asks(rules: &Rules, path: &[u8]) -> bool {
    let (path, is_dir) = match path.strip_suffix(b"/") {
        Some(path) => (path, true),
        None => (path, false),
    };
    let mut parts = path.rsplitn(2, |byte| *byte == b'/');
    let name = parts.next().unwrap_or_default();
    rules.leaves_out(parts.next().unwrap_or_default(), name, is_dir)
}

#[test]
fn patterns() {
    type Row = (
        &'static [&'static [u8]],
        &'static [&'static [u8]],
        &'static [&'static [u8]],
    );
    // Patterns, what they leave out, and what they do not.
    let rows: &[Row] = &[
        (
            &[b"a"],
            &[b"a", b"a/", b"x/a", b"x/y/a"],
            &[b"b", b"ab", b"a/b"],
        ),
        (&[b"/a"], &[b"a", b"a/"], &[b"x/a"]),
        (&[b"a/"], &[b"a/", b"x/a/"], &[b"a", b"x/a"]),
        (&[b"a/b"], &[b"a/b"], &[b"b", b"x/a/b", b"a/x/b"]),
        (&[b"/a/b/"], &[b"a/b/"], &[b"a/b", b"x/a/b/"]),
        (
            &[b"*.o"],
            &[b"x.o", b".o", b"a/x.o", b"x.y.o"],
            &[b"o", b"x.oo", b"x.o.c"],
        ),
        (&[b"a/*.o"], &[b"a/x.o"], &[b"x.o", b"a/b/x.o"]),
        (
            &[b"a?c"],
            &[b"abc", b"a\xffc", b"x/a\nc"],
            &[b"ac", b"abbc", b"a/c"],
        ),
        (&[b"**/a"], &[b"a", b"x/a", b"x/y/a"], &[b"xa", b"a/x"]),
        (&[b"a/**"], &[b"a/x", b"a/x/y"], &[b"a", b"a/", b"x/a/y"]),
        (
            &[b"a/**/b"],
            &[b"a/b", b"a/x/b", b"a/x/y/b"],
            &[b"ab", b"a/xb", b"x/a/b"],
        ),
        (&[b"a/x**y"], &[b"a/xy", b"a/xzy"], &[b"a/x/y"]),
        (&[b"a/**/**/b"], &[b"a/b", b"a/x/y/b"], &[b"b", b"a/xb"]),
        (&[b"**/**/b"], &[b"b", b"x/b", b"x/y/b"], &[b"xb"]),
        (&[b"a/**/**"], &[b"a/x", b"a/x/y"], &[b"a", b"x/a/y"]),
        (&[b"**"], &[b"a", b"a/b"], &[]),
        (
            &[b"x**/a"],
            &[b"xa", b"x/a", b"xy/a", b"x/y/a"],
            &[b"a/xa", b"xb"],
        ),
        (&[b"[a-c]1"], &[b"a1", b"c1"], &[b"d1", b"11", b"a"]),
        (
            &[b"[!a-c]1", b"![^d]1"],
            &[b"d1"],
            &[b"a1", b"e1", b"\xff1"],
        ),
        (
            &[b"[]-]", b"[]-a]x"],
            &[b"]", b"-", b"^x", b"ax"],
            &[b"a", b"-x"],
        ),
        (&[b"[[:digit:]x]"], &[b"7", b"x"], &[b"d", b":", b"77"]),
        (&[b"[\\]]", b"\\[b]"], &[b"]", b"[b]"], &[b"\\", b"b"]),
        (&[b"a[!b]c"], &[b"axc"], &[b"abc", b"a/c"]),
        (&[b"{a,b}"], &[b"{a,b}"], &[b"a", b"b"]),
        (
            &[b"\\#a", b"\\!b", b"\\*", b"#c"],
            &[b"#a", b"!b", b"*"],
            &[b"c", b"#c", b"x", b"b"],
        ),
        (
            &[b"a ", b"b\\ ", b"c\\  ", b"d\t"],
            &[b"a", b"b ", b"c ", b"d\t"],
            &[b"a ", b"b", b"d"],
        ),
        (&[b" a"], &[b" a"], &[b"a"]),
        (&[b"a", b"!a", b"b", b"!*", b"c"], &[b"c"], &[b"a", b"b"]),
        (&[b"!a", b"a"], &[b"a"], &[]),
        (
            &[b"*", b"!*/", b"!*.c"],
            &[b"a", b"x/a"],
            &[b"a/", b"a.c", b"x/a.c"],
        ),
        (
            &[b"", b"/", b"//", b"!", b"#", b"a//", b"a//b"],
            &[],
            &[b"a", b"a/", b"a/b", b"#", b"!"],
        ),
        (&[b"./a", b"../a", b"a/./b"], &[], &[b"a", b"a/b"]),
        (&[b"a\n*"], &[b"a\nb", b"x/a\n"], &[b"a", b"ab"]),
        (
            &[b"caf\xe9", b"x/\xff*", b"!*\xe9.c"],
            &[b"caf\xe9", b"y/caf\xe9", b"x/\xffy"],
            &[b"caf\xc3\xa9", b"\xffy", b"x\xe9.c"],
        ),
        (
            &[b"*\xff", b"!a*", b"ab\xff"],
            &[b"\xff", b"b\xff", b"ab\xff"],
            &[b"a\xff", b"\xfe"],
        ),
        (
            &[b"[\xe0-\xef]"],
            &[b"\xe0", b"\xe9"],
            &[b"e", b"\xf0", b"\xc3\xa9"],
        ),
        (
            &[b"\xc3\xa9?"],
            &[b"\xc3\xa9x", b"\xc3\xa9\xff"],
            &[b"\xc3\xa9", b"\xc3\xa9\xc3\xa9"],
        ),
        (
            &[b"\xc2\xa0", b"a\xe2\x80\x83"],
            &[b"\xc2\xa0", b"a\xe2\x80\x83"],
            &[b"a"],
        ),
    ];
    for (patterns, out, not) in rows {
        let rules = globs(patterns).unwrap();
        let shown: Vec<_> = patterns
            .iter()
            .map(|p| p.escape_ascii().to_string())
            .collect();
        for path in *out {
            assert!(
                asks(&rules, path),
                "{shown:?} should leave out {}",
                path.escape_ascii()
            );
        }
        for path in *not {
            assert!(
                !asks(&rules, path),
                "{shown:?} should not leave out {}",
                path.escape_ascii()
            );
        }
    }
}

#[test]
fn a_bad_pattern_is_named_and_refuses_the_list() {
    for (bad, why) in [
        (&b"[a"[..], "not closed"),
        (b"x/[!", "not closed"),
        (b"[[:digit:]", "not closed"),
        (b"[[:nope:]]", "unknown name"),
        (b"a\\", "backslash"),
        (b"a\\/", "backslash"),
        (b"a\0b", "zero byte"),
    ] {
        let error = globs(&[b"fine", bad]).unwrap_err();
        let detail = error.detail.unwrap();
        assert_eq!(
            (error.reason, error.operation),
            (Reason::BadPattern, Operation::Ignore)
        );
        assert!(detail.contains(&bad.escape_ascii().to_string()), "{detail}");
        assert!(detail.contains(why), "{detail}");
    }
    let long = [&b"\xff"[..], &b"*a".repeat(3000)].concat();
    assert_eq!(globs(&[&long]).unwrap_err().reason, Reason::BadPattern);
}

#[test]
fn no_rules() {
    let dir = tempfile::tempdir().unwrap();
    let fd = File::open(dir.path()).unwrap();
    assert!(
        matches!(Rules::root(&Ignore::default(), fd.as_fd(), b""), Ok((None, errors)) if errors.is_empty())
    );
    let (rules, errors) = git(dir.path());
    assert!(errors.is_empty());
    assert!(!asks(&rules, b"a") && asks(&rules, b".git/") && asks(&rules, b"x/y/.git"));
    assert!(!asks(&globs(&[b"a"]).unwrap(), b".git/"));
}

#[test]
fn nearer_files_win_and_exclude_comes_last() {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path();
    fs::create_dir_all(root.join(".git/info")).unwrap();
    fs::create_dir_all(root.join("sub/.git/info")).unwrap();
    fs::create_dir_all(root.join("sub/plain")).unwrap();
    fs::write(root.join(".git/info/exclude"), "*.e\n*.x\n").unwrap();
    fs::write(root.join("sub/.git/info/exclude"), "*.not-read\n").unwrap();
    fs::write(
        root.join(".gitignore"),
        "\u{feff}*.o\r\n!*.x\r\n/sub/top\r\n",
    )
    .unwrap();
    fs::write(root.join("sub/.gitignore"), "!a.o\n/top2\n*.s").unwrap();
    let (rules, errors) = git(root);
    assert!(errors.is_empty());
    for (path, out) in [
        (&b"a.o"[..], true),
        (b"a.e", true),
        (b"a.x", false),
        (b"a.s", false),
    ] {
        assert_eq!(asks(&rules, path), out, "{}", path.escape_ascii());
    }
    let (sub, errors) = enter(&rules, root, "sub");
    assert!(errors.is_empty());
    let (plain, _) = enter(&sub, root, "sub/plain");
    assert!(
        Arc::ptr_eq(&plain, &sub),
        "a directory without rules of its own shares"
    );
    for (path, out) in [
        (&b"sub/a.o"[..], false),
        (b"sub/b.o", true),
        (b"sub/a.s", true),
        (b"sub/plain/a.o", false),
        (b"sub/plain/a.e", true),
        (b"sub/top", true),
        (b"sub/plain/top", false),
        (b"sub/top2", true),
        (b"sub/plain/top2", false),
        (b"sub/a.not-read", false),
    ] {
        assert_eq!(asks(&plain, path), out, "{}", path.escape_ascii());
    }
}

#[test]
fn a_chain_as_deep_as_a_tree_is_dropped_without_recursion() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join(".gitignore"), "a\n").unwrap();
    let fd = File::open(dir.path()).unwrap();
    let (mut rules, _) = git(dir.path());
    for depth in 1..2_000 {
        let path = b"d/".repeat(depth);
        rules = rules.enter(fd.as_fd(), path.strip_suffix(b"/").unwrap()).0;
    }
    assert!(rules.leaves_out(&b"d/".repeat(2_000), b"a", false));
    let small_stack = std::thread::Builder::new().stack_size(64 * 1024);
    small_stack
        .spawn(move || drop(rules))
        .unwrap()
        .join()
        .unwrap();
}
