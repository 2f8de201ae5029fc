//! The state folder: `--keep`, and how the others find what is kept there.

use std::os::unix::fs::PermissionsExt;

use crate::support::{Sandbox, exists};

fn tree() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.file(b"root/a/one", "1");
    sandbox.file(b"root/a/b/two", "22");
    sandbox
}

#[test]
fn what_is_kept_is_found_by_any_path_beneath() {
    let sandbox = tree();
    let text = sandbox.text(["scan", "--keep", "root"]);
    let digest = sandbox
        .bash("printf %s \"$PWD/root\" | sha256sum | cut -c 1-16")
        .text();
    let file = sandbox.at(format!("state/aether/{}.db", digest.trim()));
    assert!(
        text.contains(&format!("kept in      {}", file.display())),
        "{text}"
    );
    let mode = sandbox
        .at("state/aether")
        .metadata()
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o700);
    assert!(sandbox.text(["ls", "root/a/b"]).contains("  two"));
    for (folder, expected) in [("root", "  a/"), ("root/a", "  one"), ("root/a/b", "  two")] {
        let ran = sandbox.bash(&format!("cd {folder} && \"$A\" ls"));
        assert!(
            ran.text().contains(expected),
            "{} {}",
            ran.text(),
            ran.stderr
        );
    }
    // By a link to it, and what was removed since.
    sandbox.bash("ln -s root link; rm -r root/a/b");
    assert!(sandbox.text(["ls", "link/a"]).contains("  one"));
    assert!(sandbox.text(["ls", "root/a/b"]).contains("  two"));
    let ran = sandbox.run(["ls", "/proc"]);
    assert!(
        ran.status == 1 && ran.stderr.contains("aether scan --keep"),
        "{}",
        ran.stderr
    );
    assert!(sandbox.text(["check", "root"]).contains("clean"));
    assert!(sandbox.text(["info", "root/a"]).contains("id "));
}

#[test]
fn a_link_and_what_it_leads_to_have_one_index() {
    let sandbox = tree();
    sandbox.bash("ln -s root link");
    sandbox.text(["scan", "-q", "--keep", "link"]);
    sandbox.text(["scan", "-q", "--keep", "root"]);
    let ran = sandbox.bash("ls state/aether/*.db | wc -l");
    assert_eq!(ran.text(), "1\n");
    for path in ["root/a", "link/a"] {
        assert!(sandbox.text(["ls", path]).contains("  one"), "{path}");
    }
}

#[test]
fn of_several_the_one_with_the_newest_look_answers() {
    let sandbox = tree();
    sandbox.text(["scan", "-q", "--keep", "root/a"]);
    sandbox.file(b"root/a/later", "");
    sandbox.text(["scan", "-q", "--keep", "root"]);
    assert!(sandbox.text(["ls", "root/a"]).contains("  later"));
    sandbox.file(b"root/a/last", "");
    sandbox.text(["scan", "-q", "--keep", "root/a"]);
    assert!(sandbox.text(["ls", "root/a"]).contains("  last"));
}

#[test]
fn find_scans_where_nothing_is_kept_and_leaves_nothing() {
    let sandbox = tree();
    let ran = sandbox.run(["find", "two", "root"]);
    assert_eq!(
        ran.text(),
        format!("{}/root/a/b/two\n", sandbox.path.display())
    );
    assert!(
        ran.stderr.contains("nothing is kept of \"root\""),
        "{}",
        ran.stderr
    );
    let ran = sandbox.bash("ls -A");
    assert_eq!(ran.text(), "root\n");
    let ran = sandbox.run(["find", "two", "absent"]);
    assert!(
        ran.status == 1 && ran.stderr.contains("enoent"),
        "{}",
        ran.stderr
    );
    assert_eq!(sandbox.bash("ls -A").text(), "root\n");
}

#[test]
fn a_mistyped_path_leaves_no_index_behind() {
    let sandbox = tree();
    for words in [&["--index", "x.db"][..], &["--keep"]] {
        let words = ["scan", "rooot"].iter().chain(words).collect::<Vec<_>>();
        let ran = sandbox.run(words);
        assert!(
            ran.status == 1 && ran.stderr.contains("enoent"),
            "{}",
            ran.stderr
        );
    }
    assert_eq!(sandbox.bash("ls -A").text(), "root\n");
}

#[test]
fn rules_are_kept_and_used_again() {
    let sandbox = tree();
    sandbox.file(b"root/a/x.md", "");
    sandbox.text(["scan", "-q", "--keep", "-E", "*.md", "root"]);
    sandbox.text(["scan", "-q", "--keep", "root"]);
    assert!(!sandbox.text(["ls", "root/a"]).contains("x.md"));
    let ran = sandbox.run(["scan", "-q", "--keep", "-E", "*.txt", "root"]);
    assert!(
        ran.status == 1 && ran.stderr.contains("--replace-rules"),
        "{}",
        ran.stderr
    );
    sandbox.text([
        "scan",
        "-q",
        "--keep",
        "-E",
        "*.txt",
        "--replace-rules",
        "root",
    ]);
    assert!(sandbox.text(["ls", "root/a"]).contains("x.md"));
}

#[test]
fn with_sudo_the_state_folder_is_not_another_users() {
    if !crate::support::is_root() {
        return;
    }
    let sandbox = tree();
    // The home of root is what the system says, whatever the environment does.
    let script = "printf 'root:x:0:0::%s/home:/bin/sh\\n' \"$PWD\" >passwd; unshare -m sh -c 'mount --bind passwd /etc/passwd && SUDO_UID=1000 HOME=/nowhere XDG_STATE_HOME=/nowhere \"$A\" scan -q --keep root'";
    if !crate::support::may_mount() {
        return;
    }
    let ran = sandbox.bash(script);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    assert!(exists(&sandbox.at("home/.local/state/aether")));
}
