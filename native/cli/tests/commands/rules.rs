//! `--git-ignore`, beside git.

use crate::support::{Sandbox, sorted};

/// All that is not `.git` and that git would not ignore, tracked or not.
fn by_git(sandbox: &Sandbox, repository: &str, beneath: &str) -> Vec<Vec<u8>> {
    let script = format!(
        "cd {repository} && find {beneath} -mindepth 1 -name .git -prune -o -mindepth 1 ! -type d -print0 >../all; git check-ignore --no-index -z --stdin <../all >../ignored; [ $? -lt 2 ] && cat ../all"
    );
    let ran = sandbox.bash(&script);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    let ignored = std::fs::read(sandbox.at("ignored")).unwrap();
    let ignored = if ignored.is_empty() {
        Vec::new()
    } else {
        sorted(&ignored)
    };
    assert!(!ignored.is_empty());
    let mut all = sorted(&ran.stdout);
    all.retain(|path| !ignored.contains(path));
    all
}

#[test]
fn what_git_ignores_is_left_out() {
    let sandbox = Sandbox::new();
    for (name, text) in [
        (".gitignore", "*.o\n/top\n!keep.o\nbuild/\n"),
        ("sub/.gitignore", "*.txt\n!good.txt\n"),
        ("a.o", ""),
        ("keep.o", ""),
        ("top", ""),
        ("sub/top", ""),
        ("sub/a.txt", ""),
        ("sub/good.txt", ""),
        ("sub/deep/b.txt", ""),
        ("build/x", ""),
        ("sub/build/y", ""),
        ("mine.bak", ""),
        ("sub/secret", ""),
        ("sub/UPPER.O", ""),
        ("tracked.o", ""),
    ] {
        sandbox.file(format!("repo/{name}").as_bytes(), text);
    }
    sandbox.file(b".config/git/ignore", "*.bak\n");
    let ran = sandbox
        .bash("cd repo && git init -q && echo secret >.git/info/exclude && git add -f tracked.o");
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    for beneath in [".", "sub", "sub/deep"] {
        let ran = sandbox.bash(&format!(
            "cd repo && \"$A\" scan -0 --git-ignore -t f {beneath}"
        ));
        assert_eq!(
            sorted(&ran.stdout),
            by_git(&sandbox, "repo", beneath),
            "{beneath}: {}",
            ran.stderr
        );
    }
    // A file of the user's own, at another place.
    sandbox.file(b"mine", "good.txt\n");
    sandbox.bash(
        "git config --global core.excludesFile ~/mine && git -C repo config core.ignoreCase true",
    );
    let ran = sandbox.bash("cd repo && \"$A\" scan -0 --git-ignore -t f .");
    let expected = by_git(&sandbox, "repo", ".");
    assert!(
        expected.contains(&b"./mine.bak".to_vec())
            && !expected.contains(&b"./sub/UPPER.O".to_vec())
    );
    assert_eq!(sorted(&ran.stdout), expected);
}
