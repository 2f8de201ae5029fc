//! Ignore rules by hand: a table of patterns, the files that hold them, what is refused and said.

// Clippy's allowance for tests does not reach the functions beside them.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::fs::{self, File};
use std::os::fd::AsFd;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::sync::Arc;

use aether_core::rules::Rules;
use aether_core::{Error, Ignore, Operation, Reason};
use rustix::io::Errno;

fn globs(patterns: &[&[u8]]) -> Result<Arc<Rules>, Error> {
    let dir = tempfile::tempdir().unwrap();
    let fd = File::open(dir.path()).unwrap();
    let list = patterns.iter().map(|pattern| pattern.to_vec()).collect();
    Rules::root(&Ignore::Globs(list), fd.as_fd()).map(|(rules, _)| rules.unwrap())
}

fn git(root: &Path) -> (Arc<Rules>, Vec<Error>) {
    let fd = File::open(root).unwrap();
    let (rules, errors) = Rules::root(&Ignore::Git, fd.as_fd()).unwrap();
    (rules.unwrap(), errors)
}

fn enter(rules: &Arc<Rules>, root: &Path, path: &str) -> (Arc<Rules>, Vec<Error>) {
    let fd = File::open(root.join(path)).unwrap();
    rules.enter(fd.as_fd(), path.as_bytes())
}

/// A path as the walker gives it; a slash at its end says that it is a directory.
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
    // Patterns, what they leave out, what not.
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
fn a_bad_pattern_refuses_the_list_by_name() {
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
        matches!(Rules::root(&Ignore::None, fd.as_fd()), Ok((None, errors)) if errors.is_empty())
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
fn bad_lines_are_said_and_the_others_hold() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join(".gitignore"), b"a\n\n[b\nc\xff\\\nd\xff\n").unwrap();
    let (rules, errors) = git(dir.path());
    let said: Vec<_> = errors
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
        said,
        [
            "line 3: a [ that is not closed",
            "line 4: a backslash at its end"
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
    let told = |errors: Vec<Error>| match errors.as_slice() {
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
    assert_eq!(told(errors), Errno::LOOP);
    assert!(!asks(&rules, b"a"));
    fs::remove_file(&file).unwrap();

    // Opening it would block, or wake who waits for a reader.
    let mode = rustix::fs::Mode::from_raw_mode(0o600);
    rustix::fs::mknodat(rustix::fs::CWD, &file, rustix::fs::FileType::Fifo, mode, 0).unwrap();
    assert_eq!(told(git(root).1), Errno::INVAL);
    fs::remove_file(&file).unwrap();

    fs::create_dir(&file).unwrap();
    assert_eq!(told(git(root).1), Errno::ISDIR);
    fs::remove_dir(&file).unwrap();

    // Beyond 1 MiB it is used to the last whole line, be that as long as it may.
    for (over, used) in [("\n", true), ("b\n", true), ("!*\n", true)] {
        let content = [&b"a\n".repeat(1 << 19), over.as_bytes()].concat();
        fs::write(&file, content).unwrap();
        let (rules, errors) = git(root);
        assert_eq!(told(errors), Errno::FBIG);
        assert_eq!(asks(&rules, b"a"), used, "{over:?}");
        assert!(!asks(&rules, b"b"));
    }
    let long = [&b"a\nb"[..], &b"c".repeat(1 << 20)].concat();
    fs::write(&file, long).unwrap();
    let (rules, errors) = git(root);
    assert_eq!(told(errors), Errno::FBIG);
    assert!(asks(&rules, b"a") && !asks(&rules, &b"bc".repeat(1 << 19)));
    fs::write(&file, b"c".repeat((1 << 20) + 1)).unwrap();
    let (rules, errors) = git(root);
    assert_eq!(told(errors), Errno::FBIG);
    assert!(!asks(&rules, b"c"));
    fs::write(&file, b"a\n".repeat(1 << 19)).unwrap();
    let (rules, errors) = git(root);
    assert!(errors.is_empty() && asks(&rules, b"a"));
    fs::remove_file(&file).unwrap();

    // `.git` as a file (a work tree of another repository) or a link is no repository to look into.
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

/// Files that are made to be slow, and the entry that is the worst for each.
#[test]
fn what_a_file_can_cost_is_bounded() {
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
        // The machine may have other things to do.
        let asked = (0..20).map(|_| ask()).min().unwrap();
        let shown = content[..20].escape_ascii();
        println!("{shown}: {read:?} to read, {asked:?} to ask, {errors:?}");
        // A file that costs too much says from where on it is not used.
        for error in &errors {
            let detail = error.detail.as_deref().unwrap_or_default();
            assert_eq!(error.reason, Reason::Errno(Errno::FBIG.raw_os_error()));
            assert!(detail.starts_with("not used from line "), "{detail}");
        }
        assert!(read.as_millis() < 1_000, "{shown}: {read:?} to read");
        assert!(asked.as_millis() < 20, "{shown}: {asked:?} to ask");
    }
}

/// What is left of the bound by the rules above is all that a file has.
#[test]
fn the_bound_is_one_for_all_rules_in_effect() {
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
