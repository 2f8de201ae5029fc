//! Lets the user's editor have the terminal, with a path as an argument of its own.

use std::ffi::{OsStr, OsString};
use std::os::fd::AsFd;
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command, ExitStatus, Stdio};

use aether_core::printable::escape;
use rustix::io::Errno;
use rustix::process::{Pid, Signal, WaitOptions, getpid, kill_process, waitpid};
use signal_hook::consts::SIGINT;

use crate::output;
use crate::place::os;

/// Where nothing is set, as `crontab -e` and git have it.
const EDITOR: &str = "vi";

/// Runs it until it ends. Returns what is to be said if it fails.
pub fn edit(path: &[u8]) -> Option<String> {
    let editor = editor();
    let said = |text: String| {
        let name = escape(editor.as_encoded_bytes());
        Some(format!("{name} {text}"))
    };
    match start(&editor, path).and_then(|child| Ok(wait(&child)?)) {
        Ok(status) if status.success() => None,
        // Of ^C the shell dies, when its editor has ended however it likes.
        Ok(status) if status.signal() == Some(SIGINT) => None,
        Ok(status) => said(match status.code() {
            Some(127) => "was not found: set VISUAL or EDITOR".to_owned(),
            Some(code) => format!("ended with status {code}"),
            None => format!("was ended by signal {}", status.signal().unwrap_or(0)),
        }),
        Err(error) => said(format!("cannot be started: {}", error.kind())),
    }
}

fn editor() -> OsString {
    let mut set = ["VISUAL", "EDITOR"]
        .into_iter()
        .filter_map(std::env::var_os);
    set.find(|value| !value.is_empty())
        .unwrap_or_else(|| EDITOR.into())
}

/// By a shell, as an editor may be set with words of its own. The path is none of what that reads.
fn start(editor: &OsStr, path: &[u8]) -> std::io::Result<Child> {
    let mut text = editor.to_owned();
    text.push(" \"$@\"");
    let mut command = Command::new("sh");
    command.arg("-c").arg(text).arg("sh").arg(os(path));
    if !output::is_terminal() {
        // The screen is on stderr, and what is printed at the end is for a program.
        command.stdout(Stdio::from(std::io::stderr().as_fd().try_clone_to_owned()?));
    }
    command.spawn()
}

/// Where its user suspends it, this program has to stop as well: a shell waits for both.
fn wait(child: &Child) -> Result<ExitStatus, Errno> {
    let pid = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
    loop {
        match waitpid(pid, WaitOptions::UNTRACED) {
            Ok(Some((_, status))) if status.stopped() => {
                let _ = kill_process(getpid(), Signal::STOP);
                let _ = pid.map(|pid| kill_process(pid, Signal::CONT));
            }
            Ok(Some((_, status))) => return Ok(ExitStatus::from_raw(status.as_raw())),
            Ok(None) | Err(Errno::INTR) => {}
            Err(error) => return Err(error),
        }
    }
}
