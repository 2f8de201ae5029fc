//! Ignore rules by hand: a table of patterns, the files that hold them, what is refused and
//! reported.

// Clippy's exception for tests does not cover their helper functions.
#![allow(clippy::unwrap_used, clippy::panic)]

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
fn bad_lines_are_reported_and_the_others_apply() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join(".gitignore"), b"a\n\n[b\nc\xff\\\nd\xff\n").unwrap();
    let (rules, errors) = git(dir.path());
    let details: Vec<_> = errors
        .iter()
        .map(|error| {
            assert_eq!(
                (error.reason, error.operation),
                (Reason::BadPattern, Operation::Ignore)
            );
            assert_eq!(error.path, b".gitignore");
            error.detail.as_deref().unwrap_or_default()
        })
        .collect();
    assert_eq!(
        details,
        [
            "line 3: a [ is not closed",
            "line 4: a backslash at the end"
        ]
    );
    assert!(asks(&rules, b"a") && asks(&rules, b"d\xff") && !asks(&rules, b"[b"));

    fs::write(dir.path().join(".gitignore"), "[\n".repeat(1000)).unwrap();
    let (_, errors) = git(dir.path());
    assert_eq!(errors.len(), 17);
    let last = errors
        .last()
        .and_then(|error| error.detail.clone())
        .unwrap();
    assert!(last.contains("line 17") && last.contains("984"), "{last}");
}

#[test]
fn only_regular_files_of_bounded_size_are_read() {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path();
    let file = root.join(".gitignore");
    let errno_of = |errors: Vec<Error>| match errors.as_slice() {
        [
            Error {
                reason: Reason::Errno(number),
                operation: Operation::Ignore,
                path,
                ..
            },
        ] => {
            assert_eq!(path, b".gitignore");
            Errno::from_raw_os_error(*number)
        }
        other => panic!("{other:?}"),
    };

    fs::write(root.join("rules"), "a\n").unwrap();
    symlink("rules", &file).unwrap();
    let (rules, errors) = git(root);
    assert_eq!(errno_of(errors), Errno::LOOP);
    assert!(!asks(&rules, b"a"));
    fs::remove_file(&file).unwrap();

    // Opening it would block, or wake a process that waits for a reader.
    let mode = rustix::fs::Mode::from_raw_mode(0o600);
    rustix::fs::mknodat(rustix::fs::CWD, &file, rustix::fs::FileType::Fifo, mode, 0).unwrap();
    assert_eq!(errno_of(git(root).1), Errno::INVAL);
    fs::remove_file(&file).unwrap();

    fs::create_dir(&file).unwrap();
    assert_eq!(errno_of(git(root).1), Errno::ISDIR);
    fs::remove_dir(&file).unwrap();

    // A file over 1 MiB is used up to its last complete line, however long the next one is.
    for (over, used) in [("\n", true), ("b\n", true), ("!*\n", true)] {
        let content = [&b"a\n".repeat(1 << 19), over.as_bytes()].concat();
        fs::write(&file, content).unwrap();
        let (rules, errors) = git(root);
        assert_eq!(errno_of(errors), Errno::FBIG);
        assert_eq!(asks(&rules, b"a"), used, "{over:?}");
        assert!(!asks(&rules, b"b"));
    }
    let long = [&b"a\nb"[..], &b"c".repeat(1 << 20)].concat();
    fs::write(&file, long).unwrap();
    let (rules, errors) = git(root);
    assert_eq!(errno_of(errors), Errno::FBIG);
    assert!(asks(&rules, b"a") && !asks(&rules, &b"bc".repeat(1 << 19)));
    fs::write(&file, b"c".repeat((1 << 20) + 1)).unwrap();
    let (rules, errors) = git(root);
    assert_eq!(errno_of(errors), Errno::FBIG);
    assert!(!asks(&rules, b"c"));
    fs::write(&file, b"a\n".repeat(1 << 19)).unwrap();
    let (rules, errors) = git(root);
    assert!(errors.is_empty() && asks(&rules, b"a"));
    fs::remove_file(&file).unwrap();

    // `.git` as a file (a work tree of another repository) or as a link is not searched for rules.
    fs::create_dir_all(root.join("elsewhere/info")).unwrap();
    fs::write(root.join("elsewhere/info/exclude"), "a\n").unwrap();
    symlink("elsewhere", root.join(".git")).unwrap();
    let (rules, errors) = git(root);
    assert!(errors.is_empty() && !asks(&rules, b"a"));
    fs::remove_file(root.join(".git")).unwrap();
    fs::write(root.join(".git"), "gitdir: elsewhere\n").unwrap();
    let (rules, errors) = git(root);
    assert!(errors.is_empty() && !asks(&rules, b"a") && asks(&rules, b".git"));
}

/// Files made to be slow, with the worst entry for each.
#[test]
fn the_cost_of_a_file_is_bounded() {
    let dir = tempfile::tempdir().unwrap();
    let name = |last: &[u8]| [&b"ab".repeat(127), last].concat();
    let deep = b"ab/".repeat(1_300);
    let deep = deep.strip_suffix(b"/").unwrap();
    let many = |line: &[u8]| line.repeat((1 << 20) / line.len());
    type Row = (Vec<u8>, Vec<u8>, Vec<u8>);
    let rows: &[Row] = &[
        (many(b"*a*b*a*z*\n"), b"".to_vec(), name(b"a")),
        (
            many(b"*ababababababababababababababababz*\n"),
            b"".to_vec(),
            name(b"a"),
        ),
        (many(b"*?*?*?*?*z*\n"), b"".to_vec(), name(b"a")),
        (many(b"*[!x]*[!y]*z*\n"), b"".to_vec(), name(b"a")),
        (many(b"**/a*/**/*b/**/z*\n"), deep.to_vec(), name(b"a")),
        (many(b"**/[!x]*/**/z*\n"), deep.to_vec(), name(b"a")),
        (many(b"*xa\n"), b"".to_vec(), name(b"a")),
        (many(b"[a]*[a]\n"), b"".to_vec(), name(b"z")),
        (
            (0..200_000)
                .flat_map(|n| format!("{n}\n").into_bytes())
                .take(1 << 20)
                .collect(),
            b"".to_vec(),
            name(b"a"),
        ),
    ];
    for (content, path, name) in rows {
        fs::write(dir.path().join(".gitignore"), content).unwrap();
        let begun = std::time::Instant::now();
        let (rules, errors) = git(dir.path());
        let read = begun.elapsed();
        let ask = || {
            let begun = std::time::Instant::now();
            rules.leaves_out(path, name, false);
            begun.elapsed()
        };
        // The machine may be busy.
        let asked = (0..20).map(|_| ask()).min().unwrap();
        let shown = content[..20].escape_ascii();
        println!("{shown}: {read:?} to read, {asked:?} to ask, {errors:?}");
        // A file that costs too much reports from which line on it is not used.
        for error in &errors {
            let detail = error.detail.as_deref().unwrap_or_default();
            assert_eq!(error.reason, Reason::Errno(Errno::FBIG.raw_os_error()));
            assert!(detail.starts_with("not used from line "), "{detail}");
        }
        // Without the bound it is seconds; a sanitizer takes ten times as long as it should.
        assert!(read.as_secs() < 10, "{shown}: {read:?} to read");
        assert!(asked.as_millis() < 200, "{shown}: {asked:?} to ask");
    }
}

/// A file may only use what the rules above it leave of the bound.
#[test]
fn all_rules_in_effect_share_the_bound() {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path();
    let slow = b"*a*b*c*d*\n".repeat(40_000);
    fs::create_dir_all(root.join("a/b")).unwrap();
    fs::write(root.join(".gitignore"), b"*a*b*c*d*\n".repeat(10_000)).unwrap();
    fs::write(
        root.join("a/.gitignore"),
        [&b"first\n"[..], &slow, b"last\n"].concat(),
    )
    .unwrap();
    fs::write(root.join("a/b/.gitignore"), "*i*n*n*e*r*\n").unwrap();
    let (rules, errors) = git(root);
    assert_eq!(errors, []);
    let (rules, errors) = enter(&rules, root, "a");
    let [error] = errors.as_slice() else {
        panic!("{errors:?}")
    };
    assert_eq!(error.path, b"a/.gitignore");
    assert!(asks(&rules, b"a/first") && asks(&rules, b"a/xabcd") && !asks(&rules, b"a/last"));
    let (rules, errors) = enter(&rules, root, "a/b");
    assert_eq!(errors.len(), 1);
    assert!(asks(&rules, b"a/b/first") && !asks(&rules, b"a/b/inner"));
    // A list that costs too much is refused.
    let lines: Vec<_> = (0..40_000).map(|n| format!("*a{n}*b*")).collect();
    let lines: Vec<_> = lines.iter().map(String::as_bytes).collect();
    let error = globs(&lines).unwrap_err();
    assert_eq!(error.reason, Reason::BadPattern);
    assert!(globs(&lines[..10_000]).is_ok());
}

/// Makes a repository as git sees one, without git.
fn found(dir: &Path) {
    for path in [".git/objects", ".git/refs", ".git/info"] {
        fs::create_dir_all(dir.join(path)).unwrap();
    }
    fs::write(dir.join(".git/HEAD"), "ref: refs/heads/main\n").unwrap();
}

#[test]
fn patterns_take_precedence_over_all_files() {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path();
    found(root);
    fs::create_dir(root.join("sub")).unwrap();
    fs::write(root.join(".gitignore"), "*.log\n!kept\n").unwrap();
    fs::write(root.join("sub/.gitignore"), "!*.tmp\n").unwrap();
    fs::write(root.join(".git/info/exclude"), "excluded\n").unwrap();
    let ignore = Ignore {
        patterns: ["!*.log", "kept", "*.tmp", "/sub/x", "!.git"]
            .map(|pattern| pattern.as_bytes().to_vec())
            .to_vec(),
        ..Ignore::git()
    };
    let fd = File::open(root).unwrap();
    let (rules, errors) = Rules::root(&ignore, fd.as_fd(), b"").unwrap();
    assert_eq!(errors, []);
    let (sub, errors) = enter(&rules.unwrap(), root, "sub");
    assert_eq!(errors, []);
    for (path, out) in [
        (&b"sub/a.log"[..], false),
        (b"sub/kept", true),
        (b"sub/a.tmp", true),
        (b"sub/x", true),
        (b"sub/excluded", true),
        (b"sub/y", false),
        // No rule decides about it.
        (b"sub/.git", true),
    ] {
        assert_eq!(asks(&sub, path), out, "{}", path.escape_ascii());
    }
}

#[test]
fn rules_above_the_root_apply_beneath_it() {
    let dir = tempfile::tempdir().unwrap();
    let top = dir.path().join("top");
    fs::create_dir_all(top.join("a/b/c")).unwrap();
    found(&top);
    fs::write(top.join(".git/info/exclude"), "excluded\n").unwrap();
    fs::write(top.join(".gitignore"), "/a/b/c/no\n/c\nb\n*.o\n").unwrap();
    fs::write(top.join("a/.gitignore"), "b/x\n/y\n!*.o\n[broken\n").unwrap();
    fs::write(top.join("a/b/.gitignore"), "/z\n").unwrap();
    symlink(top.join("a/b"), dir.path().join("link")).unwrap();
    // `b` itself is left out, but its name is not matched.
    for root in [top.join("a/b"), dir.path().join("link")] {
        let (rules, errors) = git(&root);
        for (path, out) in [
            (&b"x"[..], true),
            (b"z", true),
            (b"y", false),
            (b"c/", false),
            (b"a.o", false),
            (b"excluded", true),
            (b"b", true),
        ] {
            assert_eq!(asks(&rules, path), out, "{}", path.escape_ascii());
        }
        let (inner, _) = enter(&rules, &root, "c");
        assert!(asks(&inner, b"c/no") && !asks(&inner, b"c/x") && !asks(&inner, b"c/z"));
        let [error] = errors.as_slice() else {
            panic!("{errors:?}")
        };
        let real = fs::canonicalize(&top).unwrap().join("a/.gitignore");
        assert_eq!(error.path, real.as_os_str().as_bytes());
    }
    // A git directory has no work tree.
    fs::create_dir_all(top.join(".git/refs/excluded")).unwrap();
    let (rules, errors) = git(&top.join(".git/refs"));
    assert_eq!(errors, []);
    assert!(!asks(&rules, b"excluded/") && !asks(&rules, b"a.o"));
}

#[test]
fn only_a_repository_counts_as_one() {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path();
    found(root);
    fs::write(root.join(".gitignore"), "outer\n").unwrap();
    fs::create_dir(root.join("sub")).unwrap();
    let (rules, _) = git(root);
    let own = || !asks(&enter(&rules, root, "sub").0, b"sub/outer");
    let sub = root.join("sub");
    assert!(!own());
    found(&sub);
    assert!(own());
    fs::write(sub.join(".git/HEAD"), "0123456789".repeat(4)).unwrap();
    assert!(own());
    fs::write(sub.join(".git/HEAD"), "0123456789").unwrap();
    assert!(!own());
    fs::remove_file(sub.join(".git/HEAD")).unwrap();
    symlink("refs/heads/none", sub.join(".git/HEAD")).unwrap();
    assert!(own());
    fs::remove_dir(sub.join(".git/objects")).unwrap();
    assert!(!own());
    // A repository that lies elsewhere.
    fs::remove_dir_all(sub.join(".git")).unwrap();
    let away = root.join("away");
    fs::create_dir(&away).unwrap();
    found(&away);
    fs::write(away.join(".git/info/exclude"), "excluded\n").unwrap();
    for pointer in ["gitdir: ../away/.git\n", "gitdir: ../away/.git\r\n\n"] {
        fs::write(sub.join(".git"), pointer).unwrap();
        assert!(own());
        assert!(asks(&enter(&rules, root, "sub").0, b"sub/excluded"));
    }
    for pointer in [
        "../away/.git",
        "gitdir: \n",
        "gitdir: none",
        "gitdir: ../away",
        "",
    ] {
        fs::write(sub.join(".git"), pointer).unwrap();
        assert!(!own(), "{pointer:?}");
        assert_eq!(enter(&rules, root, "sub").1, []);
    }
    fs::remove_file(sub.join(".git")).unwrap();
    symlink("../away/.git", sub.join(".git")).unwrap();
    assert!(own());
    // A directory of another owner is not read.
    if rustix::process::geteuid().is_root() {
        std::os::unix::fs::lchown(away.join(".git"), Some(65_534), None).unwrap();
        let (_, errors) = enter(&rules, root, "sub");
        assert!(!own());
        let [error] = errors.as_slice() else {
            panic!("{errors:?}")
        };
        assert_eq!(error.path, b"sub/.git");
        assert_eq!(error.reason, Reason::Errno(Errno::PERM.raw_os_error()));
    }
}

#[test]
fn a_broken_configuration_is_an_error() {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().join("root");
    let home = dir.path().join("home");
    fs::create_dir_all(home.join("config/git")).unwrap();
    fs::create_dir(&root).unwrap();
    fs::write(home.join("config/git/ignore"), "theirs\n").unwrap();
    found(&root);
    let bytes = |path: &Path| Some(path.as_os_str().as_bytes().to_vec());
    let ignore = Ignore {
        git_user: Some(GitUser {
            home: bytes(&home),
            config_home: bytes(&home.join("config")),
        }),
        ..Ignore::git()
    };
    let fd = File::open(&root).unwrap();
    let said = |config: &str, user: &str| {
        fs::write(root.join(".git/config"), config).unwrap();
        fs::write(home.join(".gitconfig"), user).unwrap();
        let (rules, errors) = Rules::root(&ignore, fd.as_fd(), b"").unwrap();
        let details: Vec<_> = errors
            .into_iter()
            .filter_map(|error| error.detail)
            .collect();
        (asks(&rules.unwrap(), b"theirs"), details.join("; "))
    };
    assert_eq!(said("", ""), (true, String::new()));
    let broken = "line 2 is not valid in a git configuration";
    assert_eq!(said("\n[core\"", ""), (true, broken.into()));
    assert_eq!(said("", "\n="), (true, broken.into()));
    let (used, detail) = said("", "[core]\nexcludesFile = here");
    assert!(!used && detail.contains("must begin with /"), "{detail}");
    assert_eq!(
        said("", "[core]\nexcludesFile = /none"),
        (false, String::new())
    );
    // Without a home there are no rules of a user.
    let nobody = Ignore {
        git_user: Some(GitUser::default()),
        ..Ignore::default()
    };
    let (rules, errors) = Rules::root(&nobody, fd.as_fd(), b"").unwrap();
    assert_eq!(errors, []);
    // These rules alone do not concern `.git`.
    assert!(!asks(&rules.unwrap(), b".git/"));
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
