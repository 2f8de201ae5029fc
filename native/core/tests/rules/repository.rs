//! Rules of a repository and of a user, and patterns beside them.

use super::*;

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
