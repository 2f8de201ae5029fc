//! Lets the desktop open a path. It is an argument of its own, and never part of a command's text.

use std::process::{Command, Stdio};
use std::thread;

use crossbeam_channel::Sender;

use super::super::message::Message;
use crate::place::os;

const PROGRAM: &str = if cfg!(target_os = "macos") {
    "open"
} else {
    "xdg-open"
};

/// Starts the program, which may go on for as long as it likes; says if it fails.
pub fn open(path: Vec<u8>, to_main: Sender<Message>) {
    let mut command = Command::new(PROGRAM);
    command.arg(os(&path));
    command.stdin(Stdio::null()).stdout(Stdio::null());
    let started = command.stderr(Stdio::null()).spawn();
    let say = |text: String| Message::Said(format!("{PROGRAM} {text}"));
    match started {
        Ok(mut child) => {
            let wait = move || {
                let failed = child.wait().is_ok_and(|status| !status.success());
                if failed {
                    // At the end nobody listens.
                    let _ = to_main.send(say("could not open it".to_owned()));
                }
            };
            // Without a thread it is not waited for.
            let named = thread::Builder::new().name("explore-open".to_owned());
            let _ = named.spawn(wait);
        }
        Err(error) => {
            let text = format!("cannot be started: {}", error.kind());
            let _ = to_main.send(say(text));
        }
    }
}
