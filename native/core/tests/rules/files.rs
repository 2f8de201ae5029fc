//! Files of rules: bad lines, size, cost.

use super::*;

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
