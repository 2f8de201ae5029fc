//! The process of a test: what it may do, how long it waits, and others like it.

use std::process::Command;
use std::time::{Duration, Instant};

/// Whether the long tests were asked for: whole numbers instead of a tenth.
pub fn is_full() -> bool {
    std::env::var_os("AETHER_FULL").is_some_and(|value| value == "1")
}

/// Whether this is root, who may mount and be somebody else; says so of a test that is skipped.
pub fn is_root() -> bool {
    let is_root = rustix::process::geteuid().is_root();
    if !is_root {
        eprintln!("skipped: needs root");
    }
    is_root
}

/// Waits for something that happens without a call.
pub fn wait_until(mut done: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !done() {
        let waited = begun.elapsed();
        assert!(waited < Duration::from_secs(60), "did not come in a minute");
        std::thread::yield_now();
    }
}

/// The name of a test as the harness knows it, for tests that run themselves again.
pub fn test_name<T: Fn()>(_: &T) -> &'static str {
    let (_binary, name) = std::any::type_name::<T>().split_once("::").unwrap();
    name
}

/// Runs a test in a process of its own, with something to know.
pub fn child(test: impl Fn(), variables: &[(&str, &std::ffi::OsStr)]) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    let test = test_name(&test);
    command.args(["--exact", test, "--nocapture", "--test-threads=1"]);
    command.envs(variables.iter().copied());
    command
}

/// The most memory that this process has had, in kB.
pub fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    let kilobytes = line.unwrap().split_whitespace().nth(1);
    kilobytes.unwrap().parse().unwrap()
}
