//! Signals as messages. What was ignored at start stays ignored.

use std::io;
use std::thread;

use crossbeam_channel::Sender;
use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGTERM, SIGTSTP};
use signal_hook::iterator::Signals;

use super::input::Key;
use super::message::Message;
use super::terminal;
use crate::os;

/// From now on they end nothing by themselves.
pub fn listen(to_main: Sender<Message>) -> io::Result<()> {
    let wanted = [SIGHUP, SIGINT, SIGTERM, SIGTSTP, SIGCONT];
    let wanted = wanted.into_iter().filter(|signal| !os::is_ignored(*signal));
    let mut signals = Signals::new(wanted)?;
    let serve = move || {
        for signal in signals.forever() {
            // What the terminal sends to an editor as well is for the editor.
            if terminal::is_lent() && matches!(signal, SIGINT | SIGTSTP) {
                continue;
            }
            let message = match signal {
                SIGTSTP => Message::Key(Key::Ctrl('z')),
                SIGCONT => Message::Continued,
                signal => Message::Signal(signal),
            };
            let _ = to_main.send(message);
        }
    };
    let named = thread::Builder::new().name("explore-signals".to_owned());
    named.spawn(serve).map(drop)
}
