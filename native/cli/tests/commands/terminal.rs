//! What a terminal gets: the live line, as wide as it is; and nothing that a name or a dumb terminal must not get.

use crate::support::{Sandbox, os};

/// Runs words in a terminal of so many columns; all that the program wrote to it.
fn on_terminal(sandbox: &Sandbox, columns: u32, set: &str, words: &str) -> String {
    let inner = format!("stty cols {columns} rows 20; {set} \"$A\" {words}");
    let ran = sandbox.bash(&format!("script -qec '{inner}' /dev/null"));
    String::from_utf8_lossy(&ran.stdout).into_owned()
}

#[test]
fn the_live_line_is_as_wide_as_the_terminal() {
    let sandbox = Sandbox::new();
    let name = "long name ".repeat(9);
    sandbox.bash(&format!("mkdir -p tree/{{1..200}}/\"{name}\""));
    for columns in [40, 100] {
        // Each directory takes its time, so that there is something to show.
        let slow = "TERM=xterm strace -f -qq -o /dev/null -e trace=getdents64 -e inject=getdents64:delay_enter=2000";
        let text = on_terminal(&sandbox, columns, slow, "scan --threads 1 tree");
        let lines = text
            .split(['\r', '\n'])
            .filter(|line| line.contains(" entries  "));
        let lines = lines.collect::<Vec<_>>();
        assert!(!lines.is_empty(), "{text}");
        let widest = lines
            .iter()
            .map(|line| line.trim_end().chars().count())
            .max()
            .unwrap();
        assert!(widest < columns as usize, "{widest}");
        assert!(widest > 38 || columns == 100, "{widest}");
        assert!(text.contains("\rtree: complete"), "{text:?}");
    }
}

#[test]
fn no_escapes_where_none_are_wanted() {
    let sandbox = Sandbox::new();
    sandbox.file(b"tree/a.txt", "");
    sandbox.file(b"tree/d/x", "");
    sandbox.text(["scan", "-q", "--keep", "tree"]);
    let colors = "LS_COLORS=\"di=01;34:*.txt=31\"";
    let painted = on_terminal(&sandbox, 80, &format!("TERM=xterm {colors}"), "ls tree");
    assert!(
        painted.contains("\x1b[01;34md\x1b[0m/") && painted.contains("\x1b[31ma.txt\x1b[0m"),
        "{painted:?}"
    );
    for set in ["TERM=dumb", "TERM=xterm NO_COLOR=1", "TERM="] {
        for words in ["ls tree", "scan tree tree tree", "find x tree", "du tree"] {
            let text = on_terminal(&sandbox, 80, &format!("{set} {colors}"), words);
            assert!(!text.contains('\x1b'), "{set} {words}: {text:?}");
        }
    }
}

#[test]
fn names_are_escaped_for_eyes_and_raw_for_programs() {
    let sandbox = Sandbox::new();
    let name = b"tree/\x1b[31mred\xff\n";
    sandbox.file(name, "");
    for words in ["scan --list tree", "du -a tree", "find red tree"] {
        let text = on_terminal(&sandbox, 80, "TERM=xterm", words);
        assert!(
            text.contains("\\e[31mred\\xFF\\n") && !text.contains("\x1b[31m"),
            "{words}: {text:?}"
        );
    }
    let ran = sandbox.run([os(b"scan"), os(b"--list"), os(b"tree")]);
    assert_eq!(ran.stdout, [&name[..], b"\n"].concat());
    // On a terminal du speaks of units.
    let text = on_terminal(&sandbox, 80, "TERM=xterm", "du -b tree");
    let in_units = on_terminal(&sandbox, 80, "TERM=xterm", "du tree");
    assert!(
        !text.contains("K\t") && in_units.contains("K\ttree"),
        "{in_units}"
    );
}
