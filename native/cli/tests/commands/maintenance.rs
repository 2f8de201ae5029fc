//! `check`, `forget`, `backup`, `restore` and `vacuum`; and files that are no index.

use crate::support::{Sandbox, exists};

fn kept() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.file(b"root/big/one", "1");
    sandbox.file(b"root/big/two", "1");
    sandbox.file(b"root/small/three", "1");
    sandbox.text(["scan", "-q", "--index", "x.db", "root"]);
    sandbox
}

#[test]
fn check_recounts_and_says_what_is_wrong() {
    let sandbox = kept();
    let text = sandbox.text(["check", "--thorough", "--index", "x.db"]);
    assert_eq!(text, "x.db: clean, 3 directories and 3 files recounted\n");
    sandbox.bash("sqlite3 x.db \"UPDATE dirs SET file_count = 70 WHERE name = 'big'\"");
    let ran = sandbox.run(["check", "--index", "x.db"]);
    assert_eq!(ran.status, 1);
    assert!(
        ran.text()
            .contains("file_count of \"big\": stored 70, counted 2"),
        "{}",
        ran.text()
    );
    let ran = sandbox.run(["check", "--json", "--index", "x.db"]);
    let text = ran.text();
    let lines = text
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    let lines = lines.collect::<Vec<_>>();
    assert_eq!(lines[0]["answer"]["clean"], false);
    assert!(
        lines
            .iter()
            .any(|line| line["path"] == "big" && line["stored"] == 70)
    );
}

#[test]
fn a_folder_or_a_root_is_forgotten_and_the_disk_untouched() {
    let sandbox = kept();
    let path = sandbox.at("root").display().to_string();
    let text = sandbox.text(["forget", "root/big", "--index", "x.db"]);
    assert_eq!(text, format!("{path}/big: forgotten, with 2 files\n"));
    let text = sandbox.text(["ls", "--index", "x.db", "root"]);
    assert!(
        text.contains("at least 1 file") && text.contains("big/  (not read)"),
        "{text}"
    );
    sandbox.text(["forget", "root", "--index", "x.db"]);
    assert!(
        sandbox
            .text(["info", "--index", "x.db"])
            .contains("0 roots")
    );
    assert_eq!(sandbox.find("root -type f").len(), 3);
    assert_eq!(sandbox.run(["forget", "--index", "x.db"]).status, 2);
}

#[test]
fn a_backup_is_put_back_in_the_place_of_a_damaged_index() {
    let sandbox = kept();
    sandbox.text(["backup", "copy.db", "--index", "x.db"]);
    let ran = sandbox.run(["backup", "copy.db", "--index", "x.db"]);
    assert!(
        ran.status == 1 && ran.stderr.contains("eexist"),
        "{}",
        ran.stderr
    );
    sandbox.bash("dd if=/dev/zero of=x.db bs=4096 seek=1 count=4 conv=notrunc status=none");
    assert_eq!(sandbox.run(["check", "--index", "x.db"]).status, 1);
    sandbox.text(["restore", "copy.db", "--index", "x.db"]);
    assert!(
        sandbox
            .text(["check", "--index", "x.db"])
            .contains("3 files")
    );
    assert!(
        sandbox
            .text(["vacuum", "--index", "x.db"])
            .contains(" before, ")
    );
    assert!(sandbox.text(["check", "--index", "x.db"]).contains("clean"));
}

#[test]
fn what_is_no_index_is_refused_and_left_alone() {
    let sandbox = kept();
    for (name, content) in [("text", "hello".to_owned()), ("zeros", "\0".repeat(4096))] {
        sandbox.file(name.as_bytes(), &content);
        for words in [&["ls"][..], &["check"], &["scan", "root"], &["find", "x"]] {
            let words = words.iter().copied().chain(["--index", name]);
            let ran = sandbox.run(words);
            assert!(
                ran.status == 1 && ran.stderr.starts_with("aether: cannot"),
                "{}",
                ran.stderr
            );
            assert_eq!(ran.stderr.lines().count(), 1);
        }
        assert_eq!(std::fs::read_to_string(sandbox.at(name)).unwrap(), content);
    }
    let ran = sandbox.run(["ls", "--index", "none.db"]);
    assert!(
        ran.status == 1 && ran.stderr.contains("enoent"),
        "{}",
        ran.stderr
    );
    assert!(!exists(&sandbox.at("none.db")));
    let ran = sandbox.run(["ls", "x.db"]);
    assert!(
        ran.status == 2 && ran.stderr.contains("give it with --index"),
        "{}",
        ran.stderr
    );
    let ran = sandbox.run(["scan", "root", "--index", "y.db", "--no-metadata"]);
    assert_eq!(ran.status, 2);
    assert!(!exists(&sandbox.at("y.db")));
}

#[test]
fn an_index_that_another_process_writes_is_read_and_not_written() {
    let sandbox = kept();
    // A scan that nobody reads stays where it is, and has the index open.
    sandbox.bash("mkdir many; cd many; N=$(printf 'n%.0s' {1..100}); for n in {1..4000}; do echo $N$n; done | xargs touch");
    let script = "mkfifo pipe; \"$A\" scan -0 --index x.db many >pipe & exec 3<pipe; head -c 1 <&3 >/dev/null; \"$A\" ls --index x.db root | head -1; \"$A\" scan -q --index x.db root; echo $?; kill -KILL %1";
    let ran = sandbox.bash(&format!("set -m; {script}"));
    assert!(
        ran.text().contains("3 files") && ran.text().ends_with("1\n"),
        "{}",
        ran.text()
    );
    assert!(ran.stderr.contains("index_busy"), "{}", ran.stderr);
}
