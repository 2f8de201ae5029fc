//! Tests that run themselves again under `strace`, which records system calls or makes them fail.

use std::ffi::OsStr;
use std::process::{Command, Stdio};

use super::test_name;

/// The command that runs a test again. `log` is where strace writes.
pub fn under_strace(
    test: impl Fn(),
    log: impl AsRef<OsStr>,
    arguments: &[&str],
    variables: &[(&str, &OsStr)],
) -> Command {
    let mut command = Command::new("strace");
    command.args(["-f", "-qq", "-o"]).arg(log).args(arguments);
    command.arg(std::env::current_exe().unwrap());
    command.args(["--exact", test_name(&test), "--nocapture"]);
    command.envs(variables.iter().copied());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Runs a test again and kills it at a system call. Says whether it got by without one more of them.
pub fn survives(test: impl Fn(), call: &str, at: usize, variables: &[(&str, &OsStr)]) -> bool {
    let (trace, inject) = (
        format!("trace={call}"),
        format!("inject={call}:signal=KILL:when={at}"),
    );
    let arguments = ["-e", &trace, "-e", &inject];
    let mut command = under_strace(test, "/dev/null", &arguments, variables);
    command.output().unwrap().status.success()
}
