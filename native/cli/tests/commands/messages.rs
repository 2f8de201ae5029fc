//! What is said of errors: in this program's own words, and safe to print.

use crate::support::{Sandbox, os};

#[test]
fn a_message_names_the_option_that_helps() {
    let sandbox = Sandbox::new();
    sandbox.file(b"root/file", "");
    sandbox.file(b"other/file", "");
    sandbox.text(["scan", "-q", "--index", "x.db", "root"]);
    let ran = sandbox.run(["scan", "--index", "x.db", "--no-hidden", "root"]);
    assert!(
        ran.stderr.contains("rules_changed") && ran.stderr.contains("--replace-rules"),
        "{}",
        ran.stderr
    );
    sandbox.bash("mv root moved");
    let ran = sandbox.run(["scan", "--index", "x.db", "moved"]);
    assert!(
        ran.stderr.contains("--accept-root") && ran.stderr.contains("--id"),
        "{}",
        ran.stderr
    );
    let ran = sandbox.run(["scan", "--index", "x.db", "--accept-root", "moved"]);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    for (words, expected) in [
        (
            &["scan", "--id", "x"][..],
            "--id goes with --index or --keep",
        ),
        (&["scan", "--index"], "--index <FILE>"),
        (&["scan", "--list", "--json"], "cannot be used with"),
        (&["scan", "--depth", "0"], "--depth <N>"),
        (&["scan", "--larger", "10X"], "such as 10M"),
        (&["find", "x", "--limit", "10001"], "--limit <N>"),
        (&["scan", "--keep", "-e", "rs"], "an index keeps everything"),
        (&["du", "-sa"], "cannot be used with"),
    ] {
        let ran = sandbox.run(words);
        assert!(
            ran.status == 2 && ran.stderr.contains(expected),
            "{words:?}: {}",
            ran.stderr
        );
        for foreign in ["source_id", "mode:", "rules:", "VM", "Elixir"] {
            assert!(!ran.stderr.contains(foreign), "{}", ran.stderr);
        }
    }
}

#[test]
fn no_control_character_reaches_the_terminal() {
    let sandbox = Sandbox::new();
    let name = b"a\x1b[2J\n\r\xc2\x9b\xe2\x80\xae\xff";
    sandbox.file(&[b"tree/", &name[..], b"/x"].concat(), "");
    let words: [&[&[u8]]; 7] = [
        &[b"scan", name],
        &[b"scan", b"--json", b"tree"],
        &[b"scan", b"--quiet=\x1b[31m\n\n"],
        &[b"ls", name],
        &[b"ls", b"--index", name],
        &[b"man", name],
        &[name],
    ];
    for words in words {
        let ran = sandbox.run(words.iter().map(|word| os(word)));
        let text = [ran.text(), ran.stderr].concat();
        let is_raw = |char: char| char != '\n' && (char.is_control() || char == '\u{202e}');
        assert!(!text.chars().any(is_raw), "{text:?}");
        assert!(!text.is_empty());
    }
}
