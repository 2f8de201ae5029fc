//! Tests that run themselves again: under `strace`, which makes system calls fail or hang, or alone, under a limit.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::support::{test_name, wait_until};

/// Environment variable with the path of the tree, for the second process.
const INSIDE: &str = "AETHER_FAULT_TREE";

/// With `bin/test --sanitize`: the leak checker must trace the process, which strace does already.
const NO_LEAK_CHECK: [(&str, &str); 1] = [("ASAN_OPTIONS", "detect_leaks=0")];

/// The path of the tree, if this is the second process.
pub fn inside() -> Option<PathBuf> {
    std::env::var_os(INSIDE).map(PathBuf::from)
}

/// Runs a test again, under strace with the given faults.
pub fn under_strace(test: impl Fn(), tree: &Path, arguments: &[&str]) {
    calls_under_strace(test, tree, arguments);
}

/// Runs a test again, under strace with the given faults. Returns how often each traced system call was made.
pub fn calls_under_strace(
    test: impl Fn(),
    tree: &Path,
    arguments: &[&str],
) -> BTreeMap<String, usize> {
    let log = tree.with_extension("strace");
    let mut strace = Command::new("strace");
    strace.args(["-f", "-qq", "-o"]).arg(&log).args(arguments);
    strace.arg(std::env::current_exe().unwrap());
    strace.envs(NO_LEAK_CHECK);
    passes(strace, test, tree);
    let mut calls = BTreeMap::new();
    for line in fs::read(&log).unwrap().split(|byte| *byte == b'\n') {
        // "PID  call(...", and later "PID  <... call resumed>" if another thread made a call in between.
        let line = String::from_utf8_lossy(line);
        if let Some((before, _)) = line.split_once('(')
            && let Some(call) = before.split_whitespace().nth(1)
            && call.bytes().all(|byte| byte.is_ascii_alphanumeric())
        {
            *calls.entry(call.to_owned()).or_default() += 1;
        }
    }
    let _ = fs::remove_file(&log);
    calls
}

/// Runs a test again in a process of its own.
pub fn again_alone(test: impl Fn(), tree: &Path) {
    passes(Command::new(std::env::current_exe().unwrap()), test, tree);
}

fn passes(mut command: Command, test: impl Fn(), tree: &Path) {
    let output = command
        .args([
            test_name(&test),
            "--exact",
            "--test-threads=1",
            "--nocapture",
        ])
        .env(INSIDE, tree)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {said}{errors}");
    assert!(said.contains("1 passed"), "{said}");
}

/// Like `under_strace`, for tests that leave threads behind in system calls: they end with `done`.
pub fn under_strace_until_done(test: impl Fn(), tree: &Path, arguments: &[String]) {
    let mut child = Command::new("strace");
    child.args(["-f", "-qq", "-o", "/dev/null"]).args(arguments);
    child.arg(std::env::current_exe().unwrap());
    child.args([test_name(&test), "--exact"]);
    let mut child = child
        .env(INSIDE, tree)
        .envs(NO_LEAK_CHECK)
        .stdin(Stdio::null())
        .spawn()
        .unwrap();
    let file = tree.join("done");
    wait_until(|| file.exists() || child.try_wait().unwrap().is_some());
    let _ = child.kill();
    let _ = child.wait();
    assert!(file.exists());
}

/// Ends the process without joining threads that hang.
pub fn done(tree: &Path) -> ! {
    let _ = fs::write(tree.join("done"), b"");
    std::process::exit(0);
}
