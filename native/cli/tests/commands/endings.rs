//! How the program ends: exit statuses, signals, pipes that are closed, disks that are full.

use std::io::{BufRead, BufReader, Read};
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, ChildStdout, Command, Stdio};

use rustix::process::{Pid, Signal, kill_process};

use crate::support::{AETHER, Sandbox};

#[test]
fn it_is_1_for_what_cannot_be_read_and_2_for_wrong_usage() {
    let sandbox = Sandbox::new();
    for (path, reason) in [("absent", "enoent"), ("", "einval")] {
        let ran = sandbox.run(["scan", path]);
        assert_eq!(ran.status, 1);
        assert!(ran.stderr.contains(reason), "{}", ran.stderr);
        assert_eq!(ran.stderr.lines().count(), 1);
    }
    // The others are still scanned.
    sandbox.file(b"tree/file", "");
    let ran = sandbox.run(["scan", "--list", "absent", "tree"]);
    assert_eq!((ran.status, ran.text().as_str()), (1, "tree/file\n"));
    for words in [
        &[][..],
        &["scan", "--nonsense"],
        &["scna"],
        &["ls", "--sort", "up"],
        &["find"],
    ] {
        let ran = sandbox.run(words);
        assert_eq!(ran.status, 2, "{words:?}");
        assert!(
            ran.stderr.starts_with("aether: ") && ran.stderr.contains("--help'"),
            "{}",
            ran.stderr
        );
        assert_eq!(ran.text(), "");
    }
}

#[test]
fn a_closed_pipe_ends_it_quietly() {
    let sandbox = Sandbox::new();
    long(&sandbox);
    for words in [
        "scan --json tree",
        "scan -0 tree",
        "scan --list tree",
        "ls --json tree --index x.db",
        "du -a tree",
    ] {
        sandbox.bash("\"$A\" scan -q tree --index x.db");
        let ran = sandbox.bash(&format!(
            "\"$A\" {words} | head -c 1 >head; echo ${{PIPESTATUS[0]}}"
        ));
        assert_eq!(
            (ran.text().as_str(), ran.stderr.as_str()),
            ("141\n", ""),
            "{words}"
        );
    }
}

#[test]
fn a_full_disk_is_said() {
    let sandbox = Sandbox::new();
    sandbox.file(b"tree/file", "");
    for words in ["scan tree", "scan --json tree", "du tree", "--help", "man"] {
        let ran = sandbox.bash(&format!("\"$A\" {words} >/dev/full"));
        assert_eq!(ran.status, 1);
        assert_eq!(
            ran.stderr, "aether: cannot write the output: no space left on device (enospc)\n",
            "{words}"
        );
    }
}

#[test]
fn closed_descriptors_are_not_used_for_something_else() {
    let sandbox = Sandbox::new();
    sandbox.file(b"tree/file", "");
    let ran = sandbox.bash("\"$A\" scan -q --index x.db tree >&- 2>&- <&-; echo $?; sqlite3 x.db 'SELECT count(*) FROM files'");
    assert_eq!(ran.text(), "0\n1\n", "{}", ran.stderr);
}

/// More than a pipe holds, so that writing stops when nobody reads.
fn long(sandbox: &Sandbox) {
    let name = "n".repeat(200);
    sandbox.bash(&format!(
        "mkdir tree; cd tree; for n in $(seq 2000); do echo {name}$n; done | xargs touch"
    ));
}

/// A scan of a tree where each directory takes its time, which is under way when this returns.
fn started(sandbox: &Sandbox) -> (Child, BufReader<ChildStdout>) {
    sandbox.bash("mkdir -p tree/{1..1000} first");
    // -D: the child is the program itself.
    let slow = "-D -f -qq -o /dev/null -e trace=getdents64 -e inject=getdents64:delay_enter=5000";
    let words = slow.split(' ').chain([AETHER, "scan", "first", "tree"]);
    let mut child = sandbox
        .of("strace", words)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut reader = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    while !line.contains("rate") {
        line.clear();
        assert!(reader.read_line(&mut line).unwrap() > 0);
    }
    (child, reader)
}

fn send(child: &Child, signal: Signal) {
    kill_process(Pid::from_child(child), signal).unwrap();
}

#[test]
fn a_signal_stops_the_scan_and_what_was_counted_is_said() {
    let sandbox = Sandbox::new();
    for signal in [Signal::INT, Signal::TERM, Signal::HUP] {
        let (mut child, mut reader) = started(&sandbox);
        send(&child, signal);
        // `timeout` sends it to the child and to the group: that is one.
        send(&child, signal);
        let mut rest = String::new();
        reader.read_to_string(&mut rest).unwrap();
        assert!(
            rest.contains("tree: interrupted, this is what was counted\n"),
            "{signal:?}"
        );
        assert!(!rest.contains("total"));
        let status = child.wait().unwrap();
        assert_eq!(status.signal(), Some(signal.as_raw()));
    }
}

#[test]
fn a_signal_ends_it_however_little_of_the_output_is_read() {
    let sandbox = Sandbox::new();
    long(&sandbox);
    for words in [
        &["scan", "-0", "tree"][..],
        &["scan", "--index", "x.db", "--json", "tree"],
    ] {
        for signal in [Signal::INT, Signal::TERM, Signal::HUP] {
            let mut child = sandbox
                .command(words)
                .stdout(Stdio::piped())
                .spawn()
                .unwrap();
            let mut reader = child.stdout.take().unwrap();
            reader.read_exact(&mut [0]).unwrap();
            send(&child, signal);
            assert_eq!(child.wait().unwrap().signal(), Some(signal.as_raw()));
            drop(reader);
        }
    }
}

#[test]
fn what_was_ignored_at_start_stays_ignored() {
    let sandbox = Sandbox::new();
    sandbox.file(b"tree/file", "");
    let trees = "tree ".repeat(2000);
    for signal in [Signal::HUP, Signal::INT] {
        let name = if signal == Signal::HUP { "HUP" } else { "INT" };
        let script = format!("trap '' {name}; exec \"$0\" scan {trees}");
        let mut command = Command::new("bash");
        command
            .args(["-c", &script, AETHER])
            .current_dir(&sandbox.path);
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut reader = BufReader::new(child.stdout.take().unwrap());
        reader.read_line(&mut String::new()).unwrap();
        send(&child, signal);
        let mut rest = String::new();
        reader.read_to_string(&mut rest).unwrap();
        assert!(rest.contains("total of 2000 paths") && !rest.contains("interrupted"));
        assert_eq!(child.wait().unwrap().code(), Some(0));
    }
}

#[test]
fn sigquit_and_sigkill_end_it_at_once() {
    let sandbox = Sandbox::new();
    for signal in [Signal::QUIT, Signal::KILL] {
        let (mut child, mut reader) = started(&sandbox);
        send(&child, signal);
        assert_eq!(child.wait().unwrap().signal(), Some(signal.as_raw()));
        // Nobody else holds the pipe: nothing was left running.
        reader.read_to_end(&mut Vec::new()).unwrap();
    }
}

#[test]
fn a_scan_that_is_interrupted_keeps_what_it_has() {
    let sandbox = Sandbox::new();
    sandbox.bash("mkdir -p many/{1..300}; touch many/{1..300}/{1..100}");
    let script = "\"$A\" scan --index x.db many >text & pid=$!; until [ -s x.db ]; do :; done; kill -INT $pid; wait $pid; echo $?";
    let ran = sandbox.bash(&format!("set -m; {script}"));
    let text = ran.text();
    assert!(text == "130\n" || text == "0\n", "{text}");
    let sound = sandbox.run(["check", "--index", "x.db"]);
    assert_eq!(sound.status, 0, "{}", sound.stderr);
    sandbox.text(["scan", "--index", "x.db", "many"]);
    let ran = sandbox.bash("sqlite3 x.db 'SELECT count(*) FROM files'");
    assert_eq!(ran.text(), "30000\n");
}

#[test]
fn words_may_be_two_megabytes() {
    let sandbox = Sandbox::new();
    sandbox.file(b"tree/file", "");
    let path = format!("{}tree", "./".repeat(1900));
    let words = std::iter::repeat_n(path.as_str(), 490);
    let words = ["scan", "--list"]
        .into_iter()
        .chain(words)
        .collect::<Vec<_>>();
    assert!(words.iter().map(|word| word.len() + 1).sum::<usize>() > 1_860_000);
    let text = sandbox.text(&words);
    assert_eq!(text.lines().count(), 490);
}
