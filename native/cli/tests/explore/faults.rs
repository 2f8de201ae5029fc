//! What cannot be shown: one line that says why, and the exit status.

use std::fs;
use std::process::Command;

use super::support::{Sandbox, exists, kept, names};

#[test]
fn keys_that_there_are_not_are_named() {
    let sandbox = Sandbox::with_tree();
    for (keys, wrong) in [("j Foo", "Foo"), ("C-", "C-"), ("\u{1b}", "\\e")] {
        let ran = sandbox.run(&["explore", "tree", &format!("--once={keys}")]);
        assert_eq!(ran.status, 2);
        assert!(
            ran.stderr.contains(&format!("\"{wrong}\"")),
            "{}",
            ran.stderr
        );
        assert_eq!(ran.stderr.lines().count(), 1);
    }
    assert!(!exists(&sandbox.path.join("state")));
}

#[test]
fn without_a_terminal_it_says_so() {
    let sandbox = Sandbox::with_tree();
    let ran = sandbox.run(&["explore", "tree"]);
    assert_eq!(ran.status, 2);
    assert!(
        ran.stderr.contains("needs a terminal") && ran.stderr.contains("--once"),
        "{}",
        ran.stderr
    );
    assert!(!exists(&sandbox.path.join("state")));
}

#[test]
fn a_path_that_is_no_directory_leaves_nothing_behind() {
    let sandbox = Sandbox::with_tree();
    for path in ["missing", "tree/dump.sql"] {
        let ran = sandbox.run(&["explore", path, "--once="]);
        assert!(
            ran.status > 0 && ran.stdout.is_empty(),
            "{path}: {}",
            ran.stdout
        );
        let ran = sandbox.run(&["explore", path, "--once=", "--index", "new.db"]);
        assert!(ran.status > 0, "{path}: {}", ran.stdout);
    }
    assert!(!exists(&sandbox.path.join("new.db")));
}

#[test]
fn what_is_gone_is_shown_as_it_was() {
    let sandbox = Sandbox::with_tree();
    sandbox.scan();
    sandbox.bash("rm -r tree");
    let ran = sandbox.run(&["explore", "tree", "--once=", "--size", "100x12"]);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    assert!(ran.stdout.contains("not there any more"), "{}", ran.stdout);
    assert_eq!(names(&ran.stdout)[0], "projects/");
}

#[test]
fn nothing_kept_and_no_scan_is_an_error() {
    let sandbox = Sandbox::with_tree();
    let ran = sandbox.run(&["explore", "tree", "--once=", "--no-scan"]);
    assert_eq!(ran.status, 1);
    assert!(ran.stderr.contains("nothing is kept of"), "{}", ran.stderr);
}

#[test]
fn a_file_of_another_kind_or_version_is_refused() {
    let sandbox = Sandbox::with_tree();
    sandbox.scan();
    let file = kept(&sandbox);
    let sql = Command::new("sqlite3")
        .arg(&file)
        .arg("PRAGMA user_version = 999")
        .status();
    assert!(sql.unwrap().success());
    let ran = sandbox.explore("", "80x24", &[]);
    assert_eq!(ran.status, 1);
    assert_eq!(ran.stderr.lines().count(), 1, "{}", ran.stderr);
    assert!(ran.stderr.contains("version"), "{}", ran.stderr);
    fs::write(
        sandbox.path.join("text"),
        "this is no index, and long enough to be one ".repeat(99),
    )
    .unwrap();
    let ran = sandbox.run(&["explore", "tree", "--once=", "--index", "text"]);
    assert_eq!(
        (ran.status, ran.stderr.lines().count()),
        (1, 1),
        "{}",
        ran.stderr
    );
}

#[test]
fn a_folder_that_cannot_be_read_is_marked_and_listed() {
    if rustix::process::geteuid().is_root() {
        let dropped = Command::new("setpriv")
            .args(["--reuid=65534", "true"])
            .status();
        assert!(dropped.unwrap().success());
    }
    let sandbox = Sandbox::with_tree();
    sandbox.bash("mkdir -p tree/private tree/outer/inner && chmod 000 tree/private tree/outer/inner; chmod -R a+rwX . 2>/dev/null; chmod 000 tree/private tree/outer/inner; chmod 777 . tree");
    let program = env!("CARGO_BIN_EXE_aether");
    let script = format!(
        "export XDG_STATE_HOME=$PWD/state AETHER_NOW=1767312000; {program} scan --keep -q tree; {program} explore tree --no-scan --once= --size 100x14; {program} explore tree --no-scan --once=e --size 100x8; true"
    );
    let mut command = Command::new("bash");
    if rustix::process::geteuid().is_root() {
        command = Command::new("setpriv");
        command.args(["--reuid=65534", "--regid=65534", "--clear-groups", "bash"]);
    }
    let output = command
        .args(["-c", &script])
        .env("LC_ALL", "C.UTF-8")
        .current_dir(&sandbox.path)
        .output();
    let text = String::from_utf8(output.unwrap().stdout).unwrap();
    sandbox.bash("chmod 777 tree/private tree/outer/inner");
    assert!(text.contains("[Partial: 2 unreadable]"), "{text}");
    let row = |name: &str| {
        text.lines()
            .find(|line| line.ends_with(name))
            .unwrap_or(&text)
            .to_owned()
    };
    assert!(row("  private/").starts_with(" !"), "{text}");
    assert!(row("  outer/").starts_with(" ."), "{text}");
    assert!(
        text.contains("permission denied") && text.contains("outer/inner/"),
        "{text}"
    );
}
